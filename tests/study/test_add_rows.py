"""Adding rows to a study, and duplicating a study."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.api import Client, Record
from prolific_nb.api.polling import SANDBOX_PACE, wait_until
from prolific_nb.common.progress import silent
from prolific_nb.errors import DataError, InputError, PlanError, SpendError, StepFailed
from prolific_nb.sandbox import Fault

from ..conftest import DESIGN, PLAN, Connect

SAMPLE = pnb.sample_data().frame
SLOW = 60.0  # sandbox seconds a second: the study is still running when the rows come


def live(connect: Connect, **options: Any) -> Client:
    """A client that is LIVE for all it knows, in no less of a hurry than a sandbox's."""
    client = connect(mode="LIVE", speed=SLOW, **options)
    client.pace = SANDBOX_PACE
    return client


def launched(client: Any, rows: int = 12) -> pnb.Run:
    return pnb.launch(client, pnb.read_data(SAMPLE.head(rows)), DESIGN, PLAN, on_progress=silent)


def published(client: Any) -> pnb.Run:
    return launched(client).publish(max_cost="120.00")


def test_rows_added_to_a_draft_are_annotated_after_publication(sandboxed: Connect) -> None:
    run = launched(sandboxed())
    added = run.add_rows(SAMPLE.iloc[12:22])
    assert (added.rows, added.tasks, added.groups, added.places, added.remedy) == (10, 10, 2, 6, "")
    added = run.add_rows(SAMPLE.iloc[22:24])  # into the group that has four so far
    assert (added.rows, added.tasks, added.groups, added.places) == (2, 2, 0, 0)
    assert "participants get these tasks" in added.remedy
    frame = run.publish(max_cost="120.00").wait(timeout=60, on_progress=silent).responses()
    per_row = frame.groupby("row", observed=True)["participant_id"].nunique()
    assert len(per_row) == 24
    assert set(per_row) == {3}
    assert set(frame["review"]) == set(SAMPLE["review"].head(24))


def test_a_running_study_gets_places_and_the_result_reports_how_many(sandboxed: Connect) -> None:
    client = sandboxed(speed=SLOW)
    run = published(client)
    free = client.workspaces.balance(client.workspace_id).available_balance
    added = run.add_rows(SAMPLE.iloc[12:18], max_cost="20.00")
    assert (added.places_before, added.places) == (6, 3)
    assert "3 new, 9 in total" in str(added)
    assert run.status().places == 9
    held = free - client.workspaces.balance(client.workspace_id).available_balance
    assert held == client.studies.total_cost(150, 9) - client.studies.total_cost(150, 6)


def test_new_rows_are_annotated_by_new_participants(sandboxed: Connect) -> None:
    run = published(sandboxed(speed=4000.0))
    added = run.add_rows(SAMPLE.iloc[12:24], max_cost="60.00")
    assert added.places == 6
    frame = run.wait(timeout=60, on_progress=silent).responses()
    per_row = frame.groupby("row", observed=True)["participant_id"].nunique()
    assert len(per_row) == 24
    assert set(per_row) == {3}
    assert not frame.duplicated(["participant_id", "task_id", "question", "value"]).any()


def test_the_result_reports_that_no_places_were_added(sandboxed: Connect) -> None:
    run = published(sandboxed(speed=SLOW, sync_adds_places=False))
    added = run.add_rows(SAMPLE.iloc[12:18], max_cost="20.00")
    assert (added.tasks, added.groups, added.places) == (6, 1, 0)
    assert "none added" in str(added)
    assert "run.duplicate" in added.remedy
    assert run.status().places == 6


def test_places_that_earlier_rows_may_still_get_count_against_the_cap(sandboxed: Connect) -> None:
    run = published(live(sandboxed, sync_adds_places=False))
    run.add_rows(SAMPLE.iloc[12:18], max_cost="20.00")
    both = run.client.studies.total_cost(150, 12) - run.client.studies.total_cost(150, 6)
    with pytest.raises(SpendError, match=pnb.Money(both, "GBP").major):
        run.add_rows(SAMPLE.iloc[18:24])


def test_tasks_added_to_an_existing_group_are_reported(sandboxed: Connect) -> None:
    run = pnb.launch(sandboxed(speed=600.0), pnb.read_data(SAMPLE.head(10)), DESIGN, PLAN, on_progress=silent)
    added = run.publish(max_cost="120.00").add_rows(SAMPLE.iloc[10:18], max_cost="20.00")
    assert (added.tasks, added.groups, added.places) == (8, 1, 3)
    assert "a group that was not full" in added.remedy
    frame = run.wait(timeout=120, on_progress=silent).responses()
    assert run.data is not None
    missing = set(run.data.row_keys) - set(frame["row"])  # as the remedy says
    assert len(run.data.select(missing)) == 2


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
    run = published(live(sandboxed))
    before = run.client.datasets.get(run.dataset_id).total_datapoint_count
    for cap, said in ((None, r'run\.add_rows\(\.\.\., max_cost="6\.'), ("1.00", "above max_cost 1.00 GBP")):
        with pytest.raises(SpendError, match=said):
            run.add_rows(SAMPLE.iloc[12:18], max_cost=cap)
    assert run.client.datasets.get(run.dataset_id).total_datapoint_count == before
    assert run.add_rows(SAMPLE.iloc[12:18], max_cost="20.00").places == 3


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (SAMPLE.iloc[12:14].drop(columns="product"), "column 'product': The column is missing"),
        (SAMPLE.iloc[12:14].assign(more=1), "column 'more': There is no such column so far"),
        (SAMPLE.iloc[12:14].assign(review=""), "The rows to add .'data'.[^$]*rows show participants nothing"),
    ],
)
def test_rows_that_do_not_fit_are_refused_before_anything_is_sent(
    sandboxed: Connect, rows: pd.DataFrame, said: str
) -> None:
    run = launched(sandboxed())
    with pytest.raises(DataError, match=said):
        run.add_rows(rows)
    assert run.client.datasets.get(run.dataset_id).total_datapoint_count == 12


def test_ended_and_legacy_studies_accept_no_rows(answered: Any, sandboxed: Connect) -> None:
    with pytest.raises(InputError, match="AWAITING REVIEW"):
        answered().add_rows(SAMPLE.iloc[24:30])
    data = pnb.read_data(SAMPLE.head(6))
    with pytest.warns(FutureWarning):
        older = pnb.launch(sandboxed(), data, DESIGN, PLAN, flow="instructions", on_progress=silent)
    with pytest.raises(InputError, match="legacy flow"):
        older.add_rows(SAMPLE.iloc[24:30])


def test_rows_that_the_server_rejects_are_named_and_can_be_added_again(sandboxed: Connect) -> None:
    photos = pd.DataFrame({"photo": [f"https://example.org/{n}.png" for n in range(8)]})
    design = pnb.Design("Photos").show("photo").choose("What is it?", ["cat", "dog"])
    run = pnb.launch(sandboxed(), pnb.read_data(photos.head(6)), design, PLAN, on_progress=silent)
    # Opened with the photos as mere texts: only the server knows that they must be addresses.
    data = pnb.read_data(photos.head(6), kinds={"photo": "other"})
    again = pnb.open_run(study_id=run.study_id, client=run.client, data=data)
    broken = pnb.read_data(pd.DataFrame({"photo": ["https://example.org/6.png", "7.png"]}), kinds={"photo": "other"})
    with pytest.raises(StepFailed, match="1 of 2 rows were rejected: row 3, column 'photo'"):
        again.add_rows(broken)
    assert run.add_rows(photos.iloc[6:]).tasks == 2
    assert run.client.datasets.get(run.dataset_id).total_datapoint_count == 8


def test_the_cap_holds_whatever_the_rows_were_read_as(sandboxed: Connect) -> None:
    frame = SAMPLE.head(6).assign(doc=["a", "a", "b", "b", "c", "c"])
    data, client = pnb.read_data(frame, kinds={"doc": "group"}), live(sandboxed)
    run = pnb.launch(client, data, DESIGN, PLAN, on_progress=silent).publish(max_cost="120.00")
    assert run.status().places == 9
    again = pnb.open_run(study_id=run.study_id, client=client, data=pnb.read_data(frame))
    more = SAMPLE.iloc[12:17].assign(doc=["d", "e", "f", "g", ""])  # a row without a group stands alone
    with pytest.raises(SpendError, match=r"above max_cost 8\.00 GBP"):
        again.add_rows(more, max_cost="8.00")
    assert again.add_rows(more, max_cost="40.00").places == 15
    added = again.add_rows(SAMPLE.iloc[20:28].assign(doc="h"), max_cost="20.00")
    assert (added.tasks, added.groups, added.places, added.remedy) == (8, 1, 3, "")


def test_add_annotators_pays_for_groups_without_places(sandboxed: Connect) -> None:
    run = published(live(sandboxed, sync_adds_places=False))
    run.add_rows(SAMPLE.iloc[12:18], max_cost="20.00")
    assert run.status().places == 6  # three people for each of the two groups that it had
    asked = run.client.studies.total_cost(150, 12) - run.client.studies.total_cost(150, 6)
    with pytest.raises(SpendError, match=pnb.Money(asked, "GBP").major):
        run.add_annotators(1, max_cost="5.00")
    run.add_annotators(1, max_cost=pnb.Money(asked, "GBP"))
    assert run.status().places == 12  # four people for each of the three groups that it has now


@pytest.mark.parametrize(
    "fault", [Fault("appendDatapoints", "lost"), Fault("syncBatch", "lost"), Fault("syncBatch", "reset")]
)
@pytest.mark.parametrize("places", [True, False])
def test_repeating_the_call_recovers_from_a_lost_response(sandboxed: Connect, fault: Fault, places: bool) -> None:
    run = published(sandboxed(speed=SLOW, faults=[fault], sync_adds_places=places))
    with pytest.raises(StepFailed, match="Run the same call again"):
        run.add_rows(SAMPLE.iloc[12:18], max_cost="20.00")
    if (fault.operation, fault.kind) == ("syncBatch", "lost"):  # the sync whose answer was lost goes on
        wait_until(
            lambda: len(run.client.batches.tasks(run.batch_id)), lambda n: n == 18, what="", every=0.02, timeout=60
        )
    added = run.add_rows(SAMPLE.iloc[12:18], max_cost="20.00")
    assert (added.rows, added.tasks, added.groups, added.places) == (6, 6, 1, 3 if places else 0)
    assert ("run.duplicate" in added.remedy) is not places
    assert run.client.datasets.get(run.dataset_id).total_datapoint_count == 18


def test_a_failed_sync_is_reported(sandboxed: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    run = launched(sandboxed())
    failed = Record(status="failed", reason="no room")
    monkeypatch.setattr(run.client.batches, "sync_job", lambda *_: failed)
    with pytest.raises(StepFailed, match=r"creating their tasks failed: no room"):
        run.add_rows(SAMPLE.iloc[12:18])


def test_automatic_sync_reports_expanded_groups(sandboxed: Connect) -> None:
    run = pnb.launch(sandboxed(speed=SLOW), pnb.read_data(SAMPLE.head(10)), DESIGN, PLAN, on_progress=silent)
    run.client.batches.update(run.batch_id, {"auto_sync_enabled": True})
    added = run.publish(max_cost="120.00").add_rows(SAMPLE.iloc[10:18], max_cost="20.00")
    assert (added.tasks, added.groups, added.places) == (8, 1, 3)
    assert "not full" in added.remedy


def test_opening_a_run_with_too_many_rows_is_reported(sandboxed: Connect) -> None:
    run = launched(sandboxed())
    again = pnb.open_run(study_id=run.study_id, client=run.client, data=pnb.read_data(SAMPLE.head(18)))
    added = again.add_rows(SAMPLE.iloc[12:18])
    assert (added.rows, added.tasks) == (0, 0)
    assert "run.data has 18 rows and the study 12" in added.remedy


def test_code_of_an_extended_run_reads_each_part_under_its_name(sandboxed: Connect) -> None:
    run = launched(sandboxed())
    for part in (SAMPLE.iloc[12:18], SAMPLE.iloc[18:24]):
        run.add_rows(part)
    [line] = [line for line in run.to_code().splitlines() if line.startswith("data = ")]
    parts = {"frame": SAMPLE.head(12), "frame_2": SAMPLE.iloc[12:18], "frame_3": SAMPLE.iloc[18:24]}
    exec(line, {"pnb": pnb, **parts}, made := {})  # type: ignore[var-annotated]
    assert made["data"] == run.data


def test_a_duplicate_is_a_separate_study_with_the_same_questions(answered: Any) -> None:
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


def test_a_duplicate_is_the_same_however_the_run_is_opened_and_whatever_it_got_since(sandboxed: Connect) -> None:
    run = launched(sandboxed())
    copy = run.duplicate("Wave 2")
    run.add_rows(SAMPLE.iloc[12:18])
    assert run.duplicate("Wave 2").study_id == copy.study_id
    for ledger in (run.ledger.path, "elsewhere.db"):
        data = pnb.read_data(SAMPLE.head(12))
        again = pnb.open_run(study_id=run.study_id, client=run.client, data=data, ledger=ledger)
        assert again.duplicate("Wave 2").study_id == copy.study_id
    assert run.duplicate("Wave 3").study_id != copy.study_id


def test_a_duplicate_accepts_a_dataframe(sandboxed: Connect) -> None:
    run = launched(sandboxed())
    copy = run.duplicate("Wave 2", SAMPLE.iloc[30:36])
    assert run.duplicate("Wave 2", pnb.read_data(SAMPLE.iloc[30:36])).study_id == copy.study_id


def test_a_duplicate_of_a_run_that_was_opened_again_has_groups_of_the_same_size(sandboxed: Connect) -> None:
    run = launched(sandboxed(), rows=14)  # 6, 6 and 2
    again = pnb.open_run(study_id=run.study_id, client=run.client, data=run.data)
    assert again.plan.tasks_per_group == 6
    assert again.duplicate("Wave 2", SAMPLE.iloc[20:32]).status().places == 6


def test_a_duplicate_of_a_badly_paid_study_needs_its_reason_again(sandboxed: Connect) -> None:
    plan, data = pnb.StudyPlan("Cheap", reward="0.10", minutes=6), pnb.read_data(SAMPLE.head(6))
    run = pnb.launch(sandboxed(), data, DESIGN, plan, allow_low_pay="a pilot among us", on_progress=silent)
    with pytest.raises(PlanError, match="below Prolific's minimum"):
        run.duplicate("Cheap 2")
    assert run.duplicate("Cheap 2", allow_low_pay="a pilot among us").status().state == "UNPUBLISHED"


def test_an_outdated_archive_gives_a_warning(sandboxed: Connect, tmp_path: Any) -> None:
    run = published(sandboxed(profile="2026-07", speed=2000.0))
    run.client.batches.request_export(run.batch_id)
    run.wait(timeout=60, on_progress=silent)
    with pytest.warns(UserWarning, match="Prolific has"):
        run.export(tmp_path / "export")
