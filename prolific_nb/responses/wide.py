"""The tidy table in wide form: one row per unit, one column per annotator or per question."""

from __future__ import annotations

import warnings
from typing import Any

import pandas as pd

from ..common.arguments import require_column
from ..common.findings import Finding
from ..design import Codebook
from ..errors import ArgumentError, DataError
from .expected_answers import known_lines, left_out
from .frame import EXPECTED, require_table

_BY = ("annotator", "question")
_MOST = 5  # names in a message


def wide(
    frame: pd.DataFrame,
    by: str = "annotator",
    *,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    checks: bool = False,
) -> pd.DataFrame:
    """A table of responses in wide form, for programs that need one column per annotator or per question.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per label, such as ``run.responses()``.
    by : {"annotator", "question"}
        ``"annotator"``: one row per unit, one column per annotator; the frame has one question. ``"question"``: one
        column per question and one row per unit, or per unit and annotator if a unit has several annotators.
    unit, annotator, label : str
        The columns. `unit` is ``"row"`` if that has any value, else ``"task_id"``; `label` may be ``"number"``.
    checks : bool
        Whether to keep answers with a known right answer in the column ``expected``.

    Returns
    -------
    pandas.DataFrame
        Index and columns in order of appearance, named after the columns of `frame`. Where nothing was answered, the
        cell is missing. If any answer of a question has several elements, its cells are tuples.

    Raises
    ------
    DataError
        A column is missing; the frame has several questions, and `by` is ``"annotator"``; or an annotator answered a
        question about a unit more than once.
    ValueError
        If `by` is not valid.

    Warns
    -----
    UserWarning
        Labels without a unit or annotator were left out, or answers to attention checks and about gold rows.

    Examples
    --------
    >>> frame = pd.DataFrame({"task": [1, 1, 2], "worker": ["a", "b", "a"], "label": ["x", "y", "x"]})
    >>> wide(frame, unit="task", annotator="worker", label="label")
    worker  a    b
    task
    1       x    y
    2       x  NaN
    """
    require_table(frame)
    if by not in _BY:
        raise ArgumentError(f"by={by!r} is not valid. Use one of {', '.join(map(repr, _BY))}.")
    for option, name in {"unit": unit, "annotator": annotator, "label": label}.items():
        require_column(option, name)
    if not checks and EXPECTED in frame and EXPECTED not in (unit, annotator, label):
        frame = _without_known(frame)
    unit = unit or ("row" if "row" in frame and frame["row"].notna().any() else "task_id")
    _refuse_missing(frame, [unit, annotator, label, *(["question"] if by == "question" else [])])
    names = [unit, annotator, *(["question"] if "question" in frame and "question" not in (unit, annotator) else [])]
    kept = frame[frame[names].notna().all(axis=1)]
    if len(kept) < len(frame):
        lost = len(frame) - len(kept)
        warnings.warn(f"{lost} of {len(frame)} labels have no {' or no '.join(names)}; left out.", stacklevel=2)
    cells = _cells(kept, names, label)
    if by == "annotator":
        _refuse_several(kept, names)
        return _pivoted(cells, kept, [unit], annotator)
    several = bool((kept.groupby(unit, observed=True, sort=False)[annotator].nunique() > 1).any())
    return _pivoted(cells, kept, [unit, annotator] if several else [unit], "question")


def _without_known(frame: pd.DataFrame) -> pd.DataFrame:
    checks, gold = known_lines(frame, Codebook.from_records(frame.attrs.get("questions", ())))
    if (checks | gold).any():
        warnings.warn(f"{left_out(frame, checks, gold)} wide(…, checks=True) keeps them.", stacklevel=3)
    return frame[~(checks | gold)]


def _refuse_missing(frame: pd.DataFrame, names: list[str]) -> None:
    known = ", ".join(map(repr, frame.columns))
    remedy = f"The columns are {known}. Name others with unit=, annotator= and label=."
    faults = [Finding("error", "The column is missing.", remedy, column=name) for name in names if name not in frame]
    if faults:
        raise DataError("The table", faults)


def _refuse_several(frame: pd.DataFrame, names: list[str]) -> None:
    asked = frame["question"].unique().tolist() if "question" in names else []
    if len(asked) > 1:
        listed = ", ".join(map(repr, asked[:_MOST])) + (" and others" if len(asked) > _MOST else "")
        what, remedy = f"It has {len(asked)} questions: {listed}.", "Select one: run.responses(question=...)."
        raise DataError("The table", [Finding("error", what, remedy, column="question")])


def _cells(frame: pd.DataFrame, names: list[str], label: str) -> Any:
    """The label, or the tuple of labels, by unit, annotator and question."""
    groups = frame.groupby(names, observed=True, sort=False)
    sizes = groups.size()
    repeated = groups["response_id"].nunique() > 1 if "response_id" in frame else sizes > 1
    if repeated.any():
        first = dict(zip(names, repeated[repeated].index[0], strict=True))
        what = f"{int(repeated.sum())} times, an annotator answered more than once, the first time for {first}."
        raise DataError("The table", [Finding("error", what, "Keep one of the responses, by response_id.")])
    if (sizes == 1).all():
        return frame.set_index(names)[label].astype(object)
    tuples: Any = pd.Series({key: tuple(each.dropna()) for key, each in groups[label]}, dtype=object)
    tuples.index = sizes.index
    if "question" not in names:
        return tuples
    many = sizes.groupby("question", observed=True).transform("max") > 1
    return tuples.where(many, tuples.map(lambda each: each[0] if each else None))


def _pivoted(cells: Any, frame: pd.DataFrame, index: list[str], columns: str) -> pd.DataFrame:
    """Rows and columns in order of appearance; what is neither index nor column has one value only."""
    flat = cells.rename("_cell").reset_index()
    flat = flat.astype(dict.fromkeys((*index, columns), object))
    table = flat.pivot(index=index, columns=columns, values="_cell")
    order = pd.Index(pd.unique(frame[columns].astype(object)), name=columns)
    rows = frame[index].astype(object).drop_duplicates()
    at: Any = pd.MultiIndex.from_frame(rows) if len(index) > 1 else pd.Index(rows[index[0]], name=index[0])
    made: pd.DataFrame = table.reindex(index=at, columns=order)
    return made
