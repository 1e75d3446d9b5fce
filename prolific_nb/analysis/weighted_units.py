"""Coefficients from answers that were asked with unequal probabilities: inverse-probability weights.

In a follow-up, rows are asked again because people disagreed about them, and a few at random. Each answer has a weight,
the inverse of the probability with which its row was selected for it (Horvitz & Thompson 1952): 1 in the first study.
A statistic that is a sum over units of what their labels add, f, is estimated as if every unit had been asked again.
For a unit with labels A of weight 1 and further labels B of weight w it is

    f(A) + w (f(A and B) - f(A)),

and f(A) for a unit that was not selected: given A, its expected value is the sum of f(A and B) over all units, and the
sum of f(A) over all units has no sampling error (difference estimator; Särndal, Swensson & Wretman 1992, section 6.3).
Each unit therefore becomes one stage for each of its different weights: the labels up to this weight, times this weight
less the next. Counting the labels themselves, it is the sum of the weights; where a unit has one weight, it counts so
many times as its weight says.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from ..errors import ArgumentError
from .counts import Counts, Ints
from .intervals import Floats, Statistic, Sums
from .unique_rows import joint, row_keys

_MOST_NUMBERS = 2**26  # half a GiB


@dataclass(frozen=True, eq=False)
class StagedCounts(Counts):
    """Counts whose units are the stages of the units of other counts.

    Parameters
    ----------
    origin : Counts
        The counts with weights.
    owner : ndarray of int64, shape (n_units,)
        Unit of `origin` of each stage, ascending.
    factor : ndarray of float64, shape (n_units,)
        How often each stage counts; below 0 for a stage that is followed by one with a larger weight.
    """

    origin: Counts = None  # type: ignore[assignment]
    owner: Ints = None  # type: ignore[assignment]
    factor: Floats = None  # type: ignore[assignment]

    def collapsed(self, statistic: Statistic, name: str) -> Sums:
        """The statistic of these counts as one of the units of `origin`; units that add the same are of one kind.

        Raises
        ------
        ArgumentError
            The coefficient is not made of sums over units.
        """
        kinds = None if not isinstance(statistic, Sums) else self._kinds(statistic)
        if kinds is None or not isinstance(statistic, Sums):
            raise unweighted(name)
        if self.n_units * statistic.width > _MOST_NUMBERS:
            what = f"{name} of {self.origin.n_units:,} weighted units takes {statistic.width:,} sums of each."
            raise ArgumentError(f"{what} Group the labels into fewer categories, or omit the weights.")
        rows = np.concatenate([statistic.rows(part) for part in statistic.slices()])
        starts = np.searchsorted(self.owner, np.arange(self.origin.n_units))
        table = np.add.reduceat(rows[kinds] * self.factor[:, None], starts, axis=0)
        table, times = np.unique(table, axis=0, return_counts=True)  # the bootstrap draws by kind
        return Sums.of(table, times.astype(np.int64), statistic.made_of)

    def _kinds(self, sums: Sums) -> Ints | None:
        """The kind of each stage: its count pattern, in lexicographic order, or itself."""
        if sums.multiplicity is self.multiplicity:
            cells = joint(self.units, len(self.categories), self.labels)
            table = np.bincount(cells, minlength=self.n_units * len(self.categories))
            return np.unique(row_keys(table.reshape(self.n_units, -1))[0], return_inverse=True)[1]
        return np.arange(self.n_units) if len(sums.multiplicity) == self.n_units else None

    def notes_on_weights(self, enough: int) -> list[str]:
        """What to know about the weights: that they were used, and whether few units carry most of them."""
        notes = ["Answers are weighted by the inverse of the probability with which their unit was selected."]
        effective = deciding_units(self.origin)
        if effective < enough <= self.origin.n_units:
            notes.append(
                f"About {effective:.0f} units with large weights decide the width of the interval, which is therefore "
                "likely to be too narrow."
            )
        return notes


def deciding_units(counts: Counts) -> float:
    """Units that decide the variance of a weighted sum: its degrees of freedom after Satterthwaite (1946).

    With the variance of a unit proportional to its squared weight w², they are (Σw²)² / Σw⁴: all units if the weights
    are equal, and about the number of the random units of a follow-up if these have large weights.
    """
    squares = np.bincount(counts.units, weights=counts.weights, minlength=counts.n_units) ** 2
    return float(squares.sum() ** 2 / (squares**2).sum()) if counts.n_units else 0.0


def unweighted(name: str) -> ArgumentError:
    """The error for a coefficient without a weighted form."""
    return ArgumentError(f"{name} has no weighted form. Use Krippendorff's α or percent agreement, or omit weight=.")


def staged(counts: Counts) -> Counts:
    """The stages of counts with weights; counts without weights, or whose weights are all 1, as they are."""
    if counts.weights is None or isinstance(counts, StagedCounts):
        return counts
    if (counts.weights == 1).all():
        return replace(counts, weights=None)
    order = np.lexsort((counts.weights, counts.units))
    units, weights = counts.units[order].astype(np.int64), counts.weights[order]
    new = np.ones(len(units), dtype=bool)
    new[1:] = (units[1:] != units[:-1]) | (weights[1:] != weights[:-1])
    stage = np.cumsum(new) - 1
    owner, weight = units[new], weights[new]
    last = np.searchsorted(owner, owner, side="right") - 1
    place = np.arange(len(owner))
    following = np.where(place < last, weight[np.minimum(place + 1, len(owner) - 1)], 0.0)
    times = (last[stage] - stage) + 1
    label = np.repeat(np.arange(len(units)), times)
    offset = np.arange(len(label)) - np.repeat(np.cumsum(times) - times, times)
    kept: dict[str, Any] = {each.name: getattr(counts, each.name) for each in fields(Counts)}
    kept |= {
        "units": (stage[label] + offset).astype(np.int32),
        "annotators": counts.annotators[order][label],
        "labels": counts.labels[order][label],
        "unit_names": pd.RangeIndex(len(owner)),
        "weights": None,
    }
    return StagedCounts(**kept, origin=counts, owner=owner, factor=weight - following)
