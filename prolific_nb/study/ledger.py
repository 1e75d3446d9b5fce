"""The ledger: what was intended and what was created, in one SQLite file per person and machine; never a token.

Prolific's API has no idempotency keys. Each step is recorded before its request is sent, and its ID afterwards, so
that running the same cell again finds what exists already. The ledger makes that quick and remembers intentions; what
may be paid is judged by the server's own records, which every machine sees.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ..api import Client
from ..errors import LedgerError
from .ledger_file import MEMORY, LedgerFile
from .machine_lock import PATIENCE, data_folder, machine_lock

VARIABLE = "PROLIFIC_NB_LEDGER"
"""The environment variable that names another ledger."""


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

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        where = default_path() if path is None else path
        try:  # absolute(): a later chdir must not open another one
            self.path = Path(MEMORY) if str(where) == MEMORY else Path(where).expanduser().absolute()
        except (TypeError, RuntimeError, OSError) as failure:  # no path; ~name of no user; a folder that is gone
            reason = f"{str(where)!r} cannot be used as the path of a ledger ({failure})"
            raise LedgerError(f"{reason}. Pass the path of a file as ledger= or in {VARIABLE}.") from None
        self._file = LedgerFile(None if str(where) == MEMORY else self.path)

    @property
    def exists(self) -> bool:
        """Whether anything was recorded yet."""
        return str(self.path) == MEMORY or os.path.exists(self.path)

    # --- runs --------------------------------------------------------------------------------------------------

    def enter(self, key: str, *, name: str, mode: str, workspace: str, design: str, again: str = "") -> None:
        """Record a run; an existing one is not changed."""
        values = (key, name, mode, workspace, design, again, time.time())
        self._write("INSERT OR IGNORE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, NULL)", *values)

    def redesign(self, key: str, design: str) -> None:
        """Record that a draft has another design now."""
        self._write("UPDATE runs SET design = ? WHERE key = ?", design, key)

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
        with self._file.open() as db:
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
        if wrong := [row["name"] for row in found if not isinstance(row["at"], float | int)]:
            raise self.damaged(f"step {wrong[0]!r} has no time")
        return {row["name"]: Step(**dict(row)) for row in found}

    # --- one at a time -----------------------------------------------------------------------------------------

    @contextmanager
    def hold(self, what: str, name: str = "", *, patience: float = PATIENCE) -> Iterator[None]:
        """Keep every other program of this user out of the same work, whichever ledger it uses.

        Parameters
        ----------
        what : str
            What is being done; shown to programs that wait.
        name : str
            What may be worked on by one program at a time, such as a study and its host; by default this ledger.
        patience : float
            Seconds to wait for another program.

        Raises
        ------
        LedgerBusy
            Another program held it all the time. The message says which one.
        """
        self._read("SELECT 1")  # creates the file, or reports why it cannot
        with machine_lock(name or str(self.path), what, patience=patience):
            yield

    # --- the file ----------------------------------------------------------------------------------------------

    def damaged(self, reason: str) -> Exception:
        """The error for a record that cannot be read."""
        return self._file.damaged(reason)

    def _read(self, sql: str, *values: object) -> list[sqlite3.Row]:
        with self._file.open() as db:
            return db.execute(sql, values).fetchall()

    def _write(self, sql: str, *values: object) -> None:
        with self._file.open() as db:
            db.execute(sql, values)

    def __repr__(self) -> str:
        return f"Ledger({str(self.path)!r})"


def default_path() -> Path:
    """The ledger of this person on this machine, unless the environment names another one."""
    named = os.environ.get(VARIABLE, "").strip()
    return Path(named) if named else data_folder() / "ledger.sqlite"


def ledger_of(client: Client | None, given: str | os.PathLike[str] | Ledger | None = None) -> Ledger:
    """The ledger for the runs of a client.

    Parameters
    ----------
    client : Client or None
        A sandbox in memory keeps its runs in memory, one in a file beside that file.
    given : path or Ledger, optional
        Used in any case.

    Returns
    -------
    Ledger
        Else the one that ``PROLIFIC_NB_LEDGER`` names, else ``ledger.sqlite`` in the user's data folder.
    """
    chosen = given if given is not None else getattr(client, "ledger", None)
    return chosen if isinstance(chosen, Ledger) else Ledger(chosen)
