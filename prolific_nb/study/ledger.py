"""The ledger: what was intended and what was created, in an SQLite file next to the notebook; never a token.

Prolific's API has no idempotency keys. Each step is recorded before its request is sent, and its ID afterwards, so
that running the same cell again finds what exists already.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from ..common.display import notify
from ..errors import LedgerBusy, LedgerError

DEFAULT = "prolific_nb.sqlite"
_PATIENCE = 900.0  # seconds to wait for another launch
_QUIET = 1.0  # seconds of waiting before a notice is shown

_TABLES = """
CREATE TABLE IF NOT EXISTS runs (
    key TEXT PRIMARY KEY, name TEXT, mode TEXT, workspace TEXT, design TEXT, again TEXT, made REAL, gone REAL);
CREATE TABLE IF NOT EXISTS steps (
    key TEXT, name TEXT, state TEXT, ident TEXT, note TEXT, at REAL, PRIMARY KEY (key, name));
CREATE TABLE IF NOT EXISTS holder (only INTEGER PRIMARY KEY CHECK (only = 1), what TEXT, who TEXT, since REAL);
"""


@dataclass(frozen=True)
class Step:
    """One step of a run.

    Parameters
    ----------
    name : str
        Such as ``"batch"`` or ``"publish"``.
    state : {"intended", "done"}
        Intended: the server may or may not have received the request.
    ident : str
        The ID returned by the server.
    note : str
        What was recorded before the request.
    at : float
        When it was recorded, in seconds since 1970.
    """

    name: str
    state: Literal["intended", "done"]
    ident: str
    note: str
    at: float


class Ledger:
    """The file that records every run.

    Parameters
    ----------
    path : str or os.PathLike
        Created when it is first written to.

    Raises
    ------
    LedgerError
        Raised by every method if the file cannot be used.

    Examples
    --------
    >>> import tempfile
    >>> ledger = Ledger(Path(tempfile.mkdtemp(), "ledger.sqlite"))
    >>> ledger.intend("run", "batch")
    >>> ledger.step("run", "batch").state
    'intended'
    >>> ledger.done("run", "batch", "5d0c")
    >>> ledger.step("run", "batch").ident
    '5d0c'
    """

    def __init__(self, path: str | os.PathLike[str] = DEFAULT) -> None:
        self.path = Path(path).absolute()  # os.chdir must not switch to another file

    # --- runs --------------------------------------------------------------------------------------------------

    def enter(self, key: str, *, name: str, mode: str, workspace: str, design: str, again: str = "") -> None:
        """Record a run; an existing one is not changed."""
        values = (key, name, mode, workspace, design, again, time.time())
        self._write("INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, NULL)", *values)

    def run(self, key: str) -> dict[str, Any] | None:
        """``key, name, mode, workspace, design, again, made, gone`` of a run, or None."""
        found = self._read("SELECT * FROM runs WHERE key = ?", key)
        return dict(found[0]) if found else None

    def runs(self) -> list[dict[str, Any]]:
        """All runs, oldest first."""
        return [dict(row) for row in self._read("SELECT * FROM runs ORDER BY made, key")]

    def key_of(self, ident: str) -> str | None:
        """The key of the run that created this batch or study, or None."""
        found = self._read("SELECT key FROM steps WHERE ident = ? AND name IN ('batch', 'study')", ident)
        return str(found[0]["key"]) if found else None

    def retire(self, key: str) -> None:
        """Mark a run and its steps as gone and free its key: what it created no longer exists."""
        now = time.time()
        with self._open() as db:
            number = db.execute("SELECT COUNT(*) FROM runs WHERE key LIKE ?", (f"{key}~%",)).fetchone()[0] + 1
            retired_key = f"{key}~{number}"
            db.execute("UPDATE runs SET key = ?, gone = ? WHERE key = ?", (retired_key, now, key))
            db.execute("UPDATE steps SET key = ? WHERE key = ?", (retired_key, key))

    # --- steps -------------------------------------------------------------------------------------------------

    def intend(self, key: str, step: str, note: str = "") -> None:
        """Record that a request is about to be sent; an earlier record of the step is replaced."""
        self._write("INSERT OR REPLACE INTO steps VALUES (?, ?, 'intended', '', ?, ?)", key, step, note, time.time())

    def done(self, key: str, step: str, ident: str = "") -> None:
        """Record that a step is done, with the ID returned by the server; its note is kept."""
        self._write(
            "INSERT INTO steps VALUES (?, ?, 'done', ?, '', ?) "
            "ON CONFLICT (key, name) DO UPDATE SET state = 'done', ident = excluded.ident, at = excluded.at",
            *(key, step, ident, time.time()),
        )

    def withdraw(self, key: str, *steps: str) -> None:
        """Remove steps that did not happen, or whose result is unusable."""
        for step in steps:
            self._write("DELETE FROM steps WHERE key = ? AND name = ?", key, step)

    def step(self, key: str, step: str) -> Step | None:
        """One step, or None if it was never intended."""
        return self.steps(key).get(step)

    def steps(self, key: str) -> dict[str, Step]:
        """All steps of a run by name, in the order in which they were recorded."""
        found = self._read("SELECT name, state, ident, note, at FROM steps WHERE key = ? ORDER BY rowid", key)
        return {row["name"]: Step(**dict(row)) for row in found}

    # --- one at a time -----------------------------------------------------------------------------------------

    @contextmanager
    def hold(self, what: str, *, patience: float = _PATIENCE) -> Iterator[None]:
        """Hold the lock of this ledger: other processes and threads wait.

        The operating system owns the lock and releases it if the process dies.

        Parameters
        ----------
        what : str
            What is being done; shown to those who wait.
        patience : float
            Seconds to wait for the lock.

        Raises
        ------
        LedgerBusy
            Another process still holds the lock; the message names it.
        """
        self._read("SELECT 1")  # creates the file, or raises LedgerError
        lock = FileLock(f"{self.path}.lock", thread_local=False)
        try:
            lock.acquire(timeout=min(_QUIET, patience))
        except Timeout:
            self._wait(lock, patience - _QUIET)
        try:
            who = f"process {os.getpid()} on {socket.gethostname()}"
            self._write("INSERT OR REPLACE INTO holder VALUES (1, ?, ?, ?)", what, who, time.time())
            yield
        finally:
            lock.release()

    def _wait(self, lock: FileLock, patience: float) -> None:
        notify(f"Waiting: {self.holder()}.")
        try:
            lock.acquire(timeout=max(patience, 0))
        except Timeout:
            raise LedgerBusy(
                f"{self.path} is still in use: {self.holder()}. Nothing was done. Wait for that process or end it, "
                "then run this again."
            ) from None

    def holder(self) -> str:
        """A description of the process that holds the ledger, or held it last."""
        found = self._read("SELECT what, who, since FROM holder")
        if not found:
            return "another process has just locked the ledger"
        since = time.strftime("%H:%M:%S", time.localtime(found[0]["since"]))
        return f"{found[0]['who']} has been using it since {since} ({found[0]['what']})"

    # --- the file ----------------------------------------------------------------------------------------------

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A new connection for each use: threads, forks and other kernels share no state."""
        try:
            with closing(sqlite3.connect(self.path, timeout=30)) as db, db:
                db.row_factory = sqlite3.Row
                db.executescript(_TABLES)
                yield db
        except sqlite3.Error as failure:
            raise LedgerError(
                f"The ledger {self.path} cannot be used ({failure}). It must be an SQLite file in a writable folder. "
                'Choose another file with ledger="folder/prolific_nb.sqlite".'
            ) from failure

    def _read(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._open() as db:
            return db.execute(sql, values).fetchall()

    def _write(self, sql: str, *values: object) -> None:
        with self._open() as db:
            db.execute(sql, values)

    def __repr__(self) -> str:
        return f"Ledger({str(self.path)!r})"
