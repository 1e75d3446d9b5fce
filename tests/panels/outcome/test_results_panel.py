"""The results panel in plain Python: fetching, empty states, tabs, code, card, threads, closing."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import ipywidgets as w
import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.api.polling import PollIntervals
from prolific_nb.common.progress import silent
from prolific_nb.panels.kit.observable import Observable
from prolific_nb.panels.kit.step_status import StepStatus
from prolific_nb.panels.outcome.results_panel import Results
from prolific_nb.study.monitor.watch import watch
from prolific_nb.workflow.run import Run

from ...conftest import DESIGN, PLAN, Connect
from ..find import find, find_all, models, parsed, shown, until
from .watching import TABS, choose, complete, pictures, settle, tab, text

NASTY = "<img src=x onerror=alert(1)><script>alert(2)</script> $\\frac$ javascript:x"
_seeds = count(1)

Answered = Callable[..., Run]


def draft(sandboxed: Connect, **options: Any) -> Run:
    client = sandboxed(**{"seed": next(_seeds), **options})
    client.pace = PollIntervals(job=0.02, study=0.02)
    return pnb.launch(client, pnb.read_data(pnb.sample_data().head(24)), DESIGN, PLAN, on_progress=silent)


# --- empty states ---------------------------------------------------------------------------------------------------


def test_without_a_study_it_says_so() -> None:
    panel = Results()
    assert "No study yet. Create a draft first." in text(panel)
    button = find(panel, w.Button, "Get answers")
    assert button.disabled
    button.click()
    assert (panel.answers, panel.errors) == (None, [])
    panel.close()


def test_a_draft_has_no_answers_and_a_running_study_none_yet(sandboxed: Connect) -> None:
    run = draft(sandboxed, speed=1)
    panel = Results(run)
    until(lambda: "No answers yet: the study is a draft." in text(panel))
    find(panel, w.Button, "Get answers").click()
    until(lambda: panel.answers is not None)
    assert "No answers yet: the study is a draft." in text(panel)
    run.publish(max_cost="999.00")
    until(lambda: "No answers yet: no participant has finished." in text(panel))
    assert panel.errors == []
    panel.close()


# --- answers --------------------------------------------------------------------------------------------------------


def test_the_answers_are_fetched_when_the_study_has_ended(sandboxed: Connect) -> None:
    held: Observable[Run | None] = Observable(None)
    panel = Results(held)
    run = draft(sandboxed)
    held.set(run)
    run.publish(max_cost="999.00")
    until(lambda: panel.answers is not None, 30)
    pd.testing.assert_frame_equal(panel.answers, run.responses())
    assert "144 answers by 12 people." in text(panel)
    assert "SANDBOX: the people are simulated" in text(panel)
    until(lambda: "α" in panel.step().words)
    alpha = f"{run.agreement().scored[0].lead.value:.2f}".replace("0.", ".")
    assert panel.step() == StepStatus("done", f"144 answers by 12 people; α = {alpha}")
    assert panel.errors == []
    panel.close()


def test_a_click_fetches_the_answers_of_a_running_study(sandboxed: Connect) -> None:
    run = draft(sandboxed, speed=300).publish(max_cost="999.00")
    panel = Results(run)
    until(lambda: run.status().counts["AWAITING REVIEW"] > 0)
    run.pause()
    until(lambda: panel._update.status is not None and panel._update.status.state == "PAUSED")
    find(panel, w.Button, "Get answers").click()
    assert find(panel, w.Button, "Get answers").disabled
    until(lambda: "so far; the study is still running" in text(panel))
    assert panel.step().state == "running"
    assert not find(panel, w.Button, "Get answers").disabled
    some = len(panel.answers)
    assert some < 144
    run.resume()
    until(lambda: len(panel.answers) == 144, 30)  # and once more at the end
    panel.close()


def test_answers_of_rejected_submissions_go_and_saving_is_the_next_thing_to_do(
    sandboxed: Connect, tmp_path: Path
) -> None:
    run = draft(sandboxed).publish(max_cost="999.00").wait(on_progress=silent)
    panel = Results(run)
    until(lambda: panel.answers is not None and len(panel.answers) == 144)
    save = find(panel, w.Button, "Save")
    assert (save.button_style, panel.highlighted.value) == ("primary", True)
    rejected = run.submissions()["submission_id"][0]
    message = "A sentence of at least one hundred characters. " * 3
    run.client.submissions.transition(rejected, "REJECT", message=message, category="TOO_QUICKLY")
    watch(run.client, run.study_id).hurry()
    until(lambda: panel.answers is not None and len(panel.answers) == 132)
    find(panel, w.Text, "Save to").value = str(tmp_path / "responses.csv")
    save.click()
    until(lambda: "Saved 132 rows" in text(panel))
    assert (save.button_style, panel.highlighted.value) == ("", False)
    assert panel.errors == []
    panel.close()


# --- tabs -----------------------------------------------------------------------------------------------------------


def test_a_question_that_cannot_be_scored_is_reported_and_its_labels_are_drawn(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: Any, **options: Any) -> None:
        raise pnb.ProlificError("somebody answered twice")

    monkeypatch.setattr("prolific_nb.panels.outcome.fetched_answers.agreement", broken)
    panel = complete(run)  # nobody has asked for agreement yet, so there is no error
    assert panel.step().words == "144 answers by 12 people"
    tab(panel, "Charts")
    assert len(pictures(panel)) == 2
    for name in ("Disputed", "Labels", "Agreement"):
        tab(panel, name)
    assert panel.errors == ["somebody answered twice"] * 3
    assert "somebody answered twice" in text(panel)


def test_tabs_are_built_when_first_chosen_and_switching_adds_no_widgets(run: Run) -> None:
    panel = complete(run)
    assert list(panel._views) == ["Answers"]
    for name in TABS:
        tab(panel, name)
    before = models()
    for question in ("How?", "Why?", ""):
        choose(panel, question)
        for name in TABS:
            tab(panel, name)
    assert models() == before
    assert panel.errors == []


def test_a_question_is_answered_at_once_where_it_was_before(run: Run) -> None:
    panel = complete(run)
    tab(panel, "Disputed")
    for question in ("How?", ""):
        choose(panel, question)
    seen = text(panel)
    find(panel, w.Dropdown, "Question").value = "How?"
    assert text(panel) != seen  # without waiting for a thread
    assert "…" not in text(panel).replace("Getting the answers…", "")


def test_a_warning_of_the_table_is_shown_in_the_panel(answered: Answered, monkeypatch: pytest.MonkeyPatch) -> None:
    run = answered(join_by="none", seed=next(_seeds))
    monkeypatch.setattr(run, "_report", lambda: b"review\n")  # neither keys nor content
    panel = complete(run)
    assert "Warning: The responses could not be joined" in text(panel).replace("  ", " ")


@pytest.mark.parametrize("answer_times", ["per_submission", "per_answer"])
def test_a_note_says_why_times_are_missing(
    answered: Answered, answer_times: str, capsys: pytest.CaptureFixture[str]
) -> None:
    panel = complete(answered(answer_times=answer_times, seed=next(_seeds)))
    missing = answer_times == "per_submission"
    assert text(panel).replace("  ", " ").count("Note: The answers of each submission were stored together") == missing
    assert (">seconds</th>" in shown(panel)) == (not missing)
    assert "pnb." not in text(panel)  # a panel gives no code as a remedy
    assert "Note:" not in capsys.readouterr().out  # it is in the panel


# --- code, card, threads, closing -----------------------------------------------------------------------------------


def test_code_does_what_the_chosen_tab_shows(run: Run) -> None:
    panel = complete(run)
    choose(panel, "How?")
    wanted = {
        "Answers": 'shown = pnb.find_answers(answers, question="How?")\npnb.save_table(shown, "responses.csv")',
        "Charts": 'pnb.plots.labels(answers, question="How?")',
        "Disputed": 'disputed = pnb.disagreements(answers, "How?")',
        "Labels": 'labels = pnb.aggregate_labels(answers, "How?", method="plurality")',
        "Agreement": 'report = pnb.agreement(answers, questions="How?")',
    }
    answers = run.responses()
    for name, line in wanted.items():
        tab(panel, name)
        code = panel.show_code()
        assert code.startswith(run.to_code())
        assert line in code
        assert "live=True" not in code
        exec(code.removeprefix(run.to_code()), {"pnb": pnb, "answers": answers, "run": run, "print": lambda _: None})
    assert "144 answers by 12 people." in parsed(panel.static_card())[2]
    assert "α = " in parsed(panel.static_card())[2]


def test_text_from_outside_is_escaped(sandboxed: Connect) -> None:
    frame = pnb.sample_data().head(6).assign(**{"<u>evil</u>": NASTY})
    mild = "<u>$\\frac$</u> & costs $5 or $6?"
    design = pnb.Design("R").show("review").choose(mild, [f"{mild} 1", f"{mild} 2"])
    client = sandboxed(truth=None, seed=next(_seeds))
    client.pace = PollIntervals(job=0.02, study=0.02)
    run = pnb.launch(client, pnb.read_data(frame), design, PLAN, on_progress=silent).publish(max_cost="999.00")
    panel = complete(run)
    choose(panel, mild)
    for name in TABS:
        tab(panel, name)
    html = shown(panel)
    tags, attributes, said = parsed(html + panel.static_card())
    assert not {"script", "u", "iframe"} & tags
    assert not [name for name in attributes if name.startswith("on")]
    assert NASTY in said
    assert len(pictures(panel)) == html.count("<img ") == 2
    assert panel.errors == []


def test_another_run_replaces_the_answers(answered: Answered) -> None:
    held: Observable[Run | None] = Observable(answered(seed=next(_seeds)))
    panel = complete(held)
    held.set(None)
    assert panel.answers is None
    assert "No study yet" in text(panel)
    held.undo()
    until(lambda: panel.answers is not None)
    assert panel.errors == []


def test_any_thread_may_choose(run: Run) -> None:
    panel = complete(run)

    def work() -> None:
        for question, name in zip(("How?", "Why?", ""), TABS, strict=False):
            find(panel, w.Dropdown, "Question").value = question
            panel._sections.tabs.value = name

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    settle(panel)
    assert panel.errors == []


def test_closing_leaves_nothing_behind(run: Run) -> None:
    held = Observable(run)
    before = models()
    panel = complete(held)
    for name in TABS:
        tab(panel, name)
    assert len(find_all(panel, w.Button)) > 10
    panel.close()
    assert models() == before
    assert (held.listeners, panel.client.listeners) == (0, 0)
    held.set(None)
    assert panel.errors == []
