"""What is asked about the precision of a plan, and the answer: numbers and a drawing for either theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from .... import plots
from ....api import Client
from ....common.display import quoted
from ....data import Dataset
from ....design import Design
from ....design.codebook import Question
from ....report.planning.sample_size_value import SampleSize
from ....study import StudyPlan
from ....workflow.planning.how_many import sample_size
from ....workflow.reopen import open_run
from ....workflow.script import program

_WIDTH = 5.4  # inches
_LIGHT, _DARK = "#ffffff", "#212121"  # pages of JupyterLab
_ANNOTATORS = range(2, 8)
_MOST = 12  # annotators of a plan up to which the picture reaches


@dataclass(frozen=True)
class Asked:
    """Assumptions about the answers, the precision to reach, and the plan.

    Parameters
    ----------
    skill : float
        The share of answers that are right.
    options : int
        The number of labels.
    prevalence : float or None
        The share of the most frequent label; None if all are equally common.
    scale : bool
        Whether the labels are points of a scale.
    precision : float
        The half-width to reach.
    plan, data, client
        Of the study; None for what is not there yet.
    pilot, question : str
        The key of an earlier run, and the question whose answers take the place of the assumptions; or empty.
    """

    skill: float
    options: int
    prevalence: float | None
    scale: bool
    precision: float
    plan: StudyPlan
    data: Dataset | None
    client: Client | None
    pilot: str = ""
    question: str = ""

    @property
    def key(self) -> tuple[Any, ...]:
        """The same for what has the same answer."""
        plan = self.plan.pay, self.plan.tasks_per_group, self.plan.annotators_per_task
        return *self._given.items(), self.pilot, *plan, self.data, self.client

    @property
    def rows(self) -> int | None:
        """Rows of the data, if they are enough to show agreement."""
        return len(self.data) if self.data is not None and len(self.data) > 1 else None

    @property
    def annotators(self) -> list[int]:
        """The numbers of annotators that are compared, with that of the plan unless it is far from them."""
        own = self.plan.annotators_per_task
        return list(range(_ANNOTATORS.start, max(_ANNOTATORS.stop, own + 1 if own <= _MOST else 0)))

    @property
    def _given(self) -> dict[str, Any]:
        """The arguments that the fields stand for."""
        if self.pilot:
            return {"question": self.question, "precision": self.precision}
        given: dict[str, Any] = {"skill": self.skill, "options": self.options, "precision": self.precision}
        given |= {} if self.prevalence is None else {"prevalence": self.prevalence}
        return given | ({"scale": True} if self.scale else {})

    def answer(self, fetched: dict[str, pd.DataFrame]) -> Answer:
        """Simulate and draw; the server is asked for the cost of each number of places that it has not told yet.

        Parameters
        ----------
        fetched : dict
            The answers of runs that were pilots before, by key; this one is added.
        """
        if self.pilot and self.pilot not in fetched:
            fetched[self.pilot] = open_run(self.pilot, client=self.client).responses()
        pilot = fetched[self.pilot] if self.pilot else None
        study: dict[str, Any] = {"plan": self.plan, "data": self.data, "client": self.client}
        found = sample_size(pilot, **self._given, annotators=self.annotators, **study)
        return Answer(self, found, *_drawn(found))

    def code(self) -> str:
        """A program that asks the same."""
        numbers = self.annotators
        given = [f"{name}={quoted(value) if isinstance(value, str) else value}" for name, value in self._given.items()]
        given += [f"annotators=range({numbers[0]}, {numbers[-1] + 1})", "plan=plan"]
        given += ["data=data"] if self.data is not None else []
        given += ["client=client"] if self.client is not None else []
        connect = self.client.code if self.client is not None else "pnb.connect()"
        lines = [program(connect, [self.data, None, self.plan], max_cost=None).rstrip()]
        if self.pilot:
            lines.append(f"pilot = pnb.open_run({quoted(self.pilot)}, client=client)")
            given.insert(0, "pilot")
        return "\n".join(
            [*lines, f"found = pnb.sample_size({', '.join(given)})", "print(found.words)", "found.plot()", ""]
        )


@dataclass(frozen=True, eq=False)
class Answer:
    """The designs that were compared, and their drawing.

    Parameters
    ----------
    asked : Asked
    found : SampleSize
    light, dark, label, frame, limits
        As for `MovablePoint`.
    """

    asked: Asked
    found: SampleSize
    light: str
    dark: str
    label: str
    frame: list[float]
    limits: list[float]

    @property
    def annotators(self) -> list[int]:
        """Where the point may stand: what was compared, and the plan."""
        planned = self.found.planned
        return sorted({*self.asked.annotators, *([planned.annotators] if planned else [])})

    @property
    def units(self) -> list[int]:
        """Where the point may stand: round numbers of rows, and those of the data."""
        own = self.asked.rows
        return sorted({*map(int, self.found.table["units"]), *([own] if own else [])})

    @property
    def start(self) -> list[int]:
        """Annotators and rows of the plan; without one, of the cheapest design."""
        own, rows = self.asked.plan.annotators_per_task, self.asked.rows
        return [own if own in self.annotators else self.annotators[0], rows or self.found.units]


def questions_of(design: Design | None) -> list[Question]:
    """The questions with one label as an answer."""
    if design is None or design.check().errors:
        return []
    asked = design.codebook().without_checks()
    return [each for each in asked if each.kind in ("single", "scale") and len(each.options) > 1]


def _drawn(found: SampleSize) -> tuple[str, str, str, list[float], list[float]]:
    axes: list[Any] = []

    def draw(ax: Any) -> None:
        axes.append(found.plot(ax=ax, title=None))

    light, dark = (plots.image(draw, _WIDTH, format="svg", background=each).decode("utf-8") for each in (_LIGHT, _DARK))
    ax = axes[0]
    left, low, right, high = ax.get_position().extents
    frame = [float(each) for each in (left, 1 - high, right, 1 - low)]
    return light, dark, plots.alt_text(ax), frame, [float(each) for each in (*ax.get_xlim(), *ax.get_ylim())]
