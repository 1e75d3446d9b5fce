"""A finished run for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import prolific_nb as pnb
from prolific_nb.api import Client, Token, Transport
from prolific_nb.common.progress import silent
from prolific_nb.sandbox import Sandbox
from prolific_nb.workflow.run import Run

from ...conftest import DESIGN, HURRY, PLAN


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with Sandbox(speed=HURRY, truth="sentiment", seed=901) as sandbox:
        client = Client(Transport(sandbox.url, Token(sandbox.token)), mode="SANDBOX")
        made = pnb.launch(client, pnb.read_data(pnb.sample_data().head(24)), DESIGN, PLAN, on_progress=silent)
        yield made.publish(max_cost="120.00").wait(timeout=60, on_progress=silent)
