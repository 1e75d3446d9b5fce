"""Counts of pairs of labels by annotators and labels; memory grows with the pairs of annotators that share a unit."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..common.findings import Finding
from ..errors import DataError
from .counts import Counts, Ints
from .label_codes import Codes
from .unique_rows import joint

_DENSE = 2**22  # cells that are counted in a dense table: 32 MiB
_EVENTS = 2**22  # pairs of labels that are buffered before equal cells are merged


class PairCounts:
    """How often each two annotators gave each two labels to a unit.

    A pair of labels is one number in a mixed radix, ``((first * people + second) * q + label) * q + label``, with the
    annotator first that is first in `order`; it is the sum of one part for each of the two.
    """

    def __init__(self, counts: Counts, order: Ints) -> None:
        self.q, self.people = max(len(counts.categories), 1), max(counts.n_annotators, 1)
        self.cells_at_most = self.people**2 * self.q**2
        if self.cells_at_most > np.iinfo(np.int64).max:
            what = f"{self.people:,} annotators and {self.q:,} categories make too many kinds of pairs to count."
            raise DataError("The frame", [Finding("error", what, "Group the labels into fewer categories.")])
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        who = rank[counts.annotators]
        place = np.argsort(joint(counts.units, self.people, who), kind="stable")
        units, who, labels = counts.units[place], who[place], counts.labels[place].astype(np.int64)
        _refuse_repeats(units, who)
        self.per_unit = counts.per_unit
        self.first = (who * self.people * self.q + labels) * self.q
        self.second = who * self.q**2 + labels

    def cells(self) -> tuple[Ints, Ints]:
        """The cells in use, sorted, and how often each occurs; int64, shape (m,) each."""
        if self.cells_at_most <= _DENSE:
            table = np.zeros(self.cells_at_most, dtype=np.int64)
            for numbers in _merged(self.numbers(), at_least=len(table)):
                table += np.bincount(numbers, minlength=len(table))
            found = np.flatnonzero(table)
            return found, table[found]
        cells, times = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        for numbers in _merged(self.numbers(), at_least=_EVENTS):
            more, often = np.unique(numbers, return_counts=True)
            cells, place = np.unique(np.concatenate([cells, more]), return_inverse=True)
            times = np.bincount(place, weights=np.concatenate([times, often])).astype(np.int64)
        return cells, times

    def numbers(self) -> Iterator[Ints]:
        """Cells of all pairs of labels, in batches of units with equally many labels."""
        starts = np.cumsum(self.per_unit) - self.per_unit
        for m in np.unique(self.per_unit[self.per_unit > 1]):
            at = starts[self.per_unit == m] + np.arange(m)[:, None]
            first, second = self.first[at], self.second[at]
            for place in range(m - 1):
                yield (first[place] + second[place + 1 :]).ravel()


def _merged(parts: Iterator[Ints], at_least: int) -> Iterator[Ints]:
    """The same numbers in fewer, larger parts."""
    held: list[Ints] = []
    size = 0
    for part in parts:
        held.append(part)
        size += len(part)
        if size >= at_least:
            yield held[0] if len(held) == 1 else np.concatenate(held)
            held, size = [], 0
    if held:
        yield np.concatenate(held)


def _refuse_repeats(units: Codes, who: Ints) -> None:
    if ((units[1:] == units[:-1]) & (who[1:] == who[:-1])).any():
        what = "An annotator labelled the same unit more than once, so there is no single label to compare."
        raise DataError("The frame", [Finding("error", what, "Keep one label per annotator and unit.")])
