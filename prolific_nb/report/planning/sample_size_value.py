"""SampleSize: the designs of a study with their precision and cost, the cheapest of them, and the words for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from ...common.display import Mode, card, lines
from ...common.money import Money
from ..formatting import as_percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType


@dataclass(frozen=True)
class StudySize:
    """One design: so many annotators for each of so many units.

    Parameters
    ----------
    annotators, units : int
        Labels per unit, and units.
    half_width : float
        Expected half-width of the 95 % interval that `agreement` prints, which resamples units.
    half_width_people : float
        Half-width that also covers the choice of people: the interval of all studies with other units and people.
    share_half_width : float
        Expected half-width of the 95 % interval of a label's share; of the label for which it is widest. nan for
        numbers.
    accuracy : float
        Expected share of the units whose aggregated label is true. nan for numbers.
    accuracy_gain : float
        What one more annotator adds to it.
    places : int or None
        Submissions to pay for; None without a plan.
    cost : Money or None
        Of all places; None without a plan.
    extrapolated : bool
        Whether no unit of the pilot has so many labels, so that the model supplies the others.
    power : float or None
        The chance that the interval lies on the right side of the threshold; None if none was given.
    """

    annotators: int
    units: int
    half_width: float
    half_width_people: float
    share_half_width: float
    accuracy: float
    accuracy_gain: float
    places: int | None
    cost: Money | None
    extrapolated: bool
    power: float | None = None

    def as_row(self) -> dict[str, Any]:
        """One row of the table."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


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
    notes: tuple[str, ...] = ()

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
    right = ""
    if best.accuracy == best.accuracy:
        right = (
            f", and of the aggregated labels {_percent(more.accuracy)} are right instead of {_percent(best.accuracy)}"
        )
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
