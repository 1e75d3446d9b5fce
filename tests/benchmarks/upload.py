"""What uploading a CSV of 100 MB takes in memory, beyond the table itself.

Run as ``python tests/benchmarks/upload.py``; it ends with 1 if the target is missed. Target: less than 32 MiB above the
table that is in memory already; what the checks before it take is shown beside it. The sandbox runs as a process of
its own, so that only the client is measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
from contextlib import suppress

import pandas as pd

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.common.display import suppress_notices
from prolific_nb.common.progress import Progress

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
            checking = tracemalloc.get_traced_memory()[1]  # told first when all checks are done
            tracemalloc.reset_peak()
        elif progress.ended:
            size = progress.total
            raise KeyboardInterrupt

    tracemalloc.start()
    start = time.perf_counter()
    with suppress(KeyboardInterrupt), suppress_notices():
        pnb.launch(client, data, DESIGN, PLAN, on_progress=until_sent)
    seconds, peak = time.perf_counter() - start, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seconds, size / 1000, checking, peak


def main() -> int:
    """Print a table; 1 if an upload takes more memory than it may."""
    missed = 0
    command = [sys.executable, "-c", "from prolific_nb.cli import main; main()", "sandbox"]
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(command, stdout=subprocess.PIPE) as served:
        os.chdir(folder)
        assert served.stdout is not None
        place = json.loads(served.stdout.readline())
        client = Client(Transport(place["url"], Token(place["token"])), mode="SANDBOX")
        print(f"{'rows':<22}{'file MB':>9}{'seconds':>9}{'checks MiB':>12}{'upload MiB':>12}{'of the file':>13}")
        for name, (rows, length) in SHAPES.items():
            seconds, size, checking, peak = upload(client, rows, length)
            missed += peak > LIMIT
            memory = f"{checking / 2**20:>12.1f}{peak / 2**20:>12.1f}{peak / (size * 1e6):>13.3f}"
            print(f"{name:<22}{size:>9.0f}{seconds:>9.1f}{memory}")
        served.terminate()
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
