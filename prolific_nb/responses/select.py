"""Selecting from the tidy table: usable responses, one question; and adding the columns of the uploaded rows."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..common.arguments import require_choice
from ..data import Dataset
from ..data.columns import free_names
from ..data.legacy_csv import HIDDEN
from ..design import Codebook, text_of
from ..errors import ArgumentError
from .content_join import ROW_COLUMNS
from .frame import CATEGORICAL, EXPECTED, _text_dtype, translated
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


def check_asked(include: str, question: str | None, codebook: Codebook, *, checks: bool = True) -> None:
    """Check `include` and `question` before anything is downloaded.

    Raises
    ------
    ValueError
        For an unknown `include`, or for an attention check as the question while checks are left out.
    LookupError
        For an unknown question; the message suggests similar ones.
    """
    require_choice("include", include, ("usable", "all"))
    if question is not None and codebook.find(question).right is not None and not checks:
        raise ArgumentError(f"{question!r} is an attention check, and checks are left out. Pass checks=True.")


def usable(frame: pd.DataFrame, include: str) -> pd.DataFrame:
    """The responses of usable submissions.

    Parameters
    ----------
    include : {"usable", "all"}
        ``"usable"`` keeps submissions that are AWAITING REVIEW, APPROVED and PARTIALLY APPROVED.
    """
    if include == "all":
        return frame
    return part_of(frame, frame["submission_status"].isin(USABLE))


def of_question(frame: pd.DataFrame, question: str, codebook: Codebook) -> pd.DataFrame:
    """The responses to one question; `value` has the offered options, in order, as categories.

    Raises
    ------
    LookupError
        If the codebook does not have the question; the message lists its questions.
    """
    asked = codebook.find(question)
    part = part_of(frame, frame["question"] == asked.question)
    if asked.options:
        # An answer that was not offered is kept, after the offered ones.
        offered = [text_of(option) for option in asked.options]
        others = [value for value in part["value"].dropna().unique() if value not in offered]
        part["value"] = part["value"].cat.set_categories(offered + others)
    return part


def part_of(frame: pd.DataFrame, kept: pd.Series[Any] | npt.NDArray[np.bool_]) -> pd.DataFrame:
    """The selected rows, without unused categories: grouping by participant must not include absent participants."""
    part = frame.loc[kept].reset_index(drop=True)
    names = [name for name in (*CATEGORICAL, EXPECTED) if name in part]
    return part.assign(**{name: part[name].cat.remove_unused_categories() for name in names})


def with_rows(frame: pd.DataFrame, join: Join, data: Dataset | None) -> pd.DataFrame:
    """The table with `row` filled and the uploaded row's own columns added.

    A column whose name is taken gets the prefix ``row_``. Without `data` the columns are those of the upload, as far as
    the service returns them. If no source has the rows, `row` stays NA, no columns are added, and a warning is shown;
    unmatched responses cause a warning too. ``frame.attrs["join"]`` holds the sources that were used, the number of
    unmatched responses, the sources that failed, and, if rows were joined by content, the number of tasks whose content
    is ambiguous (``"ambiguous"``) and what kept tasks from being joined (``"notes"``).
    """
    frame = frame.assign(row=translated(frame["task_id"].array, join.rows))
    joined = frame["row"].notna() if join.rows else frame["task_id"].isin(list(join.cells))
    unmatched = int((~joined).sum())
    frame.attrs["join"] = {"by": join.by, "unmatched": unmatched} | ({"failed": join.failed} if join.failed else {})
    frame.attrs["join"] |= {"ambiguous": len(join.ambiguous)} if join.ambiguous else {}
    frame.attrs["join"] |= {"notes": list(join.notes)} if join.notes else {}
    reasons = _reasons(join)
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
    return _with_cells(frame, join.cells) if data is None else _beside(frame, data, reasons)


def _reasons(join: Join) -> str:
    said = [f" Reading the {source} failed: {reason}" for source, reason in join.failed.items()]
    if join.ambiguous:
        have = "task has" if len(join.ambiguous) == 1 else "tasks have"
        said.append(f" {len(join.ambiguous)} {have} the same content as another task or as several rows.")
    return "".join([*said, *(f" By content: {note}." for note in join.notes)])


def _with_cells(frame: pd.DataFrame, cells: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """The table with the columns of the upload; those of other tasks than the ones in the table do not count."""
    tasks = [task for task in frame["task_id"].cat.categories if task in cells]
    own = pd.DataFrame.from_dict({task: cells[task] for task in tasks}, orient="index", dtype=_text_dtype())
    own = own.drop(columns=[name for name in ROW_COLUMNS if name in own.columns])
    own = own.mask(own == "")  # as in the data: an empty cell is missing
    own.columns = pd.Index(free_names([str(name).removeprefix(HIDDEN) for name in own.columns], [*frame, EXPECTED]))
    return _side_by_side(frame, own, frame["task_id"]) if tasks else frame


def _beside(frame: pd.DataFrame, data: Dataset, reasons: str) -> pd.DataFrame:
    elsewhere = int((frame["row"].notna() & ~frame["row"].isin(data.row_keys)).sum())
    if elsewhere and elsewhere == frame["row"].notna().sum():
        warnings.warn(
            f"None of the responses is about a row of {data.name!r}, so its columns are empty here.{reasons} Open the "
            "run with the data that was annotated.",
            stacklevel=4,
        )
    elif elsewhere:
        warnings.warn(
            f"{elsewhere} of {len(frame)} responses are about rows that are not in {data.name!r}, so its columns are "
            f"empty there.{reasons} Open the run with the data that was annotated.",
            stacklevel=4,
        )
    own = data.table.set_axis(list(data.row_keys), axis=0)
    own.columns = free_names(list(own.columns), [*frame, EXPECTED])
    return _side_by_side(frame, own, frame["row"])


def _side_by_side(frame: pd.DataFrame, own: pd.DataFrame, by: pd.Series[Any]) -> pd.DataFrame:
    found: Any = own.reindex(by.astype(object)).set_axis(frame.index)
    joined: pd.DataFrame = pd.concat([frame, found], axis=1)
    joined.attrs = dict(frame.attrs)
    return joined
