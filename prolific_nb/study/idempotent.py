"""Requests that must not happen twice: each is sent only when the server does not have its result already."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

from ..api import Client
from ..errors import ApiError, ServerError, TooManyRequests, Unreachable
from .ledger import Ledger

UNCERTAIN_OUTCOME = (Unreachable, ServerError)
"""Failures after which nobody knows whether the server acted."""
_TRIES = 4
Find = Callable[[], str | None]


class IdempotentSteps:
    """The steps of one run, written down before and after.

    Parameters
    ----------
    client : Client
        Its `pace` says how long a lost request is looked for.
    ledger : Ledger
        Held by the caller.
    key : str
        The run.
    """

    def __init__(self, client: Client, ledger: Ledger, key: str) -> None:
        self._client, self._ledger, self._key = client, ledger, key

    def run_once(self, step: str, make: Callable[[], str], find: Find, note: str = "") -> str:
        """The id of what a step makes: as the ledger knows it, as the server shows it, or of a new one.

        Parameters
        ----------
        step : str
            Its name in the ledger.
        make : callable
            Sends the request and returns the id.
        find : callable
            Looks for what an earlier request made; returns its id or None, and makes nothing.
        note : str
            Kept in the ledger with the intention.

        Raises
        ------
        Unreachable
            The answer was lost and nothing is found so far. The step stays intended: the next call looks again.
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
        """Look for what a request made that was sent at `sent` (now, by default), until it can be given up."""
        end = (time.time() if sent is None else sent) + self._client.pace.grace
        while (found := find()) is None and time.time() < end:
            Event().wait(self._client.pace.job)
        return found

    def _send(self, step: str, make: Callable[[], str], find: Find) -> str:
        for attempt in range(1, _TRIES + 1):
            try:
                return make()
            except TooManyRequests as busy:  # refused, so nothing was made
                if attempt == _TRIES:
                    self._ledger.withdraw(self._key, step)
                    raise
                self._client.backoff(attempt, busy.retry_after)
            except UNCERTAIN_OUTCOME:
                found = self.search(find)
                if found is None:
                    raise
                return found
            except ApiError:
                self._ledger.withdraw(self._key, step)
                raise
        raise AssertionError("every try returns or raises")
