"""The wide form, against pandas and by hand."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.errors import ProlificError

Answered = Callable[..., pnb.Run]


def test_one_column_per_annotator(answered: Answered) -> None:
    frame = answered().responses(question="How?")
    table = pnb.wide(frame)
    assert table.shape == (24, frame["participant_id"].nunique())
    for row, person, value in zip(frame["row"], frame["participant_id"], frame["value"], strict=True):
        assert table.at[row, person] == value
    assert int(table.notna().to_numpy().sum()) == len(frame)
    judge = frame.astype(object).pivot(index="row", columns="participant_id", values="value")
    ours, theirs = (each.sort_index().sort_index(axis=1) for each in (table, judge))
    pd.testing.assert_frame_equal(ours, theirs, check_column_type=False, check_index_type=False)


def test_one_column_per_question_and_one_row_per_unit_and_annotator(answered: Answered) -> None:
    frame = answered().responses()
    table = pnb.wide(frame, by="question")
    assert list(table.columns) == ["How?", "Why?"]
    assert table.index.names == ["row", "participant_id"]
    assert len(table) == 24 * 3
    for row in frame.to_dict("records"):
        assert table.at[(row["row"], row["participant_id"]), row["question"]] == row["value"]


def test_one_row_per_unit_where_each_unit_has_one_annotator() -> None:
    frame = pd.DataFrame(
        {"task_id": ["t2", "t2", "t1"], "participant_id": ["p", "p", "q"], "question": ["B?", "A?", "A?"],
         "value": ["b", "a", "c"]}
    )  # fmt: skip
    table = pnb.wide(frame, by="question")
    assert table.index.tolist() == ["t2", "t1"]  # in order of appearance
    assert list(table.columns) == ["B?", "A?"]
    assert table["A?"].tolist() == ["a", "c"]
    assert table["B?"].isna().tolist() == [False, True]


PICKS = pd.DataFrame(
    {
        "response_id": ["r1", "r1", "r2", "r3", "r4"],
        "task_id": ["t1", "t1", "t2", "t1", "t1"],
        "participant_id": ["p", "p", "p", "q", "p"],
        "question": ["Many?", "Many?", "Many?", "Many?", "One?"],
        "value": ["a", "b", "b", None, "yes"],
    }
)


def test_several_picks_are_tuples_for_all_answers_of_the_question() -> None:
    table = pnb.wide(PICKS[PICKS["question"] == "Many?"])
    assert table.loc["t1", "p"] == ("a", "b")
    assert table.loc["t2", "p"] == ("b",)
    assert table.loc["t1", "q"] == ()
    assert pd.isna(table.loc["t2", "q"])
    by_question = pnb.wide(PICKS, by="question")
    assert by_question.loc[("t1", "p")].tolist() == [("a", "b"), "yes"]


def test_numbers_and_names_of_other_tables() -> None:
    frame = pd.DataFrame({"doc": [1, 1, 2], "coder": ["x", "y", "x"], "score": [0.5, 2.0, -1.0]})
    table = pnb.wide(frame, unit="doc", annotator="coder", label="score")
    assert table.to_dict() == {"x": {1: 0.5, 2: -1.0}, "y": {1: 2.0, 2: table.at[2, "y"]}}


def test_what_cannot_be_spread_is_refused() -> None:
    with pytest.raises(pnb.DataError, match=r"2 questions: 'Many\?', 'One\?'"):
        pnb.wide(PICKS)
    twice = pd.concat([PICKS, PICKS.assign(response_id=lambda t: t["response_id"] + "x")])
    with pytest.raises(pnb.DataError, match="answered more than once"):
        pnb.wide(twice, by="question")
    with pytest.raises(pnb.DataError, match="'participant_id'"):
        pnb.wide(PICKS.drop(columns="participant_id"))
    with pytest.raises(ValueError, match="'annotator', 'question'"):
        pnb.wide(PICKS, by="row")
    with pytest.raises(pnb.DataError, match="answered more than once"):
        pnb.wide(pd.DataFrame({"task_id": [1, 1], "participant_id": ["p", "p"], "value": ["a", "a"]}))


def test_labels_without_a_unit_are_left_out_and_counted() -> None:
    with pytest.warns(UserWarning, match="1 of 5 labels have no"):
        table = pnb.wide(PICKS.assign(task_id=["t1", "t1", None, "t1", "t1"]), by="question")
    assert set(table.index.get_level_values("task_id")) == {"t1"}


def test_an_empty_table_stays_empty() -> None:
    assert pnb.wide(PICKS.iloc[:0]).shape == (0, 0)


@pytest.mark.parametrize("wrong", [None, "text", 3, [], pd.Series([1])])
def test_what_is_not_a_table_or_a_list_of_runs_is_refused_in_words(wrong: object) -> None:
    with pytest.raises(ProlificError, match=r"Pass a pandas\.DataFrame, such as run\.responses"):
        pnb.wide(wrong)  # type: ignore[arg-type]
    with pytest.raises(ProlificError, match=r"A list of runs|No runs"):
        pnb.combine(wrong)  # type: ignore[arg-type]
