"""Whether a column named ``question`` divides a frame into questions, or is a column like any other."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..common.findings import Finding
from ..errors import DataError

# Together these are found in the tables of this package only.
_OURS = frozenset({"response_id", "participant_id", "submission_id", "task_id", "instruction_id", "question", "value"})


def is_tidy(frame: pd.DataFrame) -> bool:
    """Whether a frame has the columns that `run.responses()` returns."""
    return set(frame.columns) >= _OURS


def divides(frame: pd.DataFrame, unit: str | None, annotator: str, label: str) -> bool:
    """Whether the column ``question`` says which question each label answers.

    It does in a table of this package, and where the unit is not named. In other people's tables, whose columns are
    named, ``question`` may be the unit, or a text that belongs to the unit. Only if one unit has several questions and
    the label is in the column ``value``, it still divides, since answers to different questions must not be compared.

    Parameters
    ----------
    frame : DataFrame
        Labels, one per row.
    unit : str or None
        As it was passed; None if it was not.
    annotator, label : str
        Columns.
    """
    if "question" not in frame.columns or "question" in (unit, annotator, label):
        return False
    if is_tidy(frame) or unit is None:
        return True
    if label != "value" or unit not in frame.columns:
        return False
    try:
        asked = frame[[unit, "question"]].dropna().drop_duplicates()
    except TypeError:  # cells that are not single values, which are reported when they are read
        return True
    return bool(asked[unit].duplicated().any())


def questions_of(frame: pd.DataFrame) -> list[Any]:
    """The questions in the column ``question``, in the order of the rows.

    Raises
    ------
    DataError
        Several columns have this name, or a cell is not a single value.
    """
    if list(frame.columns).count("question") > 1:
        what, remedy = "Several columns have this name.", "Rename all but one of them."
        raise DataError("The frame", [Finding("error", what, remedy, column="question")])
    try:
        return list(frame["question"].dropna().unique())
    except TypeError as error:
        what = f"Its cells are not single values: {error}."
        remedy = "Give each row one question, as a string, or rename the column if it contains something else."
        raise DataError("The frame", [Finding("error", what, remedy, column="question")]) from error
