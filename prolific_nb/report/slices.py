"""The report per slice: by a column of the data, the position within a submission, or the hour."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence

import numpy as np
import pandas as pd

from ..analysis.coefficient import rounded
from ..common.findings import Finding
from ..common.plurals import counted
from ..errors import DataError
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
        A column, or ``"hour"``: the hour of the day (UTC) of `created_at`, from 0 to 23.
    columns : ColumnNames
        How the frame is read.

    Raises
    ------
    DataError
        There is no such column, or it has too many values.
    ValueError
        `by` is ``"question"``, and the report scores every question separately already.
    """
    if by == "question" and columns.divided:
        raise ValueError("by='question' has no effect: a report already scores every question separately.")
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


def table_by(slices: Slices, by: str) -> pd.DataFrame:
    """The tables of all slices, with the slice as the first column."""
    tables = []
    for value, scored in slices:
        table = table_of(scored)
        table.insert(0, by, pd.Series([value] * len(table), dtype=object), allow_duplicates=True)
        tables.append(table)
    if not tables:
        empty = table_of([])
        empty.insert(0, by, pd.Series(dtype=object), allow_duplicates=True)
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
        return (
            pd.to_datetime(frame["created_at"], utc=True, errors="coerce", format="mixed")
            .dt.hour.astype("Int64")
            .astype(object)
        )
    if by not in frame.columns:
        what = f"There is no column {by!r} to slice by; the columns are {', '.join(map(repr, frame.columns))}."
        raise DataError("The frame", [Finding("error", what, "Pass one of them, or by='hour'.", column=by)])
    return frame[by]
