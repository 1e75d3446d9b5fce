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
_CHUNK = 2**18  # rows of labels that are computed at once
_SMOOTH = 0.5  # added to each cell of the confusion (Jeffreys)


@dataclass(frozen=True, eq=False)
class Typical:
    """One question: units × labels counts, and the errors of the crowd as if everyone made them equally often.

    The model is that of Dawid & Skene (1979) with one confusion matrix for all annotators, fitted by EM to the
    patterns of the counts.

    Parameters
    ----------
    counts : ndarray of int64, shape (n_units, q)
        Labels of each unit.
    prevalence : ndarray of float64, shape (q,)
        Share of each truth.
    said : ndarray of float64, shape (q, q)
        Probability of each label (column) for each truth (row).
    """

    counts: Ints
    prevalence: Floats
    said: Floats

    @classmethod
    def of(cls, labels: Labels, n_units: int) -> Typical:
        """Fitted to the labels of one question."""
        q = max(len(labels.names), 1)
        cells = np.bincount(joint(labels.units, q, labels.labels), minlength=n_units * q)
        counts = cells.reshape(n_units, q)
        rows, times = different_rows(counts[counts.sum(axis=1) > 0])
        prevalence, said = _fitted(rows.astype(float), times.astype(float), q)
        return cls(counts, prevalence, said)

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
        with np.errstate(divide="ignore"):
            log_said, log_prevalence = np.log(self.said), np.log(self.prevalence)
        found = np.empty((len(units), len(self.said)))
        for start in range(0, len(units), _CHUNK):
            part = slice(start, start + _CHUNK)
            joint_ = self.counts[units[part]] @ log_said.T - log_said.T[labels[part]] + log_prevalence
            joint_ -= joint_.max(axis=1, keepdims=True)
            np.exp(joint_, out=joint_)
            found[part] = joint_ @ self.said / joint_.sum(axis=1, keepdims=True)
        return found

    def chance_of_own(self, units: Ints, labels: Ints) -> Floats:
        """Probability of the label that was given; float64, shape (n,). Units with the same counts are done once."""
        q = len(self.said)
        key = np.zeros(len(self.counts), dtype=np.int64)
        span = 1
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


def _fitted(rows: Floats, times: Floats, q: int) -> tuple[Floats, Floats]:
    """Prevalence and confusion by EM from the shares of the labels; units with one label say nothing about errors."""
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
