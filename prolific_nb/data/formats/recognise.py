"""Recognising the format of a file by its content, whatever its name."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Sequence
from dataclasses import dataclass

from ...common.findings import Finding
from ..cells.csv_blocks import Text, is_utf8
from ..cells.header_rows import arrange
from ..cells.table_builder import Cells, TableBuilder
from ..cells.title_lines import header_below, title_error
from ..csv_format import parse
from .compressed import ZIP, is_packed, unpacked
from .decoding import about_mark, decode
from .excel import sheet_rows
from .json_records import json_cells, looks_like_json
from .not_tables import refuse_binary, refuse_markup
from .unreadable import unreadable

_LARGE = 1_000_000  # bytes
_SAMPLE = 100  # rows of a sheet in which a title shows
_HEAD = 100_000  # bytes in which markup and JSON show


@dataclass(frozen=True)
class Options:
    """How to read a file, where the caller knows better than its content tells.

    Parameters
    ----------
    encoding, delimiter : str, optional
        Of a text file.
    sheet : str, optional
        Of an Excel workbook.
    header_rows : int, optional
        The number of header rows.
    above : int, optional
        The number of lines above the header.
    leave_out : frozenset of int
        The spreadsheet row numbers of rows to leave out.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header_rows: int | None = None
    above: int | None = None
    leave_out: frozenset[int] = frozenset()


def file_cells(raw: bytes, options: Options) -> tuple[Cells, list[Finding]]:
    """The cells of a CSV, JSON or Excel file, and notes on how it was read.

    Raises
    ------
    Unreadable
        If it is none of these, or is not valid.
    """
    raw, notes = unpacked(raw)
    if notes and is_packed(raw) and not _is_workbook(raw):
        raise unreadable("The file is an archive in a compressed file.", "Unpack it and pass the path of one file.")
    if _is_workbook(raw):
        rows, about_sheet = sheet_rows(raw, options.sheet)
        return _of_sheet(rows, options), [*notes, *about_sheet]
    if options.sheet is not None:
        raise unreadable(f"sheet={options.sheet!r} was passed, but the file is not an Excel workbook.", "Omit sheet=.")
    if options.encoding is None:
        refuse_binary(raw)
    if options.encoding is None and len(raw) > _LARGE and raw.startswith(BOM_UTF8):
        raw, notes = raw.removeprefix(BOM_UTF8), [*notes, about_mark("utf-8-sig")]
    if options.encoding is None and len(raw) > _LARGE and _is_plain(raw):
        head = raw[:_HEAD].decode(errors="ignore")
        if options.delimiter is not None or not looks_like_json(head):
            refuse_markup(head)
            return _table(raw, options.delimiter, options), notes
    text, about_encoding = decode(raw, options.encoding)
    notes += about_encoding
    del raw  # a large file would be in memory three times
    if options.delimiter is None:  # otherwise the caller says that it is a CSV
        refuse_markup(text)
        if looks_like_json(text):
            return _records(text, options), notes
    content = text.encode() if len(text) > _LARGE else text
    del text
    return _table(content, options.delimiter, options), notes


def _is_plain(raw: bytes) -> bool:
    """UTF-8 without a mark or escape sequences: decoded as a whole it could take four times as much memory."""
    return raw[:1].isascii() and b"\x1b" not in raw and is_utf8(raw)


def _is_workbook(raw: bytes) -> bool:
    # `unpacked` leaves only workbooks packed, and unpacks one file at most.
    return raw.startswith(ZIP) and b"xl/workbook.xml" in raw


def _table(text: Text, delimiter: str | None, options: Options) -> Cells:
    cells = parse(text, delimiter, options.above, options.leave_out)
    return arrange(cells, options.header_rows, options.leave_out)


def _of_sheet(rows: Sequence[list[str]], options: Options) -> Cells:
    """Rows are counted, not lines: a cell of a sheet may have several."""
    above = options.above or 0
    place = header_below(rows[:_SAMPLE]) if options.above is None else 0
    if place:
        first = next(cell for row in rows for cell in row if cell.strip())
        names = [name for name in rows[place] if name.strip()]
        return Cells.none([title_error(place, first, names, "row")])
    builder = TableBuilder(above, options.leave_out)
    builder.add_records(rows[above:])
    return arrange(builder.cells(), options.header_rows, options.leave_out)


def _records(text: str, options: Options) -> Cells:
    """Records name their columns themselves, so nothing is guessed about a header."""
    above = None if options.leave_out else options.above  # the first records may be left out by number
    for name, given, default in (("header_rows", options.header_rows, 1), ("skip_rows", above, 0)):
        if given is not None and given != default:
            raise unreadable(f"{name}={given} was passed, but JSON has no header rows.", f"Omit {name}=.")
    return arrange(json_cells(text), 1, options.leave_out)
