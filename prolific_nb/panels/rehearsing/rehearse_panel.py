"""The rehearsal panel: a crowd and a scenario, what such people do to the study, and all rehearsals so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ...common.display import Mode
from ...jobs import Cancelled, Job
from ..kit import widgets as w
from ..kit.controls import button, row, stack
from ..kit.html_table import shorten, status_html
from ..kit.observable import Observable, as_observable
from ..kit.panel import Panel
from ..kit.sections import Sections
from ..kit.step_status import StepStatus
from ..kit.traits import set_if_changed, set_visible
from .crowd_fields import CrowdFields
from .rehearsal_choice import Choice
from .rehearsal_prose import COSTS_NOTHING, NOTE, OFFER, prose_html
from .rehearsal_style import STYLE
from .rehearsal_tables import assumptions_html, caught_html, compared_html, figures_html
from .rehearsed import Rehearsed, Study, carry_out

_OPENED = 3  # rehearsals whose results can still be opened: each keeps a sandbox in memory
_TABS = ("In words", "Figures", "Who was caught", "Assumptions")


class Rehearse(Panel):
    """Carries out a study with simulated people, as often as is wanted; nothing is sent, and nothing is spent.

    Parameters
    ----------
    choice : Choice or Observable, optional
        Crowd, scenario, intended answers and times; by default the usual crowd, once.
    data, design, plan : values or Observable, optional
        The study.
    done : Observable, optional
        Holds the rehearsals so far.
    opened : Observable, optional
        Gets the rehearsal whose results are to be opened.
    go : callable, optional
        Goes to a step of the studio, by its key.

    Examples
    --------
    >>> Rehearse().step().words
    'Complete Data, Compose, Plan first.'
    """

    name, title = "pnb-rehearse", "Rehearse"
    undoable = True

    def __init__(
        self,
        choice: Any = None,
        *,
        data: Any = None,
        design: Any = None,
        plan: Any = None,
        done: Any = None,
        opened: Any = None,
        go: Callable[[str], Any] | None = None,
    ) -> None:
        self.data, self.design, self.plan = map(as_observable, (data, design, plan))
        self.done: Observable[tuple[Rehearsed, ...]] = as_observable(() if done is None else done)
        self.opened = as_observable(opened)
        self._go = go
        self._job: Job[Rehearsed] | None = None
        self._cancelling = False
        self._chosen: Rehearsed | None = None  # what is shown; None for the newest
        self._drawn: tuple[Rehearsed, ...] = ()  # what the tables are of, that which is shown first
        super().__init__(as_observable(Choice() if choice is None else choice))
        for source in (self.data, self.design, self.plan):
            self.watch(source, lambda _: self._renew())
        self.watch(self.done, lambda _: self._renew())

    @property
    def mode(self) -> Mode:
        """Always SANDBOX: a rehearsal has a sandbox of its own."""
        return "SANDBOX"

    @property
    def study(self) -> Study:
        """What would be rehearsed now."""
        return Study(self.data.value, self.design.value, self.plan.value)

    @property
    def rehearsals(self) -> tuple[Rehearsed, ...]:
        """All of this notebook, the oldest first."""
        return self.done.value

    @property
    def shown(self) -> Rehearsed | None:
        """The rehearsal that is shown."""
        known = self.rehearsals
        return self._chosen if self._chosen in known else (known[-1] if known else None)

    # --- the widgets -------------------------------------------------------------------------------------------------

    def build(self) -> list[w.Widget]:
        """What to rehearse with, the button, and what came of it once something has."""
        self.fields = CrowdFields(self._change, self.guard)
        self.run = button("Rehearse", self._rehearse, self.guard, "Carries out the study with simulated people")
        self._cancel = button("Cancel", self._stop, self.guard, "Drops this rehearsal")
        self._words = w.HTML(layout={"flex": "1 1 300px", "min_width": "0"})
        look: dict[str, Any] = {"layout": {"width": "100%", "max_width": "480px"}}
        self._bar = w.IntProgress(description="Progress", style={"description_width": "initial"}, **look)
        self._below = stack(display="none")
        self._built = False
        acts = row(self.run, self._cancel, self._words)
        return [w.HTML(STYLE), self.fields.box, acts, self._bar, self._below]

    def _build_below(self) -> None:
        self._which = w.Dropdown(
            description="Rehearsal", layout={"width": "auto", "flex": "1 1 260px", "min_width": "0"}
        )
        self._which.observe(self.guard(lambda news: self._pick(news["new"])), names=["value"])
        way = self.guard
        self.results = button("Open its results", self._open, way, "In the step Results, marked as a rehearsal")
        self._back = [
            button(f"Back to {title}", partial(self._leave, key), way, f"Opens the step {title}")
            for key, title in (("compose", "Compose"), ("plan", "Plan"))
        ]
        self._parts: dict[str, w.Widget] = {}
        self._contents = dict.fromkeys(_TABS, "")
        parts = {name: partial(self._part, name) for name in _TABS}
        self._sections = Sections(parts, self.guard, lambda _: self.renew_code())
        self._compared = w.HTML()
        heading = w.HTML('<h4 class="pnb-heading">Rehearsals so far</h4>')
        self._below.children = (
            row(self._which, self.results, *self._back),
            self._sections.box,
            stack(heading, self._compared),
        )
        self._built = True

    def _part(self, name: str) -> w.Widget:
        part = self._parts[name] = w.HTML(self._contents[name])
        return part

    # --- what the user does ------------------------------------------------------------------------------------------

    def _change(self, change: Callable[[Choice], Choice], merge: str) -> None:
        self.held.update(change, merge=merge)
        self.fields.fill(self.value)  # also where a share was more than the others leave

    def _rehearse(self) -> None:
        study, choice = self.study, self.value
        if self._running or study.missing:
            return
        number = self.rehearsals[-1].number + 1 if self.rehearsals else 1
        self._cancelling = False
        self._job = self.start(
            lambda report: carry_out(number, choice, study, report), "Rehearsing the study", self._take
        )
        self._show()
        self.announce()

    def _take(self, made: Rehearsed) -> None:
        if self._cancelling:
            return
        self._chosen = None
        # Not a change to undo: a history would keep the sandbox of every rehearsal.
        self.done.update(lambda known: (*_fewer(known), made), merge="rehearsals")

    def _stop(self) -> None:
        if self._job is not None:
            self._cancelling = True
            self._job.cancel()
            self._show()

    def _pick(self, number: int | None) -> None:
        found = next((each for each in self.rehearsals if each.number == number), None)
        if found is not None and found is not self.shown:
            self._chosen = found
            self._renew()

    def _open(self) -> None:
        shown = self.shown
        if shown is not None and shown.run is not None and self._go is not None:
            self.opened.update(lambda _: shown.run, merge="rehearsal")
            self._go("results")

    def _leave(self, step: str) -> None:
        if self._go is not None:
            self._go(step)

    # --- display -----------------------------------------------------------------------------------------------------

    def report(self, failure: BaseException) -> None:
        """Show an error; what was cancelled is none."""
        if not isinstance(failure, Cancelled):
            super().report(failure)

    def progressed(self, job: Job[Any]) -> None:
        """Show how many rehearsals are done."""
        self.guard(self._show)()
        if job.state != "running":
            self.guard(self.announce)()

    @property
    def _running(self) -> bool:
        return self._job is not None and self._job.state == "running"

    def refresh(self) -> None:
        """Show the choice, and the rehearsals."""
        data = self.data.value
        self.fields.offer(tuple(data.columns) if data is not None else (), self.value)
        self.fields.fill(self.value)
        if self.rehearsals:
            if not self._built:
                with w.sharing():
                    self._build_below()
            self._show_rehearsal()
        set_visible(self._below, bool(self.rehearsals))
        self._show()

    def _show_rehearsal(self) -> None:
        shown = self.shown
        assert shown is not None
        drawn = (shown, *self.rehearsals)
        if drawn == self._drawn:
            return  # another step was edited, perhaps with each key
        self._drawn = drawn
        options = [(f"{each.number}: {shorten(each.choice.title, 60)}", each.number) for each in self.rehearsals[::-1]]
        if tuple(options) != tuple(self._which.options):
            self._which.options = options
        set_if_changed(self._which, "value", shown.number)
        for each in self._back:
            set_visible(each, self._go is not None)
        set_visible(self.results, self._go is not None and shown.run is not None)
        figures = figures_html(shown.figures)
        contents = (prose_html(shown.words), shown.picture + figures, caught_html(shown.caught))
        self._contents = dict(zip(_TABS, (*contents, assumptions_html(shown.assumptions)), strict=True))
        for name, part in self._parts.items():
            set_if_changed(part, "value", self._contents[name])
        set_if_changed(self._compared, "value", compared_html(self.rehearsals, shown))

    def _show(self) -> None:
        if self.closed:
            return
        progress = self._job.progress if self._job is not None and self._running else None
        set_if_changed(self.run, "disabled", self._running or bool(self.study.missing))
        set_visible(self._cancel, self._running)
        set_visible(self._bar, progress is not None)
        if progress is not None:
            set_if_changed(self._bar, "max", progress.total)
            set_if_changed(self._bar, "value", progress.done)
        set_if_changed(self._words, "value", status_html(self._sentence()))
        fresh = not self._current and not self.study.missing and not self._running
        self.highlight(self.run if fresh else None)

    def _sentence(self) -> str:
        if self._running:
            return "Cancelling…" if self._cancelling else f"Rehearsing with simulated people… {COSTS_NOTHING}"
        if self.study.missing:
            return f"{self._missing} {COSTS_NOTHING}"
        return f"{COSTS_NOTHING} {NOTE}"

    @property
    def _missing(self) -> str:
        return f"Complete {', '.join(self.study.missing)} first."

    @property
    def _current(self) -> bool:
        """Whether the newest rehearsal is of the study and the choice as they are now."""
        newest = self.rehearsals[-1] if self.rehearsals else None
        return newest is not None and newest.choice == self.value and not self.study.changes(newest.study)

    # --- state, code and summary -------------------------------------------------------------------------------------

    def step(self) -> StepStatus:
        """What the newest rehearsal showed; it is never left to do."""
        if self._running:
            return StepStatus("running", "Rehearsing with simulated people…")
        if not self.rehearsals:
            return StepStatus("optional", self._missing if self.study.missing else OFFER)
        newest = self.rehearsals[-1]
        changed = self.study.changes(newest.study)
        if changed:
            return StepStatus("optional", f"Since the last rehearsal, the {changed} changed. It was {newest.line}")
        return StepStatus("done", newest.line)

    def code(self) -> str:
        """The program that rehearses the study so: that which is shown, or what the fields say."""
        shown = self.shown
        study, choice = (shown.study, shown.choice) if shown is not None else (self.study, self.value)
        parts = [study.data, study.design, study.plan]
        written = "\n".join(part.to_code().strip("\n") for part in parts if part is not None)
        call = f"\n\n{choice.code}" if not study.missing else "\n"
        return f"import prolific_nb as pnb\n\n{written}{call}"

    def summary(self) -> dict[str, object]:
        """What every rehearsal showed, and that it says nothing about real people."""
        rows: dict[str, object] = {"Rehearsal": NOTE}
        for each in self.rehearsals:
            rows[f"Rehearsal {each.number}"] = each.line
        if self._running:
            rows["Rehearsing"] = self.value.title
        return rows if len(rows) > 1 else {"Rehearsal": f"none yet. {NOTE}"}


def _fewer(known: Sequence[Rehearsed]) -> list[Rehearsed]:
    """The rehearsals, with the results of the latest only."""
    kept = len(known) - (_OPENED - 1)
    return [replace(each, run=None) if place < kept else each for place, each in enumerate(known)]
