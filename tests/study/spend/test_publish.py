"""Spending: cost, cap and balance are checked, each payment is made once, and the status reports it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.common.progress import Progress, silent
from prolific_nb.errors import ApiError, InputError, ProlificError, SpendError, StepFailed
from prolific_nb.sandbox import Fault
from prolific_nb.workflow.run import Run

from ...conftest import DESIGN, PLAN, Connect

DATA = pnb.read_data(pnb.sample_data().head(24))
Answered = Callable[..., Run]


def cost(reward: int, places: int) -> int:
    """Prolific's published fee of 42.8 % and 20 % VAT on it, by hand, in pence; half a penny is rounded up."""
    fee = int(reward * places * 0.428 + 0.5)
    return reward * places + fee + int(fee * 0.2 + 0.5)


def drafted(client: Any, **options: Any) -> Run:
    return pnb.launch(client, DATA, DESIGN, PLAN, on_progress=silent, **options)


def available(run: Run) -> int:
    return int(run.client.workspaces.balance(run.client.workspace_id).available_balance)


# --- more people ----------------------------------------------------------------------------------------------------


def test_more_annotators_add_places_at_the_stated_cost(answered: Answered) -> None:
    run = answered()
    before = available(run)
    with pytest.raises(SpendError, match=r"The cost is 18\.17 GBP, above max_cost 18\.16 GBP"):
        run.add_annotators(2, max_cost="18.16")
    assert run.status().places == 12
    run.add_annotators(2, max_cost="18.17")
    assert before - available(run) == cost(150, 20) - cost(150, 12) == 1817
    run.wait(60, on_progress=silent)
    assert run.status().places == run.status().filled == 20
    frame = run.responses(question="How?")
    assert frame.groupby("row", observed=True)["participant_id"].nunique().eq(5).all()


def test_repeating_the_cell_adds_no_annotators(answered: Answered) -> None:
    run = answered().add_annotators(1, max_cost="99.00")
    after_one = available(run)
    run.add_annotators(1, max_cost="99.00")
    reopened = pnb.open_run(study_id=run.study_id, client=run.client)
    assert reopened.plan.annotators_per_task == 4  # as the server has it by now; the base stays the plan's
    reopened.add_annotators(1, max_cost="99.00")
    assert available(run) == after_one
    assert run.status().places == 16
    assert run.add_annotators(2, max_cost="99.00").status().places == 20


def test_add_annotators_without_a_cap_names_the_cost(sandboxed: Connect) -> None:
    run = drafted(sandboxed(mode="LIVE"))
    with pytest.raises(InputError, match=r"draft.*Launch again with a larger annotators_per_task"):
        run.add_annotators(1, max_cost="99.00")
    run.publish(max_cost="99.00")
    with pytest.raises(SpendError, match=r'run\.add_annotators\(\.\.\., max_cost="9\.08"\)'):
        run.add_annotators(1)
    for wrong in (0, -1, 1.5, True, "2"):
        with pytest.raises(InputError, match="not a valid number of annotators"):
            run.add_annotators(wrong, max_cost="99.00")  # type: ignore[arg-type]
    assert run.status().places == 12


# --- publishing -----------------------------------------------------------------------------------------------------


def test_a_paused_study_is_not_published_again(sandboxed: Connect) -> None:
    run = drafted(sandboxed(speed=1.0)).publish(max_cost="99.00").pause()
    held = available(run)
    assert run.publish(max_cost="99.00").status().state == "PAUSED"
    assert available(run) == held


def test_a_scheduled_study_is_not_taken_for_a_published_one(sandboxed: Connect) -> None:
    run = drafted(sandboxed(speed=60.0))
    run.client.studies.schedule(run.study_id, datetime(2030, 1, 31, 9, tzinfo=UTC))
    with pytest.raises(ProlificError, match=r"client\.studies\.unschedule"):
        run.publish(max_cost="120.00")
    run.client.studies.unschedule(run.study_id)
    assert run.publish(max_cost="120.00").status().state == "ACTIVE"


def test_a_study_that_became_a_draft_again_can_be_published_again(sandboxed: Connect) -> None:
    run = drafted(sandboxed(speed=60.0))
    run.ledger.done(run.key, "publish")  # as after a publication that was taken back
    assert run.publish(max_cost="120.00").status().state == "ACTIVE"


def test_a_refused_publication_can_be_tried_again(sandboxed: Connect) -> None:
    run = drafted(sandboxed(speed=60.0, faults=[Fault("transitionStudy", "no funds")]))
    with pytest.raises(ApiError, match="answered with 400"):
        run.publish(max_cost="99.00")
    assert run.ledger.step(run.key, "publish") is None
    assert run.status().state == "UNPUBLISHED"
    assert run.publish(max_cost="99.00").status().state == "ACTIVE"


# --- what is known --------------------------------------------------------------------------------------------------


def test_the_status_of_a_draft_has_spent_nothing(sandboxed: Connect) -> None:
    status = drafted(sandboxed()).status()
    assert (status.state, status.places, status.filled) == ("UNPUBLISHED", 12, 0)
    assert (status.spent, status.reserved) == (pnb.Money(0, "GBP"), pnb.Money(0, "GBP"))
    assert (status.median_minutes, status.hourly, status.expected) == (None, None, None)


def test_the_status_reports_actual_pay_and_money_spent_and_reserved(answered: Answered) -> None:
    run = answered()
    status = run.status()
    people = run.client.studies.submissions(run.study_id)
    spans = [
        (datetime.fromisoformat(each.completed_at) - datetime.fromisoformat(each.started_at)).total_seconds() / 60
        for each in people
        if each.completed_at
    ]
    assert status.median_minutes == pytest.approx(median(spans))
    assert status.hourly == pnb.Money(int(150 * 60 / median(spans)), "GBP")
    assert (status.spent.minor, status.reserved.minor) == (cost(150, 12), 0)
    assert repr(status).startswith("SANDBOX study")
    assert "the actual pay is" in str(status)
    assert status._repr_html_().index("SANDBOX") < status._repr_html_().index(run.study_id)


def test_a_bonus_is_spent_beside_the_rewards_and_takes_nothing_from_the_reserve(sandboxed: Connect) -> None:
    clock = Clock()
    client = sandboxed(speed=1.0, wall=clock)
    clock.steps = True
    run = drafted(client).publish(max_cost="99.00")
    while run.status().filled < 2:
        clock.now += 60
    run.pause()
    clock.now += 3600
    before = run.status()
    done = run.submissions().query("status == 'AWAITING REVIEW'")[["submission_id"]].head(1)
    frame = done.assign(action="bonus", category="", message="", bonus="1.00")
    run.review(frame).apply(max_cost="2.00")
    clock.now += 60
    after = run.status()
    assert after.counts == before.counts
    assert after.spent.minor - before.spent.minor == cost(100, 1) == 152
    assert after.reserved == before.reserved


def test_while_it_runs_money_is_spent_or_reserved_and_an_end_is_expected(sandboxed: Connect) -> None:
    clock = Clock()
    client = sandboxed(speed=1.0, wall=clock)
    clock.steps = True
    run = drafted(client).publish(max_cost="99.00")
    clock.steps = False
    while (status := run.status()).filled < 4:
        clock.now += 60
    people = list(client.studies.submissions(run.study_id))
    starts = [datetime.fromisoformat(each.started_at) for each in people]
    ends = [datetime.fromisoformat(each.completed_at) for each in people if each.completed_at]
    latest = max(starts + ends)
    assert status.expected == latest + (latest - min(starts)) * (12 - len(ends)) / len(ends)
    assert status.spent.minor + status.reserved.minor == cost(150, 12)
    assert 0 < status.spent.minor < cost(150, 12)
    assert "expected finish" in str(status)


class Clock:
    """Real time that moves when it is told to, or with every look at it."""

    def __init__(self) -> None:
        self.now, self.steps = 1_800_000_000.0, False

    def __call__(self) -> float:
        self.now += 0.05 if self.steps else 0.0
        return self.now


def test_an_interrupted_wait_reports_that_the_study_continues(
    sandboxed: Connect, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(progress: Progress) -> None:
        raise KeyboardInterrupt

    run = drafted(sandboxed(speed=1.0)).publish(max_cost="99.00")
    with pytest.raises(KeyboardInterrupt):
        run.wait(on_progress=interrupt)
    assert "continues on the server; run.wait() waits for it again" in capsys.readouterr().out
    assert run.status().state == "ACTIVE"


# --- the quote ------------------------------------------------------------------------------------------------------


def test_the_quote_reports_pay_per_row_and_the_source_of_the_recommendation(sandboxed: Connect) -> None:
    client = sandboxed()
    quote = pnb.quote(client, DATA, DESIGN, PLAN)
    assert (quote.places, quote.total.minor, str(quote.per_task)) == (12, cost(150, 12), "0.250")
    assert (quote.floor.minor, quote.recommended.minor) == (600, 900)
    assert "Prolific's recommendation for this workspace" in str(quote)


def test_without_advice_from_the_server_the_dated_figures_are_used_and_can_be_set(
    sandboxed: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sandboxed()
    monkeypatch.setattr(type(client.workspaces), "pay_advice", lambda *given: None)
    quote = pnb.quote(client, DATA, DESIGN, PLAN)
    assert (quote.floor.minor, quote.recommended.minor) == (600, 900)
    assert "help centre, September 2026" in str(quote)
    client.fallback_pay, client.fallback_source = {"GBP": ("16.00", "17.00")}, "our ethics board"
    quote = pnb.quote(client, DATA, DESIGN, PLAN)
    assert "below Prolific's minimum" in str(quote.findings.errors)
    assert "our ethics board" in str(quote)


# --- rows that do not arrive ----------------------------------------------------------------------------------------


def test_rejected_rows_stop_the_launch_and_one_may_go_on_without_them(sandboxed: Connect) -> None:
    client = sandboxed(faults=[Fault("uploadFile", "partial", times=2)])
    with pytest.raises(StepFailed, match=r"rows accepted.*To continue without them: .*accept_partial=True"):
        drafted(client)
    run = drafted(client, accept_partial=True)
    batch = client.batches.get(run.batch_id)
    assert 0 < batch.total_task_count < len(DATA)
    assert len(list(client.studies.list())) == 1


def test_an_expired_upload_address_is_asked_for_again(sandboxed: Connect) -> None:
    client = sandboxed(faults=[Fault("getDatasetUploadUrl", "expire", times=2)])
    run = drafted(client)
    assert client.datasets.get(run.dataset_id).total_datapoint_count == len(DATA)


def test_a_large_upload_reports_its_progress(sandboxed: Connect) -> None:
    seen: list[Progress] = []
    data = pnb.read_data(b"review\n" + b"".join(b"%d " % n * 300 + b"\n" for n in range(1000)))
    pnb.launch(sandboxed(), data, DESIGN, PLAN, on_progress=seen.append)
    sent = [each for each in seen if each.step.startswith("Uploading")]
    assert len(sent) > 5
    assert [each.done for each in sent] == sorted(each.done for each in sent)
    assert sent[-1].ended
