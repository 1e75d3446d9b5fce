"""What uploading a CSV costs: time, beside the least that any client and server would do, and memory.

Run as ``python -m tests.benchmarks upload``. The sandbox runs as a process of its own, so that the processor time of
client and sandbox is measured apart; other programs on the machine do not count.

Time, for a million short rows. The peer writes the same table with `csv.writer`, reads it with `csv.reader`, and
encodes each record as JSON: work that no client and server can leave out, without hashes, checks or a database. The
first measurement of this upload was 57 s on a clock; a quarter of that is 14 s, which is 2.9 times what the peer took
when the limit was set (4.85 s of processor time). So 2.9 times the peer is the limit for client and sandbox together,
also with the set-up of the tasks. The limit for the client, 0.8 times the peer, guards what was reached (0.6).

Memory: less than 32 MiB above the table that is in memory already; the memory of the checks before it is shown beside
it.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import chdir, suppress

import pandas as pd
import psutil

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.common.display import suppress_notices
from prolific_nb.common.progress import Progress
from prolific_nb.study.launch.draft import STEPS

from .measuring import Row, costs, figure

LIMIT = 32 * 2**20
TARGETS = (0.8, 2.9, 2.9)  # of the client, of both until the rows are imported, and until the tasks are set up
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
        pnb.launch(client, data, DESIGN, PLAN, ledger=":memory:", again="with tracing", on_progress=until_sent)
    seconds, peak = time.perf_counter() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seconds, size / 1000, checking, peak


def times(client: Client, sandbox: int, rows: int, length: int) -> tuple[float, float, float]:
    """Processor seconds of a launch: of this process, and of the sandbox until the rows are imported, and in all."""
    data = pnb.read_data(table(rows, length))
    start, own, imported = cpu_of(sandbox), time.process_time(), 0.0

    def note(progress: Progress) -> None:
        nonlocal imported
        if progress.step == STEPS and progress.done == 1:
            imported = cpu_of(sandbox) - start

    with suppress_notices():
        pnb.launch(client, data, DESIGN, PLAN, ledger=":memory:", on_progress=note)
    return time.process_time() - own, imported, cpu_of(sandbox) - start


def cpu_of(process: int) -> float:
    """Processor seconds of another process so far."""
    spent = psutil.Process(process).cpu_times()
    return spent.user + spent.system


def bare_pass(frame: pd.DataFrame) -> float:
    """Processor seconds of writing the table as CSV, reading it, and encoding each record as JSON."""
    names, cells = list(frame), frame.to_numpy().tolist()
    start, file, encode = time.process_time(), io.StringIO(newline=""), json.JSONEncoder(ensure_ascii=False).encode
    csv.writer(file).writerows([names, *cells])
    file.seek(0)
    for record in csv.reader(file):
        encode(dict(zip(names, record, strict=True)))
    return time.process_time() - start


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
                yield from of_one(client, served.pid, name, number, length)
        finally:
            served.terminate()


def of_one(client: Client, sandbox: int, name: str, number: int, length: int) -> Iterator[Row]:
    """The figures of one upload."""
    own, imported, served = times(client, sandbox, number, length)
    bare = bare_pass(table(number, length))
    targets = TARGETS if number >= 1_000_000 else (None, None, None)
    what = ("client's share", "client and sandbox, rows imported", "client and sandbox, tasks set up")
    for part, seconds, most in zip(what, (own, own + imported, own + served), targets, strict=True):
        yield costs(f"{name}, {part}", seconds, bare, "bare csv and json", most, unit="s")
    traced, size, checking, peak = upload(client, number, length)
    yield Row(f"{name}, time with tracing", figure(traced, "s"), figure(size, "MB file"))
    yield Row(f"{name}, memory of the checks", figure(checking / 2**20, "MiB"), figure(size, "MB file"))
    ours, limit = figure(peak / 2**20, "MiB"), f"≤ {LIMIT / 2**20:g} MiB"
    yield Row(f"{name}, memory of the upload", ours, figure(size, "MB file"), peak / (size * 1e6), limit, peak <= LIMIT)
