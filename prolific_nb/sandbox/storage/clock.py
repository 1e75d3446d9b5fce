"""Two clocks: wall time, which only determines what is revealed, and sandbox time, which is written into records.

Sandbox time begins on the day on which the sandbox is created, or at a given moment, and advances one second with every
request that changes something: apart from its beginning, records do not depend on the computer's clock or speed. Wall
time stands still while no sandbox serves the file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from ...errors import ArgumentError
from .store import Store

Wall = Callable[[], float]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_FILES = datetime(2026, 1, 5, 9, tzinfo=UTC)  # of every sandbox, before a calendar was stored
_KEY = "start"
_YEARS = range(1970, 2200)


@dataclass(frozen=True)
class Calendar:
    """The dates of sandbox time, which is counted in seconds from its beginning and shown in milliseconds.

    Parameters
    ----------
    start : datetime
        When sandbox time begins.

    Examples
    --------
    >>> Calendar.beginning("2026-01-05T09:00:00Z", 0.0).iso(61.5)
    '2026-01-05T09:01:01.500Z'
    """

    start: datetime

    @classmethod
    def beginning(cls, start: str | date | None, real: float) -> Calendar:
        """The calendar that begins at a date or a moment, UTC without a time zone; by default on the day of `real`.

        Raises
        ------
        ValueError
            It is not a date, or outside the years 1970 to 2199.
        """
        if start is None:
            return cls(datetime.combine(datetime.fromtimestamp(real, UTC), time(), UTC))
        try:
            given = datetime.fromisoformat(start) if isinstance(start, str) else start
            moment = given if isinstance(given, datetime) else datetime.combine(given, time())
            moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
            if moment.year in _YEARS:
                return cls(moment)
        except (ValueError, TypeError, OverflowError):
            pass
        raise ArgumentError(
            f"start is {start!r}, which is not a valid date of the years {_YEARS[0]} to {_YEARS[-1]}. Pass for "
            'example "2026-01-05" or "2026-01-05T09:00:00Z", or leave it out to begin today.'
        )

    @classmethod
    def of(cls, store: Store) -> Calendar:
        """The calendar that `keep` saved in a store."""
        return cls(datetime.fromisoformat(store.value(_KEY, _FIRST_FILES.isoformat())))

    def keep(self, store: Store) -> None:
        """Save it for all later sandboxes on the store."""
        store.remember(_KEY, self.start.isoformat())

    @cached_property
    def _began(self) -> int:
        return (self.start - _EPOCH) // timedelta(milliseconds=1)

    def milliseconds(self, seconds: float) -> int:
        """Sandbox time in milliseconds since 1970."""
        return self._began + round(seconds * 1000)

    def hours(self, seconds: float) -> float:
        """Hours since midnight UTC."""
        return self.milliseconds(seconds) / 3_600_000 % 24

    def iso(self, seconds: float) -> str:
        """Sandbox time as ISO 8601."""
        return _text(_EPOCH + timedelta(milliseconds=self.milliseconds(seconds)))


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
