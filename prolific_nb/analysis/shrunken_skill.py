"""Posteriors from few labels per annotator: Dawid-Skene with error rates that are pulled to one common accuracy.

Maximum likelihood (`dawid_skene`) needs many labels per annotator, and at least three per unit to tell a truth from a
habit. While answers are still being bought there are fewer, so each annotator's error rates get a Dirichlet prior: as
if they had labelled `STRENGTH` more units of each truth, right with the accuracy that all annotators have together and
wrong evenly. With many labels the prior no longer matters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .aggregate import refuse_large, shares, tally
from .counts import Counts
from .dawid_skene_em import PlacedLabels, placed_labels, truths_of
from .intervals import Floats

STRENGTH = 5.0
"""Units of each truth that the prior of an annotator is worth; on the data of Snow et al. 2008, 4 to 10 do as well."""
_ROUNDS, _ENOUGH = 100, 1e-4  # of a posterior: less does not change which units are asked


class Skill(NamedTuple):
    """Estimates of `shrunken_skill`.

    Parameters
    ----------
    posteriors : ndarray of float64, shape (n_units, q)
        Probability of each truth of each unit; the rows sum to 1.
    confusion : ndarray of float64, shape (q, q)
        Probability of each label (column) given the truth (row) for an annotator of whom nothing is known.
    prevalence : ndarray of float64, shape (q,)
        Share of the units of each truth.
    """

    posteriors: Floats
    confusion: Floats
    prevalence: Floats


def shrunken_skill(counts: Counts, strength: float = STRENGTH) -> Skill:
    """Posteriors of the units and the error rates of a new annotator, by EM with a prior (maximum a posteriori).

    The E step is that of Dawid & Skene (1979, equation 2.5). In the M step each annotator's expected counts are added
    to the prior's (Gelman et al. 2013, section 3.4); the accuracy of the prior is re-estimated from all labels
    (empirical Bayes), and so is the prevalence, to which one unit of each truth is added.

    Raises
    ------
    DataError
        A table would not fit into memory.
    """
    n, q = counts.n_annotators, len(counts.categories)
    refuse_large(n * q * q, f"{n:,} annotators times {q:,} by {q:,} categories")
    posteriors: Floats = np.ascontiguousarray(shares(tally(counts)).T)  # truth first, as in `dawid_skene`
    placed, nothing_known = placed_labels(counts), np.zeros(posteriors.shape, dtype=np.bool_)
    for _ in range(_ROUNDS if counts.n_ratings else 0):
        given = _given(placed, posteriors)
        said = given + strength * _one_accuracy(given)[:, None, :]
        said /= said.sum(axis=2, keepdims=True)
        before, (posteriors, _) = posteriors, truths_of(placed, _prevalence(posteriors), said, nothing_known)
        if np.abs(posteriors - before).max(initial=0) < _ENOUGH:
            break
    given = _given(placed, posteriors)
    pooled = given.sum(axis=1) + strength * _one_accuracy(given)
    return Skill(
        np.ascontiguousarray(posteriors.T), pooled / pooled.sum(axis=1, keepdims=True), _prevalence(posteriors)
    )


def _given(placed: PlacedLabels, posteriors: Floats) -> Floats:
    """Expected number of labels by truth, annotator and label; shape (q, n_annotators, q)."""
    n, q = placed.shape
    sums = [placed.sums(chances, placed.units, placed.cells, n * q) for chances in posteriors]
    return np.array(sums).reshape(len(posteriors), n, q)


def _one_accuracy(given: Floats) -> Floats:
    """Error rates of somebody who is right as often as all together are, and else gives any other label; (q, q)."""
    q = len(given)
    by_label = given.sum(axis=1)
    right = (np.trace(by_label) + 1) / (by_label.sum() + max(q, 1))
    table: Floats = np.where(np.eye(q, dtype=bool), right, (1 - right) / max(q - 1, 1))
    return table


def _prevalence(posteriors: Floats) -> Floats:
    total: Floats = posteriors.sum(axis=1) + 1
    share: Floats = total / total.sum()
    return share
