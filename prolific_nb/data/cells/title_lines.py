"""Lines above the header, such as the title of a report."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from itertools import islice

from ...common.findings import Finding
from ...common.plurals import counted
from .cell_classes import cell_class, is_prose_column, strict_class, words
from .csv_blocks import Text, lines

_SAMPLE = 100
_MOST_LINES = 20
_MOSTLY = 0.8
_LONGEST_NAME = 100
_SHOWN = 60
_NAME = re.compile(r"[^\W\d]\w*")


def about_title(text: Text, delimiters: Iterable[str]) -> Finding | None:
    """An error if lines above the header seem to be a title; the header is then the widest row below them."""
    found = [(len(names), -skip, names) for delimiter in delimiters for skip, names in _headers_below(text, delimiter)]
    if not found:
        return None
    _, skip, names = max(found)
    first = next(line for line in lines(text) if line.strip()).strip()
    return title_error(-skip, first, names)


def title_error(skip: int, first: str, names: Sequence[str], noun: str = "line") -> Finding:
    """The error about lines above the header."""
    listed = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
    title = first if len(first) <= _SHOWN else f"{first[: _SHOWN - 1]}…"
    what = f"{counted(skip, noun)} above what seems to be the header ({listed}); the first is {title!r}."
    remedy = f"Pass skip_rows={skip} to skip {'it' if skip == 1 else 'them'}, or skip_rows=0 if row 1 is the header."
    return Finding("error", what, remedy, row=1)


def header_below(records: Sequence[Sequence[str]]) -> int:
    """The place of the header if the records above it seem to be a title, otherwise 0."""
    fills = list(map(_fill, records))
    for place in range(1, min(_MOST_LINES + 1, len(records) - 1)):
        above, below = records[:place], [fill for fill in fills[place + 1 :] if fill]
        width = fills[place]
        if not width or not below or not any(fills[:place]) or not _are_names(records[place][:width]):
            continue
        if width < 2:
            if _is_title_of_text(records, place):
                return place
            continue
        widest, most = max(map(len, records[:place])), max(fills[:place])
        as_wide = len(records[place]) > widest  # the last cells of a row may be empty
        fitting = sum(
            0 < fill <= width and (fill > most or (as_wide and len(row) == len(records[place])))
            for row, fill in zip(records[place + 1 :], fills[place + 1 :], strict=True)
        )
        fits = fitting >= _MOSTLY * len(below)
        wider = most < width and fits
        if wider and _is_title(above):
            return place
        same = sum(fill == width for fill in below) >= _MOSTLY * len(below) and all(map(_is_line, above))
        if (wider or same) and _is_above_values(records[place:], width):
            return place
        if _are_settings(above):
            return place
    return 0


def _headers_below(text: Text, delimiter: str) -> Iterable[tuple[int, list[str]]]:
    reader = csv.reader(lines(text), delimiter=delimiter)
    records, ends = [], []
    for record in islice(reader, _SAMPLE):
        records.append(record)
        ends.append(reader.line_num)
    place = header_below(records)
    if place:
        yield ends[place - 1], records[place][: _fill(records[place])]


def _fill(record: Sequence[str]) -> int:
    """The number of cells up to the last one that is not empty."""
    return next((place for place in range(len(record), 0, -1) if record[place - 1].strip()), 0)


def _are_names(cells: Sequence[str]) -> bool:
    names = [cell.strip() for cell in cells]
    if not all(names) or len(set(names)) < len(names) or any(len(name) > _LONGEST_NAME for name in names):
        return False
    # A space after each comma is how prose looks.
    spaced = any(cell[:1] == " " for cell in cells[1:]) and not all(cell[:1] == " " for cell in cells[1:])
    prose = len(cells) == 2 and cells[1][:1] == " "
    return not spaced and not prose and all(cell_class(name) in ("", "code") for name in names)


def _is_line(record: Sequence[str]) -> bool:
    """Whether a record is empty, one cell, or prose that was split at its commas."""
    filled = [cell for cell in record if cell.strip()]
    return len(filled) < 2 or all(cell[:1] == " " for cell in filled[1:])


def _is_above_values(records: Sequence[Sequence[str]], width: int) -> bool:
    """Whether the first record names columns of numbers, dates, links, codes or prose, and is not one more of them."""
    top, *body = records
    rows = [row[:width] for row in body if _fill(row) == width]
    if len(rows) < 2 or any(cell[:1] == " " for row in [top, *rows[:1]] for cell in row[1:]):
        return False
    kinds = [(name, strict_class(cells)) for name, *cells in zip(top, *rows, strict=False)]
    return any(kind for _, kind in kinds) and not any(kind and cell_class(name) == kind for name, kind in kinds)


def _is_title_of_text(records: Sequence[Sequence[str]], place: int) -> bool:
    """Whether these are a title, a blank line, the name of a single column, and its prose."""
    title, *blank = records[:place]
    body = [record[0] for record in records[place + 1 :] if _fill(record)]
    named = _NAME.fullmatch(records[place][0].strip()) and len(title) == 1 and words(title[0]) > 1
    return bool(named) and len(body) > 1 and len(blank) > 0 and not any(map(_fill, blank)) and is_prose_column(body)


def _is_title(above: Sequence[Sequence[str]]) -> bool:
    """Whether there is more to these lines than the name of a single column."""
    filled = [[cell for cell in record if cell.strip()] for record in above]
    if not all(filled) or len(filled) > 1:
        return bool(filled[0])
    (cells,) = filled
    if cells[0].startswith("#") or cells[0].rstrip().endswith(":"):
        return True
    if len(cells) > 1:
        return any(cell_class(cell) or any(map(str.isdigit, cell)) for cell in cells)
    return not _NAME.fullmatch(cells[0].strip())


def _are_settings(above: Sequence[Sequence[str]]) -> bool:
    """Whether these are lines such as "Date:,29 Nov 2026", with an empty line below."""
    filled = [record for record in above if _fill(record)]
    return bool(filled) and not _fill(above[-1]) and all(record[0].rstrip().endswith(":") for record in filled)
