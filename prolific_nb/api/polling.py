"""Waiting for the server, with a deadline and in slices that an interrupt can end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import TypeVar

from ..errors import WaitTimeout

T = TypeVar("T")


@dataclass(frozen=True)
class Pace:
    """Seconds between two looks: at imports, set-ups and exports (`job`), and at a study (`study`)."""

    job: float
    study: float


SANDBOX_PACE = Pace(job=0.1, study=0.1)
LIVE_PACE = Pace(job=3.0, study=15.0)


def until(
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
    deadline = None if timeout is None else time.monotonic() + timeout
    while not done(seen := look()):
        if deadline is not None and time.monotonic() + every > deadline:
            raise WaitTimeout(f"{what} was not finished within {timeout:.0f} s. It goes on at Prolific; look later.")
        Event().wait(every)
    return seen
