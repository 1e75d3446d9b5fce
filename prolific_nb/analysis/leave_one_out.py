"""One statistic without each annotator in turn, for all annotators at once.

A coefficient that depends on the units × categories table only is the same function for everybody. Leaving an
annotator out moves their units from one count pattern to another, so each annotator is a row of numbers of units by
pattern, and their values come from one matrix product instead of one count each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from .coefficient import Coefficient
from .counts import Counts, Ints
from .intervals import Floats, Statistic, Sums
from .label_codes import Codes
from .unique_rows import joint, row_keys

# Fewer units, or fewer labels outside the commonest category, and sums over a resample are not close to normal.
MIN_UNITS, MIN_OUTSIDE = 2_000, 200
_WIDEST = 200  # sums whose covariance is decomposed: the cost grows with the cube
_CELLS = 2**22
_JITTER = 1e-12
_asked: ContextVar[list[Statistic] | None] = ContextVar("_asked", default=None)


def asked_for(statistic: Statistic) -> None:
    """Report the statistic behind a coefficient to `observed`, if anybody listens."""
    listener = _asked.get()
    if listener is not None:
        listener.append(statistic)


@contextmanager
def observed() -> Iterator[list[Statistic]]:
    """The statistics of the coefficients that are computed inside."""
    found: list[Statistic] = []
    token = _asked.set(found)
    try:
        yield found
    finally:
        _asked.reset(token)


def sums_are_near_normal(counts: Counts) -> npt.NDArray[np.bool_]:
    """Whether sums over a resample of the units may be drawn from a normal distribution without each annotator.

    There must be enough units without them: somebody who labelled everything may be half of every pair of labels.

    Returns
    -------
    ndarray of bool, shape (n_annotators,)
    """
    n, q = counts.n_annotators, len(counts.categories)
    if n < 3 or counts.n_paired < MIN_UNITS:
        return np.zeros(n, dtype=bool)
    paired = counts.n_paired - np.bincount(counts.annotators[counts.per_unit[counts.units] == 2], minlength=n)
    given = np.bincount(joint(counts.annotators, q, counts.labels), minlength=n * q).reshape(n, q)
    totals = counts.totals - given
    outside = (1 - totals.max(axis=1) / np.maximum(totals.sum(axis=1), 1)) * paired
    enough: npt.NDArray[np.bool_] = (paired >= MIN_UNITS) & (outside >= MIN_OUTSIDE)
    return enough


@dataclass(frozen=True, eq=False)
class LeaveOneOut:
    """Numbers of units by count pattern, with everybody and without each annotator.

    Parameters
    ----------
    sums : Sums
        The statistic, with one kind for each pattern that occurs with everybody or without somebody.
    everybody : ndarray of float64, shape (P,)
        Units of each kind.
    before, after : ndarray of int64, shape (n_ratings,)
        Kind of a label's unit with the label and without it; `after` is -1 if nothing is left.
    annotators : ndarray of int32, shape (n_ratings,)
        Who gave the label.
    """

    sums: Sums
    everybody: Floats
    before: Ints
    after: Ints
    annotators: Codes

    @classmethod
    def of(
        cls, counts: Counts, coefficient: Callable[[Counts], Coefficient], everyone: Coefficient
    ) -> LeaveOneOut | None:
        """None if the coefficient is not a function of the count patterns, or an annotator labelled a unit twice."""
        q = len(counts.categories)
        pairs = joint(counts.units, counts.n_annotators, counts.annotators)
        if len(pd.unique(pairs)) < len(pairs) or not q:
            return None
        of_unit, patterns = _patterns(counts)
        combined, place = np.unique(joint(of_unit[counts.units], q, counts.labels), return_inverse=True)
        reduced = patterns[combined // q]
        reduced[np.arange(len(combined)), combined % q] -= 1
        table = np.concatenate([patterns, reduced])
        sums, kind_of = _statistic(counts, table, coefficient)
        if sums is None or sums.width > _WIDEST:
            return None
        n = len(patterns)
        kinds = len(sums.multiplicity)
        everybody = np.bincount(kind_of[of_unit], minlength=kinds).astype(float)
        made = cls(sums, everybody, kind_of[of_unit][counts.units], kind_of[n:][place], counts.annotators)
        # A coefficient that also depends on who labelled what does not give its own value from the patterns.
        again = float(sums.parts(everybody[None, :]).value[0])
        return made if np.isclose(again, everyone.value, rtol=0, atol=1e-9, equal_nan=True) else None

    def units_without(self, who: Ints) -> Floats:
        """Units of each kind without each of these annotators; float64, shape (len(who), P)."""
        kinds, rank = len(self.everybody), np.full(int(self.annotators.max(initial=-1)) + 1, -1)
        rank[who] = np.arange(len(who))
        row = rank[self.annotators]
        gone, left = row >= 0, (row >= 0) & (self.after >= 0)
        size = len(who) * kinds
        change = np.bincount(row[left] * kinds + self.after[left], minlength=size)
        change = change - np.bincount(row[gone] * kinds + self.before[gone], minlength=size)
        return self.everybody + change.reshape(len(who), kinds)

    def table(self, who: Ints, *, draws: int, seed: int) -> Floats:
        """Value and ends of the 95 % interval without each of these annotators; shape (len(who), 3)."""
        step = max(1, _CELLS // max(len(self.everybody), 1))
        normal = np.random.default_rng(seed).standard_normal((draws, self.sums.width))
        found = [
            self._part(self.units_without(who[start : start + step]), normal) for start in range(0, len(who), step)
        ]
        return np.concatenate(found) if found else np.zeros((0, 3))

    def _part(self, weights: Floats, normal: Floats) -> Floats:
        rows = np.concatenate([self.sums.rows(part) for part in self.sums.slices()])
        totals = weights @ rows
        values = self.sums.made_of(totals).value
        squares = (rows * self.everybody[:, None]).T @ rows
        ends = np.empty((len(weights), 2))
        for place, each in enumerate(weights):
            changed = np.flatnonzero(each != self.everybody)
            moved = rows[changed] * (each - self.everybody)[changed, None]
            spread = squares + moved.T @ rows[changed]
            ends[place] = resampled_ends(self.sums, each.sum(), totals[place], spread, normal)
        return np.column_stack([values, ends])


def resampled_ends(sums: Sums, n: float, total: Floats, squares: Floats, normal: Floats) -> tuple[float, float]:
    """The 2.5 % and 97.5 % points of the statistic over resamples of the units.

    The sums over n units drawn with replacement have mean n·m and covariance n·S, where m and S are those of what a
    unit adds, and approach a normal distribution (Efron & Tibshirani 1993, chapter 5): they are drawn from it, and
    the statistic is computed from each draw. The same normal numbers are used for every annotator.
    """
    drawn = sums.made_of(total + normal @ _root(squares - np.outer(total, total) / n, np.diag(squares)).T).value
    defined = drawn[~np.isnan(drawn)]
    low, high = np.quantile(defined, [0.025, 0.975]) if len(defined) else (np.nan, np.nan)
    return float(low), float(high)


def _root(covariance: Floats, size: Floats) -> Floats:
    """A matrix that times its transpose is the covariance, but for its rounding; `size` is what it was a difference of.

    The sums depend on one another, such as the labels and the sum of the labels per category, so the covariance is
    singular, and rounding can leave it without a Cholesky factor. That is ten times as fast as the eigenvectors.
    """
    try:
        return np.asarray(np.linalg.cholesky(covariance + np.diag(_JITTER * size + np.finfo(float).tiny)))
    except np.linalg.LinAlgError:
        values, direction = np.linalg.eigh(covariance)
        return np.asarray(direction * np.sqrt(np.clip(values, 0, None)))


def _patterns(counts: Counts) -> tuple[Ints, Ints]:
    """The pattern of each unit, and the patterns as rows of the units × categories table."""
    order = np.lexsort((counts.labels, counts.units))
    m, labels = counts.per_unit, counts.labels[order]
    place = np.arange(len(labels)) - np.repeat(np.cumsum(m) - m, m)
    # Units × the largest number of labels is smaller than units × categories where there are many categories.
    listed = np.zeros((len(m), int(m.max(initial=0))), np.int64)
    listed[counts.units[order], place] = labels + np.int64(1)
    _, first, of_unit = np.unique(row_keys(listed)[0], return_index=True, return_inverse=True)
    row, column = np.nonzero(listed[first])
    rows = np.zeros((len(first), len(counts.categories)), np.int64)
    np.add.at(rows, (row, listed[first][row, column] - 1), 1)
    return of_unit, rows


def _statistic(counts: Counts, table: Ints, coefficient: Callable[[Counts], Coefficient]) -> tuple[Sums | None, Ints]:
    """The statistic with one unit for each row of the table, and its kind for each row; -1 for rows without labels."""
    in_use = np.flatnonzero(table.any(axis=1))
    row, labels = np.nonzero(table[in_use])
    times = table[in_use][row, labels]
    units, labels = np.repeat(row, times), np.repeat(labels, times)
    place = np.arange(len(units)) - np.searchsorted(units, units)
    small = replace(
        counts,
        units=units.astype(np.int32),
        annotators=place.astype(np.int32),
        labels=labels.astype(np.int32),
        unit_names=pd.RangeIndex(len(in_use)),
        annotator_names=pd.RangeIndex(int(place.max(initial=-1)) + 1),
        weights=None,
    )
    with observed() as found:
        coefficient(small)
    kind_of = np.full(len(table), -1)
    if len(found) != 1 or not isinstance(found[0], Sums):
        return None, kind_of
    sums = found[0]
    if sums.multiplicity is small.multiplicity:  # by pattern, in lexicographic order
        _, kind_of[in_use] = np.unique(row_keys(table[in_use])[0], return_inverse=True)
    elif len(sums.multiplicity) == len(in_use):  # by unit
        kind_of[in_use] = np.arange(len(in_use))
    else:
        return None, kind_of
    return sums, kind_of
