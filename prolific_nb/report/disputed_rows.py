"""Rows on which annotators disagree, with the columns of the row."""

from __future__ import annotations

import pandas as pd

from ..analysis import unit_column
from ..responses import COLUMNS
from ..responses.frame import EXPECTED
from .build import agreement
from .question_selection import ColumnNames
from .report import AgreementReport


def disputed(
    frame: pd.DataFrame,
    question: str | None = None,
    *,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
) -> pd.DataFrame:
    """Rows on which people disagree, those with the lowest agreement first, with the columns of the row.

    Parameters
    ----------
    frame : DataFrame
        As returned by `run.responses()`, or any frame of one question.
    question : str, optional
        Only this question. Without it, the rows of all questions that can be scored; numbers come last.
    unit, annotator, label : str
        Columns; see `prolific_nb.analysis.count`.

    Returns
    -------
    DataFrame
        ``question``; the column of the rows, such as ``row``; ``n_ratings, agreement, majority, labels`` as
        `prolific_nb.analysis.unit_disagreement`, or ``mean, sd`` for numbers; then the columns of the uploaded row.
        ``attrs["note"]`` says how many answers to attention checks and about gold rows were left out, if any were.

    Raises
    ------
    DataError, UnknownName
        As for `prolific_nb.agreement`.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": [1, 1, 2, 2], "participant_id": ["a", "b"] * 2, "value": list("xxxy")})
    >>> disputed(frame.assign(review=["Fine."] * 2 + ["So so."] * 2))[["row", "agreement", "labels", "review"]]
       row  agreement      labels  review
    0    2        0.0  x ×1, y ×1  So so.
    """
    columns = ColumnNames(unit_column(frame, unit), annotator, label)
    report = agreement(frame, questions=question, unit=unit, annotator=annotator, label=label, draws=1)
    table = disputed_units(report, frame, columns)
    table.attrs |= {"note": report.setting.left_out} if report.setting.left_out else {}
    return table


def disputed_units(report: AgreementReport, frame: pd.DataFrame, columns: ColumnNames) -> pd.DataFrame:
    """As `disputed`, from a report on the frame."""
    units = report.units
    apart = pd.Series(False, index=units.index)
    if "agreement" in units:
        apart |= units["agreement"] < 1
    if "sd" in units:
        apart |= units["sd"] > 0
    found = units[apart]
    if found["question"].nunique() > 1 and "agreement" in units:
        found = found.sort_values("agreement", kind="stable", na_position="last")
    return with_row(found.reset_index(drop=True), frame, columns)


def with_row(units: pd.DataFrame, frame: pd.DataFrame, columns: ColumnNames) -> pd.DataFrame:
    """A table with a column ``unit``, which is renamed as in the frame; the columns of the rows are added."""
    unit = columns.unit
    beside = _rows(frame, columns).reindex(units["unit"].astype(object)).set_index(units.index)
    table = units.rename(columns={"unit": unit})
    return pd.concat([table, beside[[name for name in beside if name not in table.columns]]], axis=1)


def _rows(frame: pd.DataFrame, columns: ColumnNames) -> pd.DataFrame:
    """The columns that have one value for each unit, apart from those of every table of answers, by unit."""
    unit = columns.unit
    usual = {*COLUMNS, EXPECTED, "study_id", unit, columns.annotator, columns.label}  # `combine` adds study_id
    others = [name for name in frame.columns if name not in usual and list(frame.columns).count(name) == 1]
    frame = frame[[unit, *others]].dropna(subset=[unit])
    number = frame[unit].nunique()
    own = [name for name in others if len(frame[[unit, name]].drop_duplicates()) == number]
    first = frame[[unit, *own]].drop_duplicates(unit)
    return first.set_index(pd.Index(first[unit].astype(object)))[own]
