"""What is in a column, and how quickly it is counted."""

from __future__ import annotations

import time

import pandas as pd

import prolific_nb as pnb


def test_distinct_empty_lengths_and_examples() -> None:
    data = pnb.read_data(pd.DataFrame({"mood": ["good", "bad", "good", "", " "], "text": list("vwxyz")}))
    mood, text = data.profiles
    assert (mood.distinct, mood.empty) == (2, 2)
    assert (mood.shortest, mood.median, mood.longest) == (3, 4, 4)
    assert mood.bins == (1, 2)
    assert (mood.examples, mood.times) == (("good", "bad"), (2, 1))
    assert text.examples == ("v", "w", "x")
    assert text.bins == (5,)


def test_bins_hold_every_cell_once() -> None:
    cells = ["x" * n for n in (1, 1, 7, 50, 100, 100, 100)]
    (profile,) = pnb.read_data(pd.DataFrame({"text": cells})).profiles
    assert len(profile.bins) == 12
    assert sum(profile.bins) == 7
    assert (profile.bins[0], profile.bins[-1]) == (3, 3)


def test_an_empty_column_has_no_lengths() -> None:
    empty = pnb.read_data(b"id,note\n1,\n2,\n").profiles[1]
    assert (empty.distinct, empty.empty, empty.longest, empty.bins, empty.examples) == (0, 2, 0, (), ())


def test_describe_is_a_frame_with_a_row_for_each_column() -> None:
    frame = pnb.sample_data().describe()
    assert list(frame.index) == ["product", "review", "sentiment"]
    assert frame.loc["sentiment", "distinct"] == 3
    assert frame.loc["review", "kind"] == "text"
    assert frame["empty"].sum() == 0


def test_a_million_cells_are_profiled_in_a_second() -> None:
    frame = pd.DataFrame({f"c{n}": [f"{row * n} words of column {n}" for row in range(100_000)] for n in range(10)})
    data = pnb.read_data(frame)
    start = time.perf_counter()
    assert data.profiles[9].distinct == 100_000
    assert time.perf_counter() - start < 2  # 0.5 s on a quiet machine
    start = time.perf_counter()
    assert data.with_kinds({"c1": "other"}).profiles is data.profiles
    assert time.perf_counter() - start < 0.1
