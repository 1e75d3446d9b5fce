"""What faults do to a request on its way: around the application, so that nobody else waits and no lock is held."""

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
from .faults import ON_THE_WAY, Fault, Faults, TriggeredFault, operation

ASKED = "prolific_sandbox.asked"  # where the environ keeps the request's operation, and its path as it was sent

_NO_LINGER = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_GATEWAY = {502: "bad gateway", 503: "service unavailable"}  # whoever answers so is not the API and speaks no JSON

Environ = dict[str, Any]


class FaultMiddleware:
    """Names the operation of every request, and lets the faults have theirs.

    Parameters
    ----------
    inner : WSGI application
    faults : Faults
    profile : Profile
    """

    def __init__(self, inner: Any, faults: Faults, profile: Profile) -> None:
        self._inner, self._faults, self._profile = inner, faults, profile

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Serve one request, in trouble or not."""
        asked = Request(environ)
        environ[ASKED] = operation(asked.method, asked.path), asked.path
        hit = self._faults.draw(*environ[ASKED], *ON_THE_WAY)
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
        """The answer, once the request is kept and the store free for others."""
        return Response.from_app(self._inner, environ, buffered=True)

    def _wait(self, environ: Environ, fault: Fault) -> None:
        if not self._faults.wait(fault.seconds):
            _hang_up(environ)


def _refusal(fault: Fault, fired: TriggeredFault, bare: bool) -> Response:
    status = fault.status or 500
    if status in _GATEWAY:
        answer = Response(_GATEWAY[status], status, mimetype="text/plain")
    else:
        said = "Too many requests. Wait before the next one." if status == 429 else "The server failed. Try again."
        body = HTTPError(status, said).body(fired.path, bare)
        answer = Response(json.dumps(body), status, mimetype="application/json")
    if fault.retry_after is not None:
        answer.headers["Retry-After"] = str(fault.retry_after)
    return answer


def _hang_up(environ: Environ) -> NoReturn:
    """Reset the connection: the other side is told of a failure, not of an end."""
    connection = environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    # The server's own file on this socket goes next, and with it the connection: before it could be ended politely.
    connection.close()
    raise ConnectionResetError("The sandbox was asked to lose this connection.")
