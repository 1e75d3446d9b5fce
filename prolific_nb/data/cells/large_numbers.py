"""Numbers that a program has shortened: identifiers with more digits than a floating-point number keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ...common.findings import Finding
from ...common.plurals import counted, numbered
from .cell_store import CellStore

_LARGEST = 2**53
_MARKS = ("E+", "e+", ".0")
_POWER = re.compile(r"[-+]?(\d(?:[.,]\d+)?)[eE]\+(\d{1,3})")
_FLOAT = re.compile(r"[-+]?(\d{16,})\.0*")
_EXCEL_KEEPS = 11  # digits; Excel shows longer numbers as 1.23457E+11, and saves what it shows


def about_large_numbers(names: Sequence[str], numbers: Sequence[int], store: CellStore) -> Iterator[Finding]:
    """A warning for each column with numbers that have lost digits."""
    for place, name in enumerate(names):
        if store.mentions(place, *_MARKS):
            pairs = zip(numbers, store.iter_column(place), strict=True)
            yield from large_numbers(name, ((row, cell) for row, cell in pairs if _is_shortened(cell.strip())))


def large_numbers(name: str, found: Iterable[tuple[int, str]]) -> Iterator[Finding]:
    """The warning about rows and their cells, if there are any."""
    pairs = list(found)
    if pairs:
        rows, (first, cell) = [row for row, _ in pairs], pairs[0]
        what = f"{counted(len(rows), 'number')} too long for a floating-point number, such as {cell}: "
        remedy = (
            "If these are IDs, their last digits are lost and IDs may coincide: export them again as text, for example "
            "with pandas.read_csv(path, dtype=str), or in Excel as a column formatted as Text."
        )
        yield Finding("warning", f"{what}{numbered('row', rows)}.", remedy, row=first, column=name)


def _is_shortened(cell: str) -> bool:
    if power := _POWER.fullmatch(cell):
        digits, exponent = len(power[1]) - (len(power[1]) > 1), int(power[2])
        return exponent > 15 or (exponent >= _EXCEL_KEEPS and digits <= 6 and digits <= exponent)
    whole = _FLOAT.fullmatch(cell)
    return whole is not None and int(whole[1]) > _LARGEST
