"""Several workspaces and projects: their objects, payments and currencies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from prolific_nb.sandbox import Sandbox

from ...contract.test_http_error import core_error
from ...flow import DETAILS, Caller

Start = Callable[..., Caller]
WORKSPACES, PROJECTS, STUDIES = "/api/v1/workspaces/", "/api/v1/projects/", "/api/v1/studies/"
FULL = 25_000_000


def workspace(call: Caller, title: str = "Lab", **more: Any) -> str:
    return str(call.ok("POST", WORKSPACES, {"title": title, **more})["id"])


def project(call: Caller, workspace_id: str, **more: Any) -> str:
    return str(call.ok("POST", f"{WORKSPACES}{workspace_id}/projects/", {"title": "Wave", **more})["id"])


def first_project(call: Caller) -> str:
    return str(call.ok("GET", f"{WORKSPACES}{call.workspace_id}/projects/")["results"][0]["id"])


def elsewhere(call: Caller, **more: Any) -> Any:
    """A draft that is answered elsewhere."""
    url = {"external_study_url": "https://example.org", "total_available_places": 3, "completion_codes": []}
    return call.draft(None, **{"data_collection_method": None, "data_collection_metadata": None, **url, **more})


def money(call: Caller, workspace_id: str) -> tuple[int, int]:
    found = call.ok("GET", f"{WORKSPACES}{workspace_id}/balance/")
    return found["total_balance"], found["available_balance"]


def test_a_new_workspace_has_no_funds_and_no_projects(start: Start) -> None:
    call, other = start(), start()
    lab = call.ok("POST", WORKSPACES, {"title": "Lab", "naivety_distribution_rate": 0.5, "id": "mine", "funds": 9})
    listed = call.ok("GET", WORKSPACES)["results"]
    assert [each["id"] for each in listed] == [call.workspace_id, lab["id"]]
    assert (lab["title"], lab["naivety_distribution_rate"], lab["projects"]) == ("Lab", 0.5, [])
    assert call.ok("GET", f"{WORKSPACES}{lab['id']}/") == lab
    assert money(call, lab["id"]) == (0, 0)
    assert money(call, call.workspace_id) == (FULL, FULL)
    made = project(call, lab["id"], description="pilot")
    assert [each["id"] for each in call.ok("GET", f"{WORKSPACES}{lab['id']}/")["projects"]] == [made]
    assert call.ok("GET", f"{PROJECTS}{made}/")["workspace"] == lab["id"]
    # The same seed gives the same ids, and what is made without a name of a project is where it always was.
    same = workspace(other)
    assert (same, project(other, same)) == (lab["id"], made)
    draft = elsewhere(call)
    assert (draft["project"], draft["workspace"]) == (first_project(call), call.workspace_id)


def test_workspaces_persist_in_the_store(tmp_path: Path) -> None:
    for round_ in range(2):
        with Sandbox(store=tmp_path / "kept.db") as sandbox:
            call = Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
            if round_ == 0:
                call.ok("PATCH", f"{WORKSPACES}{call.workspace_id}/", {"title": "Renamed"})
                workspace(call)
            assert [each["title"] for each in call.ok("GET", WORKSPACES)["results"]] == ["Renamed", "Lab"]
            assert len(call.ok("GET", f"{WORKSPACES}{call.workspace_id}/projects/")["results"]) == 1


@pytest.mark.parametrize(
    ("broken", "corrected"),
    [
        ({"naivety_distribution_rate": 1.5}, {"naivety_distribution_rate": 1}),
        ({"naivety_distribution_rate": -0.1}, {"naivety_distribution_rate": None}),
        ({"title": 5}, {"title": "Five"}),
        ({"description": ["words"]}, {"description": "words"}),
        ({"currency_code": "USD"}, {"title": "Still in pounds"}),
        ({"funds": 100}, {"description": None}),
    ],
)
def test_changeable_fields_of_a_workspace(shared: Caller, broken: dict[str, Any], corrected: dict[str, Any]) -> None:
    path = f"{WORKSPACES}{workspace(shared)}/"
    before = shared.ok("GET", path)
    refused = shared("PATCH", path, broken)
    assert refused.status_code == 400
    assert next(iter(broken)) in refused.text
    assert shared.ok("GET", path) == before
    assert shared.ok("PATCH", path, corrected) == {**before, **corrected} == shared.ok("GET", path)


@pytest.mark.parametrize("rate", [0, 1])
def test_the_rate_of_a_workspace_is_from_0_to_1(shared: Caller, rate: float) -> None:
    body = {"title": "Lab", "naivety_distribution_rate": rate}
    assert shared("POST", WORKSPACES, {**body, "naivety_distribution_rate": rate * 3 - 1}).status_code == 400
    assert shared.ok("POST", WORKSPACES, body)["naivety_distribution_rate"] == rate
    path = f"{WORKSPACES}{shared.workspace_id}/projects/"
    assert shared("POST", path, {**body, "naivety_distribution_rate": rate * 3 - 1}).status_code == 400
    assert shared.ok("POST", path, body)["naivety_distribution_rate"] == rate


PUBLIC = {"type": "PUBLIC", "public_details": {"title": "For everybody"}}


@pytest.mark.parametrize(
    ("broken", "corrected"),
    [
        ({"public_details": PUBLIC["public_details"]}, PUBLIC),
        ({"owner": "0" * 24}, {"hidden": True, "position": 2}),
        ({"workspace": "0" * 24}, {"description": "Words."}),
        ({"naivety_distribution_rate": 0.5}, {"title": "Other"}),
    ],
)
def test_changeable_fields_of_a_project(shared: Caller, broken: dict[str, Any], corrected: dict[str, Any]) -> None:
    path = f"{PROJECTS}{project(shared, shared.workspace_id)}/"
    before = shared.ok("GET", path)
    refused = shared("PATCH", path, broken)
    assert refused.status_code == 400
    assert next(iter(broken)) in refused.text
    assert shared.ok("GET", path) == before
    assert shared.ok("PATCH", path, corrected) == {**before, **corrected} == shared.ok("GET", path)


def test_public_details_require_a_public_project(shared: Caller) -> None:
    path, named = f"{WORKSPACES}{shared.workspace_id}/projects/", {"title": "P"}
    assert "Change the type" in shared("POST", path, {**named, **PUBLIC, "type": "PRIVATE"}).text
    assert shared.ok("POST", path, {**named, **PUBLIC})["public_details"] == PUBLIC["public_details"]
    me = shared.ok("GET", "/api/v1/users/me/")["id"]
    assert shared.ok("POST", path, {**named, "owner": "0" * 24})["owner"] == me


def test_objects_are_listed_in_their_own_workspace_only(start: Start) -> None:
    call = start()
    lab = workspace(call)
    other = Caller(call.url, call.token, lab)
    schema = {"strict": False, "fields": {"review": {"type": "text"}}}
    group, filters = "/api/v1/participant-groups/", "/api/v1/filter-sets/"
    made: dict[str, list[str]] = {}
    for at in (call, other):
        where = {"workspace_id": at.workspace_id}
        made[at.workspace_id] = [
            at.ok("POST", path, {**body, **where})["id"]
            for path, body in (
                ("batches", {"name": "b", "task_details": DETAILS}),
                (group, {"name": "g"}),
                (filters, {"name": "s", "filters": []}),
            )
        ]
        dataset = at.ok("POST", "datasets", {"name": "d", "schema": schema, **where})
        assert dataset["workspace_id"] == at.workspace_id
    for ident, (batch, people, kept) in made.items():
        assert [each["id"] for each in call.ok("GET", f"batches?workspace_id={ident}")["results"]] == [batch]
        assert [each["id"] for each in call.ok("GET", f"{group}?workspace_id={ident}")["results"]] == [people]
        assert [each["id"] for each in call.ok("GET", f"{filters}?workspace_id={ident}")["results"]] == [kept]
    assert len(call.ok("GET", filters)["results"]) == 2
    assert call.ok("POST", f"{filters}{made[lab][2]}/clone/", {"new_name": "c"})["workspace_id"] == lab
    # A project has the groups of its workspace.
    own, theirs = project(call, lab), first_project(call)
    assert [each["id"] for each in call.ok("GET", f"{group}?project_id={own}")["results"]] == [made[lab][1]]
    assert call.ok("GET", f"{group}?project_id={theirs}&workspace_id={lab}")["results"] == []
    assert call.ok("GET", f"{group}?project_id={'0' * 24}")["results"] == []


def test_another_account_s_workspace_is_refused_by_name(shared: Caller) -> None:
    lab, foreign = workspace(shared), {"workspace_id": "f" * 24}
    for path, body, status in (
        ("datasets", {"name": "d"}, 403),
        ("batches", {"name": "b", "task_details": DETAILS}, 403),
        ("/api/v1/participant-groups/", {"name": "g"}, 400),
        ("/api/v1/filter-sets/", {"name": "s", "filters": []}, 400),
    ):
        refused = shared("POST", path, {**body, **foreign})
        assert refused.status_code == status
        assert lab in refused.text
        assert shared.workspace_id in refused.text


def test_a_study_is_paid_by_the_workspace_of_its_project(start: Start) -> None:
    call = start()
    lab = workspace(call)
    there = elsewhere(call, project=project(call, lab))
    assert there["workspace"] == lab
    refused = call.move(there["id"], "PUBLISH")
    assert refused.status_code == 400
    assert f"but only 0 are available in workspace {lab}" in core_error(refused)
    moved = call.ok("PATCH", f"{STUDIES}{there['id']}/", {"project": first_project(call)})
    assert moved["workspace"] == call.workspace_id
    assert call.move(there["id"], "PUBLISH").status_code == 200
    # By hand: 3 x 150 = 450, 42.8 % of it 192.6, VAT 20 % of 193.
    assert money(call, call.workspace_id) == (FULL, FULL - 450 - 193 - 39)
    assert money(call, lab) == (0, 0)
    assert call.ok("GET", "/api/v1/users/me/")["available_balance"] == FULL - 682


def test_a_bonus_is_paid_by_the_workspace_of_the_study(start: Start) -> None:
    call = start()
    lab = workspace(call)
    answers = []
    for where in (project(call, lab), first_project(call)):
        study = elsewhere(call, project=where, reward=0)["id"]
        assert call.move(study, "PUBLISH").status_code == 200
        call.until(f"{STUDIES}{study}/", "status", "AWAITING REVIEW")
        [one, *_] = call.ok("GET", f"{STUDIES}{study}/submissions/")["results"]
        body = {"study_id": study, "csv_bonuses": f"{one['id']},1.00\n"}
        bonus = call.ok("POST", "/api/v1/submissions/bonus-payments/", body)
        answers.append(call("POST", f"/api/v1/bulk-bonus-payments/{bonus['id']}/pay/").status_code)
    assert answers == [400, 202]
    assert money(call, lab) == (0, 0)
    assert money(call, call.workspace_id) == (FULL - 152, FULL - 152)  # 100, 42.8 and 8.6 pence


def test_a_workspace_in_dollars_reports_amounts_in_dollars(shared: Caller) -> None:
    lab = workspace(shared, currency_code="USD")
    dollars, pounds = project(shared, lab), first_project(shared)
    pay = {"reward": 140, "estimated_completion_time": 12}  # 7 an hour: above the floor of 6 pounds, below 8 dollars
    for where, currency, too_little in ((dollars, "USD", True), (pounds, "GBP", False)):
        study = elsewhere(shared, project=where, **pay)
        assert (study["currency_code"], study["is_underpaying"]) == (currency, too_little)
        cost = shared.ok("GET", f"{STUDIES}{study['id']}/cost/")
        assert {part["currency"] for kind in cost.values() for part in kind.values()} == {currency}
    assert shared.ok("GET", f"{WORKSPACES}{lab}/balance/")["currency_code"] == "USD"
    assert shared("POST", WORKSPACES, {"title": "Lab", "currency_code": "EUR"}).status_code == 400
    refused = shared.move(elsewhere(shared, project=dollars)["id"], "PUBLISH")
    assert "682 cents" in core_error(refused)


def test_a_study_and_its_batch_must_be_in_one_workspace(start: Start) -> None:
    call = start()
    batch, lab = call.ready(4, 2), workspace(call)
    there = project(call, lab)
    body = {**call.draft(batch), "project": there}
    known = ("name", "description", "prolific_id_option", "estimated_completion_time", "reward", "project")
    sent = {name: body[name] for name in (*known, "data_collection_method", "data_collection_id")}
    refused = call("POST", STUDIES, sent)
    assert refused.status_code == 400
    assert "Use a batch of the project's workspace" in core_error(refused)
    assert call.ok("POST", STUDIES, {**sent, "project": project(call, call.workspace_id)})["status"] == "UNPUBLISHED"
    nowhere = call("POST", STUDIES, {**sent, "project": "0" * 24})
    assert nowhere.status_code == 400
    assert there in core_error(nowhere)


def test_a_draft_is_deleted_through_its_project(start: Start) -> None:
    call = start()
    mine, other = first_project(call), project(call, call.workspace_id)
    draft, published = elsewhere(call)["id"], elsewhere(call)["id"]
    call.move(published, "PUBLISH")
    assert call("DELETE", f"{PROJECTS}{other}/studies/{draft}/").status_code == 404
    assert call("DELETE", f"{PROJECTS}{'0' * 24}/studies/{draft}/").status_code == 404
    refused = call("DELETE", f"{PROJECTS}{mine}/studies/{published}/")
    assert refused.status_code == 400
    assert "not a draft" in core_error(refused)
    assert call("DELETE", f"{PROJECTS}{mine}/studies/{draft}/").status_code == 204
    listed = call.ok("GET", f"{PROJECTS}{mine}/studies/")["results"]
    assert [each["id"] for each in listed] == [published]
    assert call.ok("GET", f"{PROJECTS}{other}/studies/")["results"] == []
    assert call("GET", f"{PROJECTS}{'0' * 24}/studies/").status_code == 404


def test_studies_are_listed_by_known_states(start: Start) -> None:
    call = start()
    draft, published = elsewhere(call)["id"], call.finished(None, **_finished())
    for state, found in (("UNPUBLISHED", [draft]), ("(AWAITING REVIEW|PAUSED)", [published]), ("PAUSED", [])):
        assert [each["id"] for each in call.ok("GET", f"{STUDIES}?state={state}")["results"]] == found
    for state in ("unpublished", "(ACTIVE|WAITING)", "1"):
        assert call("GET", f"{STUDIES}?state={state}").status_code == 400


def _finished() -> dict[str, Any]:
    url = {"external_study_url": "https://example.org", "total_available_places": 2, "completion_codes": []}
    return {"data_collection_method": None, "data_collection_id": None, "data_collection_metadata": None, **url}
