"""IDs that were shortened to floating-point numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from prolific_nb.data import read_data

LONG = 123_456_789_012_345_678


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([float(LONG), 2.0]),
        pd.Series([float(LONG), None]),
        pd.Series([float(LONG), "x"], dtype=object),
        pd.Series([-float(2**53) - 2, 0.5]),
        pd.Series([2**24 + 2, 1], dtype="float32"),
        pd.Series([float(LONG), None], dtype="Float64"),
    ],
)
def test_whole_floats_beyond_their_digits_are_a_warning(column: pd.Series[float]) -> None:
    (warning,) = (f for f in read_data(pd.DataFrame({"id": column, "text": "x"})).check() if "too long" in f.what)
    assert (warning.level, warning.row, warning.column) == ("warning", 2, "id")


@pytest.mark.parametrize(
    "cell", ["1.23457E+17", "1.23457E+11", "1,23457E+17", "1.2345678901234568e+17", f"{LONG}.0", "1E+15"]
)
def test_shortened_numbers_in_text_are_a_warning(cell: str) -> None:
    data = read_data(f'id,text\n1,x\n"{cell}",y\n'.encode())
    (warning,) = data.check().warnings
    assert (warning.row, warning.column) == (3, "id")
    assert cell in warning.what


@pytest.mark.parametrize(
    "cell", [str(LONG), "1.5e-7", "E+17", "12.0", "9007199254740992.0", "1.234567890123E+12", "a1.2E+17"]
)
def test_other_numbers_are_not(cell: str) -> None:
    assert not read_data(f"id,text\n1,x\n{cell},y\n".encode()).check().warnings


def test_integers_of_any_length_are_kept() -> None:
    frame = pd.DataFrame({"id": np.array([LONG, LONG + 1]), "nullable": pd.array([LONG, None], dtype="Int64")})
    data = read_data(frame)
    assert data.cells("id") == [str(LONG), str(LONG + 1)]
    assert not data.findings
