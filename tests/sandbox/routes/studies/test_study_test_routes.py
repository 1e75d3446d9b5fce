"""Test participants and test studies, predictions of recruitment, and the progress of Taskflow studies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from prolific_nb.sandbox import People

from ...contract.test_http_error import core_error
from ...flow import Caller, Time
from .test_review_routes import of_study

Start = Callable[..., Caller]
STUDIES, PEOPLE = "/api/v1/studies/", "/api/v1/researchers/participants/"
URL = {"external_study_url": "https://example.org", "completion_codes": []}
NO_BATCH = {"data_collection_method": None, "data_collection_id": None, "data_collection_metadata": None}


def elsewhere(places: int = 20, **more: Any) -> dict[str, Any]:
    return {**NO_BATCH, **URL, "total_available_places": places, **more}


def invited(call: Caller, email: str) -> str:
    return str(call.ok("POST", PEOPLE, {"email": email})["participant_id"])


def hours(found: Any) -> tuple[float, float, float]:
    names = ("lower_bound_hours", "precise_recruitment_time_hours", "upper_bound_hours")
    low, middle, high = (found[name] for name in names)
    return low, middle, high


def predicted(call: Caller, study: str) -> Any:
    return call.ok("GET", f"{STUDIES}{study}/predicted-recruitment-time/")


def recruited(call: Caller, study: str) -> float:
    """Hours until the last place was taken by somebody who stayed."""
    begun = datetime.fromisoformat(call.ok("GET", f"{STUDIES}{study}/")["published_at"])
    stayed = [each for each in of_study(call, study) if each["status"] == "AWAITING REVIEW"]
    last = max(datetime.fromisoformat(each["started_at"]) for each in stayed)
    return (last - begun).total_seconds() / 3600


def test_a_test_study_has_test_participants_only_and_costs_nothing(start: Start) -> None:
    call = start(people=People(return_rate=0.5))
    batch = call.ready(8, 2)
    draft = call.draft(batch, annotators=3)["id"]
    path, balance = f"{STUDIES}{draft}/test-study", f"/api/v1/workspaces/{call.workspace_id}/balance/"
    refused = call("POST", path)
    assert refused.status_code == 400
    assert "Create one first" in core_error(refused)
    people = [invited(call, f"pilot{n}@example.org") for n in range(3)]

    made = call.ok("POST", path)
    test = made["study_id"]
    assert made["study_url"].endswith(f"/{test}")
    call.until(f"{STUDIES}{test}/", "status", "AWAITING REVIEW")
    found = of_study(call, test)
    assert {each["participant_id"] for each in found} == set(people)
    assert [each["status"] for each in found] == ["AWAITING REVIEW"] * 3
    told = call.ok("GET", f"{STUDIES}{test}/")
    assert (told["total_available_places"], told["total_cost"], told["name"]) == (3, 0, "Feelings")
    assert call.ok("GET", balance)["available_balance"] == 25_000_000
    answers = call.ok("GET", f"batches/{batch}/responses")["results"]
    assert {each["participant_id"] for each in answers} == set(people)

    # The draft stays one; its own people are others, and it is paid for.
    assert call.ok("GET", f"{STUDIES}{draft}/")["status"] == "UNPUBLISHED"
    call.move(draft, "PUBLISH")
    call.until(f"{STUDIES}{draft}/", "status", "AWAITING REVIEW")
    assert not {each["participant_id"] for each in of_study(call, draft)} & set(people)
    assert call.ok("GET", balance)["available_balance"] < 25_000_000
    assert "not a draft" in core_error(call("POST", path))
    assert call("POST", f"{STUDIES}nothing/test-study").status_code == 404


def test_a_test_study_cannot_change_and_its_copy_is_an_ordinary_draft(start: Start) -> None:
    call = start()
    draft = call.draft(None, **elsewhere(5))["id"]
    invited(call, "pilot@example.org")
    test = call.ok("POST", f"{STUDIES}{draft}/test-study")["study_id"]
    refused = call("PATCH", f"{STUDIES}{test}/", {"total_available_places": 9})
    assert refused.status_code == 400
    assert "test study and cannot be changed" in core_error(refused)
    assert call.ok("PATCH", f"{STUDIES}{draft}/", {"total_available_places": 9})["total_available_places"] == 9
    assert call.ok("POST", f"{STUDIES}{test}/clone/", {})["total_cost"] > 0


@pytest.mark.parametrize("email", ["nobody", "@", "researcher@sandbox.invalid", "known@example.org"])
def test_a_test_participant_has_a_unique_email(shared: Caller, email: str) -> None:
    shared("POST", PEOPLE, {"email": "known@example.org"})
    refused = shared("POST", PEOPLE, {"email": email})
    assert refused.status_code == 400
    assert email in refused.text
    assert len(invited(shared, f"new-{len(email)}@example.org")) == 24


def test_predictions_cover_nine_studies_in_ten(start: Start) -> None:
    call = start(speed=100_000.0, people=People(return_rate=0.1))
    inside, above = 0, 0
    for number in range(30):
        study = call.draft(None, **elsewhere(10 + number))["id"]
        low, middle, high = hours(predicted(call, study))
        assert 0 < low < middle < high
        call.move(study, "PUBLISH")
        call.until(f"{STUDIES}{study}/", "status", "AWAITING REVIEW")
        inside += low <= recruited(call, study) <= high
        above += recruited(call, study) > middle
    # Binomial, 30 studies at 0.9 and 0.5: fewer than 22 and outside 7 to 23 are rarer than one in a hundred.
    assert inside >= 22
    assert 7 <= above <= 23


def test_more_places_and_more_returns_take_longer(start: Start) -> None:
    calm, hasty = start(), start(people=People(return_rate=0.6))

    def middle(call: Caller, places: int) -> float:
        return hours(predicted(call, call.draft(None, **elsewhere(places))["id"]))[1]

    assert middle(calm, 10) < middle(calm, 100) < middle(calm, 10_000)
    assert middle(calm, 100) < middle(hasty, 100)


def test_predictions_before_and_for_a_draft_are_equal(shared: Caller) -> None:
    asked = {
        "filters": [{"filter_id": "age", "selected_range": {"lower": 18}}],
        "workspace_id": shared.workspace_id,
        "reward": 150,
        "study_type": "SINGLE",
        "total_available_places": 40,
        "estimated_completion_time": 6,
    }
    path = f"{STUDIES}predicted-recruitment-time/"
    found = shared.ok("POST", path, asked)
    # The draft's limit in whole minutes is a little above the one that is assumed before it.
    assert hours(found) == pytest.approx(hours(predicted(shared, shared.draft(None, **elsewhere(40))["id"])), rel=0.01)
    assert found["display_string"] == f"{round(hours(found)[1] * 60)} minutes"
    assert shared.ok("POST", path, {**asked, "total_available_places": 1_000_000})["display_string"] == "10 hours+"
    for broken in (
        {"total_available_places": 0},
        {"estimated_completion_time": -1},
        {"workspace_id": "f" * 24},
        {"filters": [{"filter_id": "aje", "selected_range": {"lower": 18}}]},
        {"filters": [{"filter_id": "age", "selected_values": ["18"]}]},
    ):
        assert shared("POST", path, {**asked, **broken}).status_code == 400


def test_participants_are_assigned_to_the_urls_of_a_taskflow_study_in_turn(start: Start) -> None:
    clock = Time()
    call = start(wall=clock, speed=1.0, people=People(return_rate=0.2))
    details = [
        {"external_url": f"https://example.org/{n}", "total_allocation": size} for n, size in enumerate((1, 5, 3))
    ]
    codes = [
        {"code": "DONE", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}]},
    ]
    flow = {"external_study_url": None, "access_details": details, "completion_codes": codes}
    study = call.draft(None, **elsewhere(9, **flow))["id"]
    path = f"{STUDIES}{study}/access-details-progress/"
    before = call.ok("GET", path)
    assert [row["external_url"] for row in before["progress"]] == [each["external_url"] for each in details]
    assert [row["allocated"] for row in before["progress"]] == [0, 0, 0]
    call.move(study, "PUBLISH")
    seen = list[list[int]]()
    while call.ok("GET", f"{STUDIES}{study}/")["status"] == "ACTIVE":
        clock.now += 30
        given = [row["allocated"] for row in call.ok("GET", path)["progress"]]
        seen += [given] if given not in seen else []
        assert sum(given) == call.ok("GET", f"{STUDIES}{study}/")["places_taken"]
    in_turn = ([0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1], [1, 2, 1], [1, 2, 2], [1, 3, 2], [1, 3, 3], [1, 4, 3])
    assert len(seen) >= 6
    assert all(given in (*in_turn, [1, 5, 3]) for given in seen)
    rows = call.ok("GET", path)["progress"]
    assert [row["allocated"] for row in rows] == [row["total_allocation"] for row in rows] == [1, 5, 3]
    assert [row["capacity_increments"] for row in rows] == [0, 0, 0]
    assert call.ok("GET", path)["id"] == before["id"]

    other = call.draft(None, **elsewhere(9))["id"]
    refused = call("GET", f"{STUDIES}{other}/access-details-progress/")
    assert refused.status_code == 404
    assert "no access_details" in core_error(refused)
