"""The steps of the studio, in order: another step is another entry here.

The panel of a step is imported when it is created: imports are most of what a person waits for before a first studio is
shown, and half of them are for later steps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..compose.composed import composed
from ..files.data_panel import Data
from ..kit.panel import Panel
from ..kit.step_status import StepStatus
from ..rehearsing.rehearsal_prose import OFFER
from .studio_state import StudioState

Go = Callable[[str], None]


@dataclass(frozen=True)
class Step:
    """One step.

    Parameters
    ----------
    key, title : str
        Its name in code, and on the page.
    make : callable
        Creates its panel from the shared values, and from a function that goes to a step by its key.
    waiting : callable
        Its status while it has not been opened.
    ready : callable
        Whether the panel is needed before the step is opened: it shows something that the studio's bar needs, or works
        by itself.
    offer : str
        Of an optional step: what the button says that opens it from the step before. The way to the next step does not
        lead through it.
    """

    key: str
    title: str
    make: Callable[[StudioState, Go], Panel]
    waiting: Callable[[StudioState], StepStatus]
    ready: Callable[[StudioState], bool] = lambda _: False
    offer: str = ""


def _shared(desk: StudioState) -> dict[str, Any]:
    return {"client": desk.client}


def _compose(desk: StudioState, _: Go) -> Panel:
    from ..compose.composer_panel import Composer

    return Composer(desk.design, desk.data, plan=desk.plan, **_shared(desk))


def _plan(desk: StudioState, _: Go) -> Panel:
    from ..planning.plan_panel import Plan

    return Plan(desk.plan, data=desk.data, design=desk.design, **_shared(desk))


def _rehearse(desk: StudioState, go: Go) -> Panel:
    from ..rehearsing.rehearse_panel import Rehearse

    study = {"data": desk.data, "design": desk.design, "plan": desk.plan}
    return Rehearse(desk.choice, **study, done=desk.rehearsals, opened=desk.opened, go=go)


def _launch(desk: StudioState, _: Go) -> Panel:
    from ..launching.launch_panel import Launch

    return Launch(desk.run, data=desk.data, design=desk.design, plan=desk.plan, **_shared(desk))


def _review(desk: StudioState, _: Go) -> Panel:
    from ..reviewing.review_panel import Review

    return Review(desk.run, **_shared(desk))


def _results(desk: StudioState, _: Go) -> Panel:
    from ..outcome.results_panel import Results

    return Results(desk.run, rehearsal=desk.opened, **_shared(desk))


def _has_run(desk: StudioState) -> bool:
    return desk.run.value is not None


def _has_results(desk: StudioState) -> bool:
    return _has_run(desk) or desk.opened.value is not None


def _to_do(words: str) -> Callable[[StudioState], StepStatus]:
    return lambda _: StepStatus("to do", words)


def _composed(desk: StudioState) -> StepStatus:
    """A design that was given or opened is not left to do."""
    design = desk.design.value
    return composed(design, design.check(desk.data.value).errors if design.entries else ())


def _rehearsed(_: StudioState) -> StepStatus:
    return StepStatus("optional", OFFER)


STEPS = (
    Step("data", "Data", lambda desk, _: Data(desk.data, **_shared(desk)), _to_do("Choose the rows"), lambda _: True),
    Step("compose", "Compose", _compose, _composed),
    Step("plan", "Plan", _plan, _to_do("Decide on reward, people and audience"), lambda desk: desk.has_task),
    Step("rehearse", "Rehearse", _rehearse, _rehearsed, offer="Rehearse first"),
    Step("launch", "Launch and watch", _launch, _to_do("Create a draft, publish it, and follow it"), _has_run),
    Step("review", "Review", _review, _to_do("Approve or reject submissions, pay bonuses"), _has_run),
    Step("results", "Results", _results, _to_do("Read the answers"), _has_results),
)
