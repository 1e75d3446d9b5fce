"""Recognising the format of a file by its content, whatever its name."""

from __future__ import annotations

from dataclasses import dataclass

from ...common.findings import Finding
from ..csv_format import Cells, parse
from .compressed import ZIP, is_packed, unpacked
from .decoding import decode
from .excel import sheet_text
from .json_records import json_cells, looks_like_json
from .not_tables import refuse_binary, refuse_markup
from .unreadable import unreadable


@dataclass(frozen=True)
class Options:
    """How to read a file, where the caller knows better than its content tells.

    Parameters
    ----------
    encoding, delimiter : str, optional
        Of a text file.
    sheet : str, optional
        Of an Excel workbook.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


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
        text, about_sheet = sheet_text(raw, options.sheet)
        return parse(text, ","), [*notes, *about_sheet]
    if options.sheet is not None:
        raise unreadable(f"sheet={options.sheet!r} was passed, but the file is not an Excel workbook.", "Omit sheet=.")
    if options.encoding is None:
        refuse_binary(raw)
    text, about_encoding = decode(raw, options.encoding)
    return _text_cells(text, options.delimiter), [*notes, *about_encoding]


def _is_workbook(raw: bytes) -> bool:
    # `unpacked` leaves only workbooks packed, and unpacks one file at most.
    return raw.startswith(ZIP) and b"xl/workbook.xml" in raw


def _text_cells(text: str, delimiter: str | None) -> Cells:
    if delimiter is None:  # otherwise the caller says that it is a CSV
        refuse_markup(text)
        if looks_like_json(text):
            return json_cells(text)
    return parse(text, delimiter)
