"""The results panel in plain Python: answers, table, CSV, agreement, labels, empty states."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import ipywidgets as w
import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.api.polling import PollIntervals
from prolific_nb.common.progress import silent
from prolific_nb.panels.kit.observable import Observable
from prolific_nb.panels.outcome.answer_table import in_view, table_html
from prolific_nb.panels.outcome.results_panel import Results
from prolific_nb.panels.outcome.save_csv import write
from prolific_nb.sandbox import Sandbox
from prolific_nb.workflow.run import Run

from ...conftest import DESIGN, HURRY, PLAN, Connect
from ..find import find, find_all, models, parsed, shown, until

NASTY = "<img src=x onerror=alert(1)><script>alert(2)</script> $\\frac$ javascript:x"
_seeds = count(1)

Answered = Callable[..., Run]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """One finished run for all tests that only read it."""
    with Sandbox(speed=HURRY, truth="sentiment", seed=next(_seeds)) as sandbox:
        client = Client(Transport(sandbox.url, Token(sandbox.token)), mode="SANDBOX")
        made = pnb.launch(client, pnb.read_data(pnb.sample_data().head(24)), DESIGN, PLAN, on_progress=silent)
        yield made.publish(max_cost="120.00").wait(timeout=60, on_progress=silent)


def draft(sandboxed: Connect, **options: Any) -> Run:
    client = sandboxed(**{"seed": next(_seeds), **options})
    client.pace = PollIntervals(job=0.02, study=0.02)
    return pnb.launch(client, pnb.read_data(pnb.sample_data().head(24)), DESIGN, PLAN, on_progress=silent)


def text(panel: Results) -> str:
    return parsed(shown(panel).split("</style>\n", 1)[-1])[2]


def complete(run: Any) -> Results:
    """A panel that has fetched by itself and drawn."""
    panel = Results(run)
    until(lambda: "Labels" in text(panel))
    panel._drawing.join(30)
    assert panel.errors == []
    return panel


def choose(panel: Results, question: str) -> None:
    find(panel, w.Dropdown, "Question").value = question
    panel._drawing.join(30)


def pictures(panel: Results) -> list[tuple[bytes, str]]:
    found = re.findall(r'<img src="data:image/png;base64,([^"]+)" alt="([^"]+)"', shown(panel))
    return [(base64.b64decode(data), alt) for data, alt in found]


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
    assert not find(panel, w.Button, "Get answers").disabled
    some = len(panel.answers)
    assert some < 144
    run.resume()
    until(lambda: len(panel.answers) == 144, 30)  # and once more at the end
    panel.close()


def test_the_table_is_paged_and_filtered(run: Run) -> None:
    panel = complete(run)
    assert "Rows 1 to 50 of 144" in text(panel)
    assert find(panel, w.Button, "Previous rows").disabled
    for _ in range(5):  # two are possible
        find(panel, w.Button, "Next rows").click()
    assert "Rows 101 to 144 of 144" in text(panel)
    assert find(panel, w.Button, "Next rows").disabled
    choose(panel, "How?")
    assert "Rows 1 to 50 of 72" in text(panel)
    assert set(panel.answers["question"]) == {"How?"}
    find(panel, w.Button, "Next rows").click()
    find(panel, w.Button, "Previous rows").click()
    assert "Rows 1 to 50 of 72" in text(panel)
    assert panel.errors == []


def test_the_table_starts_with_the_answers_and_drops_empty_columns(run: Run) -> None:
    frame = run.responses()
    seen = in_view(frame)
    assert list(seen.columns[:2]) == ["question", "value"]
    assert set(frame.columns) - set(seen.columns) == {name for name in frame if frame[name].isna().all()}
    shown_html = table_html(seen, 0, 2, "Answers")
    assert shown_html.count("<tr") == 3
    assert 'role="region"' in shown_html
    assert 'tabindex="0"' in shown_html


def test_cells_of_any_type_are_shortened_and_escaped() -> None:
    frame = pd.DataFrame(
        {
            "<i>": [NASTY, "y" * 900, None],
            "when": pd.to_datetime(["2026-01-05 09:00", None, None], utc=True),
            "number": pd.array([1.0, None, 2.5], dtype="Float64"),
        }
    )
    html = table_html(frame, 0, 3, '"><script>')
    tags, attributes, said = parsed(html)
    assert not {"script", "img", "i"} & tags
    assert "onerror" not in attributes
    assert NASTY in said
    assert "y" * 200 not in said
    assert "2026-01-05 09:00:00" in said
    assert "nan" not in said.lower()
    assert "NaT" not in said


def test_two_columns_of_one_name_are_both_shown() -> None:
    frame = pd.DataFrame([["first", "second"]], columns=["same", "same"])
    assert {"first", "second"} <= set(parsed(table_html(frame, 0, 1, "x"))[2].split())


# --- saving ---------------------------------------------------------------------------------------------------------


def test_saving_shows_the_path_and_overwrites_only_after_confirmation(run: Run, tmp_path: Path) -> None:
    panel, file = complete(run), tmp_path / "responses.csv"
    assert find(panel, w.Text, "Path").value == "responses.csv"
    find(panel, w.Text, "Path").value = str(file)
    find(panel, w.Button, "Save as CSV").click()
    until(lambda: f"Saved 144 rows to {file}" in text(panel))
    assert len(pd.read_csv(file)) == 144
    choose(panel, "How?")
    overwrite = find(panel, w.Button, "Overwrite")
    overwrite.click()  # out of sight: nothing has been asked
    find(panel, w.Button, "Save as CSV").click()
    until(lambda: "already exists" in text(panel))
    assert overwrite.layout.display is None
    assert len(pd.read_csv(file)) == 144
    overwrite.click()
    until(lambda: f"Saved 72 rows to {file}" in text(panel))
    assert len(pd.read_csv(file)) == 72
    assert overwrite.layout.display == "none"
    assert panel.errors == []


def test_permission_to_overwrite_is_for_one_path_only(run: Run, tmp_path: Path) -> None:
    panel = complete(run)
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text("precious")
    find(panel, w.Text, "Path").value = str(tmp_path / "one.csv")
    find(panel, w.Button, "Save as CSV").click()
    until(lambda: "already exists" in text(panel))
    find(panel, w.Text, "Path").value = str(tmp_path / "two.csv")
    assert "already exists" not in text(panel)
    find(panel, w.Button, "Overwrite").click()
    assert not panel._jobs
    assert (tmp_path / "two.csv").read_text() == "precious"


def test_a_missing_folder_is_reported_with_a_remedy(run: Run, tmp_path: Path) -> None:
    panel = complete(run)
    find(panel, w.Text, "Path").value = str(tmp_path / "nowhere" / "r.csv")
    find(panel, w.Button, "Save as CSV").click()
    until(lambda: panel.errors)
    assert "The file cannot be written" in panel.errors[0]
    assert "Choose a path in a folder that exists" in panel.errors[0]


# --- agreement and labels -------------------------------------------------------------------------------------------


def test_agreement_is_shown_as_the_report_text_and_a_plot(run: Run) -> None:
    panel = complete(run)
    report = run.agreement()
    for words in report.words.split("\n\n"):
        assert words in text(panel)
    (image, alt), *others = pictures(panel)
    assert not others
    assert image.startswith(b"\x89PNG")
    assert alt == f"Plot of agreement. {report.headline}".replace("'", "&#x27;")
    assert "SANDBOX: the people are simulated" in text(panel)
    assert "Choose a question above" in text(panel)


def test_labels_of_the_chosen_question_are_drawn(run: Run) -> None:
    panel = complete(run)
    choose(panel, "How?")
    alts = [alt for _, alt in pictures(panel)]
    assert len(alts) == 2
    counts = run.responses(question="How?")["value"].value_counts()
    verdict = f"“{counts.index[0]}” is the most common answer: {100 * counts.iloc[0] / 72:.0f} % of 72 How?"
    if counts.iloc[0] == counts.iloc[1]:  # simulated people may be of two minds
        verdict = "are equally common: "
    assert verdict in alts[1]
    choose(panel, "Why?")
    assert pictures(panel) == []
    assert "This question has no fixed labels to count." in text(panel)
    assert panel.errors == []


def test_a_question_that_cannot_be_scored_is_reported_and_its_labels_are_drawn(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = complete(run)

    def broken(*given: Any, **options: Any) -> None:
        raise pnb.ProlificError("somebody answered twice")

    monkeypatch.setattr("prolific_nb.panels.outcome.agreement_view.agreement", broken)
    choose(panel, "How?")
    assert panel.errors == ["somebody answered twice"]
    assert "somebody answered twice" in text(panel)
    assert [alt.split(".")[0] for _, alt in pictures(panel)] == ["Plot of labels"]


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
    assert ("<th>seconds</th>" in shown(panel)) == (not missing)
    assert "Note:" not in capsys.readouterr().out  # it is in the panel


# --- code, card, threads, closing -----------------------------------------------------------------------------------


def test_code_ends_with_the_answers(run: Run) -> None:
    panel = complete(run)
    choose(panel, "How?")
    code = panel.show_code()
    compile(code, "study.py", "exec")
    assert code.startswith(run.to_code())
    assert 'pnb.plots.labels(answers, question="How?")' in code
    assert 'pnb.save_table(answers, "responses.csv")' in code
    assert "live=True" not in code
    assert "144 answers by 12 people." in parsed(panel.static_card())[2]


def test_text_from_outside_is_escaped(sandboxed: Connect) -> None:
    frame = pnb.sample_data().head(6).assign(**{"<u>evil</u>": NASTY})
    mild = "<u>$\\frac$</u> & costs $5 or $6?"
    design = pnb.Design("R").show("review").choose(mild, [f"{mild} 1", f"{mild} 2"])
    client = sandboxed(truth=None, seed=next(_seeds))
    client.pace = PollIntervals(job=0.02, study=0.02)
    run = pnb.launch(client, pnb.read_data(frame), design, PLAN, on_progress=silent).publish(max_cost="999.00")
    panel = complete(run)
    choose(panel, mild)
    html = shown(panel).split("</style>\n", 1)[-1]
    tags, attributes, said = parsed(html + panel.static_card())
    assert not {"script", "u"} & tags
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
        for question in ("How?", "Why?", ""):
            find(panel, w.Dropdown, "Question").value = question
            find(panel, w.Button, "Next rows").click()

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    panel._drawing.join(30)
    assert panel.errors == []


def test_closing_leaves_nothing_behind(run: Run) -> None:
    held = Observable(run)
    before = models()
    panel = complete(held)
    assert len(find_all(panel, w.Button)) > 4
    panel.close()
    assert models() == before
    assert (held.listeners, panel.client.listeners) == (0, 0)
    held.set(None)
    assert panel.errors == []


def test_saving_says_that_text_like_a_formula_is_guarded(tmp_path: Path) -> None:
    table = pd.DataFrame({"value": ["=1+1", "good"]})
    said = write(table, tmp_path / "t.csv", overwrite=False)
    assert "apostrophe" in said
    assert "pnb.read_table" in said
    assert (tmp_path / "t.csv").read_text() == "value\n'=1+1\ngood\n"
    assert pnb.read_table(tmp_path / "t.csv").equals(table)
    assert "apostrophe" not in write(table.iloc[1:], tmp_path / "u.csv", overwrite=False)
