"""Collecting until α is precise, from the watching view: the cost first, then a job that looks and pauses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.api.polling import PollIntervals
from prolific_nb.common.progress import silent
from prolific_nb.panels.kit import widgets as w
from prolific_nb.panels.launching.launch_panel import Launch

from ...conftest import Connect
from ..find import find, until
from ..launch_steps import button, text, visible

ROWS = pd.DataFrame({"review": [f"Review {n}" for n in range(180)], "sentiment": ["good", "bad", "mixed"] * 60})
DESIGN = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad", "mixed"])
PLAN = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, tasks_per_group=6)


@pytest.fixture
def watching(sandboxed: Connect) -> Iterator[Callable[..., Launch]]:
    """Opens a published study whose sandbox moves with every request."""
    panels: list[Launch] = []

    def make(mode: str = "SANDBOX", step: float = 40.0) -> Launch:
        moments = count(1_700_000_000.0, step)
        client = sandboxed(mode=mode, speed=1.0, wall=lambda: next(moments), seed=len(panels) + 70)
        client.pace = PollIntervals(job=0.02, study=0.02)
        run = pnb.launch(client, pnb.read_data(ROWS), DESIGN, PLAN, on_progress=silent).publish(max_cost="400.00")
        panels.append(Launch(run))
        until(lambda: visible(panels[-1], button(panels[-1], "Pause")))
        panels[-1].monitor.until.fold.open = True
        return panels[-1]

    yield make
    for panel in panels:
        panel.close()


def test_the_study_is_paused_when_it_is_precise_and_the_interval_is_drawn(
    watching: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_SHARE", "_APART"):  # read at every poll, however busy the machine is
        monkeypatch.setattr(f"prolific_nb.workflow.collecting.running_answers.{name}", 0)
    panel = watching(step=10.0)
    find(panel, w.BoundedFloatText, "95 % interval: ±").value = 0.15
    cost = "costs 204.34 GBP of simulated money"
    until(lambda: f"Collecting until ± 0.15, with all places at most, {cost}" in text(panel))
    button(panel, "Collect until precise").click()
    until(lambda: "Paused after" in text(panel), 60)
    assert panel.value.status().state == "PAUSED"
    assert "± 0.15; spent" in text(panel)
    assert "run." not in text(panel)
    assert 'alt="Line of α with its interval.' in panel.monitor.until._picture.value
    assert 'run.collect_until(precision=0.15, max_cost="204.34")' in panel.code()
    assert panel.errors == []


def test_on_live_the_amount_is_typed_and_looking_can_be_stopped(watching: Any) -> None:
    panel = watching("LIVE", step=0.01)
    until(lambda: "spends 204.34 GBP of real money" in text(panel))
    button(panel, "Collect until precise").click()
    until(lambda: "Nothing was started." in text(panel))
    find(panel, w.Text, "Type the amount to collect").value = "204.34"
    button(panel, "Collect until precise").click()
    until(lambda: visible(panel, button(panel, "Stop looking")))
    assert not visible(panel, button(panel, "Collect until precise"))
    button(panel, "Stop looking").click()
    until(lambda: "Looking was stopped, and the study continues" in text(panel))
    assert panel.value.status().state == "ACTIVE"
    assert "collect_until" not in panel.code()
    assert panel.errors == []


def test_a_closed_fold_reads_no_answers(watching: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = watching()
    panel.monitor.until.fold.open = False
    read: list[Any] = []
    monkeypatch.setattr("prolific_nb.workflow.collecting.running_answers.RunningAnswers.read", read.append)
    seen = panel.monitor._lead.value
    until(lambda: panel.monitor._lead.value != seen)
    assert read == []


def collecting(panel: Launch) -> None:
    until(lambda: "costs 204.34 GBP" in text(panel))
    button(panel, "Collect until precise").click()
    until(lambda: visible(panel, button(panel, "Stop looking")))


def test_a_closed_panel_says_that_nothing_pauses_the_study(watching: Any, capsys: pytest.CaptureFixture[str]) -> None:
    panel = watching(step=0.01)
    collecting(panel)
    capsys.readouterr()
    panel.close()
    said = capsys.readouterr().out
    assert f"looking at study {panel.value.study_id} until it is precise ended with it" in said
    assert "nothing pauses it before its places are filled" in said


def test_another_study_that_is_shown_does_not_end_the_collection(watching: Any) -> None:
    panel = watching(step=0.01)
    first = panel.value
    collecting(panel)
    other = pnb.launch(first.client, pnb.read_data(ROWS.head(12)), DESIGN, PLAN, on_progress=silent)
    panel.held.set(other)
    until(lambda: other.study_id in str(panel.summary()))
    assert "Looking was stopped" not in text(panel)
    panel.held.set(first)
    until(lambda: visible(panel, button(panel, "Stop looking")))


def test_an_error_says_that_nothing_pauses_the_study(watching: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = watching(step=0.01)
    collecting(panel)
    failure = pnb.errors.Unauthorised(401, "GET /api/v1/studies/x/", "The token was revoked.")

    def refused(*_: Any, **__: Any) -> Any:
        raise failure

    monkeypatch.setattr("prolific_nb.workflow.collecting.collect.Collection._look", refused)
    until(lambda: "nothing pauses the study now" in text(panel))
    assert "token was revoked" in panel.errors[-1]
