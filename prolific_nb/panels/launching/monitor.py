"""A running study: places filled, submissions by status, and the buttons that pause, resume and stop it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from ...study.monitor.status import ENDED, Status
from ..kit import widgets as w
from ..kit.traits import set_if_changed, set_visible

STATES = {
    "UNPUBLISHED": "a draft: participants cannot see it, nothing is spent",
    "PUBLISHING": "being published",
    "ACTIVE": "running: participants are answering",
    "PAUSED": "paused: participants who have started may finish, no new ones can start",
    "AWAITING REVIEW": "all places are filled; submissions await your review",
    "COMPLETED": "ended",
}


class Monitor:
    """Places and counts of a published study, with "Pause" or "Resume", and "Stop", which needs confirmation.

    Parameters
    ----------
    act : callable
        Called with ``"pause"``, ``"resume"`` or ``"stop"``.
    guard : callable
        Wraps each callback; see `Panel.guard`.
    """

    def __init__(self, act: Callable[[str], Any], guard: Callable[..., Any]) -> None:
        self._act, self._guard = act, guard
        self._seen: Status | None = None
        self._busy = self._confirming = False
        bar = {"width": "100%", "max_width": "480px"}
        self._bar = w.IntProgress(description="Places filled", style={"description_width": "initial"}, layout=bar)
        self._words = w.HTML()
        self._pause = self._button("Pause", lambda: self._act(self._pause_or_resume()), "Pause or resume recruitment")
        self._stop = self._button("Stop", self._toggle_confirm, "Ends the study after you confirm")
        self._confirm = self._button("Stop permanently?", self._end, "Ends the study; it cannot be restarted")
        self._confirm.button_style = "danger"
        buttons = w.HBox([self._pause, self._stop, self._confirm], layout={"flex_flow": "row wrap", "width": "100%"})
        self.box = w.VBox([self._bar, self._words, buttons], layout={"width": "100%"})

    def _button(self, words: str, act: Callable[[], Any], hint: str) -> w.Button:
        button = w.Button(description=words, tooltip=hint, layout={"width": "auto", "min_width": "7em"})
        button.on_click(self._guard(lambda _: act()))
        return button

    def show(self, seen: Status | None, *, busy: bool) -> None:
        """Bring the widgets up to date; a draft has nothing to show.

        Parameters
        ----------
        seen : Status or None
            The status of the study; None before it was read.
        """
        self._seen, self._busy = seen, busy
        set_visible(self.box, seen is not None and seen.state != "UNPUBLISHED")
        self._show()

    def _show(self) -> None:
        seen = self._seen
        if seen is None:
            return
        filled, going = seen.filled, seen.state not in ENDED
        self._confirming = self._confirming and going
        set_if_changed(self._bar, "max", max(seen.places, 1))
        set_if_changed(self._bar, "value", filled)
        set_if_changed(self._words, "value", words(seen))
        set_if_changed(self._pause, "description", self._pause_or_resume().capitalize())
        # The same button asks for confirmation and takes it back, so a double click does not end the study.
        set_if_changed(self._stop, "description", "Keep it running" if self._confirming else "Stop")
        set_visible(self._confirm, self._confirming)
        for button in (self._pause, self._stop):
            set_visible(button, going)
        for button in (self._pause, self._stop, self._confirm):
            set_if_changed(button, "disabled", self._busy)

    def _pause_or_resume(self) -> str:
        return "resume" if self._seen is not None and self._seen.state == "PAUSED" else "pause"

    def _toggle_confirm(self) -> None:
        self._confirming = not self._confirming
        self._show()

    def _end(self) -> None:
        if self._confirming:
            self._confirming = False
            self._act("stop")


def words(seen: Status) -> str:
    """Progress, cost and actual hourly pay of a study, as HTML."""
    lines = [f"{seen.filled:,} of {seen.places:,} places filled.", f"Submissions: {_by_status(seen.counts)}."]
    lines.append(f"Spent {seen.spent}" + (f", reserved {seen.reserved}." if seen.reserved.minor else "."))
    if seen.median_minutes is not None:
        lines.append(f"Median time {seen.median_minutes:.1f} minutes: actual pay {seen.hourly} per hour.")
    first, *more = (escape(sentence) for sentence in lines)
    return f'<p style="margin:4px 0">{first}</p><p class="pnb-muted" style="margin:4px 0">{"<br>".join(more)}</p>'


def _by_status(counts: Mapping[str, Any]) -> str:
    present = [f"{number:,} {name.lower()}" for name, number in counts.items() if number and name != "TOTAL"]
    return ", ".join(present) or "none yet"
