"""Bonuses and approvals while the server, the submissions or the ledger change in between."""

from __future__ import annotations

import sqlite3
import time
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.api import Client, Record
from prolific_nb.api.polling import PollIntervals
from prolific_nb.errors import LedgerError, ReviewError, SpendError, StepFailed, UnclearPayment
from prolific_nb.sandbox import Fault

from ..study.finished_study import MESSAGE
from .machines import live_at
from .reviewed_place import Place, finished


@pytest.fixture
def place() -> Iterator[Place]:
    with finished() as made:
        yield made


# --- second thoughts of the server --------------------------------------------------------------------------------


def test_a_bonus_given_on_the_website_while_a_busy_server_is_waited_for(place: Place) -> None:
    one = place.ids[0]
    place.box.faults.add(Fault("payBonuses", "refuse", status=429))
    place.box.faults.listen(lambda _: place.on_the_website((one, "0.50")))
    with pytest.raises(SpendError, match=rf"{one}: it has 0\.50 GBP(.|\n)*What was done before stands"):
        place.run.review(place.frame()).apply(max_cost="10.00")
    assert place.bonuses() == [[50], [], [], [], [], []]


def test_a_rejection_while_a_busy_server_is_waited_for(place: Place) -> None:
    one = place.ids[0]
    place.box.faults.add(Fault("payBonuses", "refuse", status=429))
    place.box.faults.listen(lambda _: live_at(*place.address).submissions.transition(one, "RETURN"))
    with pytest.warns(UserWarning, match=f"{one}: It is RETURNED now"):
        place.run.review(place.frame(action="bonus")).apply(max_cost="10.00")
    assert place.bonuses() == [[], *[[50]] * 5]


@pytest.mark.parametrize("wrong", [[0], [2, 3], [0, 1, 2, 3, 4, 5]], ids=len)
def test_lines_that_the_server_reads_with_another_amount_are_named(place: Place, wrong: list[int]) -> None:
    ids = place.ids
    for factor in (100, 0):
        with pytest.MonkeyPatch.context() as patch:
            misread(patch, place.client, [ids[each] for each in wrong], factor)
            with pytest.raises(SpendError) as refused:
                place.run.review(place.frame()).apply(max_cost="999.00")
        said = str(refused.value)
        assert [each for each in ids if each in said] == [ids[each] for each in wrong]
        assert f"submission {ids[wrong[0]]}: 0.50 GBP was asked for, Prolific reports {factor // 2}.00 GBP" in said
        assert "nothing was paid" in said
    assert place.bonuses() == [[]] * 6
    place.run.review(place.frame()).apply(max_cost="10.00")
    assert place.bonuses() == [[50]] * 6


def misread(patch: pytest.MonkeyPatch, client: Client, wrong: list[str], factor: int) -> None:
    """Let the server take the amounts of some submissions for others."""
    create = client.bonuses.create

    def creating(study_id: str, csv: str) -> Record:
        lines = [line.split(",") for line in csv.split()]
        amount = sum(50 * (factor if who in wrong else 1) for who, _ in lines)
        made = create(study_id, csv)
        return Record({**made, "amount": amount, "total_amount": amount + made["fees"] + made["vat"]})

    patch.setattr(client.bonuses, "create", creating)


ODD_FIGURES: list[dict[str, Any]] = [
    *({"amount": value} for value in (-1, 0, True, 300.5, "300", None, 299, float("nan"), [300])),
    *({"total_amount": value} for value in (-1, 0, True, 299, "454", None, 453, 455, 1.5)),
    *({name: value} for name in ("fees", "vat") for value in (-1, True, "26", 1000)),
    {"id": ""},
    {"id": None},
]


def test_odd_figures_of_a_bonus_file_pay_nothing(place: Place) -> None:
    create, proposal = place.client.bonuses.create, place.run.review(place.frame())
    for odd in ODD_FIGURES:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(place.client.bonuses, "create", lambda *given, odd=odd: Record({**create(*given), **odd}))
            with pytest.raises(SpendError):
                proposal.apply(max_cost="10.00")
        assert place.acted("payBonuses") == 0, odd
    proposal.apply(max_cost="10.00")
    assert place.bonuses() == [[50]] * 6


# --- submissions that change --------------------------------------------------------------------------------------

CHANGES: dict[str, dict[str, Any]] = {
    "REJECTED": {"action": "REJECT", "message": MESSAGE, "category": "LOW_EFFORT"},
    "RETURNED": {"action": "RETURN"},
}


@pytest.mark.parametrize("status", CHANGES)
def test_a_submission_that_was_lost_between_review_and_apply_gets_no_bonus(place: Place, status: str) -> None:
    proposal = place.run.review(place.frame(action="bonus"))
    live_at(*place.address).submissions.transition(place.ids[1], **CHANGES[status])
    with pytest.warns(UserWarning, match=f"{place.ids[1]}: It is {status} now and was AWAITING REVIEW"):
        proposal.apply(max_cost="10.00")
    assert place.bonuses() == [[50], [], *[[50]] * 4]
    for shown in (repr(proposal), proposal._repr_html_(), str(proposal.findings.warnings)):
        assert f"It is {status} now" in shown
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        place.run.review(place.frame(action="bonus")).apply(max_cost="10.00")  # now it was that when it was proposed
    assert place.bonuses() == [[50]] * 6


def test_bonuses_of_an_hourly_rate_leave_out_who_was_rejected_meanwhile(place: Place) -> None:
    proposal = place.run.bonus_to("60.00")
    live_at(*place.address).submissions.transition(place.ids[1], **CHANGES["REJECTED"])
    with pytest.warns(UserWarning, match=f"{place.ids[1]}: It is REJECTED now"):
        proposal.apply(max_cost="99.00")
    assert [len(each) for each in place.bonuses()] == [1, 0, 1, 1, 1, 1]


def test_a_submission_that_is_lost_between_two_files(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prolific_nb.study.spend.bonus_files.MOST_LINES", 2)
    pay, ids, paid = place.client.bonuses.pay, place.ids, []

    def paying(ident: str) -> None:
        pay(ident)
        paid.append(ident)
        if len(paid) == 1:
            live_at(*place.address).submissions.transition(ids[3], **CHANGES["RETURNED"])

    monkeypatch.setattr(place.client.bonuses, "pay", paying)
    proposal = place.run.review(place.frame(action="bonus"))
    with pytest.warns(UserWarning, match=f"{ids[3]}: It is RETURNED now"):
        proposal.apply(max_cost="10.00")
    assert place.bonuses() == [[50], [50], [50], [], [50], [50]]
    # By hand: twice (100 + 43 + 9), and (50 + 21 + 4) for the file of one line.
    assert proposal.total.minor == 152 + 75 + 152


def test_a_bonus_that_appears_between_two_files_stops_the_rest(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("prolific_nb.study.spend.bonus_files.MOST_LINES", 2)
    pay, ids, paid = place.client.bonuses.pay, place.ids, []

    def paying(ident: str) -> None:
        pay(ident)
        paid.append(ident)
        if len(paid) == 1:
            place.on_the_website((ids[3], "0.50"))

    monkeypatch.setattr(place.client.bonuses, "pay", paying)
    proposal = place.run.review(place.frame())
    with pytest.raises(SpendError, match=rf"{ids[3]}: it has 0\.50 GBP(.|\n)*What was done before stands"):
        proposal.apply(max_cost="10.00")
    assert place.bonuses() == [[50], [50], [], [50], [], []]
    rest = [each for each in ids if each != ids[3]]
    place.run.review(place.frame(ids=rest)).apply(max_cost="10.00")
    assert place.bonuses() == [[50]] * 6


def test_a_bonus_with_a_rejection_of_the_same_proposal_is_paid(place: Place) -> None:
    frame = place.frame(action="reject", ids=place.ids[:1]).assign(category="LOW_EFFORT", message=MESSAGE)
    place.run.review(frame).apply(max_cost="10.00")
    assert place.bonuses()[0] == [50]


@pytest.mark.parametrize("lost", [False, True])
def test_an_approval_that_never_arrives_names_its_submissions(
    place: Place, monkeypatch: pytest.MonkeyPatch, lost: bool
) -> None:
    approve, ids = place.client.submissions.bulk_approve, place.ids
    monkeypatch.setattr("prolific_nb.study.review.approvals._PATIENCE", 0.5)
    monkeypatch.setattr(place.client.submissions, "bulk_approve", lambda chosen: approve(chosen[:4]))
    if lost:
        place.box.faults.add(Fault("bulkApprove", "lost", times=None))
    proposal = place.run.review(place.frame())
    with pytest.raises(StepFailed) as failed:
        proposal.apply(max_cost="10.00")
    assert [each for each in ids if each in str(failed.value)] == ids[4:]
    assert "AWAITING REVIEW" in str(failed.value)
    assert place.bonuses() == [[]] * 6
    place.box.faults.clear()
    monkeypatch.setattr(place.client.submissions, "bulk_approve", approve)
    proposal.apply(max_cost="10.00")
    assert set(place.run.submissions()["status"]) == {"APPROVED"}
    assert place.bonuses() == [[50]] * 6


# --- what the ledger holds ----------------------------------------------------------------------------------------


DAMAGED_NOTES = (
    *("", "{", "null", "[]", '{"before": {}}', '{"lines": [], "before": {}}', '{"lines": [["a"]], "before": {}}'),
    *('{"lines": [["a", "50", null, ""]], "before": {}}', '{"lines": [["a", 50, null, ""]], "before": {"a": ["x"]}}'),
)


def test_a_damaged_record_of_a_payment_is_said(place: Place) -> None:
    place.run.review(place.frame()).apply(max_cost="10.00")
    for note in DAMAGED_NOTES:
        with sqlite3.connect(place.run.ledger.path) as db:
            assert db.execute("UPDATE steps SET note = ? WHERE name LIKE 'pay %'", (note,)).rowcount == 1
        with pytest.raises(LedgerError, match=r"is damaged(.|\n)*payment of bonus file(.|\n)*Rename the file"):
            place.run.review(place.frame()).apply(max_cost="10.00")
    assert place.bonuses() == [[50]] * 6


def test_a_damaged_record_of_a_bonus_file_is_said(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.box.faults.add(Fault("payBonuses", "no funds"))
    proposal = place.run.review(place.frame())
    with pytest.raises(pnb.errors.Rejected):
        proposal.apply(max_cost="10.00")
    with sqlite3.connect(place.run.ledger.path) as db:
        assert db.execute("UPDATE steps SET note = 'x' WHERE name LIKE 'bonus %'").rowcount == 1
    with pytest.raises(LedgerError, match="is damaged"):
        proposal.apply(max_cost="10.00")


def test_a_step_of_the_future_is_waited_for_no_longer_than_the_grace(place: Place) -> None:
    place.box.faults.add(Fault("payBonuses", "reset"))
    with pytest.raises(UnclearPayment):
        place.run.review(place.frame()).apply(max_cost="10.00")
    with sqlite3.connect(place.run.ledger.path) as db:
        assert db.execute("UPDATE steps SET at = at + 3600 WHERE name LIKE 'pay %'").rowcount == 1
    place.client.pace = PollIntervals(job=0.05, study=0.05, grace=0.2)
    start = time.monotonic()
    with pytest.raises(UnclearPayment):
        place.run.review(place.frame()).apply(max_cost="10.00")
    assert time.monotonic() - start < 10


# --- columns ------------------------------------------------------------------------------------------------------


def test_a_column_that_nearly_is_one_that_is_read_pays_and_approves_nothing(place: Place) -> None:
    frame = place.frame().rename(columns={"bonus": "Bonus"})
    with pytest.raises(ReviewError, match="column 'Bonus': This column is not read, but its name looks like 'bonus'"):
        place.run.review(frame)
    assert place.acted("bulkApprove") == 0


def test_the_table_of_submissions_and_an_old_proposal_are_frames_without_findings(place: Place) -> None:
    table = place.run.submissions().assign(action="approve", bonus="0.50", note="fine", worker=1)
    proposal = place.run.review(table)
    assert not proposal.findings
    assert place.run.review(proposal.acts).id == proposal.id
