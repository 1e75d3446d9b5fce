"""The tidy table from the documented answer shapes, against tables written by hand."""

from __future__ import annotations

import warnings
from typing import Any

import pandas as pd
import pytest

from prolific_nb.data import read_data
from prolific_nb.design import Codebook, Question
from prolific_nb.responses import COLUMNS, Join, check_asked, of_question, tidy, usable, with_rows

CODEBOOK = Codebook(
    [
        Question("Sentiment?", "single", "multiple_choice", ("good", "bad", "mixed"), limit=1, instruction_id="i1"),
        Question("Why?", "text", "free_text", instruction_id="i2"),
        Question("Height?", "number", "free_text_with_unit", units=("cm", "ft"), instruction_id="i3"),
        Question("Scale?", "scale", "multiple_choice", (1, 2, 3), limit=1, instruction_id="i4"),
        Question("Photo", "file", "file_upload", instruction_id="i5"),
    ]
)
SUBMISSIONS = [
    {"id": "s1", "participant_id": "p1", "status": "APPROVED", "started_at": "2026-01-05T10:00:00Z"},
    {"id": "s2", "participant_id": "p2", "status": "RETURNED", "started_at": "2026-01-05T10:00:00Z"},
]


def response(
    number: int, at: str, task: str, instruction: str, kind: str, answer: list[dict[str, Any]], sitting: str = "s1"
) -> dict[str, Any]:
    return {
        "id": f"r{number}",
        "created_at": f"2026-01-05T{at}Z",
        "batch_id": "b",
        "participant_id": "p" + sitting[1:],
        "submission_id": sitting,
        "task_id": task,
        "response": {"instruction_id": instruction, "type": kind, "answer": answer},
    }


RESPONSES = [
    response(1, "10:00:20.500", "t1", "i1", "multiple_choice", [{"value": "good"}]),
    response(2, "10:00:30", "t1", "i2", "free_text", [{"value": "12"}]),
    response(3, "10:01:00", "t2", "i1", "multiple_choice", []),
    response(4, "10:01:10", "t2", "i3", "free_text_with_unit", [{"value": "1.80", "unit": "cm"}]),
    response(5, "10:01:10", "t2", "i4", "multiple_choice", [{"value": 3}]),
    response(6, "10:00:50", "t1", "i1", "multiple_choice", [{"value": "bad"}], "s2"),
    response(7, "10:01:40", "t3", "i5", "file_upload", [{"file_key": "k1", "file_name": "a.png"}, {"file_key": "k2"}]),
    response(8, "10:02:00", "t4", "i1", "multiple_choice_with_free_text", [{"value": True, "explanation": "so"}]),
]


@pytest.fixture
def frame() -> pd.DataFrame:
    return tidy(RESPONSES, SUBMISSIONS, CODEBOOK)


def test_one_row_for_each_element_and_one_with_na_for_none(frame: pd.DataFrame) -> None:
    assert list(frame.columns) == list(COLUMNS)
    assert frame["response_id"].tolist() == ["r1", "r2", "r3", "r4", "r5", "r6", "r7", "r7", "r8"]
    assert frame["value"].astype(object).where(frame["value"].notna(), None).tolist() == [
        "good", "12", None, "1.80", "3", "bad", None, None, "true",
    ]  # fmt: skip
    assert frame.loc[6:7, "file_key"].tolist() == ["k1", "k2"]
    assert frame.loc[8, "explanation"] == "so"
    assert frame["question"].astype(str).tolist()[:3] == ["Sentiment?", "Why?", "Sentiment?"]


def test_numbers_are_numbers_and_texts_that_look_like_numbers_are_not(frame: pd.DataFrame) -> None:
    numbers = frame["number"].astype(object).where(frame["number"].notna(), None).tolist()
    assert numbers == [None, None, None, 1.8, 3.0, None, None, None, None]
    assert frame.loc[3, "number_unit"] == "cm"


def test_shapes_nobody_documented_are_kept_and_never_a_crash() -> None:
    odd = [
        response(1, "10:00:00", "t1", "i1", "multiple_choice", [{"value": ["a", "b"]}]),
        {**response(2, "10:00:00", "t2", "i1", "brand_new", []), "response": {
            "instruction_id": "new", "type": "brand_new", "answer": "plain"
        }},
        {**response(3, "10:00:00", "t3", "i1", "multiple_choice", [{"value": {"x": 1}, "unit": None}])},
    ]  # fmt: skip
    frame = tidy(odd, [{"id": "s1", "status": "ACTIVE"}], CODEBOOK)
    assert frame["value"].tolist() == ['["a", "b"]', "plain", '{"x": 1}']
    assert frame["seconds"].isna().any()


def test_text_in_a_number_field_stays_text() -> None:
    odd = tidy([response(1, "10:00:00", "t", "i3", "free_text_with_unit", [{"value": "about 3"}])], [], CODEBOOK)
    assert (odd.loc[0, "value"], odd["number"].isna().all()) == ("about 3", True)


def test_dtypes_are_the_column_contract(frame: pd.DataFrame) -> None:
    empty = tidy([], [], CODEBOOK)
    for one in (frame, empty):
        dtypes = one.dtypes.astype(str)
        categories = [name for name in COLUMNS if dtypes[name] == "category"]
        assert categories == [
            "response_id", "participant_id", "submission_id", "submission_status", "task_id", "row",
            "instruction_id", "question", "type", "value", "number_unit",
        ]  # fmt: skip
        assert isinstance(one["created_at"].dtype, pd.DatetimeTZDtype)
        assert str(one["created_at"].dt.tz) == "UTC"
        assert (dtypes["position"], dtypes["seconds"], dtypes["number"]) == ("Int64", "Float64", "Float64")
    assert (
        empty.drop(columns="created_at").dtypes.astype(str).equals(frame.drop(columns="created_at").dtypes.astype(str))
    )
    assert list(empty.columns) == list(frame.columns)


def test_position_and_seconds_follow_the_sitting(frame: pd.DataFrame) -> None:
    # s1: t1 ended 10:00:30, t2 10:01:10, t3 10:01:40, t4 10:02:00, begun 10:00:00; s2: t1 ended 10:00:50
    assert frame["position"].tolist() == [1, 1, 2, 2, 2, 1, 3, 3, 4]
    assert frame["seconds"].tolist() == [30.0, 30.0, 40.0, 40.0, 40.0, 50.0, 30.0, 30.0, 20.0]


@pytest.mark.parametrize("sent", [("t9", "t1"), ("t1", "t9")])
def test_tasks_that_end_together_stand_in_the_order_of_their_ids(sent: tuple[str, str]) -> None:
    answers = [response(n, "10:00:30", task, "i2", "free_text", [{"value": "x"}]) for n, task in enumerate(sent)]
    table = tidy(answers, SUBMISSIONS, CODEBOOK).set_index("task_id")
    assert table.loc["t1", ["position", "seconds"]].tolist() == [1, 30.0]
    assert table.loc["t9", ["position", "seconds"]].tolist() == [2, 0.0]


def test_preview_answers_without_a_submission_are_kept_but_not_usable() -> None:
    preview = {**RESPONSES[0], "no_submission": True}
    del preview["submission_id"]
    frame = tidy([preview], SUBMISSIONS, CODEBOOK)
    assert frame[["submission_id", "submission_status", "position", "seconds"]].isna().all(axis=None)
    assert len(usable(frame, "usable")) == 0
    assert len(usable(frame, "all")) == 1


def test_usable_keeps_what_counts(frame: pd.DataFrame) -> None:
    assert usable(frame, "usable")["submission_id"].unique().tolist() == ["s1"]
    assert len(usable(frame, "all")) == len(frame)
    assert usable(frame, "usable")["participant_id"].cat.categories.tolist() == ["p1"]
    with pytest.raises(ValueError, match="'usable' or 'all'"):
        check_asked("some", None, CODEBOOK)


def test_a_status_nobody_knows_yet_is_kept() -> None:
    frame = tidy(RESPONSES[:1], [{**SUBMISSIONS[0], "status": "BRAND NEW"}], CODEBOOK)
    assert frame.loc[0, "submission_status"] == "BRAND NEW"


def test_one_question_has_its_offered_options_as_categories(frame: pd.DataFrame) -> None:
    part = of_question(frame, "Sentiment?", CODEBOOK)
    assert part["value"].cat.categories.tolist() == ["good", "bad", "mixed", "true"]
    assert of_question(frame, "Scale?", CODEBOOK)["value"].cat.categories.tolist() == ["1", "2", "3"]
    with pytest.raises(LookupError, match="Sentiment"):
        of_question(frame, "Sentiment", CODEBOOK)


DATA = read_data(pd.DataFrame({"review": ["fine", "poor", "fine"], "value": ["x", "y", "z"]}))


def test_the_uploaded_rows_stand_beside_their_answers(frame: pd.DataFrame) -> None:
    _, second, third = DATA.row_keys
    with pytest.warns(UserWarning, match="3 of 9 answers could not be joined"):
        joined = with_rows(frame, Join("export", {"t1": third, "t2": second}), DATA)
    assert list(joined.columns) == [*COLUMNS, "review", "row_value"]
    assert joined.loc[0, ["row", "review", "row_value"]].tolist() == [third, "fine", "z"]
    assert joined.loc[3, ["row", "review", "row_value"]].tolist() == [second, "poor", "y"]
    assert joined.loc[6:, "row"].isna().all()
    assert joined.attrs["join"] == {"by": "export", "unmatched": 3}


def test_equal_rows_have_keys_of_their_own() -> None:
    twins = read_data(pd.DataFrame({"review": ["same", "same", "other"]})).row_keys
    assert len(set(twins)) == 3
    assert twins[0].split("-")[0] == twins[1].split("-")[0] != twins[2].split("-")[0]


def test_without_any_way_of_joining_there_is_one_warning_and_no_row_columns(frame: pd.DataFrame) -> None:
    with pytest.warns(UserWarning, match="could not be joined") as caught:
        joined = with_rows(frame, Join(), DATA)
    assert len(caught) == 1
    assert list(joined.columns) == list(COLUMNS)
    assert joined["row"].isna().all()
    assert joined.attrs["join"] == {"by": None, "unmatched": len(frame)}


def test_an_empty_batch_has_the_same_columns_and_dtypes_and_no_warning(frame: pd.DataFrame) -> None:
    full = with_rows(frame, Join("metadata", dict.fromkeys(["t1", "t2", "t3", "t4"], DATA.row_keys[0])), DATA)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        empty = with_rows(tidy([], [], CODEBOOK), Join(), DATA)
    assert list(empty.columns) == list(full.columns)
    same = full.dtypes.astype(str) == empty.dtypes.astype(str)
    assert same.all(), full.dtypes[~same]
