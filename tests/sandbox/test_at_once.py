"""Many parallel clients on one file, served by one or two sandboxes: nothing fails, is lost or is duplicated."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from prolific_nb.sandbox import Sandbox

from .crowd import Common, Researcher, client_of, judge, work


@pytest.mark.parametrize(("clients", "acts", "servers"), [(8, 12, 1), (8, 12, 2), (32, 5, 1)])
def test_parallel_clients_lose_nothing(tmp_path: Path, clients: int, acts: int, servers: int) -> None:
    with ExitStack() as stack:
        file = tmp_path / "one.sqlite"
        sandboxes = [stack.enter_context(Sandbox(store=file, speed=30_000.0)) for _ in range(servers)]
        common = Common.make(sandboxes[0], tmp_path)
        researchers = [Researcher(n, client_of(sandboxes[n % servers]), common) for n in range(clients)]
        assert work(researchers, lambda done: done < acts) == clients * acts
        found = judge(researchers, sandboxes)
        assert min(found.values()) > 0
