"""The sandbox as a server: in a thread of this process, or as the program of its own."""

from __future__ import annotations

import json
import secrets
import signal
import socket
import sys
import time
from collections.abc import Iterable
from os import PathLike, fspath
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from .app import make_app
from .contract.profile import Profile
from .simulation.participants import People
from .state.faults import Fault, Faults
from .state.request_log import LoggedRequest, RequestLog
from .state.sandbox_state import SandboxState
from .storage.clock import Clock, Wall
from .storage.ids import Ids
from .storage.store import Store


class _Handler(WSGIRequestHandler):
    """Silent: a notebook is no place for a line per request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def connection_dropped(self, error: BaseException, environ: dict[str, Any] | None = None) -> None:
        """Read no further request from a connection that a fault, or the other side, has closed."""
        self.close_connection = True


class Sandbox:
    """A local Prolific with simulated participants, over real HTTP on 127.0.0.1.

    It serves from the moment it is made, in a daemon thread, until `close`.

    Parameters
    ----------
    seed : int
        The same seed and the same requests give the same ids, times and answers, in any process.
    people : People, optional
        How participants behave.
    truth : str, optional
        A field of the dataset with the intended answers (an option's value or label, in any case). Without one, or
        where its cell names no option, the datapoint's content decides.
    store : str or os.PathLike
        ``":memory:"``, or a file that keeps everything for the next sandbox opened on it, however this one ends. While
        nobody serves the file no time passes for the studies in it.
    speed : float
        Sandbox seconds that pass for an active study in one real second.
    port : int
        0 takes a free one.
    profile : {"2026-11", "2026-07"}
        Which Prolific is played where the sources conflict or say nothing: the newest documentation, or the official
        description of July 2026.
    **switches
        Single traits that differ from the profile: ``typed_datasets, untyped_datasets, legacy_instructions,
        bare_errors, export_reuses_jobs, paging, join_by, sync_adds_places``; see `Profile`.
    faults : iterable of Fault
        What goes wrong, for example ``[Fault("transitionStudy", "lost")]``. More can be added later.
    wall : callable
        Real time in seconds since 1970; only decides what is revealed.

    Attributes
    ----------
    url, token, workspace_id : str
        Where it serves, the right to ask it, and the only workspace it has.
    faults : Faults
        ``.add(*faults)``, ``.clear()``, ``.fired`` and ``.listen(callback)``.

    Raises
    ------
    ValueError
        For an unknown profile or switch, or a `speed` that is not above 0.
    OSError
        If the port is taken.
    sqlite3.DatabaseError
        If the file is not a database, or cannot be opened.

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
        speed: float = 600.0,
        port: int = 0,
        profile: str = "2026-11",
        faults: Iterable[Fault] = (),
        wall: Wall = time.time,
        **switches: bool | str,
    ) -> None:
        if not speed > 0:
            raise ValueError(f"speed is {speed}, but time must pass. Give a number above 0, for example 600.")
        played = Profile.named(profile, **switches)
        self.faults, self._journal = Faults(*faults), RequestLog()
        # Where the port is taken, werkzeug's own socket would end the whole program; this one raises.
        with socket.create_server(("127.0.0.1", port)) as listener:
            self._store, ids = Store(store), Ids(seed)
            clock, self.token, self.workspace_id = _opened(self._store, ids, wall, fspath(store))
            world = SandboxState(
                store=self._store,
                ids=ids,
                people=people or People(),
                clock=clock,
                speed=speed,
                truth=truth,
                profile=played,
                faults=self.faults,
                journal=self._journal,
                token=self.token,
                workspace_id=self.workspace_id,
            )
            self._server = make_server(
                "127.0.0.1", port, make_app(world), threaded=True, request_handler=_Handler, fd=listener.fileno()
            )
        self.url = f"http://127.0.0.1:{self._server.port}"
        # The poll interval bounds how long close() takes.
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), name="sandbox", daemon=True)
        self._thread.start()

    @property
    def log(self) -> list[LoggedRequest]:
        """The requests handled so far, the last 10,000 of them, oldest first.

        Those that a fault refused or reset before they were handled are not among them; ``faults.fired`` has these.
        """
        return self._journal.entries()

    def close(self) -> None:
        """Stop serving; a second call does nothing."""
        if self._thread.is_alive():
            self.faults.close()
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._store.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Sandbox({self.url}, workspace {self.workspace_id})"


def _opened(store: Store, ids: Ids, wall: Wall, path: str) -> tuple[Clock, str, str]:
    """The clock of a store, and its token and workspace id, which are made once and kept in it."""
    store.begin()
    try:
        clock = Clock(wall, store, store.enter())
        if not store.value("token"):
            # Two files are two workspaces, though the seed is the same; where the file lies is no record's matter.
            place = path if path == ":memory:" else Path(path).resolve()
            store.remember("token", secrets.token_urlsafe(24))
            store.remember("workspace", ids.hex24("workspace", place))
        store.commit()
        return clock, store.value("token"), store.value("workspace")
    finally:
        store.end()


def serve(
    port: int = 0,
    db: str | PathLike[str] = ":memory:",
    speed: float = 600.0,
    seed: int = 0,
    truth: str | None = None,
    profile: str = "2026-11",
    **switches: bool | str,
) -> int:
    """Serve a sandbox until SIGINT or SIGTERM, and say where in one line of JSON on stdout.

    The parameters are those of `Sandbox`.

    Returns
    -------
    int
        The exit code, 0.
    """
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    kept = {"store": db, "speed": speed, "port": port}
    with Sandbox(seed=seed, truth=truth, profile=profile, **kept, **switches) as sandbox:  # type: ignore[arg-type]
        line = {"url": sandbox.url, "token": sandbox.token, "workspace_id": sandbox.workspace_id}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
        while not stop.wait(0.5):  # without a time limit, Windows would not let Ctrl+C through
            pass
    return 0
