"""The card that a notebook saves of a studio tells the truth in every state, without a click."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any

import ipywidgets as w
import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.api.polling import PollIntervals
from prolific_nb.common.progress import silent
from prolific_nb.panels import Studio
from prolific_nb.panels.kit import panel as kit
from prolific_nb.sandbox import Fault
from prolific_nb.workflow.run import Run

from ...conftest import DESIGN, PLAN
from ..find import find, until
from ..launch_steps import visible
from ..saved_cards import Notebook, Output
from .conftest import Clock

Open = Callable[..., Studio]
DATA = pnb.read_data(pnb.sample_data().head(24))
COST = "27.24 GBP"
READY = {"data": DATA, "design": DESIGN, "plan": PLAN}


def click(studio: Studio, step: str, name: str) -> None:
    find(studio.panels[step], w.Button, name).click()


def drafted(studio: Studio) -> Run:
    click(studio, "launch", "Create draft")
    until(lambda: studio.desk.run.value is not None)
    run: Run = studio.desk.run.value
    return run


def sound(studio: Studio, *outputs: Output) -> None:
    """No panel has failed, and what is saved is what the studio would say now."""
    for output in outputs:
        until(lambda output=output: output.sent[-1] == studio.static_card())
    assert [each.errors for each in (studio, *studio.panels.values())] == [[]] * 9


def test_before_there_is_a_study(open_studio: Open, notebook: Notebook) -> None:
    studio = open_studio()
    card = notebook.show(studio)
    card.says("SANDBOX · Studio (saved state)", "1. Data to do: Choose a file", "Data not chosen yet")
    studio.desk.data.set(pnb.read_data(pd.DataFrame({"review": ["Fine.", "", "Late."]})))
    card.says("1. Data needs attention: data: 3 rows, 1 column; 1 error to fix")
    studio.desk.data.set(DATA)
    card.says("1. Data done:", "24 rows")
    studio.desk.design.set(pnb.Design("Reviews").show("review"))
    studio.views["compose"].open = True
    card.says("2. Compose needs attention: 1 error:")
    studio.desk.design.set(DESIGN)
    card.says("2. Compose done: Reviews: 1 page, 2 questions")
    studio.desk.plan.set(pnb.StudyPlan("Reviews", reward="0.10", minutes=30))
    card.says("3. Plan needs attention:")
    studio.desk.plan.set(PLAN)
    card.says("3. Plan done: 12 places", f"Total {COST}")
    studio.views["launch"].open = True
    card.says(
        "5. Launch and watch to do: Create the draft; it costs nothing.", "Study (Launch and watch) not created yet"
    )
    sound(studio, card)


def seen(studio: Studio) -> object:
    """What the bar and the lines of the steps say."""
    return studio._words.value, [(view.header.state, view.header.words) for view in studio.views.values()]


def test_from_the_draft_to_the_review_in_two_views_and_three_outputs(
    open_studio: Open, notebook: Notebook, clock: Clock, request: pytest.FixtureRequest
) -> None:
    studio = open_studio(**READY)
    other = Studio(studio.desk)
    request.addfinalizer(other.close)
    other.views["launch"].open = studio.views["launch"].open = True
    card, below, beside = notebook.show(studio), notebook.show(studio), notebook.show(other)

    def says(*words: str) -> None:
        for output in (card, below, beside):
            output.says(*words)
        until(lambda: seen(studio) == seen(other))

    run = drafted(studio)
    says("to do: A draft exists, nothing is spent. Publish it: 27.24 GBP of simulated money.", run.study_id)
    says("State a draft: participants cannot see it, nothing is spent", "No submissions yet")
    until(lambda: not find(other.panels["launch"], w.Button, "Publish").disabled)
    click(other, "launch", "Publish")
    says("running: 0 of 12 places filled, spent 0.00 GBP of at most 27.24 GBP, simulated money")
    clock.minutes(15)
    until(lambda: run.status().filled)
    now = run.status()
    assert 0 < now.filled < 12
    says(f"running: {now.filled} of 12 places filled, spent {now.spent.major} GBP of at most {COST}")
    click(studio, "launch", "Pause")
    says("needs attention: Paused: ", "State paused: participants who have started may finish")
    until(lambda: not find(other.panels["launch"], w.Button, "Resume").disabled)
    click(other, "launch", "Resume")
    says("running: ", "State running: participants are answering")
    clock.minutes(600)
    says(f"done: 12 of 12 places filled, spent {COST}", "all places are filled; submissions await your review")
    says("submissions awaiting review", "144 answers by 12 people")
    reviewed(studio)
    says("spent 27.84 GBP with bonuses (places: 27.24 GBP), simulated money", "State ended", "Submissions 0 of ")
    card.says("Applied")
    assert "nothing is spent" not in card.words + below.words + beside.words
    sound(studio, card, below)
    sound(other, beside)


def reviewed(studio: Studio) -> None:
    """Approve all, and pay one bonus."""
    panel: Any = studio.panels["review"]
    until(lambda: panel._seen is not None and panel._seen.awaiting == 12)
    ids = [row["id"] for row in panel.table.rows]
    panel.select(ids)
    click(studio, "review", "Approve")
    until(lambda: len(panel.decisions.value) == 1)
    panel.select(ids[:1])
    find(panel, w.ToggleButton, "Bonus…").value = True
    find(panel, w.Text, "Amount").value = "0.40"
    click(studio, "review", "Add bonuses")
    until(lambda: len(panel.decisions.value) == 2 and panel._checked is not None)
    click(studio, "review", "Apply")


@pytest.mark.parametrize("mode", ["SANDBOX", "LIVE"])
def test_a_notebook_that_is_run_as_a_whole(mode: str, open_studio: Open, notebook: Notebook, clock: Clock) -> None:
    """Every step is done by code in a cell, and the notebook may be saved right after each."""
    studio = open_studio(mode, **READY)
    client = studio.desk.client.value
    client.pace = PollIntervals(job=0.05, study=60)
    kind = "real money" if mode == "LIVE" else "simulated money"
    card = notebook.show(studio)
    run = pnb.launch(client, DATA, DESIGN, PLAN, on_progress=silent)
    studio.desk.run.set(run)
    notebook.cell_ends()
    assert "A draft exists, nothing is spent" in card.words
    assert f"{mode} · Studio (saved state)" in card.words
    run.publish(max_cost="27.24")
    notebook.cell_ends()
    assert f"running: 0 of 12 places filled, spent 0.00 GBP of at most {COST}, {kind}" in card.words
    run.pause()
    notebook.cell_ends()
    assert "needs attention: Paused: 0 of 12" in card.words
    run.resume()
    clock.minutes(600)
    until(lambda: run.status().state == "AWAITING REVIEW")
    run.wait(on_progress=silent)
    notebook.cell_ends()
    assert f"done: 12 of 12 places filled, spent {COST} of at most {COST}, {kind}" in card.words
    bonuses = run.bonus_to("20.00")
    bonuses.apply(max_cost=bonuses.total)
    notebook.cell_ends()
    spent = run.status().spent
    assert spent.major > "27.24"
    assert f"spent {spent.major} GBP with bonuses" in card.words
    assert "nothing is spent" not in card.words
    sound(studio, card)


def test_while_it_is_published(open_studio: Open, notebook: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    studio = open_studio("LIVE", **READY)
    card = notebook.show(studio)
    drafted(studio)
    publish, go = Run.publish, Event()
    monkeypatch.setattr(Run, "publish", lambda run, **given: go.wait(60) and publish(run, **given))
    card.says("LIVE · Studio (saved state)", "A draft exists, nothing is spent. Publish it: 27.24 GBP of real money")
    find(studio.panels["launch"], w.Text, "Type the amount to publish").value = "27.24"
    click(studio, "launch", "Publish")
    card.says("running: Publishing the study…", "State being published")
    assert "nothing is spent" not in card.words
    go.set()
    card.says("running: 0 of 12 places filled, spent 0.00 GBP of at most 27.24 GBP, real money")
    sound(studio, card)


def test_a_study_that_is_stopped(open_studio: Open, notebook: Notebook, clock: Clock) -> None:
    studio = open_studio(**READY)
    card = notebook.show(studio)
    run = drafted(studio)
    run.publish(max_cost="27.24")
    clock.minutes(12)
    until(lambda: run.status().filled)
    stop = find(studio.panels["launch"], w.Button, "Stop")
    until(lambda: visible(studio.panels["launch"], stop) and not stop.disabled)
    click(studio, "launch", "Stop")
    click(studio, "launch", "Stop permanently?")
    card.says("done: Stopped: ", "State stopped at ")
    now = run.status()
    card.says(f"{now.filled} of 12 places filled, spent {now.spent.major} GBP of at most {COST}, simulated money")
    sound(studio, card)


def test_a_launch_that_failed_and_a_study_that_was_deleted(open_studio: Open, notebook: Notebook) -> None:
    studio = open_studio(faults=[Fault("setupBatch", "ERROR")], **READY)
    card = notebook.show(studio)
    click(studio, "launch", "Create draft")
    card.says("5. Launch and watch needs attention: Creating the draft failed:", "not created yet", "Failed")
    assert len(studio.panels["launch"].errors) == 1
    studio.panels["launch"].errors.clear()
    run = drafted(studio)
    card.says("A draft exists, nothing is spent", "No submissions yet")
    assert "failed" not in card.words.lower()
    run.client.studies.delete(run.study_id)
    card.says("needs attention: The study was deleted on Prolific's website", "State deleted on Prolific's website")
    assert "nothing is spent" not in card.words
    # A poll may be between its requests at that moment: the next one finds that the study is gone.
    assert all("404" in each for each in studio.panels["launch"].errors)
    studio.panels["launch"].errors.clear()
    sound(studio, card)


def test_a_study_of_another_machine_is_shown_without_its_rows(
    open_studio: Open, notebook: Notebook, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = open_studio(**READY)
    client = studio.desk.client.value
    run = pnb.launch(client, DATA, DESIGN, PLAN, on_progress=silent).publish(max_cost=COST)
    monkeypatch.setenv("PROLIFIC_NB_LEDGER", str(tmp_path / "other.sqlite"))
    studio.desk.take(pnb.open_run(study_id=run.study_id, client=client))
    assert studio.desk.data.value is None
    card = notebook.show(studio)
    card.says("running: 0 of 12 places filled", "2. Compose done:")
    sound(studio, card)


def test_outputs_of_an_earlier_run_of_a_cell_are_forgotten(
    open_studio: Open, notebook: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = ["one", "first"]
    monkeypatch.setattr(kit, "_cell", lambda: tuple(cell))
    studio = open_studio()
    gone, twice = notebook.show(studio), notebook.show(studio)
    cell[1] = "second"
    now = notebook.show(studio)
    cell[:] = ["two", "third"]
    beside = notebook.show(studio)
    sent = len(gone.sent), len(twice.sent)
    studio.desk.data.set(DATA)
    for each in (now, beside):
        each.says("1. Data done:")
    assert (len(gone.sent), len(twice.sent)) == sent
