"""The requests of Prolific's published getting-started notebooks pass one after another.

Stated as method, path and body: the comparison of February 2026 (a batch study without places), that of October 2025
(DC_TOOL, a placeholder for the places, then the study sent back with the right ones) and the external study.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
import requests

from .flow import Caller, as_csv

Start = Callable[..., Caller]

PAIRS = [
    {"Prompt": f"Question {n}?", "Response A": f"One answer to {n}.", "Response B": f"Another answer to {n}."}
    for n in range(30)
]
# Fields that the description of the API does not have are part of the notebooks' bodies.
TASK = {
    "task_name": "Compare two responses",
    "task_introduction": "<p>You see a question and two responses.</p>",
    "task_steps": "<ul><li>Choose the better one.</li></ul>",
    "inputs": [{"key": "prompt", "label": "Prompt"}],
    "judgment": {"type": "single_choice", "options": [{"value": "A", "label": "Choose A"}]},
    "randomize_inputs": ["Response A", "Response B"],
    "validation": {"require_choice": True},
}
STUDY = {
    "name": "Compare two responses",
    "internal_name": "202602030530_Comparison",
    "description": "<p>You see a question and two responses.</p>",
    "estimated_completion_time": 5,
    "max_time": 15,
    "reward": 200,
    "device_compatibility": ["desktop"],
    "completion_option": "code",
    "completion_codes": [
        {"code": "C0DE", "code_type": "COMPLETED", "actions": [{"action": "AUTOMATICALLY_APPROVE"}]},
    ],
}


def project(call: Caller) -> str:
    [one] = call.ok("GET", f"/api/v1/workspaces/{call.workspace_id}/projects/")["results"]
    return str(one["id"])


def ready_batch(call: Caller) -> str:
    """From the account to a batch that is READY: the same in both notebooks about batches."""
    name = call.ok("GET", "/api/v1/users/me/")["name"]
    dataset = call.ok("POST", "datasets", {"name": "Comparison", "workspace_id": call.workspace_id})["id"]
    to = call.ok("GET", f"datasets/{dataset}/upload-url/response_pairs.csv")
    put = requests.put(to["upload_url"], data=io.BytesIO(as_csv(PAIRS)))
    assert "Content-Type" not in put.request.headers
    assert put.status_code == 200
    call.until(f"datasets/{dataset}/status", "status", "READY")
    body = {"name": "Comparison", "workspace_id": call.workspace_id, "dataset_id": dataset, "task_details": TASK}
    batch = call.ok("POST", "batches", body)["id"]
    question = {
        "type": "multiple_choice",
        "created_by": name,
        "description": "Which one is better?",
        "options": [{"label": "Response A is better", "value": "A"}, {"label": "Response B is better", "value": "B"}],
        "answer_limit": 1,
    }
    call.ok("POST", f"batches/{batch}/instructions", {"instructions": [question]})
    call.ok("POST", f"batches/{batch}/setup", {"dataset_id": dataset, "tasks_per_group": 10})
    call.until(f"batches/{batch}/status", "status", "READY")
    return str(batch)


def completed(call: Caller, study: str, places: int) -> None:
    path = f"/api/v1/studies/{study}/"
    call.ok("POST", f"{path}transition/", {"action": "PUBLISH"})
    found = call.until(path, "status", "COMPLETED", seconds=30)
    assert (found["places_taken"], found["total_available_places"]) == (places, places)


def results(call: Caller, batch: str, study: str) -> None:
    # Not by the validating caller: the contract has the first path with a final slash, and not the last one.
    located = call.session.get(f"{call.url}/api/v1/data-collection/batches/{batch}/report")
    report = requests.get(located.json()["url"])
    report.raise_for_status()
    rows = list(csv.DictReader(io.StringIO(report.text, newline="")))
    assert {row["Prompt"] for row in rows} == {pair["Prompt"] for pair in PAIRS}
    withdrawn = call.session.get(f"{call.url}/api/v1/studies/{study}/export/")
    assert withdrawn.status_code == 501
    assert "exportStudy" in withdrawn.text
    assert "demographic-export" in withdrawn.text


def test_a_batch_study_without_places_as_in_february_2026(start: Start) -> None:
    call = start()
    batch = ready_batch(call)
    body = {
        **STUDY,
        "project": project(call),
        "study_labels": ["ai_evaluation"],
        "data_collection_method": "AI_TASK_BUILDER_BATCH",
        "data_collection_id": batch,
        "data_collection_metadata": {"annotators_per_task": 5},
        "filters": [
            {"filter_id": "age", "selected_range": {"lower": 18, "upper": 70}},
            {"filter_id": "current-country-of-residence", "selected_values": ["1", "0"]},
        ],
    }
    study = call.ok("POST", "/api/v1/studies/", body)["id"]
    completed(call, study, 15)
    results(call, batch, study)


@pytest.mark.parametrize("batch_places", ["computed", "as_sent"])
def test_a_batch_study_with_a_placeholder_as_in_october_2025(start: Start, batch_places: str) -> None:
    call = start(batch_places=batch_places)
    batch = ready_batch(call)
    sent = {**STUDY, "data_collection_method": "DC_TOOL", "data_collection_id": batch, "total_available_places": 1}
    study = call.ok("POST", "/api/v1/studies/", {**sent, "project": project(call), "filters": []})["id"]
    made = call.ok("GET", f"/api/v1/studies/{study}/")
    assert len(made["access_details"]) == 3
    echoed = ("internal_name", "name", "description", "study_labels", "device_compatibility", "filters", "study_type")
    more = ("estimated_completion_time", "maximum_allowed_time", "completion_codes", "data_collection_method")
    last = ("data_collection_id", "access_details_collection_id", "submissions_config", "peripheral_requirements")
    changed = {
        **{name: made[name] for name in (*echoed, *more, *last)},
        "reward": int(made["reward"]),
        "total_available_places": 3 * 5,
        "data_collection_metadata": {"annotators_per_task": 5, "total_task_groups": 3},
        "audience": "standard_sample",
        "content_warnings": [],
        "pii": {"enabled": False},
        "is_custom_screening": False,
        "access_details": [{**each, "total_allocation": 5} for each in made["access_details"]],
    }
    call.ok("PATCH", f"/api/v1/studies/{study}/", changed)
    completed(call, study, 15)
    results(call, batch, study)


def test_an_external_study(start: Start) -> None:
    call = start()
    assert call.ok("GET", "/api/v1/users/me/")["id"]
    places = {"total_available_places": 5, "external_study_url": "https://example.org/form"}
    more = {"privacy_notice": "For research only.", "peripheral_requirements": [], "study_labels": ["survey"]}
    body = {**STUDY, **places, **more, "prolific_id_option": "question", "project": project(call)}
    study = call.ok("POST", "/api/v1/studies/", body)["id"]
    completed(call, study, 5)
    assert call.ok("GET", f"/api/v1/studies/{study}/")["published_at"]
