"""Parts of the tidy table: usable answers, one question, and the rows' own columns beside the answers."""

from __future__ import annotations

import warnings
from typing import Any

import pandas as pd

from ..data import Dataset
from ..design import Codebook, text_of
from .frame import USABLE, categorical
from .join import Join


def usable(frame: pd.DataFrame, include: str) -> pd.DataFrame:
    """The answers of submissions that count.

    Parameters
    ----------
    include : {"usable", "all"}
        ``"usable"`` keeps those AWAITING REVIEW, APPROVED and PARTIALLY APPROVED.
    """
    if include == "all":
        return frame
    if include != "usable":
        raise ValueError(f"include={include!r} is not known. Use 'usable' or 'all'.")
    return frame[frame["submission_status"].isin(USABLE)].reset_index(drop=True)


def of_question(frame: pd.DataFrame, question: str, codebook: Codebook) -> pd.DataFrame:
    """The answers to one question; `value` has its offered options, in order, as categories.

    Raises
    ------
    KeyError
        If the codebook has no such question; its questions are named.
    """
    asked = codebook.find(question)
    part = frame[frame["question"] == asked.question].reset_index(drop=True)
    if asked.options:
        # An answer that was not offered is kept behind the offered ones, never lost.
        offered = [text_of(option) for option in asked.options]
        others = [value for value in part["value"].dropna().unique() if value not in offered]
        part["value"] = part["value"].cat.set_categories(offered + others)
    return part


def with_rows(frame: pd.DataFrame, join: Join, data: Dataset | None) -> pd.DataFrame:
    """The table with `row` filled and the uploaded row's own columns added.

    A column that has the name of one of the table's gets ``row_`` in front. Where no way of joining worked, `row`
    stays NA, no columns are added, and one warning says so. ``frame.attrs["join"]`` says which way worked and how
    many answers stayed unmatched.
    """
    keys = frame["task_id"].astype(object).map(dict(join.rows))
    frame = frame.assign(row=categorical(keys.where(keys.notna(), None)))
    unmatched = int(frame["row"].isna().sum())
    frame.attrs["join"] = {"by": join.by, "unmatched": unmatched}
    if join.by is None and len(frame):
        warnings.warn(
            "The answers could not be joined to the uploaded rows: neither their metadata nor the export nor the "
            "report names the rows. Agreement is computed by task_id; the row's own columns are missing.",
            stacklevel=3,
        )
        return frame
    return frame if data is None else _beside(frame, data)


def _beside(frame: pd.DataFrame, data: Dataset) -> pd.DataFrame:
    own = data.table.set_axis(list(data.row_keys), axis=0)
    own.columns = _free_names(list(own.columns), list(frame.columns))
    found: Any = own.reindex(frame["row"].astype(object)).set_axis(frame.index)
    joined: pd.DataFrame = pd.concat([frame, found], axis=1)
    joined.attrs = dict(frame.attrs)
    return joined


def _free_names(names: list[str], taken: list[str]) -> list[str]:
    free: list[str] = []
    for name in names:
        while name in taken or name in free:
            name = f"row_{name}"
        free.append(name)
    return free
