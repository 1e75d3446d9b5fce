"""The EM iterations of Dawid & Skene (1979): two passes over the labels for every category."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .aggregate import refuse_large, shares, tally
from .counts import Counts, Ints
from .intervals import Floats


class Fit(NamedTuple):
    """Estimates of EM. The truth is the first axis of every array, so that each truth is contiguous in memory."""

    posteriors: Floats  # (q, n_units)
    said: Floats  # (q, n_annotators, q): truth, annotator, label
    seen: Floats  # (q, n_annotators): expected labels of units of each truth
    trace: list[float]
    converged: bool


class PlacedLabels(NamedTuple):
    """The labels, sorted for fast access."""

    units: Ints  # (n_ratings,)
    cells: Ints  # (n_ratings,): annotator and label as one code
    n_units: int
    shape: tuple[int, int]  # (n_annotators, q)
    buffer: Floats  # (n_ratings,): one number per label; allocating it anew costs more than filling it

    def sums(self, per: Floats, of: Ints, by: Ints, size: int) -> Floats:
        """Look up `per` for the code `of` of each label and sum by the code `by`; float64, shape (size,)."""
        np.take(per, of, out=self.buffer, mode="clip")  # the codes are valid; checking them takes time
        sums: Floats = np.bincount(by, weights=self.buffer, minlength=size).astype(np.float64, copy=False)
        return sums


def maximise(counts: Counts, known: Ints, max_iterations: int, enough: float) -> Fit:
    """Maximum likelihood by EM, starting from the shares of the labels of each unit.

    Parameters
    ----------
    counts : Counts
        The labels.
    known : ndarray of int64, shape (n_units,)
        Code of the truth of each unit among the categories, -1 where unknown.
    max_iterations : int
        Maximum number of iterations.
    enough : float
        Stop when an iteration adds at most this to the log-likelihood.

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
    placed = placed_labels(counts)
    trace: list[float] = []
    while True:
        said, seen = _errors(placed, posteriors)
        posteriors, likelihood = truths_of(placed, posteriors.mean(axis=1), said, wrong)
        trace.append(likelihood)
        converged = len(trace) > 1 and trace[-1] - trace[-2] <= enough
        if converged or len(trace) == max_iterations:
            return Fit(posteriors, said, seen, trace, converged)


def placed_labels(counts: Counts) -> PlacedLabels:
    """The labels sorted by annotator."""
    # Sorted by annotator, lookups stay close together in memory.
    order = np.lexsort((counts.units, counts.annotators))
    units, annotators, labels = (
        each[order].astype(np.int64) for each in (counts.units, counts.annotators, counts.labels)
    )
    q = len(counts.categories)
    return PlacedLabels(units, annotators * q + labels, counts.n_units, (counts.n_annotators, q), np.empty(len(units)))


def _errors(placed: PlacedLabels, posteriors: Floats) -> tuple[Floats, Floats]:
    """M step: probability of each label for each truth and annotator, and the expected number of labels behind it.

    Where an annotator saw no unit of a truth, the likelihood does not determine the probabilities. They stay 0, so
    that a label is not evidence for a truth that its annotator never saw; otherwise five annotators with one identical
    label each would be overruled by the prevalence elsewhere.
    """
    said = np.empty((len(posteriors), *placed.shape))
    for truth, chances in zip(said, posteriors, strict=True):
        truth[:] = placed.sums(chances, placed.units, placed.cells, truth.size).reshape(truth.shape)
    seen = said.sum(axis=2, keepdims=True)
    np.divide(said, seen, out=said, where=seen > 0)
    return said, seen[:, :, 0]


def truths_of(
    placed: PlacedLabels, prevalence: Floats, said: Floats, wrong: npt.NDArray[np.bool_]
) -> tuple[Floats, float]:
    """E step: posteriors of the truths, and the log-likelihood of the labels."""
    with np.errstate(divide="ignore"):  # the logarithm of an impossible event is minus infinity
        log_prevalence, log_said = np.log(prevalence), np.log(said).reshape(len(said), -1)
    joint = np.empty((len(said), placed.n_units))
    for truth, log_chances in enumerate(log_said):
        joint[truth] = placed.sums(log_chances, placed.cells, placed.units, placed.n_units)
    joint += log_prevalence[:, None]
    joint[wrong] = -np.inf
    top = joint.max(axis=0, initial=-np.inf)
    joint -= top  # the largest becomes 0, which prevents underflow
    np.exp(joint, out=joint)
    total = joint.sum(axis=0)
    joint /= total
    return joint, float((np.log(total) + top).sum())
