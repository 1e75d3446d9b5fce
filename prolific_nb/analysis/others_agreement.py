"""Each person's agreement with the others on the same units, and how far their labels depend on the units at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .answer_codes import Labels, totals
from .counts import Ints
from .intervals import Floats, ratio
from .proportions import NORMAL, wilson
from .typical_annotator import Typical
from .unique_rows import joint

GRID = np.linspace(0, 1, 21)
_INTERVAL = NORMAL.inv_cdf(0.975) ** 2 / 2
_TINY = 1e-12


@dataclass(frozen=True, eq=False)
class WithOthers:
    """Statistics of the labels that have others on the same unit; one entry per person, nan where there are none.

    Parameters
    ----------
    n : ndarray of float64, shape (n_people,)
        Labels on units that others labelled too.
    agreement : ndarray
        Mean over these of the share of the others who gave the same label.
    expected : ndarray
        The same if the person's labels were shuffled over their units, on average over all shuffles.
    entropy, entropy_others : ndarray
        In bits, of the person's labels, and of the others' labels on the same units.
    likelihood : ndarray, shape (n_people, 21)
        Log-likelihood of the share of informative labels, at `GRID`.
    """

    n: Floats
    agreement: Floats
    expected: Floats
    entropy: Floats
    entropy_others: Floats
    likelihood: Floats

    def agreement_interval(self) -> tuple[Floats, Floats]:
        """95 % interval of the agreement over units (Wilson), rather too wide than too narrow."""
        return wilson(self.agreement, self.n)

    def corrected(self, agreement: Floats) -> Floats:
        """Agreement corrected for chance: (observed - expected) / (1 - expected), as Cohen (1960) does."""
        return ratio(agreement - self.expected, 1 - self.expected)

    def informative(self, drop: float = _INTERVAL) -> tuple[Floats, Floats, Floats]:
        """Maximum-likelihood share of informative labels, and where the log-likelihood is `drop` lower.

        By default the 95 % interval from the likelihood ratio.
        """
        best = self.likelihood.argmax(axis=1)
        over = self.likelihood - self.likelihood.max(axis=1, keepdims=True) + drop
        low, high = _crossing(over, best, -1), _crossing(over, best, 1)
        nobody = np.where(self.n > 0, 0.0, np.nan)
        return GRID[best] + nobody, low + nobody, high + nobody


def _crossing(over: Floats, best: Ints, step: int) -> Floats:
    """Where the curve, above 0 at its best place, crosses 0 in one direction; the end of the grid if it does not."""
    size = len(GRID)
    at = over if step == 1 else over[:, ::-1]
    start = best if step == 1 else size - 1 - best
    below = (at < 0) & (np.arange(size) > start[:, None])
    first = np.where(below.any(axis=1), below.argmax(axis=1), size)
    rows = np.arange(len(over))
    inside, outside = at[rows, np.minimum(first, size - 1) - 1], at[rows, np.minimum(first, size - 1)]
    part = np.where(first < size, inside / np.maximum(inside - outside, _TINY), 0)
    place = np.where(first < size, first - 1 + part, size - 1) * (GRID[1] - GRID[0])
    return np.asarray(np.clip(place if step == 1 else 1 - place, 0, 1))


def with_others(questions: Sequence[Labels], typical: Sequence[Typical], n_people: int) -> WithOthers:
    """The statistics over all questions; each label counts once."""
    sums = np.zeros((5, n_people))
    likelihood = np.zeros((n_people, len(GRID)))
    for labels, crowd in zip(questions, typical, strict=True):
        shared = np.flatnonzero(crowd.per_unit[labels.units] > 1)
        who, units, own = labels.who[shared], labels.units[shared], labels.labels[shared]
        sums += _sums(crowd, who, units, own, n_people)
        likelihood += _likelihood(crowd, who, units, own, n_people)
    n = sums[0]
    agreement, expected, entropy, others = (ratio(each, n) for each in sums[1:])
    return WithOthers(n, np.minimum(agreement, 1.0), expected, entropy, others, likelihood)


def _sums(crowd: Typical, who: Ints, units: Ints, own: Ints, n_people: int) -> Floats:
    """Sums over the labels of one question; float64, shape (5, n_people)."""
    q = crowd.q
    n = totals(who, n_people)
    others = crowd.per_unit[units] - 1.0
    same = totals(who, n_people, (crowd.counts[units, own] - 1) / others)
    mine = totals(joint(who, q, own), n_people * q).reshape(n_people, q)
    theirs = np.empty((n_people, q))
    for label in range(q):
        share = (crowd.counts[units, label] - (own == label)) / others
        theirs[:, label] = totals(who, n_people, share)
    expected = (mine * ratio(theirs, n[:, None])).sum(axis=1, where=n[:, None] > 0)
    return np.array([n, same, expected, n * _entropy(ratio(mine, n[:, None])), n * _entropy(ratio(theirs, n[:, None]))])


def _entropy(shares: Floats) -> Floats:
    shares = np.nan_to_num(shares)
    return np.asarray(-(shares * np.log2(np.where(shares > 0, shares, 1))).sum(axis=1))


def _likelihood(crowd: Typical, who: Ints, units: Ints, own: Ints, n_people: int) -> Floats:
    """Log-likelihood of the share of informative labels; float64, shape (n_people, 21).

    With probability λ a label is that of a typical annotator of this unit, else it is drawn from the person's habit,
    whatever the unit is. Habits are the person's other labels, with half a label of each kind added. A person whose
    labels are all drawn from a habit is a spammer as Raykar & Yu (2012) define it: the labels do not depend on truth.
    """
    q = crowd.q
    typical = crowd.chance_of_own(units, own)
    cells = joint(who, q, own)
    often = totals(cells, n_people * q)
    n = totals(who, n_people)
    habit = (often[cells] - 1 + q / 2 * crowd.often[own]) / (n[who] - 1 + q / 2)
    found = np.empty((n_people, len(GRID)))
    # Logarithms of 32 bits take a quarter of the time, and their sums differ by less than 0.001.
    base, change = habit.astype(np.float32), (typical - habit).astype(np.float32)
    buffer = np.empty_like(base)
    for place, share in enumerate(GRID.astype(np.float32)):
        np.multiply(change, share, out=buffer)
        buffer += base
        np.log(buffer, out=buffer)
        found[:, place] = totals(who, n_people, buffer)
    return found


def dependence(labels: Labels, crowd: Typical, rows: Ints, n_people: int) -> tuple[Floats, Floats]:
    """Whether the labels of people vary with those of the others on the same units, in whatever direction.

    The statistic is the share of the variation of the others' labels that the person's own labels explain, as in the
    analysis of variance of Light & Margolin (1971) for categorical data. Under shuffles of a person's labels over
    their units its mean is exact; its distribution is approximated by that of a multiple of χ² (Satterthwaite 1946).

    Parameters
    ----------
    rows : ndarray of int64
        The labels of the people to look at.

    Returns
    -------
    statistic, df : ndarray of float64, shape (n_people,)
        Sums over questions are χ² with the sums of the degrees of freedom; 0 where a person always gave one label.
    """
    rows = rows[crowd.per_unit[labels.units[rows]] > 1]
    who, units, own = labels.who[rows], labels.units[rows], labels.labels[rows]
    q = crowd.q
    shares = crowd.counts[units].astype(float)
    shares[np.arange(len(rows)), own] -= 1
    shares /= shares.sum(axis=1, keepdims=True)
    present, person = np.unique(who, return_inverse=True)
    n = totals(person, len(present))[:, None]
    mean = _sums_by(person, shares, len(present)) / n
    shares -= mean[person]
    cells, cell = np.unique(joint(person, q, own), return_inverse=True)
    size = totals(cell, len(cells))
    between = totals(cells // q, len(present), (_sums_by(cell, shares, len(cells)) ** 2).sum(axis=1) / size)
    total = totals(person, len(present), (shares**2).sum(axis=1))
    spread = np.empty(len(present))
    ends = np.cumsum(n[:, 0]).astype(int)
    ranked = shares[np.argsort(person, kind="stable")]
    for place, (start, end) in enumerate(zip(ends - n[:, 0].astype(int), ends, strict=True)):
        spread[place] = np.square(ranked[start:end].T @ ranked[start:end]).sum()
    used = totals(cells // q, len(present)) - 1
    df = used * ratio(total**2, spread)
    statistic = ratio((n[:, 0] - 1) * between * df, total * used)
    found = np.zeros((2, n_people))
    found[:, present] = np.nan_to_num([statistic, df])
    return found[0], found[1]


def _sums_by(codes: Ints, rows: Floats, size: int) -> Floats:
    return np.stack([totals(codes, size, column) for column in rows.T], axis=1)
