"""Reports, sentences and plots name rows by their text."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

import prolific_nb as pnb
from prolific_nb import plots
from prolific_nb.report.question_selection import ColumnNames
from prolific_nb.report.rows.row_texts import RowTexts

from .test_disagreement_table import answers, how

COLUMNS = ColumnNames("row", "participant_id", "value")


def two_rows(**more: list[str]) -> pd.DataFrame:
    frame = answers(*how("1", "gg"), *how("2", "gb"))
    return frame.assign(**{name: [cells[0]] * 2 + [cells[1]] * 2 for name, cells in more.items()})


def test_words_units_and_plots_name_rows_by_their_text() -> None:
    long = "The battery is dead after an hour, and the screen flickers whenever I touch it."
    frame = two_rows(review=["Fine.", long])
    report = pnb.agreement(frame)
    cut = f"{long[:59]}…"
    assert f"Agreement is lowest on “{cut}” (good ×1, bad ×1)." in report.words
    assert report.units[["unit", "text"]].values.tolist() == [["2", cut], ["1", "Fine."]]
    ax = plots.disagreement(report.units, ax=Figure().add_subplot())
    assert "The battery is dead" in plots.alt_text(ax)


def test_without_a_text_the_key_is_the_name() -> None:
    frame = two_rows().drop(columns="review")
    report = pnb.agreement(frame)
    assert "Agreement is lowest on “2”" in report.words
    assert "text" not in report.units


def test_the_first_text_that_participants_see_is_chosen() -> None:
    picture = ["https://x.org/1.png", "https://x.org/2.png"]
    frame = two_rows(review=["A", "B"], source=["A long text about it", "Another long text"], picture=picture)
    assert RowTexts(frame, COLUMNS).name("1") == "A long text about it"
    frame.attrs["shown"] = ["picture", "review", "source"]
    assert RowTexts(frame, COLUMNS).name("1") == "A"
    frame = frame.rename(columns={"source": "row_value"})
    frame.attrs["shown"] = ["value"]
    assert RowTexts(frame, COLUMNS).name("2") == "Another long text"


def test_a_column_of_the_answers_is_not_a_text_of_the_row() -> None:
    frame = two_rows().drop(columns="review")
    frame["remark"] = ["one", "two", "three", "four"]
    assert RowTexts(frame, COLUMNS).name("1") == "1"
    frame["many"] = 3
    assert not RowTexts(frame, COLUMNS).known
