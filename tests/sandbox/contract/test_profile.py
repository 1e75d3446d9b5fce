"""Behaviour of a sandbox where the sources conflict: its profile, and single settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from prolific_nb.sandbox import Fault, Sandbox

from ..flow import Caller

Start = Callable[..., Caller]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"profile": "2025-01"}, "2026-11, 2026-07"),
        ({"profile": "2026-07", "telepathy": True}, "There is no setting 'telepathy'"),
        ({"paging": "scroll"}, "links, page, offset, whole"),
        ({"join_by": "luck"}, "metadata, export, report, none"),
        ({"answer_times": "per_page"}, "per_submission, per_answer"),
        ({"bare_errors": "yes"}, "True or False"),
        ({"batch_places": "guessed"}, "computed, as_sent"),
        ({"duplicates": True}, "record, shown"),
        ({"unit_values": "text"}, "string, number"),
        ({"auto_approve": "no"}, "True or False"),
    ],
)
def test_unknown_profiles_and_settings_are_refused_by_name(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Sandbox(**options)


def test_a_workspace_without_typed_datasets_creates_untyped_ones_only(start: Start) -> None:
    call = start(typed_datasets=False)
    schema = {"strict": False, "fields": {"review": {"type": "text"}}}
    body = {"name": "d", "workspace_id": call.workspace_id}
    assert call("POST", "datasets", {**body, "schema": schema}).status_code == 403
    assert call.ok("POST", "datasets", body)["schema_version"] == 3


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_instructions_may_be_withdrawn(start: Start, method: str) -> None:
    call = start(legacy_instructions=False)
    batch = call.batch(None, None)["id"]
    body = None if method == "GET" else {"instructions": [{"type": "free_text", "description": "Why?"}]}
    answer = call(method, f"batches/{batch}/instructions", body)
    assert answer.status_code == 404
    assert "batch_items" in answer.json()["message"]


def test_errors_are_returned_with_or_without_wrapper(start: Start) -> None:
    bare, wrapped = start(profile="2026-07"), start()
    for method, path, body in (
        ("POST", "/api/v1/studies/", {"name": "no reward"}),
        ("GET", "/api/v1/submissions/", None),
    ):
        inner = bare(method, path, body).json()
        assert inner["status"] == 400
        assert wrapped(method, path, body).json() == {"error": inner}
    failing = start(profile="2026-07", faults=[Fault("createStudy", "refuse", status=500)])
    assert failing("POST", "/api/v1/studies/", {}).json()["status"] == 500
    missing = f"/api/v1/studies/{'0' * 24}/"  # documented with its wrapper everywhere
    assert "error" in bare("GET", missing).json()


def drafts(call: Caller, count: int) -> list[str]:
    return [str(call.draft(None, **ELSEWHERE)["id"]) for _ in range(count)]


ELSEWHERE = {
    "data_collection_method": None,
    "data_collection_id": None,
    "data_collection_metadata": None,
    "external_study_url": "https://example.org",
    "total_available_places": 1,
    "completion_codes": [{"code": "D", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}]}],
}


@pytest.mark.parametrize(
    ("paging", "asked", "lengths"),
    [
        ("links", {"limit": 10}, [10, 10, 2]),
        ("links", {"page_size": 10}, [10, 10, 2]),
        ("page", {"page_size": 10}, [10, 10, 2]),
        ("offset", {"limit": 10}, [10, 10, 2]),
        ("whole", {"limit": 10}, [22]),
    ],
)
def test_lists_are_paginated_as_set_in_the_profile(
    start: Start, paging: str, asked: dict[str, int], lengths: list[int]
) -> None:
    call = start(paging=paging)
    made = drafts(call, 22)
    page = call.ok("GET", "/api/v1/studies/", params=asked)
    assert len(page["results"]) == lengths[0]
    assert ("_links" in page, "meta" in page) == (paging in ("links", "page"), paging != "whole")
    seen, found = [each["id"] for each in page["results"]], [len(page["results"])]
    while len(found) < len(lengths):
        if paging == "offset":
            page = call.ok("GET", "/api/v1/studies/", params={**asked, "offset": len(seen)})
        else:
            page = call.session.get(page["_links"]["next"]["href"]).json()
        seen += [each["id"] for each in page["results"]]
        found.append(len(page["results"]))
    assert (found, seen) == (lengths, made)


def test_pages_by_number_ignore_limit_and_offset(start: Start) -> None:
    call = start(paging="page")
    drafts(call, 3)
    first = call.ok("GET", "/api/v1/studies/", params={"page_size": 2, "limit": 1, "offset": 2})
    assert len(first["results"]) == 2
    assert first["_links"]["previous"]["href"] is None


def exported(call: Caller, batch: str) -> tuple[int, dict[str, Any]]:
    answer = call("POST", f"batches/{batch}/export")
    body: dict[str, Any] = answer.json()
    return answer.status_code, body


def test_exports_are_recreated_or_reused(start: Start) -> None:
    fresh, reusing = start(), start(profile="2026-07")
    batch = fresh.ready(2)
    code, first = exported(fresh, batch)
    assert (code, first["status"]) == (202, "generating")
    assert exported(fresh, batch)[1]["export_id"] == first["export_id"]  # while it is being made, it is meant
    fresh.until(f"batches/{batch}/export/{first['export_id']}", "status", "complete")
    assert exported(fresh, batch)[1]["export_id"] != first["export_id"]
    batch = reusing.ready(2)
    code, first = exported(reusing, batch)
    assert code == 202
    reusing.until(f"batches/{batch}/export/{first['export_id']}", "status", "complete")
    code, again = exported(reusing, batch)
    assert (code, again["status"]) == (200, "complete")
    assert requests.get(again["url"]).headers["Content-Type"] == "application/zip"


def test_an_export_is_deleted_once_it_is_complete(start: Start) -> None:
    now = [1_800_000_000.0]
    call = start(wall=lambda: now[0])
    dataset = call.dataset()["id"]
    batch = call.batch(dataset, None)["id"]
    ident = exported(call, batch)[1]["export_id"]
    path = f"batches/{batch}/export/{ident}"
    assert call("DELETE", path).status_code == 409
    now[0] += 10
    url = call.ok("GET", path)["url"]
    assert call("DELETE", path).status_code == 204
    assert call("GET", path).status_code == 404
    assert call("DELETE", path).status_code == 404
    assert call.ok("GET", f"batches/{batch}/export")["results"] == []
    assert requests.get(url).status_code == 404


def test_at_most_ten_exports_exist_and_deleting_one_frees_a_slot(start: Start) -> None:
    now = [1_800_000_000.0]
    call = start(wall=lambda: now[0])
    batch = call.batch(call.dataset()["id"], None)["id"]
    made = []
    for _ in range(10):
        made.append(exported(call, batch)[1]["export_id"])
        now[0] += 10
    assert exported(call, batch)[0] == 400
    assert call("DELETE", f"batches/{batch}/export/{made[3]}").status_code == 204
    assert exported(call, batch)[0] == 202
    listed = [each["export_id"] for each in call.ok("GET", f"batches/{batch}/export")["results"]]
    assert listed[1:] == [each for each in reversed(made) if each != made[3]]


APPROVED = [{"code": "D", "code_type": "COMPLETED", "actions": [{"action": "AUTOMATICALLY_APPROVE"}]}]


@pytest.mark.parametrize("of_batch", [True, False])
@pytest.mark.parametrize(("setting", "status"), [(True, "COMPLETED"), (False, "AWAITING REVIEW")])
def test_automatic_approval_approves_or_leaves_the_review(
    start: Start, setting: bool, status: str, of_batch: bool
) -> None:
    call = start(auto_approve=setting)
    given = {} if of_batch else {**ELSEWHERE, "total_available_places": 4}
    study = call.finished(call.ready(4, 2) if of_batch else None, 2, **{**given, "completion_codes": APPROVED})
    assert call.ok("GET", f"/api/v1/studies/{study}/")["status"] == status
    counts = call.ok("GET", f"/api/v1/studies/{study}/submissions/counts/")
    assert (counts["APPROVED"], counts["AWAITING REVIEW"]) == ((4, 0) if setting else (0, 4))


@pytest.mark.parametrize(("setting", "status"), [(True, "APPROVED"), (False, "AWAITING REVIEW")])
def test_a_code_of_the_researcher_approves_by_the_same_setting(start: Start, setting: bool, status: str) -> None:
    call = start(auto_approve=setting, speed=300.0)
    own = {**APPROVED[0], "code": "R", "code_type": "OTHER", "actor": "researcher"}
    codes = {"completion_codes": [*ELSEWHERE["completion_codes"], own], "total_available_places": 20}
    study = call.draft(None, **{**ELSEWHERE, **codes})["id"]
    call.move(study, "PUBLISH")
    path, at_work = f"/api/v1/studies/{study}/submissions/", list[str]()
    while not at_work:
        at_work = [each["id"] for each in call.ok("GET", path)["results"] if each["status"] == "ACTIVE"]
    call.move(study, "PAUSE")
    one = next(each["id"] for each in call.ok("GET", path)["results"] if each["status"] == "ACTIVE")
    body = {"action": "COMPLETE", "completion_code": "R"}
    assert call.ok("POST", f"/api/v1/submissions/{one}/transition/", body)["status"] == status


def test_the_single_code_of_older_clients_is_accepted_or_refused(start: Start) -> None:
    call = start()
    study = call.draft(call.ready(2), completion_code="OLD1")
    assert [each["code"] for each in study["completion_codes"]] == ["OLD1"]
    call = start(single_completion_code=False)
    of_batch = {"data_collection_method": "DC_TOOL", "data_collection_id": call.ready(2), "completion_code": "OLD1"}
    body = {"name": "n", "description": "d", "estimated_completion_time": 6, "reward": 150, **of_batch}
    refused = call("POST", "/api/v1/studies/", body)
    assert (refused.status_code, "completion_codes" in refused.text) == (400, True)
    assert call("POST", "/api/v1/studies/", {**body, "completion_codes": APPROVED}).status_code == 201


@pytest.mark.parametrize(("setting", "kinds"), [("string", {str}), ("number", {int, float})])
def test_numbers_with_a_unit_are_strings_or_numbers(start: Start, setting: str, kinds: set[type]) -> None:
    units = [{"label": "m", "value": "m"}, {"label": "km", "value": "km"}]
    item = {"type": "free_text_with_unit", "description": "How far?", "unit_options": units, "unit_position": "suffix"}
    call = start(unit_values=setting)
    batch = call.ready(6, 3, item)
    call.finished(batch)
    found = [each["response"]["answer"][0]["value"] for each in call.ok("GET", f"batches/{batch}/responses")["results"]]
    assert {type(value) for value in found} <= kinds
    assert all(0 <= float(value) <= 100 for value in found)
