"""One rehearsal that was carried out, as the panel keeps it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import isnan
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...analysis.coefficient import rounded
from ...common.progress import Progress
from ...data import Dataset
from ...design import Design
from ...study import StudyPlan
from ..kit.figures import image_html, png
from .rehearsal_choice import Choice
from .rehearsal_prose import paragraphs

if TYPE_CHECKING:
    from ...workflow.rehearsal.rehearsal import Rehearsal
    from ...workflow.rehearsal.rehearsals import Rehearsals


@dataclass(frozen=True)
class Study:
    """What is rehearsed; None for what is missing."""

    data: Dataset | None
    design: Design | None
    plan: StudyPlan | None

    @property
    def missing(self) -> list[str]:
        """The steps that are not done."""
        steps = {"Data": self.data, "Compose": self.design, "Plan": self.plan}
        return [step for step, part in steps.items() if part is None or (isinstance(part, Design) and not part.entries)]

    def changes(self, before: Study) -> str:
        """What is other than in another study, in a few words."""
        parts = {"rows": "data", "design": "design", "plan": "plan"}
        return ", ".join(name for name, part in parts.items() if getattr(self, part) != getattr(before, part))


@dataclass(frozen=True, eq=False)
class Rehearsed:
    """A rehearsal, or several of the same study.

    Parameters
    ----------
    number : int
        From 1.
    choice : Choice
    study : Study
    words : tuple of str
        Its paragraphs, in the words of the panels.
    figures : DataFrame
        As `Rehearsal.figures`, or of several as `Rehearsals.spread`.
    caught, assumptions : DataFrame
        As those of `Rehearsal`.
    picture : str
        HTML of the plot; empty for one rehearsal.
    run : Rehearsal or None
        What its results are read from; None of several, and where newer ones took its place.
    """

    number: int
    choice: Choice
    study: Study
    words: tuple[str, ...]
    figures: pd.DataFrame
    caught: pd.DataFrame
    assumptions: pd.DataFrame
    picture: str = ""
    run: Rehearsal | None = None

    def figure(self, name: str) -> dict[str, Any] | None:
        """The row of a figure, the lowest where there are several; None if it is not known."""
        value = "value" if "value" in self.figures else "median"
        rows = self.figures[(self.figures["figure"] == name) & self.figures[value].notna()]
        found: Any = rows.rename(columns={value: "value"}).sort_values("value").to_dict("records")
        return found[0] if found else None

    @property
    def agreement(self) -> str:
        """The lowest agreement with its range, such as “α 0.52 (0.42 to 0.61)”."""
        found = self.figure("agreement")
        if found is None:
            return "—"
        span = "" if isnan(found["low"]) else f" ({rounded(found['low'])} to {rounded(found['high'])})"
        name = str(found["unit"]).removeprefix("Krippendorff's ")
        return f"{name} {rounded(found['value'])}{span}"

    @cached_property
    def line(self) -> str:
        """What it showed, in one line; asked for whenever a step is edited."""
        cost, hours = self.told("cost of all places"), self.told("hours until all places are filled")
        flagged = self.told("flagged people")
        return f"{self.choice.title} (simulated people): {self.agreement}; {cost}; {hours}; {flagged} flagged"

    def told(self, name: str) -> str:
        """A figure with its unit; of several, the median."""
        from ...workflow.rehearsal.rehearsed_figures import Figure, in_words

        found = self.figure(name)
        return "—" if found is None else in_words(Figure(name, float(found["value"]), str(found["unit"])))


def carry_out(number: int, choice: Choice, study: Study, report: Callable[[Progress], Any]) -> Rehearsed:
    """Rehearse; `report` may end it between two of several.

    Raises
    ------
    InputError
        The study cannot be launched.
    """
    from ...workflow.rehearsal.crowds import crowd_of  # with the sandbox
    from ...workflow.rehearsal.rehearse import rehearse

    people = crowd_of(choice.mix)
    found: Rehearsal | Rehearsals = rehearse(
        study.data,  # type: ignore[arg-type]  # only a whole study is rehearsed
        study.design,  # type: ignore[arg-type]
        study.plan,  # type: ignore[arg-type]
        people=people,
        **choice.options,
        on_progress=report,
    )
    given: dict[str, Any] = {"number": number, "choice": choice, "study": study, "words": paragraphs(found.words)}
    if choice.times == 1:
        one: Any = found
        shown = {"figures": one.figures, "caught": one.caught, "assumptions": one.assumptions}
        return Rehearsed(**given, **shown, run=one)
    many: Any = found
    picture = image_html(png(lambda ax: many.plot(ax=ax)), f"Agreement of {choice.times} rehearsals, with intervals")
    assumptions = many.asked.scenario.changed(people).assumptions()
    shown = {"figures": many.spread, "caught": many.caught, "assumptions": assumptions}
    return Rehearsed(**given, **shown, picture=picture)
