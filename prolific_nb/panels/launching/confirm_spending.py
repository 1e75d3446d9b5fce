"""Confirming what costs money: one click in the sandbox; on LIVE the amount must be typed first."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from ...common.display import Mode
from ...common.money import Money
from ...jobs import Debouncer
from ..kit import controls
from ..kit import widgets as w
from ..kit.surface import Surface
from ..kit.traits import set_if_changed, set_visible
from .study_words import amount, kind_of_money

_TYPED_BEFORE = 0.3  # seconds without typing after a click: a browser may send the click before the last keystrokes


class SpendConfirmation:
    """A button that spends money; on LIVE, with a field in which the amount must be typed.

    Parameters
    ----------
    spend : callable
        Called with the confirmed amount.
    guard : callable
        Wraps each callback; see `Panel.guard`.
    surface : Surface
        Of the panel.
    label, hint : str
        Of the button.
    aim, done : str
        Complete "Type the amount to …" and "Nothing was …".
    """

    def __init__(
        self,
        spend: Callable[[Money], Any],
        guard: Callable[..., Any],
        surface: Surface,
        *,
        label: str,
        hint: str,
        aim: str,
        done: str,
    ) -> None:
        self._spend, self._done = spend, done
        self._spend_later = Debouncer("reading the amount", _TYPED_BEFORE)
        self._spend_guarded = guard(self._spend_if_confirmed)
        self._clicked_spend = self._refused = False
        self._mode: Mode = "SANDBOX"
        self._cost: Money | None = None
        self._what, self._free = "", False
        self._words = w.HTML()
        look: dict[str, Any] = {"layout": {"width": "auto", "max_width": "420px"}}
        self._typed = w.Text(description=f"Type the amount to {aim}", style={"description_width": "initial"}, **look)
        self._typed.observe(guard(self._typing), names=["value"])
        self.button = controls.button(label, self._clicked, guard, hint)
        surface.enter(self._typed, self.button)
        self.box = controls.stack(self._words, controls.row(self._typed, self.button))

    @property
    def ready(self) -> bool:
        """Whether there is something to confirm, and nothing else is being done."""
        return self._free and self._cost is not None

    def show(self, mode: Mode, cost: Money | None, what: str, *, shown: bool, busy: bool) -> None:
        """Update the widgets.

        Parameters
        ----------
        cost : Money or None
            The server's figure including fees and VAT; None while it is unknown.
        what : str
            What costs it: ``"Publishing"``.
        shown : bool
            Whether there is anything to confirm.
        """
        if cost != self._cost or what != self._what:
            set_if_changed(self._typed, "value", "")  # the typed amount was for another figure
        self._mode, self._cost, self._what, self._free = mode, cost, what, shown and not busy
        set_visible(self.box, shown)
        self._show()

    def _show(self) -> None:
        set_if_changed(self._words, "value", f'<p role="status">{escape(self._sentence())}</p>')
        set_visible(self._typed, self._mode == "LIVE")
        # Enabled even while the amount is wrong: otherwise the browser would lose a click right after the last digit.
        set_if_changed(self.button, "disabled", not self.ready)

    def _sentence(self) -> str:
        if self._cost is None:
            return f"Asking the server for the cost of {self._what.lower()}…" if self._what else ""
        kind = kind_of_money(self._mode)
        if self._mode == "SANDBOX":
            return f"{self._what} costs {amount(self._cost)} of {kind}, including fees and VAT."
        what = self._what[:1].lower() + self._what[1:]
        real = f"LIVE: {what} spends {amount(self._cost)} of {kind}, including fees and VAT."
        if self._confirmed():
            return real
        nothing = f"Nothing was {self._done}. " if self._refused else ""
        return f"{nothing}{real} Type {self._cost.major} to confirm."

    def _confirmed(self) -> bool:
        if self._cost is None or self._mode == "SANDBOX":
            return self._cost is not None
        try:
            return Money.parse(self._typed.value, self._cost.currency) == self._cost
        except ValueError:  # not a complete amount: the text above says what to type
            return False

    def _typing(self, _: Any) -> None:
        self._refused = False
        if self._clicked_spend:
            self._spend_later(self._spend_guarded)  # the click counts for the text as it is when typing stops
        self._show()

    def _clicked(self) -> None:
        if self._mode == "SANDBOX":
            self._spend_guarded()
        else:
            self._clicked_spend = True
            self._spend_later(self._spend_guarded)

    def _spend_if_confirmed(self) -> None:
        self._clicked_spend = False
        if self._cost is None or not self._free:
            return  # a click on a button that the browser does not show
        self._refused = not self._confirmed()
        if self._refused:
            self._show()
        else:
            self._spend(self._cost)
