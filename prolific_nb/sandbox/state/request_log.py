"""A log of handled requests, in order, so that tests can count them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from threading import Lock
from typing import Any

_MOST = 10_000


@dataclass(frozen=True)
class LoggedRequest:
    """One request handled or refused by the API; headers, and so the token, are not logged.

    Parameters
    ----------
    operation : str
        The contract's operationId, ``"uploadFile"`` or ``"downloadFile"``; "" if the contract has no such operation.
    method, path : str
        Without the query.
    status : int
        HTTP status of the response, whether or not it was delivered.
    body : object
        The request's JSON; None if it had none.
    """

    operation: str
    method: str
    path: str
    status: int
    body: Any


class RequestLog:
    """The last 10,000 handled requests. Thread-safe."""

    def __init__(self) -> None:
        self._lock, self._entries = Lock(), deque[LoggedRequest](maxlen=_MOST)

    def add(self, entry: LoggedRequest) -> None:
        """Append an entry."""
        with self._lock:
            self._entries.append(entry)

    def entries(self) -> list[LoggedRequest]:
        """All entries, oldest first."""
        with self._lock:
            return list(self._entries)
