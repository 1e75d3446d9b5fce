"""Rows on which annotators disagree: labels, entropy, explanations, and the columns of the row."""

from __future__ import annotations

import pandas as pd

from ...analysis import unit_column
from ...responses import COLUMNS
from ..build import agreement
from ..disagreement import units_table
from ..question_selection import ColumnNames
from ..report import AgreementReport
from .adjudicated import without_adjudicator
from .explanations import explanations
from .label_spread import label_spread

_NOT_OF_ROWS = frozenset({*COLUMNS, "study_id", "expected", "weight"})  # `combine` adds study_id and weight


def disagreements(
    frame: pd.DataFrame,
    question: str | None = None,
    *,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
) -> pd.DataFrame:
    """Rows on which people disagree, worst first, with their labels, explanations and the columns of the row.

    Worst is the lowest share of agreeing pairs of labels; on scales and for numbers the largest standard deviation.
    Ties keep the order of the answers. Answers of an adjudicator are left out.

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
        `prolific_nb.analysis.unit_disagreement`, or ``mean, sd`` for numbers; ``entropy``, that of the labels in bits,
        not normalised [1]_: 0 if all agree, 1 for two labels given equally often, at most log2 of the number of labels
        (where several options may be picked, of the sets picked; nan for numbers); ``share of …`` for each option, of
        the answers of this row (nan where it is not an option; none of questions with more than 100 labels);
        ``explanations``, a line ``label: explanation`` for each answer that has one, if the frame has a column
        ``explanation``; then the columns of the uploaded row. ``attrs["note"]`` says how many answers to attention
        checks and about gold rows were left out, if any were.

    Raises
    ------
    DataError, UnknownName
        As for `prolific_nb.agreement`.

    References
    ----------
    .. [1] Shannon, C. E. (1948). A mathematical theory of communication. Bell System Technical Journal, 27, section 6.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": [1, 1, 2, 2], "participant_id": ["a", "b"] * 2, "value": list("xxxy")})
    >>> table = disagreements(frame.assign(review=["Fine."] * 2 + ["So so."] * 2))
    >>> table[["row", "agreement", "labels", "entropy", "share of x", "review"]]
       row  agreement      labels  entropy  share of x  review
    0    2        0.0  x ×1, y ×1      1.0         0.5  So so.
    """
    columns = ColumnNames(unit_column(frame, unit), annotator, label)
    report = agreement(frame, questions=question, unit=unit, annotator=annotator, label=label, draws=1)
    table = disagreement_table(report, frame, columns)
    table.attrs |= {"note": report.setting.left_out} if report.setting.left_out else {}
    return table


def disagreement_table(report: AgreementReport, frame: pd.DataFrame, columns: ColumnNames) -> pd.DataFrame:
    """As `disagreements`, from a report on the frame."""
    frame = without_adjudicator(frame, columns.annotator)
    found = _apart(units_table(report.scored))
    of_question = {each.question: found.loc[found["question"] == each.question, "unit"] for each in report.scored}
    spread = [label_spread(each.reading, of_question[each.question]) for each in report.scored]
    said = []
    if "explanation" in frame.columns:
        said = [explanations(each.reading, frame, columns, of_question[each.question]) for each in report.scored]
    beside = [*([pd.concat(spread)] if spread else []), *([pd.concat(said).rename("explanations")] if said else [])]
    return with_row(pd.concat([found, *beside], axis=1), frame, columns)


def _apart(units: pd.DataFrame) -> pd.DataFrame:
    """The units on which not all agree, of several questions those with the lowest agreement first."""
    apart = pd.Series(False, index=units.index)
    if "agreement" in units:
        apart |= units["agreement"] < 1
    if "sd" in units:
        apart |= units["sd"] > 0
    found = units[apart]
    if found["question"].nunique() > 1 and "agreement" in units:
        found = found.sort_values("agreement", kind="stable", na_position="last")
    return found.reset_index(drop=True)


def with_row(units: pd.DataFrame, frame: pd.DataFrame, columns: ColumnNames) -> pd.DataFrame:
    """A table with a column ``unit``, which is renamed as in the frame; the columns of the rows are added."""
    unit = columns.unit
    beside = _rows(frame, columns).reindex(units["unit"].astype(object)).set_index(units.index)
    table = units.rename(columns={"unit": unit})
    return pd.concat([table, beside[[name for name in beside if name not in table.columns]]], axis=1)


def _rows(frame: pd.DataFrame, columns: ColumnNames) -> pd.DataFrame:
    """The columns that have one value for each unit, apart from those of every table of answers, by unit."""
    unit = columns.unit
    usual = {*_NOT_OF_ROWS, unit, columns.annotator, columns.label}
    others = [name for name in frame.columns if name not in usual and list(frame.columns).count(name) == 1]
    frame = frame[[unit, *others]].dropna(subset=[unit])
    number = frame[unit].nunique()
    own = [name for name in others if len(frame[[unit, name]].drop_duplicates()) == number]
    first = frame[[unit, *own]].drop_duplicates(unit)
    return first.set_index(pd.Index(first[unit].astype(object)))[own]
