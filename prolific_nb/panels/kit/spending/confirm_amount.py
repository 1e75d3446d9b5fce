"""A button for what spends money: one click in the sandbox; on LIVE the amount must be typed first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from ....common.display import Mode
from ....common.money import Money
from .. import widgets as w
from ..controls import Guard, button, row
from ..traits import set_if_changed, set_visible
from .settled_inputs import SettledInputs


@dataclass(frozen=True)
class AmountWords:
    """What is said about an amount; ``{}`` stands for it.

    Parameters
    ----------
    button, hint : str
        The button, and what it does.
    field : str
        The label of the field on LIVE.
    waiting : str
        While the amount is not known.
    sandbox, live : str
        What the amount is spent on, in each mode.
    refused : str
        What did not happen, after a click without the right amount.
    """

    button: str
    hint: str
    field: str
    waiting: str
    sandbox: str
    live: str
    refused: str


class ConfirmAmount:
    """A button that acts on an amount of money; on LIVE, with a field in which the amount must be typed.

    Parameters
    ----------
    act : callable
        Called with the confirmed amount.
    words : AmountWords
    guard : callable
        `Panel.guard`.

    Attributes
    ----------
    button, field, box : ipywidgets widgets
        The panel highlights the button, and lets Enter in the field click it.
    """

    def __init__(self, act: Callable[[Money], Any], words: AmountWords, guard: Guard) -> None:
        self._act, self._words = act, words
        self._settled = SettledInputs(guard)
        self._refused = self._free = False
        self._mode: Mode = "SANDBOX"
        self._cost: Money | None = None
        self._about: object = None
        self._said = w.HTML()
        layout = {"width": "auto", "max_width": "420px"}
        self.field = w.Text(description=words.field, style={"description_width": "initial"}, layout=layout)
        self.field.observe(guard(self._typing), names=["value"])
        self.button = button(words.button, self._clicked, guard, words.hint)
        self.box = row(self.field, self.button, self._said)

    def show(self, mode: Mode, cost: Money | None, *, shown: bool, busy: bool, about: object = None) -> None:
        """Update the widgets.

        Parameters
        ----------
        cost : Money or None
            What would be spent at most, with fees and VAT; None while it is unknown.
        shown, busy : bool
            Whether there is anything to spend on, and whether something else is being done.
        about : object
            What the amount is for; what was typed for something else does not count.
        """
        if (cost, about) != (self._cost, self._about):
            self._refused = False
            set_if_changed(self.field, "value", "")
        self._mode, self._cost, self._about, self._free = mode, cost, about, shown and not busy
        set_visible(self.box, shown)
        self._show()

    def _show(self) -> None:
        set_if_changed(self._said, "value", f'<p role="status">{escape(self._sentence())}</p>')
        set_visible(self.field, self._mode == "LIVE")
        # Enabled even while the amount is wrong: otherwise the browser would lose a click right after the last digit.
        set_if_changed(self.button, "disabled", not self._free or self._cost is None)

    def _sentence(self) -> str:
        if self._cost is None:
            return self._words.waiting
        if self._mode == "SANDBOX":
            return self._words.sandbox.format(self._cost)
        real = self._words.live.format(self._cost)
        if self._confirmed():
            return real
        nothing = f"{self._words.refused} " if self._refused else ""
        return f"{nothing}{real} Type {self._cost.major} to confirm."

    def _confirmed(self) -> bool:
        if self._cost is None or self._mode == "SANDBOX":
            return self._cost is not None
        try:
            return Money.parse(self.field.value, self._cost.currency) == self._cost
        except ValueError:  # not a complete amount: the text above says what to type
            return False

    def _typing(self, _: Any) -> None:
        self._refused = False
        self._settled.changed()
        self._show()

    def _clicked(self) -> None:
        if self._mode == "SANDBOX":
            self._act_if_confirmed()
        else:
            self._settled.act(self._act_if_confirmed)

    def _act_if_confirmed(self) -> None:
        if self._cost is None or not self._free:
            return  # a click on a button that the browser does not show
        self._refused = not self._confirmed()
        if self._refused:
            self._show()
        else:
            self._act(self._cost)
