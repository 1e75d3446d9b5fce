"""Rows on which people disagree, with their labels, what was said, and their text."""

from __future__ import annotations

import itertools
import math

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
    table = pnb.disagreements(frame, "How?")
    assert table["row"].tolist() == ["3", "2"]
    assert table["labels"].tolist() == ["good ×1, bad ×1", "good ×4, bad ×1"]
    assert table["review"].tolist() == ["Review 3", "Review 2"]
    given = ["question", "row", "n_ratings", "agreement", "majority", "labels"]
    assert list(table) == [*given, "entropy", "share of good", "share of bad", "review"]


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
    table = pnb.disagreements(frame)
    assert table["question"].tolist() == ["What?", "How?", "How heavy?"]
    assert table["sd"].tolist()[-1] == pytest.approx(2.83, abs=0.01)
    assert pnb.disagreements(frame, "Why?").empty


def test_only_columns_with_one_value_for_each_row_are_added() -> None:
    frame = pd.DataFrame({"item": [1, 1, 2, 2], "who": ["a", "b"] * 2, "label": list("xyxx"), "minutes": range(4)})
    table = pnb.disagreements(frame.assign(text=["One"] * 2 + ["Two"] * 2), unit="item", annotator="who", label="label")
    assert (table["item"].tolist(), table["text"].tolist()) == ([1], ["One"])
    assert "minutes" not in table


def test_a_table_in_which_all_agree_is_empty() -> None:
    assert pnb.disagreements(answers(*how("1", "gg"))).empty
    assert pnb.disagreements(answers()).empty


def test_labels_have_shares_and_entropy_in_bits() -> None:
    frame = answers(
        *how("1", "gggb"),
        *how("2", "gb"),
        *[
            ("1", who, "What?", pick)
            for who, pick in (("a", "price"), ("a", "battery"), ("b", "price"), ("c", "price"))
        ],
    )
    table = pnb.disagreements(frame).set_index(["question", "row"])
    quarter = -(0.25 * math.log2(0.25) + 0.75 * math.log2(0.75))
    assert table.loc[("How?", "1"), "entropy"] == pytest.approx(quarter)
    assert table.loc[("How?", "2"), ["entropy", "share of good", "share of bad"]].tolist() == [1, 0.5, 0.5]
    assert table.loc[("How?", "1"), ["share of good", "share of bad"]].tolist() == [0.75, 0.25]
    assert math.isnan(table.loc[("How?", "1"), "share of price"])
    sets = table.loc[("What?", "1")]  # of three sets, two are the same
    assert sets["entropy"] == pytest.approx(math.log2(3) - 2 / 3)
    assert sets[["share of price", "share of battery"]].tolist() == pytest.approx([1, 1 / 3])
    numbers = answers(("1", "a", "How heavy?", "5"), ("1", "b", "How heavy?", "9"))
    assert pnb.disagreements(numbers)["entropy"].isna().all()


def test_many_labels_have_an_entropy_but_no_columns() -> None:
    frame = pd.DataFrame({"row": ["1"] * 101, "participant_id": map(str, range(101)), "value": map(str, range(101))})
    table = pnb.disagreements(frame)
    assert table["entropy"].tolist() == pytest.approx([math.log2(101)])
    assert not [name for name in table if name.startswith("share")]


def test_explanations_stand_beside_their_labels_on_one_line_each() -> None:
    frame = answers(
        *how("1", "bgb"),
        *how("2", "gb"),
        *[("1", who, "What?", pick) for who, pick in (("a", "price"), ("a", "battery"), ("b", "price"))],
    )
    frame["explanation"] = pd.Series(["Loud.", " Cheap,\nand  good. ", "  ", None, None, "Both.", "Both.", "One."])
    table = pnb.disagreements(frame).set_index(["question", "row"])
    assert table.loc[("How?", "1"), "explanations"] == "good: Cheap, and good.\nbad: Loud."
    assert pd.isna(table.loc[("How?", "2"), "explanations"])
    assert table.loc[("What?", "1"), "explanations"] == "price + battery: Both.\nprice: One."


def test_ties_keep_the_order_of_the_answers() -> None:
    frame = answers(*[line for row in ("7", "3", "9", "1") for line in how(row, "gb")])
    assert pnb.disagreements(frame, "How?")["row"].tolist() == pnb.agreement(frame).units["unit"].tolist()
    shuffled = answers(*[line for row in ("7", "3", "9", "1") for line in how(row, "bg")])
    assert pnb.disagreements(shuffled)["row"].tolist() == pnb.disagreements(frame)["row"].tolist()


def test_the_same_numbers_in_another_order_are_tied() -> None:
    rows = ("7", "3", "9", "1", "5", "2")
    orders = itertools.permutations(("0.1", "0.2", "0.7"))
    given = [
        (row, f"p{place}", "How heavy?", number)
        for row, numbers in zip(rows, orders, strict=True)
        for place, number in enumerate(numbers)
    ]
    assert pnb.disagreements(answers(*given))["row"].tolist() == list(rows)


def test_an_adjudicator_is_not_one_of_those_who_disagree() -> None:
    frame = answers(*how("1", "gg"), *how("2", "gb"), ("1", "adjudicator", "How?", "bad"))
    frame["review"] = frame["review"].where(frame["participant_id"] != "adjudicator")
    table = pnb.disagreements(frame)
    assert table["row"].tolist() == ["2"]
    assert table["review"].tolist() == ["Review 2"]
    report = pnb.agreement(frame)
    assert report.table["n_units"].tolist() == pnb.agreement(answers(*how("1", "gg"), *how("2", "gb"))).table[
        "n_units"
    ].tolist()  # fmt: skip
    assert "1 line by the adjudicator left out." in report.words
    assert "The adjudicator is counted" in pnb.analysis.krippendorff_alpha(frame, draws=1).note
