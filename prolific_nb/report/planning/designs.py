"""Designs of a study: how precise each is, what it costs, and the cheapest that is precise enough."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from ...analysis.expected_study import Expected
from ...common.money import Money
from ...errors import ArgumentError
from ...study import StudyPlan
from .study_size import StudySize

_MOST = 1_000_000  # units
# The least units that are proposed, and those of the smallest studies that are simulated: an interval that resamples a
# handful of units is too narrow, and where labels hardly differ in the pilot it would be so from two units on.
_FEWEST = 15


@dataclass(frozen=True)
class Designs:
    """Every number of annotators and units that is considered.

    Parameters
    ----------
    expected : Expected
        What to expect, by the number of annotators.
    per_person : int
        Units labelled by one person.
    plan : StudyPlan or None
        Units of a group, and the reward.
    cost_of : callable or None
        From a number of places to the cost.
    own : int or None
        The most labels of a unit in the pilot; more annotators are extrapolated. None without a pilot.
    against : float or None
        The threshold of the power.
    people : bool
        Whether the half-width that also covers the choice of people is to be precise.
    """

    expected: Expected
    per_person: int
    plan: StudyPlan | None
    cost_of: Callable[[int], Money] | None
    own: int | None
    against: float | None
    people: bool

    def width(self, m: int, n: int) -> float:
        """The half-width that is to be precise."""
        spread = self.expected.spreads[m]
        return (spread.with_people if self.people else spread.half_width)(n, self.per_person)

    def size(self, m: int, n: int) -> StudySize:
        """One design."""
        spread = self.expected.spreads[m]
        places = self.plan.groups(n) * m if self.plan else None
        return StudySize(
            annotators=m,
            units=n,
            half_width=spread.half_width(n, self.per_person),
            half_width_people=spread.with_people(n, self.per_person),
            share_half_width=self.expected.share_half_width(m, n),
            accuracy=float(self.expected.accuracy[m - 1]),
            accuracy_gain=float(self.expected.accuracy[m] - self.expected.accuracy[m - 1]),
            places=places,
            cost=self.cost_of(places) if self.cost_of and places is not None else None,
            extrapolated=self.own is not None and m > self.own,
            power=None if self.against is None else self.expected.power(m, n, self.per_person, self.against),
        )

    def enough(self, m: int, precision: float) -> int | None:
        """The fewest units of at least 15, in whole groups, whose half-width is at most `precision`; None above 10⁶."""
        step = self.plan.tasks_per_group if self.plan else 1
        low, high = -(-_FEWEST // step), -(-_MOST // step)
        if not self.width(m, high * step) <= precision:
            return None
        while low < high:
            middle = (low + high) // 2
            if self.width(m, middle * step) <= precision:
                high = middle
            else:
                low = middle + 1
        return low * step

    def table(self, annotators: Iterable[int], units: Sequence[int]) -> pd.DataFrame:
        """One row per design; ``power`` only where it is asked for."""
        rows = [self.size(m, n).as_row() for m in annotators for n in units]
        table = pd.DataFrame(rows)
        return table.drop(columns="power") if self.against is None else table

    def choose(
        self, annotators: Sequence[int], units: Sequence[int] | None, precision: float
    ) -> tuple[StudySize, list[int]]:
        """The cheapest design that is precise enough, and the numbers of units to tabulate.

        Raises
        ------
        ArgumentError
            There is none.
        """
        if units is not None:
            fits = [(m, n) for m in annotators for n in units if self.width(m, n) <= precision]
            if not fits:
                raise self._unreached(annotators, max(units), precision)
            return cheapest(self.size(m, n) for m, n in fits), list(units)
        needed = {m: n for m in annotators if (n := self.enough(m, precision)) is not None}
        if not needed:
            raise self._unreached(annotators, _MOST, precision)
        best = cheapest(self.size(m, n) for m, n in needed.items())
        step = self.plan.tasks_per_group if self.plan else 1
        around = round_units(min(needed.values()) // 2, 2 * max(needed.values()), step)
        return best, sorted({*around, best.units})

    def _unreached(self, annotators: Sequence[int], most: int, precision: float) -> ArgumentError:
        closest = min(annotators, key=lambda m: self.width(m, most))
        return ArgumentError(
            f"No design reaches ± {precision:g}: the most precise, {closest} annotators on {most:,} rows, gives "
            f"± {self.width(closest, most):.3g}. Raise units= or annotators=, or allow a larger precision=."
        )


def cheapest(sizes: Iterable[StudySize]) -> StudySize:
    """The lowest cost, or without costs the fewest labels; of equal ones, the fewest annotators."""
    return min(
        sizes, key=lambda each: (each.cost.minor if each.cost else each.annotators * each.units, each.annotators)
    )


def round_units(fewest: int, most: int, step: int) -> list[int]:
    """Round numbers of units from `fewest` to `most`, in whole groups of `step`.

    Examples
    --------
    >>> round_units(90, 1_000, 10)
    [100, 200, 300, 500, 700, 1000]
    """
    numbers = (lead * 10**power for power in range(7) for lead in (1, 2, 3, 5, 7))
    return sorted({math.ceil(each / step) * step for each in numbers if fewest <= each <= most})
