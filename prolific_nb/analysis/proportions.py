"""Shares of few cases: intervals, and how improbable a count is."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from .intervals import Floats

NORMAL = NormalDist()
_Z95 = NORMAL.inv_cdf(0.975)


def wilson(share: Floats, n: Floats) -> tuple[Floats, Floats]:
    """95 % score interval of shares (Wilson 1927); nan where `n` is 0.

    Parameters
    ----------
    share, n : ndarray of float64, the same shape
        Shares, and the number of cases behind each. For a mean of numbers between 0 and 1 with the same `n` the
        interval is too wide rather than too narrow, since their variance is at most that of zeros and ones.

    Examples
    --------
    >>> low, high = wilson(np.array([1.0]), np.array([10.0]))
    >>> low.round(3).tolist(), high.tolist()
    ([0.722], [1.0])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 1 + _Z95**2 / n
        centre = (share + _Z95**2 / (2 * n)) / scale
        half = _Z95 / scale * np.sqrt(share * (1 - share) / n + _Z95**2 / (4 * n * n))
    known = n > 0
    low, high = np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


@lru_cache(maxsize=65536)
def binomial_at_most(k: int, n: int, p: float) -> float:
    """Probability of at most `k` successes of `n`, each with probability `p`.

    Examples
    --------
    >>> round(binomial_at_most(1, 4, 0.7), 4)
    0.0837
    """
    if k >= n or p <= 0:
        return 1.0
    if p >= 1:
        return 0.0
    log_p, log_q = math.log(p), math.log1p(-p)
    terms = (math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * log_p + (n - i) * log_q
             for i in range(k + 1))  # fmt: skip
    return min(1.0, sum(map(math.exp, terms)))


def at_most(k: Floats, n: Floats, p: Floats | float) -> Floats:
    """`binomial_at_most` of each entry; probabilities are rounded to thousandths, which makes many entries equal."""
    chances = np.round(np.broadcast_to(p, k.shape), 3)
    rows = zip(k.tolist(), n.tolist(), chances.tolist(), strict=True)
    return np.array([binomial_at_most(round(a), round(b), c) for a, b, c in rows])


def at_least(k: Floats, n: Floats, p: Floats | float) -> Floats:
    """Probability of at least `k` successes of `n` for each entry.

    Examples
    --------
    >>> at_least(np.array([10.0]), np.array([10.0]), 0.5).round(5).tolist()
    [0.00098]
    """
    return at_most(n - k, n, 1 - np.asarray(p))


def hoeffding(count: Floats, n: Floats, mean: Floats) -> Floats:
    """Bound on the probability of at least `count` successes of `n` with different probabilities of this mean.

    Hoeffding (1963), theorem 1: exp(-n · KL(count / n, mean)).

    Examples
    --------
    >>> hoeffding(np.array([10.0]), np.array([10.0]), np.array([0.5])).round(5).tolist()  # 0.5 ** 10
    [0.00098]
    """
    share = np.clip(count / np.maximum(n, 1), 1e-12, 1 - 1e-12)
    mean = np.clip(mean, 1e-12, 1 - 1e-12)
    distance = share * np.log(share / mean) + (1 - share) * np.log((1 - share) / (1 - mean))
    return np.where(share > mean, np.exp(-n * distance), 1.0)


def chi_square_above(value: Floats, df: Floats) -> Floats:
    """Probability that χ² with `df` degrees of freedom, not always whole, exceeds a value (Wilson & Hilferty 1931).

    Examples
    --------
    >>> chi_square_above(np.array([3.841, 9.488]), np.array([1.0, 4.0])).round(2).tolist()
    [0.05, 0.05]
    """
    df = np.maximum(df, 1e-9)
    spread = 2 / (9 * df)
    z = (np.cbrt(np.maximum(value, 0) / df) - (1 - spread)) / np.sqrt(spread)
    return np.array([1 - NORMAL.cdf(float(each)) for each in z])
