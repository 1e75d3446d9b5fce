"""Files as people and spreadsheets make them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prolific_nb.data import Dataset, read_data
from prolific_nb.errors import DataError

PROSE = ["It broke, twice.", "She said “fine”.", "Naïve café – 5 €"]


def records(data: Dataset) -> list[list[str]]:
    return [list(data.columns), *data.frame.to_numpy().tolist()]


def refused(raw: bytes, **options: str) -> DataError:
    with pytest.raises(DataError) as caught:
        read_data(raw, **options)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_the_encodings_of_excel(encoding: str) -> None:
    text = "id,review\n" + "".join(f'{n},"{cell}"\n' for n, cell in enumerate(PROSE))
    data = read_data(text.encode(encoding))
    assert records(data) == [["id", "review"], *([str(n), cell] for n, cell in enumerate(PROSE))]
    assert not data.findings.errors
    assert bool(data.findings) == (encoding != "utf-8")


def test_cp1252_is_said_with_the_characters_that_rest_on_it() -> None:
    findings = read_data("a,b\ncaf\u00e9,\u2013\n".encode("cp1252")).findings
    assert "é –" in findings[0].what
    assert "encoding=" in findings[0].remedy


def test_half_utf8_is_a_warning() -> None:
    data = read_data("a\né\n".encode() + "ü\n".encode("cp1252"))
    assert [finding.level for finding in data.findings] == ["warning", "note"]


def test_an_encoding_given_is_used() -> None:
    assert read_data("a\nмир\n".encode("cp1251"), encoding="cp1251").cells("a") == ["мир"]
    assert read_data("a\nx\n".encode("utf-8-sig"), encoding="utf-8").columns == ("a",)


@pytest.mark.parametrize(
    ("raw", "options", "said"),
    [
        (b"a\n\xe9\x81\n", {}, "0x81 at offset 3, in line 2"),
        (b"a\n\xe9\n", {"encoding": "utf-8"}, "0xe9 at offset 2, in line 2"),
        (b"a\nx\0y\n", {}, "NUL at character 3, in line 2"),
        (b"a\nx\n", {"encoding": "klingon"}, "'klingon' is no known encoding"),
        (b"PK\x03\x04rest", {}, "workbook"),
        (b"", {}, "It is empty"),
        (b"\n\n", {}, "It is empty"),
        (b"\xef\xbb\xbf", {}, "It is empty"),
        (b"a,b\n", {}, "no row below"),
        (b"a,b\n,\n,\n", {}, "no row below"),
        (b"a,a,a\n1,2,3\n", {}, "columns 1, 2, 3 from the left"),
        (b"a, a\n1,2\n", {}, "2 columns have the same name"),
        (b",a\n0,x\n", {}, "index=False"),
        (b'a,b\n1,2\n3,"open\n4,5\n', {}, "row 3: A quote that opens in this row (line 3 of the file)"),
        (b'a,b\n1,"x\ny"\n3,"4"5\n', {}, "row 3: In this row (line 4 of the file) text follows a closing quote"),
        (b"a,b\n1,2\n", {"delimiter": ",,"}, "not one character"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_to_do(raw: bytes, options: dict[str, str], said: str) -> None:
    error = refused(raw, **options)
    assert said in str(error)
    assert all(finding.remedy for finding in error.findings.errors)


def test_all_faults_come_at_once() -> None:
    findings = refused(b"a,a,\n1,2,3\n1,2\n1\n").findings
    assert [finding.row for finding in findings.errors] == [3, 4, 1, 1]


def test_ragged_rows_are_listed_and_then_counted() -> None:
    body = b"".join(b"1,2,3,4\n" if n % 2 else b"1,2\n" for n in range(114))
    findings = refused(b"a,b\n" + body).findings.errors
    assert [finding.row for finding in findings] == [*range(3, 43, 2), None]
    assert findings[0].what == "The row has 4 cells, the header 2."
    assert "and 37 more rows" in findings[-1].what


@pytest.mark.parametrize("kind", ["missing", "folder", "text", "address"])
def test_paths_that_are_no_files(tmp_path: Path, kind: str) -> None:
    (tmp_path / "reviews.csv").write_text("a\nx\n")
    given, said = {
        "missing": (tmp_path / "review.csv", "near it are 'reviews.csv'"),
        "folder": (tmp_path, "folder"),
        "text": ("a,b\n1,2\n", "as bytes"),
        "address": ("https://example.org/a.csv", "download"),
    }[kind]
    with pytest.raises(DataError, match=said):
        read_data(given)


def test_something_else_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="not list"):
        read_data([["a"], ["b"]])  # type: ignore[arg-type]


def test_a_path_names_the_data_and_its_code_reads_it_again(tmp_path: Path) -> None:
    path = tmp_path / "my reviews.csv"
    path.write_text("id;review|score\n1;x|2\n")
    data = read_data(path, kinds={"score": "text"}, delimiter="|")
    assert data.columns == ("id;review", "score")
    assert (data.name, data.source) == ("my reviews", str(path))
    scope = {"pnb": __import__("prolific_nb")}
    exec(data.to_code("again"), scope)
    assert scope["again"] == data
    assert scope["again"].kinds == data.kinds


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(delimiter: str, line_end: str) -> None:
    table = [["id", "text"], ["1", "one, two; three | four\tfive"], ["2", 'say "hi"'], ["3", "two\nlines"], ["4", ""]]
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(table)
    assert records(read_data(file.getvalue().encode())) == table


def test_decimal_commas_do_not_win_over_semicolons() -> None:
    assert records(read_data(b"a;b\n1,5;2,5\n3,5;4,5\n")) == [["a", "b"], ["1,5", "2,5"], ["3,5", "4,5"]]


def test_the_sep_line_of_excel_is_obeyed_and_not_counted() -> None:
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


def test_blank_lines_are_left_out_but_keep_the_numbers() -> None:
    data = read_data(b"a,b\n1,2\n\n3,\n\n\n,\n")
    assert data.cells("a") == ["1", "3"]
    assert [f.row for f in data.check().warnings] == [4]
    assert "1 blank line left out: row 3" in str(data.findings)
    assert "1 row of empty cells at the end left out" in str(data.findings)


def test_delimiters_at_the_ends_of_lines_are_left_out() -> None:
    assert records(read_data(b"a,b,,\n1,2,,\n3,4,,\n")) == [["a", "b"], ["1", "2"], ["3", "4"]]
    data = read_data(b"a,b\n1,2,\n3,4,\n")
    assert records(data) == [["a", "b"], ["1", "2"], ["3", "4"]]
    assert "right edge left out" in str(data.findings)
    assert [finding.row for finding in refused(b"a,b\n1,2,\n3,4,x\n5,6,\n").findings.errors] == [3]


def test_odd_headers() -> None:
    data = read_data(' review text ,"two\nlines",<b>,الاسم\n1,2,3,مرحبا\n'.encode())
    assert data.columns == ("review text", "two\nlines", "<b>", "الاسم")
    assert data.cells("الاسم") == ["مرحبا"]
    assert "White space" in data.findings[0].what


def test_a_huge_cell_and_the_limit_of_others_stays() -> None:
    before = csv.field_size_limit(131_072)
    assert len(read_data(b'a,b\n1,"' + b"x" * 300_000 + b'"\n').cells("b")[0]) == 300_000
    assert csv.field_size_limit(before) == 131_072


def test_cells_that_pandas_would_take_for_missing_stay() -> None:
    assert read_data(b"a\nNA\nnull\n007\n1.0\nTrue\n").cells("a") == ["NA", "null", "007", "1.0", "True"]


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@given(st.integers(2, 4).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1)))
@example([["\r", " x "], ['"', ""]])
def test_whatever_the_csv_module_writes_is_read_back(table: list[list[str]]) -> None:
    header = [f"column {n}" for n in range(len(table[0]))]
    body = [*table, ["end"] * len(header)]
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([header, *body])
    assert records(read_data(file.getvalue().encode())) == [header, *body]


def test_a_frame_becomes_text_as_a_person_would_write_it() -> None:
    frame = pd.DataFrame(
        {
            "whole": [3.0, None],
            "share": [0.5, None],
            "float": [3.0, 4.0],
            "flag": [True, False],
            "day": pd.to_datetime(["2024-05-01", None]),
            "kind": pd.Categorical(["a", None]),
            "mixed": ["x", None],
            "nullable": pd.array([1, None], dtype="Int64"),
            5: [1, 2],
        }
    )
    data = read_data(frame)
    assert records(data)[1:] == [
        ["3", "0.5", "3.0", "True", "2024-05-01T00:00:00", "a", "x", "1", "1"],
        ["", "", "4.0", "False", "", "", "", "", "2"],
    ]
    assert data.columns[-1] == "5"
    assert [finding.column for finding in data.findings] == ["5"]


def test_frames_that_cannot_be_used() -> None:
    for frame, said in [
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "same name"),
        (pd.DataFrame({"a": []}), "no row"),
        (pd.DataFrame(), "empty"),
        (pd.DataFrame({"a": pd.Series(["x", "\ud800"], dtype=object)}), "row 3, column 'a': The cell holds a char"),
    ]:
        with pytest.raises(DataError, match=said):
            read_data(frame)


def test_an_index_is_left_out_with_a_note() -> None:
    data = read_data(pd.DataFrame({"a": [1]}, index=["x"]))
    assert "index" in data.findings[0].what
