"""A DataFrame as cells of text."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pandas as pd

from ..common.findings import Finding
from .parsing import Cells


def cells_of(frame: pd.DataFrame) -> Cells:
    """Cells as a person would write them into a CSV.

    What is missing (None, NaN, NaT) is an empty cell. Floats that are whole numbers throughout lose their ".0"
    where a missing value is what made them floats. Dates are ISO 8601. The index is left out.
    """
    findings = []
    if not isinstance(frame.index, pd.RangeIndex):
        remedy = "If it matters, make it a column first: frame.reset_index()."
        findings.append(Finding("note", "The index of the frame was left out.", remedy))
    columns = [_texts(frame.iloc[:, place]) for place in range(frame.shape[1])]
    header = list(frame.columns)
    for name, cells in zip(header, columns, strict=True):
        findings.extend(_unwritable(str(name), cells))
    rows = [list(record) for record in zip(*columns, strict=True)]
    return Cells(header, rows, list(range(2, len(rows) + 2)), findings)


def _texts(column: pd.Series[Any]) -> list[str]:
    missing = column.isna()
    whole = pd.api.types.is_float_dtype(column.dtype) and missing.any() and (column.dropna() % 1 == 0).all()
    as_text = _whole if whole else _text
    return ["" if gone else as_text(value) for value, gone in zip(column.array, missing, strict=True)]


def _whole(value: Any) -> str:
    return str(int(value))


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _unwritable(name: str, cells: list[str]) -> list[Finding]:
    """Half characters (lone surrogates) and NULs, which no CSV in UTF-8 can hold."""
    rows = [row for row, cell in enumerate(cells, 2) if "\0" in cell or not _is_utf8(cell)]
    remedy = "Take the character out, for example with str.replace."
    return [Finding("error", "The cell holds a character that UTF-8 cannot.", remedy, row, name) for row in rows]


def _is_utf8(cell: str) -> bool:
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True
