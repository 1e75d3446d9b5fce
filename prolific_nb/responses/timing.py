"""Timing of responses: when they were created, the position of each task in its submission, and its duration."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd


def times(texts: Iterable[Any]) -> Any:
    """Parse ISO 8601 strings to an array of times in UTC."""
    # A fixed unit, since pandas would infer seconds for an empty table and microseconds for others.
    parsed = pd.to_datetime(pd.Series(list(texts), dtype=object), utc=True, format="ISO8601")
    return parsed.dt.as_unit("us").array


def pace(submission: pd.Categorical, task: pd.Categorical, created: Any, started: Any) -> tuple[Any, Any]:
    """Position of the task in its submission, and its duration in seconds, for each response.

    A task ends with its last response. It starts when the previous task ended, the first one with the submission.

    Parameters
    ----------
    submission, task : Categorical, shape (n,)
        Of each response. Responses without a submission get neither position nor seconds.
    created : array of datetime64, shape (n,)
        When each response was created.
    started : array of datetime64
        When each category of `submission` started.

    Returns
    -------
    tuple of array
        Int64 and Float64, shape (n,).
    """
    answers = pd.DataFrame({"submission": submission.codes.astype(np.int64), "task": task.codes, "end": created})
    tasks = answers[answers["submission"] >= 0].groupby(["submission", "task"], sort=False)["end"].max().reset_index()
    # Tasks that end at the same time are ordered by ID, not by the order of the server's response.
    names = pd.Series(np.argsort(np.argsort(np.asarray(task.categories, dtype=str))))
    tasks = tasks.assign(name=names.reindex(tasks["task"]).to_numpy()).sort_values(["submission", "end", "name"])
    previous = tasks.groupby("submission")["end"].shift()
    first = pd.Series(started.take(tasks["submission"].to_numpy()), index=tasks.index)
    tasks["position"] = (tasks.groupby("submission").cumcount() + 1).astype("Int64")
    tasks["seconds"] = (tasks["end"] - previous.fillna(first)).dt.total_seconds().astype("Float64")
    of_each = answers[["submission", "task"]].merge(tasks, on=["submission", "task"], how="left")
    return of_each["position"].array, of_each["seconds"].array
