"""How the places of a study were filled over time, and when the last one will be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from ...common.plurals import counted
from ...study.monitor.status import RUNNING, Status

Point = tuple[datetime, int]
_FEWEST = 3  # completed submissions; before that a rate would be a guess
_RECENT = 4  # the rate is that of the last quarter of the submissions
_LONGEST = timedelta(days=365)
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


@dataclass(frozen=True)
class Forecast:
    """When the last place will be filled, if places are filled as fast as recently.

    Parameters
    ----------
    now, end : datetime
    window : timedelta
        The period whose rate is used.
    """

    now: datetime
    end: datetime
    window: timedelta

    def __str__(self) -> str:
        return f"About {duration(self.end - self.now)} left, at the rate of the last {duration(self.window)}."


def duration(time: timedelta) -> str:
    """A duration in its largest unit, as exact as a forecast can be.

    Examples
    --------
    >>> duration(timedelta(seconds=20)), duration(timedelta(minutes=43)), duration(timedelta(hours=30))
    ('1 minute', '45 minutes', '30 hours')
    """
    seconds = time.total_seconds()
    name, size = next((unit for unit in _UNITS if seconds >= 1.5 * unit[1]), _UNITS[-1])
    number = max(1, round(seconds / size))
    return counted(5 * round(number / 5) if name == "minute" and number > 20 else number, name)


def course(status: Status, seen: tuple[Point, ...] = ()) -> list[Point]:
    """The number of filled places over time, from the first start on.

    Parameters
    ----------
    seen : tuple of (datetime, int)
        What was seen of it, used where the server does not say when submissions were completed.
    """
    known = [*enumerate(status.completed[: status.filled], 1)]
    points = [(when, number) for number, when in known] if len(known) == status.filled else list(seen)
    start = [(status.started, 0)] if status.started is not None else []
    end = [(status.as_of, status.filled)] if status.as_of is not None and (points or start) else []
    return sorted({*start, *points, *end})


def forecast(status: Status, seen: tuple[Point, ...] = ()) -> Forecast | None:
    """The forecast for a running study; None where there is nothing to base it on."""
    points = course(status, seen)
    open_places = status.places - status.filled
    if status.state not in RUNNING or open_places <= 0 or status.filled < _FEWEST or not points:
        return None
    now = points[-1][0]
    recent = max(_FEWEST, ceil(status.filled / _RECENT))
    since = max((when for when, number in points if number <= status.filled - recent), default=points[0][0])
    window = now - since
    left = min(window * open_places / recent, _LONGEST)
    return Forecast(now, now + left, window) if window > timedelta(0) else None
