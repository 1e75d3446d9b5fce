"""The rounds of Dawid & Skene's (1979) EM, each two passes over the labels for every category."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .aggregate import refuse_large, shares, tally
from .counts import Counts, Ints
from .intervals import Floats


class Fit(NamedTuple):
    """Where EM has come to; truths come first in every array, so that each is worked on in one piece."""

    posteriors: Floats  # (q, n_units)
    said: Floats  # (q, n_annotators, q): truth, annotator, label
    seen: Floats  # (q, n_annotators): expected labels of units of each truth
    trace: list[float]
    converged: bool


class _Placed(NamedTuple):
    """The labels in an order that is fast to go through."""

    units: Ints  # (n_ratings,)
    cells: Ints  # (n_ratings,): annotator and label as one code
    n_units: int
    shape: tuple[int, int]  # (n_annotators, q)
    room: Floats  # (n_ratings,): room for one number per label; asking for it anew costs more than filling it

    def sums(self, per: Floats, of: Ints, by: Ints, size: int) -> Floats:
        """Sum over the labels of what `per` holds for each, by another of their codes; shape (size,)."""
        np.take(per, of, out=self.room, mode="clip")  # the codes are known to be good, and checking them costs
        sums: Floats = np.bincount(by, weights=self.room, minlength=size).astype(np.float64, copy=False)
        return sums


def maximise(counts: Counts, known: Ints, max_iterations: int, enough: float) -> Fit:
    """Maximum likelihood by EM, from the shares of the labels of each unit.

    Parameters
    ----------
    counts : Counts
        The labels.
    known : ndarray of int64, shape (n_units,)
        Place of the truth of each unit among the categories, -1 where it is not known.
    max_iterations : int
        Rounds at most.
    enough : float
        Stop when a round adds no more than this to the log-likelihood.

    Raises
    ------
    DataError
        A table would not fit into memory.
    """
    n, q = counts.n_annotators, len(counts.categories)
    refuse_large(n * q * q, f"{n:,} annotators times {q:,} by {q:,} categories")
    posteriors: Floats = np.ascontiguousarray(shares(tally(counts)).T)
    if not counts.n_ratings:
        return Fit(posteriors, np.zeros((q, n, q)), np.zeros((q, n)), [], True)
    fixed = known >= 0
    wrong = fixed & (np.arange(q)[:, None] != known)
    posteriors[:, fixed] = ~wrong[:, fixed]
    placed = _placed(counts)
    trace: list[float] = []
    while True:
        said, seen = _errors(placed, posteriors)
        posteriors, likelihood = _truths(placed, posteriors.mean(axis=1), said, wrong)
        trace.append(likelihood)
        converged = len(trace) > 1 and trace[-1] - trace[-2] <= enough
        if converged or len(trace) == max_iterations:
            return Fit(posteriors, said, seen, trace, converged)


def _placed(counts: Counts) -> _Placed:
    # Going through one person's labels after another's keeps what they look up close together in memory.
    order = np.lexsort((counts.units, counts.annotators))
    units, annotators, labels = (
        each[order].astype(np.int64) for each in (counts.units, counts.annotators, counts.labels)
    )
    q = len(counts.categories)
    return _Placed(units, annotators * q + labels, counts.n_units, (counts.n_annotators, q), np.empty(len(units)))


def _errors(placed: _Placed, posteriors: Floats) -> tuple[Floats, Floats]:
    """M step: chances of each label for each truth and annotator, and the expected labels they rest on.

    Where an annotator saw no unit of a truth, every chance fits equally well. They stay 0, so that nobody's label
    counts for a truth they have never met: else five people with a label each, all alike, would be overruled by what
    is common elsewhere.
    """
    said = np.empty((len(posteriors), *placed.shape))
    for truth, chances in zip(said, posteriors, strict=True):
        truth[:] = placed.sums(chances, placed.units, placed.cells, truth.size).reshape(truth.shape)
    seen = said.sum(axis=2, keepdims=True)
    np.divide(said, seen, out=said, where=seen > 0)
    return said, seen[:, :, 0]


def _truths(placed: _Placed, prevalence: Floats, said: Floats, wrong: npt.NDArray[np.bool_]) -> tuple[Floats, float]:
    """E step: posteriors of the truths, and the log-likelihood of the labels."""
    with np.errstate(divide="ignore"):  # what is impossible has a logarithm of minus infinity
        log_prevalence, log_said = np.log(prevalence), np.log(said).reshape(len(said), -1)
    joint = np.empty((len(said), placed.n_units))
    for truth, log_chances in enumerate(log_said):
        joint[truth] = placed.sums(log_chances, placed.cells, placed.units, placed.n_units)
    joint += log_prevalence[:, None]
    joint[wrong] = -np.inf
    top = joint.max(axis=0, initial=-np.inf)
    joint -= top  # the largest becomes 0, so that products of many chances do not vanish
    np.exp(joint, out=joint)
    total = joint.sum(axis=0)
    joint /= total
    return joint, float((np.log(total) + top).sum())
