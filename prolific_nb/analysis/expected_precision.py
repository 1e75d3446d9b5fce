"""How wide the interval of a coefficient will be: the spread of what a unit adds to it, over the root of the units."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .coefficient import Coefficient
from .counts import Counts, Ints
from .intervals import Floats, Parts, Sums, ratio
from .leave_one_out import observed
from .unique_rows import joint, row_keys

Z = 1.959964  # the 97.5 % point of the normal distribution
# Studies of so many units are simulated to see how far their intervals are from the limit of many units.
_SMALL = (15, 30, 60, 120)
_STUDIES = 10, 150
_WORK = 2_000  # studies times sums, as far as there are at least the fewest of them
_STEP = 1e-6


def made_counts(labels: Ints | Floats, categories: tuple[Hashable, ...], ordered: bool) -> Counts:
    """The counts of simulated labels, shape (n_units, m), each column a different person.

    Labels are places in `categories`, or numbers, which are their own categories.
    """
    n, m = labels.shape
    if labels.dtype.kind == "f":
        values, labels = np.unique(labels, return_inverse=True)
        categories, ordered = tuple(values.tolist()), True
    return Counts(
        units=np.repeat(np.arange(n, dtype=np.int32), m),
        annotators=np.tile(np.arange(m, dtype=np.int32), n),
        labels=labels.astype(np.int32).ravel(),
        categories=categories,
        ordered=ordered,
        n_missing=0,
        n_unplaced=0,
        unit_names=pd.RangeIndex(n),
        annotator_names=pd.RangeIndex(m),
    )


def statistic_of(counts: Counts, coefficient: Callable[[Counts], Coefficient]) -> Sums | None:
    """What a coefficient sums over units; None if it is not a function of such sums."""
    with observed() as found:
        coefficient(counts)
    return found[0] if len(found) == 1 and isinstance(found[0], Sums) else None


def score_statistic(counts: Counts, scores: Floats) -> Sums:
    """The mean of a score per label, such as 1 for a win, over all labels."""
    patterns = counts.patterns
    table = np.column_stack([patterns @ scores, patterns.sum(axis=1)])

    def made_of(sums: Floats) -> Parts:
        mean = ratio(sums[:, 0], sums[:, 1])
        return Parts(mean, mean, np.zeros_like(mean))

    return Sums.of(table, counts.multiplicity, made_of)


def linearised(sums: Sums, rows: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """The coefficient in each sample, its standard error over units, and its gradient by the sums.

    The standard error is that of the linear part (Efron & Tibshirani 1993, chapter 22, the nonparametric delta
    method): the root of the sum over units of the squared influence of each.

    Parameters
    ----------
    sums : Sums
        The coefficient.
    rows : ndarray of float64, shape (P, width)
        What one unit of each kind adds to the sums.
    weights : ndarray of float64, shape (n, P)
        Units of each kind in each of n samples.

    Returns
    -------
    value, se : ndarray of float64, shape (n,)
    gradient : ndarray of float64, shape (n, width)
    """
    totals = weights @ rows
    size = totals.shape[1]
    step = _STEP * np.maximum(np.abs(totals).max(axis=1, initial=0), 1e-300)
    moves = np.eye(size)[None] * step[:, None, None]
    ends = [sums.made_of((totals[:, None, :] + sign * moves).reshape(-1, size)).value for sign in (1, -1)]
    gradient = (ends[0] - ends[1]).reshape(-1, size) / (2 * step[:, None])
    squares = gradient @ rows.T
    np.square(squares, out=squares)
    total = (totals * gradient).sum(axis=1)  # near 0, since the coefficients do not depend on the number of units
    spread = np.einsum("np,np->n", weights, squares) - total**2 / weights.sum(axis=1)
    return sums.made_of(totals).value, np.sqrt(np.maximum(spread, 0)), gradient


@dataclass(frozen=True)
class UnitSpread:
    """How a coefficient varies with the choice of units, for a number of labels per unit.

    Parameters
    ----------
    value : float
        The coefficient over very many units.
    sd : float
        Standard deviation of the influence of one unit: the standard error is this over the root of the units.
    shared : float
        Correlation of the influences of two units that were labelled by the same people.
    bend : tuple of float
        By a/n + b/n², how much narrower or wider the interval of n units is than in the limit, on average.
    """

    value: float
    sd: float
    shared: float
    bend: tuple[float, float]

    def half_width(self, n_units: float, per_person: float = 1) -> float:
        """Expected half-width of the 95 % interval that resamples units, as `agreement` prints it.

        Units that share their people differ less within a study than units at large, which makes it narrower.
        """
        together = min(per_person, n_units)
        alike = self.shared * (together - 1) / max(n_units - 1, 1)
        n = max(n_units, _SMALL[0])
        bent = 1 + self.bend[0] / n + self.bend[1] / n**2
        return Z * self.sd * math.sqrt(max(0.0, 1 - alike) / n_units) * bent

    def with_people(self, n_units: float, per_person: float) -> float:
        """Half-width that also covers the choice of people, each of whom labels `per_person` units."""
        together = min(per_person, n_units)
        return Z * self.sd * math.sqrt((1 + self.shared * (together - 1)) / n_units)


def unit_spread(sums: Sums, rng: np.random.Generator) -> UnitSpread:
    """The spread of a coefficient over the units that the statistic was made of, taken for a very large sample."""
    rows = all_rows(sums)
    n = int(sums.multiplicity.sum())
    value, se, _ = linearised(sums, rows, sums.multiplicity[None, :].astype(float))
    sd = float(se[0]) * math.sqrt(n)
    return UnitSpread(float(value[0]), sd, 0.0, _bend(sums, rows, sd, rng))


def all_rows(sums: Sums) -> Floats:
    """What one unit of each kind adds, shape (P, width)."""
    return np.concatenate([sums.rows(part) for part in sums.slices()])


def shared_variance(group: int, sums: Sums, counts: Counts) -> tuple[float, float]:
    """Covariance of the influences of two units of one group, and their variance, from simulated groups.

    The covariance is the mean product of two different units of a group, which is what one-way ANOVA estimates.
    """
    rows = all_rows(sums)
    _, _, gradient = linearised(sums, rows, sums.multiplicity[None, :].astype(float))
    influence = (rows @ gradient[0])[kinds_of(sums, counts)] * counts.n_units
    influence = (influence - influence.mean()).reshape(-1, group)
    products = influence.sum(axis=1) ** 2 - (influence**2).sum(axis=1)
    return float(products.mean() / (group * (group - 1))), float((influence**2).mean())


def kinds_of(sums: Sums, counts: Counts) -> Ints:
    """The kind of each unit in the statistic: by count pattern, in lexicographic order, or each unit its own."""
    n, q = counts.n_units, len(counts.categories)
    # Counting patterns of numbers would take a table of units × numbers, so their absence is asked for first.
    by_pattern = "_table" in vars(counts) and sums.multiplicity is counts.multiplicity
    if len(sums.multiplicity) == n and not by_pattern:
        return np.arange(n)
    table = np.bincount(joint(counts.units, q, counts.labels), minlength=n * q).reshape(n, q)
    kinds: Ints = np.unique(row_keys(table)[0], return_inverse=True)[1]
    return kinds


def _bend(sums: Sums, rows: Floats, sd: float, rng: np.random.Generator) -> tuple[float, float]:
    """Least squares of the mean standard error in small studies, relative to the limit, on 1/n and 1/n²."""
    if not sd > 0:
        return 0.0, 0.0
    size = np.array(_SMALL, dtype=float)
    found = np.array([_mean_se(sums, rows, n, rng) for n in _SMALL]) / (sd / np.sqrt(size)) - 1
    usable = np.isfinite(found)
    if usable.sum() < 2:
        return 0.0, 0.0
    terms = np.column_stack([1 / size, 1 / size**2])[usable]
    # Relative errors of a mean over studies fall with the root of the units.
    weight = np.sqrt(size[usable])[:, None]
    first, second = np.linalg.lstsq(terms * weight, found[usable] * weight[:, 0], rcond=None)[0]
    return float(first), float(second)


def _mean_se(sums: Sums, rows: Floats, n: int, rng: np.random.Generator) -> float:
    share = sums.multiplicity / sums.multiplicity.sum()
    studies = int(np.clip(_WORK // sums.width, *_STUDIES))
    if 10 * len(rows) <= n:
        weights = rng.multinomial(n, share, studies).astype(float)
        _, se, _ = linearised(sums, rows, weights)
    else:
        kind_of = np.repeat(np.arange(len(rows)), sums.multiplicity)
        drawn = kind_of[rng.integers(len(kind_of), size=(studies, n))]
        in_use, place = np.unique(drawn, return_inverse=True)
        cells = np.repeat(np.arange(studies), n) * len(in_use) + place.ravel()
        weights = np.bincount(cells, minlength=studies * len(in_use)).reshape(studies, -1).astype(float)
        _, se, _ = linearised(sums, rows[in_use], weights)
    defined = se[np.isfinite(se)]
    return float(defined.mean()) if len(defined) else math.nan
