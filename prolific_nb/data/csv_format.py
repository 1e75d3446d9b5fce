"""CSV text to cells, and cells to CSV bytes.

Reading detects the delimiter and checks that every row is as long as the header. Writing is as Prolific and
spreadsheets read it: UTF-8, commas, a line feed at the end of each record.
"""

from __future__ import annotations

import csv
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from itertools import chain, islice
from typing import IO

from ..common.findings import Finding
from ..common.plurals import MOST_LISTED, counted, numbered

_CANDIDATES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_WHOLE_LINE = "\x1f"
"""A delimiter for files of one column: no spreadsheet writes this control character, so every line is one cell."""
_SAMPLE = 200
_SEP_LINE = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)
# Some readers strip bare cells, and some end a line at a lone carriage return: both are quoted too.
_NEEDS_QUOTES = re.compile(r'[",\r\n]|^\s|\s$')
_limit_lock = threading.Lock()


@dataclass(frozen=True)
class Cells:
    """A table of strings.

    Parameters
    ----------
    header : list of str
        Column names as in the file.
    rows : list of list of str
        Each is as long as the header, unless `findings` contains an error.
    numbers : list of int
        The spreadsheet row number of each row.
    findings : list of Finding
        Errors if the cells are not a valid table; otherwise notes.
    """

    header: list[str]
    rows: list[list[str]]
    numbers: list[int]
    findings: list[Finding]


def parse(text: str, delimiter: str | None = None) -> Cells:
    """Parse CSV text by the quoting rules of RFC 4180, with any line ending."""
    notes: list[Finding] = []
    separator = _SEP_LINE.match(text)
    if separator:
        # Excel writes this line and does not count it as a row.
        text, delimiter = text[separator.end() :], delimiter or separator[1]
    with _unlimited_cells():
        if delimiter is None:
            delimiter, notes = _choose_delimiter(text)
        records, errors = _records(text, delimiter)
    return _shaped(records, [*notes, *errors])


def _shaped(records: list[tuple[int, list[str]]], findings: list[Finding]) -> Cells:
    records, dropped = _without_blank(records)
    if not records:
        return Cells([], [], [], findings)
    (_, header), *body = records
    rows, numbers = [row for _, row in body], [number for number, _ in body]
    header, rows, trimmed = _without_empty_end(header, rows)
    ragged = list(_ragged(len(header), rows, numbers))
    return Cells(header, rows, numbers, [*findings, *dropped, *trimmed, *ragged])


@contextmanager
def _unlimited_cells() -> Iterator[None]:
    """Raise the csv module's limit of 131,072 characters per cell; the limit is global, hence the lock."""
    with _limit_lock:
        before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
        try:
            yield
        finally:
            csv.field_size_limit(before)


def _choose_delimiter(text: str) -> tuple[str, list[Finding]]:
    """The delimiter for which most rows are as long as the header; if several tie, the one with the longest header."""
    scores = {candidate: _consistency(text, candidate) for candidate in _CANDIDATES}
    best = max(_CANDIDATES, key=lambda candidate: scores[candidate])
    _, width = scores[best]
    if width > 1:
        note = Finding("note", f"Cells are separated by {_CANDIDATES[best]}.", "")
        return best, [] if best == "," else [note]
    return _WHOLE_LINE, _note_on_single_column(text)


def _consistency(text: str, delimiter: str) -> tuple[float, int]:
    """Share of the first rows that are as long as the header, and the length of the header; 0 if it is one cell."""
    records = _lenient(text, delimiter)
    width = len(next(records, []))
    if width < 2:
        return 0.0, width
    lengths = [len(record) for record in islice(records, _SAMPLE) if record]
    return (sum(length == width for length in lengths) / len(lengths) if lengths else 1.0), width


def _lenient(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(StringIO(text, newline=""), delimiter=delimiter)


def _note_on_single_column(text: str) -> list[Finding]:
    for delimiter, name in _CANDIDATES.items():
        if any(len(record) > 1 for record in islice(_lenient(text, delimiter), _SAMPLE)):
            what = f"The header has one column, so {name} in the rows were read as part of the text."
            return [
                Finding("note", what, f"If they separate cells, pass delimiter={delimiter!r} and name all columns.")
            ]
    return []


def _records(text: str, delimiter: str) -> tuple[list[tuple[int, list[str]]], list[Finding]]:
    """All records with their row numbers, up to the first error in the quoting."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[tuple[int, list[str]]] = []
    line = 0
    try:
        for record in reader:
            records.append((len(records) + 1, record))
            line = reader.line_num
    except csv.Error as error:
        return records, [_quoting_error(len(records) + 1, line + 1, str(error))]
    return records, []


def _quoting_error(row: int, line: int, reason: str) -> Finding:
    remedy = 'Close the quotation mark; inside a quoted cell, write it twice: "".'
    if "end of data" in reason:
        return Finding(
            "error", f"A quotation mark opened in this row (line {line} of the file) is never closed.", remedy, row
        )
    what = f"In this row (line {line} of the file) text follows a closing quotation mark."
    return Finding("error", what, remedy, row)


def _without_blank(
    records: list[tuple[int, list[str]]],
) -> tuple[list[tuple[int, list[str]]], list[Finding]]:
    """Drop blank lines, and the rows of empty cells that spreadsheets leave at the end."""
    kept = [(number, record) for number, record in records if record]
    blank = [number for number, record in records if not record]
    end = len(kept)
    while end > 1 and not any(cell.strip() for cell in kept[end - 1][1]):
        end -= 1
    inside = [number for number in blank if end and number < kept[end - 1][0]]
    notes = []
    if inside:
        what = f"{counted(len(inside), 'blank line')} skipped: {numbered('row', inside)}."
        notes.append(Finding("note", what, ""))
    if end < len(kept):
        what = f"{counted(len(kept) - end, 'row')} of empty cells at the end skipped."
        notes.append(Finding("note", what, ""))
    return kept[:end], notes


def _without_empty_end(header: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]], list[Finding]]:
    """Drop columns at the right that have no name and no content, left by delimiters at the ends of lines."""
    width = len(header)
    while width > 1 and not header[width - 1].strip():
        width -= 1
    if any(cell.strip() for row in rows for cell in row[width : len(header)]):
        width = len(header)
    # Row by row, so that a single row that is too long is reported as such.
    trimmed = [row if any(cell.strip() for cell in row[width:]) else row[:width] for row in rows]
    excess = max([len(header), *map(len, rows)]) - max([width, *map(len, trimmed)])
    if excess <= 0:
        return header[:width], trimmed, []
    what = f"{counted(excess, 'column')} without a name and without content at the right edge dropped."
    return header[:width], trimmed, [Finding("note", what, "")]


def _ragged(width: int, rows: Sequence[list[str]], numbers: Sequence[int]) -> Iterator[Finding]:
    ragged = [(number, len(row)) for number, row in zip(numbers, rows, strict=True) if len(row) != width]
    remedy = "Put text that contains the delimiter in double quotes, or pass delimiter=."
    for number, found in ragged[:MOST_LISTED]:
        what = f"The row has {counted(found, 'cell')}, the header has {width}."
        yield Finding("error", what, remedy, row=number)
    if len(ragged) > MOST_LISTED:
        common = Counter(found for _, found in ragged).most_common(1)[0][0]
        more = len(ragged) - MOST_LISTED
        what = f"{more:,} more rows have another length than the header; most of them have {common} cells."
        yield Finding("error", what, remedy)


def write_csv(file: IO[bytes], header: Iterable[str], records: Iterable[tuple[str, ...]]) -> None:
    """Write the header and the records."""
    for record in chain([tuple(header)], records):
        line = ",".join(map(_quoted, record))
        # A line of one empty cell would read as a blank line.
        file.write((line or '""').encode() + b"\n")


def _quoted(cell: str) -> str:
    # Not csv.writer: before Python 3.13 it leaves a lone carriage return bare.
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if _NEEDS_QUOTES.search(cell) else cell
