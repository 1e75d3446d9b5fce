"""Bytes to text: detecting the encoding of a file."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from ...common.findings import Finding
from .unreadable import Unreadable

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FALLBACK = "cp1252"
_MOST_CHARACTERS = 12


def decode(raw: bytes, encoding: str | None = None) -> tuple[str, list[Finding]]:
    """Decode bytes; a note is added if the encoding had to be guessed.

    A byte order mark is tried first, then strict UTF-8, then cp1252, which Excel uses in Western Europe.

    Raises
    ------
    Unreadable
        With the position of the first invalid byte.
    """
    if encoding is not None:
        return _decoded(raw, encoding), []
    marked = next((name for mark, name in _MARKS if raw.startswith(mark)), None)
    if marked:
        note = Finding("note", f"Read as {marked.upper()}, according to the byte order mark at its start.", "")
        return _decoded(raw, marked), [note]
    return _guessed(raw)


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        # Decoding as "utf-8" leaves a byte order mark in the name of the first column.
        return _without_nul(raw.decode(encoding).removeprefix("\ufeff"))
    except LookupError:
        remedy = 'Use an encoding that Python supports, such as "utf-8", "cp1252", "latin-1" or "shift_jis".'
        raise Unreadable(Finding("error", f"{encoding!r} is not a known encoding.", remedy)) from None
    except UnicodeDecodeError as error:
        raise Unreadable(_invalid_byte(raw, error)) from None


def _guessed(raw: bytes) -> tuple[str, list[Finding]]:
    try:
        return _without_nul(raw.decode("utf-8")), []
    except UnicodeDecodeError:
        pass  # cp1252 is tried next; if that fails too, its error is the one to report
    try:
        text = raw.decode(_FALLBACK)
    except UnicodeDecodeError as error:
        raise Unreadable(_invalid_byte(raw, error)) from None
    return _without_nul(text), list(_guess_findings(raw, text))


def _guess_findings(raw: bytes, text: str) -> Iterator[Finding]:
    odd = sorted({character for character in text if not character.isascii()})
    shown = " ".join(odd[:_MOST_CHARACTERS]) + (" …" if len(odd) > _MOST_CHARACTERS else "")
    yield Finding(
        "note",
        f"The file is not UTF-8; read as cp1252 (Excel, Western Europe). Characters that depend on this: {shown}",
        'If they look wrong, pass encoding=, for example "mac_roman", "cp1251" or "shift_jis".',
    )
    if any(not character.isascii() for character in raw.decode("utf-8", errors="ignore")):
        what = "Some characters are UTF-8 and some are not, so some of them will look wrong."
        yield Finding("warning", what, "Save the file again as UTF-8 from the program that made it.")


def _without_nul(text: str) -> str:
    place = text.find("\0")
    if place < 0:
        return text
    row = text.count("\n", 0, place) + 1
    what = f"There is a NUL at character {place}, in line {row}: it is binary, or UTF-16 without a byte order mark."
    raise Unreadable(Finding("error", what, 'Save it as UTF-8, or try encoding="utf-16-le".'))


def _invalid_byte(raw: bytes, error: UnicodeDecodeError) -> Finding:
    line = raw.count(b"\n", 0, error.start) + 1
    byte = raw[error.start]
    what = f"Byte {byte:#04x} at offset {error.start}, in line {line}, is not valid {error.encoding}."
    return Finding("error", what, 'Pass the encoding of the file, as in read_data(…, encoding="mac_roman").')
