"""Usable responses, one question, and the columns of the uploaded rows."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

from prolific_nb.data import read_data
from prolific_nb.responses import COLUMNS, Join, check_asked, of_question, tidy, usable, with_rows

from .records import CODEBOOK

DATA = read_data(pd.DataFrame({"review": ["fine", "poor", "fine"], "value": ["x", "y", "z"]}))


def test_usable_keeps_responses_of_usable_submissions(frame: pd.DataFrame) -> None:
    assert usable(frame, "usable")["submission_id"].unique().tolist() == ["s1"]
    assert len(usable(frame, "all")) == len(frame)
    assert usable(frame, "usable")["participant_id"].cat.categories.tolist() == ["p1"]
    with pytest.raises(ValueError, match="'usable' or 'all'"):
        check_asked("some", None, CODEBOOK)


def test_one_question_has_its_offered_options_as_categories(frame: pd.DataFrame) -> None:
    part = of_question(frame, "Sentiment?", CODEBOOK)
    assert part["value"].cat.categories.tolist() == ["good", "bad", "mixed", "true"]
    assert of_question(frame, "Scale?", CODEBOOK)["value"].cat.categories.tolist() == ["1", "2", "3"]
    with pytest.raises(LookupError, match="Sentiment"):
        of_question(frame, "Sentiment", CODEBOOK)


def test_columns_of_the_uploaded_rows_are_added_to_their_responses(frame: pd.DataFrame) -> None:
    _, second, third = DATA.row_keys
    with pytest.warns(UserWarning, match="3 of 9 responses could not be joined"):
        joined = with_rows(frame, Join("export", {"t1": third, "t2": second}), DATA)
    assert list(joined.columns) == [*COLUMNS, "review", "row_value"]
    assert joined.loc[0, ["row", "review", "row_value"]].tolist() == [third, "fine", "z"]
    assert joined.loc[3, ["row", "review", "row_value"]].tolist() == [second, "poor", "y"]
    assert joined.loc[6:, "row"].isna().all()
    assert joined.attrs["join"] == {"by": "export", "unmatched": 3}


def test_if_no_source_has_row_keys_there_is_one_warning_and_no_row_columns(frame: pd.DataFrame) -> None:
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
