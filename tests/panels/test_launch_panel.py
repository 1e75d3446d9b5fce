"""Launching with widgets, in plain Python: from what will be created to a study that was stopped."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import count
from threading import Event, Thread
from typing import Any

import ipywidgets as w
import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.api.polling import Pace
from prolific_nb.errors import Unreachable
from prolific_nb.panels.launch import Launch
from prolific_nb.panels.state import Held
from prolific_nb.progress import Progress, silent
from prolific_nb.run import Run
from prolific_nb.sandbox import Fault
from prolific_nb.study.status import Looker

from ..conftest import DESIGN, PLAN, Connect
from .find import everything, find, find_all, models, parsed, shown, until

_seeds = count(1)
NASTY = "<img src=x onerror=alert(1)><script>alert(2)</script>"


@pytest.fixture
def make(sandboxed: Connect) -> Iterator[Any]:
    """Makes panels over 24 reviews."""
    panels: list[Launch] = []

    def make(mode: str = "SANDBOX", *, run: Any = None, faults: Any = (), speed: float = 600, **changes: Any) -> Launch:
        # A seed of its own gives every study another id: a poller of an earlier test may still be ending.
        client = sandboxed(mode=mode, faults=faults, speed=speed, seed=next(_seeds))
        client.pace = Pace(job=0.02, study=0.02)
        given = {"data": pnb.read_data(pnb.sample_data().head(24)), "design": DESIGN, "plan": PLAN, **changes}
        panels.append(Launch(run, client=client, **given))
        return panels[-1]

    yield make
    for panel in panels:
        panel.close()


def button(panel: Launch, name: str) -> w.Button:
    return find(panel, w.Button, name)


def visible(panel: Launch, wanted: w.Widget) -> bool:
    """Whether nothing around a widget takes it out of sight."""
    around = [each for each in everything(panel.box) if wanted in everything(each) and hasattr(each, "layout")]
    return all(each.layout.display != "none" for each in around)


def text(panel: Launch) -> str:
    return parsed(shown(panel).split("</style>")[-1])[2]


def create(panel: Launch) -> Run:
    button(panel, "Create draft").click()
    until(lambda: panel.value is not None and visible(panel, button(panel, "Publish")))
    until(lambda: "Publishing takes" in text(panel) or "publishing spends" in text(panel))
    assert panel.errors == []
    return panel.value


def publish(panel: Launch) -> Run:
    run = create(panel)
    button(panel, "Publish").click()
    # The poller may see the study running before the publishing Job has ended: until then the buttons rest.
    until(lambda: visible(panel, button(panel, "Stop")) and not button(panel, "Stop").disabled)
    return run


def studies(panel: Launch) -> int:
    return len(list(panel.client.value.studies.list()))


# --- before there is anything ---------------------------------------------------------------------------------------


def test_it_says_what_is_missing_and_creates_nothing() -> None:
    panel = Launch()
    assert "Still missing: a connection, the data, a design and a plan." in text(panel)
    assert button(panel, "Create draft").disabled
    button(panel, "Create draft").click()
    panel.plan.set(PLAN)
    panel.design.set(DESIGN)
    assert "Still missing: a connection and the data." in text(panel)
    assert (panel.value, panel.errors) == (None, [])
    panel.close()


def test_it_says_what_will_be_created_with_places_and_cost(make: Any) -> None:
    panel = make()
    total = pnb.quote(panel.client.value, panel.data.value, DESIGN, PLAN).total
    until(lambda: str(total) in text(panel))
    said = text(panel)
    for words in (
        "of 24 rows; people see",
        "asks 2 questions about every row",
        "as a draft: 12 places at 1.50 GBP each",
    ):
        assert words in said.replace("  ", " ")
    assert studies(panel) == 0


def test_what_stands_in_the_way_is_said_before_the_click_and_after_it(make: Any) -> None:
    panel = make(plan=pnb.StudyPlan("R", reward="0.50", minutes=6))
    until(lambda: "To be mended first" in text(panel) and "the least that Prolific allows" in text(panel))
    button(panel, "Create draft").click()
    until(lambda: panel.errors)
    assert "5.00 GBP per hour is below" in panel.errors[0]
    until(lambda: not button(panel, "Create draft").disabled)
    assert (panel.value, studies(panel)) == (None, 0)


# --- the draft ------------------------------------------------------------------------------------------------------


def test_one_click_creates_a_draft_step_by_step_and_names_what_exists(make: Any) -> None:
    panel = make()
    bar, steps = find(panel, w.IntProgress, "Progress"), []
    bar.observe(lambda change: steps.append(change["new"]), names=["value"])
    run = create(panel)
    assert steps[:3] == [1, 2, 3]
    said = text(panel)
    assert all(ident in said for ident in (run.dataset_id, run.batch_id, run.study_id))
    assert "a draft: nobody sees it, nothing is spent" in said
    assert f"Publishing takes {run.cost()} of the sandbox's play money" in said
    assert not visible(panel, bar)
    assert run.status().state == "UNPUBLISHED"


def test_a_click_returns_at_once_and_a_second_one_meanwhile_creates_nothing(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, go = make(), Event()
    real = type(panel.client.value.datasets).create

    def slow(*given: Any) -> Any:
        assert go.wait(10)
        return real(*given)

    monkeypatch.setattr(type(panel.client.value.datasets), "create", slow)
    button(panel, "Create draft").click()
    assert button(panel, "Create draft").disabled
    assert "Step 1 of 4: Uploading the data" in text(panel)
    button(panel, "Create draft").click()
    go.set()
    until(lambda: panel.value is not None)
    assert studies(panel) == 1


def test_cancel_ends_it_after_the_step_and_says_what_exists(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    panel, begun, go = make(), Event(), Event()
    real = type(panel.client.value.batches).create

    def slow(*given: Any) -> Any:
        begun.set()
        assert go.wait(10)
        return real(*given)

    monkeypatch.setattr(type(panel.client.value.batches), "create", slow)
    button(panel, "Create draft").click()
    assert begun.wait(10)
    assert visible(panel, button(panel, "Cancel"))
    button(panel, "Cancel").click()
    assert "Cancelling after this step" in text(panel)
    go.set()
    until(lambda: panel.errors)
    assert "was cancelled" in panel.errors[0]
    assert "Created so far: dataset " in panel.errors[0]
    assert ", batch " in panel.errors[0]
    assert (panel.value, studies(panel)) == (None, 0)
    until(lambda: not visible(panel, button(panel, "Cancel")))
    create_after_all = button(panel, "Create draft")
    assert not create_after_all.disabled


def test_a_step_that_fails_names_what_exists_in_the_panel(make: Any) -> None:
    panel = make(faults=[Fault("setupBatch", "ERROR")])
    button(panel, "Create draft").click()
    until(lambda: panel.errors)
    for words in ("ended in ERROR", "Created so far: dataset ", "Nothing was published"):
        assert words in panel.errors[0]
        assert words in text(panel)
    assert panel.value is None


def test_the_same_again_needs_another_click_of_another_name(make: Any) -> None:
    panel = make()
    first = create(panel)
    assert not visible(panel, button(panel, "Create another draft"))
    button(panel, "Create another draft").click()  # out of sight, and not asked
    button(panel, "Create draft").click()
    assert visible(panel, button(panel, "Create another draft"))
    assert f"Exactly this has been created already, as study {first.study_id}" in text(panel)
    button(panel, "Create draft").click()
    assert panel.value is first
    button(panel, "Create another draft").click()
    until(lambda: panel.value is not first)
    assert studies(panel) == 2
    assert panel.errors == []


def test_other_inputs_are_said_to_be_other_and_a_second_study_is_asked_about(make: Any) -> None:
    panel = make()
    first = create(panel)
    assert "earlier inputs" not in text(panel)
    panel.plan.set(pnb.StudyPlan("Other", reward="2.00", minutes=6))
    assert "The draft was made from earlier inputs" in text(panel)
    assert "What will be created" in text(panel)
    panel.plan.set(PLAN)
    assert "earlier inputs" not in text(panel)
    panel.plan.set(pnb.StudyPlan("Other", reward="2.00", minutes=6))
    button(panel, "Create draft").click()
    until(lambda: panel.errors)
    assert f"launched in this workspace before, with another design or plan: study {first.study_id}" in panel.errors[0]
    assert panel.value is first
    until(lambda: visible(panel, button(panel, "Create another draft")))
    button(panel, "Create another draft").click()
    until(lambda: panel.value is not first)
    assert len(panel.errors) == 1
    assert panel.value.plan.name == "Other"
    panel.plan.set(PLAN)  # back to what the first draft was made of: still known
    button(panel, "Create draft").click()
    assert f"Exactly this has been created already, as study {first.study_id}" in text(panel)


# --- publishing -----------------------------------------------------------------------------------------------------


def test_in_the_sandbox_one_click_publishes_and_places_fill(make: Any) -> None:
    panel = make(speed=20_000)
    run = publish(panel)
    assert not visible(panel, find(panel, w.Text, "Type the amount to publish"))
    bar = find(panel, w.IntProgress, "Places filled")
    until(lambda: bar.value == bar.max == 12, 30)
    assert "12 of 12 places filled." in text(panel)
    assert "12 awaiting review" in text(panel)
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
        assert button(panel, "Publish").disabled, typed
        button(panel, "Publish").click()  # a disabled button may still be clicked from elsewhere
        assert not panel._jobs
    assert run.status().state == "UNPUBLISHED"


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


def test_a_price_that_rose_since_is_refused_in_words(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = make("LIVE")
    run = create(panel)
    real = type(run.client.studies).total_cost
    monkeypatch.setattr(type(run.client.studies), "total_cost", lambda *given: real(*given) + 1)
    find(panel, w.Text, "Type the amount to publish").value = "27.24"
    button(panel, "Publish").click()
    until(lambda: panel.errors)
    assert "Prolific asks 27.25 GBP, more than the allowed 27.24 GBP" in panel.errors[0]
    assert run.status().state == "UNPUBLISHED"
    until(lambda: not button(panel, "Publish").disabled)


# --- while answers arrive -------------------------------------------------------------------------------------------


def test_pause_and_resume_take_turns(make: Any) -> None:
    panel = make(speed=1)
    run = publish(panel)
    button(panel, "Pause").click()
    until(lambda: run.status().state == "PAUSED")
    until(lambda: "nobody new is taken" in text(panel))
    until(lambda: [not each.disabled for each in find_all(panel, w.Button, "Resume")] == [True])
    button(panel, "Resume").click()
    until(lambda: run.status().state == "ACTIVE")
    until(lambda: [not each.disabled for each in find_all(panel, w.Button, "Pause")] == [True])
    assert panel.errors == []


def test_stop_asks_once_more(make: Any) -> None:
    panel = make(speed=1)
    run = publish(panel)
    really = button(panel, "Stop for good?")
    assert not visible(panel, really)
    really.click()  # out of sight, and not asked
    button(panel, "Stop").click()
    assert visible(panel, really)
    button(panel, "Keep it running").click()
    assert not visible(panel, really)
    button(panel, "Stop").click()
    assert run.status().state == "ACTIVE"
    really.click()
    until(lambda: run.status().state == "COMPLETED")
    until(lambda: not visible(panel, really) and "ended" in text(panel))
    assert panel.errors == []


def test_a_blip_while_watching_is_said_once_and_taken_back(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = make(speed=1)
    publish(panel)
    with monkeypatch.context() as patch:
        patch.setattr(Looker, "look", lambda *given: (_ for _ in ()).throw(Unreachable("the line is cut")))
        until(lambda: "the line is cut" in text(panel))
    until(lambda: "the line is cut" not in text(panel))
    assert panel.errors == ["the line is cut"]
    assert "of 12 places filled" in text(panel)


def test_two_panels_of_one_run_stay_in_step_with_one_poller(make: Any) -> None:
    panel = make(speed=1)
    other = Launch(panel.held, client=panel.client, data=panel.data, design=panel.design, plan=panel.plan)
    run = publish(panel)
    until(lambda: visible(other, button(other, "Pause")))
    assert sum(run.study_id in thread.name for thread in threading.enumerate()) == 1
    other.close()
    assert panel.errors + other.errors == []


def test_a_run_given_is_looked_after_with_its_own_inputs(make: Any) -> None:
    maker = make(speed=1)
    run = pnb.launch(maker.client.value, maker.data.value, DESIGN, PLAN, on_progress=silent)
    panel = Launch(run)
    until(lambda: visible(panel, button(panel, "Publish")) and not button(panel, "Publish").disabled)
    assert "earlier inputs" not in text(panel)
    assert panel.mode == "SANDBOX"
    assert panel.client.value is run.client
    panel.close()


# --- code, card, threads, closing -----------------------------------------------------------------------------------


def test_code_goes_as_far_as_was_gone(make: Any) -> None:
    panel = make(speed=1)
    assert "run = pnb.launch(client, data, design, plan)" in panel.code()
    run = create(panel)
    assert "publish" not in panel.code()
    button(panel, "Publish").click()
    until(lambda: visible(panel, button(panel, "Pause")))
    assert f'run.publish(max_cost="{run.cost().major}")' in panel.code()
    assert "live=True" not in panel.code()
    until(lambda: panel.code() == run.to_code())
    card = parsed(panel.static_card())[2]
    assert run.study_id in card
    assert "running: participants are answering" in card


def only_words(panel: Launch, said: str) -> None:
    tags, attributes, text = parsed(shown(panel).split("</style>")[-1] + panel.static_card())
    assert not {"script", "img"} & tags
    assert not [name for name in attributes if name.startswith("on")]
    assert said in text


@pytest.mark.parametrize("outside", ["<img src=x>", NASTY])
def test_words_from_outside_stay_words(outside: str, make: Any) -> None:
    data = pnb.read_data(pd.DataFrame({outside: ["x", "y", "z"]}))
    design = pnb.Design(outside).show(outside).choose("How?", ["good", "bad"])
    panel = make(data=data, design=design, plan=pnb.StudyPlan(outside, reward="1.50", minutes=6))
    until(lambda: "places at" in text(panel))
    only_words(panel, outside)
    button(panel, "Create draft").click()
    until(lambda: not panel._is_creating)  # the server may refuse the name; then it is in the error
    until(lambda: panel.errors or "What exists" in text(panel))
    only_words(panel, outside)


def test_any_thread_may_click(make: Any) -> None:
    panel = make()
    threads = [Thread(target=button(panel, "Create draft").click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: panel.value is not None)
    until(lambda: not panel._is_creating)
    assert (studies(panel), panel.errors) == (1, [])


def test_closing_ends_job_and_poller_and_leaves_nothing_behind(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    maker = make(speed=1)
    run = pnb.launch(maker.client.value, maker.data.value, DESIGN, PLAN, on_progress=silent)
    maker.close()
    plan = Held(PLAN)
    before = models()
    panel = Launch(run, plan=plan)
    until(lambda: any(run.study_id in thread.name for thread in threading.enumerate()))
    panel.close()
    until(lambda: not any(run.study_id in thread.name for thread in threading.enumerate()))
    assert models() == before
    assert (plan.listeners, panel.held.listeners, panel.client.listeners) == (0, 0, 0)
    plan.set(pnb.StudyPlan("Other", reward="1.50", minutes=6))
    assert panel.errors == []


def test_closing_while_a_draft_is_made_cancels_it(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    panel, begun, go, told = make(), Event(), Event(), []
    real = type(panel.client.value.batches).create

    def slow(*given: Any) -> Any:
        begun.set()
        assert go.wait(10)
        told.append(Progress("batch", 1, 1))
        return real(*given)

    monkeypatch.setattr(type(panel.client.value.batches), "create", slow)
    button(panel, "Create draft").click()
    assert begun.wait(10)
    job = panel._creating
    panel.close()
    go.set()
    until(lambda: job.state == "cancelled")
    assert (len(told), studies(panel)) == (1, 0)
