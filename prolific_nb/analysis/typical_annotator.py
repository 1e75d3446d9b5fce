"""What a typical annotator of the crowd would answer about a unit, given the labels of the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .answer_codes import Labels
from .counts import Ints
from .intervals import Floats
from .unique_rows import different_rows, joint

_ROUNDS = 30  # of EM: the estimates are those of the whole crowd, and need not be exact
_PARTS, _MANY_UNITS = 5, 2000  # parts of the units that are predicted from the others; two of many units
_CHUNK = 2**18  # rows of labels that are computed at once
_SMOOTH = 0.5  # added to each cell of the confusion (Jeffreys)


@dataclass(frozen=True, eq=False)
class Typical:
    """One question: units × labels counts, and the errors of the crowd as if everyone made them equally often.

    The model is that of Dawid & Skene (1979) with one confusion matrix for all annotators, fitted by EM to the
    patterns of the counts. The chances about a unit are those of a fit to other units: a fit that has seen the labels
    of a unit explains them too well, most of all where there are many labels and few units.

    Parameters
    ----------
    counts : ndarray of int64, shape (n_units, q)
        Labels of each unit.
    fits : tuple
        For each part of the units the share of each truth, shape (q,), and the probability of each label (column) for
        each truth (row), shape (q, q), from the other parts. Unit u is in part u modulo their number.
    """

    counts: Ints
    fits: tuple[tuple[Floats, Floats], ...]

    @classmethod
    def of(cls, labels: Labels, n_units: int) -> Typical:
        """Fitted to the labels of one question."""
        q = max(len(labels.names), 1)
        cells = np.bincount(joint(labels.units, q, labels.labels), minlength=n_units * q)
        counts = cells.reshape(n_units, q)
        parts = _PARTS if n_units < _MANY_UNITS else 2
        part = np.arange(n_units) % parts
        used = counts.sum(axis=1) > 0
        return cls(counts, tuple(_fitted(counts[used & (part != each)], q) for each in range(parts)))

    @property
    def q(self) -> int:
        """Number of labels."""
        return int(self.counts.shape[1])

    @cached_property
    def per_unit(self) -> Ints:
        """Labels of each unit, shape (n_units,)."""
        return np.asarray(self.counts.sum(axis=1))

    @cached_property
    def often(self) -> Floats:
        """Share of each label among all labels, with half a label of each kind added; shape (q,)."""
        totals = self.counts.sum(axis=0) + 0.5
        return np.asarray(totals / totals.sum())

    def chances(self, units: Ints, labels: Ints) -> Floats:
        """Probability of each label by a typical annotator, given the labels of the others.

        Parameters
        ----------
        units, labels : ndarray of int64, shape (n,)
            The unit, and one label of it, which does not count among the others.

        Returns
        -------
        ndarray of float64, shape (n, q)
        """
        found = np.empty((len(units), self.q))
        for number, (prevalence, said) in enumerate(self.fits):
            rows = np.flatnonzero(units % len(self.fits) == number)
            for start in range(0, len(rows), _CHUNK):
                part = rows[start : start + _CHUNK]
                found[part] = self._chances(prevalence, said, units[part], labels[part])
        return found

    def _chances(self, prevalence: Floats, said: Floats, units: Ints, labels: Ints) -> Floats:
        log_said = np.log(said)
        log_joint = self.counts[units] @ log_said.T - log_said.T[labels] + np.log(prevalence)
        weights = np.exp(log_joint - log_joint.max(axis=1, keepdims=True))
        return np.asarray(weights @ said / weights.sum(axis=1, keepdims=True))

    def chance_of_own(self, units: Ints, labels: Ints) -> Floats:
        """Probability of the label that was given; float64, shape (n,). Units with the same counts are done once."""
        q = self.q
        span = len(self.fits)
        key = np.arange(len(self.counts)) % span
        for column in self.counts.T:
            base = int(column.max(initial=0)) + 1
            if span * base > 2**40:
                key, span = np.unique(key, return_inverse=True)[1].astype(np.int64), len(key)
            key, span = key * base + column, span * base
        kinds, example, kind = np.unique(key, return_index=True, return_inverse=True)
        cells = joint(kind[units], q, labels)
        used = np.flatnonzero(np.bincount(cells, minlength=len(kinds) * q))
        chance = np.zeros(len(kinds) * q)
        chance[used] = self.chances(example[used // q], used % q)[np.arange(len(used)), used % q]
        return chance[cells]


def _fitted(counts: Ints, q: int) -> tuple[Floats, Floats]:
    """Prevalence and confusion by EM from the shares of the labels; units with one label say nothing about errors."""
    rows, times = (each.astype(float) for each in different_rows(counts))
    per_unit = rows.sum(axis=1, keepdims=True)
    posterior = rows / np.maximum(per_unit, 1)
    several = np.where(per_unit[:, 0] > 1, times, 0)
    prevalence, said = np.full(q, 1 / q), np.full((q, q), 1 / q)
    for _ in range(_ROUNDS if len(rows) else 0):
        prevalence = times @ posterior + _SMOOTH
        prevalence /= prevalence.sum()
        said = (posterior * several[:, None]).T @ rows + _SMOOTH / q + np.eye(q) * _SMOOTH
        said /= said.sum(axis=1, keepdims=True)
        logs = rows @ np.log(said).T + np.log(prevalence)
        posterior = np.exp(logs - logs.max(axis=1, keepdims=True))
        posterior /= posterior.sum(axis=1, keepdims=True)
    return prevalence, said
