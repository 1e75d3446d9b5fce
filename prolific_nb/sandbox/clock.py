"""Two times: the wall's, which only decides what is revealed, and the sandbox's, which goes into records.

Sandbox time starts at 2026-01-05T09:00:00Z and moves one second with every request that changes something, so records
do not depend on how fast a computer is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

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
