"""Studies that grow after publication: more annotators per task, more funds committed, earlier events unchanged."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import requests

from prolific_nb.api import Client, Token, Transport
from prolific_nb.sandbox import Fault, People, Sandbox

from ..flow import CHOICE, FIELD, Caller, as_csv, pages, rows
from ..storage.test_clock import Wall

Start = Callable[..., Caller]
BALANCE = 25_000_000
# Fifteen places of 150: 2250 in rewards, 963 fee (42.8 %), 193 VAT (20 % of the fee, rounded).
FIFTEEN = {"rewards": 2250, "fees": 963, "tax": 193}
AUTOMATIC = {"code": "DONE", "code_type": "COMPLETED", "actions": [{"action": "AUTOMATICALLY_APPROVE"}]}


def page(study: str) -> str:
    return f"/api/v1/studies/{study}/"


def grow(call: Caller, study: str, annotators: int) -> requests.Response:
    return call("PATCH", page(study), {"data_collection_metadata": {"annotators_per_task": annotators}})


def happened(call: Caller, study: str, batch: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Submissions and responses by their ids."""
    submissions = call.ok("GET", page(study) + "submissions/?limit=999")["results"]
    responses = call.ok("GET", f"batches/{batch}/responses")["results"]
    return {one["id"]: one for one in submissions}, {one["id"]: one for one in responses}


def done(call: Caller, study: str) -> str:
    return str(call.until(page(study), "status", "AWAITING REVIEW", "COMPLETED")["status"])


def filled(call: Caller, study: str, batch: str) -> Counter[str]:
    """Finished submissions by task, each counted once; nobody answers a task twice."""
    submissions, responses = happened(call, study, batch)
    usable = {one["id"] for one in submissions.values() if one["status"] in ("AWAITING REVIEW", "APPROVED")}
    choices = [one for one in responses.values() if one["response"]["type"] == "multiple_choice"]
    pairs = [(one["participant_id"], one["task_id"]) for one in choices]
    assert len(set(pairs)) == len(pairs)
    return Counter(one["task_id"] for one in choices if one["submission_id"] in usable)


@pytest.mark.parametrize("each", [1, 3, -1])
def test_an_ended_study_reopens_and_is_filled_by_other_participants(start: Start, each: int) -> None:
    call = start(people=People(return_rate=0.3, timeout_rate=0.1))
    batch = call.ready(12, 4)
    study = call.finished(batch, annotators=3, submissions_config={"max_submissions_per_participant": each})
    before = happened(call, study, batch)

    assert grow(call, study, 5).json()["total_available_places"] == 15
    assert done(call, study) == "AWAITING REVIEW"

    after = happened(call, study, batch)
    assert set(filled(call, study, batch).values()) == {5}
    assert call.ok("GET", page(study) + "submissions/counts/")["AWAITING REVIEW"] == 15
    for old, new in zip(before, after, strict=True):
        assert {ident: new[ident] for ident in old} == old
    fresh = [one for ident, one in after[0].items() if ident not in before[0]]
    assert min(one["started_at"] for one in fresh) > max(one["completed_at"] or "" for one in before[0].values())
    assert not {one["participant_id"] for one in fresh} & {one["participant_id"] for one in before[0].values()}
    if each > 0:
        assert max(Counter(one["participant_id"] for one in after[0].values()).values()) <= each


def test_the_cost_of_new_places_is_committed(start: Start) -> None:
    call = start()
    batch = call.ready(12, 4)
    study = call.finished(batch, annotators=3)
    grow(call, study, 5)
    cost = call.ok("GET", page(study) + "cost/?is_projected=true")["rewards"]
    assert {part: cost[part]["amount"] for part in FIFTEEN} == FIFTEEN
    balance = f"/api/v1/workspaces/{call.workspace_id}/balance/"
    assert call.ok("GET", balance)["available_balance"] == BALANCE - sum(FIFTEEN.values())
    done(call, study)
    spent = call.ok("GET", page(study) + "cost/")["rewards"]
    assert {part: spent[part]["amount"] for part in FIFTEEN} == FIFTEEN
    assert call.ok("GET", page(study))["total_cost"] == sum(FIFTEEN.values())
    assert call.ok("GET", balance)["available_balance"] == BALANCE - sum(FIFTEEN.values())


def test_only_the_added_cost_must_be_available(start: Start) -> None:
    call = start()
    # Nine places of 10,000 pounds: 9,000,000 + 3,852,000 + 770,400 = 13,622,400, of which 11,377,600 are left.
    study = call.finished(call.ready(12, 4), annotators=3, reward=1_000_000)
    # Eighteen cost twice that.
    refused = grow(call, study, 6)
    assert refused.status_code == 400
    assert "cost 13622400 pence, but only 11377600 are available" in refused.text
    assert call.ok("GET", page(study))["total_available_places"] == 9
    # Fifteen cost 22,704,000: 9,081,600 more.
    assert grow(call, study, 5).status_code == 200
    assert call.ok("GET", "/api/v1/users/me/")["available_balance"] == BALANCE - 22_704_000


def test_more_places_can_fail_by_a_no_funds_fault(start: Start) -> None:
    call = start(faults=[Fault("updateStudy", "no funds")])
    study = call.finished(call.ready(4, 4))
    assert call.ok("PATCH", page(study), {"internal_name": "renamed"})["internal_name"] == "renamed"
    assert [grow(call, study, 4).status_code for _ in range(2)] == [400, 200]


def test_repeating_the_same_number_has_no_effect(start: Start) -> None:
    call = start()
    batch = call.ready(12, 4)
    study = call.finished(batch, annotators=3)
    before = call.ok("GET", page(study)), happened(call, study, batch)
    assert grow(call, study, 3).status_code == 200
    assert (call.ok("GET", page(study)), happened(call, study, batch)) == before
    grow(call, study, 4)
    done(call, study)
    larger = call.ok("GET", page(study)), happened(call, study, batch)
    assert grow(call, study, 4).status_code == 200
    assert (call.ok("GET", page(study)), happened(call, study, batch)) == larger


def test_a_study_grows_more_than_once(start: Start) -> None:
    call = start(people=People(return_rate=0, timeout_rate=0))
    batch = call.ready(12, 4)
    study = call.finished(batch, annotators=1)
    for annotators in (2, 4, 5):
        grow(call, study, annotators)
        done(call, study)
        assert filled(call, study, batch) == dict.fromkeys(call.ok("GET", f"batches/{batch}/tasks"), annotators)
    # Every time people come at other moments: the last three are no echo of the first three.
    starts = sorted(datetime.fromisoformat(one["started_at"]) for one in happened(call, study, batch)[0].values())
    gaps = [(after - before).total_seconds() for before, after in pairwise(starts)]
    assert gaps[:2] != pytest.approx(gaps[-2:], abs=0.01)


def test_an_approved_study_reopens(start: Start) -> None:
    call = start()
    study = call.finished(call.ready(4, 4), annotators=2, completion_codes=[AUTOMATIC])
    assert call.ok("GET", page(study))["status"] == "COMPLETED"
    grow(call, study, 3)
    assert done(call, study) == "COMPLETED"
    assert call.ok("GET", page(study) + "submissions/counts/")["APPROVED"] == 3


def test_a_study_on_an_external_site_grows_by_its_places(start: Start) -> None:
    call = start()
    url = {"external_study_url": "https://example.org", "total_available_places": 5, "completion_codes": []}
    study = call.finished(None, data_collection_method=None, data_collection_id=None, **url)
    call.ok("PATCH", page(study), {"total_available_places": 8})
    done(call, study)
    assert call.ok("GET", page(study) + "submissions/counts/")["AWAITING REVIEW"] == 8
    found = call.ok("GET", page(study) + "submissions/")["results"]
    assert len({one["participant_id"] for one in found}) == len(found)


class Halfway:
    """A study of 40 reviews in 8 groups, three people each, some sandbox minutes after its publication."""

    def __init__(self, start: Start, minutes: int = 20, seed: int = 0) -> None:
        self.wall = Wall()
        self.call = call = start(wall=self.wall, speed=60.0, seed=seed)
        dataset = call.dataset()["id"]
        to = call.ok("GET", f"datasets/{dataset}/upload-url/reviews.csv")
        requests.put(to["upload_url"], as_csv(rows(40)), headers={"Content-Type": to["content_type"]})
        self.wall.now += 1
        self.batch = call.batch(dataset, pages(FIELD, CHOICE))["id"]
        call.ok("POST", f"batches/{self.batch}/setup", {"tasks_per_group": 5})
        self.wall.now += 1
        self.study = call.draft(self.batch)["id"]
        call.move(self.study, "PUBLISH")
        self.wall.now += minutes

    def happened(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return happened(self.call, self.study, self.batch)

    def status(self) -> str:
        return str(self.call.ok("GET", page(self.study))["status"])

    def to_the_end(self, annotators: int = 5) -> None:
        self.wall.now += 1000
        assert self.status() == "AWAITING REVIEW"
        assert set(filled(self.call, self.study, self.batch).values()) == {annotators}


def finished(events: dict[str, Any]) -> dict[str, Any]:
    return {ident: one for ident, one in events.items() if one["status"] != "ACTIVE"}


def test_an_active_study_grows_during_active_submissions(start: Start) -> None:
    half = Halfway(start)
    submissions, responses = half.happened()
    assert 0 < len(submissions) < 24
    assert grow(half.call, half.study, 5).json()["total_available_places"] == 40
    assert half.happened() == (submissions, responses), "not a moment has passed"
    half.to_the_end()
    later = half.happened()
    assert {**later[0], **finished(submissions)} == later[0]
    assert {**later[1], **responses} == later[1]


def test_future_submissions_are_unchanged_when_a_study_grows(start: Start) -> None:
    """The first 24 places are filled by the same people at the same times, grown or not."""
    plain, grown = Halfway(start), Halfway(start)
    grow(grown.call, grown.study, 5)
    plain.wall.now += 1000
    grown.to_the_end()
    for old, new in zip(plain.happened(), grown.happened(), strict=True):
        assert {ident: new[ident] for ident in old} == old


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_study_that_grows_at_once_ends_when_its_last_place_is_filled(start: Start, seed: int) -> None:
    half = Halfway(start, minutes=0, seed=seed)
    grow(half.call, half.study, 4)
    half.to_the_end(annotators=4)


def test_a_paused_study_grows_and_stays_paused(start: Start) -> None:
    half = Halfway(start)
    half.call.move(half.study, "PAUSE")
    before = half.happened()
    assert grow(half.call, half.study, 5).json()["status"] == "PAUSED"
    half.wall.now += 1000
    assert (half.status(), half.happened()) == ("PAUSED", before)
    assert half.call.move(half.study, "START").status_code == 200
    half.to_the_end()


def test_a_stopped_study_resumes_where_it_was_stopped(start: Start) -> None:
    half = Halfway(start)
    half.call.move(half.study, "STOP")
    before = half.happened()
    half.wall.now += 1000
    assert half.status() == "COMPLETED"
    assert grow(half.call, half.study, 5).json()["status"] == "ACTIVE"
    assert half.happened() == before
    # All 40 places are held again: 6000 + 2568 + 513.6.
    assert half.call.ok("GET", "/api/v1/users/me/")["available_balance"] == BALANCE - 9082
    half.to_the_end()


def test_a_reopened_study_does_not_skip_the_time_since_its_end(start: Start) -> None:
    half = Halfway(start)
    half.wall.now += 1_000_000
    before = half.happened()
    grow(half.call, half.study, 5)
    assert half.happened() == before
    assert half.status() == "ACTIVE"
    half.to_the_end()


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"reward": 200, "name": "New", "internal_name": "x"}, ["name", "reward"]),
        ({"total_available_places": 12}, ["total_available_places"]),
        ({"data_collection_metadata": {"annotators_per_task": 2}}, ["data_collection_metadata"]),
        ({"data_collection_metadata": {"allocation_strategy": "random"}}, ["data_collection_metadata"]),
        ({"data_collection_metadata": None, "filters": []}, ["data_collection_metadata", "filters"]),
        (
            {"data_collection_metadata": {"annotators_per_task": 9}, "access_details": None, "description": "d"},
            ["access_details", "description"],
        ),
    ],
)
def test_other_fields_of_a_published_study_cannot_change(shared: Caller, body: Any, named: list[str]) -> None:
    study = shared.finished(shared.ready(), annotators=3)
    before = shared.ok("GET", page(study))
    answer = shared("PATCH", page(study), body)
    assert answer.status_code == 400
    assert sorted(answer.json()["error"]["detail"]) == named
    assert shared.ok("GET", page(study)) == before


def test_places_without_a_batch_can_only_increase(shared: Caller) -> None:
    url = {"external_study_url": "https://example.org", "total_available_places": 5, "completion_codes": []}
    study = shared.finished(None, data_collection_method=None, data_collection_id=None, **url)
    lower = shared("PATCH", page(study), {"total_available_places": 4})
    assert (lower.status_code, "at least 5" in lower.text) == (400, True)
    metadata = grow(shared, study, 9)
    assert (metadata.status_code, "has no batch" in metadata.text) == (400, True)


def test_people_may_be_allowed_more_submissions_later(shared: Caller) -> None:
    study = shared.finished(shared.ready())
    config = {"max_submissions_per_participant": 2}
    changed = shared.ok("PATCH", page(study), {"submissions_config": config})
    assert changed["submissions_config"] == config
    assert changed["status"] == "AWAITING REVIEW"


def grown_records(seed: int, speed: float) -> str:
    """Everything that a study leaves behind which grew twice, as text without the sandbox's address."""
    with Sandbox(seed=seed, speed=speed) as sandbox:
        call = Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
        batch = call.ready(12, 4)
        study = call.finished(batch, annotators=2)
        for annotators in (3, 5):
            grow(call, study, annotators)
            done(call, study)
        paths = [page(study), f"batches/{batch}/responses", page(study) + "submissions/?limit=99"]
        return json.dumps([call.ok("GET", path) for path in paths]).replace(sandbox.url, "")


def test_growth_is_reproducible_in_another_process() -> None:
    program = (
        "from tests.sandbox.operations.test_study_opening import grown_records; print(grown_records(7, 10_000), end='')"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[3], capture_output=True, check=True, text=True
    )
    assert elsewhere.stdout == grown_records(7, 30_000)
    assert json.loads(elsewhere.stdout)[1]["meta"]["count"] >= 12 * 5 * 2


def test_a_study_grows_in_the_sandbox_that_opens_its_file_next(start: Start, tmp_path: Path) -> None:
    call = start(store=tmp_path / "one.db")
    batch = call.ready(12, 4)
    study = call.finished(batch)
    before = happened(call, study, batch)
    again = start(store=tmp_path / "one.db", people=People(skill=0.5))
    grow(again, study, 5)
    done(again, study)
    assert set(filled(again, study, batch).values()) == {5}
    after = happened(again, study, batch)
    for old, new in zip(before, after, strict=True):
        assert {ident: new[ident] for ident in old} == old
    assert len({one["participant_id"] for one in after[0].values()}) == len(after[0])


@pytest.mark.parametrize("size", [20, 200])
def test_lists_of_studies_and_batches_come_in_pages(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr("prolific_nb.api.paging._PAGE", size)
    with Sandbox() as sandbox:
        call = Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
        client = Client(Transport(sandbox.url, Token(sandbox.token)), mode="SANDBOX")
        batch = call.ready(2)
        made = [call.draft(batch, internal_name=f"tag {number}")["id"] for number in range(45)]
        batches = [batch, *(call.batch(None, None)["id"] for _ in range(44))]

        studies = list(client.studies.list())
        assert [study.id for study in studies] == made
        assert [study.internal_name for study in studies] == [f"tag {number}" for number in range(45)]
        assert [found.id for found in client.batches.list(sandbox.workspace_id)] == batches
        asked = Counter(entry.operation for entry in sandbox.log)
        wanted = 3 if size == 20 else 1
        assert (asked["listStudies"], asked["listBatches"]) == (wanted, wanted)

        # A project's list comes twenty at a time unless more are asked for; every page says how many there are.
        project = call.ok("GET", f"/api/v1/workspaces/{call.workspace_id}/projects/")["results"][0]["id"]
        found, path = [], f"/api/v1/projects/{project}/studies/"
        while path:
            listed = call.ok("GET", path)
            assert listed["meta"]["count"] == 45
            found += [(study["id"], study["internal_name"]) for study in listed["results"]]
            path = (listed["_links"]["next"]["href"] or "").removeprefix(call.url)
        assert found == list(zip(made, (f"tag {number}" for number in range(45)), strict=True))


def test_a_list_of_batches_is_complete_without_pagination_parameters(shared: Caller) -> None:
    made = shared.batch(None, None)["id"]
    listed = shared.ok("GET", "batches", params={"workspace_id": shared.workspace_id})
    assert listed["meta"]["count"] == len(listed["results"])
    assert listed["results"][-1]["id"] == made
    last = shared.ok("GET", "batches", params={"workspace_id": shared.workspace_id, "limit": 1, "offset": 0})
    assert (len(last["results"]), last["meta"]) == (1, listed["meta"])
