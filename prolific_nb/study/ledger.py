"""The ledger: what was intended and what was created, in SQLite beside the notebook; never a token.

Prolific has no idempotency key. So every step is written down before its request, with its id after it, and whoever
runs the same cell again finds what is there already.
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
_PATIENCE = 900.0  # seconds: the longest that one launch keeps the others waiting
_NOTICED = 1.0  # seconds after which a wait is worth a word

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
        Intended: its request may or may not have reached the server.
    ident : str
        The id that the server gave.
    note : str
        What had to be remembered before the request.
    at : float
        When it was written, seconds since 1970.
    """

    name: str
    state: Literal["intended", "done"]
    ident: str
    note: str
    at: float


class Ledger:
    """The file that knows every run.

    Parameters
    ----------
    path : str or os.PathLike
        Made when it is first written to.

    Raises
    ------
    LedgerError
        From every method, if the file cannot be used.

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
        self.path = Path(path).absolute()  # a later chdir must not open another one

    # --- runs --------------------------------------------------------------------------------------------------

    def enter(self, key: str, *, name: str, mode: str, workspace: str, design: str, again: str = "") -> None:
        """Write a run down; one that is there stays as it is."""
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
        """The run that made this batch or study."""
        found = self._read("SELECT key FROM steps WHERE ident = ? AND name IN ('batch', 'study')", ident)
        return str(found[0]["key"]) if found else None

    def retire(self, key: str) -> None:
        """Mark a run gone, with its steps, and free its key: what it made exists no longer."""
        now = time.time()
        with self._open() as db:
            number = db.execute("SELECT COUNT(*) FROM runs WHERE key LIKE ?", (f"{key}~%",)).fetchone()[0] + 1
            past = f"{key}~{number}"
            db.execute("UPDATE runs SET key = ?, gone = ? WHERE key = ?", (past, now, key))
            db.execute("UPDATE steps SET key = ? WHERE key = ?", (past, key))

    # --- steps -------------------------------------------------------------------------------------------------

    def intend(self, key: str, step: str, note: str = "") -> None:
        """Write that a request is about to be sent; what was known of the step is replaced."""
        self._write("INSERT OR REPLACE INTO steps VALUES (?, ?, 'intended', '', ?, ?)", key, step, note, time.time())

    def done(self, key: str, step: str, ident: str = "") -> None:
        """Write that a step is done, with the id that the server gave; its note stays."""
        self._write(
            "INSERT INTO steps VALUES (?, ?, 'done', ?, '', ?) "
            "ON CONFLICT (key, name) DO UPDATE SET state = 'done', ident = excluded.ident, at = excluded.at",
            *(key, step, ident, time.time()),
        )

    def withdraw(self, key: str, *steps: str) -> None:
        """Forget steps: they are known not to have happened, or what they made is of no use."""
        for step in steps:
            self._write("DELETE FROM steps WHERE key = ? AND name = ?", key, step)

    def step(self, key: str, step: str) -> Step | None:
        """One step, or None if it was never intended."""
        return self.steps(key).get(step)

    def steps(self, key: str) -> dict[str, Step]:
        """All steps of a run by name, in the order they were written."""
        found = self._read("SELECT name, state, ident, note, at FROM steps WHERE key = ? ORDER BY rowid", key)
        return {row["name"]: Step(**dict(row)) for row in found}

    # --- one at a time -----------------------------------------------------------------------------------------

    @contextmanager
    def hold(self, what: str, *, patience: float = _PATIENCE) -> Iterator[None]:
        """Keep every other process and thread out of this ledger's launches meanwhile.

        The lock is the operating system's: a process that dies lets go of it.

        Parameters
        ----------
        what : str
            What is being done, for those who wait.
        patience : float
            Seconds to wait for another one.

        Raises
        ------
        LedgerBusy
            Another one held it all the time; the message says who.
        """
        self._read("SELECT 1")  # makes the file, or says why not
        lock = FileLock(f"{self.path}.lock", thread_local=False)
        try:
            lock.acquire(timeout=min(_NOTICED, patience))
        except Timeout:
            self._wait(lock, patience - _NOTICED)
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
                f"{self.path} is still in use: {self.holder()}. Wait for it, or end it, then run this again; "
                "nothing was done here."
            ) from None

    def holder(self) -> str:
        """Who holds the ledger, or held it last, in words."""
        found = self._read("SELECT what, who, since FROM holder")
        if not found:
            return "another process has just taken the ledger"
        since = time.strftime("%H:%M:%S", time.localtime(found[0]["since"]))
        return f"{found[0]['who']} is at work since {since} ({found[0]['what']})"

    # --- the file ----------------------------------------------------------------------------------------------

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own for each use: threads, forks and other kernels need nothing in common."""
        try:
            with closing(sqlite3.connect(self.path, timeout=30)) as db, db:
                db.row_factory = sqlite3.Row
                db.executescript(_TABLES)
                yield db
        except sqlite3.Error as failure:
            raise LedgerError(
                f"The ledger {self.path} cannot be used ({failure}). It must lie in a folder that can be written "
                'to: name another one with ledger="folder/prolific_nb.sqlite".'
            ) from failure

    def _read(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._open() as db:
            return db.execute(sql, values).fetchall()

    def _write(self, sql: str, *values: object) -> None:
        with self._open() as db:
            db.execute(sql, values)

    def __repr__(self) -> str:
        return f"Ledger({str(self.path)!r})"
