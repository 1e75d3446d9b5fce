from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from prolific_nb.sandbox import Sandbox

from .flow import Caller


@pytest.fixture
def start() -> Iterator[Callable[..., Caller]]:
    """Starts sandboxes and closes them after the test."""
    running: list[Sandbox] = []

    def one(**options: Any) -> Caller:
        running.append(Sandbox(**{"speed": 30_000.0, **options}))
        return Caller(running[-1].url, running[-1].token, running[-1].workspace_id)

    yield one
    for sandbox in running:
        sandbox.close()


@pytest.fixture(scope="module")
def shared() -> Iterator[Caller]:
    """One sandbox for tests that only look at single requests."""
    with Sandbox(speed=30_000.0) as sandbox:
        yield Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
