"""Changing a draft through `Run.update`, and copying a study on its own dataset."""

from __future__ import annotations

from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.common.progress import silent
from prolific_nb.errors import InputError, PlanError

from ...conftest import DESIGN, PLAN

DATA = pnb.read_data(pnb.sample_data().head(12))


def draft(client: Any = None) -> pnb.Run:
    return pnb.launch(client or pnb.connect(), DATA, DESIGN, PLAN, on_progress=silent)


def test_a_draft_takes_new_texts_pay_and_audience() -> None:
    run = draft()
    quoted = run.cost()
    run.update(
        name="Part 2",
        description="Short.",
        introduction="<p>Read each review.</p>",
        steps="<ol><li>Read.</li></ol>",
        reward="3.00",
        minutes=12,
        filters=[pnb.Filter("age", between=(18, 30))],
        devices=["desktop"],
    )
    study, batch = run.client.studies.get(run.study_id), run.client.batches.get(run.batch_id)
    assert (study.name, study.description, study.reward) == ("Part 2", "Short.", 300)
    assert study.estimated_completion_time == 12
    assert study.filters[0]["selected_range"] == {"lower": 18, "upper": 30}
    assert study.device_compatibility == ["desktop"]
    assert batch.task_details["task_introduction"] == "<p>Read each review.</p>"
    assert batch.task_details["task_steps"] == "<ol><li>Read.</li></ol>"
    assert run.cost() == quoted * 2
    assert (run.plan.name, run.design.introduction) == ("Part 2", "<p>Read each review.</p>")
    assert 'reward="3.00"' in run.to_code()


def test_the_same_run_is_found_again_and_says_what_was_changed(capsys: pytest.CaptureFixture[str]) -> None:
    client = pnb.connect()
    run = draft(client).update(reward="3.00", introduction="<p>New.</p>")
    capsys.readouterr()
    assert draft(client).study_id == run.study_id
    said = capsys.readouterr().out
    assert "has the reward 3.00 GBP; the plan has 1.50 GBP" in said
    assert "Its introduction or steps were changed by run.update" in said
    reopened = pnb.open_run(study_id=run.study_id, client=client)
    assert (reopened.plan.pay.minor, reopened.design.introduction) == (300, "<p>New.</p>")


def test_only_what_differs_is_sent() -> None:
    run = draft()
    sent: list[dict[str, Any]] = []
    original = run.client.studies.update
    run.client.studies.update = lambda study, body: sent.append(body) or original(study, body)
    run.update(name=PLAN.name, minutes=PLAN.minutes)
    run.update(name="Another")
    assert sent == [{"name": "Another", "description": "Another"}]


def test_what_the_plan_no_longer_sets_is_cleared_on_the_server() -> None:
    client = pnb.connect()
    adults = [{"filter_id": "age", "selected_range": {"lower": 18, "upper": 30}}]
    saved = client.filter_sets.create(client.workspace_id, "Adults", adults)
    run = draft(client).update(filters=[pnb.Filter("age", between=(40, 50))], label="annotation")

    def audience() -> tuple[Any, ...]:
        study = client.studies.get(run.study_id)
        kept = [study[name] for name in ("filter_set_id", "filter_set_version", "study_labels")]
        return [each["selected_range"] for each in study.filters], *kept

    run.update(filters=[], filter_set_id=saved.id)
    assert audience() == ([], saved.id, saved.version, ["annotation"])
    run.update(filter_set_id=None, filters=[pnb.Filter("age", between=(60, None))], label=None)
    assert audience() == ([{"lower": 60}], None, None, [])
    assert pnb.open_run(study_id=run.study_id, client=client).plan.filters == run.plan.filters


def test_the_pay_of_responses_is_that_of_the_changed_plan() -> None:
    run = draft()
    assert run.responses().attrs["pay"] == "1.50 GBP per submission"
    assert run.update(reward="3.00").responses().attrs["pay"] == "3.00 GBP per submission"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"nmae": "x"}, "There is no setting 'nmae'. Did you mean name?"),
        ({"annotators_per_task": 5}, "annotators_per_task cannot be changed: the tasks of this draft"),
        ({"zzz": 1, "tasks_per_group": 2}, r"(?s)no setting 'zzz'.*tasks_per_group cannot"),
        ({"reward": "0.00"}, "reward must be above 0"),
        ({"reward": "0.10"}, "below Prolific's minimum"),
        ({"minutes": -1}, "not a valid number of minutes"),
        ({"reward": "$9.00", "allow_low_pay": "a reason"}, "the workspace pays in GBP"),
        ({"filters": [pnb.Filter("no-such", any_of=["1"])]}, "no filter 'no-such'"),
        ({"filter_set_id": "no-such"}, "There is no filter set 'no-such'"),
    ],
)
def test_what_cannot_be_changed_is_refused_and_nothing_is_sent(changes: dict[str, Any], words: str) -> None:
    run = draft()
    before = run.client.studies.get(run.study_id)
    with pytest.raises(InputError, match=words):
        run.update(introduction="<p>Not sent.</p>", **changes)
    assert run.client.studies.get(run.study_id) == before
    assert run.client.batches.get(run.batch_id).task_details["task_introduction"] == DESIGN.introduction
    assert run.plan == PLAN


def test_completion_codes_are_changed_but_not_removed() -> None:
    codes = [{"code": "ABC", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}]}]
    run = draft().update(completion_codes=codes)
    assert [each["code"] for each in run.client.studies.get(run.study_id).completion_codes] == ["ABC"]
    with pytest.raises(InputError, match="Completion codes cannot be removed"):
        run.update(completion_codes=None)


def test_low_pay_needs_a_reason() -> None:
    run = draft()
    with pytest.raises(PlanError):
        run.update(reward="0.10")
    assert run.update(reward="0.10", allow_low_pay="a volunteer panel").plan.pay.minor == 10


def test_a_published_study_is_not_changed() -> None:
    run = draft().publish()
    with pytest.raises(InputError, match=r"is ACTIVE, not a draft"):
        run.update(name="Another")


def test_a_copy_without_data_shares_the_dataset_and_uploads_nothing() -> None:
    run = draft()
    copy = run.duplicate("Wave 2")
    assert copy.dataset_id == run.dataset_id
    assert (copy.batch_id != run.batch_id, copy.study_id != run.study_id) == (True, True)
    assert run.duplicate("Wave 2").study_id == copy.study_id, "idempotent"
    other = run.duplicate("Wave 3", DATA)
    assert other.dataset_id != run.dataset_id


def test_a_run_opened_without_its_data_is_copied_and_its_answers_are_joined() -> None:
    client = pnb.connect(truth="sentiment")
    run = draft(client)
    opened = pnb.open_run(study_id=run.study_id, client=client)
    assert opened.data is None
    copy = opened.duplicate("Wave 2").publish().wait(timeout=60, on_progress=silent)
    again = pnb.open_run(study_id=copy.study_id, client=client, data=DATA)
    assert set(again.responses()["row"]) == set(DATA.row_keys)
    assert copy.design == run.design
