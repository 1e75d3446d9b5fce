"""The memory that uploading a CSV of 100 MB takes, beyond the table itself.

Run as ``python -m tests.benchmarks upload``. Target: less than 32 MiB above the table that is in memory already; the
memory of the checks before it is shown beside it. The sandbox runs as a process of its own, so that only the client is
measured.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import chdir, suppress

import pandas as pd

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.common.display import suppress_notices
from prolific_nb.common.progress import Progress

from .measuring import Row, figure

LIMIT = 32 * 2**20
SHAPES = {"long texts": (40_000, 2_500), "a million short rows": (1_000_000, 60)}
DESIGN = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad"])
PLAN = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, tasks_per_group=1000)


def table(rows: int, length: int) -> pd.DataFrame:
    """So many rows of so many characters, no two alike."""
    words = "the lamp stopped after a week and nobody answered my letters about it " * (length // 60 + 1)
    return pd.DataFrame(
        {
            "id": [str(number) for number in range(rows)],
            "review": [words[number % 40 :][:length] + str(number) for number in range(rows)],
            "shop": ["north"] * rows,
        }
    )


def upload(client: Client, rows: int, length: int) -> tuple[float, float, int, int]:
    """Seconds, size of the file in MB, and the peaks of additional memory in bytes: while checking, while uploading."""
    data = pnb.read_data(table(rows, length))
    size, checking = 0, 0

    def until_sent(progress: Progress) -> None:
        nonlocal size, checking
        if not progress.step.startswith("Uploading"):
            checking = tracemalloc.get_traced_memory()[1]  # reported first when all checks are done
            tracemalloc.reset_peak()
        elif progress.ended:
            size = progress.total
            raise KeyboardInterrupt

    tracemalloc.start()
    start = time.perf_counter()
    with suppress(KeyboardInterrupt), suppress_notices():
        pnb.launch(client, data, DESIGN, PLAN, ledger=":memory:", on_progress=until_sent)
    seconds, peak = time.perf_counter() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seconds, size / 1000, checking, peak


def times(client: Client, rows: int, length: int) -> tuple[float, float]:
    """Seconds until the file is sent, and the processor time of the client alone; without tracing."""
    data = pnb.read_data(table(rows, length))

    def until_sent(progress: Progress) -> None:
        if progress.step.startswith("Uploading") and progress.ended:
            raise KeyboardInterrupt

    start, own = time.perf_counter(), time.process_time()
    with suppress(KeyboardInterrupt), suppress_notices():
        pnb.launch(client, data, DESIGN, PLAN, ledger=":memory:", on_progress=until_sent)
    return time.perf_counter() - start, time.process_time() - own


def rows() -> Iterator[Row]:
    """Peaks of memory while checking and while uploading, against the size of the file."""
    command = [sys.executable, "-c", "from prolific_nb.cli import main; main()", "sandbox"]
    with (
        tempfile.TemporaryDirectory() as folder,
        chdir(folder),
        subprocess.Popen(command, stdout=subprocess.PIPE) as served,
    ):
        assert served.stdout is not None
        place = json.loads(served.stdout.readline())
        client = Client(Transport(place["url"], Token(place["token"])), mode="SANDBOX")
        try:
            for name, (number, length) in SHAPES.items():
                yield from of_one(client, name, number, length)
        finally:
            served.terminate()


def of_one(client: Client, name: str, number: int, length: int) -> Iterator[Row]:
    """The figures of one upload."""
    whole, own = times(client, number, length)
    yield Row(f"{name}, checked and sent", figure(whole, "s"), f"{figure(own, 's')} of the client's own")
    seconds, size, checking, peak = upload(client, number, length)
    yield Row(f"{name}, time with tracing", figure(seconds, "s"), figure(size, "MB file"))
    yield Row(f"{name}, memory of the checks", figure(checking / 2**20, "MiB"), figure(size, "MB file"))
    ours, limit = figure(peak / 2**20, "MiB"), f"≤ {LIMIT / 2**20:g} MiB"
    yield Row(f"{name}, memory of the upload", ours, figure(size, "MB file"), peak / (size * 1e6), limit, peak <= LIMIT)
