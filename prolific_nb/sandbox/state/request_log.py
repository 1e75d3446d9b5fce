"""A log of handled requests, in order, so that tests can count them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

from ..contract import strict_json

_MOST = 10_000  # requests
_WHOLE = 65_536  # bytes of a body that is kept whole
_HEAD = 500  # characters that are kept of a longer one
_ALL_BODIES = 32 * 2**20  # bytes of whole bodies together; beyond it, older ones are cut too


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
        The request's JSON; of JSON above 64 kB its first 500 characters and its size, as a string; None if it had none.
    """

    operation: str
    method: str
    path: str
    status: int
    body: Any


class RequestLog:
    """The last 10,000 handled requests. Thread-safe."""

    def __init__(self) -> None:
        self._lock, self._entries = Lock(), deque[_Entry](maxlen=_MOST)
        self._bytes = 0  # at least those of all whole bodies

    def add(self, operation: str, method: str, path: str, status: int, body: bytes | None = None) -> None:
        """Append a request; `body` is the JSON as it was sent."""
        kept = body if body is None or len(body) <= _WHOLE else _head(body)
        with self._lock:
            self._entries.append(_Entry(operation, method, path, status, kept))
            self._bytes += _size(kept)
            if self._bytes > _ALL_BODIES:
                self._shorten()

    def _shorten(self) -> None:
        """Cut the older half of the whole bodies."""
        self._bytes = sum(_size(entry.body) for entry in self._entries)
        for number, entry in enumerate(self._entries):
            if self._bytes <= _ALL_BODIES // 2:
                break
            if isinstance(entry.body, bytes) and len(entry.body) > _HEAD:
                self._bytes -= len(entry.body)
                self._entries[number] = entry._replace(body=_head(entry.body))

    def entries(self) -> list[LoggedRequest]:
        """All entries, oldest first."""
        with self._lock:
            kept = list(self._entries)
        return [LoggedRequest(*entry[:-1], _parsed(entry.body)) for entry in kept]


class _Entry(NamedTuple):
    """A request as it is kept: its body as sent takes a fraction of what it takes parsed."""

    operation: str
    method: str
    path: str
    status: int
    body: bytes | str | None


def _size(body: bytes | str | None) -> int:
    return len(body) if isinstance(body, bytes) else 0


def _head(body: bytes) -> str:
    return f"{body[:_HEAD].decode(errors='replace')}… ({len(body):,} bytes)"


def _parsed(body: bytes | str | None) -> Any:
    try:
        return strict_json.read(body) if isinstance(body, bytes) else body
    except ValueError:
        return None
