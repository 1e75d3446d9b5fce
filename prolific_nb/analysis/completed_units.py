"""The units of a pilot with any number of labels: fewer are drawn from theirs, more are predicted by the model."""

from __future__ import annotations

import numpy as np

from .counts import Counts, Ints
from .crowd_fit import posteriors
from .crowd_model import Crowd, chosen, dirichlet


def listed_labels(counts: Counts) -> Ints:
    """The labels of each unit with two or more, -1 in the places left over; shape (n_paired, most labels)."""
    order = np.argsort(counts.units, kind="stable")
    m = counts.per_unit
    place = np.arange(len(order)) - np.repeat(np.cumsum(m) - m, m)
    table = np.full((len(m), int(m.max(initial=0))), -1)
    table[counts.units[order], place] = counts.labels[order]
    return table[m > 1]


def shuffled_labels(counts: Counts, n_units: int, m: int, rng: np.random.Generator) -> Ints:
    """Units of the pilot, equally often, with their labels in random order, and -1 after them.

    Returns
    -------
    ndarray of int64, shape (at least n_units, at least m)
    """
    own = listed_labels(counts)
    own = np.tile(own, (-(-n_units // len(own)), 1))
    keys = np.where(own < 0, 2.0, rng.random(own.shape))
    own = np.take_along_axis(own, keys.argsort(axis=1), axis=1)
    return np.pad(own, ((0, 0), (0, max(0, m - own.shape[1]))), constant_values=-1)


def completed_units(counts: Counts, crowd: Crowd, n_units: int, m: int, rng: np.random.Generator) -> Ints:
    """Units of the pilot, equally often, with `m` labels each in random order.

    The first labels are the unit's own without replacement, so that fewer labels than the pilot's need no model. The
    others are drawn from the prediction for the unit, given its own: a truth from its posterior, and the shares of
    its labels around the mean of the people.

    Returns
    -------
    ndarray of int64, shape (at least n_units, m)
    """
    own = shuffled_labels(counts, n_units, m, rng)
    lacking = np.flatnonzero((own[:, :m] < 0).any(axis=1))
    if len(lacking):
        predicted = _predicted(own[lacking], crowd, m, rng)
        own[lacking, :m] = np.where(own[lacking, :m] < 0, predicted, own[lacking, :m])
    return own[:, :m]


def _predicted(own: Ints, crowd: Crowd, m: int, rng: np.random.Generator) -> Ints:
    q = len(crowd.prevalence)
    counts = np.stack([(own == label).sum(axis=1) for label in range(q)], axis=1)
    patterns, which = np.unique(counts, axis=0, return_inverse=True)
    belief = posteriors(patterns, crowd.prevalence, crowd.mean, crowd.concentration)
    shares = crowd.mean[chosen(rng, belief[which.ravel()])]
    if np.isfinite(crowd.concentration):
        shares = dirichlet(rng, crowd.concentration * shares + counts)
    return chosen(rng, np.broadcast_to(shares[:, None, :], (len(own), m, q)))
