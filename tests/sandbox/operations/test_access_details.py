"""Batch studies: one access detail for each task group, and the places that were sent or are computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from prolific_nb.sandbox import People

from ..flow import Caller, Time

Start = Callable[..., Caller]
METHODS = ["AI_TASK_BUILDER_BATCH", "DC_TOOL", "AI_TASK_BUILDER"]


def page(study: str) -> str:
    return f"/api/v1/studies/{study}/"


def allocations(call: Caller, study: str) -> list[int]:
    return [each["total_allocation"] for each in call.ok("GET", page(study))["access_details"]]


def taken(call: Caller, study: str) -> list[int]:
    return [each["allocated"] for each in call.ok("GET", page(study))["access_details"]]


def submissions_by_group(call: Caller, study: str, batch: str) -> dict[str, Counter[str]]:
    """Of each task, named by one of its group, who answered it: taken from the responses alone."""
    by_task: dict[str, Counter[str]] = {}
    listed = call.ok("GET", f"{page(study)}submissions/")["results"]
    done = {each["id"] for each in listed if each["completed_at"] is not None}
    for each in call.ok("GET", f"batches/{batch}/responses")["results"]:
        if each["submission_id"] in done:
            by_task.setdefault(each["task_id"], Counter())[each["participant_id"]] += 1
    return by_task


@pytest.mark.parametrize("method", METHODS)
def test_a_batch_study_has_one_url_for_each_group(start: Start, method: str) -> None:
    call = start()
    batch = call.ready(10, 4)
    body = {
        **{"name": "n", "description": "d", "estimated_completion_time": 6, "reward": 150},
        **{"data_collection_method": method, "data_collection_id": batch},
        "data_collection_metadata": {"annotators_per_task": 2},
    }
    study = call.ok("POST", "/api/v1/studies/", body)
    groups = call.ok("GET", f"batches/{batch}/task-groups")
    assert [str(UUID(group)) for group in groups] == groups
    assert (study["data_collection_method"], study["total_available_places"]) == (method, 6)
    urls = [each["external_url"].rpartition("/data-collection-tool/")[2] for each in study["access_details"]]
    assert urls == [f"batches/{batch}/task-groups/{group}" for group in groups]
    assert (allocations(call, study["id"]), taken(call, study["id"])) == ([2, 2, 2], [0, 0, 0])
    call.move(study["id"], "PUBLISH")
    call.until(page(study["id"]), "status", "AWAITING REVIEW", "COMPLETED")
    assert taken(call, study["id"]) == [2, 2, 2]
    progress = call.ok("GET", f"{page(study['id'])}access-details-progress/")["progress"]
    assert [each["allocated"] for each in progress] == [2, 2, 2]


def test_progress_counts_those_at_work_and_not_those_who_left(start: Start) -> None:
    time = Time()
    call = start(wall=time, speed=60.0, people=People(return_rate=0.4, timeout_rate=0.1))
    batch = call.ready(8, 2)
    study = call.draft(batch, annotators=3)["id"]
    call.move(study, "PUBLISH")
    for _ in range(200):
        shown = call.ok("GET", page(study))
        assert sum(each["allocated"] for each in shown["access_details"]) == shown["places_taken"]
        assert all(each["allocated"] <= 3 for each in shown["access_details"])
        if shown["status"] != "ACTIVE":
            break
        time.now += 5
    assert taken(call, study) == [3, 3, 3, 3]


@pytest.mark.parametrize("most", [1, 2, -1])
def test_nobody_gets_the_same_group_twice(start: Start, most: int) -> None:
    call = start()
    batch = call.ready(12, 4)
    study = call.finished(batch, 9, submissions_config={"max_submissions_per_participant": most})
    call.ok("PATCH", page(study), {"data_collection_metadata": {"annotators_per_task": 14}})
    call.until(page(study), "status", "AWAITING REVIEW")
    for people in submissions_by_group(call, study, batch).values():
        assert set(people.values()) == {2}  # two questions, each answered once
        assert len(people) == 14


@pytest.mark.parametrize(
    ("setting", "sent", "places"),
    [
        ("computed", 50, 9),
        ("computed", 1, 9),
        ("as_sent", 50, 50),
        ("as_sent", 7, 7),
        ("as_sent", 1, 1),
        ("as_sent", None, 9),
    ],
)
def test_places_that_are_sent_with_a_batch_are_a_setting(
    start: Start, setting: str, sent: int | None, places: int
) -> None:
    call = start(batch_places=setting)
    batch = call.ready(12, 4)
    more = {} if sent is None else {"total_available_places": sent}
    study = call.draft(batch, 3, **more)
    assert study["total_available_places"] == places
    assert (
        study["total_cost"]
        == call.ok("POST", "/api/v1/study-cost-calculator/", {"reward": 150, "total_available_places": places})[
            "total_cost"
        ]
    )
    shares = allocations(call, study["id"])
    assert (sum(shares), max(shares) - min(shares) <= 1) == (places, True)
    call.move(study["id"], "PUBLISH")
    found = call.until(page(study["id"]), "status", "AWAITING REVIEW")
    assert found["places_taken"] == found["number_of_submissions"] == places
    assert taken(call, study["id"]) == shares


def test_sent_places_grow_by_their_number_or_by_annotators(start: Start) -> None:
    call = start(batch_places="as_sent")
    batch = call.ready(12, 4)
    study = call.finished(batch, 2, total_available_places=7)
    assert allocations(call, study) == [3, 2, 2]
    assert call("PATCH", page(study), {"total_available_places": 6}).status_code == 400
    call.ok("PATCH", page(study), {"total_available_places": 11})
    call.until(page(study), "status", "AWAITING REVIEW")
    assert taken(call, study) == allocations(call, study) == [4, 4, 3]
    call.ok("PATCH", page(study), {"data_collection_metadata": {"annotators_per_task": 5}})
    call.until(page(study), "status", "AWAITING REVIEW")
    assert taken(call, study) == allocations(call, study) == [5, 5, 5]
    assert {len(people) for people in submissions_by_group(call, study, batch).values()} == {5}


def test_access_details_are_sent_back_as_they_are_or_refused(start: Start) -> None:
    call = start()
    study = call.draft(call.ready(8, 4), 3)
    details: list[dict[str, Any]] = study["access_details"]
    path = page(study["id"])
    assert call.ok("PATCH", path, {"access_details": details})["access_details"] == details
    five = {"data_collection_metadata": {"annotators_per_task": 5}}
    more = [{**each, "total_allocation": 5} for each in details]
    for wrong in (more, details[:1], [{**details[0], "external_url": "https://example.org"}, details[1]]):
        refused = call("PATCH", path, {"access_details": wrong})
        assert (refused.status_code, "annotators_per_task" in refused.text) == (400, True)
    assert call.ok("PATCH", path, {"access_details": more, **five})["total_available_places"] == 10
    call.move(study["id"], "PUBLISH")
    assert call("PATCH", path, {"access_details": details}).status_code == 400
    assert call.ok("PATCH", path, {"access_details": more})["total_available_places"] == 10


def test_a_study_that_is_sent_back_whole_stays_as_it_is(start: Start) -> None:
    call = start()
    study = call.draft(call.ready(8, 4), 3)
    forged = {"status": "ACTIVE", "id": "x", "published_at": "2026-01-01T00:00:00Z", "total_cost": 1, "places_taken": 9}
    assert call.ok("PATCH", page(study["id"]), {**study, **forged}) == study
    assert call.ok("GET", page(study["id"])) == study


@pytest.mark.parametrize("method", METHODS)
def test_what_batch_studies_need(start: Start, method: str) -> None:
    call = start()
    base = {"name": "n", "description": "d", "estimated_completion_time": 6, "reward": 150}
    of_batch = {"data_collection_method": method, "data_collection_id": call.ready(2)}
    assert call("POST", "/api/v1/studies/", {**base, **of_batch}).status_code == 201
    assert call("POST", "/api/v1/studies/", {**base, "data_collection_method": method}).status_code == 400
    for more in ({"external_study_url": "https://example.org"}, {"data_collection_id": "no-such-batch"}):
        assert call("POST", "/api/v1/studies/", {**base, **of_batch, **more}).status_code == 400
    elsewhere = {"external_study_url": "https://example.org", "total_available_places": 1, "completion_codes": []}
    missing = call("POST", "/api/v1/studies/", {**base, **elsewhere})
    assert (missing.status_code, "prolific_id_option" in missing.text) == (400, True)


def test_a_batch_without_a_method_is_left_out(start: Start) -> None:
    call = start()
    elsewhere = {"external_study_url": "https://example.org", "total_available_places": 2, "completion_codes": []}
    none = {"data_collection_method": None, "data_collection_metadata": None}
    study = call.draft("no-such-batch", **none, **elsewhere)
    assert study["data_collection_id"] is None
    assert "access_details_collection_id" not in study
    call.move(study["id"], "PUBLISH")
    assert call.until(page(study["id"]), "status", "AWAITING REVIEW")["places_taken"] == 2
