"""Idempotent requests: each is sent only if the server does not have its result already."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from hashlib import sha256
from threading import Event
from typing import Any, TypeVar

from ..api import Client
from ..errors import ApiError, ServerError, SpendError, TooManyRequests, Unreachable
from .ledger import Ledger

UNCERTAIN_OUTCOME = (Unreachable, ServerError)
"""Failures after which it is unknown whether the server processed the request."""
_TRIES = 4
_ARRIVED = {"PAUSE": ("PAUSED",), "START": ("ACTIVE", "PUBLISHING"), "STOP": ("COMPLETED",)}
Find = Callable[[], str | None]
T = TypeVar("T")


class IdempotentSteps:
    """The steps of one run, recorded in the ledger before and after each request.

    Parameters
    ----------
    client : Client
        Its `pace` says how long to look for the result of a lost request.
    ledger : Ledger
        Held by the caller.
    key : str
        The run.
    """

    def __init__(self, client: Client, ledger: Ledger, key: str) -> None:
        self._client, self._ledger, self._key = client, ledger, key

    def run_once(self, step: str, make: Callable[[], str], find: Find, note: str = "") -> str:
        """The ID of what a step creates: from the ledger, from the server, or of a newly created one.

        Parameters
        ----------
        step : str
            Its name in the ledger.
        make : callable
            Checks whether the request may still be sent, sends it and returns the ID. It is called again after a wait,
            so what was checked before the wait is checked again.
        find : callable
            Looks for the result of an earlier request; returns its ID or None. Creates nothing.
        note : str
            Stored in the ledger with the intended step.

        Raises
        ------
        Unreachable
            The response was lost and no result is found yet. The step stays intended; the next call looks again.
        """
        known = self._ledger.step(self._key, step)
        if known is not None and known.state == "done":
            return known.ident
        found = find() if known is None else self.search(find, known.at)
        if found is None:
            self._ledger.intend(self._key, step, note)
            found = self._send(step, make, find)
        self._ledger.done(self._key, step, found)
        return found

    def search(self, find: Find, sent: float | None = None) -> str | None:
        """Look for the result of a request sent at `sent` (by default now), until the grace period ends."""
        # The wall clock only shortens the wait, within the grace period: clocks jump, and other machines' differ.
        grace = self._client.pace.grace
        left = grace if sent is None else min(max(sent + grace - time.time(), 0.0), grace)
        end = time.monotonic() + left
        while (found := find()) is None and time.monotonic() < end:
            Event().wait(self._client.pace.job)
        return found

    def _send(self, step: str, make: Callable[[], str], find: Find) -> str:
        for attempt in range(1, _TRIES + 1):
            try:
                return make()
            except TooManyRequests as busy:  # refused, so nothing was created
                if attempt == _TRIES:
                    self._ledger.withdraw(self._key, step)
                    raise
                self._client.backoff(attempt, busy.retry_after)
            except UNCERTAIN_OUTCOME:
                found = self.search(find)
                if found is None:
                    raise
                return found
            except (ApiError, SpendError):  # refused, by the server or before the request was sent
                self._ledger.withdraw(self._key, step)
                raise
        raise AssertionError("every try returns or raises")


def transition_study(client: Client, ledger: Ledger, key: str, study_id: str, action: str) -> None:
    """Pause, resume or stop a study. Idempotent; if the response is lost, the study's state decides.

    Parameters
    ----------
    action : {"PAUSE", "START", "STOP"}

    Raises
    ------
    Unreachable
        The response was lost and the study has not changed its state yet; it is safe to call this again.
    ApiError
        Prolific does not allow this transition from the study's current state.
    """

    def find() -> str | None:
        state = str(client.studies.get(study_id).status)
        return state if state in _ARRIVED[action] else None

    if find() is not None:
        return
    try:
        client.studies.transition(study_id, action)
    except UNCERTAIN_OUTCOME:
        if IdempotentSteps(client, ledger, key).search(find) is None:
            raise


def retry_until_answered(client: Client, send: Callable[[], T]) -> T:
    """Send a request that is safe to repeat until it is answered; the fourth failure is raised."""
    for attempt in range(1, _TRIES):
        try:
            return send()
        except (TooManyRequests, *UNCERTAIN_OUTCOME) as failure:
            retry_after = getattr(failure, "retry_after", None)
        client.backoff(attempt, retry_after)
    return send()


def stable_hash(value: Any, digits: int = 12) -> str:
    """The first hex digits of the SHA-256 hash of a JSON value."""
    return sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:digits]
