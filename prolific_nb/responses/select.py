"""Selecting from the tidy table: usable responses, one question; and adding the columns of the uploaded rows."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..data import Dataset
from ..design import Codebook, text_of
from .frame import CATEGORICAL, translated
from .join import Join
from .timing import USABLE


def finished(counts: Mapping[str, Any]) -> int:
    """The number of usable submissions, from the number of submissions by status.

    Examples
    --------
    >>> finished({"ACTIVE": 2, "AWAITING REVIEW": 3, "APPROVED": 1, "RETURNED": 1, "TOTAL": 7})
    4
    """
    return sum(int(counts.get(status, 0)) for status in USABLE)


def check_asked(include: str, question: str | None, codebook: Codebook) -> None:
    """Check `include` and `question` before anything is downloaded.

    Raises
    ------
    ValueError
        For an unknown `include`.
    LookupError
        For an unknown question; the message suggests similar ones.
    """
    if include not in ("usable", "all"):
        raise ValueError(f"include={include!r} is not valid. Use 'usable' or 'all'.")
    if question is not None:
        codebook.find(question)


def usable(frame: pd.DataFrame, include: str) -> pd.DataFrame:
    """The responses of usable submissions.

    Parameters
    ----------
    include : {"usable", "all"}
        ``"usable"`` keeps submissions that are AWAITING REVIEW, APPROVED and PARTIALLY APPROVED.
    """
    if include == "all":
        return frame
    return _part(frame, frame["submission_status"].isin(USABLE))


def of_question(frame: pd.DataFrame, question: str, codebook: Codebook) -> pd.DataFrame:
    """The responses to one question; `value` has the offered options, in order, as categories.

    Raises
    ------
    LookupError
        If the codebook does not have the question; the message lists its questions.
    """
    asked = codebook.find(question)
    part = _part(frame, frame["question"] == asked.question)
    if asked.options:
        # An answer that was not offered is kept, after the offered ones.
        offered = [text_of(option) for option in asked.options]
        others = [value for value in part["value"].dropna().unique() if value not in offered]
        part["value"] = part["value"].cat.set_categories(offered + others)
    return part


def _part(frame: pd.DataFrame, kept: pd.Series[Any]) -> pd.DataFrame:
    """The selected rows, without unused categories: grouping by participant must not include absent participants."""
    part = frame[kept].reset_index(drop=True)
    return part.assign(**{name: part[name].cat.remove_unused_categories() for name in CATEGORICAL})


def with_rows(frame: pd.DataFrame, join: Join, data: Dataset | None) -> pd.DataFrame:
    """The table with `row` filled and the uploaded row's own columns added.

    A column whose name is taken gets the prefix ``row_``. If no source has the rows, `row` stays NA, no columns are
    added, and a warning is shown; unmatched responses cause a warning too. ``frame.attrs["join"]`` holds the sources
    that were used, the number of unmatched responses, and the sources that failed.
    """
    frame = frame.assign(row=translated(frame["task_id"].array, join.rows))
    unmatched = int(frame["row"].isna().sum())
    frame.attrs["join"] = {"by": join.by, "unmatched": unmatched} | ({"failed": join.failed} if join.failed else {})
    reasons = "".join(f" Reading the {source} failed: {reason}" for source, reason in join.failed.items())
    if join.by is None and len(frame):
        warnings.warn(
            "The responses could not be joined to the uploaded rows: row keys were found neither in their metadata nor "
            f"in the export nor in the report.{reasons} Agreement is computed by task_id, and the columns of the "
            "uploaded rows are missing.",
            stacklevel=3,
        )
        return frame
    if unmatched:
        warnings.warn(
            f"{unmatched} of {len(frame)} responses could not be joined to their rows, so they are excluded when units "
            f'are rows.{reasons} To include them, use agreement(frame, unit="task_id").',
            stacklevel=3,
        )
    return frame if data is None else _beside(frame, data)


def _beside(frame: pd.DataFrame, data: Dataset) -> pd.DataFrame:
    if frame["row"].notna().any() and not set(frame["row"].cat.categories) & set(data.row_keys):
        warnings.warn(
            f"None of the responses is about a row of {data.name!r}, so its columns are empty here. Open the run with "
            "the data that was annotated.",
            stacklevel=4,
        )
    own = data.table.set_axis(list(data.row_keys), axis=0)
    own.columns = free_names(list(own.columns), list(frame.columns))
    found: Any = own.reindex(frame["row"].astype(object)).set_axis(frame.index)
    joined: pd.DataFrame = pd.concat([frame, found], axis=1)
    joined.attrs = dict(frame.attrs)
    return joined


def free_names(names: list[str], taken: list[str]) -> list[str]:
    """The names, with the prefix ``row_`` for names that are taken or repeated."""
    free: list[str] = []
    for name in names:
        while name in taken or name in free:
            name = f"row_{name}"
        free.append(name)
    return free
