"""Rows found by a text in their cells."""

from __future__ import annotations

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.errors import UnknownName


def test_rows_are_found_in_any_column_and_any_case() -> None:
    data = pnb.read_data(b"id,review\nA1,Late again.\nB2,It is a1 quality.\nC3,Fine.\n")
    assert data.find("a1") == [0, 1]
    assert data.find("a1", column="review") == [1]
    assert data.find("i.") == []  # not a pattern
    assert data.find("LATE AGAIN") == [0]
    with pytest.raises(UnknownName, match="title"):
        data.find("a", column="title")


def test_cells_are_not_joined() -> None:
    assert pnb.read_data(b"a,b\none,two\nthree,four\n").find("onetwo") == []
    assert pnb.read_data(b"a,b\none,two\nthree,four\n").find("one\0three") == []


def test_rows_beyond_the_first_thousand_are_found() -> None:
    data = pnb.read_data(pd.DataFrame({"n": [f"number {n}" for n in range(5000)]}))
    assert data.find("number 4999") == [4999]
    assert data.find("NUMBER 499") == [499, *range(4990, 5000)]
