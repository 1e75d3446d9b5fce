"""Timing of responses: when they were created, the position of each task in its submission, and its duration.

Prolific may store all answers of a submission together, when it ends. ``created_at`` is then the moment of storing, and
says nothing about single tasks. Which of the two it is can only be seen in the times themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..api.shapes import moment
from ..common.findings import Finding
from ..common.plurals import counted

Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

USABLE = ("AWAITING REVIEW", "APPROVED", "PARTIALLY APPROVED")
COMPLETED = ("AWAITING REVIEW", "APPROVED", "REJECTED")

_AT_ONCE = 0.25  # seconds; nobody reads and answers a task in less
_ONE_BY_ONE, _SHARE = 1.0, 0.05  # seconds a task, share of the submission: slow storing after the last answer


def times(texts: Iterable[Any]) -> Any:
    """Parse ISO 8601 strings to an array of times in UTC."""
    # A fixed unit, since pandas would infer seconds for an empty table and microseconds for others.
    parsed = pd.to_datetime(pd.Series(list(texts), dtype=object), utc=True, format="ISO8601")
    return parsed.dt.as_unit("us").array


def pace(
    submission: pd.Categorical, task: pd.Categorical, created: Any, started: Any, completed: Flags
) -> tuple[Any, Any]:
    """Position of the task in its submission, and its duration in seconds, for each response.

    A task ends with its last response. It starts when the previous task ended, the first one with the submission.
    Both are missing where the responses of several tasks were stored together.

    Parameters
    ----------
    submission, task : Categorical, shape (n,)
        Of each response. Responses without a submission get neither position nor seconds.
    created : array of datetime64, shape (n,)
        When each response was created.
    started : array of datetime64
        When each category of `submission` started.
    completed : array of bool
        Whether each category of `submission` was completed: all of its tasks were answered.

    Returns
    -------
    tuple of array
        Int64 and Float64, shape (n,).
    """
    answers = pd.DataFrame({"submission": submission.codes.astype(np.int64), "task": task.codes, "end": created})
    tasks = answers[answers["submission"] >= 0].groupby(["submission", "task"], sort=False)["end"].max().reset_index()
    tasks = tasks.sort_values(["submission", "end"], ignore_index=True)
    sitting = tasks["submission"].to_numpy()
    previous = tasks.groupby("submission")["end"].shift()
    gaps: Numbers = np.asarray((tasks["end"] - previous).dt.total_seconds())
    first: Numbers = np.asarray((tasks["end"] - pd.Series(started.take(sitting))).dt.total_seconds())
    ordered, timed = _known(sitting, gaps, first, completed)
    seconds = pd.Series(np.where(np.isnan(gaps), first, gaps))
    tasks["position"] = (tasks.groupby("submission").cumcount() + 1).astype("Int64").where(ordered)
    # Clocks that disagree can put the first answer before the start.
    tasks["seconds"] = seconds.where(timed & (seconds >= 0)).astype("Float64")
    of_each = answers[["submission", "task"]].merge(tasks, on=["submission", "task"], how="left")
    return of_each["position"].array, of_each["seconds"].array


def _known(sitting: Indices, gaps: Numbers, since_start: Numbers, completed: Flags) -> tuple[Flags, Flags]:
    """For each task of a submission, whether its position is known, and whether its duration is.

    Parameters
    ----------
    sitting : array of int
        The submission of each task.
    gaps, since_start : array of float
        Seconds from the end of the previous task, and from the start of the submission, to the end of the task.
    completed : array of bool
        By submission.
    """
    n = len(completed)
    count = np.bincount(sitting, minlength=n)
    several, together = count > 1, _stored_together(sitting, gaps, since_start, count)
    apart = several & ~together
    if together.any() and not apart.any():
        return np.zeros(len(sitting), dtype=bool), np.zeros(len(sitting), dtype=bool)
    # One task of an unfinished submission: its time may be that of the task, or the one at which the person left.
    vague = ~several & ~completed & (together.any() or not apart.any())
    return ~together[sitting], ~(together | vague)[sitting]


def _stored_together(sitting: Indices, gaps: Numbers, since_start: Numbers, count: Indices) -> Flags:
    """Whether the times of each submission are those of storing: two tasks at once, or all of them quickly at the end.

    One pair is enough: it shows that a time need not be that of an answer.
    """
    n = len(count)
    at_once = np.bincount(sitting, gaps < _AT_ONCE, minlength=n) > 0
    spread = np.bincount(sitting, np.nan_to_num(gaps), minlength=n)
    elapsed = np.full(n, np.nan)
    elapsed[sitting] = since_start  # of the last task, as they are in order
    quick = spread < _ONE_BY_ONE * (count - 1)
    return at_once | ((count > 1) & quick & (spread < _SHARE * elapsed))


def median_minutes(submissions: Iterable[Mapping[str, Any]]) -> float | None:
    """Median time of the completed submissions in minutes, from the records of the API; None if there is none."""
    spans = [(each.get("started_at"), each.get("completed_at")) for each in submissions if each.get("status") in USABLE]
    took = [(moment(end) - moment(start)).total_seconds() / 60 for start, end in spans if start and end]
    return median(took) if took else None


def times_finding(frame: pd.DataFrame) -> Finding | None:
    """A note on responses whose position and seconds are missing because they were stored together; None if none is.

    Parameters
    ----------
    frame : DataFrame
        The tidy table, or a part of it.
    """
    of_submission = frame.loc[frame["submission_id"].notna(), ["submission_id", "position"]]
    unknown = of_submission.loc[of_submission["position"].isna(), "submission_id"].nunique()
    if not unknown:
        return None
    all_of_them = of_submission["submission_id"].nunique()
    who = "each submission" if unknown == all_of_them else f"{unknown:,} of {counted(all_of_them, 'submission')}"
    what = (
        f"The answers of {who} were stored together, so created_at is the moment of storing, and position and seconds "
        "are missing (NA)."
    )
    remedy = "For the time per task: pnb.plots.time_per_task(answers, submissions=run.submissions())."
    return Finding("note", what, remedy, column="seconds")
