"""Bytes to text: by byte order mark, as UTF-8, or in the encoding that the text itself tells."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Sequence

from ...common.findings import Finding
from ...common.plurals import counted, numbered
from . import encodings
from .encodings import Reading
from .unreadable import Unreadable, unreadable

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ESCAPES = ((b"\x1b$B", "iso2022_jp"), (b"\x1b$@", "iso2022_jp"), (b"\x1b$)C", "iso2022_kr"))
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_UTF8_PARTS = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = bytes(range(128, 256))
_BETWEEN = re.compile(r"[\s,;\t\"']+")
_MOSTLY = 0.5
_MOST_CHARACTERS = 12
_MOST_READINGS = 4
_LONGEST_RUN = 4  # a character that is cut has at most 3 bytes; a word in another encoding has more
_LONGEST_WORD = 24
_USUAL = {"cp1252": "cp1252 (Excel, Western Europe)"}


def decode(raw: bytes, encoding: str | None = None) -> tuple[str, list[Finding]]:
    """Decode bytes; a note is added if the encoding was detected.

    A byte order mark is tried first, then strict UTF-8. Otherwise the encoding is detected from the text.

    Raises
    ------
    Unreadable
        With the position of the first invalid byte, or with the encodings between which the text cannot decide.
    """
    if encoding is not None:
        return _decoded(raw, encoding), []
    marked = next((name for mark, name in _MARKS if raw.startswith(mark)), None)
    if marked:
        return _decoded(raw, marked), [about_mark(marked)]
    # One byte is found ten times faster than three.
    escaped = next((name for escape, name in _ESCAPES if escape in raw), None) if b"\x1b" in raw else None
    if escaped:
        return _decoded(raw, escaped), [Finding("note", f"Read as {escaped}, according to its escape sequences.", "")]
    if b"\0" in raw[:1000]:
        return _wide(raw)
    try:
        return _without_nul(raw.decode("utf-8")), []
    except UnicodeDecodeError as error:
        return _detected(raw, error)


def about_mark(encoding: str) -> Finding:
    """The note about a byte order mark."""
    return Finding("note", f"Read as {encoding.upper()}, according to the byte order mark at its start.", "")


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        # Decoding as "utf-8" leaves a byte order mark in the name of the first column.
        return _without_nul(raw.decode(encoding).removeprefix("\ufeff"))
    except (LookupError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise Unreadable(_invalid_byte(raw, error)) from None
        remedy = 'Use an encoding that Python supports, such as "utf-8", "cp1252", "latin-1" or "shift_jis".'
        raise unreadable(f"{encoding!r} is not a known encoding.", remedy) from None
    except UnicodeError as error:  # of UTF-16 without an end, and of codecs that are not of text
        raise unreadable(f"The file is not valid {encoding}: {error}.", "Pass the encoding of the file.") from None


def _wide(raw: bytes) -> tuple[str, list[Finding]]:
    """UTF-16 or UTF-32 without a byte order mark: the only one in which the file is lines of ordinary characters."""
    for name in _WIDE:
        try:
            text = raw.decode(name)
        except UnicodeDecodeError:
            continue
        if "\n" in text and "\0" not in text and all(map(_is_ordinary, text[:4000])):
            note = f"Read as {name.upper()}, although it has no byte order mark at its start."
            return text, [Finding("note", note, f'If it looks wrong, pass encoding=, for example "{_WIDE[1]}".')]
    return _without_nul(raw.decode("latin-1")), []


def _is_ordinary(character: str) -> bool:
    return character.isprintable() or character.isspace()


def _detected(raw: bytes, error: UnicodeDecodeError) -> tuple[str, list[Finding]]:
    found = encodings.readings(raw)
    sample = encodings.sample_of(raw)
    in_utf8 = sum(map(len, _UTF8_PARTS.findall(sample)))
    if in_utf8 > _MOSTLY * _high(sample) and encodings.is_better(_pieces(sample)[0], found):
        return _mixed(raw)
    best = encodings.clear(found)
    if best is None:
        raise Unreadable(_unclear(raw, found, error))
    try:
        text = _without_nul(raw.decode(best.encoding))
    except UnicodeDecodeError as wrong:
        raise Unreadable(_invalid_byte(raw, wrong)) from None
    return text, [_about_guess(best, text)]


def _high(raw: bytes) -> int:
    """How many bytes are not ASCII."""
    return len(raw) - len(raw.translate(None, _HIGH))


def _about_guess(best: Reading, text: str) -> Finding:
    name = _USUAL.get(best.encoding, f"{best.encoding} ({best.language})")
    odd = sorted({character for character in text[:1_000_000] if not character.isascii()})
    shown = " ".join(odd[:_MOST_CHARACTERS]) + (" …" if len(odd) > _MOST_CHARACTERS else "")
    what = f"The file is not UTF-8; read as {name}. Characters that depend on this: {shown}."
    return Finding("note", what, 'If they look wrong, pass encoding=, for example "mac_roman" or "cp1250".')


def _unclear(raw: bytes, found: Sequence[Reading], error: UnicodeDecodeError) -> Finding:
    choices = encodings.plausible(list(found), _MOST_READINGS)
    if not choices:
        return _invalid_byte(raw, error)
    word = "; ".join(f"{each.encoding} ({_sample_word(each, choices)})" for each in choices)
    what = f"The file is not UTF-8, and its encoding is not clear. It could be {word}."
    remedy = f'Pass the one that reads right, as in encoding="{choices[0].encoding}"; or save the file as UTF-8.'
    return Finding("error", what, remedy)


def _sample_word(reading: Reading, others: Sequence[Reading]) -> str:
    """The first word with letters outside ASCII that not all readings share."""
    shared = set.intersection(*(set(_words(each)) for each in others)) if len(others) > 1 else set()
    words = _words(reading)
    return repr(next((word for word in words if word not in shared), (words or [""])[0])[:_LONGEST_WORD])


def _words(reading: Reading) -> list[str]:
    return [word for word in _BETWEEN.split(reading.text) if not word.isascii()]


def _mixed(raw: bytes) -> tuple[str, list[Finding]]:
    """UTF-8 with some bytes that are not: these are read as cp1252, the others as what they are."""
    text, lines, read, longest = _pieces(raw)
    times = lines.total()
    where = numbered("line", list(lines))
    if times > _MOSTLY * _high(raw) or longest >= _LONGEST_RUN:
        what = f"The file is UTF-8 in some lines and in another encoding in others: {where}."
        raise unreadable(what, "Save both parts as UTF-8 before they are put together.")
    what = f"{counted(times, 'byte')} of this UTF-8 file {'is' if times == 1 else 'are'} not UTF-8: {where}."
    shown = " ".join(list(read)[:_MOST_CHARACTERS])
    remedy = f"Check what was read there as cp1252 ({shown}), or save the file again as UTF-8."
    return _without_nul(text), [Finding("warning", what, remedy)]


def _pieces(raw: bytes) -> tuple[str, Counter[int], dict[str, None], int]:
    """The text, how many bytes of each line are not UTF-8, what was read for them, and the longest run of them."""
    lines: Counter[int] = Counter()
    read: dict[str, None] = {}
    text = []
    longest = 0
    for number, line in enumerate(raw.split(b"\n"), 1):
        whole, run = "", 0
        while line:
            try:
                whole, line = whole + line.decode("utf-8"), b""
            except UnicodeDecodeError as error:
                character = line[error.start : error.start + 1].decode("cp1252", errors="replace")
                whole += line[: error.start].decode("utf-8") + character
                line = line[error.start + 1 :]
                lines[number] += 1
                run = run + 1 if error.start == 0 else 1
                longest = max(longest, run)
                read[character] = None
        text.append(whole)
    return "\n".join(text), lines, read, longest


def _without_nul(text: str) -> str:
    place = text.find("\0")
    if place < 0:
        return text
    row = text.count("\n", 0, place) + 1
    what = f"There is a NUL at character {place}, in line {row}: it is binary, or UTF-16 without a byte order mark."
    raise unreadable(what, 'Save it as UTF-8, or try encoding="utf-16-le".')


def _invalid_byte(raw: bytes, error: UnicodeDecodeError) -> Finding:
    line = raw.count(b"\n", 0, error.start) + 1
    byte = raw[error.start]
    what = f"Byte {byte:#04x} at offset {error.start}, in line {line}, is not valid {error.encoding}."
    return Finding("error", what, 'Pass the encoding of the file, as in read_data(…, encoding="mac_roman").')
