"""Answers that are known to be right: beside the others when asked for, and left out otherwise."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from prolific_nb.data import read_data
from prolific_nb.design import Codebook, Design
from prolific_nb.errors import ArgumentError
from prolific_nb.responses import Join, check_asked, of_question, tidy, with_expected, with_rows, without_checks
from prolific_nb.responses.frame import COLUMNS, categorical
from prolific_nb.responses.wide import wide

from .records import SUBMISSIONS, response

BOOK = Design("Reviews").choose("Good?", ["yes", "no"]).choose("Choose b.", ["a", "b"]).write("Why?").codebook()
GOOD, CHECK, WHY = BOOK.with_ids("i-good i-check i-why")
KNOWN = Codebook([replace(GOOD, gold=(("r1", "yes"),)), replace(CHECK, right="b"), WHY])


def table() -> pd.DataFrame:
    """Two participants, two rows, three questions."""
    given = {"i-good": "yes", "i-check": "a", "i-why": "words"}
    asked = [(who, row, each) for who in ("s1", "s2") for row in ("r1", "r2") for each in given]
    records = [
        response(number, "10:00:20", f"task-{row}", each, "multiple_choice", [{"value": given[each]}], who)
        for number, (who, row, each) in enumerate(asked)
    ]
    frame = tidy(records, SUBMISSIONS, KNOWN)
    return frame.assign(row=categorical(str(task).removeprefix("task-") for task in frame["task_id"]))


def test_expected_answers_are_those_of_checks_and_of_gold_rows() -> None:
    frame = with_expected(table(), KNOWN)
    assert list(frame.columns) == [*COLUMNS, "expected"]
    assert isinstance(frame["expected"].dtype, pd.CategoricalDtype)
    found = frame.drop_duplicates(["row", "question"]).set_index(["row", "question"])["expected"]
    assert found.dropna().to_dict() == {("r1", "Good?"): "yes", ("r1", "Choose b."): "b", ("r2", "Choose b."): "b"}


def test_without_anything_known_all_are_missing() -> None:
    frame = with_expected(table(), KNOWN.without_checks())
    assert frame["expected"].isna().all()
    assert without_checks(table(), KNOWN.without_checks()).equals(table())


def test_a_table_of_other_instruction_ids_is_matched_by_the_text() -> None:
    elsewhere = Codebook(replace(each, instruction_id="other") for each in KNOWN)
    assert with_expected(table(), elsewhere)["expected"].equals(with_expected(table(), KNOWN)["expected"])


def test_checks_and_whole_gold_rows_are_left_out_and_counted() -> None:
    kept = without_checks(with_expected(table(), KNOWN), KNOWN)
    assert set(zip(kept["row"], kept["question"], strict=True)) == {("r2", "Good?"), ("r2", "Why?")}
    assert list(kept.columns) == list(COLUMNS)
    assert kept.attrs["checks"] == "Left out: 4 answers to attention checks and 4 answers about gold rows."
    assert "r1" not in kept["row"].cat.categories
    without_ids = without_checks(table().assign(response_id=categorical([None] * 12)), KNOWN)
    assert without_ids.attrs["checks"] == kept.attrs["checks"]


def test_wide_tables_leave_them_out_with_a_warning() -> None:
    asked = with_expected(table(), KNOWN)
    asked.attrs["questions"] = KNOWN.to_records()
    with pytest.warns(UserWarning, match="4 answers to attention checks and 4 answers about gold rows"):
        assert list(wide(asked, "question").columns) == ["Good?", "Why?"]
    assert "Choose b." in wide(asked, "question", checks=True)


def test_a_column_of_ones_own_data_does_not_look_like_right_answers() -> None:
    data = read_data(b"text,expected\none,x\ntwo,y\n")
    frame = table()
    rows = dict(zip(("task-r1", "task-r2"), data.row_keys, strict=True))
    joined = with_rows(frame, Join(rows=rows, by="test"), data)
    assert "expected" not in joined
    assert joined["row_expected"].tolist() == ["x" if task == "task-r1" else "y" for task in frame["task_id"]]


def test_a_check_is_not_selected_while_checks_are_left_out() -> None:
    with pytest.raises(ArgumentError, match=r"'Choose b\.' is an attention check.*Pass checks=True"):
        check_asked("usable", "Choose b.", KNOWN, checks=False)
    check_asked("usable", "Choose b.", KNOWN, checks=True)
    assert of_question(with_expected(table(), KNOWN), "Choose b.", KNOWN)["expected"].eq("b").all()


def test_the_codebook_keeps_what_is_right_in_its_records_and_reads_records_without_it() -> None:
    records = KNOWN.to_records()
    assert (records[0]["gold"], records[1]["right"]) == ([["r1", "yes"]], "b")
    assert Codebook.from_records(records) == Codebook.from_json(KNOWN.to_json()) == KNOWN
    assert all(not {"right", "gold"} & record.keys() for record in BOOK.to_records())
    assert KNOWN.without_checks() == Codebook([GOOD, WHY])
