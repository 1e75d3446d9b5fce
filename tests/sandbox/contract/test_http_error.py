"""Refused requests: their error bodies, with all faults reported at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from ..flow import CHOICE, DETAILS, FIELD, WRITING, Caller, as_csv, pages, rows

Start = Callable[..., Caller]


def core_error(answer: requests.Response) -> Any:
    """The detail of a wrapped core error."""
    error = answer.json()["error"]
    assert error["status"] == answer.status_code
    assert error["title"]
    return error["detail"]


@pytest.mark.parametrize("header", [None, "Token wrong", "Bearer {}", "{}"])
def test_only_the_token_header_grants_access(shared: Caller, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.format(shared.token)}
    core = requests.get(f"{shared.url}/api/v1/users/me/", headers=headers)
    flat = requests.get(f"{shared.url}/api/v1/data-collection/batches", headers=headers)
    assert core.status_code == flat.status_code == 401
    assert "Authorization: Token" in core_error(core)
    assert "Authorization: Token" in flat.json()["message"]


def test_paths_and_methods_outside_the_contract(shared: Caller) -> None:
    for path in ("/api/v1/nothing/", "/", "/api/v2/users/me/"):
        answer = shared.session.get(shared.url + path)
        assert answer.status_code == 404
        assert core_error(answer)
    answer = shared.session.delete(f"{shared.url}/api/v1/users/me/")
    assert answer.status_code == 405
    assert "GET" in core_error(answer)


def test_unsupported_operations_are_reported_by_name(shared: Caller) -> None:
    answer = shared("GET", "/api/v1/hooks/event-types/")
    assert answer.status_code == 501
    assert "listEventTypes" in core_error(answer)
    assert "getCollection" in shared("GET", "collections/x").json()["message"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/studies/nothing/",
        "/api/v1/submissions/nothing/",
        "/api/v1/projects/nothing/",
        "/api/v1/workspaces/nothing/balance/",
        "batches/nothing",
        "batches/nothing/responses",
        "datasets/nothing",
    ],
)
def test_unknown_objects_are_404(shared: Caller, path: str) -> None:
    answer = shared("GET", path)
    assert answer.status_code == 404
    assert "nothing" in answer.text


@pytest.mark.parametrize("path", ["/api/v1/users/me", "/api/v1/users/me/", "/api/v1/workspaces", "/api/v1/filters/"])
def test_paths_with_and_without_final_slash_work_without_a_redirect(shared: Caller, path: str) -> None:
    assert shared.session.get(shared.url + path, allow_redirects=False).status_code == 200


def test_urls_are_built_from_the_requested_host(shared: Caller) -> None:
    found = shared.session.get(f"{shared.url}/api/v1/filters/", headers={"Host": "sandbox.example:81"}).json()
    assert found["_links"]["self"]["href"].startswith("http://sandbox.example:81/api/v1/filters/?")


def test_an_invalid_body_is_refused(shared: Caller) -> None:
    url = f"{shared.url}/api/v1/data-collection/datasets"
    assert "JSON" in shared.session.post(url, data=b"{", headers={"Content-Type": "application/json"}).text
    answer = shared.session.post(url, data=b"{}", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 400
    assert "application/json" in answer.json()["message"]


def test_all_faults_of_a_body_are_listed_by_path(shared: Caller) -> None:
    schema = {"strict": "yes", "fields": {"a": {"type": "colour"}}}
    answer = shared("POST", "datasets", {"name": "", "workspace_id": shared.workspace_id, "schema": schema})
    assert answer.status_code == 400
    assert set(answer.json()["detail"]) == {"name", "schema.strict", "schema.fields.a.type"}


def test_a_study_that_violates_several_rules(shared: Caller) -> None:
    code = {"code": "A", "code_type": "COMPLETED", "actions": []}
    body = {
        "name": "s",
        "description": "d",
        "prolific_id_option": "not_required",
        "estimated_completion_time": 9,
        "maximum_allowed_time": 10,
        "reward": 1.5,
        "data_collection_method": "AI_TASK_BUILDER_BATCH",
        "data_collection_id": "x",
        "completion_codes": [code, code],
    }
    answer = shared("POST", "/api/v1/studies/", body)
    assert answer.status_code == 400
    assert set(core_error(answer)) == {"reward", "maximum_allowed_time", "completion_codes"}
    # An external address and a batch exclude each other.
    answer = shared("POST", "/api/v1/studies/", {**body, "external_study_url": "https://example.org"})
    assert "external_study_url" in core_error(answer)


def test_a_layout_is_rejected_with_all_its_issues(shared: Caller) -> None:
    dataset = shared.dataset()["id"]
    broken = [
        {"rows": [{"columns": [{"items": [FIELD, FIELD, {"type": "dataset_field", "field": "feeling"}]}]}]},
        {"display_position": "intro", "rows": [{"columns": [{"items": [WRITING]}]}]},
        {
            "rows": [
                {"columns": [{"items": [{"type": "free_text"}]}]},
                {"columns": [{"items": [CHOICE]}, {"items": [{**CHOICE, "answer_limit": 9}, {"type": "poem"}]}]},
            ]
        },
    ]
    body = {"name": "b", "workspace_id": shared.workspace_id, "task_details": DETAILS, "dataset_id": dataset}
    answer = shared("POST", "batches", {**body, "batch_items": broken})
    assert answer.status_code == 422
    rejected = answer.json()
    assert rejected["type"] == "INVALID_BATCH_ITEMS"
    places = [(i["page"], i["row"], i["column"], i["item"], i["type"], i["message"]) for i in rejected["issues"]]
    wanted = [
        (0, 0, 0, 1, "dataset_field", "used twice"),
        (0, 0, 0, 2, "dataset_field", "cannot be displayed"),
        (1, 0, 0, 0, "free_text", "may only contain image or rich_text content blocks"),
        (2, 0, 0, 0, "free_text", "'description' is a required property"),
        (2, 1, 1, 0, "multiple_choice", "answer_limit 9"),
        (2, 1, 1, 1, "poem", "'poem' is not one of dataset_field"),
    ]
    assert [place[:5] for place in places] == [place[:5] for place in wanted]
    assert all(want[5] in got[5] for got, want in zip(places, wanted, strict=True))
    # Nothing of a refused request is kept.
    assert not any(b["name"] == "b" for b in shared.ok("GET", "batches", params=shared_workspace(shared))["results"])


def shared_workspace(call: Caller) -> dict[str, str]:
    return {"workspace_id": call.workspace_id}


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ({**WRITING, "validation": {"type": "string", "min": 5, "max": 2}}, "min 5 is above max 2"),
        ({**WRITING, "validation": {"type": "string", "min": 1.5}}, "whole number"),
        ({**CHOICE, "options": [{"label": "a", "value": 1, "exclusive": True}]}, "exclusive is not allowed"),
        ({"type": "file_upload", "description": "f", "min_file_count": 3, "max_file_count": 1}, "min_file_count 3"),
        ({"type": "image", "url": "http://x.org/a.png", "alt_text": "a"}, "url"),
        ({"type": "dataset_field", "field": "revieuw"}, "its fields are review, feeling, pnb_row"),
        (
            {
                "type": "free_text_with_unit",
                "description": "u",
                "unit_position": "prefix",
                "unit_options": [{"label": "a", "value": "a"}, {"label": "b", "value": "b"}],
                "default_unit": "c",
            },
            "default_unit 'c'",
        ),
    ],
)
def test_rules_of_single_items(shared: Caller, item: dict[str, Any], said: str) -> None:
    body = {"name": "b", "workspace_id": shared.workspace_id, "task_details": DETAILS, "batch_items": pages(item)}
    answer = shared("POST", "batches", {**body, "dataset_id": shared.dataset()["id"]})
    assert answer.status_code == 422
    assert any(said in issue["message"] for issue in answer.json()["issues"])


def test_item_ids_must_be_unique(shared: Caller) -> None:
    twice = pages({**CHOICE, "id": "mine"}, {**WRITING, "id": "mine"})
    body = {"name": "b", "workspace_id": shared.workspace_id, "task_details": DETAILS, "batch_items": twice}
    answer = shared("POST", "batches", body)
    assert answer.status_code == 422
    assert [(i["item"], "used twice" in i["message"]) for i in answer.json()["issues"]] == [(1, True)]
    kept = shared.batch(None, pages({**CHOICE, "id": "mine"}))["batch_items"][0]["rows"][0]["columns"][0]
    assert kept["items"][0]["id"] == "mine"
    assert kept["id"]


def test_steps_out_of_order(shared: Caller) -> None:
    dataset = shared.dataset()["id"]
    bare = shared.batch(None, None)["id"]
    empty = shared.batch(dataset, pages(FIELD, CHOICE))["id"]
    for batch, said in ((bare, "no dataset"), (empty, "has no rows")):
        answer = shared("POST", f"batches/{batch}/setup", {"tasks_per_group": 1})
        assert answer.status_code == 400
        assert said in answer.json()["message"]
    body = {
        "name": "s",
        "description": "d",
        "prolific_id_option": "not_required",
        "estimated_completion_time": 5,
        "reward": 100,
        "data_collection_method": "AI_TASK_BUILDER_BATCH",
        "data_collection_id": empty,
    }
    answer = shared("POST", "/api/v1/studies/", body)
    assert answer.status_code == 400
    assert "UNINITIALISED, not READY" in core_error(answer)


def test_a_batch_cannot_be_changed_after_its_set_up(shared: Caller) -> None:
    batch = shared.ready()
    assert shared("PATCH", f"batches/{batch}", {"name": "new"}).json()["name"] == "new"
    for method, path, body in (
        ("PATCH", f"batches/{batch}", {"batch_items": pages(FIELD, CHOICE)}),
        ("POST", f"batches/{batch}/setup", {}),
    ):
        answer = shared(method, path, body)
        assert answer.status_code == 400
        assert "was set up" in answer.json()["message"]


def test_a_study_that_costs_more_than_the_balance_stays_a_draft(start: Start) -> None:
    call = start()
    workspace = f"/api/v1/workspaces/{call.workspace_id}/balance/"
    assert call.ok("GET", workspace)["available_balance"] == 25_000_000
    batch = call.ready()
    dear = call.draft(batch, reward=2_000_000)
    answer = call.move(dear["id"], "PUBLISH")
    assert answer.status_code == 400
    assert "only 25000000 are available" in core_error(answer)
    assert call.ok("GET", f"/api/v1/studies/{dear['id']}/")["status"] == "UNPUBLISHED"
    # 9 places of 150: 1350 + 577.8 fee + 115.6 VAT, each rounded to pence.
    call.finished(batch)
    assert call.ok("GET", workspace)["available_balance"] == 25_000_000 - (1350 + 578 + 116)


def test_presigned_urls_are_strict(start: Start) -> None:
    now = [time.time()]
    call = start(wall=lambda: now[0])
    dataset = call.dataset()["id"]
    to = call.ok("GET", f"datasets/{dataset}/upload-url/reviews.csv")
    raw, right = as_csv(rows(2)), {"Content-Type": to["content_type"]}

    def put(url: str = to["upload_url"], raw: bytes = raw, **headers: str) -> int:
        return requests.put(url, raw, headers={**right, **headers}).status_code

    assert put(Authorization=f"Token {call.token}") == 400
    assert put(**{"Content-Type": "application/octet-stream"}) == 403
    assert put(to["upload_url"] + "0") == 403
    now[0] += 3700
    assert put() == 403
    now[0] -= 3700
    assert put() == 200
    assert put() == 200, "the same file again, from a client that missed the answer"
    assert put(raw=raw + b"x,y,z\n") == 409
    assert call("GET", f"datasets/{dataset}/upload-url/reviews.xlsx").status_code == 400
