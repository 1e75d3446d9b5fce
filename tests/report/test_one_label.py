"""One label for each row, with shares and ties."""

from __future__ import annotations

import warnings
from pathlib import Path

import pandas as pd
import pytest

import prolific_nb as pnb

from .rows.test_disagreement_table import answers, how


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


# --- adjudications --------------------------------------------------------------------------------------------------


def decided(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["row", "question", "value"]).astype({"value": object})
    return frame.assign(explanation=["So it is."] + [None] * (len(rows) - 1), participant_id="adjudicator")


def test_decisions_of_the_adjudicator_hold_and_say_so() -> None:
    frame = answers(*how("1", "ggb"), *how("2", "gb"), *how("3", "gg"), *how("4", "gb"))
    given = decided(("2", "How?", "bad"), ("3", "How?", "bad"), ("9", "How?", "good"), ("1", "What?", "price"))
    table = pnb.aggregate_labels(frame, "How?", adjudications=given)
    assert table["row"].tolist() == ["1", "2", "3", "4", "9"]
    assert table["label"].fillna("").tolist() == ["good", "bad", "bad", "", "good"]
    assert table["decided_by"].fillna("").tolist() == ["plurality", "adjudicator", "adjudicator", "", "adjudicator"]
    assert table["tied"].fillna("").tolist() == ["", "", "", "good | bad", ""]
    assert table["votes"].fillna("").tolist() == [
        "good ×2, bad ×1",
        "good ×1, bad ×1",
        "good ×2",
        "good ×1, bad ×1",
        "",
    ]
    assert table["share"].round(2).fillna(-1).tolist() == [0.67, 0.5, 0, 0.5, -1]
    assert table["n_ratings"].tolist() == [3, 2, 2, 2, 0]
    assert table["reason"].fillna("").tolist() == ["", "So it is.", "", "", ""]
    assert table["review"].fillna("").tolist() == ["Review 1", "Review 2", "Review 3", "Review 4", ""]
    assert table.attrs["note"].endswith(
        "3 labels decided by the adjudicator: 1 where answers were tied or missing, 1 against the answers, "
        "1 without answers."
    )


def test_lines_of_an_adjudicator_in_the_frame_decide_and_are_no_votes() -> None:
    frame = answers(*how("1", "gb"), *how("2", "gg"))
    both = pd.concat([frame, decided(("1", "How?", "bad"))], ignore_index=True)
    both.attrs = frame.attrs
    table = pnb.aggregate_labels(both, "How?", method="dawid_skene")
    assert table["label"].tolist() == ["bad", "good"]
    assert table["decided_by"].tolist() == ["adjudicator", "dawid_skene"]
    assert table["n_ratings"].tolist() == [2, 2]
    assert "1 line by the adjudicator left out." in table.attrs["note"]


def test_picks_and_numbers_are_decided_as_a_whole() -> None:
    picks = [("1", "a", "What?", "price"), ("1", "b", "What?", "battery"), ("2", "a", "What?", "price")]
    weights = [("1", "a", "How heavy?", "5"), ("1", "b", "How heavy?", "9")]
    frame = answers(*picks, *weights)
    given = decided(("1", "What?", "battery"), ("1", "What?", "price"), ("2", "What?", None), ("1", "How heavy?", "6"))
    table = pnb.aggregate_labels(frame, "What?", adjudications=given)
    assert table["label"].tolist() == ["price + battery", "nothing"]
    assert table["votes"].tolist() == ["battery ×1, price ×1", "price ×1"]
    assert table["share"].tolist() == [0.5, 0]
    heavy = pnb.aggregate_labels(frame, "How heavy?", adjudications=given)
    assert heavy[["label", "decided_by", "n_ratings"]].iloc[0].tolist() == [6, "adjudicator", 2]


def test_decisions_about_frames_from_elsewhere() -> None:
    frame = pd.DataFrame({"item": [1, 1, 2, 2], "worker": list("abab"), "label": [0, 1, 1, 1]})
    names = {"unit": "item", "annotator": "worker", "label": "label"}
    given = pd.DataFrame({"item": [1], "label": [0]})
    table = pnb.aggregate_labels(frame, adjudications=given, **names)  # type: ignore[arg-type]
    assert table[["item", "label", "decided_by"]].values.tolist() == [[1, "0", "adjudicator"], [2, "1", "plurality"]]
    by_text = pd.DataFrame({"row": ["1"], "value": ["0"]})
    again = pnb.aggregate_labels(frame, adjudications=by_text, **names)  # type: ignore[arg-type]
    assert again["label"].tolist() == ["0", "1"]
    with pytest.raises(pnb.DataError, match="no column 'item' or 'row'"):
        pnb.aggregate_labels(frame, adjudications=frame[["worker", "label"]], **names)  # type: ignore[arg-type]
    numbers = answers(("1", "a", "How heavy?", "5"))
    with pytest.raises(pnb.DataError, match="'much' on 'How heavy\\?' is not a number"):
        pnb.aggregate_labels(numbers, "How heavy?", adjudications=decided(("1", "How heavy?", "much")))


def test_no_decisions_change_no_label() -> None:
    frame = answers(*how("1", "ggb"), *how("2", "gb"))
    plain = pnb.aggregate_labels(frame, "How?")
    table = pnb.aggregate_labels(frame, "How?", adjudications=decided(("1", "What?", "price")))
    pd.testing.assert_frame_equal(table.drop(columns="reason"), plain)
    assert table.attrs == plain.attrs


def test_hundreds_of_options_are_columns_without_a_warning() -> None:
    labels = [f"option {number}" for number in range(240)]
    frame = pd.DataFrame(
        {"row": [number // 3 for number in range(240)], "participant_id": list("abc") * 80, "value": labels}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = pnb.aggregate_labels(frame)
    assert table.filter(like="share of ").shape == (80, 240)
