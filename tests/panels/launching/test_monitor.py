"""Publishing and monitoring in plain Python: the amount, the places, pause and stop."""

from __future__ import annotations

import threading
from typing import Any

import ipywidgets as w
import pytest

import prolific_nb as pnb
from prolific_nb.common.progress import silent
from prolific_nb.errors import Unreachable
from prolific_nb.panels.launching.launch_panel import Launch
from prolific_nb.study.monitor.status import StatusReader
from prolific_nb.workflow.run import Run

from ...conftest import DESIGN, PLAN
from ..find import find, find_all, until
from ..launch_steps import button, create, publish, text, visible

# --- publishing -----------------------------------------------------------------------------------------------------


def test_in_the_sandbox_one_click_publishes_and_places_fill(make: Any) -> None:
    panel = make(speed=20_000)
    run = create(panel)
    button(panel, "Publish").click()
    assert not visible(panel, find(panel, w.Text, "Type the amount to publish"))
    until(lambda: "12 of 12 places filled" in " ".join(text(panel).split()), 30)
    until(lambda: "Awaiting review 12" in " ".join(text(panel).split()))
    until(lambda: not visible(panel, button(panel, "Stop")))
    assert run.status().state == "AWAITING REVIEW"
    assert panel.errors == []


def test_live_publishes_nothing_without_the_amount(make: Any) -> None:
    panel = make("LIVE")
    run = create(panel)
    assert run.cost().major == "27.24"
    assert "LIVE: publishing spends 27.24 GBP of real money" in text(panel)
    assert visible(panel, find(panel, w.Text, "Type the amount to publish"))
    for typed in ("27.23", "2724", "0", "yes", "27.24 USD", "a 27.24", ""):
        find(panel, w.Text, "Type the amount to publish").value = typed
        assert "Nothing was published" not in text(panel)
        button(panel, "Publish").click()
        until(lambda: "Nothing was published. LIVE:" in text(panel))
    assert "Type 27.24 to confirm." in text(panel)
    assert run.status().state == "UNPUBLISHED"


def test_a_click_counts_for_the_final_text(make: Any) -> None:
    panel = make("LIVE")
    run = create(panel)
    amount = find(panel, w.Text, "Type the amount to publish")
    amount.value = "27.24"
    button(panel, "Publish").click()
    amount.value = "27.2"  # typed before the click, and overtaken by it
    until(lambda: "Nothing was published" in text(panel))
    assert run.status().state == "UNPUBLISHED"
    button(panel, "Publish").click()
    amount.value = "27.24"
    until(lambda: run.status().state == "ACTIVE")
    assert panel.errors == []


@pytest.mark.parametrize("typed", ["27.24", " £27.24 ", "27.24 GBP"])
def test_live_publishes_with_the_amount_as_the_cap(typed: str, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    panel, caps = make("LIVE"), []
    run = create(panel)
    real = Run.publish

    def noting(self: Run, *, max_cost: Any = None) -> Run:
        caps.append(max_cost)
        return real(self, max_cost=max_cost)

    monkeypatch.setattr(Run, "publish", noting)
    find(panel, w.Text, "Type the amount to publish").value = typed
    assert not button(panel, "Publish").disabled
    button(panel, "Publish").click()
    until(lambda: run.status().state == "ACTIVE")
    assert caps == [run.cost()]
    assert panel.errors == []


def test_a_cost_that_has_risen_is_rejected_with_a_message(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = make("LIVE")
    run = create(panel)
    real = type(run.client.studies).total_cost
    monkeypatch.setattr(type(run.client.studies), "total_cost", lambda *given: real(*given) + 1)
    find(panel, w.Text, "Type the amount to publish").value = "27.24"
    button(panel, "Publish").click()
    until(lambda: panel.errors)
    assert "The cost is 27.25 GBP, above the amount agreed to, 27.24 GBP. Reduce" in panel.errors[0]
    assert run.status().state == "UNPUBLISHED"
    until(lambda: not button(panel, "Publish").disabled)


# --- while answers arrive -------------------------------------------------------------------------------------------


def test_pause_and_resume_alternate(make: Any) -> None:
    panel = make(speed=1)
    run = publish(panel)
    button(panel, "Pause").click()
    until(lambda: run.status().state == "PAUSED")
    until(lambda: "no new ones can start" in text(panel))
    until(lambda: [not each.disabled for each in find_all(panel, w.Button, "Resume")] == [True])
    button(panel, "Resume").click()
    until(lambda: run.status().state == "ACTIVE")
    until(lambda: [not each.disabled for each in find_all(panel, w.Button, "Pause")] == [True])
    assert panel.errors == []


def test_stop_needs_confirmation(make: Any) -> None:
    panel = make(speed=1)
    run = publish(panel)
    confirm = button(panel, "Stop permanently?")
    assert not visible(panel, confirm)
    confirm.click()  # hidden: no confirmation was requested
    button(panel, "Stop").click()
    assert visible(panel, confirm)
    button(panel, "Keep it running").click()
    assert not visible(panel, confirm)
    button(panel, "Stop").click()
    assert run.status().state == "ACTIVE"
    confirm.click()
    until(lambda: run.status().state == "COMPLETED")
    until(lambda: not visible(panel, confirm) and "stopped at 0 of 12 places" in text(panel))
    assert panel.errors == []


def test_an_interruption_is_reported_once_and_cleared(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = make(speed=1)
    publish(panel)
    with monkeypatch.context() as patch:
        patch.setattr(StatusReader, "read", lambda *given: (_ for _ in ()).throw(Unreachable("the line is cut")))
        until(lambda: "the line is cut" in text(panel))
    until(lambda: "the line is cut" not in text(panel))
    assert panel.errors == ["the line is cut"]
    assert "of 12  places filled" in text(panel)


def test_two_panels_of_one_run_stay_in_sync_with_one_poller(make: Any) -> None:
    panel = make(speed=1)
    other = Launch(panel.held, client=panel.client, data=panel.data, design=panel.design, plan=panel.plan)
    run = publish(panel)
    until(lambda: visible(other, button(other, "Pause")))
    assert sum(run.study_id in thread.name for thread in threading.enumerate()) == 1
    other.close()
    assert panel.errors + other.errors == []


def test_a_given_run_is_shown_with_its_own_inputs(make: Any) -> None:
    maker = make(speed=1)
    run = pnb.launch(maker.client.value, maker.data.value, DESIGN, PLAN, on_progress=silent)
    panel = Launch(run)
    until(lambda: visible(panel, button(panel, "Publish")) and not button(panel, "Publish").disabled)
    assert "earlier inputs" not in text(panel)
    assert panel.mode == "SANDBOX"
    assert panel.client.value is run.client
    panel.close()
