"""DataFrames as datasets: cells, dtypes, index, and frames that cannot be used."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from prolific_nb.data import read_data
from prolific_nb.errors import DataError

from .tables import records


def test_cells_are_strings_as_written_in_a_csv() -> None:
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
    for frame, message in [
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "same name"),
        (pd.DataFrame({"a": []}), "no row"),
        (pd.DataFrame(), "empty"),
        (
            pd.DataFrame({"a": pd.Series(["x", "\ud800"], dtype=object)}),
            "row 3, column 'a': The cell contains a NUL",
        ),
    ]:
        with pytest.raises(DataError, match=message):
            read_data(frame)


def test_an_index_without_a_name_is_dropped_with_a_note() -> None:
    data = read_data(pd.DataFrame({"a": [1]}, index=["x"]))
    assert "index" in data.findings[0].what
    assert data.columns == ("a",)
    kept = read_data(pd.DataFrame({"a": [1]}, index=["x"]).rename_axis("name").reset_index())  # as the remedy says
    assert kept.row(0) == {"name": "x", "a": "1"}


@pytest.mark.parametrize(
    "values", [[0, 1], [7, 3], ["x", "y"], [None, "y"], pd.to_datetime(["2026-01-01", "2026-01-02"])]
)
def test_an_index_with_a_name_is_a_column(values: Any) -> None:
    frame = pd.DataFrame({"id": values, "a": [1, 2]})
    data = read_data(frame.set_index("id"))
    assert data == read_data(frame)
    assert [finding.level for finding in data.findings] == ["note"]
    assert "'id'" in data.findings[0].what


def test_levels_of_an_index_are_columns_and_a_name_is_not_used_twice() -> None:
    frame = pd.DataFrame({"id": [1, 1], "part": ["x", "y"], "a": [1, 2]})
    assert read_data(frame.set_index(["id", "part"])) == read_data(frame)
    same = read_data(frame.set_index("id", drop=False))
    assert same == read_data(frame)
    assert "'id' is that of a column" in same.findings[0].what


def test_an_empty_cell_is_missing_in_the_frame() -> None:
    frame = pd.DataFrame({"a": ["x", None, "", np.nan], "b": [None] * 4, "c": [1.0, None, 2.0, None]})
    data = read_data(frame)
    for table in (data.frame, data.table, data.head(4)):
        assert table.isna().to_numpy().tolist() == [
            [False, True, False],
            [True, True, True],
            [True, True, False],
            [True, True, True],
        ]
        assert read_data(table) == data
    assert data.cells("a") == ["x", "", "", ""]
    assert data.row(1) == {"a": "", "b": "", "c": ""}
    assert read_data(b"a,b\n1,\n").frame["b"].isna().tolist() == [True]
    assert "nan" not in data._repr_html_().casefold()


def test_sparse_columns_are_read_as_dense_ones() -> None:
    dense = pd.DataFrame({"a": [1.0, np.nan], "b": ["x", "y"], "c": [0, 3]})
    sparse = dense.astype({"a": pd.SparseDtype("float"), "c": pd.SparseDtype("int64", 0)})
    assert records(read_data(sparse)) == records(read_data(dense))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [([["a", "b"], None], ["a, b", ""]), ([("a", 1), ("b",)], ["a, 1", "b"]), ([b"abc", b"\xc3\xa9"], ["abc", "é"])],
)
def test_cells_that_are_python_objects_are_a_warning_and_its_code_works(cells: list[Any], expected: list[str]) -> None:
    frame = pd.DataFrame({"t": pd.Series(cells, dtype=object), "u": "x"})
    (warning,) = read_data(frame).findings.warnings
    assert warning.column == "t"
    exec(warning.remedy.partition("shown: ")[2].rstrip("."), {"frame": frame})
    assert read_data(frame).cells("t") == expected


@pytest.mark.parametrize("names", [[None, None], ["g", None], ["g", "text"], ["name"]])
def test_the_code_that_keeps_an_index_works(names: list[str | None]) -> None:
    index = pd.MultiIndex.from_product([["a"], [3, 4]]) if len(names) > 1 else pd.Index([4, 3])
    frame = pd.DataFrame({"text": ["x", "y"], "name": ["p", "q"]}, index=index).rename_axis(names)
    (note,) = read_data(frame).findings
    kept = eval(note.remedy.partition("first: ")[2].rstrip("."), {"frame": frame})
    assert len(read_data(kept).columns) == 2 + len(names)
