"""A sheet of an Excel workbook as records, so that it is checked like a CSV.

Values are written as a spreadsheet would save them: integers without ".0", TRUE and FALSE, dates in ISO 8601.
"""

from __future__ import annotations

import datetime
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from io import BytesIO
from typing import Any

from ...common.findings import Finding
from ...common.plurals import MOST_LISTED, counted
from .compressed import checked_size
from .unreadable import Unreadable, unreadable

_MOST_CELLS = 5_000_000
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_ZEROS = re.compile(r"0{2,}")
_MOST_DIGITS = 15
_LONGEST_INTEGER = 1e21
_INSTALL = (
    "Install it with: python -m pip install 'prolific-nb[excel]' (or openpyxl alone), or save the sheet as CSV (UTF-8)."
)


@dataclass
class _Found:
    """Cells that need attention, each as a reference such as B3."""

    errors: list[str]
    long: list[str]
    formulas: list[str]


def sheet_rows(raw: bytes, name: str | None) -> tuple[list[list[str]], list[Finding]]:
    """The records of one sheet, an empty one for each row without content, and findings about it.

    Parameters
    ----------
    name : str, optional
        Of the sheet; needed if several visible sheets have content.

    Raises
    ------
    Unreadable
        If openpyxl is not installed, the workbook is damaged, or the sheet is not clear.
    """
    book = _opened(raw)
    try:
        sheet, notes = _chosen(book, name)
        rows, found = _rows(sheet)
        found.formulas += _without_value(raw, sheet) if _has_formulas(raw) else []
    finally:
        book.close()
    return rows, [*notes, *_findings(found), *_merged(sheet), *_hidden(sheet)]


def _opened(raw: bytes, *, values: bool = True) -> Any:
    try:
        import openpyxl
    except ImportError:
        raise unreadable("An Excel workbook can be read only with the package openpyxl.", _INSTALL) from None
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            checked_size(archive)
        with warnings.catch_warnings():
            # About styles and filters; what concerns cells becomes an error value, which is a finding.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(BytesIO(raw), data_only=values)
    except Unreadable:
        raise
    except Exception as error:  # openpyxl raises errors of many types for damaged workbooks
        what = f"The Excel workbook is damaged or of an unknown kind: {type(error).__name__}: {error}."
        raise unreadable(what, "Open it in Excel and save it again as .xlsx, or as CSV (UTF-8).") from None


def _has_formulas(raw: bytes) -> bool:
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        return any(_FORMULA.search(archive.read(name)) for name in names)


def _chosen(book: Any, name: str | None) -> tuple[Any, list[Finding]]:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    if name is not None:
        if name in sheets:
            return sheets[name], []
        near = get_close_matches(str(name), sheets, cutoff=0.5)
        nearest = f" Did you mean {near[0]!r}?" if near else ""
        raise unreadable(f"There is no sheet {name!r}.{nearest}", f"The sheets are {_listed(list(sheets))}.")
    visible = [title for title, sheet in sheets.items() if sheet.sheet_state == "visible" and not _is_empty(sheet)]
    if len(visible) > 1:
        what = f"The workbook has {len(visible)} sheets with content: {_listed(visible)}."
        raise unreadable(what, f"Choose one, as in read_data(…, sheet={visible[0]!r}).")
    if not visible:
        hidden = [title for title, sheet in sheets.items() if not _is_empty(sheet)]
        remedy = f"Hidden sheets have content; choose one, as in sheet={hidden[0]!r}." if hidden else "Add rows to it."
        raise unreadable("No visible sheet of the workbook has content.", remedy)
    others = [title for title in sheets if title != visible[0]]
    what = f"Read the sheet {visible[0]!r}; {_listed(others)} {'is' if len(others) == 1 else 'are'} empty or hidden."
    return sheets[visible[0]], [Finding("note", what, "To read another, pass sheet=.")] if others else []


def _listed(names: Sequence[str]) -> str:
    return _cells(list(map(repr, names)))


def _is_empty(sheet: Any) -> bool:
    return sheet.max_row <= 1 and sheet.max_column <= 1 and sheet["A1"].value is None


def _rows(sheet: Any) -> tuple[list[list[str]], _Found]:
    """The cells as text, from row 1 to the last row, and from the first to the last column, that have content."""
    if sheet.max_row * sheet.max_column > _MOST_CELLS:
        what = f"The sheet {sheet.title!r} reaches to row {sheet.max_row:,} and column {sheet.max_column:,}."
        raise unreadable(what, "Delete the rows and columns below and beside the table, or save it as CSV (UTF-8).")
    found = _Found([], [], [])
    dated = _dated(sheet)
    rows = [[_text(cell, dated, found) for cell in row] for row in sheet.iter_rows()]
    while rows and not any(rows[-1]):
        rows.pop()
    filled = {place for row in rows for place, cell in enumerate(row) if cell}
    # A table may begin in any column of the sheet, and formats reach further right than content.
    left, right = (min(filled), max(filled) + 1) if filled else (0, 0)
    return [row[left:right] if any(row) else [] for row in rows], found


def _dated(sheet: Any) -> set[int]:
    """Columns whose dates have no time of day: they are written as dates."""
    moments: dict[int, bool] = {}
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, datetime.datetime):
                moments[cell.column] = moments.get(cell.column, True) and cell.value.time() == datetime.time()
    return {column for column, whole in moments.items() if whole}


def _text(cell: Any, dated: set[int], found: _Found) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        if cell.data_type == "e":
            found.errors.append(f"{cell.coordinate} ({value})")
        return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), value) if "_x" in value else value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime) and cell.column in dated:
        return value.date().isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return _number(cell, value, found) if isinstance(value, int | float) else str(value)


def _number(cell: Any, value: float, found: _Found) -> str:
    if abs(value) >= 10**_MOST_DIGITS:
        found.long.append(cell.coordinate)
    if isinstance(value, float) and (not value.is_integer() or abs(value) >= _LONGEST_INTEGER):
        return repr(value)
    text = str(int(value))
    # A format such as 00000 shows the leading zeros of postcodes and IDs, which the number itself does not have.
    return text.zfill(len(cell.number_format)) if _ZEROS.fullmatch(cell.number_format or "") else text


def _without_value(raw: bytes, sheet: Any) -> list[str]:
    """Formulas whose result is not in the file, because a program wrote it that does not calculate."""
    formulas = _opened(raw, values=False)[sheet.title]
    return [
        cell.coordinate
        for row in formulas.iter_rows()
        for cell in row
        if cell.data_type == "f" and sheet[cell.coordinate].value is None
    ]


def _findings(found: _Found) -> Iterator[Finding]:
    if found.formulas:
        what = f"{counted(len(found.formulas), 'formula')} without a stored result: {_cells(found.formulas)}."
        yield Finding("error", what, "Open the workbook in Excel or LibreOffice, save it, and read it again.")
    if found.errors:
        what = f"{counted(len(found.errors), 'cell')} with an error value: {_cells(found.errors)}."
        yield Finding("warning", what, "Fix the formulas: participants would see these words.")
    if found.long:
        what = f"{counted(len(found.long), 'number')} with more than {_MOST_DIGITS} digits: {_cells(found.long)}."
        remedy = "Excel keeps 15 digits, so the last ones may be wrong: store IDs as text."
        yield Finding("warning", what, remedy)


def _cells(references: Sequence[str]) -> str:
    more = f" and {len(references) - MOST_LISTED:,} more" if len(references) > MOST_LISTED else ""
    return ", ".join(references[:MOST_LISTED]) + more


def _merged(sheet: Any) -> Iterator[Finding]:
    areas = [str(area) for area in sheet.merged_cells.ranges]
    if areas:
        what = f"{counted(len(areas), 'merged area')}: {_cells(areas)}. Only the first cell of each has the value."
        yield Finding("warning", what, "Unmerge them in Excel and fill in the empty cells.")


def _hidden(sheet: Any) -> Iterator[Finding]:
    rows = sorted(number for number, row in sheet.row_dimensions.items() if row.hidden and number <= sheet.max_row)
    if rows:
        what = f"{counted(len(rows), 'hidden row')} read as well, as rows that a filter hides are: "
        what += f"{_cells([str(number) for number in rows])}."
        yield Finding("warning", what, "Delete them in Excel if they are not to be annotated.", row=rows[0])
    columns = [letter for letter, column in sheet.column_dimensions.items() if column.hidden]
    if columns:
        yield Finding("note", f"{counted(len(columns), 'hidden column')} read as well: {_cells(columns)}.", "")
