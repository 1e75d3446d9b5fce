"""A DataFrame as cells of text."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pandas as pd

from ..common.findings import Finding
from .cells.cell_store import CellStore
from .cells.table_builder import Cells


def cells_of(frame: pd.DataFrame) -> Cells:
    """Cells as they would be written in a CSV.

    Missing values (None, NaN, NaT) become empty cells. A float column of whole numbers with missing values, which
    pandas makes of integers, is written without ".0". Dates are ISO 8601. The index is dropped.
    """
    findings = []
    if not isinstance(frame.index, pd.RangeIndex):
        remedy = "If you need it, turn it into a column first: frame.reset_index()."
        findings.append(Finding("note", "The index of the DataFrame was dropped.", remedy))
    columns = [_texts(frame.iloc[:, place]) for place in range(frame.shape[1])]
    header = list(frame.columns)
    for name, cells in zip(header, columns, strict=True):
        findings.extend(_unwritable(str(name), cells))
    return Cells(header, CellStore.of_columns(columns), range(2, len(frame) + 2), findings)


def _texts(column: pd.Series[Any]) -> list[str]:
    missing = column.isna()
    whole = pd.api.types.is_float_dtype(column.dtype) and missing.any() and (column.dropna() % 1 == 0).all()
    as_text = _whole if whole else _text
    return ["" if is_missing else as_text(value) for value, is_missing in zip(column.array, missing, strict=True)]


def _whole(value: Any) -> str:
    return str(int(value))


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _unwritable(name: str, cells: list[str]) -> list[Finding]:
    """Lone surrogates and NULs, which a UTF-8 CSV cannot contain."""
    rows = [row for row, cell in enumerate(cells, 2) if "\0" in cell or not _is_utf8(cell)]
    remedy = "Remove the character, for example with str.replace."
    what = "The cell contains a NUL or half a surrogate pair, which a CSV cannot hold."
    return [Finding("error", what, remedy, row, name) for row in rows]


def _is_utf8(cell: str) -> bool:
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True
