"""Clients of sandboxes and finished runs, for tests that use the whole package."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.common.progress import silent
from prolific_nb.sandbox import Sandbox
from prolific_nb.workflow.run import Run

DESIGN = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad", "mixed"]).write("Why?")
PLAN = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, tasks_per_group=6)
_LEDGERS = TemporaryDirectory(prefix="prolific-nb-tests-", ignore_cleanup_errors=True)
HURRY = 20_000.0  # sandbox seconds per real second

Connect = Callable[..., Client]


@pytest.fixture
def sandboxed() -> Iterator[Connect]:
    """Makes clients of sandboxes; options are those of `Sandbox`."""
    with ExitStack() as stack:

        def make(mode: Any = "SANDBOX", **options: Any) -> Client:
            sandbox = stack.enter_context(Sandbox(**{"speed": HURRY, "truth": "sentiment", **options}))
            return Client(Transport(sandbox.url, Token(sandbox.token)), mode=mode)

        yield make


@pytest.fixture
def answered(sandboxed: Connect) -> Callable[..., Run]:
    """Makes finished runs of 24 reviews in 4 groups, with three annotators each."""

    def make(**options: Any) -> Run:
        data = pnb.read_data(pnb.sample_data().head(24))
        run = pnb.launch(sandboxed(**options), data, DESIGN, PLAN, on_progress=silent)
        return run.publish(max_cost="120.00").wait(timeout=60, on_progress=silent)

    return make


def pytest_configure() -> None:
    """Fixtures of a module run before any test's own: they must not write into the ledger of whoever runs the tests."""
    os.environ["PROLIFIC_NB_LEDGER"] = str(Path(_LEDGERS.name, "ledger.sqlite"))


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has its own ledger, which is created in the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROLIFIC_NB_LEDGER", "prolific_nb.sqlite")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


MATRICES = {
    "kill matrix": "test_kill_matrix.py",
    "second kill matrix, without a common ledger": "test_kill_matrix_apart.py",
    "garbled answers": "test_garbled.py",
}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the number of cells of each matrix, and how many of them failed."""
    for name, file in MATRICES.items():
        cells = {
            outcome: [each for each in terminalreporter.stats.get(outcome, []) if f"/{file}" in each.nodeid]
            for outcome in ("passed", "failed", "error")
        }
        failed = len(cells["failed"]) + len(cells["error"])
        if failed or cells["passed"]:
            terminalreporter.write_line(f"{name}: {failed + len(cells['passed'])} cells, {failed} failures")
