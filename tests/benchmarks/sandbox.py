"""What a sandbox stands: reads and writes a second, and eight clients at once for half a minute.

Run as ``python -m tests.benchmarks.sandbox``. Reads and writes are those of one client over HTTP, in memory and in a
file, in turns. The eight clients do mixed work (uploads, set-ups, studies, growth, records, groups, messages, bonuses,
reads) on one file, served by one sandbox and then by two; at the end everything that was acknowledged is looked for.
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from prolific_nb.sandbox import Sandbox
from tests.sandbox.crowd import Common, Researcher, client_of, judge, work
from tests.sandbox.flow import Caller

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
    """How often a second `job` can be done."""
    start = time.perf_counter()
    for _ in range(CALLS):
        assert job().status_code < 300
    return CALLS / (time.perf_counter() - start)


def one_client(folder: Path) -> None:
    """Print medians of reads and writes a second."""
    with Sandbox(speed=0.01) as memory, Sandbox(speed=0.01, store=folder / "one.sqlite") as file:
        jobs = {
            f"{kind} a second, {where}": job
            for where, sandbox in (("in memory", memory), ("in a file", file))
            for kind, job in rates(sandbox).items()
        }
        rounds = [{name: per_second(job) for name, job in jobs.items()} for _ in range(ROUNDS)]
    for name in jobs:
        print(f"{name:<34}{statistics.median(each[name] for each in rounds):>8.0f}")


def eight_clients(folder: Path, servers: int) -> None:
    """Print what was done in half a minute; an error ends the program."""
    with ExitStack() as stack:
        file = folder / f"{servers}.sqlite"
        sandboxes = [stack.enter_context(Sandbox(store=file, speed=30_000.0)) for _ in range(servers)]
        common = Common.make(sandboxes[0], folder)
        researchers = [Researcher(n, client_of(sandboxes[n % servers]), common) for n in range(CLIENTS)]
        end = time.monotonic() + SECONDS
        acts = work(researchers, lambda _: time.monotonic() < end)
        handled = [each for sandbox in sandboxes for each in sandbox.log]
        found = judge(researchers, sandboxes)
    statuses = sorted(Counter(each.status for each in handled).items())
    print(f"{CLIENTS} clients, {servers} server(s), {SECONDS} s: {acts} acts, nothing failed, nothing lost")
    print(
        "  answers (of each server's last 10,000): " + ", ".join(f"{number} × {status}" for status, number in statuses)
    )
    print("  acknowledged and found again: " + ", ".join(f"{n} {kind}" for kind, n in found.items()))


def main() -> None:
    """Print everything."""
    with TemporaryDirectory() as name:
        one_client(Path(name))
        for servers in (1, 2):
            eight_clients(Path(name), servers)


if __name__ == "__main__":
    main()
