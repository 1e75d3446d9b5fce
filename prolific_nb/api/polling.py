"""Waiting for the server, with a deadline and in slices that an interrupt can end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import TypeVar

from ..errors import ServerError, TooManyRequests, Unreachable, WaitTimeout

T = TypeVar("T")

_OUTAGE = 600  # seconds that the server may be out of reach while it is waited for
_SLOWER, _SLOWEST = 1.1, 4  # each pause is longer than the last, up to four times the first


@dataclass(frozen=True)
class PollIntervals:
    """Seconds.

    Parameters
    ----------
    job, study : float
        Between two looks: at imports, set-ups and exports, and at a study.
    grace : float
        How long something may take to appear on the server after a request whose answer was lost.
    """

    job: float
    study: float
    grace: float = 0.3


SANDBOX_PACE = PollIntervals(job=0.1, study=0.1)
LIVE_PACE = PollIntervals(job=3.0, study=15.0, grace=60.0)


def wait_until(
    look: Callable[[], T], done: Callable[[T], bool], *, what: str, every: float, timeout: float | None = 900
) -> T:
    """Look again and again until what is seen is `done`.

    Parameters
    ----------
    look : callable
        Asks the server.
    done : callable
        Judges the answer.
    what : str
        What is waited for, in words, for the error.
    every : float
        Seconds between looks.
    timeout : float or None
        Seconds until giving up; None waits without end.

    Raises
    ------
    WaitTimeout
        After `timeout`; the server goes on working.
    """
    start, failing, pause = time.monotonic(), 0.0, every
    while True:
        try:
            seen = look()
            failing = 0.0
            if done(seen):
                return seen
        except (Unreachable, ServerError, TooManyRequests):
            # The work goes on at the server, so an outage of minutes is no reason to give up.
            failing = failing or time.monotonic()
            if time.monotonic() - failing > _OUTAGE:
                raise
        if timeout is not None and time.monotonic() + pause - start > timeout:
            raise WaitTimeout(f"{what} was not finished within {timeout:g} s. It goes on at Prolific; look later.")
        Event().wait(pause)
        pause = min(pause * _SLOWER, every * _SLOWEST)
