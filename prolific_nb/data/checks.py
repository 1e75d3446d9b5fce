"""Rules for the content of the data: everything found is said at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from ..common.findings import Finding, Findings
from ..common.plurals import counted, numbered
from .columns import MEDIA, Kind, is_address

_MOST_FIELDS = 200
_LONGEST_NAME = 128
_ROW_COLUMN = "pnb_row"


class Table(Protocol):
    """What the rules look at."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names."""

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """What each column holds."""

    @property
    def rows(self) -> Sequence[int]:
        """The spreadsheet's number of each row."""

    def cells(self, column: str) -> list[str]:
        """The cells of a column."""


def check(data: Table) -> Findings:
    """All that is wrong or odd in the cells and the names, errors first."""
    found = [*_names(data), *_groups(data), *_empty_rows(data), *_repeated_rows(data)]
    for column, kind in data.kinds.items():
        found.extend(_empty_cells(data, column))
        if kind in MEDIA:
            found.extend(_addresses(data, column, kind))
    return Findings(found)


def _names(data: Table) -> Iterator[Finding]:
    if len(data.columns) + 1 > _MOST_FIELDS:
        what = f"There are {len(data.columns)} columns; Prolific takes {_MOST_FIELDS}, one of which numbers the rows."
        yield Finding("error", what, "Leave out columns that you do not need in the answers.")
    for column in data.columns:
        if len(column) > _LONGEST_NAME:
            what = f"The name has {len(column)} characters; Prolific takes {_LONGEST_NAME}."
            yield Finding("error", what, "Shorten it.", column=column)
    if _ROW_COLUMN in data.columns:
        remedy = "Rename the column."
        yield Finding("error", "This name is kept for the hidden number of each row.", remedy, column=_ROW_COLUMN)


def _groups(data: Table) -> Iterator[Finding]:
    grouping = [column for column, kind in data.kinds.items() if kind == "group"]
    if len(grouping) > 1:
        what = f"{len(grouping)} columns group the tasks: {', '.join(map(repr, grouping))}; Prolific takes one."
        yield Finding("error", what, 'Give all but one another kind, as in kinds={"name": "other"}.')
    for column in grouping:
        rows = [row for row, cell in zip(data.rows, data.cells(column), strict=True) if not cell.strip()]
        if rows:
            what = f"{counted(len(rows), 'row')} without a group: {numbered('row', rows)}."
            yield Finding("error", what, "Give every row a group.", row=rows[0], column=column)


def _empty_rows(data: Table) -> Iterator[Finding]:
    rows = [
        row
        for row, *cells in zip(data.rows, *map(data.cells, data.columns), strict=True)
        if not any(cell.strip() for cell in cells)
    ]
    if rows:
        what = f"{counted(len(rows), 'row')} with nothing in any cell: {numbered('row', rows)}."
        yield Finding("error", what, "Delete them: people would be paid to look at nothing.", row=rows[0])


def _repeated_rows(data: Table) -> Iterator[Finding]:
    records = list(zip(*map(data.cells, data.columns), strict=True))
    first: dict[tuple[str, ...], int] = {}
    again = [
        (row, first[record])
        for row, record in zip(data.rows, records, strict=True)
        if first.setdefault(record, row) != row
    ]
    if again:
        rows = [row for row, _ in again]
        what = (
            f"{counted(len(rows), 'row')} the same as an earlier one: {numbered('row', rows)} "
            f"(row {again[0][0]} repeats row {again[0][1]})."
        )
        yield Finding("warning", what, "Delete them unless you want them judged again.", row=rows[0])


def _empty_cells(data: Table, column: str) -> Iterator[Finding]:
    rows = [row for row, cell in zip(data.rows, data.cells(column), strict=True) if not cell.strip()]
    if not rows:
        return
    if len(rows) == len(data.rows):
        yield Finding("warning", "Every cell is empty.", "Leave out the column.", column=column)
        return
    what = f"{counted(len(rows), 'empty cell')}: {numbered('row', rows)}."
    yield Finding("warning", what, "Fill them, or delete the rows if the column is shown.", row=rows[0], column=column)


def _addresses(data: Table, column: str, kind: Kind) -> Iterator[Finding]:
    cells = [(row, cell) for row, cell in zip(data.rows, data.cells(column), strict=True) if cell.strip()]
    wrong = [row for row, cell in cells if not is_address(cell)]
    if wrong:
        what = f"{counted(len(wrong), 'cell')} no absolute web address: {numbered('row', wrong)}."
        remedy = f'Mend them, or if this is no column of {kind}s, read it with kinds={{{column!r}: "other"}}.'
        yield Finding("error", what, remedy, row=wrong[0], column=column)
    open_line = [row for row, cell in cells if cell.strip().casefold().startswith("http:")]
    if open_line:
        what = f"{counted(len(open_line), 'address')} without https: {numbered('row', open_line)}."
        yield Finding("warning", what, "Use https; browsers may show nothing.", row=open_line[0], column=column)
