"""Rehearsals: the same study with different simulated people each time, and how much its figures vary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import nan
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from ...common.display import card, lines, paragraphs
from ...common.plurals import counted
from ...errors import UnknownName
from ...plots import rehearsals as draw
from ...plots.planning.rehearsals_plot import MANY
from .asked import Asked
from .measuring import AGREEMENT, RIGHT
from .rehearsal_words import SIMULATED
from .rehearsed_figures import Figure, Outcome, column_of, digits, in_words, marked, rounded_off

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

_MEANING = (
    "The spread shows how the figures of such people vary from one group of people to the next, not how real people "
    "differ from them."
)
_SHOWN = (
    "cost of all places",
    "filled places",
    "tasks with too few answers",
    "hours until all places are filled",
    "returned submissions",
    "pay per hour",
    AGREEMENT,
    RIGHT,
    "flagged people",
    "flagged honest people",
)


@dataclass(frozen=True, eq=False, repr=False)
class Rehearsals:
    """Several rehearsals of one study, from ``rehearse(..., times=50)``. They say nothing about real people.

    Parameters
    ----------
    asked : Asked
        What was rehearsed.
    seeds : tuple of int
        ``rehearse(..., seed=...)`` with one of them is that rehearsal.
    outcomes : tuple of Outcome
        What each showed.
    """

    asked: Asked
    seeds: tuple[int, ...]
    outcomes: tuple[Outcome, ...]

    mode = "SANDBOX"

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row per rehearsal: ``rehearsal``, from 1, ``seed``, and a column (float64) for each figure.

        The columns are named as the figures, ``"figure: question"`` where it is about a question.
        """
        table = pd.DataFrame({"rehearsal": range(1, len(self) + 1), "seed": self.seeds}, dtype="int64")
        values = {column_of(each): pd.Series(self._values(each), dtype=float) for each in self._figures.values()}
        return marked(table.assign(**values), SIMULATED)

    @cached_property
    def spread(self) -> pd.DataFrame:
        """One row per figure: ``figure, question``; ``low, median, high``, the quantiles 5, 50 and 95 %; the range.

        ``smallest, largest``; ``unit, assumption, depends_on`` as in `Rehearsal.figures`.
        """
        rows = []
        for each in self._figures.values():
            values = pd.Series(self._values(each), dtype=float)
            known = [*values.quantile([0.05, 0.5, 0.95]).tolist(), float(values.min()), float(values.max())]
            why = (each.unit, bool(each.depends_on), ", ".join(each.depends_on))
            rows.append((each.name, each.question, *map(rounded_off, known), *why))
        quantiles = ["low", "median", "high", "smallest", "largest"]
        columns = ["figure", "question", *quantiles, "unit", "assumption", "depends_on"]
        return marked(pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(quantiles, float)), SIMULATED)

    @cached_property
    def caught(self) -> pd.DataFrame:
        """As `Rehearsal.caught`, summed over all rehearsals."""
        every = pd.concat([each.caught for each in self.outcomes])
        return marked(every.groupby(["kind", "honest"], sort=False, as_index=False).sum(), SIMULATED)

    @cached_property
    def words(self) -> str:
        """The spread in sentences."""
        scenario = self.asked.scenario
        what = f"{len(self)} rehearsals of {self.asked.plan.name!r}, each with other simulated people"
        happens = f" Scenario “{scenario.name}”: {scenario.words}" if scenario.name else ""
        between = "Nine in ten lie between the two figures" if self._are_many else "All lie between the two figures"
        varied = f"{between}; the other one is the median. "
        return "\n\n".join([SIMULATED, f"{what}.{happens}", varied + " ".join(self._sentences()), _MEANING])

    def plot(
        self,
        question: str | None = None,
        *,
        ax: Axes | None = None,
        title: str | Literal[True] | None = True,
        palette: ColorType | list[ColorType] | None = None,
    ) -> Axes:
        """Draw the agreement of every rehearsal with its interval; see `prolific_nb.plots.rehearsals`.

        Parameters
        ----------
        question : str, optional
            By default the first that has a score.
        ax, title, palette
            As for `prolific_nb.plots.labels`.
        """
        scored = [each for each in self._figures.values() if each.name == AGREEMENT]
        chosen = [each for each in scored if question in (None, each.question)][:1]
        if question is not None and not chosen:
            known = "; ".join(repr(each.question) for each in scored) or "none"
            raise UnknownName(f"There is no score of the question {question!r}. Those with a score: {known}.")
        known_figures = [each.known.get(one.key) for each in self.outcomes for one in chosen]
        rows = [(each.value, each.low, each.high) for each in known_figures if each is not None]
        table = pd.DataFrame(rows, columns=["value", "low", "high"], dtype=float)
        name = chosen[0].unit if chosen else ""
        return draw(table, name=name, ax=ax, note=SIMULATED, title=title, palette=palette)

    @cached_property
    def _figures(self) -> dict[tuple[str, str], Figure]:
        """Every figure by its key, in order."""
        return {key: figure for each in reversed(self.outcomes) for key, figure in each.known.items()}

    def _values(self, figure: Figure) -> list[float]:
        found = [each.known.get(figure.key) for each in self.outcomes]
        return [nan if each is None else rounded_off(each.value) for each in found]

    def _sentences(self) -> Iterator[str]:
        for row in self._shown():
            why = f" (assumption: {row['depends_on']})" if row["assumption"] else " (no assumption)"
            yield f"{_name(row)}: {self._range(row)}{why}."

    def _shown(self) -> list[dict[Any, Any]]:
        return self.spread[self.spread["figure"].isin(_SHOWN)].to_dict("records")

    def __len__(self) -> int:
        return len(self.seeds)

    def _rows(self) -> dict[str, object]:
        told = {_name(row): (self._range(row), row["assumption"]) for row in self._shown()}
        return {name: words if assumed else f"{words}, no assumption" for name, (words, assumed) in told.items()}

    def _range(self, row: dict[Any, Any]) -> str:
        """Such as ``"0.62 to 0.75, median 0.69 Krippendorff's α"``, or one figure where all are the same."""
        median = in_words(Figure("", row["median"], row["unit"]))
        ends = ("low", "high") if self._are_many else ("smallest", "largest")
        low, high = (digits(row[end], row["unit"]) for end in ends)
        return median if low == high else f"{low} to {high}, median {median}"

    @property
    def _are_many(self) -> bool:
        return len(self) >= MANY

    def __repr__(self) -> str:
        head = f"{self.mode} {counted(len(self), 'rehearsal')}"
        return f"{SIMULATED}\n{lines(head, self._rows())}\n{_MEANING}"

    def _repr_html_(self) -> str:
        return card(
            "SANDBOX", f"{counted(len(self), 'rehearsal')}: simulated people", self._rows(), paragraphs(self.words)
        )


def _name(row: dict[Any, Any]) -> str:
    return f"{row['figure']}, “{row['question']}”" if row["question"] else str(row["figure"])
