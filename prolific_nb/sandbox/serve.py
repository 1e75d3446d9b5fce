"""The sandbox as a server: in a thread of this process, or as a program of its own."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import ssl
import time
from collections.abc import Iterable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date
from math import isfinite
from os import PathLike, fspath
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from types import TracebackType
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.serving import BaseWSGIServer, make_server

from ..common.study_links import PREFIX
from ..common.threads import start_thread
from ..errors import ArgumentError, ArgumentTypeError
from .app import make_app
from .connection import ConnectionHandler
from .contract.profile import Profile
from .simulation.participants import People
from .state.faults import Fault, Faults
from .state.request_log import LoggedRequest, RequestLog
from .state.sandbox_state import SandboxState
from .storage.clock import Calendar, Clock, Wall
from .storage.ids import Ids
from .storage.store import Store
from .tls import make_certificate

_HOST = "127.0.0.1"


class Sandbox:
    """A local Prolific with simulated participants, over real HTTP on 127.0.0.1.

    It serves requests in a daemon thread from its creation until `close`.

    Parameters
    ----------
    seed : int
        The same seed and the same requests produce the same responses and IDs, in any process; with the same `start`
        also the same times, and the same IDs of responses, which begin with the time.
    people : People, optional
        Behaviour of the simulated participants.
    truth : str, optional
        A field of the dataset with the intended answers (an option's value or label, in any case). If it is not
        given, or its cell is not an option, the intended answer is derived from the datapoint's content.
    store : str or os.PathLike
        ``":memory:"``, or a file that keeps all state for the next sandbox opened on it, even after a crash. While no
        sandbox serves the file, no time passes for its studies.
    start : str, date or datetime, optional
        When the sandbox's calendar begins, in UTC, such as ``"2026-01-05"``; by default today at midnight. A file
        keeps its calendar.
    speed : float
        Sandbox seconds that pass for an active study in one real second.
    port : int
        0 selects a free port.
    profile : {"2026-11", "2026-07"}
        Which version of Prolific is simulated where the sources conflict or are silent: the newest documentation, or
        the official description of July 2026.
    tls : bool
        Serve https, with a certificate made for this sandbox; needs the package trustme (the extra ``tls``).
    **switches
        Single settings that differ from the profile: ``typed_datasets, untyped_datasets, legacy_instructions,
        bare_errors, export_reuses_jobs, paging, join_by, sync_adds_places, untyped_imports, duplicates, batch_places,
        single_completion_code, auto_approve, unit_values, answer_times, demographics``; see `Profile`.
    faults : iterable of Fault
        Faults to inject, for example ``[Fault("transitionStudy", "lost")]``. More can be added later.
    wall : callable
        Real time in seconds since 1970; only determines today's date and what is revealed.

    Attributes
    ----------
    url, token, workspace_id : str
        URL of the server, its API token, and its first workspace.
    certificate : str
        Path of the certificate that clients must trust, until the sandbox is closed; "" without `tls`.
    faults : Faults
        ``.add(*faults)``, ``.clear()``, ``.fired`` and ``.listen(callback)``.

    Raises
    ------
    ValueError
        If the profile, a switch, `start`, `speed` or `port` is invalid, the file's calendar began at another time, or
        `tls` lacks its package.
    OSError
        If the port is in use.
    sqlite3.DatabaseError
        If the file is not a database of a sandbox, or cannot be opened, written or locked.
    ProlificError
        If the machine allows no further thread.

    Examples
    --------
    >>> with Sandbox(seed=1) as sandbox:
    ...     sandbox.url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        people: People | None = None,
        truth: str | None = None,
        store: str | PathLike[str] = ":memory:",
        start: str | date | None = None,
        speed: float = 600.0,
        port: int = 0,
        profile: str = "2026-11",
        faults: Iterable[Fault] = (),
        wall: Wall = time.time,
        tls: bool = False,
        **switches: bool | str,
    ) -> None:
        _check_arguments(people, truth, store, speed, port)
        self.faults, self._request_log = Faults(*faults), RequestLog()
        self.gold: dict[str, dict[str, str]] = {}
        """The intended answers about some rows, by row key and question: what no request holds."""
        self.kinds: dict[str, str] = {}
        """The kind of each simulated participant of a kind, by ID: what no response holds."""
        settings: dict[str, Any] = {
            "people": people or People(),
            "speed": speed,
            "truth": truth,
            "profile": Profile.named(profile, **switches),
            "faults": self.faults,
            "request_log": self._request_log,
            "gold": self.gold,
            "kinds": self.kinds,
        }
        calendar = None if start is None else Calendar.beginning(start, 0.0)
        # If the port is in use, werkzeug's own socket would exit the whole program; this one raises.
        with _listener(port) as listener, ExitStack() as parts:
            certificate = _certificate(parts) if tls else None
            opened = parts.enter_context(closing(Store(store)))
            self._state = state = _opened(opened, Ids(seed), wall, fspath(store), calendar, settings)
            self._app = make_app(state)
            self._server = parts.enter_context(_server(self._app, listener, certificate))
            # The poll interval bounds how long close() takes.
            self._thread = start_thread("sandbox", self._server.serve_forever, 0.02)
            self._parts = parts.pop_all()
        self.token, self.workspace_id = state.token, state.workspace_id
        self.certificate = str(certificate.path) if certificate is not None else ""
        self.url = f"{'https' if tls else 'http'}://{_HOST}:{self._server.port}"

    @property
    def log(self) -> list[LoggedRequest]:
        """The last 10,000 requests handled, oldest first.

        Requests that a fault refused or reset before they were handled are listed in ``faults.fired`` instead.
        """
        return self._request_log.entries()

    def serve_people(self, interface: str, *, port: int = 0, tls: bool = False) -> str:
        """Also serve the pages for people who take part by a link, and nothing else, on a network interface.

        Parameters
        ----------
        interface : str
            IP of the interface, such as ``"192.168.1.20"``; ``"0.0.0.0"`` for all.
        port : int
            0 selects a free port.
        tls : bool
            As for the sandbox.

        Returns
        -------
        str
            Scheme, host and port; for all interfaces with the name of this machine.

        Raises
        ------
        ValueError
            `tls` lacks its package.
        OSError
            The interface or the port cannot be used.
        """
        name = socket.gethostname() if interface in ("0.0.0.0", "::") else interface
        certificate = _certificate(self._parts, interface, name) if tls else None
        listener = self._parts.enter_context(_listener(port, interface))
        server = self._parts.enter_context(_server(_PeopleOnly(self._app), listener, certificate, interface))
        self._state.interfaces.update((interface, name))  # before the first request, which is checked against them
        thread = start_thread("sandbox for people", server.serve_forever, 0.02)
        self._parts.callback(thread.join)
        self._parts.callback(server.shutdown)
        host = f"[{name}]" if ":" in name else name
        return f"{'https' if tls else 'http'}://{host}:{server.port}"

    def close(self) -> None:
        """Stop serving; a second call has no effect."""
        if self._thread.is_alive():
            self.faults.close()
            self._server.shutdown()
            self._thread.join()
            self._parts.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        if not hasattr(self, "url"):  # a traceback of an error at its start shows it
            return "Sandbox(not started)"
        return f"Sandbox({self.url}, workspace {self.workspace_id})"


def _check_arguments(people: object, truth: object, store: object, speed: float, port: int) -> None:
    _check_type("speed", speed, int, float)
    _check_type("port", port, int)
    _check_type("store", store, str, PathLike)
    if people is not None:
        _check_type("people", people, People)
    if truth is not None:
        _check_type("truth", truth, str)
    if not (isfinite(speed) and speed > 0):
        raise ArgumentError(f"speed is {speed}, but must be a finite number above 0. Pass for example speed=600.")
    if not 0 <= port <= 65_535:
        raise ArgumentError(f"port is {port}, but must be between 1 and 65535, or 0 for any free port.")


def _check_type(name: str, value: object, *types: type) -> None:
    if not isinstance(value, types) or isinstance(value, bool):
        words = " or ".join(each.__name__ for each in types)
        raise ArgumentTypeError(f"{name} is {value!r}, a {type(value).__name__}. Pass {words}, or leave it out.")


class _PeopleOnly:
    """Serves the pages for people; the API is not there."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        inside = environ.get("PATH_INFO", "").startswith(PREFIX)
        return (self._inner if inside else NotFound())(environ, start_response)


def _listener(port: int, host: str = _HOST) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except socket.gaierror as error:
        message = f"{host} is not a network interface of this machine; name the IP of one"
        raise OSError(error.errno, message) from error
    except OSError as error:
        reason, where = os.strerror(error.errno or 0), "" if host == _HOST else f" of {host}"
        message = f"Port {port}{where} cannot be used ({reason}); name another one, or 0 for any"
        raise OSError(error.errno, message) from error


@dataclass(frozen=True)
class _Certificate:
    """A certificate made for one sandbox, and the settings of a server that shows it."""

    path: Path
    context: ssl.SSLContext


def _certificate(parts: ExitStack, *hosts: str) -> _Certificate:
    """A new certificate, in a folder that is deleted with `parts`."""
    folder = parts.enter_context(TemporaryDirectory(prefix="prolific-nb-", ignore_cleanup_errors=True))
    path = Path(folder, "certificate.pem")
    return _Certificate(path, make_certificate(path, *hosts))


def _server(app: Any, listener: socket.socket, certificate: _Certificate | None, host: str = _HOST) -> BaseWSGIServer:
    """A server of the sandbox on a copy of the listening socket."""
    port, fd = listener.getsockname()[1], listener.fileno()
    server = make_server(host, port, app, threaded=True, request_handler=ConnectionHandler, fd=fd)
    if certificate is not None:
        # Not by make_server: its handshakes would wait for one client after the other.
        server.socket = certificate.context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.ssl_context = certificate.context
    return server


def _opened(
    store: Store, ids: Ids, wall: Wall, path: str, given: Calendar | None, settings: dict[str, Any]
) -> SandboxState:
    """The state of a sandbox; its token, workspace ID and calendar are created once and kept in the store."""
    in_memory = path == ":memory:"
    store.begin()
    try:
        clock = Clock(wall, store, store.enter())
        if not store.value("token"):
            # Two files are two workspaces, even with the same seed. Other records do not depend on the file's path.
            store.remember("token", secrets.token_urlsafe(24))
            store.remember("workspace", ids.hex24("workspace", path if in_memory else Path(path).resolve()))
            (given or Calendar.beginning(None, clock.real)).keep(store)
        elif given is not None and given != Calendar.of(store):
            began = Calendar.of(store).iso(0)
            raise ArgumentError(f"The calendar of {path} began at {began}. Leave out start, or name another file.")
        store.commit()
        return SandboxState(
            store=store,
            ids=ids,
            clock=clock,
            token=store.value("token"),
            workspace_id=store.value("workspace"),
            location=path if in_memory else str(Path(path).absolute()),
            **settings,
        )
    finally:
        store.end()


def serve(
    port: int = 0,
    db: str | PathLike[str] = ":memory:",
    speed: float = 600.0,
    seed: int = 0,
    truth: str | None = None,
    profile: str = "2026-11",
    tls: bool = False,
    start: str | date | None = None,
    **switches: bool | str,
) -> int:
    """Serve a sandbox until SIGINT or SIGTERM, and print its URL, token and workspace ID as one line of JSON.

    The parameters are those of `Sandbox`. With `tls`, the line has the certificate's path too.

    Returns
    -------
    int
        The exit code, 0.
    """
    given = {"store": db, "speed": speed, "port": port, "seed": seed, "truth": truth, "profile": profile, "tls": tls}
    until_signal(**given, start=start, **switches)
    return 0


def until_signal(**options: Any) -> int:
    """As `serve`, with the options of `Sandbox`; returns the number of the signal that ended it."""
    stop, received = Event(), [signal.SIGTERM]

    def note(number: int, _: Any) -> None:
        received[0] = signal.Signals(number)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, note)
    with Sandbox(**options) as sandbox:
        line = {"url": sandbox.url, "token": sandbox.token, "workspace_id": sandbox.workspace_id}
        if sandbox.certificate:
            line["certificate"] = sandbox.certificate
        print(json.dumps(line), flush=True)
        while not stop.wait(0.5):  # without a time limit, Windows would not let Ctrl+C through
            pass
    return int(received[0])
