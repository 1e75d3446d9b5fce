"""Acting on what was typed and selected before a click: a browser may send the click first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....jobs import Debouncer
from ..controls import Guard

_PAUSE = 0.3  # seconds without a change after a click


class SettledInputs:
    """Runs the act of a click once its inputs have been still for a moment.

    Parameters
    ----------
    guard : callable
        `Panel.guard`.
    """

    def __init__(self, guard: Guard) -> None:
        self._act: Callable[[], Any] | None = None
        self._later = Debouncer("reading what was typed", _PAUSE)
        self._run_guarded = guard(self._run)

    def act(self, act: Callable[[], Any]) -> None:
        """Call `act` soon; a newer click replaces it."""
        self._act = act
        self._later(self._run_guarded)

    def changed(self, _: Any = None) -> None:
        """An input has changed: a click that waits, waits for the next one too."""
        if self._act is not None:
            self._later(self._run_guarded)

    def _run(self) -> None:
        act, self._act = self._act, None
        if act is not None:
            act()

    def join(self, timeout: float) -> None:
        """Wait until no click is waiting, at most `timeout` seconds."""
        self._later.join(timeout)
