"""Two times: the wall's, which only decides what is revealed, and the sandbox's, which goes into records.

Sandbox time starts at 2026-01-05T09:00:00Z and moves one second with every request that changes something, so records
do not depend on how fast a computer is. The wall's time stands still while nobody serves a sandbox's file.
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
        Seconds since the sandbox's start; kept to the millisecond.

    Examples
    --------
    >>> iso(61.5)
    '2026-01-05T09:01:01.500Z'
    """
    return _text(START + timedelta(milliseconds=round(seconds * 1000)))


def wall_iso(seconds: float) -> str:
    """Real time (seconds since 1970) as ISO 8601; only presigned addresses carry it."""
    return _text(datetime.fromtimestamp(seconds, UTC))


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Clock:
    """The wall's time for one sandbox: real time, less the time in which nobody served its file.

    It is read once for each request, so that all of an answer is of one moment, and remembered in the store before
    the answer goes out: what anybody was shown, no later sandbox on the same file takes back or jumps over.

    Parameters
    ----------
    wall : callable
        Real time in seconds since 1970.
    store : Store
        Between its `begin` and `commit`.
    alone : bool
        Whether nobody serves the file at this moment.

    Attributes
    ----------
    moment : float
        The moment of the request at work; never before that of an earlier one.
    real : float
        The same in real time, seconds since 1970.
    """

    def __init__(self, wall: Wall, store: Store, alone: bool) -> None:
        self._wall, self._store = wall, store
        self.real = wall()
        self.moment = self._before = float(store.value("seen", str(self.real)))
        if alone:
            store.remember("away", self.real - self.moment)
        self._away = float(store.value("away", "0"))

    def tick(self) -> None:
        """Begin a request: take its moment and remember it."""
        self.real = self._wall()
        self._before = float(self._store.value("seen", "-inf"))
        self.moment = max(self.real - self._away, self._before)
        self._store.remember("seen", self.moment)

    def at(self, real: float) -> float:
        """The moment of a real time that has passed since the last request.

        What fell into the time in which nobody served is of the moment at which somebody did again.
        """
        return max(real - self._away, self._before)


def stage(since: float, now: float, stages: Sequence[tuple[str, float]], last: str) -> str:
    """Where a job stands, judged by the clock alone.

    Parameters
    ----------
    since, now : float
        Wall times in seconds.
    stages : sequence of (name, seconds)
        What the job passes through, and for how long.
    last : str
        The state it ends in.

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
