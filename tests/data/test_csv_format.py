"""CSV text: delimiters, quotes, blank lines and ragged rows; and what is written is read back unchanged."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prolific_nb.data import ROW_COLUMN, read_data

from .tables import made, records, refused, uploaded

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


def test_ragged_rows_are_listed_and_then_counted() -> None:
    body = b"".join(b"1,2,3,4\n" if n % 2 else b"1,2\n" for n in range(114))
    findings = refused(b"a,b\n" + body).findings.errors
    assert [finding.row for finding in findings] == [*range(3, 43, 2), None]
    assert findings[0].what == "The row has 4 cells, the header has 2."
    assert "37 more rows" in findings[-1].what


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, line_end: str) -> None:
    table = [["id", "text"], ["1", "one, two; three | four\tfive"], ["2", 'say "hi"'], ["3", "two\nlines"], ["4", ""]]
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(table)
    assert records(read_data(file.getvalue().encode())) == table


def test_semicolons_are_detected_beside_decimal_commas() -> None:
    assert records(read_data(b"a;b\n1,5;2,5\n3,5;4,5\n")) == [["a", "b"], ["1,5", "2,5"], ["3,5", "4,5"]]


def test_the_sep_line_of_excel_sets_the_delimiter_and_is_not_a_row() -> None:
    data = read_data(b"sep=;\r\na,b;c\r\n1;2\r\n")
    assert records(data) == [["a,b", "c"], ["1", "2"]]
    assert list(data.rows) == [2]


@pytest.mark.parametrize(
    "raw", [b'review\n"Good, cheap, fast"\nBad\n', b"review\nGood, cheap, fast\nBad\n", b"review\nGood, cheap\n"]
)
def test_one_column_of_prose_is_not_split(raw: bytes) -> None:
    data = read_data(raw)
    assert data.columns == ("review",)
    assert data.cells("review")[0].startswith("Good, cheap")


def test_unquoted_commas_in_one_column_are_noted() -> None:
    assert "commas in the rows were read as part of the text" in read_data(b"review\nGood, cheap\n").findings[0].what


def test_blank_lines_are_skipped_and_still_count_in_row_numbers() -> None:
    data = read_data(b"a,b\n1,2\n\n3,\n\n\n,\n")
    assert data.cells("a") == ["1", "3"]
    assert [f.row for f in data.check().warnings] == [4]
    assert "1 blank line skipped: row 3" in str(data.findings)
    assert "1 row of empty cells at the end skipped" in str(data.findings)


def test_delimiters_at_the_ends_of_lines_are_dropped() -> None:
    assert records(read_data(b"a,b,,\n1,2,,\n3,4,,\n")) == [["a", "b"], ["1", "2"], ["3", "4"]]
    data = read_data(b"a,b\n1,2,\n3,4,\n")
    assert records(data) == [["a", "b"], ["1", "2"], ["3", "4"]]
    assert "right edge dropped" in str(data.findings)
    assert [finding.row for finding in refused(b"a,b\n1,2,\n3,4,x\n5,6,\n").findings.errors] == [3]


def test_a_huge_cell_is_read_and_the_global_limit_is_restored() -> None:
    before = csv.field_size_limit(131_072)
    assert len(read_data(b'a,b\n1,"' + b"x" * 300_000 + b'"\n').cells("b")[0]) == 300_000
    assert csv.field_size_limit(before) == 131_072


def test_cells_that_pandas_reads_as_missing_are_kept() -> None:
    assert read_data(b"a\nNA\nnull\n007\n1.0\nTrue\n").cells("a") == ["NA", "null", "007", "1.0", "True"]


@given(st.integers(2, 4).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1)))
@example([["\r", " x "], ['"', ""]])
def test_everything_the_csv_module_writes_is_read_back(table: list[list[str]]) -> None:
    header = [f"column {n}" for n in range(len(table[0]))]
    body = [*table, ["end"] * len(header)]
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([header, *body])
    assert records(read_data(file.getvalue().encode())) == [header, *body]


@given(st.lists(st.tuples(CELL, CELL), min_size=1))
def test_two_csv_readers_read_the_upload_unchanged(table: list[tuple[str, str]]) -> None:
    # Random cells may look like further header rows, so it is said that there is one.
    frame = pd.DataFrame({"a": [a for a, _ in table], "b": [b for _, b in table]})
    data = read_data(frame, header_rows=1)
    raw = uploaded(data)
    expected = [(*cells, key) for cells, key in zip(table, data.row_keys, strict=True)]
    header, *rows = csv.reader(io.StringIO(raw.decode(), newline=""), strict=True)
    assert header == ["a", "b", ROW_COLUMN]
    assert [tuple(row) for row in rows] == expected
    again = pd.read_csv(io.BytesIO(raw), dtype=str, keep_default_na=False)
    assert list(again.itertuples(index=False, name=None)) == expected


def test_cells_are_quoted_only_if_needed() -> None:
    assert uploaded(made(a=["plain", "x,y"])).splitlines()[1].startswith(b"plain,")
    assert uploaded(made(a=[" x", "x "])).splitlines()[1].startswith(b'" x",')
    assert b"\r\n" not in uploaded(made(a=["plain"]))
