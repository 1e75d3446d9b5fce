"""A completed study for review tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from prolific_nb.api import Client, Token, Transport
from prolific_nb.api.polling import SANDBOX_PACE
from prolific_nb.sandbox import Sandbox
from tests.sandbox.flow import Caller

from .finished_study import Desk, study_of


@pytest.fixture
def desk() -> Iterator[Callable[..., Desk]]:
    with ExitStack() as stack:

        def make(places: int = 4, mode: Any = "SANDBOX", **options: Any) -> Desk:
            sandbox = stack.enter_context(Sandbox(**{"speed": 1e6, **options}))
            call = Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
            study = study_of(call, places)
            client = Client(Transport(sandbox.url, Token(sandbox.token), sleep=lambda seconds: None), mode=mode)
            client.pace = SANDBOX_PACE
            return Desk(sandbox, client, study)

        yield make
