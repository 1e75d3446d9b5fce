"""The report per slice: by a column of the data, the position within a submission, or the hour."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Iterator, Sequence
from difflib import get_close_matches

import numpy as np
import pandas as pd

from ..analysis.coefficient import rounded
from ..common.findings import Finding
from ..common.plurals import counted
from ..errors import ArgumentError, DataError
from .formatting import quote_list
from .question_agreement import QuestionAgreement, table_of
from .question_selection import ColumnNames

_MOST = 50

Slices = Sequence[tuple[Hashable, Sequence[QuestionAgreement]]]


def parts_by(frame: pd.DataFrame, by: str, columns: ColumnNames) -> list[tuple[Hashable, pd.DataFrame]]:
    """Split the frame by the values of a column, in their order; rows without a value are dropped.

    Parameters
    ----------
    frame : DataFrame
        Answers.
    by : str
        A column, or ``"hour"``: the hour of the day (UTC) of `created_at`, from 0 to 23. Answers that were stored
        together with all others of their submission have no position, and no hour of their own.
    columns : ColumnNames
        How the frame is read.

    Raises
    ------
    DataError
        There is no such column, it has too many values, or no answer has a position or an hour of its own.
    ValueError
        `by` is ``"question"``, and the report scores every question separately already.

    Warns
    -----
    UserWarning
        Some answers have no position or no hour of their own; they are in no slice.
    """
    if by == "question" and columns.divided:
        raise ArgumentError("by='question' has no effect: a report already scores every question separately.")
    values = _values(frame, by)
    groups = frame.groupby(values, sort=True, observed=True)
    if groups.ngroups > _MOST:
        what = f"by={by!r} would make {groups.ngroups:,} slices, more than {_MOST}."
        remedy = f"Group its values first, such as frame.assign(part=pd.qcut(frame[{by!r}], 4)), and pass by='part'."
        raise DataError("The frame", [Finding("error", what, remedy, column=by)])
    parts: list[tuple[Hashable, pd.DataFrame]] = []
    for value, part in groups:
        part.attrs = dict(frame.attrs)
        parts.append((value, part))
    return parts


def column_of(by: str) -> str:
    """Name of the column of the slices in the table: `by`, unless the table has a column of that name already."""
    return f"{by} (slice)" if by in table_of([]).columns else by


def table_by(slices: Slices, by: str) -> pd.DataFrame:
    """The tables of all slices, with the slice as the first column."""
    by = column_of(by)
    tables = []
    for value, scored in slices:
        table = table_of(scored)
        table.insert(0, by, pd.Series([value] * len(table), dtype=object))
        tables.append(table)
    if not tables:
        empty = table_of([])
        empty.insert(0, by, pd.Series(dtype=object))
        return empty
    table = pd.concat(tables, ignore_index=True)
    return table.assign(**{by: table[by].infer_objects()})


def words_by(slices: Slices, by: str) -> Iterator[str]:
    """One sentence per question on the slices with the lowest and the highest agreement."""
    questions = dict.fromkeys(each.question for _, scored in slices for each in scored)
    for question in questions:
        found = [(value, each.lead) for value, scored in slices for each in scored if each.question == question]
        defined = sorted((each for each in found if not np.isnan(each[1].value)), key=lambda each: each[1].value)
        undefined = [value for value, alpha in found if np.isnan(alpha.value)]
        text = f"“{question}” by {by}: {counted(len(found), 'slice')}"
        if len(defined) > 1:
            (low, least), (high, most) = defined[0], defined[-1]
            overlap = "overlap" if least.high >= most.low else "do not overlap"
            text += (
                f", α from {rounded(least.value)} ({least.interval}) for “{low}” to {rounded(most.value)} "
                f"({most.interval}) for “{high}”; these two intervals {overlap}"
            )
            if len(defined) > 2:
                text += "; the lowest and highest of several slices differ by chance alone"
        yield text + (f"; no score for {quote_list(undefined)}." if undefined else ".")


def _values(frame: pd.DataFrame, by: str) -> pd.Series:
    if by == "hour" and "hour" not in frame.columns and "created_at" in frame.columns:
        stored = _stored_together(frame)
        _check_times(frame, by, stored)
        return _hours(frame).where(~stored)
    if by == "position" and by in frame.columns and frame[by].isna().any():
        _check_times(frame, by, frame[by].isna())
    if by not in frame.columns:
        near = [f"by={name!r}" for name in get_close_matches(str(by), [str(name) for name in frame.columns])]
        meant = f"Did you mean {' or '.join(near)}?" if near else "Pass one of them, or by='hour'."
        listed = "" if near else f"; the columns are {', '.join(map(repr, frame.columns))}"
        finding = Finding("error", f"There is no column {by!r} to slice by{listed}.", meant, column=str(by))
        raise DataError("The frame", [finding])
    return frame[by]


def _hours(frame: pd.DataFrame) -> pd.Series:
    return pd.to_datetime(frame["created_at"], utc=True).dt.hour.astype("Int64").astype(object)


def _stored_together(frame: pd.DataFrame) -> pd.Series:
    """Whether each answer was stored with all others of its submission: it has a submission, but no position in it."""
    if not {"position", "submission_id"} <= set(frame.columns):
        return pd.Series(False, index=frame.index)
    return frame["position"].isna() & frame["submission_id"].notna()


def _check_times(frame: pd.DataFrame, by: str, without: pd.Series) -> None:
    """Refuse a frame all of whose answers are without what is needed, and warn if some are."""
    n = int(without.sum())
    if not n:
        return
    why = "the answers of a submission were stored together, so created_at is the moment of storing"
    if by == "position" and not _stored_together(frame).any():
        why = "the submission is unknown"
    if n < len(frame):
        warnings.warn(f"{n:,} of {len(frame):,} answers are in no slice by {by}: {why}.", stacklevel=5)
        return
    if by == "hour":
        what = f"by='hour' needs the time of each answer, but {why}."
        remedy = (
            "For the hour of storing, at the end of the submission: "
            "agreement(frame.assign(hour=frame['created_at'].dt.hour), by='hour')."
        )
        raise DataError("The frame", [Finding("error", what, remedy, column="created_at")])
    what = f"by='position' needs the order of the answers in a submission, but {why}."
    raise DataError("The frame", [Finding("error", what, "Pass by= another column.", column=by)])
