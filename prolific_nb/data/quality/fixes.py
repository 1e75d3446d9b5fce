"""Changes to a table that remove the cause of a finding, each under the name that findings and code give it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ...common.findings import Finding
from ...errors import DataError
from ..cells.cell_store import CellStore
from ..columns import Kind

LONGEST_NAME = 128
RESERVED = "pnb_row"
EMPTY_ROWS, REPEATED_ROWS, ROWS_WITHOUT = "delete empty rows", "delete repeated rows", "delete rows without a value"
COLUMN, TRIM, RENAME, HTTPS = "delete column", "trim spaces", "rename column", "use https"


@dataclass(frozen=True)
class Table:
    """The parts of a dataset that a fix changes: columns with their kinds, and numbered rows of cells."""

    names: tuple[str, ...]
    kinds: tuple[Kind, ...]
    numbers: Sequence[int]
    store: CellStore


def applied(fix: str, table: Table, column: str | None, subject: str) -> Table:
    """The table after a fix; the same object if there was nothing to fix.

    Raises
    ------
    DataError
        If there is no such fix or column, the fix needs a column, or it would leave nothing.
    """
    faults = list(_faults(fix, table, column))
    if faults:
        raise DataError(subject, faults)
    places = [table.names.index(column)] if column is not None else list(range(len(table.names)))
    fixed = _FIXES[fix](table, places)
    if not len(fixed.store) or not fixed.names:
        what = f"The fix {fix!r} would delete every {'row' if fixed.names else 'column'}."
        raise DataError(subject, [Finding("error", what, "Correct the file, and read it again.", column=column)])
    return fixed


def fix_of(finding: Finding, subject: str) -> str:
    """The fix of a finding.

    Raises
    ------
    DataError
        If a program cannot fix it.
    """
    if finding.fix is None:
        raise DataError(subject, [replace(finding, remedy=f"{finding.remedy} A program cannot fix it.".lstrip())])
    return finding.fix


def _faults(fix: str, table: Table, column: str | None) -> Iterator[Finding]:
    if fix not in _FIXES:
        yield Finding("error", f"There is no fix {fix!r}.", f"Use one of {', '.join(map(repr, _FIXES))}.")
    elif column is None and fix in _ONE_COLUMN:
        yield Finding("error", f"The fix {fix!r} is about one column.", "Pass its name, as in column='id'.")
    if column is not None and column not in table.names:
        remedy = f"The columns are {', '.join(map(repr, table.names))}."
        yield Finding("error", "There is no such column.", remedy, column=column)


def _kept(table: Table, keep: Sequence[int]) -> Table:
    if len(keep) == len(table.store):
        return table
    return replace(table, store=table.store.take(keep), numbers=[table.numbers[place] for place in keep])


def _is_filled(cell: str) -> bool:
    return bool(cell) and not cell.isspace()


def _without_empty_rows(table: Table, _: Sequence[int]) -> Table:
    return _kept(table, [place for place, row in enumerate(table.store) if any(map(_is_filled, row))])


def _without_repeated_rows(table: Table, _: Sequence[int]) -> Table:
    first: dict[tuple[str, ...], int] = {}
    for place, row in enumerate(table.store):
        first.setdefault(row, place)
    return _kept(table, list(first.values()))


def _without_rows(table: Table, places: Sequence[int]) -> Table:
    cells = table.store.iter_column(places[0])
    return _kept(table, [place for place, cell in enumerate(cells) if _is_filled(cell)])


def _without_column(table: Table, places: Sequence[int]) -> Table:
    left = [place for place in range(len(table.names)) if place not in places]
    return Table(
        tuple(table.names[place] for place in left),
        tuple(table.kinds[place] for place in left),
        table.numbers,
        table.store.select_columns(left),
    )


def _changed(table: Table, places: Sequence[int], change: Callable[[str], str]) -> Table:
    columns = []
    same = True
    for place in range(len(table.names)):
        cells = table.store.column(place)
        after = list(map(change, cells)) if place in places else cells
        same = same and after == cells
        columns.append(after)
    return table if same else replace(table, store=CellStore.of_columns(columns))


def _trimmed(table: Table, places: Sequence[int]) -> Table:
    return _changed(table, places, str.strip)


def _with_https(table: Table, places: Sequence[int]) -> Table:
    return _changed(table, places, _secure)


def _secure(cell: str) -> str:
    start = cell.lstrip()
    return f"https:{start[5:]}" if start[:5].casefold() == "http:" else cell


def _renamed(table: Table, places: Sequence[int]) -> Table:
    names = list(table.names)
    for place in places:
        short = "row" if names[place] == RESERVED else names[place][:LONGEST_NAME].rstrip()
        names[place] = short if short == names[place] else _free(short, names)
    return table if tuple(names) == table.names else replace(table, names=tuple(names))


def _free(name: str, names: Sequence[str]) -> str:
    """The name, or the name with a number if a column has it already."""
    number = 1
    free = name
    while free in names:
        number += 1
        free = f"{name[: LONGEST_NAME - len(str(number)) - 1]}_{number}"
    return free


_FIXES: dict[str, Callable[[Table, Sequence[int]], Table]] = {
    EMPTY_ROWS: _without_empty_rows,
    REPEATED_ROWS: _without_repeated_rows,
    ROWS_WITHOUT: _without_rows,
    COLUMN: _without_column,
    TRIM: _trimmed,
    RENAME: _renamed,
    HTTPS: _with_https,
}
_ONE_COLUMN = (ROWS_WITHOUT, COLUMN)
