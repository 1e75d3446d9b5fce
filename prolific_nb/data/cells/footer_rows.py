"""Rows at the end of a table that are not data: a source, notes, totals. Each would become a paid task."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...common.findings import Finding
from .cell_classes import cell_class, strict_class, words
from .table_builder import Cells

_SAMPLE = 200
_MOST_ROWS = 10
_LONGEST_SHOWN = 40
_REMARK = re.compile(r"\W*(sources?|notes?|footnotes?|remarks?|quelle|hinweis|fuente|fonte)\s*:.*", re.I | re.S)
_TOTAL = re.compile(r"\W*((grand |sub)?totals?|sum|overall|gesamt|summe|average|mean)\W*", re.I)


def about_footer(cells: Cells) -> Iterator[Finding]:
    """A warning about the last rows if only their first cell is filled, or the last one is of totals."""
    if len(cells.header) < 2 or len(cells.rows) < 3:
        return
    start = len(cells.rows)
    while len(cells.rows) - start < _MOST_ROWS and start and _is_remark(cells.rows[start - 1]):
        start -= 1
    body = cells.rows[max(0, start - _SAMPLE) : start]
    if start < len(cells.rows):
        certain = any(_REMARK.fullmatch(row[0]) for row in cells.rows[start:])
        if len(body) < 2 or any(map(_is_remark, body)) or not (certain or _is_unlike(cells.rows[start:], body)):
            return
    elif not _is_total(cells.rows[-1], body[:-1]):
        return
    else:
        start -= 1
    numbers = list(cells.numbers[start:])
    first = cells.rows[start][0]
    shown = first if len(first) <= _LONGEST_SHOWN else f"{first[: _LONGEST_SHOWN - 1]}…"
    noun, it = ("row", "it") if len(numbers) == 1 else ("rows", "them")
    what = f"The last {noun} may not be data: {shown!r}."
    yield Finding("warning", what, f"Pass skip_rows={numbers} to leave {it} out.", row=numbers[0])


def _is_remark(row: Sequence[str]) -> bool:
    return bool(row[0].strip()) and not any(cell.strip() for cell in row[1:])


def _is_unlike(rows: Sequence[Sequence[str]], body: Sequence[Sequence[str]]) -> bool:
    """Whether the first cells are words below a column of numbers, dates, links or codes."""
    kind = strict_class([row[0] for row in body])
    return bool(kind) and all(cell_class(row[0]) != kind and words(row[0]) for row in rows)


def _is_total(row: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    """Whether a row is named as a total and has numbers in other cells."""
    label = next((cell for cell in row if cell.strip()), "")
    numbers = any(cell_class(cell) == "number" for cell in row[1:])
    return bool(_TOTAL.fullmatch(label)) and numbers and not any(map(_TOTAL.fullmatch, (each[0] for each in body)))
