"""When answers came, the position of each task in its sitting, and the seconds it took."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd


def times(texts: Iterable[Any]) -> Any:
    """Times in UTC, as an array."""
    # One unit whatever the texts: else an empty table would have seconds where a full one has microseconds.
    parsed = pd.to_datetime(pd.Series(list(texts), dtype=object), utc=True, format="ISO8601")
    return parsed.dt.as_unit("us").array


def pace(sitting: pd.Categorical, task: pd.Categorical, created: Any, begun: Any) -> tuple[Any, Any]:
    """Position of each task in its sitting and seconds it took, for each answer.

    A task ends with its last answer; it begins where the one before ended, the first one where the sitting began.

    Parameters
    ----------
    sitting, task : Categorical, shape (n,)
        Of each answer. Answers without a sitting have neither position nor seconds.
    created : array of datetime64, shape (n,)
        When each answer was given.
    begun : array of datetime64
        When each category of `sitting` began.

    Returns
    -------
    tuple of array
        Int64 and Float64, shape (n,).
    """
    answers = pd.DataFrame({"sitting": sitting.codes.astype(np.int64), "task": task.codes, "end": created})
    tasks = answers[answers["sitting"] >= 0].groupby(["sitting", "task"], sort=False)["end"].max().reset_index()
    # Tasks that end together stand in the order of their ids, not in that in which the server sent them.
    names = pd.Series(np.argsort(np.argsort(np.asarray(task.categories, dtype=str))))
    tasks = tasks.assign(name=names.reindex(tasks["task"]).to_numpy()).sort_values(["sitting", "end", "name"])
    before = tasks.groupby("sitting")["end"].shift()
    first = pd.Series(begun.take(tasks["sitting"].to_numpy()), index=tasks.index)
    tasks["position"] = (tasks.groupby("sitting").cumcount() + 1).astype("Int64")
    tasks["seconds"] = (tasks["end"] - before.fillna(first)).dt.total_seconds().astype("Float64")
    spread = answers[["sitting", "task"]].merge(tasks, on=["sitting", "task"], how="left")
    return spread["position"].array, spread["seconds"].array
