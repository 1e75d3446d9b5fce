"""Sandboxes that `connect` finds through the environment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from prolific_nb.sandbox import Sandbox

Served = Callable[..., Sandbox]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Starts sandboxes, and sets PROLIFIC_URL and PROLIFIC_TOKEN to the last one; options are those of `Sandbox`."""
    with ExitStack() as stack:

        def start(**options: Any) -> Sandbox:
            sandbox = stack.enter_context(Sandbox(**options))
            monkeypatch.setenv("PROLIFIC_URL", sandbox.url)
            monkeypatch.setenv("PROLIFIC_TOKEN", sandbox.token)
            return sandbox

        yield start
