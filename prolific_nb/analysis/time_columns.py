"""The columns that say when and in which order a person answered, as numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..common.findings import Finding
from ..errors import DataError
from .intervals import Floats


def read_times(frame: pd.DataFrame, name: str, subject: str = "The frame") -> Floats:
    """A column of seconds, minutes or positions; float64, shape (n_rows,), nan where it is missing.

    Raises
    ------
    DataError
        A value is not a finite number of at least 0. A time span as nanoseconds, or a code such as -1 for an unknown
        time, would count as slow or as fast.

    Examples
    --------
    >>> read_times(pd.DataFrame({"seconds": [4, None]}), "seconds").tolist()
    [4.0, nan]
    """
    column = _only(frame, name, subject)
    if pd.api.types.is_timedelta64_dtype(column.dtype) or pd.api.types.is_datetime64_any_dtype(column.dtype):
        remedy = f"Convert time spans: frame[{name!r}].dt.total_seconds()."
        raise _refusal(f"It contains {column.dtype}, not numbers.", remedy, name, subject)
    found = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = np.flatnonzero(column.notna().to_numpy(dtype=bool) & ~(np.isfinite(found) & (found >= 0)))
    if len(wrong):
        first = column.iloc[wrong[0]]
        what = f"{len(wrong)} of {len(found)} values are not numbers of at least 0, the first is {first!s:.40}."
        raise _refusal(what, "Leave unknown ones empty (NA), or drop the column.", name, subject)
    return found


def read_moments(frame: pd.DataFrame, name: str) -> Floats:
    """A column of moments as numbers that rise with time; float64, shape (n_rows,), nan where it is missing.

    Raises
    ------
    DataError
        They are neither times, nor numbers, nor strings in ISO 8601.
    """
    column = _only(frame, name)
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    try:
        moments = pd.to_datetime(column, utc=True, format="ISO8601")
    except (ValueError, TypeError) as error:
        what, remedy = (
            f"Its values are not times: {error}.",
            f"Convert them, pd.to_datetime(frame[{name!r}]), or drop it.",
        )
        raise _refusal(what, remedy, name) from error
    return np.where(moments.isna(), np.nan, moments.astype("int64").to_numpy(dtype=np.float64))


def _only(frame: pd.DataFrame, name: str, subject: str = "The frame") -> pd.Series:
    if list(frame.columns).count(name) > 1:
        raise _refusal("Several columns have this name.", "Rename all but one of them.", name, subject)
    return frame[name]


def _refusal(what: str, remedy: str, name: str, subject: str = "The frame") -> DataError:
    return DataError(subject, [Finding("error", what, remedy, column=name)])
