"""The upload of data with gold rows: which gold row stands in which task group, and where.

Prolific documents neither which rows ``tasks_per_group`` puts together nor in which order. The upload therefore names
the task group of each row in a hidden grouping column, unless the data has a grouping column of its own.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from random import Random
from typing import Any

import numpy as np

from ..cells.cell_store import CellStore, compact
from ..cells.row_keys import digests
from ..dataset import Dataset
from .gold_rows import GROUP_COLUMN, GoldRows, Row, Spread


@dataclass(frozen=True)
class Arrangement:
    """Data as it is uploaded.

    Parameters
    ----------
    upload : Dataset
        The rows of the data, in order, with gold rows between them.
    table : Dataset
        The same without the column that assigns groups: the columns of the data.
    gold : tuple of (str, GoldRows, int)
        The key of each place of a gold row, the gold rows, and the index of the row among them.
    """

    upload: Dataset
    table: Dataset
    gold: tuple[tuple[str, GoldRows, int], ...] = ()

    def truths(self, question: str) -> list[tuple[str, str]]:
        """The keys of gold rows with the right answer to a question, where it is known."""
        known = {id(gold): gold.truth_of(question) for _, gold, _ in self.gold if question in gold.answers}
        pairs = [(key, known[id(gold)][index]) for key, gold, index in self.gold if id(gold) in known]
        return [(key, truth) for key, truth in pairs if truth]

    @property
    def row_names(self) -> Sequence[int | str]:
        """The row number of each uploaded row; of gold rows it says so, since they have numbers of their own."""
        if not self.gold:
            return self.upload.rows
        keys = {key for key, _, _ in self.gold}
        pairs = zip(self.upload.row_keys, self.upload.rows, strict=True)
        return [f"{number} of the gold rows" if key in keys else number for key, number in pairs]

    @property
    def most_used(self) -> int:
        """How many places the gold row has that stands in the most task groups."""
        return max(Counter(gold.cells[index] for _, gold, index in self.gold).values(), default=0)


def arranged(data: Dataset, tasks_per_group: int) -> Arrangement:
    """The data as they are uploaded; data without gold rows are uploaded as they are.

    The order is a function of the data, the gold rows, their seed and `tasks_per_group`. Rows that were added by
    `Dataset.extended` follow the others and have task groups of their own, so what was uploaded before stays as it was.
    """
    if not data._spreads:
        return Arrangement(data, data)
    found: Arrangement | None = data._arrangements.get(tasks_per_group)
    if found is None:
        found = _arranged(data, tasks_per_group)
        data._arrangements.clear()  # one is kept: while a number is typed, others are tried
        data._arrangements[tasks_per_group] = found
    return found


def group_count(data: Dataset, tasks_per_group: int) -> int:
    """The number of task groups: from the grouping column if there is one, otherwise from the numbers of rows."""
    if (column := data.grouping) is not None:
        return len(set(data.cells(column)))
    spreads = data._spreads or (Spread(len(data)),)
    return sum(-(-spread.own // (tasks_per_group - spread.per(tasks_per_group))) for spread in spreads)


def gold_count(data: Dataset, tasks_per_group: int) -> int:
    """The number of places of gold rows in the upload."""
    if data.grouping is not None:
        return len(arranged(data, tasks_per_group).gold)
    pairs = [(spread.own, spread.per(tasks_per_group)) for spread in data._spreads]
    return sum(per * -(-own // (tasks_per_group - per)) for own, per in pairs)


def _arranged(data: Dataset, size: int) -> Arrangement:
    """The arrangement, made of `order` (places of rows of the data, and of gold rows as ~index) and `groups`."""
    tags = _tags(data, size)
    gold = [(spread.gold, index) for spread in data._spreads if spread.gold for index in range(len(spread.gold))]
    given = data.grouping
    listed = _by_number(data._spreads, tags, size) if given is None else _by_column(data, tags, data.cells(given))
    order, groups = array("q"), []
    for place, group in listed:
        order.append(place)
        groups.append(group)
    names = (*data.columns, GROUP_COLUMN) if given is None else data.columns
    store = CellStore.of_rows(_records(data, order, groups, given), len(names))
    numbers = [data.rows[place] if place >= 0 else gold[~place][0].numbers[gold[~place][1]] for place in order]
    made = replace(
        data,
        _names=names,
        _store=store,
        _kinds=(*data._kinds, "group") if given is None else data._kinds,
        _numbers=compact(numbers),
        _spreads=(),
        _as_read=None,
    )
    vars(made)["_digests"] = _digests(data, order, made)
    keys = made.row_keys
    places = [(keys[place], *gold[~entry]) for place, entry in enumerate(order) if entry < 0]
    return Arrangement(made, made if given is not None else _without_groups(made), tuple(places))


def _without_groups(made: Dataset) -> Dataset:
    """The rows without the column of groups, with the same keys."""
    store = made._store.select_columns(range(len(made.columns) - 1))
    table = replace(made, _names=made._names[:-1], _store=store, _kinds=made._kinds[:-1])
    vars(table)["_digests"] = made._digests
    return table


def _tags(data: Dataset, size: int) -> list[str]:
    """A name for the groups of each spread: what was launched earlier never has a group of this name."""
    keys, start, tags = data._digests[0], 0, []
    for spread in data._spreads:
        gold = spread.gold
        about = [size, gold and [gold.columns, gold.cells, gold.per_group, gold.seed]]
        text = json.dumps(about).encode() + keys[start : start + spread.own].tobytes()
        tags.append(hashlib.sha256(text).hexdigest()[:8])
        start += spread.own
    return tags


def _by_number(spreads: Sequence[Spread], tags: Sequence[str], size: int) -> Iterator[tuple[int, str]]:
    """Each row with its group: `size` rows to a group."""
    start, first, used = 0, 0, Counter[Row]()
    for spread, tag in zip(spreads, tags, strict=True):
        per, end = spread.per(size), start + spread.own
        deck = _Deck(spread.gold, first, used, tag)
        for number, begin in enumerate(range(start, end, size - per), 1):
            own = range(begin, min(begin + size - per, end))
            yield from ((place, f"{tag}-{number}") for place in deck.mixed(own, per))
        start, first = end, first + (len(spread.gold) if spread.gold else 0)


def _by_column(data: Dataset, tags: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Each row with its group: gold rows go into the groups of the grouping column that a spread begins."""
    start, first, used, seen = 0, 0, Counter[Row](), {""}
    for spread, tag in zip(data._spreads, tags, strict=True):
        places: dict[str, list[int]] = {}
        for place in range(start, start + spread.own):
            places.setdefault(cells[place], []).append(place)
        deck = _Deck(spread.gold, first, used, tag)
        mixed = {group: deck.mixed(own, 0 if group in seen else spread.per(None)) for group, own in places.items()}
        seen |= places.keys()
        yield from _in_file_order(range(start, start + spread.own), cells, places, mixed)
        start, first = start + spread.own, first + (len(spread.gold) if spread.gold else 0)


def _in_file_order(
    rows: range, cells: Sequence[str], places: dict[str, list[int]], mixed: dict[str, list[int]]
) -> Iterator[tuple[int, str]]:
    """The rows in their order, whatever their groups; before each, the gold rows that precede it in its group."""
    left = {group: iter(order) for group, order in mixed.items()}
    for row in rows:
        group = cells[row]
        for place in left[group]:
            yield place, group
            if place == row:
                break
        if row == places[group][-1]:
            yield from ((place, group) for place in left[group])


class _Deck:
    """Deals gold rows: each is dealt once before any is dealt again, and never twice into one group.

    Parameters
    ----------
    gold : GoldRows or None
    first : int
        Index of its first row among those of all spreads.
    used : Counter
        How often each content was dealt so far, also by the decks of earlier spreads.
    tag : str
        Names what it is dealt for: part of the random seed.
    """

    def __init__(self, gold: GoldRows | None, first: int, used: Counter[Row], tag: str) -> None:
        self._cells, self._first, self._used = gold.cells if gold else (), first, used
        # Only random(): its sequence is guaranteed across versions of Python.
        self._random = Random(f"{gold.seed if gold else 0}/gold/{tag}").random
        self._left: list[int] = []

    def mixed(self, own: Sequence[int], per: int) -> list[int]:
        """The rows of a group with so many gold rows between them, which are given as ~index."""
        dealt = self._deal(per)
        places = sorted(sorted(range(len(own) + per), key=lambda _: self._random())[:per])
        order = list(own)
        for place, index in zip(places, dealt, strict=True):
            order.insert(place, ~(self._first + index))
        return order

    def _deal(self, count: int) -> list[int]:
        dealt: list[int] = []
        while len(dealt) < count:
            index = next((index for index in self._left if index not in dealt), None)
            if index is None:
                self._left += self._shuffled()
                continue
            dealt.append(index)
            self._left.remove(index)
            self._used[self._cells[index]] += 1
        return dealt

    def _shuffled(self) -> list[int]:
        """All gold rows, those that were dealt least first, else at random."""
        return sorted(range(len(self._cells)), key=lambda index: (self._used[self._cells[index]], self._random()))


def _records(data: Dataset, order: Sequence[int], groups: Sequence[str], given: str | None) -> Iterator[Row]:
    """The cells of the upload, row by row."""
    place = None if given is None else data.columns.index(given)
    gold = list(chain.from_iterable(spread.gold.rows(data.columns) for spread in data._spreads if spread.gold))
    own = iter(data._store)
    for entry, group in zip(order, groups, strict=True):
        row = next(own) if entry >= 0 else gold[~entry]
        if place is None:
            yield (*row, group)
        else:
            yield row if entry >= 0 else (*row[:place], group, *row[place + 1 :])


def _digests(data: Dataset, order: Sequence[int], made: Dataset) -> Any:
    """Of each row and of the table.

    A row of the data keeps its key. The key of a gold row is made from its content and its group, so that the same gold
    row has another key in each group, whatever was uploaded before, and never that of a row of the data.
    """
    keys, whole = digests(made.columns, made._store)
    gold = np.fromiter(order, np.int64, len(order)) < 0
    keys[~gold] = data._digests[0]
    for place in np.flatnonzero(gold).tolist():
        text = json.dumps(["gold", *made._store[place]])
        keys[place] = int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")
    return keys, hashlib.sha256(whole.encode() + keys.tobytes()).hexdigest()
