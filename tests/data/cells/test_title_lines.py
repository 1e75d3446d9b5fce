"""Lines above the header: found, and skipped as the remedy says."""

from __future__ import annotations

import io
import re

import numpy as np
import pandas as pd
import pytest

from prolific_nb.data import read_data
from prolific_nb.errors import DataError

from ..tables import records, refused

TITLED = {
    "blank line": b"Export of 29 Nov 2026\n\nid,text\n1,It leaks\n2,It boils\n",
    "no blank line": b"Export of 29 Nov 2026\nid,text\n1,It leaks\n2,It boils\n",
    "several lines": b"Sales\r\nNorth\r\nmade on Monday\r\nid;text;x\r\n1;It leaks;a\r\n2;It boils;b\r\n",
    "a comma in the title": b"Export, 29 Nov 2026\nid,text,x\n1,It leaks,a\n2,It boils,b\n",
    "filled by a spreadsheet": b"Report 2026,,\n,,\nid,text,x\n1,It leaks,a\n2,It boils,b\n",
    "comments": b"# made by a program\n# on Monday\nid\ttext\n1\tIt leaks\n2\tIt boils\n",
    "settings": b"Date:,29 Nov\nBy:,Ada\n\nid,text\n1,It leaks\n2,It boils\n",
    "settings, fewer cells": b"Date,29 Nov 2026\n\nid,text,x\n1,It leaks,a\n2,It boils,b\n",
    "a quotation mark": b'The 5" screens\n\nid,text\n1,It leaks\n2,It boils\n',
    "prose with commas": b"Sales, by region\nid,text\n1,It leaks\n2,It boils\n",
    "prose of more cells": b"Sales, by region, 2026\nSecond line\n\nid,text\n1,It leaks\n2,It boils\n",
    "prose and settings": b"Sales, by region\nBy: Ann\nOn: Monday\nid,text\n1,It leaks\n2,It boils\n",
    "one word": b"Report\nid,text\n1,It leaks\n2,It boils\n",
    "text with commas": b'My export 3\nid,text\n1,"It leaks, badly"\n2,"It boils, quickly, always"\n',
}


@pytest.mark.parametrize("name", TITLED)
def test_the_remedy_about_a_title_works_when_followed(name: str) -> None:
    raw = TITLED[name]
    (error,) = refused(raw).findings
    found = re.search(r"skip_rows=(\d+)", error.remedy)
    assert found
    skip = int(found[1])
    assert error.level == "error"
    data = read_data(raw, skip_rows=skip)
    below = b"".join(raw.splitlines(True)[skip:])
    assert records(data) == records(read_data(below))
    assert records(data)[0][:2] == ["id", "text"]
    assert list(data.rows) == [skip + 2, skip + 3]
    assert data.to_code() == f"data = pnb.read_data(raw, skip_rows={skip})\n"


@pytest.mark.parametrize(
    "raw",
    [
        b"review\nGood, cheap\nBad, dear\n",
        b"My review\nGood, cheap\nBad, dear\nDull, dear\n",
        b"review\nGood,cheap\nBad,dear\n",
        b"id,text\n\nlamp,chair\nroof,wall\n",
        b"a,b\nx,y\nz,w\n",
        b"name\nAda\nBob\n",
        b"word, label\ncat,animal\nrose,plant\ndog,animal\n",
        b"id, text\na1,It leaks\na2,It boils\na3,It melts\n",
        b"review\nGood,2024\nBad,2023\nDull,2022\n",
        b"A text\n\nIt leaks when full.\n\nGood\n\nIt boils all day.\n",
    ],
)
def test_an_ordinary_header_is_not_a_title(raw: bytes) -> None:
    assert not read_data(raw).findings.errors
    assert next(iter(read_data(raw).rows)) in (2, 3)


def test_a_title_above_a_single_column() -> None:
    raw = b"My report\n\ntext\nIt leaks when full\nIt boils all day\n"
    assert "skip_rows=2" in refused(raw).findings[0].remedy
    assert read_data(raw, skip_rows=2).cells("text") == ["It leaks when full", "It boils all day"]


def test_a_title_whose_commas_look_like_a_header_is_offered_as_such() -> None:
    raw = b"Sales,2026\nid,text\n1,It leaks\n2,It boils\n"
    assert "skip_rows=1" in refused(raw).findings[0].remedy
    assert records(read_data(raw, skip_rows=1))[0] == ["id", "text"]


def test_the_caller_can_say_that_there_is_no_title() -> None:
    assert read_data(TITLED["no blank line"], skip_rows=0).columns == ("Export of 29 Nov 2026",)


def test_a_title_in_a_frame() -> None:
    frame = pd.read_csv(io.BytesIO(b"Report 2026,,\n,,\nid,text,x\n1,It leaks,a\n2,It boils,b\n"), dtype=str)
    with pytest.raises(DataError, match="skip_rows=1"):  # pandas has skipped no row, but taken the empty one as NaN
        read_data(frame.dropna(how="all"))
    data = read_data(frame.dropna(how="all"), skip_rows=1)
    assert records(data) == [["id", "text", "x"], ["1", "It leaks", "a"], ["2", "It boils", "b"]]


def test_rows_in_errors_are_those_of_the_file() -> None:
    raw = b'Title\n\nid,text\n1,a\n2,"open\n'
    with pytest.raises(DataError, match=r"row 5: .*line 5"):
        read_data(raw, skip_rows=2)


@pytest.mark.parametrize("skip", [-1, True, "2", b"2", [0], [True], [[1]], 1.5, object()])
def test_skip_rows_that_cannot_be(skip: object) -> None:
    with pytest.raises(DataError, match="skip_rows="):
        read_data(b"a,b\n1,2\n", skip_rows=skip)  # type: ignore[arg-type]


@pytest.mark.parametrize("skip", [np.int64(2), [np.int64(1), 2], np.array([1, 2]), {1, 2}, range(1, 3)])
def test_numbers_of_other_types_are_those_numbers(skip: object) -> None:
    data = read_data(TITLED["blank line"], skip_rows=skip, header_rows=np.int64(1))  # type: ignore[arg-type]
    assert list(data.rows) == [4, 5]
    number = "2" if isinstance(skip, np.integer) else "[1, 2]"
    assert data.to_code() == f"data = pnb.read_data(raw, header_rows=1, skip_rows={number})\n"


@pytest.mark.parametrize("title", ["# Data source: https://example.org", "Prices of two shares, weekly", "#1"])
def test_rows_whose_last_cells_are_empty_belong_to_the_table_below_a_title(title: str) -> None:
    rows = [f"1990-01-{day:02d},{',,' if day % 2 else '10.5,7,0.25'}" for day in range(1, 29)]
    raw = "\n".join([title, "Date,IBM,AAPL,^GSPC", *rows]).encode()
    with pytest.raises(DataError, match=r"1 line above what seems to be the header \(Date, IBM, AAPL, \^GSPC\)"):
        read_data(raw)
    data = read_data(raw, skip_rows=1)
    assert (data.columns, len(data)) == (("Date", "IBM", "AAPL", "^GSPC"), 28)
