"""Positions of tasks in their submission, and the seconds they took."""

from __future__ import annotations

import pandas as pd
import pytest

from prolific_nb.responses import tidy

from .records import CODEBOOK, SUBMISSIONS, response


def test_position_and_seconds_within_a_submission(frame: pd.DataFrame) -> None:
    # s1: t1 ended 10:00:30, t2 10:01:10, t3 10:01:40, t4 10:02:00, started 10:00:00; s2: t1 ended 10:00:50
    assert frame["position"].tolist() == [1, 1, 2, 2, 2, 1, 3, 3, 4]
    assert frame["seconds"].tolist() == [30.0, 30.0, 40.0, 40.0, 40.0, 50.0, 30.0, 30.0, 20.0]


@pytest.mark.parametrize("sent", [("t9", "t1"), ("t1", "t9")])
def test_tasks_that_end_at_the_same_time_are_ordered_by_id(sent: tuple[str, str]) -> None:
    answers = [response(n, "10:00:30", task, "i2", "free_text", [{"value": "x"}]) for n, task in enumerate(sent)]
    table = tidy(answers, SUBMISSIONS, CODEBOOK).set_index("task_id")
    assert table.loc["t1", ["position", "seconds"]].tolist() == [1, 30.0]
    assert table.loc["t9", ["position", "seconds"]].tolist() == [2, 0.0]
