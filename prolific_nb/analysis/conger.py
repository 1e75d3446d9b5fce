"""Conger's κ: any number of annotators, each with their own label shares."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from .build_coefficient import read, score
from .coefficient import Coefficient
from .counts import Counts, Ints
from .intervals import Floats, Parts, corrected, ratio
from .unique_rows import joint

_CONGER = (
    "Conger (1980). Integration and generalization of kappas for multiple raters. "
    "Psychological Bulletin, 88(2), 322-328."
)


def conger_kappa(
    data: pd.DataFrame | Counts,
    *,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> Coefficient:
    """Conger's κ (Conger 1980), in Gwet's form for any number of labels per unit (Gwet 2014, section 2.4).

    Cohen's κ for more than two annotators: chance agreement is that of two different annotators drawn at random, each
    with their own shares of the categories. Shares are over all units that an annotator labelled, including units
    without other labels, and annotators have equal weight.

    Parameters
    ----------
    data, unit, annotator, label, categories, draws, seed
        As for `percent_agreement`.

    Returns
    -------
    Coefficient

    Raises
    ------
    DataError
        The frame cannot be read as labels of one question; see `count`.

    Examples
    --------
    Krippendorff's (2011) table; published value .762 (irrCAC):

    >>> given = {"A": "123321412...", "B": "1233224125.3", "C": ".3332342251.", "D": "12332441251."}
    >>> rows = [(row, who, x) for who, labels in given.items() for row, x in enumerate(labels) if x != "."]
    >>> print(conger_kappa(pd.DataFrame(rows, columns=["row", "participant_id", "value"])))
    Conger's κ = 0.76, 95 % interval ..., 12 units. The interval is likely to be too narrow: ...
    """
    counts = read(data, unit, annotator, label, categories)
    why = "only one category is in use, or all labels are from one annotator"
    identity = {"kind": "conger_kappa", "name": "Conger's κ", "reference": _CONGER}
    return score(counts, _Conger(counts), draws, seed, undefined=why, **identity)


@dataclass(frozen=True, eq=False)
class _Conger:
    """Depends on who labelled what, so every unit is a kind of its own; no array is annotators × units."""

    counts: Counts

    @cached_property
    def multiplicity(self) -> Ints:
        return np.ones(self.counts.n_units, dtype=np.int64)

    @cached_property
    def _cells(self) -> Ints:
        return joint(self.counts.annotators, len(self.counts.categories), self.counts.labels)

    @cached_property
    def _pairs(self) -> Floats:
        """Per unit: whether it has a pair of labels, and the share of its pairs that agree; shape (n_units, 2)."""
        q, counts = max(len(self.counts.categories), 1), self.counts
        cells, times = np.unique(joint(counts.units, q, counts.labels), return_counts=True)
        same = np.bincount(cells // q, weights=times * (times - 1), minlength=counts.n_units)
        pairs = counts.per_unit * (counts.per_unit - 1)
        return np.column_stack([pairs > 0, same / np.maximum(pairs, 1)])

    def parts(self, weights: Floats) -> Parts:
        sums = weights @ self._pairs
        expected = np.array([self._expected(row) for row in weights])
        return corrected(ratio(sums[:, 1], sums[:, 0]), expected)

    def without_each(self) -> Floats:
        """Leaving a unit out changes the shares of its annotators only."""
        q, table = len(self.counts.categories), self._table(self.multiplicity.astype(float))
        shares = _shares(table)
        who, unit, own = self._answers()
        left = table[who] - own
        changed = _shares(left)
        totals = np.column_stack(
            [np.bincount(unit, weights=(changed - shares[who])[:, k], minlength=self.counts.n_units) for k in range(q)]
        )
        squares = (changed**2).sum(axis=1) - (shares[who] ** 2).sum(axis=1)
        gone = left.sum(axis=1) == 0
        expected = _chance(
            shares.sum(axis=0) + totals,
            (shares**2).sum() + np.bincount(unit, weights=squares, minlength=self.counts.n_units),
            len(table) - np.bincount(unit, weights=gone, minlength=self.counts.n_units),
        )
        sums = self._pairs.sum(axis=0) - self._pairs
        return corrected(ratio(sums[:, 1], sums[:, 0]), expected).value

    def _table(self, weights: Floats) -> Floats:
        """Labels per annotator and category with each unit `weights` times; shape (n_annotators, q)."""
        size = self.counts.n_annotators * len(self.counts.categories)
        table: Floats = np.bincount(self._cells, weights=weights[self.counts.units], minlength=size).astype(np.float64)
        return table.reshape(self.counts.n_annotators, -1)

    def _answers(self) -> tuple[Ints, Ints, Floats]:
        """For each annotator of each unit: codes of the two, and how often each category was given, shape (m, q)."""
        counts = self.counts
        pairs, place = np.unique(joint(counts.units, counts.n_annotators, counts.annotators), return_inverse=True)
        own = np.zeros((len(pairs), len(counts.categories)))
        np.add.at(own, (place, counts.labels), 1)
        who, unit = pairs % counts.n_annotators, pairs // counts.n_annotators
        return who, unit, own

    def _expected(self, weights: Floats) -> float:
        if not self.counts.n_ratings:
            return float("nan")
        table = self._table(weights)
        shares = _shares(table)
        present = np.count_nonzero(table.sum(axis=1))
        return float(_chance(shares.sum(axis=0)[None, :], np.array([(shares**2).sum()]), np.array([present]))[0])


def _shares(table: Floats) -> Floats:
    """Shares of the categories per annotator; zeros for an annotator without labels."""
    shares: Floats = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    return shares


def _chance(totals: Floats, squares: Floats, annotators: Floats | Ints) -> Floats:
    """Mean over ordered pairs of different annotators of the product of their shares, summed over categories."""
    return ratio((totals**2).sum(axis=1) - squares, np.asarray(annotators * (annotators - 1), dtype=np.float64))
