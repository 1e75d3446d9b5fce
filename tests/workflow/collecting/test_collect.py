"""Collecting until α is precise: the cap, the pause, a restart, and what a failure leaves behind."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Callable
from itertools import count
from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.api import Client
from prolific_nb.api.polling import PollIntervals
from prolific_nb.api.studies import Studies
from prolific_nb.common.progress import Progress, silent
from prolific_nb.errors import InputError, ProlificError, SpendError, StepFailed, Unreachable
from prolific_nb.workflow.collecting.collect import STEP
from prolific_nb.workflow.run import Run

from ...conftest import Connect

ROWS = pd.DataFrame({"review": [f"Review {n}" for n in range(180)], "sentiment": ["good", "bad", "mixed"] * 60})
DESIGN = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad", "mixed"]).write("Why?")
PLAN = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, tasks_per_group=6)
ALL, CAP = 90, "400.00"  # places, and more than they cost
STEP_SECONDS = 40.0  # of sandbox time with every request: precise to ±.15 long before all places are filled


def draft(client: Client, **changes: Any) -> Run:
    client.pace = PollIntervals(job=0.01, study=0.01)
    given = {"data": pnb.read_data(ROWS), "design": DESIGN, "plan": PLAN} | changes
    return pnb.launch(client, given["data"], given["design"], given["plan"], on_progress=silent)


def collect(run: Run, **options: Any) -> Any:
    given = {"precision": 0.15, "max_cost": CAP, "check_every": 0, "on_progress": silent} | options
    return run.collect_until(**given)


def by_request() -> Callable[[], float]:
    """A wall clock that moves with every request only, so that a busy machine changes nothing."""
    moments = count(1_700_000_000.0, STEP_SECONDS)
    return lambda: next(moments)


@pytest.fixture
def slow(sandboxed: Connect) -> Run:
    return draft(sandboxed(speed=1.0, wall=by_request()))


def test_a_study_is_paused_when_it_is_precise_and_what_nobody_took_is_not_paid(slow: Run) -> None:
    seen: list[Progress] = []
    end = collect(slow, on_progress=seen.append)
    assert (end.reason, slow.status().state) == ("precise", "PAUSED")
    assert end.precision.half_width <= 0.15
    assert end.precision.n_units >= 100
    assert slow.status().taken < ALL
    assert end.spent < slow.cost()
    assert end.words.startswith(
        f"Paused after {end.precision.n_answers} answers: α {end.precision.value:.2f} ± 0.15; spent "
    )
    assert f"of at most {CAP} GBP" in end.words
    assert any("α" in each.step for each in seen)
    assert slow.cap == pnb.Money.parse("400.00 GBP")


def test_alpha_while_answers_arrive_is_that_of_the_report(slow: Run) -> None:
    end = collect(slow, precision=0.001)
    final = slow.watch()._answers.answers.read()  # type: ignore[union-attr]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lead = slow.agreement().table.iloc[-1]
    assert final.value == pytest.approx(lead["value"], abs=1e-12)
    assert (final.low, final.high) == pytest.approx((lead["low"], lead["high"]), abs=1e-12)
    course = slow.precision()
    assert course.iloc[-1][["answers", "low"]].tolist() == [final.n_answers, final.low]
    assert course["answers"].is_monotonic_increasing
    assert final == end.precision


def test_the_same_cell_in_another_kernel_leaves_a_precise_study_paused(slow: Run) -> None:
    first = collect(slow)
    again = collect(pnb.open_run(study_id=slow.study_id, client=slow.client))
    assert (again.reason, again.question) == ("precise", first.question)
    step = slow.ledger.step(slow.key, STEP)
    assert step is not None
    assert json.loads(step.note) == {"reason": "precise", "target": 0.15, "question": "How?"}
    slow.ledger.intend(slow.key, STEP, step.note)  # as if the kernel had died before the response
    assert collect(slow, precision=0.2).reason == "precise"
    assert slow.status().state == "PAUSED"


def test_a_finer_target_lets_people_in_again(slow: Run) -> None:
    collect(slow, precision=0.2)
    end = collect(slow, precision=0.001)
    assert (end.reason, slow.status().filled) == ("filled", ALL)
    assert "The target ±0.001 was not reached" in end.words


def test_a_study_that_a_dead_kernel_left_running_is_watched_on(slow: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: Any) -> None:
        raise SystemExit  # the kernel dies between the note and the request

    monkeypatch.setattr("prolific_nb.workflow.collecting.collect.transition_study", killed)
    with pytest.raises(SystemExit):
        collect(slow)
    monkeypatch.undo()
    assert slow.ledger.step(slow.key, STEP).state == "intended"  # type: ignore[union-attr]
    assert slow.status().state == "ACTIVE"
    assert collect(pnb.open_run(study_id=slow.study_id, client=slow.client)).reason == "precise"
    assert slow.status().state == "PAUSED"


def test_a_study_that_somebody_else_paused_stays_paused(slow: Run) -> None:
    slow.publish(max_cost=CAP).pause()
    with pytest.raises(ProlificError, match=r"somebody paused it.*run\.resume\(\)"):
        collect(slow)
    assert slow.status().state == "PAUSED"
    slow.ledger.intend(slow.key, STEP, "[1]")
    with pytest.raises(ProlificError, match="somebody paused it"):
        collect(slow)


def test_a_note_of_an_earlier_pause_does_not_explain_a_later_one(slow: Run) -> None:
    collect(slow, precision=0.2)
    slow.resume()
    with pytest.raises(ProlificError):
        collect(slow, precision=0.001, timeout=0)
    slow.pause()
    with pytest.raises(ProlificError, match="somebody paused it"):
        collect(slow)


def test_nothing_is_published_above_the_cap_and_live_needs_one(sandboxed: Connect) -> None:
    run = draft(sandboxed(seed=1))
    with pytest.raises(SpendError, match="above max_cost"):
        collect(run, max_cost="10.00")
    with pytest.raises(SpendError, match="cannot be used"):
        collect(run, max_cost=10.0)
    assert run.status().state == "UNPUBLISHED"
    assert run.cap is None
    live = draft(sandboxed(mode="LIVE", seed=2), data=pnb.read_data(ROWS.head(120)))
    with pytest.raises(SpendError, match="To allow it"):
        collect(live, max_cost=None)
    assert live.status().state == "UNPUBLISHED"
    live.publish(max_cost=CAP)
    with pytest.raises(SpendError, match=r"costs up to .*max_cost="):
        collect(live, max_cost=None)


def test_a_running_study_above_the_cap_is_refused_and_not_changed(slow: Run) -> None:
    slow.publish(max_cost=CAP)
    with pytest.raises(SpendError, match=r"above max_cost 10\.00 GBP. It is ACTIVE, and was not changed"):
        collect(slow, max_cost="10.00")
    assert slow.status().state == "ACTIVE"


def test_a_cost_that_rises_meanwhile_pauses_the_study_and_a_higher_cap_resumes_it(slow: Run) -> None:
    def grow(progress: Progress) -> None:
        if progress.done and slow.client.studies.get(slow.study_id).total_available_places == ALL:
            slow.client.studies.update(slow.study_id, {"data_collection_metadata": {"annotators_per_task": 6}})

    end = collect(slow, precision=0.001, on_progress=grow)
    assert (end.reason, slow.status().state) == ("cap", "PAUSED")
    assert "rose above the cap" in end.words
    with pytest.raises(SpendError, match="It is PAUSED, and was not changed"):
        collect(slow)
    assert collect(slow, max_cost="999.00").reason == "precise"


def test_a_pause_that_fails_is_reported_and_tried_again(
    slow: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real, failures = Studies.transition, [Unreachable("no network"), SpendError("busy")]

    def flaky(self: Studies, study_id: str, action: str) -> Any:
        if action == "PAUSE" and failures:
            raise failures.pop(0)
        return real(self, study_id, action)

    monkeypatch.setattr(Studies, "transition", flaky)
    assert collect(slow).reason == "precise"
    assert slow.status().state == "PAUSED"
    said = capsys.readouterr().out
    assert said.count("could NOT be paused") == 2
    assert "still running and taking participants" in said


def test_a_pause_that_never_succeeds_is_an_error_that_says_the_study_runs(
    slow: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Studies.transition

    def refused(self: Studies, study_id: str, action: str) -> Any:
        if action == "PAUSE":
            raise SpendError("busy")
        return real(self, study_id, action)

    monkeypatch.setattr(Studies, "transition", refused)
    monkeypatch.setattr("prolific_nb.workflow.collecting.collect._TRIES", 2)
    with pytest.raises(StepFailed, match="still RUNNING"):
        collect(slow)
    monkeypatch.undo()
    assert collect(slow).reason in ("precise", "filled")


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), pnb.errors.WaitTimeout("long")])
def test_an_interrupt_leaves_the_study_running_and_says_so(
    slow: Run, stop: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(progress: Progress) -> None:
        raise stop

    with pytest.raises(type(stop)):
        collect(slow, on_progress=interrupted)
    said = capsys.readouterr().out
    assert f"continues on the server, at most {CAP} GBP in all" in said
    assert "nothing pauses it" in said
    assert slow.status().state == "ACTIVE"


def test_wrong_arguments_are_refused_before_anything_is_spent(slow: Run) -> None:
    wrong: list[dict[str, Any]] = [
        {"precision": 0}, {"precision": "small"}, {"precision": math.nan}, {"check_every": -1}, {"question": "Why?"},
        {"question": "Who?"},
    ]  # fmt: skip
    for options in wrong:
        with pytest.raises(ProlificError):
            collect(slow, **options)
    texts = pnb.Design("Texts").show("review").write("Why?")
    with pytest.raises(InputError, match="None of the questions"):
        collect(draft(slow.client, design=texts, data=pnb.read_data(ROWS.head(30))))
    assert slow.status().state == "UNPUBLISHED"


def test_news_carry_alpha(slow: Run) -> None:
    news: list[Any] = []
    poller = slow.watch()
    unsubscribe = poller.subscribe(news.append)
    slow.publish(max_cost=CAP).wait(timeout=60, on_progress=silent)
    poller.hurry()
    poller.settle(10)
    unsubscribe()
    known = [each.precision for each in news if each.precision is not None]
    assert len({each.n_answers for each in known}) > 1
    assert poller.latest.precision.n_answers == 540  # type: ignore[union-attr]
    assert poller.latest.status.state == "AWAITING REVIEW"  # type: ignore[union-attr]
    with pytest.raises(LookupError):
        slow.watch("Who?")


def test_a_rejected_submission_is_taken_back(answered: Callable[..., Run]) -> None:
    run = answered()
    answers = run._answers_of(None).answers
    before = answers.read()
    [first, *_] = run.client.studies.submissions(run.study_id)
    message = "The answers of this submission repeat one label for every review, also where it is clearly wrong. " * 2
    run.client.submissions.transition(first["id"], "REJECT", message=message, category="LOW_EFFORT")
    after = answers.read()
    assert after.n_answers == before.n_answers - 6
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert after.value == pytest.approx(run.agreement().table.iloc[-1]["value"], abs=1e-12)


def test_gold_rows_and_attention_checks_do_not_count(sandboxed: Connect) -> None:
    data = pnb.read_data(ROWS.head(20)).with_gold(ROWS.tail(4), answers={"How?": "sentiment"})
    design = pnb.Design("Reviews").attention("Choose bad.", ["good", "bad"], right="bad").show("review")
    run = draft(sandboxed(), data=data, design=design.choose("How?", ["good", "bad", "mixed"]))
    run.publish(max_cost=CAP).wait(timeout=60, on_progress=silent)
    assert run.watch().question == "How?"  # type: ignore[union-attr]
    found = run._answers_of(None).answers.read()
    lead = run.agreement().table.iloc[-1]
    assert (found.n_answers, found.n_units) == (60, 20)
    assert found.value == pytest.approx(lead["value"], abs=1e-12)
    with pytest.raises(InputError, match="attention check"):
        run.watch("Choose bad.")
