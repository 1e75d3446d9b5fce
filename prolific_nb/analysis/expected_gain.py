"""How much surer the label of a unit is expected to be after more votes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations_with_replacement
from math import comb, factorial

import numpy as np

from .intervals import Floats

HORIZON = 3
"""Votes to look ahead. One vote against two of the same cannot change a label, so a single step would see no gain."""
_MOST_OUTCOMES = 300  # with many categories fewer votes are looked ahead
_CELLS = 2**20


def expected_gain(posteriors: Floats, confusion: Floats, horizon: int = HORIZON) -> Floats:
    """Expected increase of the probability that the most probable label is right, per further vote.

    With k votes of new annotators, outcome c (how many of them gave each label) has the joint probability
    ``k! / prod(c!) · p[j] · prod(confusion[j] ** c)`` with truth j. Afterwards the most probable truth is chosen, so
    the value of k votes is the sum over the outcomes of the largest of these, less the largest posterior now: the
    expected value of sample information (Raiffa & Schlaifer 1961). It is never negative. Since the first of several
    votes can be worth nothing alone, the best value per vote over 1 to `horizon` votes counts (Frazier & Powell 2010,
    Decision Analysis 7(4), 378-403).

    Parameters
    ----------
    posteriors : ndarray of float64, shape (n_units, q)
        Probability of each truth; rows sum to 1.
    confusion : ndarray of float64, shape (q, q)
        Probability of each label (column) given the truth (row) for a new annotator.
    horizon : int
        The most votes to look ahead.

    Returns
    -------
    ndarray of float64, shape (n_units,)
        Probability per vote.

    Examples
    --------
    Annotators are right in 80 %. One vote decides a tie; three are needed to overrule two against none:

    >>> right = np.array([[0.8, 0.2], [0.2, 0.8]])
    >>> after = np.array([[0.5, 0.5], [16 / 17, 1 / 17]])
    >>> expected_gain(after, right, horizon=1).round(3).tolist()
    [0.3, 0.0]
    >>> expected_gain(after, right).round(3).tolist()
    [0.3, 0.008]
    """
    now = posteriors.max(axis=1, initial=0)
    best = np.zeros(len(posteriors))
    step = max(1, _CELLS // max(posteriors.shape[1], 1))
    for start in range(0, len(posteriors), step):
        part = slice(start, start + step)
        for votes in _votes(posteriors.shape[1], horizon):
            after = sum((posteriors[part] * joint).max(axis=1) for joint in _outcomes(confusion, votes))
            np.maximum(best[part], (after - now[part]) / votes, out=best[part])
    return np.where(best > 1e-12, best, 0.0)  # else it is rounding


def _votes(q: int, horizon: int) -> list[int]:
    """Numbers of votes whose outcomes are few enough; one vote always."""
    return [k for k in range(1, horizon + 1) if k == 1 or comb(k + q - 1, k) <= _MOST_OUTCOMES] if q else []


def _outcomes(confusion: Floats, votes: int) -> Iterator[Floats]:
    """Probability of each outcome of so many votes for each truth; shape (q,) each."""
    q = len(confusion)
    for labels in combinations_with_replacement(range(q), votes):
        times = np.bincount(labels, minlength=q)
        orders = factorial(votes) // int(np.prod([factorial(int(each)) for each in times]))
        yield orders * np.prod(confusion[:, labels], axis=1)
