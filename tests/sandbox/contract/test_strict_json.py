"""Requests that once made the sandbox fail or hang: now they are refused or interpreted correctly."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
import requests

from ..flow import CHOICE, DETAILS, FIELD, Caller, pages

DEEP = "[" * 100_000
ADDRESS = {
    "data_collection_method": None,
    "data_collection_metadata": None,
    "external_study_url": "https://example.org",
    "completion_codes": [{"code": "C", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}]}],
    "total_available_places": 3,
}


def send(call: Caller, path: str, raw: str) -> requests.Response:
    headers = {"Content-Type": "application/json"}
    return call.session.post(f"{call.url}/api/v1/{path}", raw.encode(), headers=headers)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (DEEP, "levels"),
        (DEEP + DEEP.replace("[", "]"), "levels"),
        ('{"a": ' * 90 + "1" + "}" * 90, "64 levels"),
        ("NaN", "NaN"),
        ("-Infinity", "-Infinity"),
        ("1e400", "beyond"),
        ("9" * 4000, "4000 digits"),
        (r'"\ud800"', "surrogate"),
        (r'{"\udc00": 1}', "surrogate"),
    ],
)
def test_json_that_cannot_be_stored_is_refused(shared: Caller, name: str, said: str) -> None:
    answer = send(shared, "data-collection/datasets", f'{{"name": "d", "workspace_id": "w", "schema": {name}}}')
    assert answer.status_code == 400
    assert said in answer.json()["message"]


def test_a_whole_number_may_have_a_decimal_point(shared: Caller) -> None:
    several = {**CHOICE, "answer_limit": 2.0}
    files = {"type": "file_upload", "description": "f", "min_file_count": 2.0}
    batch = shared.ready(4, 2, FIELD, several, files)
    study = shared.finished(batch, 1)
    assert shared.ok("GET", f"/api/v1/studies/{study}/")["number_of_submissions"] == 2
    answers = [each["response"] for each in shared.ok("GET", f"batches/{batch}/responses")["results"]]
    assert all(len(each["answer"]) >= 2 for each in answers if each["type"] == "file_upload")


BROKEN = [DEEP, '{"review": NaN}', r'{"review": "\ud800"}', f'{{"review": {DEEP}']
GOOD = '{"review": 2.0}'


def test_records_that_cannot_be_stored_are_rejected(shared: Caller) -> None:
    dataset = shared.dataset()["id"]
    job = shared.upload(dataset, "\n".join([*BROKEN, GOOD]).encode(), "rows.jsonl")
    assert (job["status"], job["accepted_count"], job["rejected_count"]) == ("partial", 1, 4)
    assert all("not valid JSON" in each["reason"] for each in job["errors"])
    headers = {"Content-Type": "application/x-ndjson"}
    raw = "\n".join([*BROKEN, '{"review": 3.0}'])
    answer = shared.ok("POST", f"datasets/{dataset}/datapoints", data=raw, headers=headers)
    assert (answer["accepted"], answer["rejected"]) == (1, 4)


def test_a_signature_that_is_not_ascii_is_refused(shared: Caller) -> None:
    to = shared.ok("GET", f"datasets/{shared.dataset()['id']}/upload-url/a.csv")["upload_url"]
    assert requests.put(to.rpartition("=")[0] + "=%D9%A3", b"a\n").status_code == 403


@pytest.mark.parametrize("path", ["filters/?limit={}", "filters/?page={}", "projects/x/studies/?page={}"])
def test_huge_page_numbers_are_refused(shared: Caller, path: str) -> None:
    assert shared("GET", "/api/v1/" + path.format("9" * 5000)).status_code == 400


def test_costs_beyond_the_range_of_floats(shared: Caller) -> None:
    huge = shared.ok("POST", "/api/v1/study-cost-calculator/", {"reward": 1e200, "total_available_places": 1e200})
    assert huge["total_cost"] > 10**400


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reward", 10**12),
        ("estimated_completion_time", 1e200),
        ("estimated_completion_time", 1e-308),
        ("maximum_allowed_time", 10**9),
    ],
)
def test_studies_of_unsupported_size_are_refused(shared: Caller, field: str, value: float) -> None:
    body = {"name": "s", "description": "d", "prolific_id_option": "not_required", "estimated_completion_time": 6}
    answer = shared("POST", "/api/v1/studies/", {**body, "reward": 150, **ADDRESS, field: value})
    assert answer.status_code == 400
    assert field in answer.json()["error"]["detail"]


def test_too_many_places_are_refused(shared: Caller) -> None:
    study = shared.draft(None, **{**ADDRESS, "total_available_places": 10**9}, reward=0)["id"]
    refused = shared.move(study, "PUBLISH")
    assert refused.status_code == 400
    assert "100000" in refused.text
    assert shared.ok("GET", f"/api/v1/studies/{study}/")["status"] == "UNPUBLISHED"


@pytest.mark.parametrize(
    "item",
    [
        {"type": "free_text", "description": "Why?", "validation": {"type": "string", "min": 10**12}},
        {"type": "file_upload", "description": "f", "min_file_count": 10**12, "max_file_count": 10**12},
    ],
)
def test_answers_that_would_take_too_long_are_refused(shared: Caller, item: dict[str, Any]) -> None:
    body = {"name": "b", "workspace_id": shared.workspace_id, "task_details": DETAILS, "batch_items": pages(item)}
    answer = shared("POST", "batches", body)
    assert answer.status_code == 422
    assert "sandbox's limit" in answer.json()["issues"][0]["message"]


def test_a_study_whose_filters_are_null(shared: Caller) -> None:
    study = shared.draft(None, **ADDRESS, filters=None)["id"]
    shared.ok("POST", f"/api/v1/studies/{study}/clone/", {})
    assert shared.move(study, "PUBLISH").status_code == 200


@pytest.mark.parametrize("end", ["young", "nan", ""])
def test_a_range_must_be_numbers(shared: Caller, end: str) -> None:
    chosen = {"filter_id": "age", "selected_range": {"lower": 18, "upper": end}}
    answer = shared("POST", "/api/v1/eligibility-count/", {"filters": [chosen]})
    assert answer.status_code == 400
    assert repr(end) in answer.json()["error"]["detail"]["filters"][0]


def test_a_filter_set_needs_a_workspace(shared: Caller) -> None:
    answer = shared("POST", "/api/v1/filter-sets/", {"name": "f"})
    assert answer.status_code == 400
    assert "workspace_id" in answer.json()["error"]["detail"]


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_times_out_of_range_are_refused(shared: Caller, moment: str) -> None:
    study = shared.draft(None, **ADDRESS)["id"]
    plan = {"action": "SCHEDULE_PUBLISH", "publish_at": moment}
    assert "publish_at" in shared("POST", f"/api/v1/studies/{study}/transition/", plan).json()["error"]["detail"]
    answer = shared("GET", "/api/v1/messages/", params={"created_after": moment})
    assert "not a valid time" in answer.json()["error"]["detail"]["created_after"][0]


def test_a_bonus_with_too_many_digits_is_refused(shared: Caller) -> None:
    study = shared.finished(None, **ADDRESS)
    who = shared.ok("GET", f"/api/v1/studies/{study}/submissions/")["results"][0]["participant_id"]
    body = {"study_id": study, "csv_bonuses": f"{who},{'9' * 5000}"}
    assert shared("POST", "/api/v1/submissions/bonus-payments/", body).status_code == 400


def test_an_unknown_method_is_refused(shared: Caller) -> None:
    answer = shared.session.put(f"{shared.url}/api/v1/studies/")
    assert (answer.status_code, answer.headers.get("Allow")) == (405, "GET, POST")


@pytest.mark.parametrize("host", ["a b", "a" * 300])
def test_an_invalid_host_is_refused(shared: Caller, host: str) -> None:
    answer = shared.session.get(f"{shared.url}/api/v1/filters/", headers={"Host": host})
    assert answer.status_code == 400
    assert "Host" in answer.json()["error"]["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n9\r\n{}",
        b"Content-Length: 50\r\n\r\n{}",
    ],
)
def test_an_incomplete_body_is_refused(shared: Caller, body: bytes) -> None:
    head = f"POST /api/v1/study-cost-calculator/ HTTP/1.1\r\nHost: s\r\nAuthorization: Token {shared.token}\r\n"
    with socket.create_connection(("127.0.0.1", int(shared.url.rpartition(":")[2])), timeout=60) as line:
        line.sendall(head.encode() + b"Content-Type: application/json\r\n" + body)
        line.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400")
    assert "Send the whole body again" in json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["detail"]
