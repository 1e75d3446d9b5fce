"""How far a coefficient would move with other units: resampling of units, and the jackknife over units."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from .counts import Ints

Floats = npt.NDArray[np.float64]

# Draws held at once: 2**21 counts are 16 MiB, however many patterns there are.
_CELLS = 2**21


def draw(statistics: Floats, multiplicity: Ints, value: Callable[[Floats], Floats], *, draws: int, seed: int) -> Floats:
    """Values of a coefficient on resamples of the units.

    Units with the same pattern are interchangeable, so drawing n units with replacement is one multinomial draw of
    pattern counts. This is the bootstrap over units (Efron & Tibshirani 1993, chapter 6), not an approximation of it.

    Parameters
    ----------
    statistics : ndarray of float64, shape (P, s)
        What one unit of each pattern adds to the sums that the coefficient is made of.
    multiplicity : ndarray of int64, shape (P,)
        Units with each pattern.
    value : callable
        From sums, shape (n, s), to values, shape (n,); nan where undefined.
    draws : int
        Number of resamples.
    seed : int
        Seed of the generator; the same seed gives the same draws.

    Returns
    -------
    ndarray of float64, shape (draws,)

    Examples
    --------
    >>> sums = np.array([[1.0, 0.0], [1.0, 1.0]])          # two patterns: how many units, how many successes
    >>> draw(sums, np.array([50, 50]), lambda s: s[:, 1] / s[:, 0], draws=4, seed=0).shape
    (4,)
    """
    n_units = int(multiplicity.sum())
    if not n_units:
        return np.full(draws, np.nan)
    rng = np.random.default_rng(seed)
    share = multiplicity / n_units
    step = max(1, _CELLS // len(share))
    sizes = [min(step, draws - start) for start in range(0, draws, step)]
    return np.concatenate([value(rng.multinomial(n_units, share, size).astype(float) @ statistics) for size in sizes])


def jackknife(statistics: Floats, multiplicity: Ints, value: Callable[[Floats], Floats]) -> float:
    """Jackknife standard error over units; nan if leaving out some unit makes the coefficient undefined.

    Leaving out any of the units with one pattern gives the same value, so it is computed once and weighted
    (Efron & Tibshirani 1993, equation 11.5).

    Parameters
    ----------
    statistics, multiplicity, value
        As for `draw`.

    Examples
    --------
    >>> sums = np.array([[1.0, 0.0], [1.0, 1.0]])
    >>> jackknife(sums, np.array([50, 50]), lambda s: s[:, 1] / s[:, 0])     # sqrt(.5 * .5 / 99)
    0.0502...
    """
    n_units = int(multiplicity.sum())
    if n_units < 2:
        return float("nan")
    without = value(multiplicity @ statistics - statistics)
    spread = multiplicity @ (without - multiplicity @ without / n_units) ** 2
    return float(np.sqrt((n_units - 1) / n_units * spread))
