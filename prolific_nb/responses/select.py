"""Parts of the tidy table: usable answers, one question, and the rows' own columns beside the answers."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..data import Dataset
from ..design import Codebook, text_of
from .frame import CATEGORICAL, USABLE, translated
from .join import Join


def finished(counts: Mapping[str, Any]) -> int:
    """How many submissions count, by the numbers of submissions of each status.

    Examples
    --------
    >>> finished({"ACTIVE": 2, "AWAITING REVIEW": 3, "APPROVED": 1, "RETURNED": 1, "TOTAL": 7})
    4
    """
    return sum(int(counts.get(status, 0)) for status in USABLE)


def check_asked(include: str, question: str | None, codebook: Codebook) -> None:
    """Refuse what does not exist before anything is downloaded.

    Raises
    ------
    ValueError
        For an unknown `include`.
    LookupError
        For a question that was not asked; the message names the nearest.
    """
    if include not in ("usable", "all"):
        raise ValueError(f"include={include!r} is not known. Use 'usable' or 'all'.")
    if question is not None:
        codebook.find(question)


def usable(frame: pd.DataFrame, include: str) -> pd.DataFrame:
    """The answers of submissions that count.

    Parameters
    ----------
    include : {"usable", "all"}
        ``"usable"`` keeps those AWAITING REVIEW, APPROVED and PARTIALLY APPROVED.
    """
    if include == "all":
        return frame
    return _part(frame, frame["submission_status"].isin(USABLE))


def of_question(frame: pd.DataFrame, question: str, codebook: Codebook) -> pd.DataFrame:
    """The answers to one question; `value` has its offered options, in order, as categories.

    Raises
    ------
    LookupError
        If the codebook has no such question; its questions are named.
    """
    asked = codebook.find(question)
    part = _part(frame, frame["question"] == asked.question)
    if asked.options:
        # An answer that was not offered is kept behind the offered ones, never lost.
        offered = [text_of(option) for option in asked.options]
        others = [value for value in part["value"].dropna().unique() if value not in offered]
        part["value"] = part["value"].cat.set_categories(offered + others)
    return part


def _part(frame: pd.DataFrame, kept: pd.Series[Any]) -> pd.DataFrame:
    """Some rows, without the categories that none of them has: a mean per participant must not count the others."""
    part = frame[kept].reset_index(drop=True)
    return part.assign(**{name: part[name].cat.remove_unused_categories() for name in CATEGORICAL})


def with_rows(frame: pd.DataFrame, join: Join, data: Dataset | None) -> pd.DataFrame:
    """The table with `row` filled and the uploaded row's own columns added.

    A column that has the name of one of the table's gets ``row_`` in front. Where no way of joining worked, `row`
    stays NA, no columns are added, and one warning says so; answers that stay unmatched are warned of too.
    ``frame.attrs["join"]`` says which way worked, how many answers stayed unmatched, and which ways failed.
    """
    frame = frame.assign(row=translated(frame["task_id"].array, join.rows))
    unmatched = int(frame["row"].isna().sum())
    frame.attrs["join"] = {"by": join.by, "unmatched": unmatched} | ({"failed": join.failed} if join.failed else {})
    reasons = "".join(f" The {way} failed: {why}" for way, why in join.failed.items())
    if join.by is None and len(frame):
        warnings.warn(
            "The answers could not be joined to the uploaded rows: neither their metadata nor the export nor the "
            f"report names the rows.{reasons} Agreement is computed by task_id; the row's own columns are missing.",
            stacklevel=3,
        )
        return frame
    if unmatched:
        warnings.warn(
            f"{unmatched} of {len(frame)} answers could not be joined to their rows, and are left out where units are "
            f'rows.{reasons} Score them all with agreement(frame, unit="task_id").',
            stacklevel=3,
        )
    return frame if data is None else _beside(frame, data)


def _beside(frame: pd.DataFrame, data: Dataset) -> pd.DataFrame:
    if frame["row"].notna().any() and not set(frame["row"].cat.categories) & set(data.row_keys):
        warnings.warn(
            f"None of the answers is about a row of {data.name!r}, so its columns are empty here: these are not the "
            "rows that people were asked about. Open the run with those.",
            stacklevel=4,
        )
    own = data.table.set_axis(list(data.row_keys), axis=0)
    own.columns = free_names(list(own.columns), list(frame.columns))
    found: Any = own.reindex(frame["row"].astype(object)).set_axis(frame.index)
    joined: pd.DataFrame = pd.concat([frame, found], axis=1)
    joined.attrs = dict(frame.attrs)
    return joined


def free_names(names: list[str], taken: list[str]) -> list[str]:
    """The names, those that are taken or come twice with ``row_`` in front."""
    free: list[str] = []
    for name in names:
        while name in taken or name in free:
            name = f"row_{name}"
        free.append(name)
    return free
