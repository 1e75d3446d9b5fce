"""Collecting that is disturbed: a full disk, an interrupt in the middle of a request, a second notebook."""

from __future__ import annotations

from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.api.polling import PollIntervals
from prolific_nb.api.studies import Studies
from prolific_nb.common.findings import Finding
from prolific_nb.errors import DataError, LedgerError, ProlificError
from prolific_nb.study.ledger import Ledger
from prolific_nb.workflow.collecting.collect import STEP
from prolific_nb.workflow.collecting.running_answers import RunningAnswers
from prolific_nb.workflow.run import Run

from ...conftest import Connect
from .test_collect import by_request, collect, draft


@pytest.fixture
def slow(sandboxed: Connect) -> Run:
    return draft(sandboxed(speed=1.0, wall=by_request()))


def before_each(patch: pytest.MonkeyPatch, action: str, act: Any, *, sent: bool = False) -> None:
    """Act once at a transition: before its request is sent, or once it is answered."""
    real, left = Studies.transition, [act]

    def transition(self: Studies, study_id: str, name: str) -> Any:
        due = name == action and bool(left)
        if due and not sent:
            left.pop()()
        found = real(self, study_id, name)
        if due and sent:
            left.pop()()
        return found

    patch.setattr(Studies, "transition", transition)


def interrupt() -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("method", ["intend", "done"])
def test_a_full_disk_does_not_keep_a_precise_study_running(
    slow: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], method: str
) -> None:
    real = getattr(Ledger, method)

    def full(self: Ledger, key: str, step: str, *given: Any) -> None:
        if step == STEP:
            raise LedgerError("The disk is full.")
        real(self, key, step, *given)

    monkeypatch.setattr(Ledger, method, full)
    assert collect(slow).reason == "precise"
    assert slow.status().state == "PAUSED"
    assert "The disk is full" in capsys.readouterr().out


@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.parametrize("action", ["PUBLISH", "PAUSE"])
def test_an_interrupt_within_a_request_says_what_may_go_on(
    slow: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], action: str, sent: bool
) -> None:
    before_each(monkeypatch, action, interrupt, sent=sent)
    with pytest.raises(KeyboardInterrupt):
        collect(slow)
    said = capsys.readouterr().out
    assert "Interrupted" in said
    assert "Run this cell again" in said
    assert collect(slow).reason == "precise"


def test_an_interrupt_after_resuming_says_that_the_study_runs(
    slow: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    collect(slow, precision=0.2)
    before_each(monkeypatch, "START", interrupt, sent=True)
    capsys.readouterr()
    with pytest.raises(KeyboardInterrupt):
        collect(slow, precision=0.05)
    assert "Run this cell again" in capsys.readouterr().out


def test_a_second_notebook_that_starts_while_the_first_pauses_does_not_lose_the_note(
    slow: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = pnb.open_run(study_id=slow.study_id, client=slow.client)

    def second() -> None:
        with pytest.raises(ProlificError):
            collect(other, precision=0.001, timeout=0)

    before_each(monkeypatch, "PAUSE", second)
    assert collect(slow).reason == "precise"
    assert collect(slow).reason == "precise"


def test_two_notebooks_of_one_cell_agree_on_why_it_ended(slow: Run) -> None:
    other = pnb.open_run(study_id=slow.study_id, client=slow.client)
    ends = []

    def meanwhile(progress: Any) -> None:
        if not ends and "±" in progress.step:
            ends.append(None)
            ends[0] = collect(slow)

    second = collect(other, on_progress=meanwhile)
    assert ends[0].reason == "precise"
    assert second.reason == "precise"


def test_answers_that_cannot_be_read_are_said_while_money_is_spent(
    slow: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: Any) -> Any:
        raise DataError("'How?'", [Finding("error", "Somebody answered twice.", "Choose another question.")])

    monkeypatch.setattr(RunningAnswers, "read", broken)
    steps: list[str] = []
    with pytest.raises(DataError):
        collect(slow, on_progress=lambda progress: steps.append(progress.step))
    said = capsys.readouterr().out
    assert said.count("Somebody answered twice") == 1
    assert "nothing pauses" in said
    assert any("NOT" in step for step in steps)


def test_a_kernel_that_died_before_the_cap_was_checked_still_has_it_checked(
    slow: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed() -> None:
        slow.client.studies.update(slow.study_id, {"data_collection_metadata": {"annotators_per_task": 6}})
        raise SystemExit

    before_each(monkeypatch, "PUBLISH", killed, sent=True)
    with pytest.raises(SystemExit):
        collect(slow)
    with pytest.raises(pnb.errors.SpendError):
        collect(pnb.open_run(study_id=slow.study_id, client=slow.client))
    assert slow.status().state == "PAUSED"


def test_a_study_paused_for_its_cost_is_not_resumed_once_it_is_precise(slow: Run) -> None:
    collect(slow)
    slow.ledger.intend(slow.key, STEP, slow.ledger.step(slow.key, STEP).note.replace("precise", "cap"))  # type: ignore[union-attr]
    taken = slow.status().taken
    assert collect(slow).reason == "precise"
    assert slow.status().taken == taken


def test_a_pause_that_is_accepted_and_not_made_is_tried_again(
    slow: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slow.client.pace = PollIntervals(job=0.01, study=0.01, grace=0.0)  # with each look time goes on
    real, ignored = Studies.transition, [1, 2]

    def deaf(self: Studies, study_id: str, action: str) -> Any:
        if action == "PAUSE" and ignored:
            ignored.pop()
            return self.get(study_id)
        return real(self, study_id, action)

    monkeypatch.setattr(Studies, "transition", deaf)
    assert collect(slow).reason == "precise"
    assert slow.status().state == "PAUSED"
    assert capsys.readouterr().out.count("could NOT be paused") == 2


def test_a_pause_by_hand_after_a_pause_for_precision_is_not_ended(slow: Run) -> None:
    collect(slow, precision=0.2)
    slow.resume().pause()
    with pytest.raises(ProlificError, match="somebody paused it"):
        collect(slow, precision=0.001)
    assert slow.status().state == "PAUSED"
