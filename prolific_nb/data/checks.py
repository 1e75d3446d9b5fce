"""Checks of the content of the data; all findings are reported together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from ..common.findings import Finding, Findings
from ..common.plurals import counted, numbered
from .columns import MEDIA, Kind, is_url

_MOST_FIELDS = 200
_LONGEST_NAME = 128
_ROW_COLUMN = "pnb_row"


class Table(Protocol):
    """The part of a `Dataset` that the checks read."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names."""

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """What each column holds."""

    @property
    def rows(self) -> Sequence[int]:
        """The spreadsheet row number of each row."""

    def cells(self, column: str) -> list[str]:
        """The cells of a column."""


def check(data: Table) -> Findings:
    """Every problem in the cells and the column names, errors first."""
    found = [*_names(data), *_groups(data), *_empty_rows(data), *_repeated_rows(data)]
    for column, kind in data.kinds.items():
        found.extend(_empty_cells(data, column))
        if kind in MEDIA:
            found.extend(_urls(data, column, kind))
    return Findings(found)


def _names(data: Table) -> Iterator[Finding]:
    if len(data.columns) + 1 > _MOST_FIELDS:
        what = f"There are {len(data.columns)} columns; Prolific accepts {_MOST_FIELDS}, one of which holds row keys."
        yield Finding("error", what, "Remove columns that you do not need in the responses.")
    for column in data.columns:
        if len(column) > _LONGEST_NAME:
            what = f"The name has {len(column)} characters; Prolific accepts {_LONGEST_NAME}."
            yield Finding("error", what, "Shorten the name.", column=column)
    if _ROW_COLUMN in data.columns:
        remedy = "Rename the column."
        yield Finding("error", "This name is reserved for the hidden key of each row.", remedy, column=_ROW_COLUMN)


def _groups(data: Table) -> Iterator[Finding]:
    grouping = [column for column, kind in data.kinds.items() if kind == "group"]
    if len(grouping) > 1:
        what = f"{len(grouping)} columns group the tasks: {', '.join(map(repr, grouping))}; Prolific accepts one."
        yield Finding("error", what, 'Give all but one of them another kind, as in kinds={"name": "other"}.')
    for column in grouping:
        rows = [row for row, cell in zip(data.rows, data.cells(column), strict=True) if not cell.strip()]
        if rows:
            what = f"{counted(len(rows), 'row')} without a group: {numbered('row', rows)}."
            yield Finding("error", what, "Fill in the group of every row.", row=rows[0], column=column)


def _empty_rows(data: Table) -> Iterator[Finding]:
    rows = [
        row
        for row, *cells in zip(data.rows, *map(data.cells, data.columns), strict=True)
        if not any(cell.strip() for cell in cells)
    ]
    if rows:
        what = f"{counted(len(rows), 'row')} with only empty cells: {numbered('row', rows)}."
        yield Finding("error", what, "Delete them: participants would be paid to look at nothing.", row=rows[0])


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
            f"{counted(len(rows), 'row')} identical to an earlier row: {numbered('row', rows)} "
            f"(row {again[0][0]} repeats row {again[0][1]})."
        )
        yield Finding("warning", what, "Delete them unless you want them annotated twice.", row=rows[0])


def _empty_cells(data: Table, column: str) -> Iterator[Finding]:
    rows = [row for row, cell in zip(data.rows, data.cells(column), strict=True) if not cell.strip()]
    if not rows:
        return
    if len(rows) == len(data.rows):
        yield Finding("warning", "Every cell is empty.", "Remove the column.", column=column)
        return
    what = f"{counted(len(rows), 'empty cell')}: {numbered('row', rows)}."
    yield Finding("warning", what, "Fill them, or delete the rows if the column is shown.", row=rows[0], column=column)


def _urls(data: Table, column: str, kind: Kind) -> Iterator[Finding]:
    cells = [(row, cell) for row, cell in zip(data.rows, data.cells(column), strict=True) if cell.strip()]
    invalid = [row for row, cell in cells if not is_url(cell)]
    if invalid:
        what = f"{counted(len(invalid), 'cell')} without an absolute URL: {numbered('row', invalid)}."
        remedy = f'Fix the URLs, or if this is not a column of {kind}s, read it with kinds={{{column!r}: "other"}}.'
        yield Finding("error", what, remedy, row=invalid[0], column=column)
    insecure = [row for row, cell in cells if cell.strip().casefold().startswith("http:")]
    if insecure:
        what = f"{counted(len(insecure), 'URL')} without https: {numbered('row', insecure)}."
        yield Finding("warning", what, "Use https: browsers may block http content.", row=insecure[0], column=column)
