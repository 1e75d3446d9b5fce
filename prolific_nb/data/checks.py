"""Checks of the content of the data; all findings are reported together."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from operator import eq

import numpy as np

from ..common.findings import Finding, Findings, Level
from ..common.plurals import counted, numbered
from .cells.cell_store import CellStore
from .cells.large_numbers import about_large_numbers
from .columns import MEDIA, Kind, is_url
from .quality import fixes
from .quality.fixes import LONGEST_NAME, RESERVED

MOST_FIELDS = 200


@dataclass(frozen=True)
class _Table:
    """The data, and what one pass over it has found."""

    kinds: Mapping[str, Kind]
    rows: Sequence[int]
    store: CellStore
    blank: Mapping[str, array[int]]
    """The places of the cells of each column that hold nothing but white space."""
    spaced: Mapping[str, array[int]]
    """The places of the cells of each column that have white space around their text."""
    repeated: Set[int]
    """The hashes that several rows have in common."""

    def cells(self, column: str) -> Iterator[str]:
        return self.store.iter_column(list(self.kinds).index(column))

    def numbers(self, places: Iterable[int]) -> list[int]:
        return [self.rows[place] for place in places]


def check(kinds: Mapping[str, Kind], rows: Sequence[int], store: CellStore) -> Findings:
    """Every problem in the cells and the column names, errors first.

    Parameters
    ----------
    kinds : mapping
        The kind of each column, in order.
    rows : sequence of int
        The spreadsheet row number of each row.
    store : CellStore
        The cells.
    """
    data = _passed(kinds, rows, store)
    found = [*_names(data), *_groups(data), *_empty_rows(data), *_repeated_rows(data)]
    found.extend(about_large_numbers(list(kinds), rows, store))
    for column, kind in data.kinds.items():
        found.extend(_empty_cells(data, column))
        found.extend(_spaces(data, column))
        if kind in MEDIA:
            found.extend(_urls(data, column, kind))
    return Findings(found)


def _passed(kinds: Mapping[str, Kind], rows: Sequence[int], store: CellStore) -> _Table:
    """One pass over the cells, a chunk at a time: a million rows need not be in memory as Python strings."""
    blank: dict[str, array[int]] = {column: array("q") for column in kinds}
    spaced: dict[str, array[int]] = {column: array("q") for column in kinds}
    hashes = [np.empty(0, np.int64)]
    start = 0
    for columns in store.chunks():
        for places, around, cells in zip(blank.values(), spaced.values(), columns, strict=True):
            if not all(map(eq, cells, map(str.strip, cells))):
                around.extend(place for place, cell in enumerate(cells, start) if cell.strip() not in ("", cell))
            if "" in cells or any(map(str.isspace, cells)):
                places.extend(place for place, cell in enumerate(cells, start) if not cell or cell.isspace())
        hashes.append(np.fromiter(map(hash, zip(*columns, strict=True)), np.int64, len(columns[0])))
        start += len(columns[0])
    ordered = np.sort(np.concatenate(hashes))
    return _Table(kinds, rows, store, blank, spaced, set(ordered[1:][ordered[1:] == ordered[:-1]].tolist()))


def _about_rows(
    level: Level, what: str, remedy: str, rows: Sequence[int], column: str | None = None, fix: str | None = None
) -> Finding:
    return Finding(level, what, remedy, row=rows[0], column=column, rows=tuple(rows), fix=fix)


def _names(data: _Table) -> Iterator[Finding]:
    if len(data.kinds) + 1 > MOST_FIELDS:
        what = f"There are {len(data.kinds)} columns; Prolific accepts {MOST_FIELDS}, one of which holds row keys."
        yield Finding("error", what, "Remove columns that you do not need in the responses.")
    for column in data.kinds:
        if len(column) > LONGEST_NAME:
            what = f"The name has {len(column)} characters; Prolific accepts {LONGEST_NAME}."
            yield Finding("error", what, "Shorten the name.", column=column, fix=fixes.RENAME)
    if RESERVED in data.kinds:
        what, remedy = "This name is reserved for the hidden key of each row.", "Rename the column."
        yield Finding("error", what, remedy, column=RESERVED, fix=fixes.RENAME)


def _groups(data: _Table) -> Iterator[Finding]:
    grouping = [column for column, kind in data.kinds.items() if kind == "group"]
    if len(grouping) > 1:
        what = f"{len(grouping)} columns group the tasks: {', '.join(map(repr, grouping))}; Prolific accepts one."
        yield Finding("error", what, 'Give all but one of them another kind, as in kinds={"name": "other"}.')
    for column in grouping:
        rows = data.numbers(data.blank[column])
        if rows:
            what = f"{counted(len(rows), 'row')} without a group: {numbered('row', rows)}."
            remedy = "Fill in the group of every row."
            yield _about_rows("error", what, remedy, rows, column, fix=fixes.ROWS_WITHOUT)


def _empty_rows(data: _Table) -> Iterator[Finding]:
    fewest, *others = sorted(data.blank.values(), key=len)
    everywhere = set(fewest).intersection(*others) if len(fewest) else set()
    rows = data.numbers(sorted(everywhere))
    if rows:
        what = f"{counted(len(rows), 'row')} with only empty cells: {numbered('row', rows)}."
        remedy = "Delete them: participants would be paid to look at nothing."
        yield _about_rows("error", what, remedy, rows, fix=fixes.EMPTY_ROWS)


def _repeated_rows(data: _Table) -> Iterator[Finding]:
    if not data.repeated:
        return
    first: dict[tuple[str, ...], int] = {}
    again = [
        (row, first[record])
        for row, record in zip(data.rows, data.store, strict=True)
        if hash(record) in data.repeated and first.setdefault(record, row) != row
    ]
    if again:
        rows = [row for row, _ in again]
        what = (
            f"{counted(len(rows), 'row')} identical to an earlier row: {numbered('row', rows)} "
            f"(row {again[0][0]} repeats row {again[0][1]})."
        )
        remedy = "Delete them unless you want them annotated twice."
        yield _about_rows("warning", what, remedy, rows, fix=fixes.REPEATED_ROWS)


def _empty_cells(data: _Table, column: str) -> Iterator[Finding]:
    rows = data.numbers(data.blank[column])
    if not rows:
        return
    if len(rows) == len(data.rows):
        yield Finding("warning", "Every cell is empty.", "Remove the column.", column=column, fix=fixes.COLUMN)
        return
    what = f"{counted(len(rows), 'empty cell')}: {numbered('row', rows)}."
    remedy = "Fill them, or delete the rows if the column is shown."
    # In other columns, empty cells are usual, and the rows are needed.
    fix = fixes.ROWS_WITHOUT if data.kinds[column] in ("text", *MEDIA) and 2 * len(rows) < len(data.rows) else None
    yield _about_rows("warning", what, remedy, rows, column, fix=fix)


def _spaces(data: _Table, column: str) -> Iterator[Finding]:
    rows = data.numbers(data.spaced[column])
    if rows:
        what = f"{counted(len(rows), 'cell')} with white space around the text: {numbered('row', rows)}."
        yield _about_rows("note", what, "Remove it, unless it belongs to the text.", rows, column, fix=fixes.TRIM)


def _urls(data: _Table, column: str, kind: Kind) -> Iterator[Finding]:
    invalid, insecure = [], []
    for row, cell in zip(data.rows, data.cells(column), strict=True):
        if not is_url(cell):
            if cell.strip():
                invalid.append(row)
        elif cell.lstrip()[:5].casefold() == "http:":
            insecure.append(row)
    if invalid:
        what = f"{counted(len(invalid), 'cell')} without an absolute URL: {numbered('row', invalid)}."
        remedy = f'Fix the URLs, or if this is not a column of {kind}s, read it with kinds={{{column!r}: "other"}}.'
        yield _about_rows("error", what, remedy, invalid, column)
    if insecure:
        what = f"{counted(len(insecure), 'URL')} without https: {numbered('row', insecure)}."
        remedy = "Use https: browsers may block http content."
        yield _about_rows("warning", what, remedy, insecure, column, fix=fixes.HTTPS)
