"""The store of cells: rows in, the same rows out, whatever is in them and however they are cut."""

from __future__ import annotations

import pickle

from hypothesis import given, settings
from hypothesis import strategies as st

from prolific_nb.data.cells.cell_store import CellStore, compact

ANY = st.text(max_size=4) | st.sampled_from(["", "\0", "a\0b", "\ud800", "\U0001f600"])
ROWS = st.lists(st.tuples(ANY, ANY), max_size=12)


@given(ROWS, st.integers(-15, 15), st.integers(-15, 15))
def test_rows_come_back_whole_in_slices_and_by_column(rows: list[tuple[str, str]], start: int, stop: int) -> None:
    store = CellStore.of_rows(rows, 2)
    assert list(store) == rows
    assert [store.column(place) for place in range(2)] == [[row[place] for row in rows] for place in range(2)]
    assert list(store[start:stop]) == rows[start:stop]
    assert list(store[start:stop] + store[stop:]) == rows[start:stop] + rows[stop:]
    assert [store[place] for place in range(-len(rows), len(rows))] == rows + rows
    assert list(pickle.loads(pickle.dumps(store))) == rows


@settings(max_examples=10)
@given(st.integers(0, 9000), st.integers(0, 9000))
def test_slices_across_chunks(start: int, stop: int) -> None:
    rows = [(str(n), "x" * (n % 7)) for n in range(9000)]
    store = CellStore.of_columns([[row[place] for row in rows] for place in range(2)])
    assert list(store[start:stop]) == rows[start:stop]
    assert [store[place] for place in (4095, 4096, 8191, 8192, 8999)] == [
        rows[place] for place in (4095, 4096, 8191, 8192, 8999)
    ]
    assert list(store.take([8999, 0, 5000]).select_columns([1])) == [("xxxx",), ("",), ("xx",)]


def test_consecutive_numbers_become_a_range() -> None:
    assert compact([2, 3, 4]) == range(2, 5)
    assert compact([7]) == range(7, 8)
    assert list(compact([])) == []
    for numbers in ([2, 4, 5], [2, 4, 4], [2, 9, 4], [3, 2], [2, 3, 2]):
        assert list(compact(numbers)) == numbers
