"""A button for what spends money: one click in the sandbox; on LIVE the amount must be typed first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ....common.display import Mode, kind_of_money
from ....common.money import Money
from .. import widgets as w
from ..controls import Guard, button, row, stack
from ..html_table import status_html
from ..surface import Surface
from ..traits import set_if_changed, set_visible
from .settled_inputs import SettledInputs


@dataclass(frozen=True)
class AmountWords:
    """What is said about an amount, and on the button that spends it.

    Parameters
    ----------
    button, hint : str
        The button, and what it does.
    aim, done : str
        Complete "Type the amount to …" and "Nothing was …".
    waiting : str
        While the amount is not known; ``{}`` stands for what costs it.
    seen : str
        What participants notice, in a clause before what is spent on LIVE.
    """

    button: str
    hint: str
    aim: str
    done: str
    waiting: str = "Asking the server for the cost of {}…"
    seen: str = ""


class ConfirmAmount:
    """A button that acts on an amount of money; on LIVE, with a field in which the amount must be typed.

    Parameters
    ----------
    act : callable
        Called with the confirmed amount.
    words : AmountWords
    surface : Surface
        Of the panel; Enter in the field clicks the button.
    guard : callable
        `Panel.guard`.

    Attributes
    ----------
    button, field, box : ipywidgets widgets
        The panel highlights the button.
    """

    def __init__(self, act: Callable[[Money], Any], words: AmountWords, surface: Surface, guard: Guard) -> None:
        self._act, self._words = act, words
        self._settled = SettledInputs(guard)
        self._refused = self._free = False
        self._mode: Mode = "SANDBOX"
        self._cost: Money | None = None
        self._for: tuple[str, object] = ("", None)
        self._said = w.HTML()
        look: dict[str, Any] = {"layout": {"width": "auto", "max_width": "420px"}}
        label = f"Type the amount to {words.aim}"
        self.field = w.Text(description=label, style={"description_width": "initial"}, **look)
        self.field.observe(guard(self._typing), names=["value"])
        self.button = button(words.button, self._clicked, guard, words.hint)
        surface.enter(self.field, self.button)
        self.box = stack(self._said, row(self.field, self.button))

    @property
    def ready(self) -> bool:
        """Whether there is an amount to confirm, and nothing else is being done."""
        return self._free and self._cost is not None

    def show(self, mode: Mode, cost: Money | None, what: str, *, shown: bool, busy: bool, about: object = None) -> None:
        """Update the widgets.

        Parameters
        ----------
        cost : Money or None
            What would be spent at most, with fees and VAT; None while it is unknown.
        what : str
            What costs it: ``"publishing"``.
        shown, busy : bool
            Whether there is anything to spend on, and whether something else is being done.
        about : object
            What it is done to; what was typed for something else does not count.
        """
        if (cost, what, about) != (self._cost, *self._for):
            self._refused = False
            set_if_changed(self.field, "value", "")
        self._mode, self._cost, self._for, self._free = mode, cost, (what, about), shown and not busy
        set_visible(self.box, shown)
        self._show()

    def _show(self) -> None:
        set_if_changed(self._said, "value", status_html(self._sentence()))
        set_visible(self.field, self._mode == "LIVE")
        # Enabled even while the amount is wrong: otherwise the browser would lose a click right after the last digit.
        set_if_changed(self.button, "disabled", not self.ready)

    def _sentence(self) -> str:
        what = self._for[0]
        if self._cost is None:
            return self._words.waiting.format(what)
        spent = f"{self._cost:,} of {kind_of_money(self._mode)}, including fees and VAT."
        if self._mode == "SANDBOX":
            return f"{what[:1].upper()}{what[1:]} costs {spent}"
        real = f"LIVE: {self._words.seen}{what} spends {spent}"
        if self._confirmed():
            return real
        nothing = f"Nothing was {self._words.done}. " if self._refused else ""
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
