"""Bonuses that were paid elsewhere: other machines and folders, lost ledgers, the website."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.api import Client, Record
from prolific_nb.errors import LedgerError, SpendError
from prolific_nb.workflow.run import Run

from .machines import live_at, machine, use_machine
from .reviewed_place import Place, finished

_fork = multiprocessing.get_context("forkserver")
_fork.set_forkserver_preload(["tests.faults.program", "prolific_nb.study.review.review", "prolific_nb.sandbox"])


@pytest.fixture
def place() -> Iterator[Place]:
    with finished() as made:
        yield made


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
    proposal = pnb.open_run(study_id=study_id, client=live_at(*address)).review(frame)
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
        worker.join(60)
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
