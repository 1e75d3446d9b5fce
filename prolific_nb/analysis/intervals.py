"""Uncertainty of a coefficient over units: bootstrap and jackknife."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from .counts import Ints

Floats = npt.NDArray[np.float64]

ROUNDING = 1e-12  # two sums of positive terms that differ by less, relative to the larger, are equal; see `less`
# Numbers held at once: 2**21 are 16 MiB, however many units and draws there are.
_CELLS = 2**21
# One binomial draw costs about as much as drawing this many units individually.
_BINOMIAL = 10
_PICKED = 2**16  # units drawn at once: in the cache of a processor


class Parts(NamedTuple):
    """A coefficient with observed and expected agreement, each of shape (n,) and nan where undefined."""

    value: Floats
    observed: Floats
    expected: Floats


class Statistic(Protocol):
    """A coefficient as a function of how often each kind of unit is in the sample."""

    @property
    def multiplicity(self) -> Ints:
        """Units of each kind, shape (P,)."""

    def parts(self, weights: Floats) -> Parts:
        """Coefficient for units of each kind `weights` times, shape (n, P)."""

    def without_each(self) -> Floats:
        """Value with one unit of each kind left out, shape (P,)."""


@dataclass(frozen=True, eq=False)
class Sums:
    """A coefficient that depends on sums over units only.

    Parameters
    ----------
    multiplicity : ndarray of int64, shape (P,)
        Units of each kind; units of one kind add the same to each sum.
    rows : callable
        From a slice of the kinds to what one unit of each adds to the sums, shape (p, width). A small table is given
        as its ``__getitem__``; a large one is computed in parts.
    width : int
        Number of sums.
    made_of : callable
        From sums, shape (n, width), to `Parts`.
    """

    multiplicity: Ints
    rows: Callable[[slice], Floats]
    width: int
    made_of: Callable[[Floats], Parts]

    @classmethod
    def of(cls, statistics: Floats, multiplicity: Ints, made_of: Callable[[Floats], Parts]) -> Sums:
        """From a table of what each kind of unit adds, shape (P, width)."""
        return cls(multiplicity, statistics.__getitem__, statistics.shape[1], made_of)

    def parts(self, weights: Floats) -> Parts:
        """Coefficient for units of each kind `weights` times, shape (n, P)."""
        return self.made_of(self._sums(weights))

    def without_each(self) -> Floats:
        """Value with one unit of each kind left out, shape (P,)."""
        total = self._sums(self.multiplicity[None, :].astype(float))
        values = [self.made_of(total - self.rows(part)).value for part in self.slices()]
        return np.concatenate(values) if values else np.zeros(0)

    def _sums(self, weights: Floats) -> Floats:
        sums = np.zeros((len(weights), self.width))
        for part in self.slices():
            sums += weights[:, part] @ self.rows(part)
        return sums

    def slices(self) -> Iterator[slice]:
        """Parts of the kinds that are computed at once: an eighth of the limit, since intermediates may be larger."""
        kinds, step = len(self.multiplicity), max(1, _CELLS // 8 // max(self.width, 1))
        return (slice(start, min(start + step, kinds)) for start in range(0, kinds, step))


def draw(statistic: Statistic, *, draws: int, seed: int) -> Floats:
    """Values of a coefficient on resamples of the units.

    Units of one kind are interchangeable, so drawing n units with replacement is one multinomial draw of how often
    each kind occurs. This is the bootstrap over units (Efron & Tibshirani 1993, chapter 6), not an approximation.

    Parameters
    ----------
    statistic : Statistic
        Such as `Sums`.
    draws : int
        Number of resamples.
    seed : int
        Seed of the generator; the same seed gives the same draws.

    Returns
    -------
    ndarray of float64, shape (draws,)
        nan where the coefficient is undefined.

    Examples
    --------
    >>> share = lambda s: Parts(s[:, 1] / s[:, 0], s[:, 1], s[:, 0])
    >>> table = np.array([[1.0, 0.0], [1.0, 1.0]])          # two kinds of unit: number, successes
    >>> draw(Sums.of(table, np.array([50, 50]), share), draws=4, seed=0).shape
    (4,)
    """
    if not statistic.multiplicity.sum():
        return np.full(draws, np.nan)
    rng = np.random.default_rng(seed)
    step = max(1, _CELLS // len(statistic.multiplicity))
    sizes = [min(step, draws - start) for start in range(0, draws, step)]
    return np.concatenate([statistic.parts(_resamples(rng, statistic.multiplicity, size)).value for size in sizes])


def jackknife(statistic: Statistic) -> float:
    """Jackknife standard error over units; nan if leaving out some unit makes the coefficient undefined.

    Leaving out any of the units of one kind gives the same value, so it is computed once and weighted
    (Efron & Tibshirani 1993, equation 11.5).

    Examples
    --------
    >>> share = lambda s: Parts(s[:, 1] / s[:, 0], s[:, 1], s[:, 0])
    >>> table = np.array([[1.0, 0.0], [1.0, 1.0]])
    >>> jackknife(Sums.of(table, np.array([50, 50]), share))     # sqrt(.5 * .5 / 99)
    0.0502...
    """
    multiplicity = statistic.multiplicity
    n_units = int(multiplicity.sum())
    if n_units < 2:
        return float("nan")
    without = statistic.without_each()
    spread = multiplicity @ (without - multiplicity @ without / n_units) ** 2
    return float(np.sqrt((n_units - 1) / n_units * spread))


def _resamples(rng: np.random.Generator, multiplicity: Ints, size: int) -> Floats:
    """How often each kind of unit is in each resample, shape (size, P): by kinds, or unit by unit if that is less."""
    kinds, n_units = len(multiplicity), int(multiplicity.sum())
    if kinds * _BINOMIAL <= n_units:
        return rng.multinomial(n_units, multiplicity / n_units, size).astype(float)
    kind_of = np.repeat(np.arange(kinds), multiplicity)
    weights, together = np.empty((size, kinds)), max(1, _PICKED // n_units)
    for start in range(0, size, together):
        part = weights[start : start + together]
        picked = kind_of[rng.integers(n_units, size=(len(part), n_units))]
        picked += kinds * np.arange(len(part))[:, None]  # one count for all: a call for each takes longer than to count
        part[:] = np.bincount(picked.ravel(), minlength=part.size).reshape(part.shape)
    return weights


def ratio(above: Floats, below: Floats) -> Floats:
    """Quotient; nan where the divisor is not above 0."""
    quotient = np.full(np.broadcast(above, below).shape, np.nan)
    np.divide(above, below, out=quotient, where=below > 0)
    return quotient


def less(one: Floats, other: Floats) -> Floats:
    """``one - other``, and 0 where the two differ by rounding only.

    The two must be sums of terms of 0 or more. A sum of n such terms has a relative error of at most n · 1.1e-16, and
    in practice of √n times that, so two sums of a million terms that are equal differ by less than 1e-12 of their size.
    """
    rest: Floats = np.asarray(one - other, dtype=np.float64)
    return np.where(np.abs(rest) <= ROUNDING * np.maximum(np.abs(one), np.abs(other)), 0.0, rest)


def corrected(observed: Floats, expected: Floats) -> Parts:
    """``(observed - expected) / (1 - expected)``; nan where expected agreement is 1."""
    return Parts(ratio(less(observed, expected), less(np.ones_like(expected), expected)), observed, expected)
