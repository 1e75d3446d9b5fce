"""While answers arrive: places filled, submissions by status, pause, resume and stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from ...study.monitor.status import ENDED, Status
from ..kit import widgets as w
from ..kit.traits import set_if_changed, set_visible

STATES = {
    "UNPUBLISHED": "a draft: nobody sees it, nothing is spent",
    "PUBLISHING": "being published",
    "ACTIVE": "running: participants are answering",
    "PAUSED": "paused: those at work may finish, nobody new is taken",
    "AWAITING REVIEW": "all places are filled; the submissions await your review",
    "COMPLETED": "ended",
}


class Fieldwork:
    """Places and counts of a published study, with "Pause" or "Resume", and "Stop", which asks once more.

    Parameters
    ----------
    act : callable
        Called with ``"pause"``, ``"resume"`` or ``"stop"``.
    guard : callable
        Wraps what the widgets call; see `Panel.guard`.
    """

    def __init__(self, act: Callable[[str], Any], guard: Callable[..., Any]) -> None:
        self._act, self._guard = act, guard
        self._seen: Status | None = None
        self._busy = self._asking = False
        bar = {"width": "100%", "max_width": "480px"}
        self._bar = w.IntProgress(description="Places filled", style={"description_width": "initial"}, layout=bar)
        self._words = w.HTML()
        self._pause = self._button("Pause", lambda: self._act(self._turn()), "Take nobody new for now")
        self._stop = self._button("Stop", self._ask, "End the study; you are asked once more")
        self._really = self._button("Stop for good?", self._end, "Ends the study; it cannot be started again")
        self._really.button_style = "danger"
        buttons = w.HBox([self._pause, self._stop, self._really], layout={"flex_flow": "row wrap", "width": "100%"})
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
            Where the study stands; None before it was looked at.
        """
        self._seen, self._busy = seen, busy
        set_visible(self.box, seen is not None and seen.state != "UNPUBLISHED")
        self._show()

    def _show(self) -> None:
        seen = self._seen
        if seen is None:
            return
        filled, going = seen.filled, seen.state not in ENDED
        self._asking = self._asking and going
        set_if_changed(self._bar, "max", max(seen.places, 1))
        set_if_changed(self._bar, "value", filled)
        set_if_changed(self._words, "value", words(seen))
        set_if_changed(self._pause, "description", self._turn().capitalize())
        # The button that asks becomes the one that steps back: a double click ends nothing.
        set_if_changed(self._stop, "description", "Keep it running" if self._asking else "Stop")
        set_visible(self._really, self._asking)
        for button in (self._pause, self._stop):
            set_visible(button, going)
        for button in (self._pause, self._stop, self._really):
            set_if_changed(button, "disabled", self._busy)

    def _turn(self) -> str:
        return "resume" if self._seen is not None and self._seen.state == "PAUSED" else "pause"

    def _ask(self) -> None:
        self._asking = not self._asking
        self._show()

    def _end(self) -> None:
        if self._asking:
            self._asking = False
            self._act("stop")


def words(seen: Status) -> str:
    """How far a study is, what it has cost and what people really earn, as HTML."""
    said = [f"{seen.filled:,} of {seen.places:,} places filled.", f"Submissions: {_by_status(seen.counts)}."]
    said.append(f"Spent {seen.spent}" + (f", reserved {seen.reserved}." if seen.reserved.minor else "."))
    if seen.median_minutes is not None:
        said.append(f"Median time {seen.median_minutes:.1f} minutes: {seen.hourly} per hour of real pay.")
    first, *more = (escape(sentence) for sentence in said)
    return f'<p style="margin:4px 0">{first}</p><p class="pnb-muted" style="margin:4px 0">{"<br>".join(more)}</p>'


def _by_status(counts: Mapping[str, Any]) -> str:
    there = [f"{number:,} {name.lower()}" for name, number in counts.items() if number and name != "TOTAL"]
    return ", ".join(there) or "none yet"
