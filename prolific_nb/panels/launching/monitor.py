"""A published study: places over time, figures, the last answers, and the buttons that change it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from ...study.monitor.status import Status
from ...workflow.run import Run
from ..kit import controls
from ..kit import widgets as w
from ..kit.surface import Surface
from ..kit.traits import set_if_changed, set_visible
from .bell import Bell
from .forecast import Point, duration, forecast
from .growth_controls import MoreAnnotators, MoreRows, Start
from .places_chart import STYLE as CHART_STYLE
from .places_chart import chart
from .study_figures import STYLE as FIGURES_STYLE
from .study_figures import figures_html
from .study_words import Known
from .until_precise import UntilPrecise

_OWN_STYLE = """<style>
.pnb-places b { font-size: 1.25em; font-variant-numeric: tabular-nums; }
.pnb-panel .pnb-page { color: var(--pnb-accent); text-decoration: underline; }
.pnb-panel .pnb-bell { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; }
.pnb-panel .pnb-bell button { width: auto; }
</style>"""
STYLE = _OWN_STYLE + CHART_STYLE + FIGURES_STYLE
"""For the first widget of the panel."""


class Monitor:
    """The widgets of a published study; hidden before.

    Parameters
    ----------
    act : callable
        Called with ``"pause"``, ``"resume"`` or ``"stop"``.
    ask, spend : callable
        Start a job that asks for a cost, or spends money.
    grown : callable
        Called with the code of what was added.
    guard : callable
        Wraps each callback; see `Panel.guard`.
    surface : Surface
        Of the panel.
    """

    def __init__(
        self,
        act: Callable[[str], Any],
        ask: Start,
        spend: Start,
        grown: Callable[[str], Any],
        guard: Callable[..., Any],
        surface: Surface,
    ) -> None:
        self._act = act
        self._known = Known()
        self._busy = self._confirming = False
        self._lead, self._chart, self._answers = w.HTML(), w.HTML(), w.HTML()
        self._figures = w.HTML(layout={"flex": "1 1 240px", "min_width": "0"})
        self.pause = controls.button("Pause", lambda: self._act(self._pause_or_resume()), guard, "No new participants")
        self._stop = controls.button("Stop", self._toggle_confirm, guard, "Ends the study after you confirm")
        self._confirm = controls.button("Stop permanently?", self._end, guard, "Ends the study; it cannot be restarted")
        self._confirm.button_style = "danger"
        self.bell = Bell()
        self.annotators = MoreAnnotators(ask, spend, grown, guard, surface)
        self.rows = MoreRows(ask, spend, grown, guard, surface)
        self.until = UntilPrecise(ask, grown, guard, surface)
        self.box = controls.stack(*self._parts())

    def _parts(self) -> list[w.Widget]:
        left = controls.stack(self._lead, self._chart, flex="2 1 340px", width="auto")
        return [
            controls.row(left, self._figures, align_items="flex-start", grid_gap="8px 28px"),
            controls.row(self.pause, self._stop, self._confirm, self.bell),
            self._answers,
            self.until.fold.box,
            self.annotators.fold.box,
            self.rows.fold.box,
        ]

    def show(
        self, run: Run | None, known: Known, *, busy: bool, seen: tuple[Point, ...] = (), answers: str = ""
    ) -> None:
        """Bring the widgets up to date.

        Parameters
        ----------
        known : Known
            About this run.
        busy : bool
            Whether something is being done to it.
        seen : tuple of (datetime, int)
            Places filled, as far as they were watched.
        answers : str
            The last answers as HTML.
        """
        self._known, self._busy = known, busy
        set_visible(self.box, known.is_published)
        if known.is_published and known.status is not None:
            self._show_figures(known.status, seen, answers)
        self._show_buttons()
        can_grow = known.is_published and known.state != "COMPLETED" and not known.deleted
        has_rows = run is not None and run.data is not None and run.flow == "layout"
        self.annotators.show(run, known, offered=can_grow, busy=busy)
        self.rows.show(run, known, offered=known.is_going and has_rows, busy=busy)
        self.until.show(run, known, offered=known.is_going and run is not None, busy=busy)

    def _show_figures(self, status: Status, seen: tuple[Point, ...], answers: str) -> None:
        ahead = forecast(status, seen)
        set_if_changed(self._lead, "value", lead_html(self._known, str(ahead) if ahead is not None else ""))
        set_if_changed(self._chart, "value", chart(status, ahead, seen))
        set_if_changed(self._figures, "value", figures_html(self._known))
        heading = '<h4 class="pnb-heading">Last answers</h4>'
        set_if_changed(self._answers, "value", f"{heading}{answers}" if answers else "")

    def _show_buttons(self) -> None:
        going = self._known.is_going
        self._confirming = self._confirming and going
        set_if_changed(self.pause, "description", self._pause_or_resume().capitalize())
        # The same button asks for confirmation and takes it back, so a double click does not end the study.
        set_if_changed(self._stop, "description", "Keep it running" if self._confirming else "Stop")
        set_visible(self._confirm, self._confirming)
        for widget in (self.pause, self._stop, self.bell):
            set_visible(widget, going)
        for button in (self.pause, self._stop, self._confirm):
            set_if_changed(button, "disabled", self._busy)

    def _pause_or_resume(self) -> str:
        return "resume" if self._known.state == "PAUSED" else "pause"

    def _toggle_confirm(self) -> None:
        self._confirming = not self._confirming
        self._show_buttons()

    def _end(self) -> None:
        if self._confirming:
            self._confirming = False
            self._act("stop")


def lead_html(known: Known, ahead: str) -> str:
    """Places filled, and when the last one will be."""
    seen = known.status
    if seen is None:
        return ""
    words = ahead
    if not words and known.state == "PAUSED":
        words = "No forecast while the study is paused."
    elif not words and known.is_going and seen.filled < seen.places:
        words = "A forecast follows after a few completed submissions."
    elif seen.started is not None and seen.completed and seen.filled >= seen.places:
        clock = " of sandbox time" if known.mode == "SANDBOX" else ""
        words = f"Filled within {duration(seen.completed[-1] - seen.started)}{clock}."
    filled = f"<b>{seen.filled:,} of {seen.places:,}</b> places filled"
    return f'<p class="pnb-places">{filled}</p>' + (f'<p class="pnb-muted">{escape(words)}</p>' if words else "")
