"""The load a sandbox takes: reads and writes a second, and eight clients at once for half a minute.

Run as ``python -m tests.benchmarks sandbox``. Reads and writes are those of one client over HTTP, in memory and in a
file, in turns. The eight clients do mixed work (uploads, set-ups, studies, growth, records, groups, messages, bonuses,
reads) on one file, served by one sandbox and then by two; at the end everything that was acknowledged must be found.
An error ends the benchmark.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from prolific_nb.sandbox import Sandbox
from tests.sandbox.crowd import Common, Researcher, client_of, judge, work
from tests.sandbox.flow import Caller

from .measuring import Row, costs

CLIENTS, SECONDS, ROUNDS, CALLS = 8, 30, 7, 300


def rates(sandbox: Sandbox) -> dict[str, Any]:
    """Calls that can be timed: a read, and a write."""
    call = Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
    study = call.draft(call.ready(12, 4))["id"]
    call.move(study, "PUBLISH")
    body = {"name": "g", "workspace_id": sandbox.workspace_id}
    at, url = call.session, sandbox.url
    return {
        "reads": lambda: at.get(f"{url}/api/v1/studies/{study}/"),
        "writes": lambda: at.post(f"{url}/api/v1/participant-groups/", json=body),
    }


def per_second(job: Any) -> float:
    """Calls a second."""
    start = time.perf_counter()
    for _ in range(CALLS):
        assert job().status_code < 300
    return CALLS / (time.perf_counter() - start)


def one_client(folder: Path) -> Iterator[Row]:
    """Reads and writes a second, in a file against in memory."""
    with Sandbox(speed=0.01) as memory, Sandbox(speed=0.01, store=folder / "one.sqlite") as file:
        jobs = {"memory": rates(memory), "file": rates(file)}
        turns = [{(p, kind): per_second(job) for p in jobs for kind, job in jobs[p].items()} for _ in range(ROUNDS)]
    for kind in ("reads", "writes"):
        in_memory, in_file = (statistics.median(each[place, kind] for each in turns) for place in jobs)
        yield costs(f"{kind} of one client, in a file", in_file, in_memory, "in memory", unit="/s")


def eight_clients(folder: Path, servers: int) -> tuple[int, int]:
    """How many actions were done in half a minute, and how many acknowledged things were found again."""
    with ExitStack() as stack:
        file = folder / f"{servers}.sqlite"
        sandboxes = [stack.enter_context(Sandbox(store=file, speed=30_000.0)) for _ in range(servers)]
        common = Common.make(sandboxes[0], folder)
        researchers = [Researcher(n, client_of(sandboxes[n % servers]), common) for n in range(CLIENTS)]
        end = time.monotonic() + SECONDS
        return work(researchers, lambda _: time.monotonic() < end), sum(judge(researchers, sandboxes).values())


def rows() -> Iterator[Row]:
    """One client, then eight, with one server and with two."""
    with TemporaryDirectory() as home:
        folder = Path(home)
        yield from one_client(folder)
        one, found = eight_clients(folder, 1)
        yield Row(
            f"{CLIENTS} clients for {SECONDS} s, {found} things made", f"{one} actions", target="none lost", ok=True
        )
        two, found = eight_clients(folder, 2)
        row = costs(f"{CLIENTS} clients, two servers, {found} things made", two, one, "one server", unit="actions")
        yield replace(row, target="none lost", ok=True)
