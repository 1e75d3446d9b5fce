"""Two clocks: wall time, which only determines what is revealed, and sandbox time, which is written into records.

Sandbox time starts at 2026-01-05T09:00:00Z and advances one second with every request that changes something, so that
records do not depend on the speed of the computer. Wall time stands still while no sandbox serves the file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from .store import Store

Wall = Callable[[], float]

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def iso(seconds: float) -> str:
    """Sandbox time as ISO 8601.

    Parameters
    ----------
    seconds : float
        Seconds since the start of sandbox time; rounded to milliseconds.

    Examples
    --------
    >>> iso(61.5)
    '2026-01-05T09:01:01.500Z'
    """
    return _text(START + timedelta(milliseconds=round(seconds * 1000)))


def wall_iso(seconds: float) -> str:
    """Real time (seconds since 1970) as ISO 8601; used for presigned URLs and scheduled publication only."""
    return _text(datetime.fromtimestamp(seconds, UTC))


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Clock:
    """Wall time of one sandbox: real time minus the time in which no sandbox served its file.

    It is read once per request, so that a whole response has one time, and saved in the store before the response is
    sent: a later sandbox on the same file never goes back behind a time already shown, and never skips ahead.

    Parameters
    ----------
    wall : callable
        Real time in seconds since 1970.
    store : Store
        The store, between `begin` and `commit`.
    alone : bool
        Whether no other sandbox serves the file at present.

    Attributes
    ----------
    moment : float
        Wall time of the current request; never before that of an earlier one.
    real : float
        Real time of the current request, seconds since 1970.
    """

    def __init__(self, wall: Wall, store: Store, alone: bool) -> None:
        self._wall, self._store = wall, store
        self.real = wall()
        self.moment = self._before = float(store.value("seen", str(self.real)))
        if alone:
            store.remember("away", self.real - self.moment)
        self._away = float(store.value("away", "0"))

    def tick(self) -> None:
        """Begin a request: read and save its wall time."""
        self.real = self._wall()
        self._before = float(self._store.value("seen", "-inf"))
        self.moment = max(self.real - self._away, self._before)
        self._store.remember("seen", self.moment)

    def at(self, real: float) -> float:
        """Wall time of a real time since the last request.

        A real time at which no sandbox served the file is mapped to the time at which serving resumed.
        """
        return max(real - self._away, self._before)


def stage(since: float, now: float, stages: Sequence[tuple[str, float]], last: str) -> str:
    """Status of a job, determined by the clock alone.

    Parameters
    ----------
    since, now : float
        Wall times in seconds.
    stages : sequence of (name, seconds)
        The stages of the job and their durations.
    last : str
        The final status.

    Examples
    --------
    >>> stage(10.0, 10.1, [("queued", 0.05), ("processing", 0.1)], "complete")
    'processing'
    """
    passed = now - since
    for name, seconds in stages:
        if passed < seconds:
            return name
        passed -= seconds
    return last
