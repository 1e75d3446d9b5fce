"""Rows on which people disagree, with their text."""

from __future__ import annotations

import pandas as pd
import pytest

import prolific_nb as pnb

DESIGN = (
    pnb.Design("R")
    .show("review")
    .choose("How?", ["good", "bad"])
    .choose_many("What?", ["price", "battery"])
    .measure("How heavy?", ["g"])
    .write("Why?")
)


def answers(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Answers as (row, person, question, value); each row has a review."""
    frame = pd.DataFrame(rows, columns=["row", "participant_id", "question", "value"])
    frame["response_id"] = frame["row"] + frame["participant_id"] + frame["question"]
    numbers = pd.to_numeric(frame["value"], errors="coerce")
    frame["number"], frame["number_unit"] = numbers, numbers.map(lambda x: "g" if x == x else None)
    frame["review"] = "Review " + frame["row"]
    frame.attrs = {"questions": DESIGN.codebook().to_records(), "mode": "SANDBOX"}
    return frame


def how(row: str, values: str) -> list[tuple[str, str, str, str]]:
    words = {"g": "good", "b": "bad"}
    return [(row, f"p{person}", "How?", words[value]) for person, value in enumerate(values)]


def test_the_worst_row_is_first_and_agreed_rows_are_left_out() -> None:
    frame = answers(*how("1", "ggg"), *how("2", "ggggb"), *how("3", "gb"))
    table = pnb.disputed(frame, "How?")
    assert table["row"].tolist() == ["3", "2"]
    assert table["labels"].tolist() == ["good ×1, bad ×1", "good ×4, bad ×1"]
    assert table["review"].tolist() == ["Review 3", "Review 2"]
    assert list(table) == ["question", "row", "n_ratings", "agreement", "majority", "labels", "review"]


def test_all_questions_that_can_be_scored_are_listed_together_numbers_last() -> None:
    frame = answers(
        *how("1", "ggb"),
        ("1", "p0", "What?", "price"),
        ("1", "p1", "What?", "battery"),
        ("2", "p0", "How heavy?", "5"),
        ("2", "p1", "How heavy?", "9"),
        ("2", "p0", "Why?", "Loud."),
        ("2", "p1", "Why?", "Cheap."),
    )
    table = pnb.disputed(frame)
    assert table["question"].tolist() == ["What?", "How?", "How heavy?"]
    assert table["sd"].tolist()[-1] == pytest.approx(2.83, abs=0.01)
    assert pnb.disputed(frame, "Why?").empty


def test_only_columns_with_one_value_for_each_row_are_added() -> None:
    frame = pd.DataFrame({"item": [1, 1, 2, 2], "who": ["a", "b"] * 2, "label": list("xyxx"), "minutes": range(4)})
    table = pnb.disputed(frame.assign(text=["One"] * 2 + ["Two"] * 2), unit="item", annotator="who", label="label")
    assert (table["item"].tolist(), table["text"].tolist()) == ([1], ["One"])
    assert "minutes" not in table


def test_a_table_in_which_all_agree_is_empty() -> None:
    assert pnb.disputed(answers(*how("1", "gg"))).empty
    assert pnb.disputed(answers()).empty
