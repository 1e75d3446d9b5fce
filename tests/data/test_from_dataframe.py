"""DataFrames as datasets: cells, dtypes, index, and frames that cannot be used."""

from __future__ import annotations

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


def test_an_index_is_dropped_with_a_note() -> None:
    data = read_data(pd.DataFrame({"a": [1]}, index=["x"]))
    assert "index" in data.findings[0].what
