"""StudySize: one design of a study with its precision, accuracy and cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...common.money import Money


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
