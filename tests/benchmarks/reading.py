"""What reading and checking a CSV costs, beside `pandas.read_csv(dtype=str)`, which checks nothing.

Run as ``python -m tests.benchmarks reading``. Targets: at most 2.5 times the time of pandas, and at most 3 times the
size of the file in memory, for plain rows and for rows in quotation marks.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pandas as pd

import prolific_nb as pnb

from .measuring import Row, costs, memory, milliseconds
from .upload import table

ROWS, ROUNDS = 300_000, 7


def rows() -> Iterator[Row]:
    """Time and memory against pandas alone."""
    frame = table(ROWS, 60)
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        frame.to_csv("plain.csv", index=False)
        frame.assign(review='"' + frame["review"] + '", she\nsaid').to_csv(
            "quoted.csv", index=False, quoting=csv.QUOTE_ALL, lineterminator="\r\n"
        )
        frame.assign(review=frame["review"].str.replace("e", "é")).to_csv("accents.csv", index=False)
        for name in ("plain", "quoted", "accents"):
            yield from of_one(f"{name}.csv")


def of_one(path: str) -> Iterator[Row]:
    """The figures of one file."""
    jobs = {"ours": lambda: pnb.read_data(path).check(), "pandas": lambda: pd.read_csv(path, dtype=str)}
    ms, name = milliseconds(jobs, ROUNDS), f"{ROWS:,} rows, {path}"
    yield costs(name, ms["ours"], ms["pandas"], f"pandas {pd.__version__}", 2.5)
    size = Path(path).stat().st_size / 2**20
    yield costs(f"memory of {path}", memory(jobs["ours"]), size, "the file", 3, unit="MiB")
