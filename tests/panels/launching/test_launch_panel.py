"""The launch panel in plain Python: what will be created, the draft, and closing."""

from __future__ import annotations

import re
import threading
from threading import Event, Thread
from typing import Any

import ipywidgets as w
import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.common.progress import Progress, silent
from prolific_nb.panels.kit.observable import Observable
from prolific_nb.panels.launching.launch_panel import Launch
from prolific_nb.sandbox import Fault

from ...conftest import DESIGN, PLAN
from ..find import find, models, parsed, shown, until
from ..launch_steps import button, create, studies, text, visible

NASTY = "<img src=x onerror=alert(1)><script>alert(2)</script>"


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
        "Rows 24 rows of data; participants see review",
        "Tasks 24 tasks with 2 questions each, in 4 groups",
        "Places 12 places: each group is answered by 3 participants",
        f"Publishing it later costs {total} of simulated money: 1.50 GBP for each place",
        "Audience All participants",
        "Flow One page",
    ):
        assert words in " ".join(said.split())
    assert button(panel, "Create draft").button_style == "primary"
    assert studies(panel) == 0


def test_errors_are_shown_before_the_click_and_after_it(make: Any) -> None:
    panel = make(plan=pnb.StudyPlan("R", reward="0.50", minutes=6))
    until(lambda: "Fix these first" in text(panel) and "below Prolific's minimum" in text(panel))
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
    assert "a draft: participants cannot see it, nothing is spent" in said
    assert f"Publishing costs {run.cost()} of simulated money" in said
    assert not visible(panel, bar)
    assert run.status().state == "UNPUBLISHED"


def test_a_click_returns_at_once_and_a_second_one_meanwhile_creates_nothing(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, go = make(), Event()
    real = type(panel.client.value.datasets).create

    def slow(*given: Any) -> Any:
        assert go.wait(60)
        return real(*given)

    monkeypatch.setattr(type(panel.client.value.datasets), "create", slow)
    button(panel, "Create draft").click()
    assert button(panel, "Create draft").disabled
    assert "Step 1 of 4: Uploading the data" in text(panel)
    button(panel, "Create draft").click()
    go.set()
    until(lambda: panel.value is not None)
    assert studies(panel) == 1


def test_cancel_stops_after_the_step_and_lists_what_exists(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    panel, started, go = make(), Event(), Event()
    real = type(panel.client.value.batches).create

    def slow(*given: Any) -> Any:
        started.set()
        assert go.wait(60)
        return real(*given)

    monkeypatch.setattr(type(panel.client.value.batches), "create", slow)
    button(panel, "Create draft").click()
    assert started.wait(60)
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


def test_create_draft_is_gone_once_there_is_one_and_publish_is_the_next_thing(make: Any) -> None:
    panel = make()
    first = create(panel)
    assert not visible(panel, panel.drafting.create)
    assert not visible(panel, panel.drafting.again)
    assert panel.drafting.create.button_style == ""
    until(lambda: button(panel, "Publish").button_style == "primary")
    panel.drafting.create.click()  # hidden clicks create nothing
    panel.drafting.again.click()
    panel.drafting.withdraw()
    assert (panel.value, studies(panel), panel.errors) == (first, 1, [])


def test_a_live_draft_links_to_its_page_and_a_sandbox_says_that_there_is_none(make: Any) -> None:
    panel = make("LIVE")
    run = create(panel)
    page = f"https://app.prolific.com/researcher/workspaces/studies/{run.study_id}"
    assert f'href="{page}" target="_blank" rel="noopener noreferrer"' in shown(panel)
    assert button(panel, "Publish").button_style == "danger"
    other = make()
    create(other)
    assert "The sandbox has no page for this study" in text(other)
    assert "href" not in shown(other)


def test_changed_inputs_are_noted_and_a_second_study_needs_confirmation(make: Any) -> None:
    panel = make()
    first = create(panel)
    assert "earlier inputs" not in text(panel)
    panel.plan.set(pnb.StudyPlan("Other", reward="2.00", minutes=6))
    assert "The study was created from earlier inputs" in text(panel)
    assert "What will be created" in text(panel)
    panel.plan.set(PLAN)
    assert "earlier inputs" not in text(panel)
    panel.plan.set(pnb.StudyPlan("Other", reward="2.00", minutes=6))
    button(panel, "Create draft of the changed inputs").click()
    until(lambda: panel.errors)
    assert f"launched in this workspace before, with another design or plan: study {first.study_id}" in panel.errors[0]
    assert panel.value is first
    until(lambda: visible(panel, button(panel, "Create another draft")))
    button(panel, "Create another draft").click()
    until(lambda: panel.value is not first)
    assert len(panel.errors) == 1
    assert panel.value.plan.name == "Other"
    panel.plan.set(PLAN)  # back to what the first draft was made of: still known
    button(panel, "Create draft of the changed inputs").click()
    assert f"Study {first.study_id} has exactly these inputs" in text(panel)
    assert studies(panel) == 2


# --- code, card, threads, closing -----------------------------------------------------------------------------------


def test_code_covers_the_steps_done_so_far(make: Any) -> None:
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
    tags, attributes, text = parsed(
        re.sub("<style>.*?</style>", "", shown(panel), flags=re.DOTALL) + panel.static_card()
    )
    assert not {"script", "img"} & tags
    assert not [name for name in attributes if name.startswith("on")]
    assert said in text


@pytest.mark.parametrize("outside", ["<img src=x>", NASTY])
def test_text_from_outside_is_escaped(outside: str, make: Any) -> None:
    data = pnb.read_data(pd.DataFrame({outside: ["x", "y", "z"]}))
    design = pnb.Design(outside).show(outside).choose("How?", ["good", "bad"])
    panel = make(data=data, design=design, plan=pnb.StudyPlan(outside, reward="1.50", minutes=6))
    until(lambda: "Publishing it later costs" in text(panel))
    only_words(panel, outside)
    button(panel, "Create draft").click()
    until(lambda: not panel.drafting.running)  # the server may refuse the name; then it is in the error
    until(lambda: panel.errors or "a draft: participants" in text(panel))
    only_words(panel, outside)


def test_any_thread_may_click(make: Any) -> None:
    panel = make()
    threads = [Thread(target=button(panel, "Create draft").click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    until(lambda: panel.value is not None)
    until(lambda: not panel.drafting.running)
    assert (studies(panel), panel.errors) == (1, [])


def test_closing_ends_job_and_poller_and_leaves_nothing_behind(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    maker = make(speed=1)
    run = pnb.launch(maker.client.value, maker.data.value, DESIGN, PLAN, on_progress=silent)
    maker.close()
    plan = Observable(PLAN)
    before = models()
    panel = Launch(run, plan=plan)
    until(lambda: any(run.study_id in thread.name for thread in threading.enumerate()))
    panel.close()
    until(lambda: not any(run.study_id in thread.name for thread in threading.enumerate()))
    assert models() == before
    assert (plan.listeners, panel.held.listeners, panel.client.listeners) == (0, 0, 0)
    plan.set(pnb.StudyPlan("Other", reward="1.50", minutes=6))
    assert panel.errors == []


def test_closing_while_a_draft_is_created_cancels_it(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    panel, started, go, reports = make(), Event(), Event(), []
    real = type(panel.client.value.batches).create

    def slow(*given: Any) -> Any:
        started.set()
        assert go.wait(60)
        reports.append(Progress("batch", 1, 1))
        return real(*given)

    monkeypatch.setattr(type(panel.client.value.batches), "create", slow)
    button(panel, "Create draft").click()
    assert started.wait(60)
    job = panel.drafting.job
    panel.close()
    go.set()
    until(lambda: job.state == "cancelled")
    assert (len(reports), studies(panel)) == (1, 0)


def test_the_code_of_a_study_of_the_legacy_flow_names_it(make: Any) -> None:
    panel = make()
    given = panel.client.value, panel.data.value, panel.design.value, panel.plan.value
    assert "flow=" not in panel.code()
    with pytest.warns(FutureWarning, match="legacy flow"):
        panel.held.set(pnb.launch(*given, flow="instructions", on_progress=silent))
    assert 'launch(client, data, design, plan, flow="instructions")' in panel.code()
