"""Count patterns and moments of units that change with every answer: what a running α is computed from."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Literal

import numpy as np

from ..common.findings import Finding
from ..errors import DataError
from .alpha import moment_sums, nominal_sums, ordinal_sums, set_sums
from .counts import Ints
from .distances import set_distance
from .intervals import Floats, Sums
from .label_codes import place_in_order
from .label_text import is_finite_number, is_number, quoted

Labels = tuple[int, ...]
_FAR = 10  # times the range of the means: above, the numbers are moved, since an offset costs digits


class RunningPatterns:
    """The different rows of the units × categories table, and how many units have each, kept up to date.

    Parameters
    ----------
    level : {"nominal", "ordinal", "set"}
    categories : sequence
        Options offered, in their order; empty: the labels in use, sorted.
    """

    def __init__(self, level: Literal["nominal", "ordinal", "set"], categories: Sequence[Hashable]) -> None:
        self._level, self._given = level, bool(categories)
        self._codes: dict[Hashable, int] = {}
        self._order: Ints | None = None
        self._distance: Floats | None = None
        self._units: dict[Hashable, Labels] = {}
        self._places: dict[Labels, int] = {}
        self._table = np.zeros((64, max(len(categories), 4)), np.int64)
        self._times = np.zeros(64, np.int64)
        for each in categories:
            self._new_code(each)

    def add(self, unit: Hashable, label: Hashable) -> None:
        """One label more for a unit."""
        code = self._codes.get(label)
        code = self._new_label(label) if code is None else code
        before = self._units.get(unit, ())
        self._move(unit, before, tuple(sorted((*before, code))))

    def remove(self, unit: Hashable, label: Hashable) -> None:
        """One label less for a unit."""
        before, code = self._units[unit], self._codes[label]
        at = before.index(code)
        self._move(unit, before, before[:at] + before[at + 1 :])

    @property
    def n_paired(self) -> int:
        """Units with at least two labels."""
        return int(self._times[self._table.sum(axis=1) > 1].sum())

    @property
    def n_outside(self) -> float:
        """Labels other than the commonest, in units: divided by the labels per unit."""
        totals = self._times @ self._table
        return float((1 - totals.max() / max(totals.sum(), 1)) * self.n_paired)

    def sums(self, *, in_order: bool) -> Sums:
        """The statistic; `in_order`: with the patterns in the order in which `count` has them."""
        used = np.flatnonzero(self._times)
        patterns = self._table[np.ix_(used, self._columns())]
        if in_order and patterns.size:
            order = np.lexsort(patterns.T[::-1])
            used, patterns = used[order], patterns[order]
        times = self._times[used]
        if self._level == "nominal":
            return nominal_sums(patterns, times)
        if self._level == "ordinal":
            return ordinal_sums(patterns, times)
        return set_sums(patterns, times, self._distances())

    def _columns(self) -> Ints:
        """The columns of the categories, in their order."""
        if self._order is None:
            labels = list(self._codes)
            places = range(len(labels))
            key = None if self._given else lambda place: place_in_order(labels[place])
            self._order = np.array(sorted(places, key=key), dtype=np.int64)
        return self._order

    def _distances(self) -> Floats:
        if self._distance is None:
            labels = list(self._codes)
            self._distance = set_distance([labels[place] for place in self._columns()], "masi")
        return self._distance

    def _new_label(self, label: Hashable) -> int:
        if self._given:
            what = f"{quoted([label])} is not among the categories: {quoted(list(self._codes))}."
            raise _refusal(what, "Begin again with all of them as categories=.")
        if self._level == "ordinal" and not (is_number(label) or isinstance(label, bool)):
            what = f"level='ordinal' needs the order of the categories, but that of {quoted([label])} is unknown."
            raise _refusal(what, "Pass categories= in their order.")
        if self._level == "set" and not isinstance(label, frozenset):
            what = f"level='set' needs sets of options; not a set: {quoted([label])}."
            raise _refusal(what, "Pass a frozenset of the options picked.")
        return self._new_code(label)

    def _new_code(self, label: Hashable) -> int:
        code = self._codes.setdefault(label, len(self._codes))
        if code >= self._table.shape[1]:
            self._table = np.pad(self._table, ((0, 0), (0, code + 1)))
        self._order = self._distance = None
        return code

    def _move(self, unit: Hashable, before: Labels, after: Labels) -> None:
        """The unit has another pattern now."""
        if before:
            self._times[self._places[before]] -= 1
        if after:
            place = self._place(after)  # first, since it may make the array longer
            self._times[place] += 1
            self._units[unit] = after
        else:
            del self._units[unit]

    def _place(self, labels: Labels) -> int:
        place = self._places.get(labels)
        if place is None:
            place = self._places[labels] = len(self._places)
            if place >= len(self._times):
                self._table = np.pad(self._table, ((0, place), (0, 0)))
                self._times = np.pad(self._times, (0, place))
            np.add.at(self._table[place], list(labels), 1)
        return place


class RunningNumbers:
    """Number of labels, mean and spread of each unit, kept up to date."""

    def __init__(self) -> None:
        self._places: dict[Hashable, int] = {}
        self._labels: list[list[float]] = []
        self._zero = 0.0  # near the numbers, so that a common offset costs no digits
        self._table = np.zeros((64, 5))  # labels, mean, squared deviations from it, least, largest; less `_zero`

    def add(self, unit: Hashable, label: Hashable) -> None:
        """One number more for a unit."""
        if not is_finite_number(label):
            what = f"level='interval' needs finite numbers; not a number: {quoted([label])}."
            raise _refusal(what, "Convert it, or use level='nominal'.")
        place = self._places.setdefault(unit, len(self._labels))
        if place == len(self._labels):
            self._labels.append([])
            if place >= len(self._table):
                self._table = np.pad(self._table, ((0, place), (0, 0)))
        self._labels[place].append(float(label))  # type: ignore[arg-type]
        self._renew(place)

    def remove(self, unit: Hashable, label: Hashable) -> None:
        """One number less for a unit."""
        place = self._places[unit]
        self._labels[place].remove(float(label))  # type: ignore[arg-type]
        self._renew(place)

    def _renew(self, place: int) -> None:
        x = [each - self._zero for each in self._labels[place]]
        if not x:
            self._table[place] = 0
            return
        mean = sum(x) / len(x)
        self._table[place] = len(x), mean, sum((each - mean) ** 2 for each in x), min(x), max(x)

    @property
    def n_paired(self) -> int:
        """Units with at least two numbers."""
        return int(np.count_nonzero(self._table[:, 0] > 1))

    @property
    def n_outside(self) -> float:
        """Units with at least two numbers, one of which is not the median of the means."""
        _, mean, _, low, high = self._table[self._table[:, 0] > 1].T
        return float(np.count_nonzero((low != high) | (mean != np.median(mean)))) if len(mean) else 0.0

    def sums(self, *, in_order: bool) -> Sums:
        """The statistic, in the order in which the units were first seen."""
        used = self._centred()
        paired = used[:, 0] > 1
        m, mean, squares, low, high = np.where(paired[:, None], used, 0).T
        least, most = low[paired].min(initial=np.inf), high[paired].max(initial=-np.inf)
        # As in `standardised`: numbers that differ by the rounding of a float are equal.
        if not paired.any() or most - least <= np.finfo(float).eps * max(
            map(abs, (self._zero + least, self._zero + most))
        ):
            return moment_sums(np.column_stack([m, *np.zeros((3, len(m)))]), 0.0)
        scale = most - least
        x, spread = mean / scale, squares / scale**2
        within = 2 * m / np.maximum(m - 1, 1) * spread
        return moment_sums(np.column_stack([m, m * x, spread + m * x**2, within]), 1.0)

    def _centred(self) -> Floats:
        """The table of the units with numbers, less the median of their means."""
        used = self._table[self._table[:, 0] > 0]
        means = used[used[:, 0] > 1, 1]
        if not len(means):
            return used
        middle = float(np.median(means))
        if abs(middle) > _FAR * (np.ptp(means) + abs(used[:, 3:]).max() * np.finfo(float).eps):
            self._zero += middle
            for place in range(len(self._labels)):
                self._renew(place)
            used, middle = self._table[self._table[:, 0] > 0], 0.0
        return used - middle * np.array([0, 1, 0, 1, 1])


def _refusal(what: str, remedy: str) -> DataError:
    return DataError("The answer", [Finding("error", what, remedy)])
