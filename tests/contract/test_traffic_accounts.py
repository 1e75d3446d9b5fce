"""Workspaces, projects, test studies, predictions and completions: requests and responses match the contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from openapi_core import OpenAPI

import prolific_nb as pnb
from prolific_nb.errors import ApiError

from ..conftest import Connect
from .judging import Exchange, judged

NOBODY = "0" * 24
ELSEWHERE = {
    "name": "Elsewhere",
    "description": "Answer on our page.",
    "external_study_url": "https://example.org/survey",
    "prolific_id_option": "not_required",
    "total_available_places": 20,
    "estimated_completion_time": 6,
    "reward": 150,
}
CODES = [
    {"code": "DONE", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}]},
    {"code": "PART", "code_type": "OTHER", "actor": "researcher", "actions": [{"action": "DYNAMIC_PAYMENT"}]},
]


def refused(*calls: Callable[[], Any]) -> list[int]:
    """The statuses of calls that the server refuses."""
    found = []
    for call in calls:
        with pytest.raises(ApiError) as refusal:
            call()
        found.append(refusal.value.status)
    return found


def test_workspaces_and_projects_stay_inside_the_contract(contract: OpenAPI, traffic: list[Exchange]) -> None:
    client = pnb.connect()
    client.me()
    lab = client.workspaces.create("Lab", currency="USD", naivety=0.5)
    client.workspaces.update(lab.id, title="Our lab", description="In dollars.")
    client.workspaces.get(lab.id)
    client.workspaces.balance(lab.id)
    client.workspaces.pay_advice(lab.id, "USD")
    assert len(list(client.workspaces.list())) == 2
    details = {"title": "For people to read"}
    project = client.projects.create(lab.id, "Wave 1", description="d", type="PUBLIC", public_details=details)
    client.projects.update(project.id, title="Wave one", hidden=True)
    client.projects.get(project.id)
    assert [each.id for each in client.projects.list(lab.id)] == [project.id]
    study = client.studies.create({**ELSEWHERE, "completion_codes": CODES, "project": project.id})
    assert [each.id for each in client.projects.studies(project.id)] == [study.id]
    client.projects.remove_study(project.id, study.id)
    assert refused(
        lambda: client.workspaces.create("Lab", naivety=2),
        lambda: client.workspaces.update(lab.id, currency_code="GBP"),
        lambda: client.workspaces.update(NOBODY, title="Nobody's"),
        lambda: client.projects.create(NOBODY, "Nowhere"),
        lambda: client.projects.create(lab.id, "Private", public_details=details),
        lambda: client.projects.update(project.id, workspace=client.workspace_id),
        lambda: client.projects.update(NOBODY, title="Nobody's"),
        lambda: list(client.projects.studies(NOBODY)),
        lambda: client.projects.remove_study(project.id, study.id),
    ) == [400, 400, 404, 404, 400, 400, 404, 404, 404]
    faults, used = judged(contract, traffic)
    assert faults == []
    of_workspaces = {"listWorkspaces", "createWorkspace", "getWorkspace", "updateWorkspace", "getBalance"}
    of_projects = {"listProjects", "createProject", "getProject", "updateProject", "listProjectStudies"}
    assert used >= of_workspaces | of_projects | {"deleteProjectStudy", "getRewardRecommendations"}


def test_tests_and_predictions_stay_inside_the_contract(contract: OpenAPI, traffic: list[Exchange]) -> None:
    client = pnb.connect()
    draft = client.studies.create({**ELSEWHERE, "completion_codes": CODES})
    details = [{"external_url": "https://example.org/a", "total_allocation": 20}]
    flow = {**ELSEWHERE, "external_study_url": None, "completion_codes": CODES, "access_details": details}
    client.studies.access_progress(client.studies.create(flow).id)
    client.studies.recruitment_time(draft.id)
    asked: dict[str, Any] = {"reward": 150, "places": 30, "minutes": 6}
    client.studies.predict_recruitment_time(
        client.workspace_id, **asked, filters=[pnb.Filter("age", between=(18, 30))], device_compatibility=["desktop"]
    )
    assert refused(lambda: client.studies.test_study(draft.id)) == [400]
    client.participants.create_test("pilot@example.org")
    client.studies.get(client.studies.test_study(draft.id).study_id)
    assert len(list(client.studies.list("UNPUBLISHED"))) == 2
    assert len(list(client.studies.list(["ACTIVE", "AWAITING REVIEW", "UNPUBLISHED"]))) == 3
    assert list(client.studies.list([])) == []
    assert refused(
        lambda: client.participants.create_test("pilot@example.org"),
        lambda: client.studies.test_study(NOBODY),
        lambda: client.studies.access_progress(draft.id),
        lambda: client.studies.recruitment_time(NOBODY),
        lambda: client.studies.predict_recruitment_time(NOBODY, **asked),
        lambda: list(client.studies.list("FORGOTTEN")),
    ) == [400, 404, 404, 404, 400, 400]
    faults, used = judged(contract, traffic)
    assert faults == []
    assert used >= {"createTestParticipant", "createTestStudy", "getAccessDetailsProgress", "listStudies"}
    assert used >= {"getRecruitmentTime", "predictRecruitmentTime"}


def test_completions_and_requests_to_return_stay_inside_the_contract(
    contract: OpenAPI, traffic: list[Exchange], sandboxed: Connect
) -> None:
    client = sandboxed(speed=300.0)
    study = client.studies.create({**ELSEWHERE, "completion_codes": CODES})
    client.studies.transition(study.id, "PUBLISH")
    at_work: list[str] = []
    while not at_work:
        at_work = [each.id for each in client.submissions.list(study.id, status="ACTIVE")]
    client.studies.transition(study.id, "PAUSE")
    one = next(each.id for each in client.submissions.list(study.id, status="ACTIVE"))
    client.submissions.request_return(one, ["The page was down."])
    told = {"percentage_of_reward": 40, "message_to_participant": "Thank you for the first half."}
    client.submissions.transition(one, "COMPLETE", completion_code="PART", completion_code_data=told)
    list(client.studies.submissions(study.id))
    client.studies.counts(study.id)
    assert refused(
        lambda: client.submissions.request_return(one, ["Again."]),
        lambda: client.submissions.request_return(NOBODY, ["Whose?"]),
        lambda: client.submissions.transition(one, "COMPLETE", completion_code="DONE"),
    ) == [400, 404, 400]
    faults, used = judged(contract, traffic)
    assert faults == []
    assert used >= {"requestReturn", "transitionSubmission", "countStudySubmissions", "listStudySubmissions"}
