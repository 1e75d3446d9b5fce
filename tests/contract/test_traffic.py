"""Every request of our client and every response of the sandbox, validated by an OpenAPI library."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from openapi_core import OpenAPI

import prolific_nb as pnb
from prolific_nb.common.progress import silent
from prolific_nb.errors import ApiError, StepFailed
from prolific_nb.study.monitor.submissions_table import submissions_frame
from prolific_nb.study.review.review import bonus_to, propose

from .judging import Exchange, judged

DESIGN = (
    pnb.Design("Everything", introduction="<p>Hello.</p>", steps="<ol><li>Answer.</li></ol>")
    .intro("<p>Welcome.</p>")
    .show("review")
    .choose("How does the writer feel?", ["good", "bad", "mixed"])
    .rate("How sure are you?", [1, 2, 3, 4, 5])
    .choose_many("What is it about?", ["price", "quality", "service"], none="none of these")
    .page()
    .show("product")
    .choose_and_explain("What is best about it?", ["the look", "the use"])
    .measure("How much would you pay?", ["pounds", "dollars"])
    .write("What made you think so?", min_chars=3)
    .upload("A picture of yours", types=[".png"], max_files=2)
    .outro("<p>Thank you.</p>")
)


def everything(tmp_path: Path) -> pnb.Run:
    data = pnb.read_data(pnb.sample_data().head(12))
    plan = pnb.StudyPlan(
        "Everything",
        reward="1.50",
        minutes=6,
        tasks_per_group=4,
        devices=["desktop"],
        filters=[pnb.Filter("age", between=(18, None))],
        internal_name="pilot",
        label="annotation",
    )
    client = pnb.connect(truth="sentiment")
    client.me()
    pnb.quote(client, data, DESIGN, plan)
    run = pnb.launch(client, data, DESIGN, plan, on_progress=silent)
    run.publish(max_cost="120.00").wait(timeout=60, on_progress=silent)
    return run


def test_a_whole_study_stays_inside_the_contract(contract: OpenAPI, traffic: list[Exchange], tmp_path: Path) -> None:
    run = everything(tmp_path)
    assert set(run.responses()["type"]) == {
        "multiple_choice",
        "multiple_choice_with_free_text",
        "free_text_with_unit",
        "free_text",
        "file_upload",
    }
    list(run.client.batches.list(run.client.workspace_id))
    list(run.client.studies.list())
    run._export()
    run._report()
    faults, used = judged(contract, traffic)
    assert faults == []
    assert len(used) >= 20


def test_review_and_bonuses_stay_inside_the_contract(
    contract: OpenAPI, traffic: list[Exchange], answered: Callable[..., pnb.Run]
) -> None:
    run = answered()
    client, ids = run.client, [each.id for each in run.client.submissions.list(run.study_id, status="AWAITING_REVIEW")]
    rows = [{"submission_id": each, "action": "approve", "bonus": "0.50"} for each in ids[:2]]
    rows.append({"submission_id": ids[2], "action": "reject", "category": "LOW_EFFORT", "message": "m" * 100})
    propose(client, run.ledger, run.key, run.study_id, pd.DataFrame(rows)).apply(max_cost="2.00")
    bonus_to(client, run.ledger, run.key, run.study_id, "20.00").apply()
    submissions_frame(client, run.study_id)
    client.submissions.get(ids[0])
    for refused in (
        lambda: client.submissions.transition(ids[0], "UNREJECT"),
        lambda: client.submissions.transition("0" * 24, "APPROVE"),
        lambda: client.submissions.bulk_approve(["0" * 24]),
        lambda: client.bonuses.create(run.study_id, f"{'0' * 24},1.00\n"),
        lambda: client.bonuses.pay("0" * 24),
    ):
        with pytest.raises(ApiError):
            refused()
    faults, used = judged(contract, traffic)
    assert faults == []
    assert used >= {"transitionSubmission", "bulkApprove", "createBonuses", "payBonuses", "listSubmissions"}


def test_participant_groups_stay_inside_the_contract(contract: OpenAPI, traffic: list[Exchange]) -> None:
    client, people = pnb.connect(), [f"{n:024x}" for n in range(3)]
    group = client.groups.create(client.workspace_id, "Wave 1", people[:1], description="the first")
    client.groups.rename(group.id, "Wave one")
    client.groups.replace(group.id, people[1:])
    client.groups.add(group.id, people[:1])
    client.groups.remove(group.id, people[2:])
    list(client.groups.people(group.id))
    list(client.groups.list(client.workspace_id))
    client.groups.get(group.id)
    client.groups.delete(group.id)
    with pytest.raises(ApiError):
        client.groups.get(group.id)
    faults, used = judged(contract, traffic)
    assert faults == []
    assert len([each for each in used if "Group" in each]) == 8


def test_messages_stay_inside_the_contract(
    contract: OpenAPI, traffic: list[Exchange], answered: Callable[..., pnb.Run]
) -> None:
    run = answered()
    client, person = run.client, f"{1:024x}"
    client.messages.send(person, "Thank you.", run.study_id)
    client.messages.send_to_all([person], "A second part follows.", run.study_id)
    client.messages.send_to_group(client.groups.create(client.workspace_id, "One", [person]).id, "It is there.")
    assert len(list(client.messages.list(person))) == 3
    list(client.messages.unread())
    with pytest.raises(ApiError):
        client.messages.send(person, "Hello.", "0" * 24)
    faults, used = judged(contract, traffic)
    assert faults == []
    assert len([each for each in used if "essage" in each]) == 5


def test_filters_stay_inside_the_contract(contract: OpenAPI, traffic: list[Exchange]) -> None:
    client = pnb.connect()
    age = pnb.Filter("age", between=(18, 30))
    list(client.filters.list(client.workspace_id))
    client.filters.search("age", client.workspace_id)
    list(client.filters.choices("nationality", workspace_id=client.workspace_id))
    list(client.filters.choices("nationality", "united"))
    with pytest.raises(ApiError):
        list(client.filters.choices("nationalty"))
    client.eligible([age, {"filter_id": "or", "selected_filters": [age.to_api()]}])
    made = client.filter_sets.create(client.workspace_id, "Young", [age])
    client.filter_sets.lock(made.id)
    with pytest.raises(ApiError):
        client.filter_sets.update(made.id, name="Younger")
    client.filter_sets.unlock(made.id)
    client.filter_sets.update(made.id, name="Younger")
    client.filter_sets.get(made.id, version=1)
    list(client.filter_sets.list(client.workspace_id))
    client.filter_sets.delete(client.filter_sets.clone(made.id, "Copy").id)
    faults, used = judged(contract, traffic)
    assert faults == []
    assert len([each for each in used if "ilter" in each]) == 12
    assert "countEligible" in used


def test_later_rows_copies_and_schedules_stay_inside_the_contract(
    contract: OpenAPI, traffic: list[Exchange], answered: Callable[..., pnb.Run]
) -> None:
    run = answered()
    client = run.client
    client.datasets.append(run.dataset_id, [{"review": "Later.", "pnb_row": "later-1"}])
    job = client.batches.sync(run.batch_id)
    client.batches.sync_job(run.batch_id, job.sync_id)
    client.batches.tasks(run.batch_id)
    client.batches.task_groups(run.batch_id)
    copy = client.batches.duplicate(run.batch_id, new_dataset=True)
    client.batches.update(copy.id, {"name": "Wave 2", "auto_sync_enabled": True})
    study = client.studies.clone(run.study_id)
    client.studies.schedule(study.id, datetime(2030, 1, 31, 9, tzinfo=UTC))
    client.studies.unschedule(study.id)
    client.studies.delete(study.id)
    for refused in (
        lambda: client.studies.delete(run.study_id),
        lambda: client.batches.sync(copy.id),
        lambda: client.datasets.append(copy.id, [{}]),
    ):
        with pytest.raises(ApiError):
            refused()
    faults, used = judged(contract, traffic)
    assert faults == []
    later = {"appendDatapoints", "syncBatch", "getBatchSync", "listBatchTasks", "listBatchTaskGroups"}
    assert used >= later | {"duplicateBatch", "updateBatch", "cloneStudy", "transitionStudy", "deleteStudy"}


def test_refusals_stay_inside_the_contract_too(contract: OpenAPI, traffic: list[Exchange]) -> None:
    client = pnb.connect()
    with pytest.raises(ApiError):
        client.studies.get("0" * 24)
    with pytest.raises(ApiError):
        client.batches.responses("00000000-0000-4000-8000-000000000000")
    details = {"task_name": "n", "task_introduction": "i", "task_steps": "s"}
    schema = {"strict": False, "fields": {"review": {"type": "text"}}}
    dataset = client.datasets.create("never filled", client.workspace_id, schema)
    batch = client.batches.create("b", client.workspace_id, dataset.id, {"task_details": details})
    with pytest.raises(ApiError) as unready:
        client.batches.set_up(batch.id, 1)
    assert unready.value.status in (400, 404)
    faults, _ = judged(contract, traffic)
    assert faults == []


def test_the_validator_can_refuse(contract: OpenAPI, traffic: list[Exchange]) -> None:
    client = pnb.connect()
    with pytest.raises((ApiError, StepFailed)):
        client.studies.create({"name": "no reward"})
    faults, _ = judged(contract, traffic)
    assert any("POST /api/v1/studies/" in fault for fault in faults)
