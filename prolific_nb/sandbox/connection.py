"""Serving one connection: a sender that is slow, or sends more than it was asked for, is cut off."""

from __future__ import annotations

import io
import socket
from time import monotonic
from typing import Any

from werkzeug.serving import WSGIRequestHandler

REQUEST_SECONDS = 60.0  # in which a whole request must arrive
_IDLE_SECONDS = 20.0  # in which at least a byte of it must
_WRITE_SECONDS = 120.0
_REST_SECONDS = 2.0  # for what a client still sends when its response is ready


class _Incoming(io.RawIOBase):
    """What a connection sends, until a deadline that slow sending cannot postpone."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection, self._deadline = connection, monotonic() + REQUEST_SECONDS

    def end_within(self, seconds: float) -> None:
        """Bring the deadline forward."""
        self._deadline = min(self._deadline, monotonic() + seconds)

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Receive some bytes.

        Raises
        ------
        TimeoutError
            None arrived in time.
        """
        left = self._deadline - monotonic()
        if left <= 0:
            raise TimeoutError("The request did not arrive in time.")
        self._connection.settimeout(min(left, _IDLE_SECONDS))
        return self._connection.recv_into(buffer)


class ConnectionHandler(WSGIRequestHandler):
    """Does not log requests, which would fill a notebook's output."""

    def setup(self) -> None:
        """Read with a deadline."""
        super().setup()
        self.rfile.close()
        self._incoming = _Incoming(self.connection)
        self.rfile = io.BufferedReader(self._incoming)

    def send_response(self, code: int, message: str | None = None) -> None:
        """Begin the response; werkzeug then reads the rest of the request, so that the client sees the response."""
        self._incoming.end_within(_REST_SECONDS)
        self.connection.settimeout(_WRITE_SECONDS)
        super().send_response(code, message)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""

    def log_error(self, format: str, *args: Any) -> None:
        """Log nothing: these are faults of clients, such as a timeout."""

    def connection_dropped(self, error: BaseException, environ: dict[str, Any] | None = None) -> None:
        """Read no further requests from a connection closed by a fault or by the client."""
        self.close_connection = True
