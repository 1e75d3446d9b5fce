"""Rows whose right answers are known, as a value of their own: they are never part of the data's rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from ...common.findings import Finding, Findings
from ...common.plurals import counted, numbered
from .. import checks
from ..cells.cell_store import CellStore
from ..columns import Kind
from ..quality import fixes
from ..quality.fixes import Table, applied

GROUP_COLUMN = "pnb_group"
"""Name of the hidden column that assigns rows to task groups, where the data has no grouping column."""
PLACE = "gold rows"
"""The place of findings about gold rows."""

Row = tuple[str, ...]


def in_row(number: int) -> str:
    """The place of a finding about a gold row: not its `row`, which is one of the data."""
    return f"{PLACE}, row {number}"


@dataclass(frozen=True)
class GoldRows:
    """Rows with known answers, made by `Dataset.with_gold`. The answers are kept on this machine only.

    Parameters
    ----------
    columns : tuple of str
        The columns of the data that the gold rows have; the others are empty in them.
    cells : tuple of tuple of str
        The cells of each gold row, in the order of `columns`.
    asked : tuple of (str, str)
        Each question, with the column that held its right answers.
    truths : tuple of tuple of str
        For each question, the right answer about each gold row; ``""`` where it is not known.
    per_group : int
        The number of gold rows in each task group.
    seed : int
        Of their order.
    numbers : tuple of int
        The row numbers of the gold rows in their own file.
    findings : Findings
        What was found while reading them; errors are raised.
    """

    columns: tuple[str, ...]
    cells: tuple[Row, ...]
    asked: tuple[tuple[str, str], ...]
    truths: tuple[Row, ...]
    per_group: int = 1
    seed: int = 0
    numbers: tuple[int, ...] = field(default=(), compare=False)
    findings: Findings = field(default_factory=Findings, compare=False)

    @property
    def answers(self) -> dict[str, str]:
        """The column with the right answers, by question."""
        return dict(self.asked)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The gold rows: their columns, then for each question a column of that name with the right answer."""
        shown = dict(zip(self.columns, zip(*self.cells, strict=True), strict=True))
        known = dict(zip(self.answers, self.truths, strict=True))
        made = pd.DataFrame({**shown, **known}, dtype=pd.Series([""]).dtype)
        return made.mask(made == "")

    def truth_of(self, question: str) -> Row:
        """The right answer to a question about each gold row."""
        return self.truths[list(self.answers).index(question)]

    def rows(self, columns: Sequence[str], group_place: int | None = None, group: str = "") -> list[Row]:
        """The gold rows with the columns of the data, in their order; the cell of the grouping column is `group`."""
        places = [self.columns.index(name) if name in self.columns else None for name in columns]
        made = [["" if place is None else row[place] for place in places] for row in self.cells]
        if group_place is not None:
            for row in made:
                row[group_place] = group
        return [tuple(row) for row in made]

    def check(self, kinds: Mapping[str, Kind]) -> Iterator[Finding]:
        """Findings about the cells of the gold rows, and those of reading them."""
        yield from self.findings
        store = CellStore.of_rows(self.cells, len(self.columns))
        for finding in checks.check({name: kinds[name] for name in self.columns}, self.numbers, store):
            if finding.row is not None and finding.fix != fixes.REPEATED_ROWS:  # the others are about the columns
                yield replace(finding, place=in_row(finding.row), row=None, rows=(), fix=None)

    def fixed(self, fix: str, before: Table, after: Table, column: str | None, subject: str) -> GoldRows:
        """The gold rows after a fix of the data: columns are renamed, deleted or changed here as well."""
        if fix == fixes.RENAME:
            names = dict(zip(before.names, after.names, strict=True))
            return replace(self, columns=tuple(names[name] for name in self.columns))
        if fix == fixes.COLUMN:
            kept = [place for place, name in enumerate(self.columns) if name in after.names]
            cells = tuple(tuple(row[place] for place in kept) for row in self.cells)
            return replace(self, columns=tuple(self.columns[place] for place in kept), cells=cells)
        if fix not in (fixes.TRIM, fixes.HTTPS) or column not in (None, *self.columns):
            return self
        kinds: list[Kind] = [dict(zip(before.names, before.kinds, strict=True))[name] for name in self.columns]
        own = Table(self.columns, tuple(kinds), self.numbers, CellStore.of_rows(self.cells, len(self.columns)))
        return replace(self, cells=tuple(applied(fix, own, column, subject).store))

    def __len__(self) -> int:
        return len(self.cells)

    def __repr__(self) -> str:
        asked = ", ".join(f"{question!r}: {column}" for question, column in self.asked)
        return f"GoldRows({counted(len(self), 'row')}, {self.per_group} per group; {asked})"


@dataclass(frozen=True)
class Spread:
    """Consecutive rows of the data, and the gold rows that are spread over their task groups.

    Parameters
    ----------
    own : int
        The number of rows of the data.
    gold : GoldRows or None
        None for rows that were added without gold rows.
    """

    own: int
    gold: GoldRows | None = None

    def per(self, tasks_per_group: int | None) -> int:
        """Gold rows in each task group; one row of the data is always left, so that what cannot be is still finite."""
        if self.gold is None:
            return 0
        wanted = min(self.gold.per_group, len(self.gold))
        return wanted if tasks_per_group is None else min(wanted, tasks_per_group - 1)


def kept_spreads(spreads: Sequence[Spread], places: Collection[int]) -> tuple[Spread, ...]:
    """The spreads of the rows at these places; none if no gold row is left."""
    kept, start = [], 0
    known = set(places)
    for spread in spreads:
        own = sum(place in known for place in range(start, start + spread.own))
        kept += [replace(spread, own=own)] if own else []
        start += spread.own
    return tuple(kept) if any(spread.gold is not None for spread in kept) else ()


def more_spreads(
    spreads: tuple[Spread, ...], own: int, more: tuple[Spread, ...], places: Sequence[int]
) -> tuple[Spread, ...]:
    """The spreads of `own` rows followed by those rows of other data that are at these places."""
    fresh = kept_spreads(more, places)
    if not (spreads or fresh) or not places:
        return spreads
    return (spreads or (Spread(own),)) + (fresh or (Spread(len(places)),))


def fixed_spreads(
    spreads: tuple[Spread, ...], fix: str, before: Table, after: Table, column: str | None, subject: str
) -> tuple[Spread, ...]:
    """The spreads after a fix of the data; the numbers of the tables are the places of the rows before it."""
    changed = tuple(
        replace(each, gold=each.gold and each.gold.fixed(fix, before, after, column, subject)) for each in spreads
    )
    return changed if len(after.numbers) == len(before.numbers) else kept_spreads(changed, after.numbers)


def distinct(spreads: Sequence[Spread]) -> int:
    """The number of gold rows of different content."""
    return len({row for spread in spreads if spread.gold is not None for row in spread.gold.cells})


def same_content(
    gold: GoldRows, columns: Sequence[str], own: Mapping[str, Sequence[str]], rows: Sequence[int]
) -> list[Finding]:
    """A warning if gold rows have the cells of rows of the data in these columns.

    Parameters
    ----------
    columns : sequence of str
        The columns to compare, which the gold rows have.
    own : mapping
        The cells of the data by column.
    rows : sequence of int
        The row numbers of the data.
    """
    places = [gold.columns.index(name) for name in columns]
    known = {
        tuple(row[place] for place in places): number for row, number in zip(gold.cells, gold.numbers, strict=True)
    }
    same = zip(rows, zip(*(own[name] for name in columns), strict=True), strict=True)
    found = [(known[row], number) for number, row in same if row in known] if columns else []
    if not found:
        return []
    pairs = dict(found)
    numbers = sorted(pairs)
    what = (
        f"{counted(len(numbers), 'gold row')} also in the data: {numbered('row', numbers)} (gold row {numbers[0]} is "
        f"row {pairs[numbers[0]]} of the data)."
    )
    remedy = "Leave these rows out of the data: somebody may be asked about them twice."
    return [Finding("warning", what, remedy, place=in_row(numbers[0]))]
