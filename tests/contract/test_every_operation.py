"""One long scenario uses every operation of the contract that the sandbox supports, through our client."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openapi_core import OpenAPI

import prolific_nb as pnb
from prolific_nb.api import Client

from .exempt import EXEMPT
from .judging import OPERATIONS, Exchange, judged

QUESTIONS = pnb.Design("Older").choose("How?", ["good", "bad"]).write("Why?")
AGE = pnb.Filter("age", between=(18, 30))
SCHEMA = {"strict": False, "fields": {"review": {"type": "text"}, "seen": {"type": "metadata"}}}
PERSON = f"{1:024x}"


def datasets_and_batches(client: Client, folder: Path) -> None:
    (folder / "rows.csv").write_text("review,META_id\nFine.,1\nLate.,2\n", encoding="utf-8")
    (folder / "rows.jsonl").write_text('{"review": "Fine.", "seen": 1}\n', encoding="utf-8")
    older = client.datasets.create("Older", client.workspace_id)
    assert client.datasets.upload(older.id, folder / "rows.csv").status == "READY"
    assert client.datasets.status(older.id) == "READY"
    typed = client.datasets.create("Typed", client.workspace_id, SCHEMA)
    assert client.datasets.upload(typed.id, folder / "rows.jsonl").status == "complete"
    wider = {**SCHEMA, "fields": {**SCHEMA["fields"], "more": {"type": "text"}}}  # type: ignore[dict-item]
    job = client.datasets.update_schema(typed.id, wider)
    assert client.datasets.migration(typed.id, job.migration_job_id).status in ("processing", "complete")
    batch = client.batches.create(
        "Older", client.workspace_id, None, {"task_details": QUESTIONS.to_api()["task_details"]}
    )
    made = client.batches.create_instructions(batch.id, QUESTIONS.to_instructions())
    kept = [{**sent, "id": held.id} for sent, held in zip(QUESTIONS.to_instructions(), made, strict=True)]
    assert [each.id for each in client.batches.replace_instructions(batch.id, kept)] == [each.id for each in made]
    assert [each.id for each in client.batches.instructions(batch.id)] == [each.id for each in made]
    client.batches.set_up(batch.id, 1, dataset_id=older.id)
    client.batches.update(client.batches.duplicate(batch.id).id, {"name": "Copy"})
    list(client.batches.list(client.workspace_id))


def a_run(client: Client, run: pnb.Run) -> None:
    client.batches.status(run.batch_id)
    client.datasets.append(run.dataset_id, [{"review": "Later.", "pnb_row": "later-1"}])
    client.batches.sync_job(run.batch_id, client.batches.sync(run.batch_id).sync_id)
    client.batches.tasks(run.batch_id)
    client.batches.task_groups(run.batch_id)
    run.report()
    run.demographics()
    list(client.studies.demographic_exports(run.study_id))
    run.feedback()
    run.export("export")
    for job in client.batches.exports(run.batch_id):
        client.batches.delete_export(run.batch_id, job.export_id)
    assert not list(client.batches.exports(run.batch_id))
    first, second, *others = [each.id for each in client.submissions.list(run.study_id, status="AWAITING_REVIEW")]
    client.submissions.transition(first, "APPROVE")
    client.submissions.get(first)
    client.submissions.request_return(second, ["Something went wrong."])
    client.submissions.bulk_approve(others)
    client.bonuses.pay(client.bonuses.create(run.study_id, f"{first},0.50\n").id)
    client.studies.counts(run.study_id)
    list(client.studies.submissions(run.study_id))


def studies(client: Client, run: pnb.Run) -> None:
    copy = client.studies.clone(run.study_id)
    client.studies.update(copy.id, {"internal_name": "again"})
    client.participants.create_test("me@example.org")
    client.studies.test_study(copy.id)
    client.studies.schedule(copy.id, datetime(2030, 1, 31, 9, tzinfo=UTC))
    client.studies.unschedule(copy.id)
    client.studies.delete(copy.id)
    client.projects.remove_study(client.project_id, client.studies.clone(run.study_id).id)
    list(client.studies.list(["ACTIVE", "AWAITING REVIEW"]))
    client.studies.cost(run.study_id)
    client.studies.total_cost(150, 10)
    client.studies.recruitment_time(run.study_id)
    client.studies.predict_recruitment_time(client.workspace_id, reward=150, places=10, minutes=6, filters=[AGE])
    elsewhere = client.studies.create(_taskflow())
    client.studies.access_progress(elsewhere.id)
    list(client.projects.studies(client.project_id))


def _taskflow() -> dict[str, Any]:
    return {
        "name": "Elsewhere",
        "description": "Answer on our pages.",
        "prolific_id_option": "not_required",
        "access_details": [{"external_url": "https://example.org/a", "total_allocation": 4}],
        "total_available_places": 4,
        "estimated_completion_time": 6,
        "reward": 150,
        "completion_codes": [{"code": "D", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}]}],
    }


def people(client: Client, run: pnb.Run) -> None:
    group = client.groups.create(client.workspace_id, "Wave 1", [PERSON], description="the first")
    client.groups.rename(group.id, "Wave one")
    client.groups.add(group.id, [f"{2:024x}"])
    client.groups.remove(group.id, [f"{2:024x}"])
    list(client.groups.people(group.id))
    list(client.groups.list(client.workspace_id))
    client.groups.get(group.id)
    client.messages.send(PERSON, "Thank you.", run.study_id)
    client.messages.send_to_all([PERSON], "A second part follows.", run.study_id)
    client.messages.send_to_group(group.id, "It is there.")
    list(client.messages.list(PERSON))
    list(client.messages.unread())
    client.groups.delete(group.id)
    list(client.filters.list())
    client.filters.search("age")
    list(client.filters.choices("nationality"))
    list(client.filters.choices("nationality", "united"))
    client.eligible([AGE])
    made = client.filter_sets.create(client.workspace_id, "Young", [AGE])
    client.filter_sets.lock(made.id)
    client.filter_sets.unlock(made.id)
    client.filter_sets.update(made.id, name="Younger")
    client.filter_sets.get(made.id, version=1)
    list(client.filter_sets.list(client.workspace_id))
    client.filter_sets.delete(client.filter_sets.clone(made.id, "Copy").id)


def account(client: Client) -> None:
    client.me()
    client.me()
    lab = client.workspaces.create("Lab")
    client.workspaces.update(lab.id, title="Our lab")
    client.workspaces.get(lab.id)
    list(client.workspaces.list())
    client.workspaces.balance(lab.id)
    client.workspaces.pay_advice(lab.id, "GBP")
    project = client.projects.create(lab.id, "Wave 1")
    client.projects.update(project.id, title="Wave one")
    client.projects.get(project.id)
    list(client.projects.list(lab.id))


def test_every_operation_is_used_and_nothing_leaves_the_contract(
    contract: OpenAPI, traffic: list[Exchange], answered: Callable[..., pnb.Run], tmp_path: Path
) -> None:
    run = answered()
    client = run.client
    account(client)
    datasets_and_batches(client, tmp_path)
    a_run(client, run)
    studies(client, run)
    people(client, run)
    faults, used = judged(contract, traffic)
    assert faults == []
    assert set(OPERATIONS) - EXEMPT - used == set()
    assert used & EXEMPT == set()
