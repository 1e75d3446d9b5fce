"""Positions of tasks in their submission, and the seconds they took; unknown where answers were stored together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from prolific_nb.responses import tidy, times_finding

from .records import CODEBOOK, SUBMISSIONS, response

START = datetime(2026, 1, 5, 10, tzinfo=UTC)
Sitting = tuple[str, str | None, list[float]]


def table(*sittings: Sitting, started: bool = True) -> pd.DataFrame:
    """Submissions as (ID, status, seconds from the start to the answer to each task), two answers a task."""
    answers: list[dict[str, Any]] = []
    for submission, _, moments in sittings:
        for task, seconds in enumerate(moments):
            at = f"{START + timedelta(seconds=seconds):%H:%M:%S.%f}"[:-3]
            for question in ("i1", "i2"):
                answers.append(
                    response(len(answers), at, f"{submission} {task}", question, "free_text", [], submission)
                )
    records = [{"id": name, "status": status} for name, status, _ in sittings]
    start = {"started_at": f"{START:%Y-%m-%dT%H:%M:%SZ}"} if started else {}
    return tidy(answers, [record | start for record in records], CODEBOOK)


def of(frame: pd.DataFrame, submission: str) -> list[tuple[Any, Any]]:
    """Position and seconds by task; None where missing."""
    rows = frame[frame["submission_id"] == submission].drop_duplicates("task_id").sort_values("task_id")
    cells = rows[["position", "seconds"]].astype(object)
    return [tuple(cell) for cell in cells.where(cells.notna(), None).itertuples(index=False)]


UNKNOWN = (None, None)
DONE = "AWAITING REVIEW"
APART: Sitting = ("s9", DONE, [30.0, 70.0, 75.5])
TOGETHER: Sitting = ("s8", DONE, [149.3, 149.301, 149.3])


def test_position_and_seconds_within_a_submission(frame: pd.DataFrame) -> None:
    # s1: t1 ended 10:00:30, t2 10:01:10, t3 10:01:40, t4 10:02:00, started 10:00:00; s2: t1 ended 10:00:50
    assert frame["position"].tolist() == [1, 1, 2, 2, 2, 1, 3, 3, 4]
    assert frame["seconds"].tolist() == [30.0, 30.0, 40.0, 40.0, 40.0, 50.0, 30.0, 30.0, 20.0]
    assert times_finding(frame) is None


@pytest.mark.parametrize("sent", [("t9", "t1"), ("t1", "t9")])
def test_tasks_that_end_at_the_same_time_have_no_order(sent: tuple[str, str]) -> None:
    answers = [response(n, "10:00:30", task, "i2", "free_text", [{"value": "x"}]) for n, task in enumerate(sent)]
    assert tidy(answers, SUBMISSIONS, CODEBOOK)[["position", "seconds"]].isna().all(axis=None)


def test_fourteen_answers_within_a_millisecond_as_in_prolifics_sample() -> None:
    frame = table(*((f"s{n}", DONE, [149.3 + 0.0005 * (task % 3) for task in range(7)]) for n in (1, 2)))
    assert frame[["position", "seconds"]].isna().all(axis=None)
    found = times_finding(frame)
    assert found is not None
    assert found.level == "note"
    assert "each submission were stored together" in found.what
    assert "submissions=run.submissions()" in found.remedy


@pytest.mark.parametrize(
    "moments",
    [
        [100.0, 100.0],
        [100.0, 100.003],
        [100.0, 100.7],  # slowly, but at the end of a long submission
        [100.0, 100.4, 100.8, 101.2, 101.6],
        [60.0, 60.001, 120.0, 120.002],  # in two portions
        [30.0, 60.0, 60.0],  # the first time may be right, but need not be
        [90.0, 90.001, 96.0],
    ],
)
def test_times_of_storing_are_no_pace(moments: list[float]) -> None:
    assert set(of(table(("s1", DONE, moments)), "s1")) == {UNKNOWN}
    assert set(of(table(("s1", DONE, moments), APART), "s1")) == {UNKNOWN}


@pytest.mark.parametrize("moments", [[2.0, 2.9, 3.6, 4.2], [0.4, 0.8], [40.0, 41.1], [600.0, 603.0, 606.0]])
def test_fast_answers_keep_their_pace(moments: list[float]) -> None:
    seconds = [now - before for before, now in zip([0.0, *moments], moments, strict=False)]
    assert of(table(("s1", DONE, moments)), "s1") == [(n, pytest.approx(each)) for n, each in enumerate(seconds, 1)]


def test_each_submission_is_judged_by_its_own_times() -> None:
    frame = table(TOGETHER, APART)
    assert set(of(frame, "s8")) == {UNKNOWN}
    assert of(frame, "s9") == [(1, 30.0), (2, 40.0), (3, 5.5)]
    found = times_finding(frame)
    assert found is not None
    assert "1 of 2 submissions were stored" in found.what
    assert times_finding(frame[frame["submission_id"] == "s9"]) is None


def test_the_only_task_of_a_submission() -> None:
    done, left = ("s1", DONE, [50.0]), ("s2", "RETURNED", [20.0])
    assert of(table(done, left), "s1") == [(1, 50.0)]  # as stored, or as answered: the same
    assert of(table(done, left), "s2") == [(1, None)]  # the answer, or the return a while later?
    assert of(table(left, APART), "s2") == [(1, 20.0)]
    assert of(table(left, APART, TOGETHER), "s2") == [(1, None)]
    assert of(table(done, APART, TOGETHER), "s1") == [(1, 50.0)]
    # Where no submission shows an order, the remaining ones would be a poor sample of times.
    assert of(table(done, left, TOGETHER), "s1") == of(table(done, left, TOGETHER), "s2") == [UNKNOWN]


def test_without_a_start_the_first_task_has_no_duration() -> None:
    assert of(table(APART, started=False), "s9") == [(1, None), (2, 40.0), (3, 5.5)]
    assert set(of(table(TOGETHER, started=False), "s8")) == {UNKNOWN}


def test_an_answer_before_the_start_has_no_duration() -> None:
    assert of(table(("s1", DONE, [-3.0, 20.0])), "s1") == [(1, None), (2, 23.0)]


def test_responses_without_a_submission_need_no_note() -> None:
    alone = {**response(1, "10:00:30", "t1", "i2", "free_text", []), "submission_id": None}
    frame = tidy([alone], SUBMISSIONS, CODEBOOK)
    assert frame[["position", "seconds"]].isna().all(axis=None)
    assert times_finding(frame) is None
    assert times_finding(tidy([], [], CODEBOOK)) is None
