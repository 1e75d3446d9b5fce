"""Bytes to text: which encoding a file was saved in."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from ..common.findings import Finding

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_TEXT = (
    (b"PK\x03\x04", "a spreadsheet workbook or a ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"PAR1", "a Parquet file"),
    (b"%PDF", "a PDF"),
)
_FALLBACK = "cp1252"
_MOST_CHARACTERS = 12


class Undecodable(Exception):
    """No encoding fits; `finding` says where and what to do."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(str(finding))


def decode(raw: bytes, encoding: str | None = None) -> tuple[str, list[Finding]]:
    """The text in some bytes, with a note where the encoding had to be guessed.

    Tried are: a byte order mark, strict UTF-8, and cp1252 as Excel in Western Europe saves it.

    Raises
    ------
    Undecodable
        With the place of the first byte that does not fit.
    """
    if encoding is not None:
        return _as_told(raw, encoding), []
    for start, what in _NOT_TEXT:
        if raw.startswith(start):
            raise Undecodable(Finding("error", f"The file is no CSV but {what}.", "Save or export it as CSV (UTF-8)."))
    marked = next((name for mark, name in _MARKS if raw.startswith(mark)), None)
    if marked:
        note = Finding("note", f"Read as {marked.upper()}, which the byte order mark at its start names.", "")
        return _as_told(raw, marked), [note]
    return _guessed(raw)


def _as_told(raw: bytes, encoding: str) -> str:
    try:
        # "utf-8" given for a file with a mark would leave the mark in the first column's name.
        return _without_nul(raw.decode(encoding).removeprefix("\ufeff"))
    except LookupError:
        remedy = 'Use a name that Python knows, such as "utf-8", "cp1252", "latin-1" or "shift_jis".'
        raise Undecodable(Finding("error", f"{encoding!r} is no known encoding.", remedy)) from None
    except UnicodeDecodeError as error:
        raise Undecodable(_misfit(raw, error)) from None


def _guessed(raw: bytes) -> tuple[str, list[Finding]]:
    try:
        return _without_nul(raw.decode("utf-8")), []
    except UnicodeDecodeError:
        pass  # cp1252 is tried next; if that fails too, its error is the one to report
    try:
        text = raw.decode(_FALLBACK)
    except UnicodeDecodeError as error:
        raise Undecodable(_misfit(raw, error)) from None
    return _without_nul(text), list(_doubts(raw, text))


def _doubts(raw: bytes, text: str) -> Iterator[Finding]:
    odd = sorted({character for character in text if not character.isascii()})
    shown = " ".join(odd[:_MOST_CHARACTERS]) + (" …" if len(odd) > _MOST_CHARACTERS else "")
    yield Finding(
        "note",
        f"The file is not UTF-8; read as cp1252 (Excel, Western Europe). Characters that rest on this: {shown}",
        'If they look wrong, give encoding=, for example "mac_roman", "cp1251" or "shift_jis".',
    )
    if any(not character.isascii() for character in raw.decode("utf-8", errors="ignore")):
        what = "Some characters are in UTF-8 and some are not, so that some of them will look wrong."
        yield Finding("warning", what, "Save the file again as UTF-8 from the program that made it.")


def _without_nul(text: str) -> str:
    place = text.find("\0")
    if place < 0:
        return text
    row = text.count("\n", 0, place) + 1
    what = f"There is a NUL at character {place}, in line {row}: this is binary, or UTF-16 without its mark."
    raise Undecodable(Finding("error", what, 'Save it as UTF-8, or try encoding="utf-16-le".'))


def _misfit(raw: bytes, error: UnicodeDecodeError) -> Finding:
    line = raw.count(b"\n", 0, error.start) + 1
    byte = raw[error.start]
    what = f"Byte {byte:#04x} at offset {error.start}, in line {line}, is no character of {error.encoding}."
    return Finding("error", what, 'Name the encoding it was saved in, as in read_data(…, encoding="mac_roman").')
