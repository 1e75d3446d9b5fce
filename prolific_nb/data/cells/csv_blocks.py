"""CSV text in blocks of whole records: most are split at once, the others by the csv module.

The csv module alone takes twice the time of pandas. A block is split at once only if every quotation mark in it
encloses a cell or is doubled, and every record is as long as the header: then both ways give the same cells.
"""

from __future__ import annotations

import csv
from codecs import getincrementaldecoder
from collections.abc import Iterator
from io import StringIO
from itertools import islice

import numpy as np
import numpy.typing as npt

from ...common.findings import Finding
from .table_builder import TableBuilder

_BLOCK = 1 << 17
_FIRST = 1 << 12  # the header is in it, and its block goes the slower way
_RECORDS = 4096
_QUOTE, _LF, _CR = 34, 10, 13
_FEED = bytes([_LF])

Text = str | bytes
"""A file as a string, or as UTF-8 without NULs; a string of non-ASCII characters may take four times as much."""

Mask = npt.NDArray[np.bool_]


class _Irregular(Exception):
    """Quotation marks or carriage returns that only the csv module can judge."""


def read_blocks(text: Text, delimiter: str, builder: TableBuilder) -> Iterator[Finding]:
    """Add all records of the text to a table, up to the first error in the quoting, which is returned."""
    if not delimiter.isascii() or (isinstance(text, str) and "\0" in text):
        return _read_carefully(text, 0, delimiter, builder)
    start, size = 0, _FIRST
    while start < len(text):
        end = min(start + size, len(text))
        block = _encoded(text[start:end])
        if end == len(text) and not block.endswith(_FEED):
            block += _FEED
        try:
            used = _add(block, delimiter, builder)
        except _Irregular:
            return _read_carefully(text, start, delimiter, builder)
        if used:
            start, size = start + (used if isinstance(text, bytes) else len(_decoded(block[:used]))), _BLOCK
        elif end == len(text):  # a quotation mark that is never closed
            return _read_carefully(text, start, delimiter, builder)
        else:
            size *= 2
    return iter(())


def lines(text: Text, start: int = 0) -> Iterator[str]:
    """The lines with their ends, which are LF, CR or CRLF.

    Not StringIO of the whole text: it would take four bytes per character.
    """
    while start < len(text):
        place = text.find(_FEED, start + _BLOCK) if isinstance(text, bytes) else text.find("\n", start + _BLOCK)
        end = place + 1 if place >= 0 else len(text)
        yield from StringIO(_decoded(text[start:end]), newline="")
        start = end


def below(text: Text, skip: int) -> Text:
    """The text without its first lines."""
    size = _length if isinstance(text, bytes) else len
    return text[sum(map(size, islice(lines(text), skip))) :] if skip else text


def is_utf8(raw: bytes) -> bool:
    """Whether bytes are UTF-8 without NULs; found out in little memory."""
    decoder = getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(raw), _BLOCK):
            decoder.decode(raw[start : start + _BLOCK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return b"\0" not in raw


def _length(line: str) -> int:
    return len(_encoded(line))


def _encoded(text: Text) -> bytes:
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text


def _decoded(text: Text) -> str:
    return text.decode("utf-8", "surrogatepass") if isinstance(text, bytes) else text


def _read_carefully(text: Text, start: int, delimiter: str, builder: TableBuilder) -> Iterator[Finding]:
    """Read the rest by the csv module."""
    reader = csv.reader(lines(text, start), delimiter=delimiter, strict=True)
    line, pending = 0, []
    try:
        for record in reader:
            pending.append(record)
            line = reader.line_num
            if len(pending) == _RECORDS:
                builder.add_records(pending)
                pending = []
    except csv.Error as error:
        builder.add_records(pending)
        before = sum(1 for _ in lines(text[:start]))
        number = builder.skipped + before + line + 1
        yield _quoting_error(builder.number + 1, number, str(error), escaped=_has_escapes(text))
    else:
        builder.add_records(pending)


def _has_escapes(text: Text) -> bool:
    r"""Whether quotation marks are escaped as \\", as databases and Spark write them."""
    return (b'\\"' in text) if isinstance(text, bytes) else ('\\"' in text)


def _quoting_error(row: int, line: int, reason: str, *, escaped: bool) -> Finding:
    remedy = 'Close the quotation mark; inside a quoted cell, write it twice: "".'
    if escaped:
        call = r"read_data(pd.read_csv(path, dtype=str, keep_default_na=False, escapechar='\\'))"
        remedy = rf'Quotation marks inside cells are written \", not "": pass {call}.'
    if "end of data" in reason:
        return Finding(
            "error", f"A quotation mark opened in this row (line {line} of the file) is never closed.", remedy, row
        )
    what = f"In this row (line {line} of the file) text follows a closing quotation mark."
    return Finding("error", what, remedy, row)


def _add(block: bytes, delimiter: str, builder: TableBuilder) -> int:
    """Add the whole records of a block; the number of bytes that they take."""
    found = np.frombuffer(block, np.uint8)
    quotes = found == _QUOTE
    feeds = found == _LF
    breaks = feeds | (found == ord(delimiter))
    quoted = bool(quotes.any())
    if quoted:
        inside = np.bitwise_and(np.cumsum(quotes, dtype=np.uint32), 1).astype(np.bool_)
        breaks &= ~inside
        feeds &= ~inside
    ends = np.flatnonzero(feeds)
    if not len(ends):
        return 0
    used = int(ends[-1]) + 1
    found, quotes, breaks, feeds = found[:used], quotes[:used], breaks[:used], feeds[:used]
    drop = _enclosing(quotes, breaks, found) if quoted else np.zeros(used, np.bool_)
    drop |= _returns(found, feeds, inside[:used] if quoted else None)
    width = len(builder.header or ())
    if _is_regular(breaks, feeds, width) and not (width == 1 and _has_blank_line(found, feeds)):
        flat = _split(found, breaks, drop)
        builder.add_packed([b"\0".join(flat[place::width]) for place in range(width)], len(ends))
    else:
        records = csv.reader(StringIO(_decoded(block[:used]), newline=""), delimiter=delimiter, strict=True)
        builder.add_records(list(records))
    return used


def _enclosing(quotes: Mask, breaks: Mask, found: npt.NDArray[np.uint8]) -> Mask:
    """The quotation marks that are not part of a cell: all but the second of two."""
    marks = np.flatnonzero(quotes)
    opening, closing = marks[0::2], marks[1::2]
    after = closing + 1  # exists: the block ends with a line feed
    before = opening[opening > 0] - 1
    returns = (found[after] == _CR) & breaks[np.minimum(after + 1, len(found) - 1)]
    if not (breaks[before] | quotes[before]).all() or not (breaks[after] | quotes[after] | returns).all():
        raise _Irregular
    drop: Mask = quotes.copy()
    drop[before[quotes[before]] + 1] = False
    return drop


def _returns(found: npt.NDArray[np.uint8], feeds: Mask, inside: Mask | None) -> Mask:
    """The carriage returns at the ends of records."""
    returns: Mask = found == _CR
    if inside is not None:
        returns &= ~inside
    places = np.flatnonzero(returns)
    if not feeds[places + 1].all():
        raise _Irregular
    return returns


def _is_regular(breaks: Mask, feeds: Mask, width: int) -> bool:
    """Whether every record has `width` cells."""
    last = feeds[np.flatnonzero(breaks)]
    if not width or len(last) != np.count_nonzero(last) * width:
        return False
    return bool(last[width - 1 :: width].all())


def _has_blank_line(found: npt.NDArray[np.uint8], feeds: Mask) -> bool:
    ends = np.flatnonzero(feeds)
    starts = np.concatenate([[0], ends[:-1] + 1])
    return bool(((starts == ends) | ((ends - starts == 1) & (found[starts] == _CR))).any())


def _split(found: npt.NDArray[np.uint8], breaks: Mask, drop: Mask) -> list[bytes]:
    marked = found.copy()
    marked[breaks] = 0
    return marked[~drop].tobytes()[:-1].split(b"\0")
