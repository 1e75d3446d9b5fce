"""Behaviour that third-party clients require beyond the contract; each of these once broke one of them."""

from __future__ import annotations

import pytest

from .flow import CHOICE, FIELD, Caller, pages

ELSEWHERE = {
    "data_collection_method": None,
    "data_collection_metadata": None,
    "external_study_url": "https://example.org",
    "total_available_places": 4,
    "completion_codes": [{"code": "C0FFEE", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}]}],
}


def test_the_time_taken_is_in_whole_seconds(shared: Caller) -> None:
    study = shared.finished(None, **ELSEWHERE)
    listed = shared.ok("GET", f"/api/v1/studies/{study}/submissions/")["results"]
    done = [each for each in listed if each["completed_at"]]
    assert len(done) >= 4
    assert all(isinstance(each["time_taken"], int) and each["time_taken"] > 0 for each in done)


def test_lists_of_studies_have_the_deprecated_type(shared: Caller) -> None:
    study = shared.draft(None, **ELSEWHERE)["id"]
    listed = shared.ok("GET", "/api/v1/studies/")["results"]
    assert [each["study_type"] for each in listed if each["id"] == study] == ["SINGLE"]


@pytest.mark.parametrize("path", ["/api/v1/studies/", "/api/v1/projects/{project}/studies/"])
def test_studies_can_be_filtered_with_legacy_parameters(shared: Caller, path: str) -> None:
    draft, ended = shared.draft(None, **ELSEWHERE), shared.draft(None, **ELSEWHERE)["id"]
    for action in ("PUBLISH", "STOP"):
        shared.move(ended, action)
    path = path.format(project=draft["project"])
    asked = {query: shared.ok("GET", f"{path}?{query}")["results"] for query in ("published=0", "completed=1", "")}
    listed = {query: {each["id"] for each in found} & {draft["id"], ended} for query, found in asked.items()}
    assert listed == {"published=0": {draft["id"]}, "completed=1": {ended}, "": {draft["id"], ended}}
    assert {each["status"] for each in asked["completed=1"]} == {"COMPLETED"}


def test_the_legacy_single_completion_code_is_used_for_a_batch_study(shared: Caller) -> None:
    study = shared.draft(shared.ready(), completion_code="C0FFEE")
    assert [(code["code"], code["code_type"]) for code in study["completion_codes"]] == [("C0FFEE", "COMPLETED")]


def test_a_workspace_lists_its_projects(shared: Caller) -> None:
    workspace = shared.ok("GET", f"/api/v1/workspaces/{shared.workspace_id}/")
    projects = shared.ok("GET", f"/api/v1/workspaces/{shared.workspace_id}/projects/")["results"]
    assert {each["id"]: each["title"] for each in workspace["projects"]} == {p["id"]: p["title"] for p in projects}


def test_messages_have_the_names_of_both_descriptions(shared: Caller) -> None:
    study, person = shared.draft(None, **ELSEWHERE)["id"], "a" * 24
    body = {"recipient_id": person, "body": "Thank you.", "study_id": study}
    assert shared("POST", "/api/v1/messages/", body).status_code == 204
    [message] = shared.ok("GET", f"/api/v1/messages/?user_id={person}")["results"]
    assert message["sent_at"] == message["datetime_created"]
    assert message["sender_id"] == message["sender"] != person


def test_hidden_values_are_strings_in_the_metadata_of_a_response(shared: Caller) -> None:
    dataset = shared.dataset({"review": "text", "number": "metadata", "flag": "metadata", "word": "metadata"})["id"]
    raw = b'{"review": "Fine.", "number": 1.5, "flag": true, "word": "x"}\n'
    assert shared.upload(dataset, raw, "rows.jsonl")["status"] == "complete"
    batch = shared.batch(dataset, pages(FIELD, CHOICE))["id"]
    shared.ok("POST", f"batches/{batch}/setup", {})
    shared.until(f"batches/{batch}/status", "status", "READY")
    shared.finished(batch, 1)
    [response] = shared.ok("GET", f"batches/{batch}/responses")["results"][:1]
    assert response["metadata"] == {"number": "1.5", "flag": "true", "word": "x"}


def test_an_empty_list_of_instructions_is_refused_in_words(shared: Caller) -> None:
    batch = shared.batch(None, None)["id"]
    for method in ("POST", "PUT"):
        refused = shared(method, f"batches/{batch}/instructions", {"instructions": []})
        assert (refused.status_code, "at least one" in refused.text.lower()) == (400, True)
