"""One label for each row, with shares and ties."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import prolific_nb as pnb

from .test_disputed_rows import answers, how


def test_a_tie_has_no_label_and_names_the_labels() -> None:
    table = pnb.aggregate_labels(answers(*how("1", "ggb"), *how("2", "gb")), "How?")
    assert table["label"].fillna("").tolist() == ["good", ""]
    assert table["tied"].fillna("").tolist() == ["", "good | bad"]
    assert table["share"].round(2).tolist() == [0.67, 0.5]
    assert table["share of bad"].round(2).tolist() == [0.33, 0.5]
    assert table["review"].tolist() == ["Review 1", "Review 2"]
    assert table.attrs["note"] == "1 unit is tied between several labels; the label is missing."


@pytest.mark.parametrize("method", ["plurality", "weighted_vote", "dawid_skene"])
def test_labels_are_those_of_the_analysis(method: str) -> None:
    frame = answers(*how("1", "ggb"), *how("2", "gbb"), *how("3", "ggg"), *how("4", "bbb"))
    made = getattr(pnb.analysis, method)(frame[frame["question"] == "How?"], ties="none", categories=["good", "bad"])
    table = pnb.aggregate_labels(frame, "How?", method=method)
    assert table["label"].tolist() == made.labels.tolist()
    assert table["share of good"].tolist() == made.posteriors["good"].tolist()


def test_of_several_picks_each_option_is_decided_on_its_own() -> None:
    picks = [("1", "a", "price"), ("1", "a", "battery"), ("1", "b", "price"), ("1", "c", "price"), ("2", "a", "price")]
    rows = [(row, who, "What?", value) for row, who, value in [*picks, ("2", "b", "battery"), ("2", "b", "price")]]
    table = pnb.aggregate_labels(answers(*rows), "What?")
    assert table["label"].fillna("").tolist() == ["price", ""]
    assert table["tied"].fillna("").tolist() == ["", "battery"]
    assert table["share of price"].tolist() == [1, 1]
    assert table["share"].round(2).tolist() == [0.67, 0.5]


def test_numbers_have_the_median_or_the_mean() -> None:
    frame = answers(*[("1", f"p{value}", "How heavy?", str(value)) for value in (1, 2, 9)])
    table = pnb.aggregate_labels(frame, "How heavy?")
    assert table[["label", "n_ratings", "lowest", "highest"]].iloc[0].tolist() == [2, 3, 1, 9]
    assert pnb.aggregate_labels(frame, "How heavy?", method="mean")["label"].tolist() == [4]


def test_what_cannot_be_aggregated_says_why() -> None:
    frame = answers(*how("1", "gb"), ("1", "p0", "Why?", "Loud."), ("1", "p0", "What?", "price"))
    with pytest.raises(ValueError, match=r"'Why\?': free text has no fixed labels"):
        pnb.aggregate_labels(frame, "Why?")
    with pytest.raises(ValueError, match=r"2 questions that can be aggregated: 'How\?'; 'What\?'"):
        pnb.aggregate_labels(frame)
    with pytest.raises(ValueError, match="method is 'mean'; use 'plurality', 'weighted_vote' or 'dawid_skene'"):
        pnb.aggregate_labels(frame, "How?", method="mean")


def test_the_table_can_be_saved_in_every_format(tmp_path: Path) -> None:
    table = pnb.aggregate_labels(answers(*how("1", "ggb"), *how("2", "gb")), "How?")
    for suffix in ("csv", "parquet", "jsonl"):
        pnb.save_table(table, tmp_path / f"labels.{suffix}")
        read = pnb.read_table(tmp_path / f"labels.{suffix}")
        assert read["row"].astype(str).tolist() == ["1", "2"]
        pd.testing.assert_series_equal(read["share"], table["share"])
        assert read["tied"].isna().tolist() == [True, False]
