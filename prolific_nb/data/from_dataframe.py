"""A DataFrame as cells of text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Any

import numpy as np
import pandas as pd

from ..common.findings import Finding
from ..common.plurals import counted
from .cells.cell_store import CellStore
from .cells.large_numbers import large_numbers
from .cells.table_builder import Cells
from .cells.unwritable import is_writable, unwritable

_CONTAINERS = (list, tuple, set, frozenset, dict, bytes, np.ndarray)
_LONGEST_SHOWN = 40


def cells_of(frame: pd.DataFrame) -> Cells:
    """Cells as they would be written in a CSV.

    Missing values (None, NaN, NaT) become empty cells. A float column of whole numbers with missing values, which
    pandas makes of integers, is written without ".0". Dates are ISO 8601. An index with a name becomes a column; any
    other is dropped.
    """
    frame, findings = _with_index(_dense(frame))
    columns = [_texts(frame.iloc[:, place]) for place in range(frame.shape[1])]
    header = list(frame.columns)
    for place, (name, cells) in enumerate(zip(header, columns, strict=True)):
        findings.extend(unwritable(row, str(name)) for row, cell in enumerate(cells, 2) if not is_writable(cell))
        findings.extend(_about_objects(name, frame.iloc[:, place]))
        findings.extend(large_numbers(str(name), _beyond_floats(frame.iloc[:, place], cells)))
    return Cells(header, CellStore.of_columns(columns), range(2, len(frame) + 2), findings)


def _dense(frame: pd.DataFrame) -> pd.DataFrame:
    sparse = [isinstance(dtype, pd.SparseDtype) for dtype in frame.dtypes]
    if not any(sparse):
        return frame
    columns = [frame.iloc[:, place] for place in range(frame.shape[1])]
    dense = [pd.Series(np.asarray(each), index=frame.index) if sparse[n] else each for n, each in enumerate(columns)]
    made: pd.DataFrame = pd.concat(dense, axis=1)
    made.columns = frame.columns
    return made


def _about_objects(name: Any, column: pd.Series[Any]) -> Iterator[Finding]:
    """A warning about cells that are lists, dicts or bytes, which people would see as Python code."""
    if column.dtype != object:
        return
    found = [(row, value) for row, value in enumerate(column.array, 2) if isinstance(value, _CONTAINERS)]
    if found:
        row, value = found[0]
        kind = type(value).__name__
        shown = repr(value) if len(repr(value)) <= _LONGEST_SHOWN else f"{repr(value)[:_LONGEST_SHOWN]} …"
        at = f"frame[{name!r}]"
        how: dict[type, str] = {
            bytes: f"{at} = {at}.str.decode('utf-8')",
            dict: "frame = pd.json_normalize(frame.to_dict('records'))",
        }
        joined = f"{at} = {at}.map(lambda cell: ', '.join(map(str, cell)), na_action='ignore')"
        remedy = how.get(type(value), joined)
        what = f"{counted(len(found), 'cell')} of type {kind}, written as Python shows it: {shown}."
        yield Finding("warning", what, f"Convert it first if it is shown: {remedy}.", row, str(name))


def _with_index(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """The frame with the named levels of its index as its first columns."""
    names = list(frame.index.names)
    if names == [None] and isinstance(frame.index, pd.RangeIndex):
        return frame, []
    if any(name is None or name in frame.columns for name in names):
        same = [name for name in names if name is not None and name in frame.columns]
        why = f"its name {same[0]!r} is that of a column" if same else "it has no name"
        remedy = f"If you need it, turn it into a column first: {_as_columns(frame)}."
        return frame, [Finding("note", f"The index of the DataFrame was dropped: {why}.", remedy)]
    kept = [frame.index.get_level_values(level).to_series(index=frame.index) for level in range(len(names))]
    columns = pd.concat([*kept, *(frame.iloc[:, place] for place in range(frame.shape[1]))], axis=1)
    columns.columns = pd.Index([*names, *frame.columns], dtype=object)
    listed = ", ".join(map(repr, names))
    note = f"The index of the DataFrame was read as {'column' if len(names) == 1 else 'columns'} {listed}."
    return columns, [Finding("note", note, "To leave it out, pass frame.reset_index(drop=True).")]


def _as_columns(frame: pd.DataFrame) -> str:
    """Code that makes columns of the index, with names that no column has."""
    if len(frame.index.names) == 1:
        return (
            "frame.rename_axis('name').reset_index()"
            if "name" not in frame.columns
            else ("frame.rename_axis('index_name').reset_index()")
        )
    names = [
        name if name is not None and name not in frame.columns else f"level_{level}"
        for level, name in enumerate(frame.index.names)
    ]
    return f"frame.rename_axis({names!r}).reset_index()"


def _beyond_floats(column: pd.Series[Any], cells: list[str]) -> list[tuple[int, str]]:
    """Whole numbers in a float column that have more digits than a float keeps, with their rows."""
    if not pd.api.types.is_float_dtype(column.dtype):
        return []
    dtype = getattr(column.dtype, "numpy_dtype", column.dtype)
    largest = 2 ** (np.finfo(dtype).nmant + 1)  # 2^53; 2^24 for float32
    values = column.to_numpy(dtype=float, na_value=float("nan"))
    with np.errstate(invalid="ignore"):
        places = np.flatnonzero((np.abs(values) > largest) & np.isfinite(values) & (values % 1 == 0))
    return [(int(place) + 2, cells[place]) for place in places]


def _texts(column: pd.Series[Any]) -> list[str]:
    missing = column.isna()
    whole = pd.api.types.is_float_dtype(column.dtype) and missing.any() and (column.dropna() % 1 == 0).all()
    as_text = _whole if whole else _text
    return ["" if is_missing else as_text(value) for value, is_missing in zip(column.array, missing, strict=True)]


def _whole(value: Any) -> str:
    return str(int(value))


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | time) else str(value)
