"""Injects faults into requests, outside the application, so that no lock is held and other requests do not wait."""

from __future__ import annotations

import json
import socket
import struct
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from werkzeug.wrappers import Request, Response

from ..contract.http_error import HTTPError
from ..contract.profile import Profile
from .faults import IN_TRANSPORT, Fault, Faults, TriggeredFault, operation

OPERATION_KEY = "prolific_sandbox.asked"  # environ key of the request's operation, and its path as sent

_NO_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_GATEWAY = {502: "bad gateway", 503: "service unavailable"}  # sent by gateways, not by the API, so not JSON

Environ = dict[str, Any]


class FaultMiddleware:
    """Determines the operation of every request, and applies faults.

    Parameters
    ----------
    inner : WSGI application
    faults : Faults
    profile : Profile
    """

    def __init__(self, inner: Any, faults: Faults, profile: Profile) -> None:
        self._inner, self._faults, self._profile = inner, faults, profile

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Serve one request, with or without a fault."""
        incoming = Request(environ)
        environ[OPERATION_KEY] = operation(incoming.method, incoming.path), incoming.path
        hit = self._faults.draw(*environ[OPERATION_KEY], *IN_TRANSPORT)
        answer = self._inner if hit is None else getattr(self, f"_{hit[0].kind}")(environ, *hit)
        served: Iterable[bytes] = answer(environ, start_response)
        return served

    def _refuse(self, _: Environ, fault: Fault, fired: TriggeredFault) -> Response:
        self._faults.fire(fired)
        return _refusal(fault, fired, self._profile.is_bare(fired.operation))

    def _reset(self, environ: Environ, _: Fault, fired: TriggeredFault) -> NoReturn:
        self._faults.fire(fired)
        _hang_up(environ)

    def _lost(self, environ: Environ, _: Fault, fired: TriggeredFault) -> NoReturn:
        self._handled(environ)
        self._faults.fire(fired)
        _hang_up(environ)

    def _slow(self, environ: Environ, fault: Fault, fired: TriggeredFault) -> Any:
        self._faults.fire(fired)
        self._wait(environ, fault)
        return self._inner

    def _stall(self, environ: Environ, fault: Fault, fired: TriggeredFault) -> Response:
        answer = self._handled(environ)
        self._faults.fire(fired)
        self._wait(environ, fault)
        return answer

    def _truncate(self, environ: Environ, _: Fault, fired: TriggeredFault) -> Response:
        answer = self._handled(environ)
        whole = answer.get_data()
        answer.set_data(whole[: len(whole) // 2])
        self._faults.fire(fired)
        return answer

    def _handled(self, environ: Environ) -> Response:
        """The complete response; the request is committed and the store unlocked."""
        return Response.from_app(self._inner, environ, buffered=True)

    def _wait(self, environ: Environ, fault: Fault) -> None:
        if not self._faults.wait(fault.seconds):
            _hang_up(environ)


def _refusal(fault: Fault, fired: TriggeredFault, bare: bool) -> Response:
    status = fault.status or 500
    if status in _GATEWAY:
        answer = Response(_GATEWAY[status], status, mimetype="text/plain")
    else:
        sentence = "Too many requests. Wait before the next one." if status == 429 else "The server failed. Try again."
        body = HTTPError(status, sentence).body(fired.path, bare)
        answer = Response(json.dumps(body), status, mimetype="application/json")
    if fault.retry_after is not None:
        answer.headers["Retry-After"] = str(fault.retry_after)
    return answer


def _hang_up(environ: Environ) -> NoReturn:
    """Reset the connection, so that the client sees a failure, not a regular end."""
    connection = environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    # The server then closes its own file on this socket, which resets the connection instead of ending it properly.
    connection.close()
    raise ConnectionResetError("A fault of the sandbox closed this connection.")
