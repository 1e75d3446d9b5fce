"""How often the aggregated label will be the true one, for a crowd and a number of annotators."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from .crowd_model import Crowd, Drawn
from .dawid_skene_em import maximise
from .expected_precision import made_counts
from .intervals import Floats

Aggregation = Literal["plurality", "dawid_skene"]
_ROUNDS = 100
_ENOUGH = 1e-6  # log-likelihood per label


def expected_accuracy(crowd: Crowd, drawn: Drawn, method: Aggregation = "plurality") -> Floats:
    """Share of the units whose aggregated label is true, with 1, 2, … m annotators; of tied labels one is drawn.

    Parameters
    ----------
    crowd : Crowd
        Who labels.
    drawn : Drawn
        Labels by this crowd.
    method : {"plurality", "dawid_skene"}
        The label with most votes, or the most probable one by the method of Dawid & Skene (1979), run on these labels
        with as many units per person as they have.

    Returns
    -------
    ndarray of float64, shape (m,)
    """
    q, (n, m) = len(crowd.prevalence), drawn.labels.shape
    if method == "dawid_skene":
        return np.array([_right(_probable(drawn, k, q), drawn) for k in range(1, m + 1)])
    votes = np.zeros((n, q))
    right = np.empty(m)
    for k in range(m):
        votes[np.arange(n), drawn.labels[:, k]] += 1
        right[k] = _right(votes, drawn)
    return right


def _right(votes: Floats, drawn: Drawn) -> float:
    first = votes >= votes.max(axis=1, keepdims=True) - 1e-9
    return float((first[np.arange(len(votes)), drawn.truth] / first.sum(axis=1)).mean())


def _probable(drawn: Drawn, k: int, q: int) -> Floats:
    """Posteriors of the units from their first `k` labels, shape (n_units, q)."""
    counts = made_counts(drawn.labels[:, :k], tuple(range(q)), False)
    group = np.arange(len(drawn.labels), dtype=np.int32) // np.int32(drawn.group)
    people = np.repeat(group, k) * np.int32(k) + counts.annotators
    counts = replace(counts, annotators=people)
    fit = maximise(counts, np.full(len(drawn.labels), -1), _ROUNDS, _ENOUGH * counts.n_ratings)
    return np.ascontiguousarray(fit.posteriors.T)
