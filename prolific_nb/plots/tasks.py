"""Tasks from answers, which may be several for each."""

from __future__ import annotations

import pandas as pd

from .style import require_columns

_WHO = "submission_id", "participant_id"


def tasks(frame: pd.DataFrame, value: str) -> pd.DataFrame:
    """One row per task of a sitting, with the largest value of its answers."""
    who = next((name for name in _WHO if name in frame.columns), _WHO[0])
    require_columns(frame, (who, "task_id", value), "run.responses()")
    known = frame[[who, "task_id", value]].dropna()
    return known.groupby([who, "task_id"], observed=True, sort=False)[[value]].max().reset_index()
