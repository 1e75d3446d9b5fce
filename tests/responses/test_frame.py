"""The tidy table of the documented response shapes, against tables written by hand."""

from __future__ import annotations

import pandas as pd

from prolific_nb.responses import COLUMNS, tidy, usable

from .records import CODEBOOK, RESPONSES, SUBMISSIONS, response


def test_each_element_is_a_row_and_an_empty_answer_is_one_row_of_na(frame: pd.DataFrame) -> None:
    assert list(frame.columns) == list(COLUMNS)
    assert frame["response_id"].tolist() == ["r1", "r2", "r3", "r4", "r5", "r6", "r7", "r7", "r8"]
    assert frame["value"].astype(object).where(frame["value"].notna(), None).tolist() == [
        "good", "12", None, "1.80", "3", "bad", None, None, "true",
    ]  # fmt: skip
    assert frame.loc[6:7, "file_key"].tolist() == ["k1", "k2"]
    assert frame.loc[8, "explanation"] == "so"
    assert frame["question"].astype(str).tolist()[:3] == ["Sentiment?", "Why?", "Sentiment?"]


def test_strings_that_look_like_numbers_are_not_numbers(frame: pd.DataFrame) -> None:
    numbers = frame["number"].astype(object).where(frame["number"].notna(), None).tolist()
    assert numbers == [None, None, None, 1.8, 3.0, None, None, None, None]
    assert frame.loc[3, "number_unit"] == "cm"


def test_undocumented_shapes_are_kept_and_raise_no_error() -> None:
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


def test_text_in_a_number_field_is_kept_as_a_string() -> None:
    odd = tidy([response(1, "10:00:00", "t", "i3", "free_text_with_unit", [{"value": "about 3"}])], [], CODEBOOK)
    assert (odd.loc[0, "value"], odd["number"].isna().all()) == ("about 3", True)


def test_dtypes_follow_the_column_contract(frame: pd.DataFrame) -> None:
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


def test_preview_responses_without_a_submission_are_kept_but_not_usable() -> None:
    preview = {**RESPONSES[0], "no_submission": True}
    del preview["submission_id"]
    frame = tidy([preview], SUBMISSIONS, CODEBOOK)
    assert frame[["submission_id", "submission_status", "position", "seconds"]].isna().all(axis=None)
    assert len(usable(frame, "usable")) == 0
    assert len(usable(frame, "all")) == 1


def test_an_unknown_status_is_kept() -> None:
    frame = tidy(RESPONSES[:1], [{**SUBMISSIONS[0], "status": "BRAND NEW"}], CODEBOOK)
    assert frame.loc[0, "submission_status"] == "BRAND NEW"
