"""Rows that belong to the header, a header that is data, repeated headers, and an index without a name."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest

from prolific_nb.data import Dataset, read_data
from prolific_nb.errors import DataError

from ..tables import again, records, refused

QUALTRICS = (
    b'ResponseId,Q1\nResponse ID,What do you think of the kettle?\n"{""ImportId"":""_recordId""}",'
    b'"{""ImportId"":""QID1_TEXT""}"\nR_1,It leaks when it is full\nR_2,It boils very quickly indeed\n'
)
EXTRA = {
    "Qualtrics": (QUALTRICS, 3, ["ResponseId", "Q1"], [4, 5]),
    "Qualtrics without import IDs": (
        b"ResponseId,Q1\nResponse ID,Your opinion\nR_1,It leaks\nR_2,It boils\n",
        2,
        ["ResponseId", "Q1"],
        [3, 4],
    ),
    "import IDs only": (
        b'StartDate,Q1\n"{""ImportId"":""startDate"",""timeZone"":""Z""}","{""ImportId"":""QID1""}"\n'
        b"2026-01-01 10:00,It leaks\n2026-01-02 11:00,It boils\n",
        2,
        ["StartDate", "Q1"],
        [3, 4],
    ),
    "LimeSurvey": (
        b"id;submitdate;G1Q1\nResponse ID;Date submitted;How is it?\n1;2026-01-01 10:00;good\n2;2026-01-02 10:00;bad\n",
        2,
        ["id", "submitdate", "G1Q1"],
        [3, 4],
    ),
    "SurveyMonkey": (
        b"Respondent ID,What do you like?,,\n,Price,Quality,Other\n123,x,,cheap\n124,,y,\n",
        2,
        ["Respondent ID", "What do you like? / Price", "What do you like? / Quality", "What do you like? / Other"],
        [3, 4],
    ),
    "SurveyMonkey, one question": (
        b"Respondent ID,What do you think?\n,Open-Ended Response\n123,I like it a lot\n124,not at all\n",
        2,
        ["Respondent ID", "What do you think?"],
        [3, 4],
    ),
    "units": (b"item,length,mass\n,cm,kg\na lamp,3,4\na chair,5,6\n", 2, ["item", "length", "mass"], [3, 4]),
    "one unit": (b"item,length\nthe item,(cm)\na lamp,3\na chair,5\n", 2, ["item", "length"], [3, 4]),
    "types": (b"item,score\nstring,float\na lamp,3.5\na chair,.5\n", 2, ["item", "score"], [3, 4]),
    "the header twice": (b"item,text\nitem,text\na1,It leaks\na2,It boils\n", 2, ["item", "text"], [3, 4]),
    "two levels of pandas": (
        pd.DataFrame([["a", "b"], ["c", "d"]], columns=pd.MultiIndex.from_tuples([("x", "left"), ("x", "right")]))
        .to_csv(index=False)
        .encode(),
        2,
        ["x / left", "x / right"],
        [3, 4],
    ),
}


@pytest.mark.parametrize("name", EXTRA)
def test_the_remedy_about_extra_header_rows_works_when_followed(name: str) -> None:
    raw, number, names, numbers = EXTRA[name]
    if name != "two levels of pandas":  # its names are refused already, since they are equal
        (error,) = refused(raw).findings.errors
        assert f"header_rows={number}" in error.remedy
        assert error.row == 2
    data = read_data(raw, header_rows=number)
    assert (list(data.columns), list(data.rows)) == (names, numbers)
    assert not data.findings.warnings
    assert again(data, raw=raw) == data


def test_frames_have_extra_header_rows_too() -> None:
    frame = pd.read_csv(io.BytesIO(QUALTRICS), dtype=str)
    with pytest.raises(DataError, match="header_rows=3"):
        read_data(frame)
    data = read_data(frame, header_rows=3)
    assert records(data) == records(read_data(QUALTRICS, header_rows=3))
    assert list(data.rows) == [4, 5]


@pytest.mark.parametrize(
    "raw",
    [
        b"id,score\nn/a,-\n1,5\n2,6\n",
        b"id,word\n1,red\n2,green\n",
        b"text,label\nIt leaks,bad\nIt boils,good\n",
        b"code,reviews\nA1,It leaks when full\nA2,It boils quickly\n",
        b"id,question\n1,What is it?\n2,Why is it?\n",
        b"a,b\n.5,-1\n3,4\n5,6\n",
    ],
)
def test_ordinary_rows_are_not_taken_for_headers(raw: bytes) -> None:
    assert not read_data(raw).findings
    assert len(read_data(raw)) == raw.count(b"\n") - 1


def test_a_weak_sign_is_a_warning_and_the_choice_silences_it() -> None:
    raw = b"id,text\nfirst,It leaks\n1,It boils\n2,It stands\n"
    (warning,) = read_data(raw).findings
    assert (warning.level, warning.row) == ("warning", 2)
    assert not read_data(raw, header_rows=1).findings
    assert len(read_data(raw, header_rows=2)) == 2


@pytest.mark.parametrize(
    ("raw", "rows"),
    [
        (b"id,text\n1,It leaks\nid,text\n2,It boils\n", [3]),
        (b"id;text\n1;It leaks\n\n id ;text\n2;It boils\nid;text\n", [4, 6]),
        (b'id,text\r\n1,"It\r\nleaks"\r\n"id","text"\r\n2,x\r\n', [3]),
        (b"id,text\n" + b"".join(b"%d,some text\n" % n for n in range(40_000)) + b"id,text\n", [40_002]),
    ],
)
def test_repeated_headers_are_left_out_as_the_remedy_says(raw: bytes, rows: list[int]) -> None:
    (error,) = refused(raw).findings.errors
    assert f"skip_rows={rows}" in error.remedy
    data = read_data(raw, skip_rows=rows)
    assert "id" not in data.cells("id")
    assert not set(rows) & set(data.rows)
    assert len(read_data(raw, header_rows=1)) == len(data) + len(rows)
    assert data.to_code() == f"data = pnb.read_data(raw, skip_rows={rows})\n"


def test_header_rows_of_joined_exports_are_errors_each_time() -> None:
    head = b"".join(QUALTRICS.splitlines(True)[:3])
    with pytest.raises(DataError, match="rows 6, 7, 8"):
        read_data(QUALTRICS + head + b"R_3,x\n", header_rows=3)


NO_HEADER = [
    b"1,It leaks when it is full\n2,It boils quickly\n3,It is red\n",
    b"https://a.org/1.png,x\nhttps://a.org/2.png,y\n",
    b"R_1;good;2026-01-01\nR_2;bad;2026-01-02\nR_3;good;2026-01-03\n",
    b"The kettle leaks when it is full.\nIt boils very quickly indeed.\nI would not buy it again.\n",
    b"Great kettle,good\nNice lamp,bad\nOld chair,good\n",
    b"0.5,0.7\n0.1,0.2\n0.4,0.3\n",
]


@pytest.mark.parametrize("raw", NO_HEADER)
def test_a_header_that_is_data_is_a_warning_with_the_way_out(raw: bytes) -> None:
    (warning,) = read_data(raw).findings.warnings
    assert "header_rows=0" in warning.remedy
    data = read_data(raw, header_rows=0)
    peer = pd.read_csv(io.BytesIO(raw), dtype=str, header=None, sep=";" if b";" in raw else ",")
    assert records(data)[1:] == peer.to_numpy().tolist()
    assert data.columns == tuple(f"column_{n + 1}" for n in range(peer.shape[1]))
    assert list(data.rows) == list(range(1, len(peer) + 1))
    assert not data.findings.warnings


@pytest.mark.parametrize(
    "raw",
    [
        b"id,text\n1,It leaks\n2,It boils\n",
        b"year,2019,2020\nsales,1,2\ncosts,3,4\n",
        b"Timestamp,What do you think of the kettle?\n2026-01-01,It leaks when full\n2026-01-02,It boils quickly\n",
        b"What do you think of the kettle?\nIt leaks when full\nIt boils quickly\n",
        b"Q1,Q2\nA1,yes\nB2,no\n",
        b"review\nfine\n",
    ],
)
def test_an_ordinary_header_gives_no_warning(raw: bytes) -> None:
    assert not read_data(raw).findings


def test_a_file_of_one_row_without_header() -> None:
    assert "header_rows=0" in refused(b"It leaks\n").findings[0].remedy
    assert read_data(b"It leaks\n", header_rows=0).cells("column_1") == ["It leaks"]


@pytest.mark.parametrize("number", [-1, 9, True, "2", 1.0])
def test_header_rows_that_cannot_be(number: object) -> None:
    with pytest.raises(DataError, match="header_rows="):
        read_data(b"a,b\n1,2\n", header_rows=number)  # type: ignore[arg-type]


# --- an index ------------------------------------------------------------------------------------------------------


def _saved(frame: pd.DataFrame) -> Dataset:
    return read_data(frame.to_csv().encode())


@pytest.mark.parametrize("index", [None, [3, 7], [0, 0]])
def test_the_index_of_a_saved_frame_is_left_out_with_a_note(index: list[int] | None) -> None:
    data = _saved(pd.DataFrame({"text": ["It leaks", "It boils"]}, index=index))
    assert records(data) == [["text"], ["It leaks"], ["It boils"]]
    (note,) = data.findings
    assert note.level == "note"
    assert "index" in note.what


def test_an_index_of_names_is_kept() -> None:
    data = _saved(pd.DataFrame({"text": ["It leaks", "It boils"]}, index=["lamp", "chair"]))
    assert records(data) == [["index", "text"], ["lamp", "It leaks"], ["chair", "It boils"]]
    assert "index" in data.findings[0].what
    both = _saved(pd.DataFrame({"index": ["It leaks"]}, index=["lamp"]))
    assert both.columns == ("row_index", "index")


def test_row_names_of_r_are_explained() -> None:
    error = refused(b'"text","label"\n"1","It leaks","bad"\n"2","It boils","good"\n').findings.errors[0]
    assert "before the first name" in error.remedy
    fixed = read_data(b'"","text","label"\n"1","It leaks","bad"\n"2","It boils","good"\n')
    assert fixed.columns == ("text", "label")


def test_the_index_is_left_out_below_two_header_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(",text,length\n,the text,cm\n0,It leaks,3\n1,It boils,4\n")
    data = read_data(path, header_rows=2)
    assert records(data) == [["text", "length"], ["It leaks", "3"], ["It boils", "4"]]


@pytest.mark.parametrize("levels", [[[0, 0], [5, 6]], [["a", "a"], [5, 6]], [["a", "b"], ["c", "d"], [7, 8]]])
def test_the_levels_of_a_saved_index_are_named_as_pandas_names_them(levels: list[list[object]]) -> None:
    frame = pd.DataFrame({"text": ["It leaks", "It boils"]}, index=pd.MultiIndex.from_arrays(levels))
    judge = frame.reset_index().astype(str)
    assert records(read_data(frame.to_csv().encode())) == [list(judge.columns), *judge.to_numpy().tolist()]


def test_a_name_that_is_missing_in_the_middle_is_no_extra_header_row() -> None:
    (error,) = refused(b"id,,text\n0,a,It leaks\n1,b,It boils\n").findings.errors
    assert "without a name" in error.what


def test_rows_without_a_header_and_equal_or_empty_cells_can_be_read_as_the_remedy_says() -> None:
    for raw in (b"a,a,b\nc,d,e\n", b"1,,It leaks\n2,,It boils\n"):
        assert "header_rows=0" in refused(raw).findings.errors[0].remedy
        assert len(read_data(raw, header_rows=0)) == 2


def test_an_export_without_answers_has_no_rows() -> None:
    export = b"".join(QUALTRICS.splitlines(True)[:3])
    with pytest.raises(DataError, match="no row below"):
        read_data(export, header_rows=3)


def test_numbers_above_one_row_are_a_row() -> None:
    assert "header_rows=0" in read_data(b"0.5,good\n0.7,bad\n").findings.warnings[0].remedy
    assert not read_data(b"country,2019,2020\nDE,1,2\n").findings.warnings
    assert not read_data(b",1,2\n1,50,45\n2,28,17\n").findings.warnings  # numbers name the columns of a crosstab


def test_a_letter_that_is_also_the_name_of_its_column_is_a_label() -> None:
    assert read_data(b"id,b\nx,B\n").cells("b") == ["B"]
