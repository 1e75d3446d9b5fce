"""Bonuses in hostile situations: other machines and folders, lost ledgers, odd answers, submissions that change."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.api import Client, Record, Token, Transport
from prolific_nb.api.polling import SANDBOX_PACE, PollIntervals
from prolific_nb.common.progress import silent
from prolific_nb.errors import LedgerError, ReviewError, SpendError, StepFailed, UnclearPayment
from prolific_nb.sandbox import Fault, Sandbox
from prolific_nb.workflow.run import Run

from ..study.finished_study import MESSAGE

DATA = pnb.read_data(pnb.sample_data().head(12))
DESIGN = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad", "mixed"]).write("Why?")
PLAN = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, annotators_per_task=3, tasks_per_group=6)
_fork = multiprocessing.get_context("forkserver")
_fork.set_forkserver_preload(["tests.faults.program", "prolific_nb.study.review.review", "prolific_nb.sandbox"])


def live(place: tuple[str, str]) -> Client:
    """The sandbox, spoken to as if it were Prolific."""
    client = Client(Transport(place[0], Token(place[1]), sleep=lambda _: None), mode="LIVE")
    client.pace = SANDBOX_PACE
    return client


def use_machine(folder: Path) -> None:
    """What a program of another machine, or of another folder with a ledger of its own, starts from."""
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    os.environ["PROLIFIC_NB_LEDGER"] = str(folder / "ledger.sqlite")


@contextmanager
def machine(folder: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(Path.cwd())
        patch.setenv("PROLIFIC_NB_LEDGER", os.environ["PROLIFIC_NB_LEDGER"])
        use_machine(folder)
        yield


@dataclass
class Place:
    """A finished study of six submissions on a sandbox that is spoken to as LIVE."""

    box: Sandbox
    run: Run

    @property
    def address(self) -> tuple[str, str]:
        return self.box.url, self.box.token

    @property
    def client(self) -> Client:
        return self.run.client

    @property
    def ids(self) -> list[str]:
        return sorted(self.run.submissions()["submission_id"])

    def frame(self, bonus: str = "0.50", action: str = "approve", ids: list[str] | None = None) -> pd.DataFrame:
        return pd.DataFrame({"submission_id": ids or self.ids, "action": action, "bonus": bonus})

    def reopened(self) -> Run:
        return pnb.open_run(study_id=self.run.study_id, client=live(self.address))

    def bonuses(self) -> list[list[int]]:
        listed = {each.id: each.bonus_payments for each in live(self.address).submissions.list(self.run.study_id)}
        return [listed[each] for each in self.ids]

    def on_the_website(self, *lines: tuple[str, str]) -> None:
        """Bonuses that a person gives on Prolific's page."""
        client = live(self.address)
        csv = "".join(f"{who},{amount}\n" for who, amount in lines)
        client.bonuses.pay(client.bonuses.create(self.run.study_id, csv).id)
        time.sleep(0.1)  # submissions show it slightly later

    def acted(self, operation: str) -> int:
        return sum(each.operation == operation and each.status < 300 for each in self.box.log)


@pytest.fixture
def place() -> Iterator[Place]:
    with Sandbox(speed=20_000, truth="sentiment") as box:
        run = pnb.launch(live((box.url, box.token)), DATA, DESIGN, PLAN, on_progress=silent)
        yield Place(box, run.publish(max_cost="25.00").wait(60, on_progress=silent))


# --- a bonus that was paid elsewhere ------------------------------------------------------------------------------


def other_machine(at: Place, folder: Path) -> Run:
    use_machine(folder)
    return at.reopened()


def other_directory(at: Place, folder: Path) -> Run:
    folder.mkdir()
    os.chdir(folder)  # between two cells; the ledger of this test is named relative to it, as papermill finds it
    return at.reopened()


def deleted_ledger(at: Place, folder: Path) -> Run:
    Path(at.run.ledger.path).unlink()
    return at.reopened()


def damaged_ledger_renamed(at: Place, folder: Path) -> Run:
    path = Path(at.run.ledger.path)
    data = bytearray(path.read_bytes())
    data[4096:8192] = bytes(4096)
    path.write_bytes(data)
    with pytest.raises(LedgerError, match=r"damaged(.|\n)*Rename the file"):
        at.reopened().review(at.frame())
    path.rename(path.with_suffix(".damaged"))
    return at.reopened()


@pytest.mark.parametrize(
    ("elsewhere", "action"),
    [(other_machine, "approve"), (other_directory, "bonus"), (deleted_ledger, ""), (damaged_ledger_renamed, "approve")],
)
def test_a_bonus_is_not_paid_again_where_the_ledger_is_another_one(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: Callable[..., Run], action: str
) -> None:
    monkeypatch.setenv("PROLIFIC_NB_LEDGER", os.environ["PROLIFIC_NB_LEDGER"])
    frame = place.frame(action=action)
    place.run.review(frame).apply(max_cost="10.00")
    sent = len([each for each in place.box.log if each.method == "POST"])
    proposal = elsewhere(place, tmp_path / "elsewhere").review(frame)
    assert list(proposal.acts["bonus_had"]) == ["0.50 GBP"] * 6
    assert [each.level for each in proposal.findings if "refuses to pay" in each.remedy] == ["warning"] * 6
    for _ in range(2):
        with pytest.raises(SpendError) as refused:
            proposal.apply(max_cost="10.00")
    for words in (
        *place.ids,
        "it has 0.50 GBP",
        "another machine",
        "Nothing was sent",
        'again="reason"',
        "Leave these",
    ):
        assert words in str(refused.value)
    assert place.bonuses() == [[50]] * 6
    later = [each.operation for each in place.box.log if each.method == "POST"][sent:]
    assert not {"createBonuses", "payBonuses", "bulkApprove"} & set(later)


def test_nothing_is_sent_before_the_refusal_not_even_approvals(place: Place, tmp_path: Path) -> None:
    place.on_the_website((place.ids[2], "0.50"))
    with pytest.raises(SpendError, match=rf"submission {place.ids[2]}: it has 0\.50 GBP; proposed is 0\.50 GBP"):
        place.run.review(place.frame()).apply(max_cost="10.00")
    assert place.acted("bulkApprove") == 0
    assert place.bonuses() == [[], [], [50], [], [], []]
    others = [each for each in place.ids if each != place.ids[2]]
    place.run.review(place.frame(ids=others)).apply(max_cost="10.00")
    assert place.bonuses() == [[50]] * 6


def test_a_ledger_deleted_between_two_identical_calls_of_one_proposal(place: Place) -> None:
    proposal = place.run.review(place.frame()).apply(max_cost="10.00")
    Path(place.run.ledger.path).unlink()
    with pytest.raises(SpendError, match=r"it has 0\.50 GBP"):
        proposal.apply(max_cost="10.00")
    assert place.bonuses() == [[50]] * 6


def test_a_bonus_paid_between_review_and_apply_is_found(place: Place, tmp_path: Path) -> None:
    proposal = place.run.review(place.frame())
    assert set(proposal.acts["bonus_had"]) == {""}
    with machine(tmp_path / "b"):
        place.reopened().review(place.frame()).apply(max_cost="10.00")
    with pytest.raises(SpendError, match=r"it has 0\.50 GBP"):
        proposal.apply(max_cost="10.00")
    assert place.bonuses() == [[50]] * 6
    assert set(proposal.acts["bonus_had"]) == {"0.50 GBP"}


def apply_in(
    folder: Path, address: tuple[str, str], study_id: str, frame: pd.DataFrame, again: str, together: Any, said: Any
) -> None:
    use_machine(folder)
    proposal = pnb.open_run(study_id=study_id, client=live(address)).review(frame)
    together.wait(60)  # all have reviewed before the first applies
    try:
        proposal.apply(max_cost="10.00", again=again)
        said.put("paid")
    except SpendError as refused:
        said.put(f"refused: {refused}")


@pytest.mark.parametrize("again", ["", "For the interview"])
def test_four_processes_in_four_folders_pay_once(place: Place, tmp_path: Path, again: str) -> None:
    together, said = _fork.Barrier(4), _fork.Queue()
    given = (place.address, place.run.study_id, place.frame(), again, together, said)
    workers = [_fork.Process(target=apply_in, args=(tmp_path / str(number), *given)) for number in range(4)]
    for worker in workers:
        worker.start()
    words = [said.get(timeout=60) for _ in range(4)]
    for worker in workers:
        worker.join(20)
    assert place.bonuses() == [[50]] * 6
    assert sorted(word.partition(":")[0] for word in words) == ["paid", *["refused"] * 3]


# --- insisting ----------------------------------------------------------------------------------------------------


def test_a_reason_pays_the_same_amount_once_more_and_once_only(place: Place, tmp_path: Path) -> None:
    one = place.ids[:1]
    place.on_the_website((one[0], "0.50"))
    proposal = place.run.review(place.frame(ids=one))
    for _ in range(3):
        proposal.apply(max_cost="10.00", again="For the interview")
        place.run.review(place.frame(ids=one)).apply(max_cost="10.00", again="For the interview")
    assert place.bonuses()[0] == [50, 50]


def test_a_reason_does_not_cover_a_bonus_that_nobody_was_shown(place: Place) -> None:
    one = place.ids[:1]
    proposal = place.run.review(place.frame(ids=one))
    place.on_the_website((one[0], "0.50"))
    with pytest.raises(SpendError, match=r"it has 0\.50 GBP"):
        proposal.apply(max_cost="10.00", again="For the interview")
    assert place.bonuses()[0] == [50]
    proposal.apply(max_cost="10.00", again="For the interview")  # now it was shown
    assert place.bonuses()[0] == [50, 50]


# --- amounts that only look like others ---------------------------------------------------------------------------


def test_another_amount_comes_on_top_and_is_shown(place: Place, tmp_path: Path) -> None:
    one = place.ids[:1]
    place.on_the_website((one[0], "0.30"))
    proposal = place.run.review(place.frame(ids=one))
    assert list(proposal.acts["bonus_had"]) == ["0.30 GBP"]
    [finding] = proposal.findings
    assert (finding.level, finding.place) == ("warning", f"submission {one[0]}")
    assert "It has 0.30 GBP as bonuses already, paid from another machine" in finding.what
    proposal.apply(max_cost="10.00")
    assert place.bonuses()[0] == [30, 50]
    with machine(tmp_path / "b"):
        again = place.reopened().review(place.frame(ids=one))
        assert list(again.acts["bonus_had"]) == ["0.30 GBP + 0.50 GBP"]
        with pytest.raises(SpendError, match=r"it has 0\.30 GBP \+ 0\.50 GBP; proposed is 0\.50 GBP"):
            again.apply(max_cost="10.00")


def test_another_amount_that_appears_after_the_review_is_said(place: Place) -> None:
    one = place.ids[:1]
    proposal = place.run.review(place.frame(ids=one))
    place.on_the_website((one[0], "0.30"))
    with pytest.warns(UserWarning, match=r"It has 0\.30 GBP as bonuses already"):
        proposal.apply(max_cost="10.00")
    assert "0.30 GBP" in repr(proposal)
    assert place.bonuses()[0] == [30, 50]


def test_the_same_amount_in_parts_is_refused(place: Place) -> None:
    one = place.ids[:1]
    place.on_the_website((one[0], "0.20"), (one[0], "0.30"))
    with pytest.raises(SpendError, match=r"it has 0\.20 GBP \+ 0\.30 GBP"):
        place.run.review(place.frame(ids=one)).apply(max_cost="10.00")


def test_what_this_ledger_paid_is_no_finding_also_as_a_sum(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    one = place.ids[:1]
    place.run.review(place.frame("0.30", ids=one)).apply(max_cost="10.00")
    place.run.review(place.frame("0.20", ids=one)).apply(max_cost="10.00")
    show(monkeypatch, place.client, lambda amounts: [sum(amounts)] if amounts else [])
    proposal = place.run.review(place.frame("0.50", ids=one))
    assert not proposal.findings.warnings
    proposal.apply(max_cost="10.00")
    assert place.bonuses()[0] == [30, 20, 50]


def test_a_second_bonus_within_a_sum_is_found(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    one = place.ids[:1]
    place.run.review(place.frame("0.30", ids=one)).apply(max_cost="10.00")
    place.on_the_website((one[0], "0.50"))
    show(monkeypatch, place.client, lambda amounts: sum(amounts))  # one number instead of a list
    with pytest.raises(SpendError, match=r"it has 0\.80 GBP, of which this ledger paid 0\.30 GBP; proposed is 0\.50"):
        place.run.review(place.frame("0.50", ids=one)).apply(max_cost="10.00")


def show(monkeypatch: pytest.MonkeyPatch, client: Client, change: Callable[[list[int]], Any]) -> None:
    """Change how submissions show their bonuses; None leaves them out."""
    listed, got = client.submissions.list, client.submissions.get

    def changed(record: Record) -> Record:
        return Record({**record, "bonus_payments": change(record["bonus_payments"])})

    monkeypatch.setattr(client.submissions, "list", lambda *a, **k: (changed(each) for each in listed(*a, **k)))
    monkeypatch.setattr(client.submissions, "get", lambda *a: changed(got(*a)))


def test_bonuses_that_are_not_reported_are_not_taken_for_none(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    one = place.ids[:1]
    show(monkeypatch, place.client, lambda _: None)
    proposal = place.run.review(place.frame(ids=one))
    assert list(proposal.acts["bonus_had"]) == ["not reported"]
    with pytest.raises(SpendError, match=rf"{one[0]}: Prolific does not report its bonuses"):
        proposal.apply(max_cost="10.00")
    assert place.acted("bulkApprove") == 0
    with pytest.warns(UserWarning, match="accepted the payment"):
        proposal.apply(max_cost="10.00", again="Checked on Prolific's page")
    assert place.bonuses()[0] == [50]


def test_odd_bonuses_of_a_submission_stop_everything(place: Place) -> None:
    proposal = place.run.review(place.frame())
    for odd in [["0.50"], "50", [0.5], [-50], [True], {"amount": 50}, [None], [float("nan")]]:
        with pytest.MonkeyPatch.context() as patch:
            show(patch, place.client, lambda _, odd=odd: odd)  # type: ignore[misc]
            with pytest.raises(SpendError, match="Nothing was spent"):
                proposal.apply(max_cost="10.00")
    assert place.acted("bulkApprove") == place.acted("payBonuses") == 0


def test_bonuses_to_a_rate_count_what_another_machine_paid(place: Place, tmp_path: Path) -> None:
    proposal = place.run.bonus_to("60.00")
    with machine(tmp_path / "b"):
        place.reopened().bonus_to("60.00").apply(max_cost="99.00")
        assert len(place.reopened().bonus_to("60.00").acts) == 0
    paid = place.bonuses()
    with pytest.raises(SpendError, match=r"have changed since this proposal was made\. Nothing was sent"):
        proposal.apply(max_cost="99.00")
    higher = place.run.bonus_to("70.00")
    assert [each.level for each in higher.findings] == ["note"] * 6
    assert "" not in set(higher.acts["bonus_had"])
    higher.apply(max_cost="99.00")
    assert [each[:1] for each in place.bonuses()] == paid
    assert [len(each) for each in place.bonuses()] == [2] * 6


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
    place.box.faults.listen(lambda _: live(place.address).submissions.transition(one, "RETURN"))
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
    live(place.address).submissions.transition(place.ids[1], **CHANGES[status])
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
    live(place.address).submissions.transition(place.ids[1], **CHANGES["REJECTED"])
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
            live(place.address).submissions.transition(ids[3], **CHANGES["RETURNED"])

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
