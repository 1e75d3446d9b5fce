"""Own labels: the order of the rows, answers that hold, undo, and going on later."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.common.answering import UploadedFile
from prolific_nb.errors import ArgumentError, DataError, DesignError, InputError, UnknownName

from .own_cases import DATA, DESIGN, FEELING, WEIGHT, typed


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "labels.jsonl"


def opened(path: Path, **options: Any) -> pnb.OwnLabels:
    return pnb.OwnLabels(options.pop("design", DESIGN), options.pop("data", DATA), path=path, **options)


# --- order --------------------------------------------------------------------------------------------------------


def test_the_order_is_drawn_by_seed_and_annotator_and_is_the_same_again(path: Path) -> None:
    first = opened(path).rows
    assert sorted(first) == sorted(DATA.row_keys)
    assert first != DATA.row_keys
    assert opened(path).rows == first
    assert opened(path, annotator="ann").rows != first
    assert opened(path, seed=1).rows != first
    assert opened(path, order="file").rows == DATA.row_keys


def test_rows_that_are_added_keep_the_order_of_the_others(path: Path) -> None:
    more = DATA.extended(pnb.read_data(b"id,review,truth\n90,New.,good\n91,Newer.,bad\n"))
    known = set(DATA.row_keys)
    assert [row for row in opened(path, data=more).rows if row in known] == list(opened(path).rows)


def test_some_rows_by_number_key_position_or_as_a_list(path: Path) -> None:
    keys, mixed = DATA.row_keys, opened(path).rows
    assert opened(path, rows=3).rows == mixed[:3]
    assert opened(path, rows=[keys[4], 0, -1]).rows == tuple(
        key for key in mixed if key in {keys[4], keys[0], keys[11]}
    )
    assert opened(path, order=[keys[4], 0, 4]).rows == (keys[4], keys[0])
    assert opened(path, order=[keys[4], 0], rows=1).rows == (keys[4],)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"rows": [0, 99, "nope"]}, DataError, "99, 'nope'"),
        ({"rows": []}, DataError, "no row"),
        ({"rows": 0}, ArgumentError, "at least 1"),
        ({"rows": True}, ArgumentError, "rows"),
        ({"order": "sorted"}, ArgumentError, "'random' or 'file'"),
        ({"order": ["nope"]}, DataError, "order="),
        ({"annotator": " "}, ArgumentError, "annotator"),
        ({"seed": -1}, ArgumentError, "seed"),
        ({"data": "reviews.csv"}, ArgumentError, "read_data"),
        ({"design": pnb.Design("Empty").show("review")}, DesignError, "asks no question"),
        ({"design": pnb.Design("R").show("nothing").choose("Q?", ["a", "b"])}, DesignError, "nothing"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_once(
    options: dict[str, Any], error: type[Exception], words: str, path: Path
) -> None:
    with pytest.raises(error, match=words):
        opened(path, **options)
    assert not path.exists()


# --- answers ------------------------------------------------------------------------------------------------------


def test_faults_are_returned_together_and_nothing_is_stored(path: Path) -> None:
    own = opened(path)
    faults = own.answer(own.rows[0], {FEELING: ["awful"], WEIGHT: ["2"]}, seconds=1)
    assert [each.question for each in faults] == ["Feeling?", "Parts?", "Weight?"]
    assert own.left == own.rows
    assert not path.exists()


def test_a_later_answer_replaces_an_earlier_one_and_undo_brings_it_back(path: Path) -> None:
    own = opened(path, rows=3)
    one, two, three = own.rows
    assert own.undo() is None
    assert own.answer(one, typed("good"), seconds=10) == ()
    own.skip(two, " too long ")
    own.answer(one, typed("bad"), seconds=5)
    assert own.left == (three,)
    assert own.skipped == {two: "too long"}
    assert len(own) == 1
    assert own.entered(one) == typed("bad")
    assert own.answers()["value"].iloc[0] == "bad"
    assert own.undo() == one
    assert own.answers()["value"].iloc[0] == "good"
    assert own.undo() == two
    assert own.undo() == one
    assert own.undo() is None
    assert own.left == own.rows
    assert own.entered(one) == typed("bad")  # taken back, but not lost
    assert own.entered(two) is None


def test_another_kernel_continues_where_it_was(path: Path) -> None:
    own = opened(path)
    for row in own.rows[:4]:
        own.answer(row, typed(), seconds=3)
    own.skip(own.left[0])
    again = opened(path)
    assert again.left == own.left
    assert again.answers().equals(own.answers())
    assert again.undo() == own.rows[4] == own.left[0]


def test_only_shown_columns_are_handed_to_the_page(path: Path) -> None:
    own = opened(path, order="file")
    assert own.datapoint(own.rows[3]) == {"review": "Review 3 says this."}
    for call in (own.datapoint, own.skip, lambda row: own.answer(row, typed(), seconds=1)):
        with pytest.raises(UnknownName, match="no row 'nope'"):
            call("nope")


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), "3", None])
def test_times_must_be_times(seconds: Any, path: Path) -> None:
    own = opened(path)
    with pytest.raises(ArgumentError, match="seconds"):
        own.answer(own.rows[0], typed(), seconds=seconds)
    assert not path.exists()


def test_files_are_typed_values_too(path: Path) -> None:
    own = opened(path, design=pnb.Design("P").show("review").upload("Photo?", types=[".png"]))
    photo = UploadedFile("a.png", "image/png", 2_000_000, "k1")
    own.answer(own.rows[0], {FEELING: [photo]}, seconds=1)
    assert opened(path, design=own.design).entered(own.rows[0]) == {FEELING: [photo]}
    assert own.answers()[["file_name", "file_key"]].values.tolist() == [["a.png", "k1"]]


# --- what a file belongs to ---------------------------------------------------------------------------------------


def test_texts_and_layout_may_be_edited_and_a_note_says_what_came_before(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = opened(path)
    own.answer(own.rows[0], typed(), seconds=3)
    above = pnb.Design("Reviews!", steps="<p>New.</p>").text("<p>Look out.</p>").show("review")
    edited = above.choose("Feeling?", ["good", "bad"]).choose_many("Parts?", ["price", "battery", "case"])
    again = opened(path, design=edited.measure("Weight?", ["g", "kg"]))
    assert again.left == own.left
    assert again.entered(own.rows[0]) is not None
    assert FEELING not in again.entered(own.rows[0])
    assert again.answer(own.rows[1], again.entered(own.rows[0]) or {}, seconds=2) == ()
    assert again.answers()["question"].value_counts().tolist() == [4, 2, 2]
    assert "before the design was edited" in capsys.readouterr().out
    assert opened(path).notes
    assert not opened(path, annotator="ann").notes


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"design": pnb.Design("R").show("review").choose("Mood?", ["good", "bad"])}, "asks 'Feeling\\?'.*'Mood\\?'"),
        ({"design": replace(DESIGN, pages=DESIGN.show("truth").pages)}, "shows 'review'; the design shows"),
        ({"data": pnb.read_data(b"id,review,truth\n1,Another one.,good\n")}, "Of the 1 row in it, 1 are not"),
    ],
)
def test_the_file_of_another_design_or_of_other_data_is_refused(
    options: dict[str, Any], words: str, path: Path
) -> None:
    own = opened(path)
    own.answer(own.rows[0], typed(), seconds=3)
    before = path.read_bytes()
    with pytest.raises(InputError, match=f"(?s)labels.jsonl.*{words}.*path="):
        opened(path, **options)
    assert path.read_bytes() == before


def test_other_options_are_named(path: Path) -> None:
    own = opened(path, design=pnb.Design("R").show("review").choose("Feeling?", ["good", "bad"]))
    own.skip(own.rows[0])
    with pytest.raises(InputError, match="Options or units of 'Feeling\\?'"):
        opened(path, design=pnb.Design("R").show("review").choose("Feeling?", ["good", "bad", "mixed"]))


def test_more_rows_and_another_order_of_the_data_are_no_other_data(path: Path) -> None:
    own = opened(path)
    own.answer(own.rows[0], typed(), seconds=3)
    more = DATA.extended(pnb.read_data(b"id,review,truth\n90,New.,good\n"))
    assert len(opened(path, data=more).left) == 12
    assert opened(path, data=DATA.select([own.rows[0]])).left == ()


@pytest.mark.parametrize(
    "content", [b"id,review\n1,It broke.\n", b'{"row": "r1", "label": "yes"}\n', b"\x89PNG\r\n\x1a\n\0"]
)
def test_a_file_of_something_else_is_left_alone(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    with pytest.raises(pnb.ProlificError, match=r"labels\.jsonl"):
        opened(path)
    assert path.read_bytes() == content
