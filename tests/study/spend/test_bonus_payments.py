"""Bonuses are never paid twice, and unclear payments are reported."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from prolific_nb.api import Record
from prolific_nb.common.money import Money
from prolific_nb.errors import Rejected, SpendError, TooManyRequests, UnclearPayment
from prolific_nb.sandbox import Fault
from prolific_nb.study.review.proposal import Proposal
from tests.sandbox.flow import Caller

from ..finished_study import MESSAGE, Desk, pay_row, reject_row

# --- paying once ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["lost", "truncate"])
def test_a_payment_whose_answer_was_lost_is_found_on_the_submissions(desk: Callable[..., Desk], fault: str) -> None:
    at = desk(2)
    one, two = at.ids
    at.sandbox.faults.add(Fault("payBonuses", fault))
    at.propose(pay_row(one), pay_row(two)).apply(max_cost="2.00")
    assert at.bonuses() == {one: [50], two: [50]}
    at.propose(pay_row(one), pay_row(two)).apply()
    assert at.acted()["payBonuses"] == 1


@pytest.mark.parametrize("fault", [Fault("payBonuses", "reset"), Fault("payBonuses", "refuse", status=502)])
def test_a_payment_that_is_not_shown_is_unclear_and_not_repeated(desk: Callable[..., Desk], fault: Fault) -> None:
    at = desk(2)
    one, two = at.ids
    rows = [pay_row(one), pay_row(two, "1.00")]
    at.sandbox.faults.add(fault)
    with pytest.raises(UnclearPayment) as unclear:
        at.propose(*rows).apply()
    assert unclear.value.unclear == {one: "0.50 GBP", two: "1.00 GBP"}
    for words in (one, two, "0.50 GBP", "1.00 GBP", "settle(paid=True)", "settle(paid=False)"):
        assert words in str(unclear.value)
    assert str(pickle.loads(pickle.dumps(unclear.value))) == str(unclear.value)
    # A new kernel, the same acts or others: nothing is paid until somebody has looked.
    with pytest.raises(UnclearPayment):
        at.propose(*rows).apply()
    with pytest.raises(UnclearPayment):
        at.propose(pay_row(one, "0.60")).apply()
    assert "unclear" in str(at.propose(*rows).findings)
    assert at.acted()["payBonuses"] == 0

    at.propose(*rows).settle(paid=False).apply()
    assert at.bonuses() == {one: [50], two: [100]}
    at.propose(*rows).apply()
    assert at.acted()["payBonuses"] == 1


def test_a_payment_settled_as_paid_is_not_paid_again(desk: Callable[..., Desk]) -> None:
    at = desk(1)
    at.sandbox.faults.add(Fault("payBonuses", "reset"))
    proposal = at.propose(pay_row(at.ids[0]))
    with pytest.raises(UnclearPayment):
        proposal.apply()
    proposal.settle(paid=True).apply()
    at.propose(pay_row(at.ids[0])).apply()
    assert at.acted()["payBonuses"] == 0


def test_what_the_server_shows_is_paid_whatever_a_person_says(desk: Callable[..., Desk]) -> None:
    at = desk(1)
    [one] = at.ids
    at.sandbox.faults.add(Fault("payBonuses", "reset"))
    proposal = at.propose(pay_row(one))
    with pytest.raises(UnclearPayment) as unclear:
        proposal.apply()
    at.client.bonuses.pay(unclear.value.bonus_id)  # the first request arrives late
    until_shown(at, one)
    proposal.settle(paid=False).apply()
    assert at.bonuses() == {one: [50]}


def until_shown(at: Desk, ident: str, *bonuses: int) -> None:
    call = Caller(at.sandbox.url, at.sandbox.token, at.sandbox.workspace_id)
    call.until(f"/api/v1/submissions/{ident}/", "bonus_payments", [*(bonuses or [50])])  # type: ignore[arg-type]


def test_only_the_missing_part_of_a_partly_shown_payment_is_unclear(desk: Callable[..., Desk]) -> None:
    at = desk(2)
    one, two = at.ids
    rows = [pay_row(one), pay_row(two)]
    at.sandbox.faults.add(Fault("payBonuses", "reset"))
    with pytest.raises(UnclearPayment):
        at.propose(*rows).apply()
    at.client.bonuses.pay(at.client.bonuses.create(at.study_id, f"{one},0.50\n").id)
    until_shown(at, one)
    with pytest.raises(UnclearPayment) as unclear:
        at.propose(*rows).apply()
    assert (unclear.value.unclear, unclear.value.told) == ({two: "0.50 GBP"}, {one: "0.50 GBP"})
    at.propose(*rows).settle(paid=False).apply()
    assert at.bonuses() == {one: [50], two: [50]}


@pytest.mark.parametrize("acted", [True, False])
def test_a_kernel_that_dies_while_paying_can_be_resumed(desk: Callable[..., Desk], acted: bool) -> None:
    at = desk(1)
    [one] = at.ids
    pay = at.client.bonuses.pay

    def die(ident: str) -> None:
        if acted:
            pay(ident)
        raise KeyboardInterrupt

    at.client.bonuses.pay = die  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        at.propose(pay_row(one)).apply()
    at.client.bonuses.pay = pay  # type: ignore[method-assign]
    if not acted:
        with pytest.raises(UnclearPayment):
            at.propose(pay_row(one)).apply()
        at.propose(pay_row(one)).settle(paid=False)
    at.propose(pay_row(one)).apply()
    assert at.bonuses() == {one: [50]}
    assert at.acted()["payBonuses"] == 1


def test_a_refusal_is_clear_and_can_be_tried_again(desk: Callable[..., Desk]) -> None:
    at = desk(1)
    [one] = at.ids
    at.sandbox.faults.add(Fault("payBonuses", "no funds"))
    with pytest.raises(Rejected, match="cannot be paid"):
        at.propose(pay_row(one)).apply()
    at.propose(pay_row(one)).apply()
    assert at.bonuses() == {one: [50]}
    assert at.acted()["createBonuses"] == 1


def test_a_busy_server_is_asked_again_and_then_given_up(desk: Callable[..., Desk]) -> None:
    at = desk(1)
    [one] = at.ids
    at.sandbox.faults.add(Fault("payBonuses", "refuse", status=429, times=4))
    with pytest.raises(TooManyRequests):
        at.propose(pay_row(one)).apply()
    at.sandbox.faults.add(Fault("payBonuses", "refuse", status=429, times=3))
    at.propose(pay_row(one)).apply()
    assert at.bonuses() == {one: [50]}


@pytest.mark.parametrize("operation", ["bulkApprove", "transitionSubmission", "createBonuses"])
@pytest.mark.parametrize(
    "trouble",
    [{"kind": "lost"}, {"kind": "reset"}, {"kind": "truncate"}, {"kind": "refuse", "status": 502}],
    ids=lambda trouble: trouble["kind"],
)
def test_idempotent_requests_are_retried(desk: Callable[..., Desk], operation: str, trouble: dict[str, Any]) -> None:
    at = desk(2)
    one, two = at.ids
    at.sandbox.faults.add(Fault(operation, **trouble))
    at.propose({"submission_id": one, "action": "approve", "bonus": "0.50"}, reject_row(two)).apply()
    assert at.statuses() == {one: "APPROVED", two: "REJECTED"}
    assert at.bonuses() == {one: [50]}


def test_approvals_without_a_response_are_verified_on_the_submissions(desk: Callable[..., Desk]) -> None:
    at = desk(2)
    at.sandbox.faults.add(Fault("bulkApprove", "lost", times=None))
    at.propose(*[{"submission_id": each, "action": "approve"} for each in at.ids]).apply()
    assert set(at.statuses().values()) == {"APPROVED"}


def test_a_second_payment_of_the_same_needs_a_reason_and_each_reason_pays_once(desk: Callable[..., Desk]) -> None:
    at = desk(1)
    [one] = at.ids
    proposal = at.propose(pay_row(one)).apply()
    assert 'proposal.apply(again="reason")' in str(at.propose(pay_row(one)).findings)
    for _ in range(2):
        at.propose(pay_row(one)).apply(again="For the interview")
        proposal.apply(again="For the interview")
    assert at.bonuses() == {one: [50, 50]}


def test_an_amended_frame_pays_only_what_is_new(desk: Callable[..., Desk]) -> None:
    at = desk(3)
    one, two, three = at.ids
    at.propose(pay_row(one), reject_row(two)).apply()
    mended = reject_row(two, message=MESSAGE + " Sorry.")
    amended = at.propose(pay_row(one), mended, pay_row(three, "0.20"))
    assert amended.total == Money(20 + 9 + 2, "GBP")  # 8.56 and 1.8 pence, rounded
    amended.apply(max_cost="0.31")
    assert at.bonuses() == {one: [50], three: [20]}


def test_a_late_payment_stops_another_amount_for_the_same_person(desk: Callable[..., Desk]) -> None:
    at = desk(1)
    [one] = at.ids
    at.sandbox.faults.add(Fault("payBonuses", "reset"))
    with pytest.raises(UnclearPayment) as unclear:
        at.propose(pay_row(one)).apply()
    at.client.bonuses.pay(unclear.value.bonus_id)  # the first request arrives late
    until_shown(at, one)
    with pytest.raises(SpendError, match=f"has reached {one} after all"):
        at.propose(pay_row(one, "0.60")).apply()
    assert at.bonuses() == {one: [50]}


def test_another_bonus_in_the_meantime_is_not_taken_for_the_lost_one(desk: Callable[..., Desk]) -> None:
    at = desk(1)
    [one] = at.ids
    at.sandbox.faults.add(Fault("payBonuses", "reset"))
    with pytest.raises(UnclearPayment):
        at.propose(pay_row(one)).apply()
    at.client.bonuses.pay(at.client.bonuses.create(at.study_id, f"{one},0.30\n").id)
    until_shown(at, one, 30)
    with pytest.raises(UnclearPayment):
        at.propose(pay_row(one)).apply()


def test_a_payment_is_recognised_in_a_larger_sum(desk: Callable[..., Desk]) -> None:
    at = desk(1)
    [one] = at.ids
    at.propose(pay_row(one, "0.30")).apply()
    at.sandbox.faults.add(Fault("payBonuses", "reset"))
    with pytest.raises(UnclearPayment):
        at.propose(pay_row(one)).apply()
    whole = at.client.submissions.list

    def merged(*asked: Any, **more: Any) -> Iterator[Record]:
        return (Record({**each, "bonus_payments": [80] if each.id == one else []}) for each in whole(*asked, **more))

    at.client.submissions.list = merged  # type: ignore[method-assign]
    at.propose(pay_row(one)).apply()
    assert at.acted()["payBonuses"] == 1


def test_two_kernels_at_the_same_moment_pay_once(desk: Callable[..., Desk]) -> None:
    at = desk(2)
    rows = [{**pay_row(each), "action": "approve"} for each in at.ids]
    proposals = [at.propose(*rows) for _ in range(4)]
    with ThreadPoolExecutor(4) as kernels:
        list(kernels.map(Proposal.apply, proposals))
    assert at.bonuses() == {each: [50] for each in at.ids}
    assert at.acted() == {"bulkApprove": 1, "createBonuses": 1, "payBonuses": 1}


def test_decisions_do_not_wait_for_unclear_money(desk: Callable[..., Desk]) -> None:
    at = desk(2)
    one, two = at.ids
    at.sandbox.faults.add(Fault("payBonuses", "reset"))
    with pytest.raises(UnclearPayment):
        at.propose(pay_row(one)).apply()
    at.propose({"submission_id": two, "action": "approve"}).apply()
    assert at.statuses()[two] == "APPROVED"


def test_a_payment_that_was_accepted_and_is_not_shown_is_said_and_not_repeated(
    desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = desk(1)
    [one] = at.ids
    monkeypatch.setattr("prolific_nb.sandbox.storage.paid_bonuses._SHOWN_AFTER", 3600.0)
    with pytest.warns(UserWarning, match="accepted the payment of bonus file"):
        at.propose(pay_row(one)).apply()
    at.propose(pay_row(one)).apply()
    assert at.acted()["payBonuses"] == 1
