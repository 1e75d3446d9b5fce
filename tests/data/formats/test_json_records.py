"""JSON lines and JSON arrays, judged by pandas and by the text of the file."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest

from prolific_nb.data import read_data
from prolific_nb.errors import DataError

from ..tables import followed, records, refused

FRAME = pd.DataFrame({"id": ["1", "2"], "text": ["It leaks, “badly”", 'two\nlines "quoted"']})


@pytest.mark.parametrize(
    "raw",
    [
        FRAME.to_json(orient="records", lines=True).encode(),
        FRAME.to_json(orient="records").encode(),
        FRAME.to_json(orient="records", indent=2).encode("utf-8-sig"),
        FRAME.to_json(orient="records", force_ascii=False).encode("utf-16"),
        FRAME.to_json(orient="records", lines=True).replace("\n", "\r\n").encode(),
        b"\n\n" + FRAME.to_json(orient="records", lines=True).encode(),
        json.dumps({"version": 2, "data": FRAME.to_dict("records")}).encode(),
        json.dumps({"texts": FRAME.to_dict("records")}, indent=1).encode(),
        "\n".join(json.dumps(record, indent=1) for record in FRAME.to_dict("records")).encode(),
    ],
)
@pytest.mark.parametrize("name", ["data.csv", "data.json", "data"])
def test_json_is_recognised_by_content(raw: bytes, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(raw)
    assert records(read_data(tmp_path / name)) == [["id", "text"], *FRAME.to_numpy().tolist()]


def test_one_record_per_line_is_not_a_header() -> None:
    data = read_data(b'{"text": "It leaks"}\n{"text": "It boils"}\n')
    assert records(data) == [["text"], ["It leaks"], ["It boils"]]
    assert list(data.rows) == [1, 2]
    assert records(read_data(b'{"text": "It leaks"}')) == [["text"], ["It leaks"]]


def test_one_object_on_several_lines_is_read_as_one_row_with_a_warning() -> None:
    data = read_data(b'{\n "a": "x",\n "b": 2\n}')
    assert records(data) == [["a", "b"], ["x", "2"]]
    assert "one row with 2 columns" in str(data.findings.warnings)


def test_values_are_the_text_of_the_file() -> None:
    raw = b'[{"a": 0.10, "b": 12345678901234567890123, "c": true, "d": null, "e": 1E5, "f": "007", "g": -0.0}]'
    assert records(read_data(raw))[1] == ["0.10", "12345678901234567890123", "true", "", "1E5", "007", "-0.0"]


def test_a_table_of_numbers_and_gaps_equals_pandas() -> None:
    raw = "\n".join(json.dumps({"n": n, "half": n / 2, "word": f"w{n}" if n % 3 else None}) for n in range(50)).encode()
    judge = pd.read_json(io.BytesIO(raw), lines=True, dtype=False)
    data = read_data(raw).frame
    assert data["n"].astype(int).tolist() == judge["n"].tolist()
    assert data["half"].astype(float).tolist() == judge["half"].tolist()
    assert data["word"].replace("", None).tolist() == judge["word"].where(judge["word"].notna(), None).tolist()


def test_different_keys_are_united_with_a_note() -> None:
    data = read_data(b'{"a": 1}\n\n{"b": 2, "a": 3}\n{"b": NaN}\n')
    assert records(data) == [["a", "b"], ["1", ""], ["3", "2"], ["", ""]]
    assert list(data.rows) == [1, 3, 4]
    notes = str(data.findings)
    assert "row 4, column 'a': 1 record without this key" in notes
    assert "row 1, column 'b': 1 record without this key" in notes
    assert "1 NaN read as empty" in notes
    assert "1 blank line skipped: line 2" in notes


@pytest.mark.parametrize(
    ("raw", "messages"),
    [
        (
            b'{"a": 1, "m": {"x": 1}}\n{"a": 2, "m": {"x": 2}}',
            ["row 1, column 'm': 2 values", '{"x": ', "rows 1, 2"],
        ),
        (b'[{"a": 1}, {"a": [1, 2]}]', ["row 2, column 'a': 1 value", "json_normalize"]),
        (b'{"a": 1}\n{"a": 2\n{"a": 3}\nx\n', ["row 2: The JSON is invalid at column", "row 4: The JSON is invalid"]),
        (b'{"a": 1\n{"a": 2}\n', ["row 1: The JSON is invalid"]),
        (b'{"a": 1}\n[2]\n', ["row 2: ", "is not an object"]),
        (b'[{"a": 1}, 5]', ["row 2: ", "is not an object"]),
        (b'{"a": 1, "b": 2, "a": 3}\n{"a": 1, "b": 2}', ["row 1", "'a' more than once"]),
        (b'[{"a": 1},\n {"a": 1 "b": 2}]', ["invalid at line 2, column 10"]),
        (b'[{"a": 1}, {"a": 2}', ["invalid at line 1"]),
        (b'{"a": "\\ud800"}', ["half a surrogate", "row 1, column 'a'"]),
        (b'{"a": "x\\u0000"}\n{"a": "y"}', ["NUL", "row 1, column 'a'"]),
        (b"[[1, 2], [3, 4]]", ['orient="values"']),
        (b'["a", "b"]', ["single values"]),
        (b'{"x": {"a": 1}, "y": {"b": 2, "c": 3}}', ["$.x", "orient='index'"]),
        (b'{"name": "x",\n "tags": ["a", "b"]}', ["$.tags", "one object"]),
        (b"[]", ["array is empty"]),
        (b"{'a': 1}\n{'a': 2}\n", ["Python dictionaries", "json.dumps"]),
        (b'{"a": [1, 2], "b": ["x", "y"]}', ["one array for each column"]),
        (b'{"title": "t", "paragraphs": [{"text": "x"}]}', ["$.paragraphs", "'paragraphs'"]),
        (b'{"train": [{"a": 1}], "test": [{"a": 2}]}', ["'train' and 'test'"]),
        (b'{"a":' * 100_000, ["nested too deeply"]),
        (FRAME.to_json(orient="split").encode(), ['orient="split"']),
        (FRAME.to_json(orient="columns").encode(), ['orient="columns"']),
        (FRAME.to_json(orient="index").encode(), ['orient="index"']),
    ],
)
def test_what_is_not_a_list_of_flat_records_is_refused_by_its_path(raw: bytes, messages: list[str]) -> None:
    error = refused(raw)
    assert all(message in str(error) for message in messages)
    assert all(finding.remedy for finding in error.findings)


@pytest.mark.parametrize("orient", ["split", "columns", "index"])
def test_the_remedy_for_a_layout_of_pandas_works(orient: str, tmp_path: Path) -> None:
    written = FRAME.to_json(orient=orient)  # type: ignore[call-overload]
    assert records(followed(written.encode(), tmp_path / "data.json"))[1:] == FRAME.to_numpy().tolist()


def test_the_table_layout_of_pandas_is_read() -> None:
    data = read_data(FRAME.to_json(orient="table").encode())
    assert data.columns == ("index", "id", "text")
    assert "left out: 'schema'" in str(data.findings)


def test_the_remedy_for_nested_values_works() -> None:
    nested = [{"a": 1, "m": {"x": "deep"}}]
    with pytest.raises(DataError, match="json_normalize"):
        read_data(json.dumps(nested).encode())
    assert records(read_data(pd.json_normalize(nested))) == [["a", "m.x"], ["1", "deep"]]


def test_many_invalid_lines_are_counted() -> None:
    raw = b'{"a": 1}\n' + b'{"a": \n' * 50
    assert "30 more lines are invalid" in str(refused(raw))


@pytest.mark.parametrize("raw", [b"[id],text\n1,x\n", b"{id},text\n1,x\n", b"[a]\nx\n"])
def test_a_csv_that_begins_with_a_bracket_is_a_csv(raw: bytes) -> None:
    assert len(read_data(raw)) == 1


def test_a_delimiter_says_that_the_file_is_a_csv() -> None:
    assert records(read_data(b'["x"];b\n1;2\n', delimiter=";")) == [['["x"]', "b"], ["1", "2"]]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([{"id": 1, "m": {"a": "x"}}, {"id": 2, "m": {"a": "y"}}], [["id", "m.a"], ["1", "x"], ["2", "y"]]),
        ({"v": 1, "data": [{"m": {"a": "x"}}]}, [["m.a"], ["x"]]),
        ({"id": "5", "answers": {"a": "x"}}, [["id", "answers.a"], ["5", "x"]]),
        ({"features": [{"name": "text"}], "rows": [{"text": "x"}]}, [["text"], ["x"]]),
        ({"k1": {"a": "x"}, "k2": {"b": "y"}}, [["key", "a", "b"], ["k1", "x", ""], ["k2", "", "y"]]),
        ([["001", "x"], ["002", "y"]], [["column_1", "column_2"], ["001", "x"], ["002", "y"]]),
        ({"0": "It leaks", "1": "It boils"}, [["key", "text"], ["0", "It leaks"], ["1", "It boils"]]),
        (
            {"id": {"0": "007"}, "date": {"0": "1"}, "n": {"0": 2**60 + 1}},
            [["id", "date", "n"], ["007", "1", f"{2**60 + 1}"]],
        ),
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_the_code_in_a_remedy_reads_the_file(
    value: object, expected: list[list[str]], indent: int | None, tmp_path: Path
) -> None:
    assert records(followed(json.dumps(value, indent=indent).encode(), tmp_path / "data.json")) == expected


def test_the_code_in_the_remedy_about_nested_lines_reads_the_lines(tmp_path: Path) -> None:
    raw = b'{"id": 1, "m": {"a": "x"}}\n\n{"id": 2, "m": {"a": "y"}}\n'
    expected = [["id", "m.a"], ["1", "x"], ["2", "y"]]
    assert records(followed(raw, tmp_path / "data.json")) == expected
    assert records(followed(raw.replace(b", ", b",\n"), tmp_path / "data.json")) == expected


def test_layouts_that_may_be_either_are_named_both() -> None:
    frame = pd.DataFrame({"id": ["a", "b"], "text": ["x", "y"]}, index=["r1", "r2"])
    for orient in ("columns", "index"):
        message = str(refused(frame.to_json(orient=orient).encode()))  # type: ignore[call-overload]
        assert 'orient="columns"' in message
        assert 'orient="index", dtype=object)) if the outer keys name the rows' in message


def test_one_header_row_is_what_json_has() -> None:
    data = read_data([b"id,text\n1,x\n", b'{"id": 2, "text": "y"}\n'], header_rows=1, skip_rows=0)
    assert data.cells("text") == ["x", "y"]


def test_records_are_left_out_by_number() -> None:
    raw = b'{"a": "x"}\n{"a": "y"}\n{"a": "z"}\n'
    assert read_data(raw, skip_rows=[1, 3]).cells("a") == ["y"]
    assert "JSON has no header rows" in str(refused(raw, skip_rows=1))
