"""Rows of another length than the header: filled if they all lack the same cells, otherwise refused."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from prolific_nb.data import read_data
from prolific_nb.data.cells.csv_blocks import read_blocks
from prolific_nb.data.cells.table_builder import TableBuilder

from ..tables import records, refused

MTURK = b'"HITId","Input.text","Approve","Reject"\n"h1","The kettle, a red one"\n"h2","It boils"\n'


@pytest.mark.parametrize(
    "raw",
    [
        MTURK,
        MTURK.replace(b"\n", b"\r\n"),
        MTURK.replace(b'"h2","It boils"', b'"h2","It boils",'),
        MTURK.replace(b'"h2","It boils"', b'"h2","It boils","",""'),
        b"text;Approve\nIt leaks\nIt boils\n",
        b"a,b,c\n" + b"1,2\n" * 50_000,
        b"a,b,c\n1,2\n3,4,\n\n5,6\n,\n",
        MTURK.replace(b'"h2","It boils"', b'"h2","It boils","x"'),
        MTURK.replace(b'"h2","It boils"', b'"h2","It boils","","too short"'),
        b"id,text,label,comment\n1,It leaks,bad\n2,It boils,bad\n3,It stands,good,sure\n",
    ],
)
def test_rows_that_lack_the_same_last_cells_are_filled_with_a_note(raw: bytes) -> None:
    data = read_data(raw)
    peer = pd.read_csv(io.BytesIO(raw), dtype=str, sep=";" if b";" in raw else ",").dropna(how="all").fillna("")
    assert records(data) == [list(peer.columns), *peer.to_numpy().tolist()]
    assert "read as empty cells" in "".join(finding.what for finding in data.findings)
    assert not data.findings.warnings


def test_short_rows_elsewhere_have_a_remedy_that_works() -> None:
    raw = b"id,text,label\n1,It leaks,bad\n2,It boils\n3,It stands,good\n"
    (error,) = refused(raw).findings
    assert error.row == 3
    assert "pandas.read_csv(path, dtype=str, keep_default_na=False)" in error.remedy
    assert "double quotes" in error.remedy
    assert read_data(pd.read_csv(io.BytesIO(raw), dtype=str, keep_default_na=False)).cells("label") == [
        "bad",
        "",
        "good",
    ]
    assert read_data(raw, skip_rows=[3]).cells("id") == ["1", "3"]


@pytest.mark.parametrize(
    ("raw", "row"),
    [
        (b"id,text,label,comment\n1,It leaks,bad\n2,It boils,bad,yes\n3,It stands,good,sure\n", 2),  # not sparse
        (b"id,text,n,comment\n1,It,x,y\n2,It\nleaks,3,\n4,ab,5,\n6,cd,7,\n", 3),  # split by a line break
        (b"id,text,label,comment\n1,It leaks,bad,\n2,It boils,bad,\n3,It st", 4),  # cut off
    ],
)
def test_other_short_rows_are_refused(raw: bytes, row: int) -> None:
    assert refused(raw).findings.errors[0].row == row


def test_the_remedy_names_the_delimiter() -> None:
    raw = b"id;text;label\n1;NA;bad\n2;It boils\n3;None;good\n"
    assert "keep_default_na=False, sep=';')" in refused(raw).findings.errors[0].remedy
    data = read_data(pd.read_csv(io.BytesIO(raw), dtype=str, keep_default_na=False, sep=";"))
    assert data.cells("text") == ["NA", "It boils", "None"]


def test_rows_with_another_delimiter_than_the_header_are_not_filled() -> None:
    assert "one delimiter for both" in refused(b"id,text\n1;It leaks\n2;It boils\n").findings[0].remedy


def test_a_header_that_is_shorter_than_every_row() -> None:
    raw = b"569,30,malignant\n1,2,3,4,5\n5,6,7,8,9\n"
    assert "skip_rows=1" in refused(raw).findings[0].remedy
    assert records(read_data(raw, skip_rows=1, header_rows=0))[1:] == [
        ["1", "2", "3", "4", "5"],
        ["5", "6", "7", "8", "9"],
    ]


def test_rows_are_left_out_of_blocks_that_are_split_at_once() -> None:
    text = "a,b\n" + "".join(f"{n},x\n" for n in range(2, 60_000))
    builder = TableBuilder(leave_out=[50_000, 3])
    assert list(read_blocks(text, ",", builder)) == []
    cells = builder.cells()
    expected = [n for n in range(2, 60_000) if n not in (3, 50_000)]
    assert list(cells.numbers) == expected
    assert [row[0] for row in cells.rows] == list(map(str, expected))
