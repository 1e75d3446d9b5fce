"""A client that openapi-python-client makes of the contract, which is all it knows of the sandbox.

It is pointed at the sandbox with ``AuthenticatedClient(base_url=…, token=…, prefix="Token")``. Answers are parsed into
its own classes, enumerations, ids and times; a field that is missing or of another kind, and every status that the
contract does not list, raises.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections import Counter
from collections.abc import Callable
from types import ModuleType
from typing import Any

import httpx
import pytest

from .conftest import Served, until

REVIEWS = [f"Review {n}: {'lovely' if n % 2 else 'dull'}, and long enough." for n in range(12)]


class Caller:
    def __init__(self, generated: Callable[[str], ModuleType], served: Served) -> None:
        self.models, self._generated, self.workspace_id = generated("models"), generated, served.workspace_id
        self._client = generated("client").AuthenticatedClient(
            base_url=served.url, token=served.token, prefix="Token", raise_on_unexpected_status=True
        )

    def __call__(self, operation: str, *path: str, **arguments: Any) -> Any:
        """What the client makes of the answer; `operation` is its module below ``api``."""
        answer = self._generated(f"api.{operation}").sync_detailed(*path, client=self._client, **arguments)
        assert answer.status_code < 300, answer.parsed
        return answer.parsed

    def dataset(self) -> Any:
        models = self.models
        fields = models.DatasetSchemaFields()
        fields["review"] = models.DatasetSchemaField(models.DatasetFieldType.TEXT, "Review")
        fields["source"] = models.DatasetSchemaField(models.DatasetFieldType.METADATA)
        schema = models.DatasetSchema(strict=True, fields=fields)
        return self("task_builder.create_dataset", body=models.CreateDataset("Reviews", self.workspace_id, schema))

    def upload(self, dataset_id: str, name: str, raw: bytes) -> Any:
        to = self("task_builder.get_dataset_upload_url", dataset_id, name)
        assert to.http_method.value == "PUT"
        assert to.expires_at > datetime.datetime.now(datetime.UTC)
        httpx.put(to.upload_url, content=raw, headers={"Content-Type": to.content_type}).raise_for_status()
        open_ones = {self.models.ImportStatus(name) for name in ("uninitialised", "queued", "processing")}
        return until(
            lambda: self("task_builder.get_import_job", dataset_id, str(to.import_id)),
            lambda job: job.status not in open_ones,
        )

    def layout(self) -> list[Any]:
        models = self.models
        # The generator reads "-1, or 1 and above" back as -1 alone, so here people may tick any number.
        options = [models.Option(label=label, value=value) for label, value in (("Well", "good"), ("Badly", "bad"))]
        items = [
            models.DatasetFieldItem(type_="dataset_field", field="review"),
            models.MultipleChoiceItem(type_="multiple_choice", description="How?", answer_limit=-1, options=options),
            models.FreeTextItem(type_="free_text", description="Why?"),
        ]
        return [models.Page(rows=[models.Row(columns=[models.Column(items=items)])])]

    def batch(self) -> Any:
        """A batch of twelve reviews in three groups that is READY."""
        models, dataset = self.models, self.dataset()
        assert self.upload(str(dataset.id), "reviews.csv", as_csv()).accepted_count == 12
        details = models.TaskDetails("Sentiment", "<p>Read.</p>", "<p>Choose.</p>")
        body = models.CreateBatch("Reviews", self.workspace_id, details, str(dataset.id), self.layout())
        made = self("task_builder.create_batch", body=body)
        assert made.status is models.BatchStatus.UNINITIALISED
        self("task_builder.setup_batch", str(made.id), body=models.SetupBatch(tasks_per_group=4))
        status = until(
            lambda: self("task_builder.get_batch_status", str(made.id)),
            lambda now: now.status is not models.BatchStatus.PROCESSING,
        )
        assert status.status is models.BatchStatus.READY
        return self("task_builder.get_batch", str(made.id))

    def draft(self, **more: Any) -> Any:
        models = self.models
        given = {
            "name": "Feelings",
            "description": "<p>Read reviews.</p>",
            "prolific_id_option": models.CreateStudyProlificIdOption.NOT_REQUIRED,
            "estimated_completion_time": 6,
            "reward": 150,
        }
        return self("studies.create_study", body=models.CreateStudy(**given, **more))

    def of_batch(self, batch: Any, annotators: int = 3) -> Any:
        models = self.models
        return self.draft(
            data_collection_method=models.DataCollectionMethod.AI_TASK_BUILDER_BATCH,
            data_collection_id=str(batch.id),
            data_collection_metadata=models.DataCollectionMetadata(annotators_per_task=annotators),
        )

    def elsewhere(self, places: int = 5, **more: Any) -> Any:
        models = self.models
        actions = [models.ActionManuallyReview(action="MANUALLY_REVIEW")]
        return self.draft(
            external_study_url="https://example.org/experiment",
            completion_codes=[models.CompletionCode(code="C0FFEE", code_type="COMPLETED", actions=actions)],
            total_available_places=places,
            **more,
        )

    def move(self, study: Any, action: str) -> Any:
        body = self.models.StudyTransition(self.models.StudyTransitionAction(action))
        return self("studies.transition_study", study.id, body=body)

    def finished(self, study: Any) -> Any:
        self.move(study, "PUBLISH")
        return until(
            lambda: self("studies.get_study", study.id),
            lambda now: now.status is self.models.StudyStatus.AWAITING_REVIEW,
        )

    def waiting(self, study: Any) -> list[Any]:
        found = self("studies.list_study_submissions", study.id).results
        return [each for each in found if each.status is self.models.SubmissionStatus.AWAITING_REVIEW]


def as_csv() -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["review", "source"])
    writer.writerows((review, "web") for review in REVIEWS)
    return text.getvalue().encode()


@pytest.fixture(scope="module")
def call(generated: Callable[[str], ModuleType], quick: Served) -> Caller:
    return Caller(generated, quick)


@pytest.fixture(scope="module")
def batch(call: Caller) -> Any:
    return call.batch()


def test_the_account(call: Caller) -> None:
    me, workspace = call("workspaces.get_me"), call("workspaces.get_workspace", call.workspace_id)
    [project] = call("workspaces.list_projects", call.workspace_id).results
    assert [each.id for each in call("workspaces.list_workspaces").results] == [workspace.id]
    assert (workspace.id, workspace.owner) == (call.workspace_id, me.id)
    assert call("workspaces.get_project", project.id).title == project.title
    assert call("workspaces.get_balance", call.workspace_id).available_balance > 0


def test_a_dataset_knows_its_schema_and_its_imports(call: Caller) -> None:
    made = call.dataset()
    job = call.upload(str(made.id), "reviews.csv", as_csv() + b"one column too few\r\n")
    kept = call("task_builder.get_dataset", str(made.id))
    assert (job.status.value, job.accepted_count, job.rejected_count) == ("partial", 12, 1)
    assert job.errors[0].record_index == 12
    assert (kept.name, kept.workspace_id, kept.total_datapoint_count) == ("Reviews", call.workspace_id, 12)
    assert kept.schema.strict
    assert kept.schema.fields["review"].label == "Review"
    assert [each.import_id for each in kept.imports] == [job.import_id]


def test_a_batch_is_set_up_and_shown_as_it_was_made(call: Caller, batch: Any) -> None:
    assert (batch.name, batch.total_task_count, batch.total_task_groups) == ("Reviews", 12, 3)
    [page] = batch.batch_items
    [column] = page.rows[0].columns
    field, choice, text = column.items
    assert (field.field, choice.description, text.description) == ("review", "How?", "Why?")
    assert [option.value for option in choice.options] == ["good", "bad"]
    assert len(call("task_builder.list_batch_tasks", str(batch.id))) == 12
    assert len(call("task_builder.list_batch_task_groups", str(batch.id))) == 3
    listed = call("task_builder.list_batches", workspace_id=call.workspace_id).results
    assert batch.id in {each.id for each in listed}


def test_answers_to_a_batch_come_back_as_typed_records(call: Caller, batch: Any) -> None:
    models = call.models
    study = call.of_batch(batch)
    assert (study.status, study.total_available_places) == (models.StudyStatus.UNPUBLISHED, 9)
    assert study.data_collection_metadata.annotators_per_task == 3
    assert call.finished(study).places_taken == 9
    people = {each.participant_id: each.id for each in call.waiting(study)}
    told = call("task_builder.list_batch_responses", str(batch.id))
    assert len(told.results) == told.meta.count
    # Who gave up halfway has left answers too.
    answers = [each for each in told.results if each.submission_id in people.values()]
    assert len(answers) == 12 * 3 * 2
    assert set(Counter(each.task_id for each in answers).values()) == {3 * 2}
    assert {each.participant_id: each.submission_id for each in answers} == people
    chosen = [each.response for each in answers if isinstance(each.response, models.MultipleChoiceAnswer)]
    written = [each.response for each in answers if isinstance(each.response, models.FreeTextAnswer)]
    assert len(chosen) == len(written) == 36
    assert {answer.value for each in chosen for answer in each.answer} <= {"good", "bad"}
    assert all(answer.value for each in written for answer in each.answer)


def test_the_report_and_the_export_can_be_downloaded(call: Caller) -> None:
    made = call.batch()
    call.finished(call.of_batch(made, annotators=1))
    report = call("task_builder.get_batch_report", str(made.id))
    rows = list(csv.DictReader(io.StringIO(httpx.get(report.url).raise_for_status().text)))
    assert {row["review"] for row in rows} == set(REVIEWS)
    asked = call("task_builder.request_batch_export", str(made.id))
    ready = until(
        lambda: call("task_builder.get_batch_export", str(made.id), str(asked.export_id)),
        lambda job: isinstance(job, call.models.ExportComplete),
    )
    assert httpx.get(ready.url).raise_for_status().content.startswith(b"PK")


def test_a_layout_with_faults_is_refused_with_every_place(
    generated: Callable[[str], ModuleType], call: Caller, quick: Served
) -> None:
    models, pages = call.models, call.layout()
    pages[0].rows[0].columns[0].items[1].answer_limit = 5
    details = models.TaskDetails("Sentiment", "<p>Read.</p>", "<p>Choose.</p>")
    body = models.CreateBatch("Reviews", quick.workspace_id, details, batch_items=pages)
    client = generated("client").AuthenticatedClient(base_url=quick.url, token=quick.token, prefix="Token")
    refused = generated("api.task_builder.create_batch").sync_detailed(client=client, body=body)
    assert refused.status_code == 422
    assert refused.parsed.type_ == "INVALID_BATCH_ITEMS"
    assert [(issue.item, issue.type_, issue.field or None) for issue in refused.parsed.issues] == [
        (0, "dataset_field", "review"),
        (1, "multiple_choice", None),
    ]


def test_a_study_is_listed_changed_copied_and_deleted(call: Caller) -> None:
    models, study = call.models, call.elsewhere()
    changed = call("studies.update_study", study.id, body=models.UpdateStudy(internal_name="pilot", reward=175))
    assert (changed.internal_name, changed.reward, changed.total_available_places) == ("pilot", 175, 5)
    copy = call("studies.clone_study", study.id, body=models.CloneStudyBody(block_previous_participants=False))
    assert (copy.reward, copy.filters) == (175, study.filters)
    call("studies.delete_study", copy.id)
    listed = {each.id: each for each in call("studies.list_studies", state="(UNPUBLISHED|PAUSED)").results}
    assert copy.id not in listed
    assert listed[study.id].status is models.StudyStatus.UNPUBLISHED
    assert listed[study.id].date_created == study.date_created
    told = call("studies.calculate_study_cost", body=models.StudyCostRequest(175, 5)).total_cost
    assert listed[study.id].total_cost == told


def test_a_study_is_paused_started_and_stopped(generated: Callable[[str], ModuleType], slow: Served) -> None:
    call = Caller(generated, slow)
    study = call.elsewhere()
    moved = [call.move(study, action).status.value for action in ("PUBLISH", "PAUSE", "START", "STOP")]
    assert moved == ["ACTIVE", "PAUSED", "ACTIVE", "COMPLETED"]


def test_submissions_are_reviewed_and_given_a_bonus(call: Caller) -> None:
    models, study = call.models, call.elsewhere()
    call.finished(study)
    first, second, *others = waiting = call.waiting(study)
    assert {(each.study_id, each.reward, each.study_code) for each in waiting} == {(study.id, 150, "C0FFEE")}
    assert all(each.time_taken == round((each.completed_at - each.started_at).total_seconds()) for each in waiting)
    reject = models.SubmissionTransition(
        models.SubmissionTransitionAction.REJECT, "x" * 100, models.RejectionCategory.FAILED_CHECK
    )
    assert call("submissions.transition_submission", first.id, body=reject).status.value == "REJECTED"
    approve = models.SubmissionTransition(models.SubmissionTransitionAction.APPROVE)
    assert call("submissions.transition_submission", second.id, body=approve).status.value == "APPROVED"
    call("submissions.bulk_approve", body=models.BulkApproveType0([each.id for each in others]))
    counts = call("studies.count_study_submissions", study.id)
    assert (counts.approved, counts.rejected, counts.awaiting_review) == (4, 1, 0)
    bonus = call("submissions.create_bonuses", body=models.CreateBonus(study.id, f"{second.id},2.50"))
    assert (bonus.amount, bonus.amount + bonus.fees + bonus.vat) == (250, bonus.total_amount)
    call("submissions.pay_bonuses", bonus.id)
    paid = until(lambda: call("submissions.get_submission", second.id), lambda found: bool(found.bonus_payments))
    assert paid.bonus_payments == [250]
    page = call("submissions.list_submissions", study=study.id, status="REJECTED")
    assert [each.id for each in page.results] == [first.id]
    assert page.meta.count == 1


def test_groups_filters_and_messages(call: Caller) -> None:
    models, study, person = call.models, call.elsewhere(), "a" * 24
    body = models.CreateParticipantGroup("Pilot", call.workspace_id, participant_ids=[person])
    group = call("participant_groups.create_participant_group", body=body)
    members = call("participant_groups.list_group_participants", group.id).results
    assert [each.participant_id for each in members] == [person]
    call("messages.send_group_message", body=models.SendGroupMessage(group.id, "Part two is open.", study.id))
    found = call("messages.list_messages", user_id=person).results
    assert [(each.body, each.data.study_id) for each in found] == [("Part two is open.", study.id)]
    young = models.RangeFilter("age", models.RangeFilterSelectedRange(lower=18, upper=30))
    count = call("studies.count_eligible", body=models.EligibilityRequest([young])).count
    assert 0 < count < call("studies.count_eligible", body=models.EligibilityRequest([])).count
    assert {"age", "fluent-languages"} <= {each.filter_id for each in call("filters.list_filters").results}
