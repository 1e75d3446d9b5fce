"""Eight parallel clients on one file, served by one or two sandboxes: nothing fails, is lost or is duplicated."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from prolific_nb.sandbox import Sandbox

from .crowd import Common, Researcher, client_of, judge, work

ACTS = 12  # of each client


@pytest.mark.parametrize("servers", [1, 2])
def test_eight_clients_lose_nothing(tmp_path: Path, servers: int) -> None:
    with ExitStack() as stack:
        file = tmp_path / "one.sqlite"
        sandboxes = [stack.enter_context(Sandbox(store=file, speed=30_000.0)) for _ in range(servers)]
        common = Common.make(sandboxes[0], tmp_path)
        researchers = [Researcher(n, client_of(sandboxes[n % servers]), common) for n in range(8)]
        assert work(researchers, lambda acts: acts < ACTS) == 8 * ACTS
        found = judge(researchers, sandboxes)
        assert min(found.values()) > 0
