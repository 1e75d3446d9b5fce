"""The requests that were handled, in order, so that a test can count what acted."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from threading import Lock
from typing import Any

_MOST = 10_000


@dataclass(frozen=True)
class LoggedRequest:
    """One request that the API acted upon or refused itself; headers, and so the token, are not kept.

    Parameters
    ----------
    operation : str
        The contract's operationId, ``"uploadFile"`` or ``"downloadFile"``; "" where the contract has no such path.
    method, path : str
        Without the query.
    status : int
        Of the answer, whether or not it arrived.
    body : object
        The request's JSON; None where it had none.
    """

    operation: str
    method: str
    path: str
    status: int
    body: Any


class RequestLog:
    """The last 10,000 handled requests. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock, self._entries = Lock(), deque[LoggedRequest](maxlen=_MOST)

    def add(self, entry: LoggedRequest) -> None:
        """Write down one more."""
        with self._lock:
            self._entries.append(entry)

    def entries(self) -> list[LoggedRequest]:
        """All of them, oldest first."""
        with self._lock:
            return list(self._entries)
