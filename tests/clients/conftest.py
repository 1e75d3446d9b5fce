"""Sandboxes as separate processes, and third-party clients connected to them."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from types import ModuleType
from typing import Any

import pytest

QUICK = 20_000.0  # sandbox seconds a second: a study is over in a moment
SLOW = 1.0  # a study just published stays active for the whole test


@dataclass(frozen=True)
class Served:
    """What the command ``prolific-nb sandbox`` prints."""

    url: str
    token: str
    workspace_id: str


@contextmanager
def serving(speed: float) -> Iterator[Served]:
    program = [sys.executable, "-m", "prolific_nb.cli", "sandbox", "--port", "0", "--speed", str(speed)]
    with subprocess.Popen(program, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        try:
            yield Served(**json.loads(server.stdout.readline()))
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def quick() -> Iterator[Served]:
    with serving(QUICK) as served:
        yield served


@pytest.fixture(scope="session")
def slow() -> Iterator[Served]:
    with serving(SLOW) as served:
        yield served


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], ModuleType]]:
    """Imports modules of a client that a generator makes of the contract; all it knows is the contract."""
    folder = tmp_path_factory.mktemp("generated")
    name = f"generated_{folder.name}"
    (folder / "config.yaml").write_text("post_hooks: []\n", encoding="utf-8")  # nobody reads what it wrote
    with as_file(files("prolific_nb.sandbox").joinpath("contract.json")) as contract:
        command = ["generate", "--path", contract, "--output-path", folder / name, "--meta", "none"]
        subprocess.run(
            [sys.executable, "-m", "openapi_python_client", *command, "--config", folder / "config.yaml"],
            check=True,
            stdout=subprocess.PIPE,
        )
    sys.path.insert(0, str(folder))
    yield lambda module: importlib.import_module(f"{name}.{module}")
    sys.path.remove(str(folder))


def until(ask: Callable[[], Any], done: Callable[[Any], bool], seconds: float = 30) -> Any:
    """Ask until the answer is the one waited for."""
    deadline = time.monotonic() + seconds
    while not done(found := ask()):
        assert time.monotonic() < deadline, found
        time.sleep(0.02)
    return found
