"""Rehearsing in a panel and in the studio: it is never the studio's run, and its results are marked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ipywidgets as w
import pytest

import prolific_nb as pnb
from prolific_nb.panels import Rehearse, Results, Studio
from prolific_nb.panels.kit import panel as kit
from prolific_nb.panels.rehearsing.rehearsal_choice import Choice
from prolific_nb.study.ledger import Ledger

from ..find import find, find_all, models, shown, until

SAMPLE = pnb.sample_data()
DATA = SAMPLE.select(SAMPLE.row_keys[:24])
DESIGN = pnb.Design("Reviews", introduction="<p>Read.</p>", steps="<p>Choose.</p>").show("review")
DESIGN = DESIGN.choose("How?", ["good", "bad", "mixed"])
PLAN = pnb.StudyPlan("Reviews", reward="1.50", minutes=6)


@pytest.fixture(scope="module")
def rehearsed() -> Iterator[Rehearse]:
    """A panel in which the usual crowd and then careless people were tried."""
    panel = Rehearse(data=DATA, design=DESIGN, plan=PLAN)
    run(panel)
    find(panel, w.Dropdown, "Crowd").value = "Many careless"
    find(panel, w.Dropdown, "Intended answers").value = "sentiment"
    run(panel)
    yield panel
    panel.close()


def run(panel: Rehearse) -> None:
    number = len(panel.rehearsals)
    find(panel, w.Button, "Rehearse").click()
    until(lambda: len(panel.rehearsals) > number or panel.errors, 60)
    with kit._lock:  # held while the panel shows it
        assert panel.errors == []


def test_words_figures_and_who_was_caught_say_that_people_are_simulated(rehearsed: Rehearse) -> None:
    tabs = []
    for name in ("In words", "Figures", "Who was caught", "Assumptions"):
        rehearsed._sections.tabs.value = name
        tabs.append(rehearsed._parts[name].value)
    assert all("Simulated people say nothing" in each or "nothing about real people" in each for each in tabs)
    words, figures, caught, assumptions = tabs
    assert "<b>Cost:</b>" in words
    assert "pnb." not in words
    assert "run." not in words
    assert "Depends on assumptions" in figures
    assert "<td>no</td>" in figures
    assert "when people arrive" in figures
    assert "straight-lining" in caught.casefold()
    assert "Hoerger 2010" in assumptions


def test_earlier_rehearsals_stay_and_are_compared(rehearsed: Rehearse) -> None:
    table = rehearsed._compared.value
    assert table.count("<tr>") == 3
    assert "crowd, intended answers" in table
    which = find(rehearsed, w.Dropdown, "Rehearsal")
    before = shown(rehearsed)
    which.value = 1
    assert rehearsed.shown is rehearsed.rehearsals[0]
    assert shown(rehearsed) != before
    which.value = 2
    assert rehearsed.step().state == "done"
    assert "Many careless (simulated people): α" in rehearsed.step().words
    assert rehearsed.summary()["Rehearsal 1"].startswith("Usual (simulated people): α")  # type: ignore[attr-defined]


def test_a_change_of_the_design_is_told_and_is_seen_beside_the_one_before(rehearsed: Rehearse) -> None:
    rehearsed.design.set(DESIGN.edit(-1, options=["good", "bad"]))
    assert "the design changed" in rehearsed.step().words
    assert rehearsed.step().state == "optional"
    assert rehearsed.highlighted.value
    rehearsed.design.undo()
    assert rehearsed.step().state == "done"


def test_the_code_repeats_what_is_shown(rehearsed: Rehearse) -> None:
    scope: dict[str, Any] = {}
    exec(rehearsed.show_code(), scope)
    assert scope["rehearsal"].figures.equals(rehearsed.rehearsals[-1].figures)


def test_fields_and_shares_are_one_choice_which_is_undone() -> None:
    panel = Rehearse(data=DATA, design=DESIGN, plan=PLAN)
    find(panel, w.ToggleButton, "Change the shares").value = True
    find(panel, w.BoundedIntText, "Guessing, %").value = 99
    assert (panel.value.crowd, panel.value.careful, panel.fields.shares["spammer"].value) == ("Own mix", 0, 74)
    assert find(panel, w.Dropdown, "Crowd").value == "Own mix"
    find(panel, w.Dropdown, "What happens").value = "return storm"
    assert "Half of all submissions are returned" in shown(panel)
    panel.undo()
    panel.undo()
    assert panel.value == Choice()
    assert panel.fields.shares["spammer"].value == 4
    assert panel.errors == []
    panel.close()


def test_what_is_missing_and_what_is_refused_is_told() -> None:
    panel = Rehearse(data=DATA, design=DESIGN)
    assert "Complete Plan first" in shown(panel)
    assert find(panel, w.Button, "Rehearse").disabled
    panel.plan.set(pnb.StudyPlan("Reviews", reward="0.10", minutes=60))
    find(panel, w.Button, "Rehearse").click()
    until(lambda: panel.errors, 60)
    assert "minimum" in panel.errors[0]
    panel.close()


def test_several_are_cancelled_between_two_of_them() -> None:
    panel = Rehearse(Choice(times=20), data=DATA, design=DESIGN, plan=PLAN)
    find(panel, w.Button, "Rehearse").click()
    until(lambda: find(panel, w.IntProgress).value > 0, 60)
    find(panel, w.Button, "Cancel").click()
    until(lambda: not panel._jobs, 60)
    assert (panel.rehearsals, panel.errors) == ((), [])
    assert not find(panel, w.Button, "Rehearse").disabled
    panel.close()


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Studio]]:
    made: list[Studio] = []
    monkeypatch.chdir(tmp_path)

    def make(start: Any = DATA) -> Studio:
        studio = pnb.studio(start)
        made.append(studio)
        until(lambda: studio.desk.client.value is not None, 60)
        return studio

    yield make
    for each in made:
        each.close()


def test_results_of_a_rehearsal_are_opened_marked_and_left_with_one_click(
    studio: Callable[..., Studio], tmp_path: Path
) -> None:
    opened = studio()
    opened.desk.design.set(DESIGN)
    desk, panel = opened.desk, opened.panels["rehearse"]
    assert isinstance(panel, Rehearse)
    run(panel)
    client = desk.client.value
    find(panel, w.Button, "Open its results").click()
    results = opened.panels["results"]
    assert isinstance(results, Results)
    until(lambda: results.answers is not None and "α" in results.step().words, 60)
    assert opened.views["results"].open
    assert results.step().state == "optional"
    assert "Rehearsal: simulated people" in shown(results)
    assert "Rehearsal: simulated people" in results.static_card()
    assert results.show_code().startswith("# Rehearsal: simulated people\n")
    assert desk.run.value is None  # never the run that is published, reviewed or paid
    assert (desk.client.value, len(Ledger(client.ledger.path).runs())) == (client, 0)
    assert opened.panels["launch"].value is None
    saving = results._views["Answers"].saving
    assert saving is not None
    saving.save.click()
    until(lambda: "Rehearsal: the people are simulated" in saving.words.value, 60)
    assert (tmp_path / "rehearsal-responses.csv").exists()
    find(results, w.Button, "Back to your own study").click()
    assert results.run is None
    assert "Rehearsal: simulated people" not in results.static_card()
    assert all(each.errors == [] for each in opened.panels.values())


def test_a_draft_of_ones_own_takes_the_place_of_a_rehearsal(studio: Callable[..., Studio]) -> None:
    rehearsal = pnb.rehearse(DATA, DESIGN, PLAN)
    opened = studio(rehearsal)
    assert (opened.desk.run.value, opened.desk.opened.value) == (None, rehearsal)
    assert opened.views["results"].open
    results = opened.panels["results"]
    assert isinstance(results, Results)
    assert results.mode == "SANDBOX"
    opened.desk.run.set(pnb.launch(opened.desk.client.value, DATA, DESIGN, PLAN))
    assert results.run is opened.desk.run.value
    assert opened.desk.opened.value is None


def test_it_is_offered_and_never_nags(studio: Callable[..., Studio]) -> None:
    opened = studio()
    opened.desk.design.set(DESIGN)
    view = opened.views["rehearse"]
    assert (view.built, view.header.state) == (None, "optional")
    opened.views["plan"].open = True
    until(lambda: opened.views["plan"].status.state == "done", 60)
    assert find(opened, w.Button, "Continue to Launch and watch").button_style == "primary"
    assert find(opened, w.Button, "Rehearse first").button_style == ""
    find(opened, w.Button, "Rehearse first").click()
    assert (view.open, opened.views["plan"].open) == (True, False)
    opened.views["launch"].open = True
    assert opened._current() is opened.views["launch"]


def test_a_closed_panel_leaves_nothing() -> None:
    before = models()
    panel = Rehearse(data=DATA, design=DESIGN, plan=PLAN)
    run(panel)
    assert len(find_all(panel, w.ToggleButtons)) == 1
    panel.close()
    assert models() == before
