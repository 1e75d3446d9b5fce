"""SampleSize: the designs of a study with their precision and cost, the cheapest of them, and the words for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Literal

import pandas as pd

from ...common.arguments import require_whole
from ...common.display import Mode, card, lines
from ...common.money import Money
from ...errors import ArgumentError
from ..formatting import as_percent
from .designs import Designs
from .study_size import StudySize

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType


@dataclass(frozen=True, eq=False)
class SampleSize:
    """How many annotators and units a study needs, as returned by `prolific_nb.sample_size`.

    Parameters
    ----------
    table : DataFrame
        One row per design: the fields of `StudySize`, ``power`` only if it was asked for.
    cheapest : StudySize
        The cheapest design that is as precise as asked; without a plan, the one with the fewest labels.
    more : StudySize
        The same with one more annotator per unit.
    planned : StudySize or None
        The plan with the rows of its data.
    precision : float
        The half-width asked for.
    name : str
        What the interval is of, such as ``"Krippendorff's α"``.
    value : float
        Its expected value.
    against : float or None
        The threshold of the power.
    basis : str
        What the numbers are computed from: a pilot, or assumptions.
    people : bool
        Whether the half-width asked for is `half_width_people`.
    mode : {"SANDBOX", "LIVE"} or None
        Of the client whose server computed the costs, with fees and VAT; without one, they are the rewards alone.
    designs : Designs
        What `at` computes others from.
    notes : tuple of str
        Caveats.
    """

    table: pd.DataFrame
    cheapest: StudySize
    more: StudySize
    planned: StudySize | None
    precision: float
    name: str
    value: float
    against: float | None
    basis: str
    people: bool
    mode: Mode | None
    designs: Designs = field(repr=False)
    notes: tuple[str, ...] = ()

    def at(self, annotators: int, units: int) -> StudySize:
        """Another design: one of the numbers of annotators in the table, or that of the plan, on any number of units.

        With a client, its server is asked for the cost, once for each number of places.

        Raises
        ------
        ArgumentError
            This number of annotators was not compared, or there are fewer than two units.

        Examples
        --------
        >>> from prolific_nb import sample_size
        >>> found = sample_size(skill=0.8, options=3)
        >>> found.at(found.annotators, 4 * found.units).half_width < 0.51 * found.half_width
        True
        """
        compared = {*self.table["annotators"], *([self.planned.annotators] if self.planned else [])}
        if annotators not in compared:
            known = ", ".join(map(str, sorted(compared)))
            raise ArgumentError(f"{annotators} annotators were not compared, only {known}. Pass others as annotators=.")
        require_whole("units", units, 2)
        return self.designs.size(annotators, units)

    @property
    def annotators(self) -> int:
        """Annotators per unit of the cheapest design."""
        return self.cheapest.annotators

    @property
    def units(self) -> int:
        """Units of the cheapest design."""
        return self.cheapest.units

    @property
    def half_width(self) -> float:
        """Expected half-width of the cheapest design."""
        return self.cheapest.half_width

    @property
    def places(self) -> int | None:
        """Submissions of the cheapest design."""
        return self.cheapest.places

    @property
    def cost(self) -> Money | None:
        """Cost of the cheapest design."""
        return self.cheapest.cost

    @property
    def words(self) -> str:
        """The cheapest design and the next annotator in sentences."""
        return " ".join(_sentences(self))

    def plot(
        self,
        *,
        ax: Axes | None = None,
        title: str | Literal[True] | None = True,
        palette: ColorType | Sequence[ColorType] | None = None,
    ) -> Axes:
        """Draw the half-width over annotators and units, as `prolific_nb.plots.sample_size`."""
        from ...plots import sample_size

        note = "SANDBOX: simulated money" if self.mode == "SANDBOX" and self.cost else None
        planned = None if self.planned is None else (self.planned.annotators, self.planned.units)
        return sample_size(
            self.table,
            precision=self.precision,
            name=self.name,
            people=self.people,
            planned=planned,
            ax=ax,
            note=note,
            title=title,
            palette=palette,
        )

    def _rows(self) -> dict[str, object]:
        best = self.cheapest
        rows: dict[str, object] = {
            "cheapest": f"{best.annotators} annotators on {best.units:,} rows",
            "precision": f"{self.name} ± {best.half_width:.3f}, with the choice of people {best.half_width_people:.3f}",
        }
        if best.cost is not None:
            rows["cost"] = f"{best.cost:,} for {best.places:,} places{'' if self.mode else ', without fees and VAT'}"
        if best.accuracy == best.accuracy:  # not nan
            rows["accuracy"] = f"{_percent(best.accuracy)} of the aggregated labels are right"
        if best.power is not None:
            rows["power"] = f"{as_percent(best.power)} to tell {self.value:.2f} from {self.against:g}"
        rows["based on"] = self.basis
        return rows

    def __repr__(self) -> str:
        head = f"{self.mode} sample size" if self.mode else "Sample size"
        return "\n".join([lines(head, self._rows()), *self.notes])

    def _repr_html_(self) -> str:
        notes = "".join(f"<p><small>{escape(note)}</small></p>" for note in self.notes)
        shown = self.table.copy()
        shown["cost"] = [None if each is None else f"{each:,}" for each in shown["cost"]]
        below = f"<p>{escape(self.words)}</p>{notes}{shown.round(3).to_html(index=False, na_rep='')}"
        if self.mode:
            return card(self.mode, "sample size", self._rows(), below)
        rows = "".join(f"<tr><th>{escape(k)}</th><td>{escape(str(v))}</td></tr>" for k, v in self._rows().items())
        return f'<div class="pnb-card"><p><b>Sample size</b></p><table>{rows}</table>{below}</div>'


def _sentences(found: SampleSize) -> list[str]:
    best, more = found.cheapest, found.more
    price = f" for {best.cost:,}{'' if found.mode else ' without fees'}" if best.cost is not None else ""
    said = [f"{best.annotators} annotators on {best.units:,} rows give {found.name} ± {best.half_width:.3f}{price}."]
    gain = best.half_width - more.half_width
    narrower = f"narrows it by {gain:.3f}" if gain >= 0.0005 else "does not narrow it"
    extra = f" for {more.cost - best.cost:,} more" if more.cost is not None and best.cost is not None else ""
    right, one, other = "", _percent(best.accuracy), _percent(more.accuracy)
    if best.accuracy == best.accuracy:
        share = f"{other} are right as before" if one == other else f"{other} are right instead of {one}"
        right = f", and of the aggregated labels {share}"
    said.append(f"One more annotator per row {narrower}{extra}{right}.")
    if best.half_width_people > 1.05 * best.half_width:
        said.append(f"With the choice of people it is ± {best.half_width_people:.3f}: few people label many rows each.")
    if best.power is not None:
        said.append(f"The chance to tell {found.value:.2f} from {found.against:g} is {as_percent(best.power)}.")
    if found.planned is not None:
        plan = found.planned
        said.append(f"The plan, {plan.annotators} annotators on {plan.units:,} rows, gives ± {plan.half_width:.3f}.")
    return said


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
