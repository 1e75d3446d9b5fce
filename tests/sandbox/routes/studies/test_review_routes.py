"""Review and bonuses: decisions, payments, and the effect of paying twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from prolific_nb.sandbox import People

from ...contract.test_http_error import core_error
from ...flow import Caller

Start = Callable[..., Caller]
SUBMISSIONS = "/api/v1/submissions/"
MESSAGE = "The answers were given without reading the reviews: every single one is the first option. " + "x" * 10
REJECT = {"action": "REJECT", "message": MESSAGE, "rejection_category": "LOW_EFFORT"}


def of_study(call: Caller, study: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = call.ok("GET", f"/api/v1/studies/{study}/submissions/")["results"]
    return found


def waiting(call: Caller, study: str) -> list[str]:
    return [each["id"] for each in of_study(call, study) if each["status"] == "AWAITING REVIEW"]


def act(call: Caller, submission: str, action: str, **more: Any) -> Any:
    return call("POST", f"{SUBMISSIONS}{submission}/transition/", {"action": action, **more})


def balance(call: Caller) -> int:
    found = call.ok("GET", f"/api/v1/workspaces/{call.workspace_id}/balance/")
    assert found["available_balance"] == sum(found["available_balance_breakdown"].values())
    assert found["total_balance"] == sum(found["balance_breakdown"].values())
    return int(found["available_balance"])


def state(call: Caller, study: str) -> str:
    return str(call.ok("GET", f"/api/v1/studies/{study}/")["status"])


def file(call: Caller, study: str, *lines: tuple[str, str]) -> Any:
    text = "".join(f"{who},{amount}\n" for who, amount in lines)
    return call("POST", f"{SUBMISSIONS}bonus-payments/", {"study_id": study, "csv_bonuses": text})


def pay(call: Caller, bonus: str) -> Any:
    return call("POST", f"/api/v1/bulk-bonus-payments/{bonus}/pay/")


def shown(call: Caller, submission: str, *wanted: int) -> None:
    """Wait for the bonuses of a submission to be shown: they are paid a moment after the answer."""
    call.until(f"{SUBMISSIONS}{submission}/", "bonus_payments", list(wanted))  # type: ignore[arg-type]


def test_decisions_persist_and_a_reviewed_study_is_completed(start: Start) -> None:
    call = start()
    study = call.finished(call.ready(4, 2), annotators=2)
    first, second, *others = waiting(call, study)
    assert act(call, first, "APPROVE").json()["status"] == "APPROVED"
    assert call("POST", f"{SUBMISSIONS}{second}/transition/", REJECT).json()["status"] == "REJECTED"
    assert state(call, study) == "AWAITING REVIEW"
    call.ok("POST", f"{SUBMISSIONS}bulk-approve/", {"submission_ids": others})

    assert state(call, study) == "COMPLETED"
    counts = call.ok("GET", f"/api/v1/studies/{study}/submissions/counts/")
    assert (counts["APPROVED"], counts["REJECTED"], counts["AWAITING REVIEW"]) == (3, 1, 0)
    whole = call.ok("GET", f"/api/v1/studies/{study}/")
    assert (whole["places_taken"], whole["number_of_submissions"]) == (4, 4)
    assert "reviewed" not in whole
    rejected = call.ok("GET", f"{SUBMISSIONS}{second}/")
    assert rejected["completed_at"] is not None

    assert act(call, second, "UNREJECT").json()["status"] == "AWAITING REVIEW"
    assert state(call, study) == "AWAITING REVIEW"


def test_decisions_are_idempotent_and_impossible_ones_are_refused(start: Start) -> None:
    call = start(people=People(return_rate=0.5))
    study = call.finished(call.ready(4, 2), annotators=2)
    first, second, *_ = waiting(call, study)
    act(call, first, "APPROVE")
    assert act(call, first, "APPROVE").status_code == 200
    assert "UNREJECT is not allowed" in core_error(act(call, first, "UNREJECT"))
    refused = call("POST", f"{SUBMISSIONS}{first}/transition/", REJECT)
    assert refused.status_code == 400
    assert f"REJECT is not allowed: submission {first} is APPROVED. Allowed: nothing" in core_error(refused)
    gave_up = next(each["id"] for each in of_study(call, study) if each["status"] == "RETURNED")
    assert act(call, gave_up, "APPROVE").status_code == act(call, gave_up, "UNRETURN").status_code == 400

    assert act(call, second, "RETURN").json()["status"] == "RETURNED"
    assert act(call, second, "UNRETURN").json()["status"] == "AWAITING REVIEW"
    assert act(call, second, "UNRETURN").status_code == 200
    assert act(call, second, "START").status_code == 400
    assert act(call, "nothing", "APPROVE").status_code == 404


@pytest.mark.parametrize(
    "change",
    [{"message": "x" * 99}, {"rejection_category": "BAD_MOOD"}, {"message": None}, {"rejection_category": None}],
)
def test_a_rejection_requires_a_known_category_and_100_characters(shared: Caller, change: dict[str, Any]) -> None:
    study = shared.finished(shared.ready(2, 2), annotators=1)
    [submission] = waiting(shared, study)
    body = {name: value for name, value in {**REJECT, **change}.items() if value is not None}
    answer = shared("POST", f"{SUBMISSIONS}{submission}/transition/", body)
    assert answer.status_code == 400
    assert next(iter(change)) in answer.text
    assert waiting(shared, study) == [submission]


def test_bulk_approval_by_participant_is_all_or_none(start: Start) -> None:
    call = start()
    study = call.finished(call.ready(4, 2), annotators=2)
    people = [each["participant_id"] for each in of_study(call, study)]
    ids = waiting(call, study)
    unknown = call("POST", f"{SUBMISSIONS}bulk-approve/", {"submission_ids": [ids[0], "a" * 24, "b" * 24]})
    assert unknown.status_code == 400
    assert "a" * 24 in core_error(unknown)
    assert "b" * 24 in core_error(unknown)
    strangers = call("POST", f"{SUBMISSIONS}bulk-approve/", {"study_id": study, "participant_ids": [people[0], "x"]})
    assert "x in this sandbox" in core_error(strangers)
    assert waiting(call, study) == ids
    too_many = call("POST", f"{SUBMISSIONS}bulk-approve/", {"submission_ids": ids * 251})
    assert too_many.status_code == 400

    call.ok("POST", f"{SUBMISSIONS}bulk-approve/", {"study_id": study, "participant_ids": people})
    assert waiting(call, study) == []
    assert state(call, study) == "COMPLETED"


def test_one_impossible_approval_prevents_all(start: Start) -> None:
    call = start(people=People(return_rate=0.5))
    study = call.finished(call.ready(4, 2), annotators=2)
    ids = waiting(call, study)
    gave_up = next(each["id"] for each in of_study(call, study) if each["status"] == "RETURNED")
    answer = call("POST", f"{SUBMISSIONS}bulk-approve/", {"submission_ids": [*ids, gave_up]})
    assert answer.status_code == 400
    assert f"{gave_up} is RETURNED" in core_error(answer)
    assert waiting(call, study) == ids


def test_every_review_advances_sandbox_time_by_a_second(start: Start) -> None:
    call = start()
    batch = call.ready(2, 2)
    study = call.finished(batch, annotators=1)
    first = call.draft(batch)["date_created"]
    call.ok("POST", f"{SUBMISSIONS}bulk-approve/", {"submission_ids": waiting(call, study)})
    second = call.draft(batch)["date_created"]
    assert (datetime.fromisoformat(second) - datetime.fromisoformat(first)).total_seconds() == 2


def test_submissions_not_yet_revealed_cannot_be_approved(start: Start) -> None:
    call = start(speed=0.001)
    study = call.draft(call.ready(4, 2), 2)["id"]
    call.move(study, "PUBLISH")
    assert of_study(call, study) == []
    strangers = {"study_id": study, "participant_ids": ["x"]}
    assert call("POST", f"{SUBMISSIONS}bulk-approve/", strangers).status_code == 400


def test_bonuses_are_decimal_in_the_file_and_pence_in_the_response(start: Start) -> None:
    call = start()
    study = call.finished(call.ready(4, 2), annotators=2)
    first, second, *_ = of_study(call, study)
    before = balance(call)
    # By hand: 4.25 + 0.50 = 475 pence; the fee 475 x 0.428 = 203.3; VAT 203 x 0.2 = 40.6.
    bonus = file(call, study, (first["id"], "4.25"), (second["participant_id"], "0.5")).json()
    assert {**bonus, "id": ""} == {
        "id": "",
        "study": study,
        "amount": 475,
        "fees": 203,
        "vat": 41,
        "total_amount": 719,
    }
    assert balance(call) == before  # a file that is not paid costs nothing

    answer = pay(call, bonus["id"])
    assert answer.status_code == 202
    shown(call, first["id"], 425)
    assert [each["bonus_payments"] for each in of_study(call, study)] == [[425], [50], [], []]
    assert balance(call) == before - 719
    cost = call.ok("GET", f"/api/v1/studies/{study}/cost/")["bonuses"]
    assert {name: part["amount"] for name, part in cost.items()} == {"rewards": 475, "fees": 203, "tax": 41}


def test_paying_twice_is_not_idempotent(start: Start) -> None:
    call = start()
    study = call.finished(call.ready(4, 2), annotators=2)
    [who, *_] = waiting(call, study)
    before = balance(call)
    bonus = file(call, study, (who, "1.00")).json()["id"]
    assert pay(call, bonus).status_code == pay(call, bonus).status_code == 202
    shown(call, who, 100, 100)
    assert balance(call) == before - 2 * (100 + 43 + 9)  # 42.8 and 8.6 pence, rounded


def test_every_invalid_line_and_unknown_id_of_a_file_is_reported(shared: Caller) -> None:
    study = shared.finished(shared.ready(2, 2), annotators=1)
    [who] = waiting(shared, study)
    answer = file(shared, study, (who, "1.00"), ("nobody", "1.00"), (who, "1.005"), (who, "0.00"), ("c" * 24, "2"))
    assert answer.status_code == 400
    [one, two, three, four] = core_error(answer)["csv_bonuses"]
    assert "line 2: nobody is not a submission or participant" in one
    assert "line 3" in two
    assert "1.005" in two
    assert "line 4" in three
    assert "c" * 24 in four
    assert file(shared, "d" * 24, (who, "1.00")).status_code == 400
    assert file(shared, study, ("id", "amount"), (who, "1.00")).status_code == 400  # no header
    assert "at most 200" in str(core_error(file(shared, study, *[(who, "1.00")] * 201)))
    assert pay(shared, "nothing").status_code == 404


def test_bonuses_above_the_balance_are_refused(start: Start) -> None:
    call = start()
    study = call.finished(call.ready(2, 2), annotators=1)
    [who] = waiting(call, study)
    before = balance(call)
    bonus = file(call, study, (who, "200000.00")).json()  # 302,720.00 with fee and VAT; the workspace has 250,000
    answer = pay(call, bonus["id"])
    assert answer.status_code == 400
    assert f"The bonuses cost {bonus['total_amount']} pence" in core_error(answer)
    assert balance(call) == before
    assert call.ok("GET", f"{SUBMISSIONS}{who}/")["bonus_payments"] == []


def test_places_added_after_the_review_await_their_own_review(start: Start) -> None:
    call = start()
    study = call.finished(call.ready(4, 2), annotators=1)
    call.ok("POST", f"{SUBMISSIONS}bulk-approve/", {"submission_ids": waiting(call, study)})
    assert state(call, study) == "COMPLETED"
    call.ok("PATCH", f"/api/v1/studies/{study}/", {"data_collection_metadata": {"annotators_per_task": 2}})
    call.until(f"/api/v1/studies/{study}/", "status", "AWAITING REVIEW")
    counts = call.ok("GET", f"/api/v1/studies/{study}/submissions/counts/")
    assert (counts["APPROVED"], counts["AWAITING REVIEW"]) == (2, 2)


def test_review_and_bonuses_survive_in_a_file(start: Start, tmp_path: Any) -> None:
    call = start(store=tmp_path / "store.sqlite")
    study = call.finished(call.ready(2, 2), annotators=1)
    [who] = waiting(call, study)
    act(call, who, "APPROVE")
    pay(call, file(call, study, (who, "1.00")).json()["id"])
    again = start(store=tmp_path / "store.sqlite")
    shown(again, who, 100)
    assert again.ok("GET", f"{SUBMISSIONS}{who}/")["status"] == "APPROVED"
    assert balance(again) == balance(call)
