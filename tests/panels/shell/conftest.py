"""Studios in a notebook, on a sandbox whose clock is driven."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from prolific_nb.api.polling import SANDBOX_PACE
from prolific_nb.panels import Studio
from prolific_nb.panels.kit import panel as kit
from prolific_nb.panels.shell.studio_state import StudioState

from ...conftest import Connect
from ..saved_cards import Notebook

_seeds = count(3000)


class Clock:
    """Real time, and as much more as a test has let pass."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return time.time() + self.passed

    def minutes(self, minutes: float) -> None:
        self.passed += 60 * minutes


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch) -> Notebook:
    made = Notebook()
    monkeypatch.setattr(kit, "display", made.display)
    monkeypatch.setattr(kit, "get_ipython", lambda: made)
    return made


@pytest.fixture
def open_studio(sandboxed: Connect, clock: Clock) -> Iterator[Callable[..., Studio]]:
    """Opens studios with values of the desk; other options are those of `Sandbox`. The intervals of polling are real
    ones of a sandbox: they are shorter than the pause after which a card is sent."""
    made: list[Studio] = []

    def make(mode: str = "SANDBOX", *, faults: Any = (), **values: Any) -> Studio:
        desk = StudioState()
        client = sandboxed(mode=mode, speed=1, wall=clock, seed=next(_seeds), faults=faults)
        client.pace = SANDBOX_PACE
        desk.client.set(client)
        for name, value in values.items():
            getattr(desk, name).set(value)
        made.append(Studio(desk))
        return made[-1]

    yield make
    for studio in made:
        studio.close()
