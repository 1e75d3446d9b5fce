"""Charts, disputed rows, labels and agreement, through the widgets of the panel."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import ipywidgets as w
import pandas as pd
import pytest
from matplotlib.figure import Figure

import prolific_nb as pnb
from prolific_nb import plots
from prolific_nb.api.polling import PollIntervals
from prolific_nb.common.progress import silent
from prolific_nb.panels.outcome.fetched_answers import Answers
from prolific_nb.workflow.run import Run

from ...conftest import PLAN, Connect
from ..find import find, find_all, shown, until
from .watching import choose, complete, pictures, tab, tab_text, text

MANY = (
    pnb.Design("Many")
    .show("review")
    .choose("How?", ["good", "bad", "mixed"])
    .choose_many("What?", ["price", "quality"])
    .rate("How sure?", [1, 2, 3])
    .measure("How heavy?", ["g", "kg"])
    .write("Why?")
)


@pytest.fixture
def many(sandboxed: Connect) -> Run:
    """A finished run with a question of every kind that has answers in the table."""
    client = sandboxed(seed=77)
    client.pace = PollIntervals(job=0.02, study=0.02)
    run = pnb.launch(client, pnb.read_data(pnb.sample_data().head(12)), MANY, PLAN, on_progress=silent)
    return run.publish(max_cost="999.00").wait(timeout=60, on_progress=silent)


def last(panel: object, kind: type, description: str) -> w.Widget:
    """The widget of the newest tab."""
    return find_all(panel, kind, description)[-1]  # type: ignore[arg-type]


def test_numbers_in_one_unit_are_compared_and_have_a_median(many: Run) -> None:
    panel, answers = complete(many), many.responses()
    panel._take(Answers(many, answers[answers["number_unit"] != "kg"]))
    choose(panel, "How heavy?")
    tab(panel, "Charts")
    assert "The median of " in pictures(panel)[0][1]
    tab(panel, "Disputed")
    assert "People disagree on" in tab_text(panel)
    tab(panel, "Labels")
    assert [value for _, value in find(panel, w.Dropdown, "Method").options] == ["median", "mean"]
    assert "lowest" in tab_text(panel)
    assert panel.errors == []


# --- charts ---------------------------------------------------------------------------------------------------------


def test_each_kind_of_question_has_its_chart_marked_as_simulated(many: Run) -> None:
    panel = complete(many)
    tab(panel, "Charts")
    drawn = pictures(panel)
    assert len(drawn) == len(many.codebook)
    assert all(image.startswith(b"\x89PNG") and "SANDBOX: the people are simulated" in alt for image, alt in drawn)
    for (_, alt), words in zip(drawn, ("How?", "What?", "How sure?", "The median of", "words or fewer"), strict=True):
        assert words in alt
    choose(panel, "How?")
    assert pictures(panel) == drawn[:1]
    counts = many.responses(question="How?")["value"].value_counts()
    verdict = f"“{counts.index[0]}” is the most common answer: {100 * counts.iloc[0] / 36:.0f} % of 36"
    assert verdict in drawn[0][1] or "equally common" in drawn[0][1]
    assert panel.errors == []


# --- disputed rows --------------------------------------------------------------------------------------------------


def test_disputed_rows_come_worst_first_with_text_labels_and_shares(run: Run, tmp_path: Path) -> None:
    panel = complete(run)
    tab(panel, "Disputed")
    choose(panel, "How?")
    table = pnb.disagreements(run.responses(), "How?")
    assert f"People disagree on {len(table)} of 24 rows" in text(panel)
    places = [tab_text(panel).find(each[:60]) for each in table["review"].head(10)]
    assert places == sorted(places)
    assert -1 not in places
    assert " of 3 · 33 %" in text(panel)
    last(panel, w.Text, "Save to").value = str(tmp_path / "d.csv")
    last(panel, w.Button, "Save").click()
    until(lambda: f"Saved {len(table)} rows" in text(panel))
    assert pnb.read_table(tmp_path / "d.csv")["labels"].tolist() == table["labels"].tolist()


def test_all_questions_are_compared_and_texts_say_why_not(many: Run) -> None:
    panel = complete(many)
    tab(panel, "Disputed")
    assert "pairs of a row and a question" in text(panel)
    for question in ("What?", "How sure?"):
        choose(panel, question)
        assert "People disagree on" in text(panel)
    choose(panel, "How heavy?")
    assert "No rows can be compared: “How heavy?” (its numbers are in 2 units" in text(panel)
    assert "agreement(" not in text(panel)
    choose(panel, "Why?")
    assert "No rows can be compared: “Why?” (free text has no fixed labels" in text(panel)
    assert panel.errors == []


# --- labels ---------------------------------------------------------------------------------------------------------


def test_labels_by_every_method_say_ties_and_are_saved(run: Run, tmp_path: Path) -> None:
    panel = complete(run)
    tab(panel, "Labels")
    table = pnb.aggregate_labels(run.responses(), "How?")
    ties = int(table["tied"].notna().sum())
    assert f"“How?”: 24 rows: {24 - ties} with one label, {ties} tied." in text(panel) if ties else "none tied"
    if ties:
        assert f"tie: {table['tied'].dropna().iloc[0]}" in text(panel)
    for method in ("weighted_vote", "dawid_skene"):
        find(panel, w.Dropdown, "Method").value = method
        panel._computing.join(30)
        last(panel, w.Text, "Save to").value = str(tmp_path / f"{method}.jsonl")
        last(panel, w.Button, "Save").click()
        until(lambda method=method: f"{method}.jsonl" in text(panel) and not panel._jobs)  # type: ignore[misc]
        wanted = pnb.aggregate_labels(run.responses(), "How?", method=method)  # type: ignore[arg-type]
        pd.testing.assert_series_equal(pnb.read_table(tmp_path / f"{method}.jsonl")["share"], wanted["share"])
        assert f'method="{method}"' in panel.code()
    assert panel.errors == []


def test_the_methods_are_those_of_the_kind_of_question(many: Run) -> None:
    panel = complete(many)
    tab(panel, "Labels")
    choose(panel, "What?")
    assert find(panel, w.Dropdown, "Method").value == "plurality"
    assert "share of price" in shown(panel)
    choose(panel, "Why?")
    assert "No labels to aggregate: “Why?” (free text" in text(panel)
    assert find(panel, w.Dropdown, "Method").layout.display == "none"
    assert panel.code().endswith(many.to_code()[-40:])
    assert panel.errors == []


def test_labels_say_who_decided_as_soon_as_somebody_did(run: Run, tmp_path: Path) -> None:
    panel = complete(run)
    tab(panel, "Labels")
    assert "decided by" not in tab_text(panel)
    assert "adjudications" not in panel.code()
    row = pnb.aggregate_labels(run.responses(), "How?")["row"].iloc[0]
    run.adjudications.decide(row, "How?", "mixed", "<b>Both</b> sides.")
    try:
        tab(panel, "Answers")
        tab(panel, "Labels")
        panel._computing.join(30)
        assert "decided by" in tab_text(panel)
        assert "adjudicator <b>Both</b> sides." in tab_text(panel)
        assert "1 label decided by the adjudicator" in text(panel)
        last(panel, w.Text, "Save to").value = str(tmp_path / "labels.csv")
        last(panel, w.Button, "Save").click()
        until(lambda: "labels.csv" in text(panel) and not panel._jobs)
        saved = pnb.read_table(tmp_path / "labels.csv").set_index("row")
        assert saved.loc[row, ["label", "decided_by"]].tolist() == ["mixed", "adjudicator"]
        assert "adjudications=run.adjudications.frame()" in panel.code()
    finally:
        run.adjudications.withdraw(row, "How?")
    assert panel.errors == []


# --- agreement ------------------------------------------------------------------------------------------------------


def test_agreement_is_shown_as_table_words_and_plot(run: Run) -> None:
    panel = complete(run)
    tab(panel, "Agreement")
    report = run.agreement()
    for words in report.words.split("\n\n"):
        assert " ".join(words.split()) in text(panel)
    for _, line in report.table.iterrows():
        assert f"{line['coefficient']} {line['value']:.2f} {line['low']:.2f} to {line['high']:.2f} 24" in text(panel)
    [(image, alt)] = pictures(panel)
    assert image.startswith(b"\x89PNG")
    assert unescape(alt).startswith(plots.alt_text(report.plot(Figure().add_subplot())))
    assert "SANDBOX: the people are simulated" in alt
    assert "SANDBOX: the people are simulated" in text(panel)
    choose(panel, "Why?")
    assert pictures(panel) == []
    assert "Not scored: “Why?”" in text(panel)
    assert panel.errors == []


def test_the_methods_paragraph_states_how_labels_were_made(run: Run) -> None:
    panel = complete(run)
    tab(panel, "Agreement")
    assert "must not be published" not in text(panel)
    find(panel, w.ToggleButton, "Methods paragraph").value = True
    panel._computing.join(30)
    assert " ".join(run.agreement().to_methods().split()) in text(panel)
    made_by = find(panel, w.Dropdown, "One label per row was made by")
    assert made_by.layout.display == "none"  # of one question only
    choose(panel, "How?")
    assert made_by.layout.display is None
    made_by.value = "dawid_skene"
    panel._computing.join(30)
    assert "One label per unit was made by Dawid-Skene." in text(panel)
    assert "report.to_methods(pnb.analysis.dawid_skene(part))" in panel.code()
    assert panel.errors == []
