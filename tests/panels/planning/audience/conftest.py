"""One sandbox for the tests of the audience; panels are closed after each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from prolific_nb.api import Client, Token, Transport
from prolific_nb.sandbox import Sandbox

from .audience_steps import OPENED


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """One sandbox for all: what is made in it has a name of its own."""
    with Sandbox() as sandbox:
        yield Client(Transport(sandbox.url, Token(sandbox.token)), mode="SANDBOX")


@pytest.fixture(autouse=True)
def _close_panels() -> Iterator[None]:
    yield
    while OPENED:
        OPENED.pop().close()
