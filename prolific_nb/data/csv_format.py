"""Text to cells: the delimiter, the header, and rows that all have its length."""

from __future__ import annotations

import csv
import re
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from ..common.findings import Finding
from ..common.plurals import MOST_LISTED, counted, numbered

_CANDIDATES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_WHOLE_LINE = "\x1f"
"""Parts nothing: read with it, every line is one cell. No spreadsheet writes this control character."""
_SAMPLE = 200
_SEP_LINE = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)
_limit_lock = threading.Lock()


@dataclass(frozen=True)
class Cells:
    """A table as text.

    Parameters
    ----------
    header : list of str
        Names as they stand in the file.
    rows : list of list of str
        As long as the header each, unless `findings` holds an error.
    numbers : list of int
        The spreadsheet's number of each row.
    findings : list of Finding
        Errors if the cells do not form a table; notes otherwise.
    """

    header: list[str]
    rows: list[list[str]]
    numbers: list[int]
    findings: list[Finding]


def parse(text: str, delimiter: str | None = None) -> Cells:
    """Cells of a CSV text, by the quoting rules of RFC 4180 and any line end."""
    notes: list[Finding] = []
    said = _SEP_LINE.match(text)
    if said:
        # Excel's own first line; Excel does not count it as a row either.
        text, delimiter = text[said.end() :], delimiter or said[1]
    with _unlimited_cells():
        if delimiter is None:
            delimiter, notes = _choose_delimiter(text)
        records, fault = _records(text, delimiter)
    return _shaped(records, [*notes, *fault])


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
    """Lift the csv module's limit of 131,072 characters a cell; it is global, hence the lock."""
    with _limit_lock:
        before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
        try:
            yield
        finally:
            csv.field_size_limit(before)


def _choose_delimiter(text: str) -> tuple[str, list[Finding]]:
    """The delimiter by which most rows have as many cells as the header; of equals, the one with most cells."""
    scores = {candidate: _consistency(text, candidate) for candidate in _CANDIDATES}
    best = max(_CANDIDATES, key=lambda candidate: scores[candidate])
    _, width = scores[best]
    if width > 1:
        named = Finding("note", f"Cells are separated by {_CANDIDATES[best]}.", "")
        return best, [] if best == "," else [named]
    return _WHOLE_LINE, _note_on_single_column(text)


def _consistency(text: str, delimiter: str) -> tuple[float, int]:
    """Share of the first rows as long as the header, and the header's length; no share if it is one cell."""
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
            what = f"The header names one column, so {name} in the rows were read as part of the text."
            return [
                Finding("note", what, f"If they separate cells, give delimiter={delimiter!r} and name all columns.")
            ]
    return []


def _records(text: str, delimiter: str) -> tuple[list[tuple[int, list[str]]], list[Finding]]:
    """All records with their row numbers, up to the first fault in the quoting."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[tuple[int, list[str]]] = []
    line = 0
    try:
        for record in reader:
            records.append((len(records) + 1, record))
            line = reader.line_num
    except csv.Error as error:
        return records, [_quoting_fault(len(records) + 1, line + 1, str(error))]
    return records, []


def _quoting_fault(row: int, line: int, reason: str) -> Finding:
    remedy = 'Close the quote; a quote inside a quoted cell is written twice: "".'
    if "end of data" in reason:
        return Finding(
            "error", f"A quote that opens in this row (line {line} of the file) is never closed.", remedy, row
        )
    what = f"In this row (line {line} of the file) text follows a closing quote."
    return Finding("error", what, remedy, row)


def _without_blank(
    records: list[tuple[int, list[str]]],
) -> tuple[list[tuple[int, list[str]]], list[Finding]]:
    """Drop blank lines anywhere, and rows of empty cells at the end, as spreadsheets leave them."""
    kept = [(number, record) for number, record in records if record]
    blank = [number for number, record in records if not record]
    end = len(kept)
    while end > 1 and not any(cell.strip() for cell in kept[end - 1][1]):
        end -= 1
    inside = [number for number in blank if end and number < kept[end - 1][0]]
    notes = []
    if inside:
        what = f"{counted(len(inside), 'blank line')} left out: {numbered('row', inside)}."
        notes.append(Finding("note", what, ""))
    if end < len(kept):
        what = f"{counted(len(kept) - end, 'row')} of empty cells at the end left out."
        notes.append(Finding("note", what, ""))
    return kept[:end], notes


def _without_empty_end(header: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]], list[Finding]]:
    """Drop columns at the right edge that have no name and no content: left by delimiters at the ends of lines."""
    width = len(header)
    while width > 1 and not header[width - 1].strip():
        width -= 1
    if any(cell.strip() for row in rows for cell in row[width : len(header)]):
        width = len(header)
    # Row by row: a single row that is too long is to be reported by itself.
    trimmed = [row if any(cell.strip() for cell in row[width:]) else row[:width] for row in rows]
    excess = max([len(header), *map(len, rows)]) - max([width, *map(len, trimmed)])
    if excess <= 0:
        return header[:width], trimmed, []
    what = f"{counted(excess, 'column')} without a name and without content at the right edge left out."
    return header[:width], trimmed, [Finding("note", what, "")]


def _ragged(width: int, rows: Sequence[list[str]], numbers: Sequence[int]) -> Iterator[Finding]:
    wrong = [(number, len(row)) for number, row in zip(numbers, rows, strict=True) if len(row) != width]
    remedy = "Put text that holds the delimiter into double quotes, or give delimiter=."
    for number, found in wrong[:MOST_LISTED]:
        what = f"The row has {counted(found, 'cell')}, the header {width}."
        yield Finding("error", what, remedy, row=number)
    if len(wrong) > MOST_LISTED:
        common = Counter(found for _, found in wrong).most_common(1)[0][0]
        what = (
            f"and {len(wrong) - MOST_LISTED:,} more rows of another length than the header; most have {common} cells."
        )
        yield Finding("error", what, remedy)
