"""Publishing a draft: one click in the sandbox; on LIVE the amount must be typed first."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from ...common.display import Mode
from ...common.money import Money
from ...jobs import Debouncer
from ..kit import widgets as w
from ..kit.traits import set_if_changed, set_visible

_TYPED_BEFORE = 0.3  # seconds without typing after a click: a browser may send the click before the last keystrokes


class Publishing:
    """The button "Publish"; on LIVE, with a field in which the amount must be typed.

    Parameters
    ----------
    publish : callable
        Called with the confirmed amount.
    guard : callable
        Wraps each callback; see `Panel.guard`.
    """

    def __init__(self, publish: Callable[[Money], Any], guard: Callable[..., Any]) -> None:
        self._publish = publish
        self._publish_later = Debouncer("reading the amount", _TYPED_BEFORE)
        self._publish_guarded = guard(self._publish_if_confirmed)
        self._clicked_publish = self._refused = False
        self._mode: Mode = "SANDBOX"
        self._cost: Money | None = None
        self._free = False
        self._words = w.HTML()
        look: dict[str, Any] = {"layout": {"width": "auto", "max_width": "420px"}}
        self._typed = w.Text(description="Type the amount to publish", style={"description_width": "initial"}, **look)
        self._typed.observe(guard(self._typing), names=["value"])
        self._button = w.Button(description="Publish", tooltip="Show the study to participants")
        self._button.on_click(guard(self._clicked))
        self.box = w.VBox([self._words, self._typed, self._button], layout={"width": "100%"})

    def show(self, mode: Mode, cost: Money | None, *, draft: bool, busy: bool) -> None:
        """Update the widgets; they are hidden if there is no draft.

        Parameters
        ----------
        cost : Money or None
            The server's figure including fees and VAT; None while it is unknown.
        """
        if cost != self._cost:
            set_if_changed(self._typed, "value", "")  # the typed amount was for another figure
        self._mode, self._cost, self._free = mode, cost, draft and not busy
        set_visible(self.box, draft)
        self._show()

    def _show(self) -> None:
        set_if_changed(self._words, "value", f'<p style="margin:4px 0" role="status">{escape(self._sentence())}</p>')
        set_visible(self._typed, self._mode == "LIVE")
        # Enabled even while the amount is wrong: otherwise the browser would lose a click right after the last digit.
        set_if_changed(self._button, "disabled", not self._free or self._cost is None)
        set_if_changed(self._button, "button_style", "danger" if self._mode == "LIVE" else "primary")

    def _sentence(self) -> str:
        if self._cost is None:
            return "Asking the server for the cost of publishing…"
        if self._mode == "SANDBOX":
            return f"Publishing costs {self._cost} of simulated money, including fees and VAT."
        real = f"LIVE: publishing spends {self._cost} of real money, including fees and VAT."
        if self._confirmed():
            return real
        nothing = "Nothing was published. " if self._refused else ""
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
        if self._clicked_publish:
            self._publish_later(self._publish_guarded)  # the click counts for the text as it is when typing stops
        self._show()

    def _clicked(self, _: Any) -> None:
        if self._mode == "SANDBOX":
            self._publish_guarded()
        else:
            self._clicked_publish = True
            self._publish_later(self._publish_guarded)

    def _publish_if_confirmed(self) -> None:
        self._clicked_publish = False
        if self._cost is None or not self._free:
            return  # a click on a button that the browser does not show
        self._refused = not self._confirmed()
        if self._refused:
            self._show()
        else:
            self._publish(self._cost)
