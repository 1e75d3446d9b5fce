"""A study that is watched, on a sandbox whose clock is driven: the saved card, the bell, answers and growth."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import ipywidgets as w
import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.api.polling import PollIntervals
from prolific_nb.common.progress import silent
from prolific_nb.panels.launching.last_answers import LastAnswers, answers_html
from prolific_nb.panels.launching.launch_panel import Launch
from prolific_nb.sandbox import Fault
from prolific_nb.workflow.run import Run

from ...conftest import DESIGN, PLAN, Connect
from ..choosing import foreign
from ..find import find, parsed, shown, until
from ..launch_steps import button, create, publish, text, visible
from .statuses import status

SAMPLE = pnb.sample_data().table


class Clock:
    """Real time, and as much more as a test has let pass."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return time.time() + self.passed

    def minutes(self, minutes: float) -> None:
        self.passed += 60 * minutes


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_panel(sandboxed: Connect, clock: Clock) -> Iterator[Callable[..., Launch]]:
    panels: list[Launch] = []
    seeds = iter(range(500, 600))

    def make(mode: str = "SANDBOX", **options: Any) -> Launch:
        client = sandboxed(mode=mode, speed=1, wall=clock, seed=next(seeds), **options)
        client.pace = PollIntervals(job=0.02, study=0.02)
        panels.append(Launch(client=client, data=pnb.read_data(SAMPLE.head(24)), design=DESIGN, plan=PLAN))
        return panels[-1]

    yield make
    for panel in panels:
        panel.close()


def card(panel: Launch) -> str:
    """The words of the saved card, without its code."""
    return " ".join(parsed(panel.static_card().partition("<pre>")[0])[2].split())


def says(panel: Launch, *words: str) -> None:
    until(lambda: all(each in card(panel) for each in words), 30)


def settled(panel: Launch) -> None:
    until(lambda: not panel._busy)


# --- the saved card -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["SANDBOX", "LIVE"])
def test_the_saved_card_tells_the_truth_in_every_state(mode: str, open_panel: Any, clock: Clock) -> None:
    panel = open_panel(mode)
    kind = "real money" if mode == "LIVE" else "simulated money"
    says(panel, f"{mode} · Launch (saved state)", "Study not created yet")
    assert panel.status.value.words == "Create the draft; it costs nothing."
    run = create(panel)
    says(
        panel, run.study_id, "a draft: participants cannot see it, nothing is spent", f"27.24 GBP of {kind}, when it is"
    )
    run.publish(max_cost="27.24")
    says(
        panel,
        "running: participants are answering",
        f"0.00 GBP of at most 27.24 GBP, {kind}",
        "0 of 12 filled",
        "As of",
    )
    clock.minutes(15)
    until(lambda: "0 of 12" not in card(panel))
    run.pause()
    says(panel, "paused: participants who have started", f"Spent {run.status().spent.major} GBP of")
    until(lambda: panel.status.value.state == "needs attention")
    run.resume()
    clock.minutes(600)
    says(panel, "submissions await your review", "12 of 12 filled", f"27.24 GBP of at most 27.24 GBP, {kind}")
    until(lambda: panel.status.value.state == "done")
    assert "nothing is spent" not in card(panel)


def test_the_card_of_a_stopped_study(open_panel: Any, clock: Clock) -> None:
    panel = open_panel()
    run = publish(panel)
    clock.minutes(12)
    until(lambda: run.status().filled)
    button(panel, "Stop").click()
    button(panel, "Stop permanently?").click()
    says(panel, "stopped at", "of 12 places", run.status().spent.major)
    until(lambda: panel.status.value.words.startswith("Stopped: "))


def test_the_card_of_a_launch_that_failed(open_panel: Any) -> None:
    panel = open_panel(faults=[Fault("setupBatch", "ERROR")])
    button(panel, "Create draft").click()
    says(panel, "not created yet", "Failed Creating the draft failed")
    until(lambda: panel.status.value.state == "needs attention")
    button(panel, "Create draft").click()
    until(lambda: panel.value is not None)
    says(panel, "nothing is spent")
    assert "Failed" not in card(panel)


def test_the_card_of_a_study_that_was_deleted_on_the_website(open_panel: Any) -> None:
    panel = open_panel()
    run = create(panel)
    assert not visible(panel, panel.drafting.create)
    run.client.studies.delete(run.study_id)
    says(panel, "deleted on Prolific's website")
    until(lambda: panel.status.value.state == "needs attention")
    assert "nothing is spent" not in card(panel)
    assert not visible(panel, button(panel, "Publish"))
    assert "earlier inputs" not in text(panel)
    until(lambda: visible(panel, button(panel, "Create draft")))  # the way on
    assert panel.errors == []
    button(panel, "Create draft").click()
    until(lambda: panel.value is not run)
    says(panel, panel.value.study_id, "nothing is spent")


def test_a_refused_payment_stays_on_the_card(open_panel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = open_panel()
    create(panel)
    monkeypatch.setattr(Run, "publish", lambda *given, **named: (_ for _ in ()).throw(ValueError("too dear\nreally")))
    button(panel, "Publish").click()
    says(panel, "nothing is spent", "Failed Publishing the study failed: too dear")
    assert "really" not in panel.status.value.words


# --- the running study ----------------------------------------------------------------------------------------------


def test_the_chart_and_its_forecast_follow_the_study(open_panel: Any, clock: Clock) -> None:
    panel = open_panel()
    publish(panel)
    assert "A forecast follows" in text(panel)
    for _ in range(40):
        clock.minutes(1)
        time.sleep(0.03)
        if " left, at the rate of the last" in text(panel):
            break
    until(lambda: " left, at the rate of the last" in text(panel))
    assert 'class="pnb-forecast"' in shown(panel)
    assert "Real hourly pay:" in text(panel)
    clock.minutes(600)
    until(lambda: "Filled within" in text(panel))
    assert 'class="pnb-forecast"' not in shown(panel)
    assert panel.errors == []


def test_the_bell_rings_once_when_a_watched_study_ends(open_panel: Any, clock: Clock) -> None:
    panel = open_panel()
    run = publish(panel)
    bell = panel.monitor.bell
    assert (bell.rung, bell.wanted) == (0, False)
    late = Launch(run)
    until(lambda: "running: participants" in card(late))
    clock.minutes(600)
    until(lambda: bell.rung)
    assert bell.message == ("Reviews: all places are filled; submissions await your review, 12 of 12 places filled.")
    until(lambda: late.monitor.bell.rung == 1)
    late.close()
    opened = Launch(run)  # it ended before this panel was opened
    until(lambda: "12 of 12" in card(opened))
    assert (bell.rung, opened.monitor.bell.rung) == (1, 0)
    opened.close()


def test_the_last_five_answers_are_shown_shortened(open_panel: Any, clock: Clock) -> None:
    panel = open_panel()
    run = publish(panel)
    clock.minutes(600)
    until(lambda: "Last answers" in text(panel) and "How?" in text(panel))
    until(lambda: panel.last_answers._at[0] == "AWAITING REVIEW")
    table = panel.last_answers.html
    assert table.count("<tr>") == 6
    frame = run.latest(5)
    until(lambda: all(f"{each:%H:%M:%S}" in panel.last_answers.html for each in frame["created_at"]))
    for participant in frame["participant_id"]:
        assert participant not in shown(panel)
        assert f"…{participant[-6:]}" in panel.last_answers.html
    assert "row " in parsed(panel.last_answers.html)[2]


def test_answers_are_read_seldom_and_again_at_the_end(open_panel: Any, clock: Clock) -> None:
    panel, readings = open_panel(), []
    run = create(panel)
    real = run.latest
    run.latest = lambda n: readings.append(n) or real(n)
    run.client.pace = PollIntervals(job=0.02, study=0.1)
    run.publish(max_cost="99.00")
    panel._watch.hurry()
    for _ in range(30):
        clock.minutes(1)
        time.sleep(0.02)
    assert len(readings) <= 3
    clock.minutes(600)
    panel._watch.hurry()
    until(lambda: "12 of 12" in card(panel))
    until(lambda: panel.last_answers._at == ("AWAITING REVIEW", 12))


def test_answers_are_escaped_and_a_reading_that_fails_is_said() -> None:
    hostile = "<img src=x onerror=alert(1)>\u202e" + "long " * 50
    frame = pd.DataFrame(
        {
            "created_at": [pd.Timestamp("2026-01-05T09:00:00Z")],
            "row": [None],
            "question": [hostile],
            "value": [hostile],
            "file_name": [None],
            "participant_id": [hostile],
        }
    )
    html = answers_html(frame, None)
    tags, attributes, words = parsed(html)
    assert "img" not in tags
    assert "onerror" not in attributes
    assert "\u202e" not in words
    assert "not known yet" in words
    assert len(html) < 1_000

    class Failing:
        client = type("Client", (), {"pace": PollIntervals(job=1, study=1)})()

        def latest(self, n: int) -> pd.DataFrame:
            raise OSError("<b>cut</b>")

    heard: list[str] = []
    answers = LastAnswers(lambda: heard.append(answers.html))
    answers.show(Failing())  # type: ignore[arg-type]
    run = answers._run
    assert run is not None
    answers.follow(run, status([1.0]))
    until(lambda: heard)
    assert "could not be read: &lt;b&gt;cut&lt;/b&gt;" in heard[0]


# --- growth ---------------------------------------------------------------------------------------------------------


def grow(panel: Launch, name: str) -> None:
    part = panel.monitor.annotators if name == "More annotators" else panel.monitor.rows
    part.fold.open = True


def test_more_annotators_are_priced_before_they_are_confirmed(open_panel: Any) -> None:
    panel = open_panel()
    run = publish(panel)
    grow(panel, "More annotators")
    field = find(panel, w.BoundedIntText, "Annotators per task")
    assert field.value == 4
    field.value = 5
    until(lambda: "Annotators per task: 3 → 5, 8 more places." in text(panel))
    assert "Adding 8 places costs 18.17 GBP of simulated money" in text(panel)
    assert run.status().places == 12
    button(panel, "Add annotators").click()
    until(lambda: run.status().places == 20)
    until(lambda: "Added: now 5 annotators per task." in text(panel))
    says(panel, "of 20 filled", "at most 45.41 GBP")
    assert 'run.publish(max_cost="27.24")\nrun.add_annotators(to=5, max_cost="18.17")\nrun.wait()' in panel.code()
    settled(panel)
    field.value = 4
    until(lambda: "has 5 annotators per task already" in text(panel))
    assert not visible(panel, button(panel, "Add annotators"))
    button(panel, "Add annotators").click()  # hidden
    assert (run.status().places, panel.errors) == (20, [])


def test_on_live_more_annotators_need_the_amount(open_panel: Any) -> None:
    panel = open_panel("LIVE")
    run = create(panel).publish(max_cost="27.24")
    until(lambda: visible(panel, button(panel, "Pause")))
    grow(panel, "More annotators")
    until(lambda: "LIVE: adding 4 places spends 9.08 GBP of real money" in text(panel))
    settled(panel)
    button(panel, "Add annotators").click()
    until(lambda: "Nothing was added. LIVE: adding" in text(panel))
    assert run.status().places == 12
    find(panel, w.Text, "Type the amount to add annotators").value = "9.08"
    button(panel, "Add annotators").click()
    until(lambda: run.status().places == 16)
    until(lambda: str(run.cap) == "36.32 GBP")
    assert panel.errors == []


def test_more_rows_are_counted_and_priced_before_they_are_confirmed(open_panel: Any, tmp_path: Path) -> None:
    SAMPLE.iloc[18:36].to_csv("more.csv", index=False)
    panel = open_panel()
    run = publish(panel)
    grow(panel, "More rows")
    button(panel, "Read the file").click()
    assert "Enter the path of a file first." in text(panel)
    path = find(panel, w.Combobox, "File with more rows")
    assert list(path.options) == ["more.csv"]
    path.value = "more.csv"
    button(panel, "Read the file").click()
    until(lambda: "12 new rows in more" in text(panel))
    assert "(6 are in the study already): 12 tasks in at most 2 groups, 6 more places." in text(panel)
    button(panel, "Add rows").click()
    until(lambda: "Added: 12 tasks in 2 new groups and 6 places." in text(panel))
    assert (len(run.data or ()), run.status().places) == (36, 18)
    assert "earlier inputs" not in text(panel)  # the study is still that of the inputs
    assert not visible(panel, panel.drafting.create)
    assert "more_1 = pnb.read_data('more.csv')" in panel.code().replace('"', "'")
    assert "run.add_rows(more_1, max_cost=" in panel.code()
    path.value = "none.csv"
    button(panel, "Read the file").click()
    until(lambda: panel.errors)
    assert "none.csv" in panel.errors[0]


def test_what_cannot_grow_is_not_offered(open_panel: Any, clock: Clock) -> None:
    panel = open_panel()
    run = publish(panel)
    annotators, rows = panel.monitor.annotators.fold.button, panel.monitor.rows.fold.button
    assert visible(panel, annotators)
    assert visible(panel, rows)
    clock.minutes(600)
    until(lambda: "12 of 12" in card(panel))
    assert visible(panel, annotators)
    until(lambda: not visible(panel, rows))  # a study whose places are filled takes no rows
    reopened = pnb.open_run(study_id=run.study_id, client=run.client)
    other = Launch(reopened)
    until(lambda: "12 of 12" in card(other))
    assert not visible(other, other.monitor.rows.fold.button)
    other.close()


# --- threads and views ----------------------------------------------------------------------------------------------


def test_two_views_on_foreign_threads_add_annotators_once(open_panel: Any) -> None:
    panel = open_panel()
    run = publish(panel)
    other = Launch(panel.held, client=panel.client, data=panel.data, design=panel.design, plan=panel.plan)
    until(lambda: visible(other, button(other, "Pause")))
    for each in (panel, other):
        foreign(lambda each=each: grow(each, "More annotators"))
        until(lambda each=each: "3 → 4, 4 more places" in text(each))
        settled(each)
    clicks = [Thread(target=button(each, "Add annotators").click) for each in (panel, other, panel, other)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    until(lambda: run.status().places == 16)
    for each in (panel, other):
        settled(each)
        says(each, "of 16 filled")
    assert run.status().places == 16  # the number afterwards means the same, however often it is confirmed
    other.close()
    assert panel.errors + other.errors == []


def test_a_poll_that_brings_nothing_new_sends_nothing(open_panel: Any) -> None:
    panel = open_panel()
    publish(panel)
    settled(panel)
    until(lambda: "running: participants" in text(panel))
    sent: list[Any] = []
    for widget in (panel.monitor._lead, panel.monitor._chart, panel.monitor._figures, panel._existing_html):
        widget.observe(sent.append, names=["value"])
    time.sleep(0.5)  # some twenty polls; in half a sandbox second nobody finishes
    assert len(sent) <= 2


def test_a_run_given_to_the_panel_is_watched_at_once(open_panel: Any) -> None:
    maker = open_panel()
    run = pnb.launch(maker.client.value, maker.data.value, DESIGN, PLAN, on_progress=silent).publish(max_cost="99.00")
    panel = Launch(run)
    until(lambda: visible(panel, button(panel, "Pause")))
    until(lambda: "of at most 99.00 GBP" in card(panel))
    assert panel.facts() == {"State": "running", "Places": "0 of 12 filled", "Cost": "0.00 GBP spent"}
    panel.close()
