"""CSV text to cells, and cells to CSV bytes.

Reading detects the delimiter and checks that every row is as long as the header. Writing is as Prolific and
spreadsheets read it: UTF-8, commas, a line feed at the end of each record.
"""

from __future__ import annotations

import csv
import os
import re
import sys
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from operator import eq
from pathlib import Path
from typing import IO

from ..common.findings import Finding
from ..errors import DataError
from .cells.csv_blocks import Text, below, lines, read_blocks
from .cells.space_separated import about_spaced_quotes, about_spaces
from .cells.table_builder import Cells, TableBuilder
from .cells.title_lines import about_title

_CANDIDATES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_WHOLE_LINE = "\x1f"
"""A delimiter for files of one column: no spreadsheet writes this control character, so every line is one cell."""
_SAMPLE = 200
_QUOTE = '"'
_SEP_LINE = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)
_limit_lock = threading.Lock()


def parse(
    text: Text, delimiter: str | None = None, skip_rows: int | None = None, leave_out: Collection[int] = ()
) -> Cells:
    """Parse CSV text by the quoting rules of RFC 4180, with any line ending.

    Parameters
    ----------
    text : str or bytes
        The whole file; bytes are UTF-8 without NULs.
    delimiter : str, optional
        Detected if not given.
    skip_rows : int, optional
        The number of lines above the header. If not given, lines that look like a title are an error.
    leave_out : collection of int
        The spreadsheet row numbers of rows to leave out.
    """
    notes: list[Finding] = []
    separator = _SEP_LINE.fullmatch(next(lines(text), ""))
    if separator:
        # Excel writes this line and does not count it as a row.
        text, delimiter = below(text, 1), delimiter or separator[1]
    text = below(text, skip_rows or 0)
    with _unlimited_cells():
        regular = delimiter is not None
        if delimiter is None:
            delimiter, regular, notes = _choose_delimiter(text)
        notes = [*notes, *about_spaced_quotes(islice(_lenient(text, delimiter), _SAMPLE), delimiter)]
        if skip_rows is None and (title := about_title(text, [delimiter] if regular else _CANDIDATES)):
            return Cells.none([title])
        rivals = [each for each in _CANDIDATES if each != delimiter]
        builder = TableBuilder(skip_rows or 0, leave_out, rivals, delimiter)
        errors = list(read_blocks(text, delimiter, builder))
    return builder.cells([*notes, *errors])


def first_records(text: str, delimiter: str | None, skip_rows: int, most: int) -> list[list[str]]:
    """The first records as they are in the file: each line above the header as one cell, then rows of cells."""
    above = [[line.rstrip("\r\n")] for line in islice(lines(text), min(skip_rows, most))]
    rest = below(text, skip_rows)
    with _unlimited_cells():
        chosen = delimiter or _choose_delimiter(rest)[0]
        return [*above, *islice(filter(None, _lenient(rest, chosen)), most - len(above))]


@contextmanager
def _unlimited_cells() -> Iterator[None]:
    """Raise the csv module's limit of 131,072 characters per cell; the limit is global, hence the lock."""
    with _limit_lock:
        before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
        try:
            yield
        finally:
            csv.field_size_limit(before)


def _choose_delimiter(text: Text) -> tuple[str, bool, list[Finding]]:
    """The delimiter for which most rows are as long as the header; if several tie, the one with the longest header.

    Also whether all of the first rows are as long as the header, and notes.
    """
    scores = {candidate: _consistency(text, candidate) for candidate in _CANDIDATES}
    best = max(_CANDIDATES, key=lambda candidate: scores[candidate])
    share, width = scores[best]
    if width > 1:
        note = Finding("note", f"Cells are separated by {_CANDIDATES[best]}.", "")
        return best, share == 1, [] if best == "," else [note]
    return _WHOLE_LINE, False, [*about_spaces(text), *_note_on_single_column(text)]


def _consistency(text: Text, delimiter: str) -> tuple[float, int]:
    """Share of the first rows that are as long as the header, and the length of the header; 0 if it is one cell."""
    records = _lenient(text, delimiter)
    width = len(next(filter(None, records), []))
    if width < 2:
        return 0.0, width
    lengths = [len(record) for record in islice(records, _SAMPLE) if record]
    return (sum(length == width for length in lengths) / len(lengths) if lengths else 1.0), width


def _lenient(text: Text, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(lines(text), delimiter=delimiter)


def _note_on_single_column(text: Text) -> list[Finding]:
    for delimiter, name in _CANDIDATES.items():
        if any(len(record) > 1 for record in islice(_lenient(text, delimiter), _SAMPLE)):
            what = f"The header has one column, so {name} in the rows were read as part of the text."
            return [
                Finding("note", what, f"If they separate cells, pass delimiter={delimiter!r} and name all columns.")
            ]
    return []


def opened_to_write(target: str | os.PathLike[str]) -> IO[bytes]:
    """A file opened for writing; `~` is the home folder.

    Raises
    ------
    DataError
        If its folder does not exist, or it cannot be written.
    """
    path = Path(target).expanduser()
    try:
        return path.open("wb")
    except FileNotFoundError:
        finding = Finding("error", f"There is no folder {str(path.parent)!r}.", "Create it first.")
    except OSError as error:
        what = f"It cannot be written: {error.strerror}."
        finding = Finding("error", what, "Pass the path of a file in your folders.")
    raise DataError(str(path), [finding])


def write_csv(file: IO[bytes], header: Iterable[str], chunks: Iterable[Sequence[Sequence[str]]]) -> None:
    """Write the header and the rows, which come some thousands at a time, by column."""
    for columns in chain([[[name] for name in header]], chunks):
        quoted = list(map(_quoted, columns))
        # A line of one empty cell would read as a blank line.
        records = map(",".join, zip(*quoted, strict=True)) if len(quoted) > 1 else (cell or '""' for cell in quoted[0])
        file.write("".join([f"{line}\n" for line in records]).encode())


def _quoted(cells: Sequence[str]) -> Sequence[str]:
    # Not csv.writer: before Python 3.13 it leaves a lone carriage return bare.
    joined = "".join(cells)
    if any(mark in joined for mark in '",\r\n') or not all(map(eq, cells, map(str.strip, cells))):
        return [_as_quoted(cell) if _needs_quotes(cell) else cell for cell in cells]
    return cells


def _needs_quotes(cell: str) -> bool:
    # Some readers strip bare cells, and some end a line at a lone carriage return: both are quoted too. A regular
    # expression for this would take ten times as long.
    return '"' in cell or "," in cell or "\n" in cell or "\r" in cell or cell != cell.strip()


def _as_quoted(cell: str) -> str:
    return f'"{cell.replace(_QUOTE, _QUOTE * 2)}"'
