"""Polling the server until a job is done, with a deadline; an interrupt ends the wait at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import TypeVar

from ..errors import ServerError, TooManyRequests, UnexpectedResponse, Unreachable, WaitTimeout

T = TypeVar("T")

_OUTAGE = 600  # seconds for which the server may be unreachable during a wait
_MOST_UNUSABLE = 5  # responses in a row that cannot be used; one in between is no reason to give up
_SLOWER, _SLOWEST = 1.1, 4  # each pause is longer than the previous one, up to four times the first


@dataclass(frozen=True)
class PollIntervals:
    """Polling intervals in seconds.

    Parameters
    ----------
    job, study : float
        Interval for jobs (imports, set-ups and exports), and for studies.
    grace : float
        How long a new object may take to appear on the server after a request whose response was lost.
    """

    job: float
    study: float
    grace: float = 0.3


SANDBOX_PACE = PollIntervals(job=0.1, study=0.1)
LIVE_PACE = PollIntervals(job=3.0, study=15.0, grace=60.0)


def wait_until(
    look: Callable[[], T], done: Callable[[T], bool], *, what: str, every: float, timeout: float | None = 900
) -> T:
    """Poll until `done` returns True for the state seen.

    Parameters
    ----------
    look : callable
        Requests the current state.
    done : callable
        Whether this state ends the wait.
    what : str
        What is waited for, as the subject of the error message.
    every : float
        Seconds between requests.
    timeout : float or None
        Limit of the whole wait in seconds, if any.

    Raises
    ------
    WaitTimeout
        The limit would be passed by the next request.
    UnexpectedResponse
        Several responses in a row could not be used.
    """
    start, failing, unusable, pause = time.monotonic(), 0.0, 0, every
    while True:
        try:
            seen = look()
            ended, failing, unusable = done(seen), 0.0, 0
            if ended:
                return seen
        except UnexpectedResponse:
            unusable += 1
            if unusable >= _MOST_UNUSABLE:
                raise
        except (Unreachable, ServerError, TooManyRequests):
            # The server continues its work, so an outage of minutes is no reason to give up.
            failing = failing or time.monotonic()
            if time.monotonic() - failing > _OUTAGE:
                raise
        if timeout is not None and time.monotonic() + pause - start > timeout:
            raise WaitTimeout(f"{what} did not finish within {timeout:g} s. It is still running; check again later.")
        Event().wait(pause)
        pause = min(pause * _SLOWER, every * _SLOWEST)
