"""Rows that are added to a study, and studies that are made like another one."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.errors import DataError, InputError, SpendError, StepFailed
from prolific_nb.progress import silent

from .conftest import DESIGN, PLAN, Connect

SAMPLE = pnb.sample_data().frame
SLOW = 60.0  # sandbox seconds a second: the study is still running when the rows come


def launched(client: Any, rows: int = 12) -> pnb.Run:
    return pnb.launch(client, pnb.read_data(SAMPLE.head(rows)), DESIGN, PLAN, on_progress=silent)


def published(client: Any) -> pnb.Run:
    return launched(client).publish(max_cost="120.00")


def test_rows_added_to_a_draft_are_asked_about_when_it_is_published(sandboxed: Connect) -> None:
    run = launched(sandboxed())
    added = run.add_rows(SAMPLE.iloc[12:24])
    assert (added.rows, added.tasks, added.groups, added.places) == (12, 12, 2, 6)
    frame = run.publish(max_cost="120.00").wait(timeout=60, on_progress=silent).responses()
    per_row = frame.groupby("row", observed=True)["participant_id"].nunique()
    assert len(per_row) == 24
    assert set(per_row) == {3}
    assert set(frame["review"]) == set(SAMPLE["review"].head(24))


def test_a_running_study_gets_places_and_the_answer_says_how_many(sandboxed: Connect) -> None:
    client = sandboxed(speed=SLOW)
    run = published(client)
    free = client.workspaces.balance(client.workspace_id).available_balance
    added = run.add_rows(SAMPLE.iloc[12:18], max_cost="20.00")
    assert (added.places_before, added.places) == (6, 3)
    assert "3 more, 9 in all" in str(added)
    assert run.status().places == 9
    held = free - client.workspaces.balance(client.workspace_id).available_balance
    assert held == client.studies.total_cost(150, 9) - client.studies.total_cost(150, 6)


def test_the_new_rows_are_answered_by_people_who_were_not_there_before(sandboxed: Connect) -> None:
    run = published(sandboxed(speed=4000.0))
    added = run.add_rows(SAMPLE.iloc[12:24], max_cost="60.00")
    assert added.places == 6
    frame = run.wait(timeout=60, on_progress=silent).responses()
    per_row = frame.groupby("row", observed=True)["participant_id"].nunique()
    assert len(per_row) == 24
    assert set(per_row) == {3}
    assert not frame.duplicated(["participant_id", "task_id", "question", "value"]).any()


def test_where_no_places_come_it_is_said(sandboxed: Connect) -> None:
    run = published(sandboxed(speed=SLOW, sync_adds_places=False))
    added = run.add_rows(SAMPLE.iloc[12:18], max_cost="20.00")
    assert (added.tasks, added.groups, added.places) == (6, 1, 0)
    assert "none came" in str(added)
    assert "run.duplicate" in added.remedy
    assert run.status().places == 6


def test_tasks_that_fill_up_a_group_are_told_of(sandboxed: Connect) -> None:
    run = pnb.launch(sandboxed(speed=SLOW), pnb.read_data(SAMPLE.head(10)), DESIGN, PLAN, on_progress=silent)
    added = run.publish(max_cost="120.00").add_rows(SAMPLE.iloc[10:18], max_cost="20.00")
    assert (added.tasks, added.groups, added.places) == (8, 1, 3)
    assert "a group that was not full" in added.remedy


def test_the_same_rows_are_added_once(sandboxed: Connect) -> None:
    run = published(sandboxed(speed=SLOW))
    again = launched(run.client)
    run.add_rows(SAMPLE.iloc[12:18], max_cost="20.00")
    sent = len(list(run.client.batches.tasks(run.batch_id)))
    for other in (run, again):  # the same kernel, and another one that does not know them yet
        added = other.add_rows(SAMPLE.iloc[12:18], max_cost="0.01")  # what was paid for costs nothing now
        assert (added.tasks, added.places) == (0, 0)
        assert len(other.data or ()) == 18
    assert len(run.client.batches.tasks(run.batch_id)) == sent == 18


def test_live_asks_for_a_cap_before_anything_is_sent(sandboxed: Connect) -> None:
    run = published(sandboxed(mode="LIVE", speed=SLOW))
    before = run.client.datasets.get(run.dataset_id).total_datapoint_count
    for cap, said in ((None, r'run\.add_rows\(\.\.\., max_cost="6\.'), ("1.00", "more than the allowed 1.00 GBP")):
        with pytest.raises(SpendError, match=said):
            run.add_rows(SAMPLE.iloc[12:18], max_cost=cap)
    assert run.client.datasets.get(run.dataset_id).total_datapoint_count == before
    assert run.add_rows(SAMPLE.iloc[12:18], max_cost="20.00").places == 3


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (SAMPLE.iloc[12:14].drop(columns="product"), "column 'product': The column is missing"),
        (SAMPLE.iloc[12:14].assign(more=1), "column 'more': There is no such column so far"),
        (SAMPLE.iloc[12:14].assign(review=""), "show people nothing"),
    ],
)
def test_rows_that_do_not_fit_are_refused_before_anything_is_sent(
    sandboxed: Connect, rows: pd.DataFrame, said: str
) -> None:
    run = launched(sandboxed())
    with pytest.raises(DataError, match=said):
        run.add_rows(rows)
    assert run.client.datasets.get(run.dataset_id).total_datapoint_count == 12


def test_an_ended_study_and_one_of_the_older_flow_take_no_rows(answered: Any, sandboxed: Connect) -> None:
    with pytest.raises(InputError, match="AWAITING REVIEW"):
        answered().add_rows(SAMPLE.iloc[24:30])
    data = pnb.read_data(SAMPLE.head(6))
    with pytest.warns(FutureWarning):
        older = pnb.launch(sandboxed(), data, DESIGN, PLAN, flow="instructions", on_progress=silent)
    with pytest.raises(InputError, match="older flow"):
        older.add_rows(SAMPLE.iloc[24:30])


def test_rows_that_the_server_rejects_are_named_and_can_be_added_again(sandboxed: Connect) -> None:
    photos = pd.DataFrame({"photo": [f"https://example.org/{n}.png" for n in range(8)]})
    design = pnb.Design("Photos").show("photo").choose("What is it?", ["cat", "dog"])
    run = pnb.launch(sandboxed(), pnb.read_data(photos.head(6)), design, PLAN, on_progress=silent)
    broken = pnb.read_data(pd.DataFrame({"photo": ["https://example.org/6.png", "7.png"]}))
    with pytest.raises((DataError, StepFailed), match="row 3, column 'photo'"):
        run.add_rows(broken)
    assert run.add_rows(photos.iloc[6:]).tasks == 2


def test_a_duplicate_asks_the_same_in_a_study_of_its_own(answered: Any) -> None:
    run = answered()
    for data, rows in ((None, 24), (pnb.read_data(SAMPLE.iloc[30:36]), 6)):
        copy = run.duplicate(f"Wave of {rows}", data)
        assert copy.study_id != run.study_id
        assert copy.status().state == "UNPUBLISHED"
        assert run.duplicate(f"Wave of {rows}", data).study_id == copy.study_id
        study = run.client.studies.get(copy.study_id)
        assert (study.name, study.total_available_places) == (f"Wave of {rows}", 3 * rows // 6)
        copy.publish(max_cost="120.00").wait(timeout=60, on_progress=silent)
        assert copy.responses()["row"].nunique() == rows


def test_an_archive_that_was_made_before_the_last_answers_is_warned_of(sandboxed: Connect, tmp_path: Any) -> None:
    run = published(sandboxed(profile="2026-07", speed=2000.0))
    run.client.batches.request_export(run.batch_id)
    run.wait(timeout=60, on_progress=silent)
    with pytest.warns(UserWarning, match="Prolific has"):
        run.export(tmp_path / "export")
