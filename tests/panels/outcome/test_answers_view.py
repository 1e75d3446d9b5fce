"""The table of answers: filters as words, order, pages, saving."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ipywidgets as w
import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.panels.outcome.answer_table import in_view, table_html
from prolific_nb.panels.outcome.fetched_answers import Answers
from prolific_nb.panels.outcome.results_panel import Results
from prolific_nb.panels.outcome.saving import write
from prolific_nb.workflow.run import Run

from ..find import find, find_all, parsed, shown, until
from .watching import choose, complete, settle, text

NASTY = "<img src=x onerror=alert(1)><script>alert(2)</script> $\\frac$ javascript:x"


def words(panel: Results) -> list[str]:
    """The filters that are shown as words."""
    return [each.description for each in find_all(panel, w.Button) if "✕" in each.description]


# --- filters and order ----------------------------------------------------------------------------------------------


def test_filters_are_combined_counted_and_removed_as_words(run: Run) -> None:
    panel = complete(run)
    answers = run.responses()
    who = str(answers["participant_id"].iloc[0])
    find(panel, w.Dropdown, "Label").value = "good"
    find(panel, w.Combobox, "Participant").value = who
    expected = pnb.find_answers(answers, label="good", participant=who)
    pd.testing.assert_frame_equal(panel.answers, expected)
    assert words(panel) == ["Label: good ✕", f"Participant: {who} ✕"]
    assert f"{len(expected)} rows (of 144 in all)" in text(panel)
    assert f'find_answers(answers, label="good", participant="{who}")' in panel.code()
    find(panel, w.Button, "Label: good ✕").click()
    assert words(panel) == [f"Participant: {who} ✕"]
    assert find(panel, w.Dropdown, "Label").value == ""
    find(panel, w.Button, words(panel)[0]).click()
    assert len(panel.answers) == 144
    assert panel.errors == []


def test_text_is_searched_in_answers_and_rows(run: Run) -> None:
    panel = complete(run)
    needle = str(run.responses()["product"].iloc[0]).upper()
    find(panel, w.Text, "Search").value = needle
    pd.testing.assert_frame_equal(panel.answers, pnb.find_answers(run.responses(), text=needle))
    assert needle.lower() in set(panel.answers["product"])
    assert words(panel) == [f"Search: {needle} ✕"]
    find(panel, w.Text, "Search").value = "nothing like this"
    assert "0 rows (of 144 in all)" in text(panel)


def test_a_filter_that_the_question_does_not_have_is_removed(run: Run) -> None:
    panel = complete(run)
    choose(panel, "How?")
    assert find(panel, w.Dropdown, "Label").options == (
        ("Any", ""),
        ("good", "good"),
        ("bad", "bad"),
        ("mixed", "mixed"),
    )
    find(panel, w.Dropdown, "Label").value = "bad"
    choose(panel, "Why?")
    assert find(panel, w.Dropdown, "Label").disabled
    assert len(panel.answers) == 72
    assert panel.errors == []


def test_the_table_is_sorted_by_a_column_and_says_so(run: Run) -> None:
    panel = complete(run)
    assert find(panel, w.ToggleButton, "Descending").disabled
    find(panel, w.Dropdown, "Sort by").value = "participant_id"
    find(panel, w.ToggleButton, "Descending").value = True
    expected = run.responses().sort_values("participant_id", ascending=False, kind="stable")
    pd.testing.assert_frame_equal(panel.answers, expected)
    assert shown(panel).count('aria-sort="descending"') == 1
    assert 'answers.sort_values("participant_id", ascending=False, kind="stable")' in panel.code()


def test_pages_start_again_after_a_filter(run: Run) -> None:
    panel = complete(run)
    assert "Rows 1 to 50 of 144" in text(panel)
    assert find(panel, w.Button, "Previous rows").disabled
    for _ in range(5):  # two are possible
        find(panel, w.Button, "Next rows").click()
    assert "Rows 101 to 144 of 144" in text(panel)
    assert find(panel, w.Button, "Next rows").disabled
    choose(panel, "How?")
    assert "Rows 1 to 50 of 72 (of 144 in all)" in text(panel)
    find(panel, w.Button, "Next rows").click()
    find(panel, w.Button, "Previous rows").click()
    assert "Rows 1 to 50 of 72" in text(panel)
    assert panel.errors == []


def test_100_000_answers_are_filtered_and_searched_within_a_fifth_of_a_second() -> None:
    number = 100_000
    frame = pd.DataFrame(
        {
            "response_id": [f"r{place}" for place in range(number)],
            "participant_id": pd.Categorical([f"p{place % 997}" for place in range(number)]),
            "question": pd.Categorical(["How?", "Why?"] * (number // 2)),
            "value": pd.Categorical([f"answer {place % 40_000} about the kettle" for place in range(number)]),
            "row": pd.Categorical([f"{place // 6}" for place in range(number)]),
            "review": [f"review {place // 6} of a kettle that boils water" for place in range(number)],
        }
    )
    design = pnb.Design("R").choose("How?", ["good", "bad"]).write("Why?")
    run: Any = SimpleNamespace(codebook=design.codebook(), client=SimpleNamespace(mode="SANDBOX"), is_rehearsal=False)
    panel = Results()
    panel._monitored = panel.held._value = run
    panel._take(Answers(run, frame))
    settle(panel)

    def seconds(field: Any, value: str) -> float:  # of work: other processes may take the processor
        started = time.thread_time()
        field.value = value
        return time.thread_time() - started

    search, who = find(panel, w.Text, "Search"), find(panel, w.Combobox, "Participant")
    taken = [min(seconds(search, f"kettle that{end}") for end in (" ", " b", " bo")), seconds(who, "p7")]
    taken.append(seconds(find(panel, w.Dropdown, "Question"), "Why?"))
    assert max(taken) < 0.2, taken
    panel.held._value = None
    panel.close()


# --- the table ------------------------------------------------------------------------------------------------------


def test_the_table_starts_with_the_answers_and_drops_empty_columns(run: Run) -> None:
    frame = run.responses()
    seen = in_view(frame)
    assert seen[:2] == ["question", "value"]
    assert set(frame.columns) - set(seen) == {name for name in frame if frame[name].isna().all()}
    html = table_html(frame[seen].head(2), 0, "Answers")
    assert html.count("<tr") == 3
    for part in ('role="region"', 'tabindex="0"', '<th scope="col">question', '<th scope="row">1<'):
        assert part in html


def test_cells_of_any_type_are_shortened_and_escaped() -> None:
    frame = pd.DataFrame(
        {
            "<i>": [NASTY, "y" * 900, None],
            "when": pd.to_datetime(["2026-01-05 09:00", None, None], utc=True),
            "number": pd.array([1.0, None, 2.5], dtype="Float64"),
        }
    )
    html = table_html(frame, 0, '"><script>').split("</style>")[1]
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
    assert {"first", "second"} <= set(parsed(table_html(frame, 0, "x"))[2].split())


# --- saving ---------------------------------------------------------------------------------------------------------


def test_saving_shows_the_path_and_overwrites_only_after_confirmation(run: Run, tmp_path: Path) -> None:
    panel, file = complete(run), tmp_path / "responses.csv"
    assert find(panel, w.Text, "Save to").value == "responses.csv"
    find(panel, w.Text, "Save to").value = str(file)
    find(panel, w.Button, "Save").click()
    until(lambda: f"Saved 144 rows to {file}" in text(panel))
    assert len(pd.read_csv(file)) == 144
    choose(panel, "How?")
    overwrite = find(panel, w.Button, "Overwrite")
    overwrite.click()  # out of sight: nothing has been asked
    find(panel, w.Button, "Save").click()
    until(lambda: "already exists" in text(panel))
    assert overwrite.layout.display is None
    assert len(pd.read_csv(file)) == 144
    overwrite.click()
    until(lambda: f"Saved 72 rows to {file}" in text(panel))
    assert len(pd.read_csv(file)) == 72
    assert overwrite.layout.display == "none"
    assert panel.errors == []


def test_permission_to_overwrite_is_for_one_path_and_one_table_only(run: Run, tmp_path: Path) -> None:
    panel = complete(run)
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text("precious")
    path = find(panel, w.Text, "Save to")
    for change in (lambda: setattr(path, "value", str(tmp_path / "two.csv")), lambda: choose(panel, "How?")):
        path.value = str(tmp_path / "one.csv")
        find(panel, w.Button, "Save").click()
        until(lambda: "already exists" in text(panel))
        change()
        assert "already exists" not in text(panel)
        find(panel, w.Button, "Overwrite").click()
        assert not panel._jobs
    assert {file.read_text() for file in tmp_path.glob("*.csv")} == {"precious"}


@pytest.mark.parametrize(("chosen", "name"), [("Parquet", "responses.parquet"), ("JSON lines", "responses.jsonl")])
def test_format_and_suffix_follow_each_other(run: Run, tmp_path: Path, chosen: str, name: str) -> None:
    panel = complete(run)
    find(panel, w.Dropdown, "Format").value = chosen
    assert find(panel, w.Text, "Save to").value == name
    find(panel, w.Button, "Save").click()
    until(lambda: "Saved 144 rows" in text(panel))
    pd.testing.assert_frame_equal(pnb.read_responses(name), run.responses())
    assert f'save_table(answers, "{name}")' in panel.code()
    find(panel, w.Text, "Save to").value = "r.csv"
    assert find(panel, w.Dropdown, "Format").value == "CSV"


def test_what_cannot_be_saved_is_reported_with_a_remedy(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = complete(run)
    find(panel, w.Text, "Save to").value = str(tmp_path / "nowhere" / "r.csv")
    find(panel, w.Button, "Save").click()
    until(lambda: panel.errors)
    assert "Choose a path in a folder that exists" in panel.errors[0]
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    find(panel, w.Text, "Save to").value = "r.parquet"
    find(panel, w.Button, "Save").click()
    until(lambda: panel.errors[1:])
    assert "python -m pip install 'prolific-nb[parquet]'" in panel.errors[1]


def test_saving_says_that_text_like_a_formula_is_guarded(tmp_path: Path) -> None:
    table = pd.DataFrame({"value": ["=1+1", "good"]})
    said = write(table, tmp_path / "t.csv", overwrite=False)
    assert "apostrophe" in said
    assert "pnb.read_table" in said
    assert (tmp_path / "t.csv").read_text() == "value\n'=1+1\ngood\n"
    assert pnb.read_table(tmp_path / "t.csv").equals(table)
    assert "apostrophe" not in write(table.iloc[1:], tmp_path / "u.csv", overwrite=False)
    assert "apostrophe" not in write(table, tmp_path / "t.jsonl", overwrite=False)
