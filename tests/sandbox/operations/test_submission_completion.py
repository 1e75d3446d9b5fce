"""Submissions completed by a researcher with a code, and requests to return submissions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from prolific_nb.sandbox import People

from ..contract.test_http_error import core_error
from ..flow import Caller, Time
from ..routes.studies.test_review_routes import REJECT, act, of_study, state

Start = Callable[..., Caller]
STUDIES, SUBMISSIONS = "/api/v1/studies/", "/api/v1/submissions/"
SCREEN_OUT = {"action": "FIXED_SCREEN_OUT_PAYMENT", "fixed_screen_out_reward": 20, "slots": 2}
PLACES, REWARD = 12, 150


def code(name: str, *actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"code": name, "code_type": "OTHER", "actor": "researcher", "actions": list(actions), **more}


CODES = [
    {"code": "DONE", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}]},
    code("GOOD", {"action": "AUTOMATICALLY_APPROVE"}),
    code("LOOK", {"action": "MANUALLY_REVIEW"}),
    code("PART", {"action": "DYNAMIC_PAYMENT"}),
    code("BACK", {"action": "REQUEST_RETURN", "return_reason": "You are too young."}),
    code("OUT", SCREEN_OUT),
]
APPROVING = [{"code": "DONE", "code_type": "COMPLETED", "actions": [{"action": "AUTOMATICALLY_APPROVE"}]}, *CODES[1:]]
HALF = {"completion_code_data": {"percentage_of_reward": 40}}


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def call(start: Start, clock: Time) -> Caller:
    return start(wall=clock, speed=1.0)


def body(codes: list[dict[str, Any]] = CODES) -> dict[str, Any]:
    places = {"total_available_places": PLACES, "completion_codes": codes, "external_study_url": "https://example.org"}
    return {"data_collection_method": None, "data_collection_id": None, "data_collection_metadata": None, **places}


def published(call: Caller, **more: Any) -> str:
    ident = str(call.draft(None, **{**body(), **more})["id"])
    assert call.move(ident, "PUBLISH").status_code == 200
    return ident


def at_work(call: Caller, clock: Time, study: str) -> list[str]:
    """The submissions at work, as soon as there are some."""
    for _ in range(1_000):
        found = [each["id"] for each in of_study(call, study) if each["status"] == "ACTIVE"]
        if found or state(call, study) != "ACTIVE":
            return found
        clock.now += 30
    raise AssertionError("nobody comes")


def complete(call: Caller, submission: str, name: str, **more: Any) -> Any:
    return act(call, submission, "COMPLETE", completion_code=name, **more)


def counts(call: Caller, study: str) -> dict[str, int]:
    found = call.ok("GET", f"{STUDIES}{study}/submissions/counts/")
    return {name: number for name, number in found.items() if number and name != "TOTAL"}


@pytest.mark.parametrize(
    ("name", "more", "status"),
    [
        ("GOOD", {}, "APPROVED"),
        ("LOOK", {}, "AWAITING REVIEW"),
        ("PART", HALF, "PARTIALLY APPROVED"),
        ("BACK", {}, "AWAITING REVIEW"),
        ("OUT", {}, "SCREENED OUT"),
    ],
)
def test_a_code_ends_a_submission_according_to_its_actions(
    call: Caller, clock: Time, name: str, more: dict[str, Any], status: str
) -> None:
    study = published(call)
    [one, *_] = at_work(call, clock, study)
    done = complete(call, one, name, **more)
    assert (done.status_code, done.json()["status"], done.json()["entered_code"]) == (200, status, name)
    assert done.json()["completed_at"] is not None
    assert (done.json()["return_requested"] is not None) == (name == "BACK")
    # Asked again it changes nothing, and time does not either.
    clock.now += 1_000
    assert complete(call, one, name, **more).json() == done.json()
    [listed] = [each for each in of_study(call, study) if each["id"] == one]
    assert (listed["status"], listed["study_code"]) == (status, name)
    assert listed["return_requested"] == done.json()["return_requested"]


@pytest.mark.parametrize(
    ("broken", "said", "corrected"),
    [
        (("NONE", {}), "Codes with actor researcher: GOOD, LOOK", ("GOOD", {})),
        (("DONE", {}), "not a researcher's code of this study", ("LOOK", {})),
        (("PART", {}), "percentage_of_reward, 8 to 99", ("PART", HALF)),
        (("PART", {"completion_code_data": {"percentage_of_reward": 7.9}}), "7.9", ("PART", HALF)),
        (("PART", {"completion_code_data": {"percentage_of_reward": 100}}), "100", ("PART", HALF)),
        (("GOOD", HALF), "Omit completion_code_data", ("GOOD", {"completion_code_data": {}})),
    ],
)
def test_requirements_of_a_completion(
    call: Caller, clock: Time, broken: tuple[str, Any], said: str, corrected: tuple[str, Any]
) -> None:
    study = published(call)
    [one, *_] = at_work(call, clock, study)
    before = call.ok("GET", f"{SUBMISSIONS}{one}/")
    refused = complete(call, one, broken[0], **broken[1])
    assert refused.status_code == 400
    assert said in refused.text
    assert call.ok("GET", f"{SUBMISSIONS}{one}/") == before
    assert complete(call, one, corrected[0], **corrected[1]).status_code == 200


def test_only_active_submissions_are_completed_and_unsupported_actions_explain_why(call: Caller, clock: Time) -> None:
    study = published(call)
    clock.now += 100_000
    one = next(each["id"] for each in of_study(call, study) if each["status"] == "AWAITING REVIEW")
    assert "COMPLETE is not allowed" in core_error(complete(call, one, "GOOD"))
    assert act(call, one, "COMPLETE").status_code == 400  # without a code
    for action, said in (
        ("START", "start submissions themselves"),
        ("SCREEN_OUT", "FIXED_SCREEN_OUT_PAYMENT"),
    ):
        refused = act(call, one, action)
        assert refused.status_code == 400
        assert said in core_error(refused)


@pytest.mark.parametrize("name", ["GOOD", "OUT"])
@pytest.mark.parametrize("leave", [0.0, 0.9])
def test_every_place_is_filled_exactly_once(start: Start, clock: Time, name: str, leave: float) -> None:
    # With nine in ten leaving by themselves, most of the completed ones would have left their place to another one.
    call = start(wall=clock, speed=1.0, people=People(return_rate=leave, timeout_rate=0.0))
    many = [*CODES[:-1], code("OUT", {**SCREEN_OUT, "slots": 5})]
    study = published(call, completion_codes=many)
    done = 0
    while done < 5:
        [one, *_] = at_work(call, clock, study)
        assert complete(call, one, name).status_code == 200
        done += 1
    clock.now += 10_000_000
    found = counts(call, study)
    found.pop("RETURNED", 0)
    expected = {"APPROVED": 5, "AWAITING REVIEW": 7} if name == "GOOD" else {"SCREENED OUT": 5, "AWAITING REVIEW": 12}
    assert found == expected
    assert state(call, study) == "AWAITING REVIEW"
    listed = of_study(call, study)
    assert len({each["participant_id"] for each in listed}) == len({each["id"] for each in listed}) == len(listed)
    assert call.ok("GET", f"{STUDIES}{study}/")["places_taken"] == PLACES
    # A study that grows afterwards brings new people under new ids.
    call.ok("PATCH", f"{STUDIES}{study}/", {"total_available_places": PLACES + 6})
    clock.now += 10_000_000
    grown = of_study(call, study)
    assert len({each["participant_id"] for each in grown}) == len({each["id"] for each in grown}) == len(grown)
    assert call.ok("GET", f"{STUDIES}{study}/")["places_taken"] == PLACES + 6


def test_a_completed_submission_gets_no_more_responses_and_groups_stay_complete(start: Start, clock: Time) -> None:
    call = start(wall=clock, speed=1.0, people=People(return_rate=0.0, timeout_rate=0.0))
    batch = call.ready(6, 3)
    study = str(call.draft(batch, annotators=2, completion_codes=CODES)["id"])
    call.move(study, "PUBLISH")
    ended = []
    for name in ("GOOD", "OUT"):
        [one, *_] = at_work(call, clock, study)
        clock.now += 130  # time for a task or two of three
        assert complete(call, one, name).status_code == 200
        ended.append(one)
    clock.now += 10_000_000
    answers = call.ok("GET", f"batches/{batch}/responses")["results"]
    of_each = Counter(each["submission_id"] for each in answers)
    whole = [each["id"] for each in of_study(call, study) if each["status"] == "AWAITING REVIEW"]
    assert [of_each[one] for one in whole] == [6, 6, 6]  # three tasks, two questions
    for one in ended:
        told = call.ok("GET", f"{SUBMISSIONS}{one}/")
        moments = [each["created_at"] for each in answers if each["submission_id"] == one]
        assert len(moments) < 6
        assert max(moments, default="") <= told["completed_at"]
    # Six tasks, two answers of each question; the approved one stopped early and nobody finishes the work.
    tasks = Counter(each["task_id"] for each in answers if each["submission_id"] not in ended)
    assert sorted(tasks.values()) == [2, 2, 2, 4, 4, 4]


def test_partial_rewards_and_screen_outs_are_paid_exactly(call: Caller, clock: Time) -> None:
    study = published(call)
    plan = [("PART", HALF), ("OUT", {}), ("OUT", {})]
    for name, more in plan:
        [one, *_] = at_work(call, clock, study)
        assert complete(call, one, name, **more).status_code == 200
    [one, *_] = at_work(call, clock, study)
    refused = complete(call, one, "OUT")
    assert "All 2 screen-out slots" in refused.text
    assert refused.status_code == 400
    clock.now += 10_000_000
    waiting = [each["id"] for each in of_study(call, study) if each["status"] == "AWAITING REVIEW"]
    assert len(waiting) == PLACES - 1
    call.ok("POST", f"{SUBMISSIONS}bulk-approve/", {"submission_ids": waiting})
    assert state(call, study) == "COMPLETED"
    # By hand: eleven whole rewards, 40 % of one, two screen-outs; the fee is 42.8 %, VAT 20 % of it.
    rewards = 11 * REWARD + 60 + 2 * 20
    fee = round(rewards * 0.428)
    cost = call.ok("GET", f"{STUDIES}{study}/cost/")["rewards"]
    assert {name: part["amount"] for name, part in cost.items()} == {
        "rewards": rewards,
        "fees": fee,
        "tax": round(fee * 0.2),
    }
    balance = call.ok("GET", f"/api/v1/workspaces/{call.workspace_id}/balance/")["available_balance"]
    assert balance == 25_000_000 - rewards - fee - round(fee * 0.2)


@pytest.mark.parametrize(("paid", "status"), [(REWARD, 400), (REWARD - 1, 201)])
def test_a_screen_out_is_paid_less_than_the_reward(call: Caller, paid: int, status: int) -> None:
    codes = [CODES[0], code("OUT", {**SCREEN_OUT, "fixed_screen_out_reward": paid})]
    draft = {"name": "n", "description": "d", "prolific_id_option": "not_required", "estimated_completion_time": 6}
    answer = call("POST", STUDIES, {**draft, "reward": REWARD, **body(codes)})
    assert answer.status_code == status
    assert ("below the reward" in answer.text) == (status == 400)


def test_codes_move_participants_between_groups_and_send_messages(call: Caller, clock: Time) -> None:
    groups = "/api/v1/participant-groups/"
    made = [call.ok("POST", groups, {"name": name, "workspace_id": call.workspace_id})["id"] for name in "ab"]
    moving = code(
        "MOVE",
        {"action": "DYNAMIC_PAYMENT"},
        {"action": "ADD_TO_PARTICIPANT_GROUP", "participant_group": made[0]},
        {"action": "REMOVE_FROM_PARTICIPANT_GROUP", "participant_group": made[1]},
        {"action": "ADD_TO_PARTICIPANT_GROUP", "participant_group": "gone"},
    )
    study = published(call, completion_codes=[CODES[0], moving])
    [one, *_] = at_work(call, clock, study)
    person = call.ok("GET", f"{SUBMISSIONS}{one}/")["participant"]
    call.ok("POST", f"{groups}{made[1]}/participants/", {"participant_ids": [person, "1" * 24]})
    told = {"percentage_of_reward": 50, "message_to_participant": "Half of it is yours."}
    assert complete(call, one, "MOVE", completion_code_data=told).status_code == 200
    members = [call.ok("GET", f"{groups}{ident}/participants/")["results"] for ident in made]
    assert [[each["participant_id"] for each in found] for found in members] == [[person], ["1" * 24]]
    [message] = call.ok("GET", f"/api/v1/messages/?user_id={person}")["results"]
    assert (message["body"], message["data"]["study_id"]) == ("Half of it is yours.", study)


def test_an_automatically_approving_study_awaits_review_of_a_completed_submission(call: Caller, clock: Time) -> None:
    study = published(call, completion_codes=APPROVING)
    [one, *_] = at_work(call, clock, study)
    complete(call, one, "LOOK")
    clock.now += 10_000_000
    assert state(call, study) == "AWAITING REVIEW"
    act(call, one, "APPROVE")
    assert state(call, study) == "COMPLETED"


def test_a_researcher_s_code_is_not_the_participants_code(call: Caller, clock: Time) -> None:
    sure = code("SURE", {"action": "AUTOMATICALLY_APPROVE"}, code_type="COMPLETED")
    study = published(call, completion_codes=[sure, CODES[0]])
    clock.now += 10_000_000
    done = [each for each in of_study(call, study) if each["completed_at"]]
    assert {(each["status"], each["study_code"]) for each in done} == {("AWAITING REVIEW", "DONE")}


def test_a_return_is_requested_once_while_it_is_possible(call: Caller, clock: Time) -> None:
    study = published(call)
    [working, *_] = at_work(call, clock, study)

    def ask(one: str, *reasons: str) -> Any:
        body = {"request_return_reasons": list(reasons)}
        return call("POST", f"{SUBMISSIONS}{one}/request-return/", body)

    for reasons in ((), (" ",), ("Fine.", "")):
        assert ask(working, *reasons).status_code == 400
    assert call.ok("GET", f"{SUBMISSIONS}{working}/")["return_requested"] is None
    first = ask(working, "The page was down.").json()
    assert (first["id"], first["status"]) == (working, "ACTIVE")
    assert first["participant"] == call.ok("GET", f"{SUBMISSIONS}{working}/")["participant"]
    clock.now += 10_000_000
    again = ask(working, "Still down.").json()
    assert again["return_requested"] == first["return_requested"]
    assert call.ok("GET", f"{SUBMISSIONS}{working}/")["return_requested"] == first["return_requested"]
    listed = {each["id"]: each["return_requested"] for each in of_study(call, study)}
    assert [one for one, asked in listed.items() if asked] == [working]

    one, two, three, *_ = [each["id"] for each in of_study(call, study) if each["status"] == "AWAITING REVIEW"]
    assert ask(one, "A mistake.").json()["status"] == "AWAITING REVIEW"
    act(call, two, "APPROVE")
    call("POST", f"{SUBMISSIONS}{three}/transition/", REJECT)
    for decided, status in ((two, "APPROVED"), (three, "REJECTED")):
        refused = ask(decided, "A mistake.")
        assert refused.status_code == 400
        assert f"is {status}; a return can be requested while ACTIVE or AWAITING REVIEW" in core_error(refused)
