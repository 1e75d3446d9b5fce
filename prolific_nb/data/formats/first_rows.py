"""The first rows of a file as they are in it, from its first bytes only: what to see while choosing how to read it."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..csv_format import first_records
from .compressed import ZIP, head_of
from .decoding import decode
from .json_records import looks_like_json
from .unreadable import Unreadable

_HEAD = 1 << 16  # bytes
_MOST_COLUMNS = 30


@dataclass(frozen=True)
class FirstRows:
    """The first rows of a file.

    Parameters
    ----------
    rows : tuple of tuple of str
        The cells of each row, from row 1; each line above the header is one cell.
    sheets : tuple of str
        The names of the sheets of a workbook.
    note : str
        Why there are no rows to show.
    """

    rows: tuple[tuple[str, ...], ...] = ()
    sheets: tuple[str, ...] = ()
    note: str = ""


def first_rows(
    path: str | os.PathLike[str],
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    sheet: str | None = None,
    skip_rows: int | None = None,
    most: int = 8,
) -> FirstRows:
    """The first rows of a file, read with the same options as by `read_data`; what cannot be read is a note.

    Parameters
    ----------
    most : int
        The number of rows.
    """
    try:
        with Path(path).expanduser().open("rb") as file:
            head = head_of(file, _HEAD)
            if head.startswith(ZIP):
                return _of_workbook(file, sheet, most)
    except Unreadable as error:
        return FirstRows(note=error.findings[0].what)
    except Exception as error:  # a damaged archive or workbook raises errors of many types
        return FirstRows(note=f"The first rows cannot be shown: {error}.")
    text = _text(head, encoding)
    if delimiter is None and looks_like_json(text):
        return FirstRows(note="The file is JSON, which names its columns itself.")
    return FirstRows(_cut(first_records(text, delimiter, skip_rows or 0, most)))


def _text(head: bytes, encoding: str | None) -> str:
    whole = head
    if len(head) == _HEAD:  # without the half of the last line, or of the last character of UTF-16
        whole = head[: len(head) // 4 * 4] if b"\0" in head else head[: head.rfind(b"\n") + 1] or head
    try:
        return decode(whole, encoding)[0]
    except Unreadable:
        return _with_marks(whole, encoding or "latin-1")


def _with_marks(head: bytes, encoding: str) -> str:
    try:
        return head.decode(encoding, errors="replace")
    except (LookupError, ValueError):  # not an encoding of text
        return head.decode("latin-1")


def _of_workbook(file: Any, sheet: str | None, most: int) -> FirstRows:
    try:
        import openpyxl
    except ImportError:
        return FirstRows(note="The first rows of a workbook are shown with the package openpyxl.")
    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        try:
            names = tuple(each.title for each in book.worksheets if each.sheet_state == "visible")
            chosen = book[sheet if sheet in book.sheetnames else names[0]]
            rows = chosen.iter_rows(max_row=most, values_only=True)
            cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
            width = max((place for row in cells for place, cell in enumerate(row, 1) if cell), default=0)
        finally:
            book.close()
    return FirstRows(_cut([row[:width] for row in cells]), names)


def _cut(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row[:_MOST_COLUMNS]) for row in rows)
