"""All benchmarks in one table: ``python -m tests.benchmarks [NAME …]``, with ``pip install -e '.[bench]'`` done.

Ends with 1 if a target is missed or a benchmark fails. Figures are compared within one run only, so that the machine
cancels out; still, use a quiet one.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from importlib import import_module

from .measuring import Row

BENCHMARKS = (
    "first_cell",
    "frame",
    "agreement",
    "aggregation",
    "reading",
    "upload",
    "sandbox",
    "rehearsing",
    "load",
    "studio",
    "annotate",
    "running",
    "stopping",
    "people",
    "crowds",
    "people_mix",
    "planning",
    "top_up",
    "unbiased",
)
_WIDTHS = (64, 14, 32, 8, 20)


def rows(benchmark: str) -> Iterator[Row]:
    """The rows of one benchmark; one that fails ends with a row that says so."""
    try:
        yield from import_module(f".{benchmark}", __package__).rows()
    except Exception as error:
        traceback.print_exc()
        yield Row(f"{benchmark} failed: {type(error).__name__}", "", target="it runs", ok=False)


def line(*cells: str) -> str:
    """One line of the table."""
    *cells, last = cells
    return "".join(f"{cell:<{width}}" for cell, width in zip(cells, _WIDTHS, strict=True)) + last


def main(*names: str) -> int:
    """Print the table; 1 if anything is missed."""
    if unknown := set(names) - set(BENCHMARKS):
        print(f"There is no benchmark {', '.join(sorted(unknown))}. Choose from {', '.join(BENCHMARKS)}.")
        return 2
    print(f"load before: {os.getloadavg()[0]:.2f}")
    print(line("benchmark", "ours", "peer", "ratio", "target", "ok"))
    missed = 0
    for benchmark in names or BENCHMARKS:
        for row in rows(benchmark):
            ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
            ok = {True: "ok", False: "MISSED", None: ""}[row.ok]
            print(line(f"{benchmark}: {row.name}", row.ours, row.peer, ratio, row.target, ok), flush=True)
            missed += row.ok is False
    print(f"load after: {os.getloadavg()[0]:.2f}; {missed} targets missed")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
