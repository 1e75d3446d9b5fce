"""The ledger's file: opened for each use, checked once, and each kind of trouble with it in words of its own."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import RLock

from ..errors import LedgerBusy, LedgerError

MEMORY = ":memory:"
VERSION = 1
"""Of the tables; a file of a later one is refused."""
_PATIENCE = 30  # seconds that SQLite waits for another writer
_TABLES = {
    "runs": "key TEXT PRIMARY KEY, name TEXT, mode TEXT, workspace TEXT, design TEXT, again TEXT, made REAL, gone REAL",
    "steps": "key TEXT, name TEXT, state TEXT, ident TEXT, note TEXT, at REAL, PRIMARY KEY (key, name)",
}
_ELSEWHERE = 'name another one with ledger="folder/ledger.sqlite" or the variable PROLIFIC_NB_LEDGER'
_WITHOUT = (
    "What this machine has launched and paid is not known now. Nothing is lost at Prolific: without the file the "
    "server is asked instead, and what it shows is not done twice"
)


class LedgerFile:
    """A SQLite file, or tables in memory that live as long as this object.

    Parameters
    ----------
    path : Path or None
        None for tables in memory.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._checked = False
        self._lock = RLock()
        self._memory = sqlite3.connect(MEMORY, check_same_thread=False) if path is None else None

    @property
    def name(self) -> str:
        """The file as messages name it."""
        return MEMORY if self.path is None else str(self.path)

    @contextmanager
    def open(self) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction; of a file a new one for each use, so that threads and forks share nothing.

        Raises
        ------
        LedgerError
            The file cannot be used; the message says why and what to do.
        """
        try:
            if self._memory is not None:
                with self._lock, self._memory as db:
                    self._prepare(db)
                    yield db
            else:
                self._create()
                with closing(sqlite3.connect(self.name, timeout=_PATIENCE)) as db, db:
                    self._prepare(db)
                    yield db
        except sqlite3.Error as failure:
            raise self._trouble(failure) from None

    def _create(self) -> None:
        """Make the file, readable by its owner only; SQLite gives its journals the same rights."""
        if self.path is None or os.path.exists(self.path):
            return
        try:
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            self._checked = False  # a file that was deleted meanwhile is made anew
        except (OSError, ValueError) as failure:
            reason = getattr(failure, "strerror", None) or failure
            raise LedgerError(
                f"The ledger {self.path} cannot be created ({reason}). It must lie in a folder "
                f"that exists and can be written to: {_ELSEWHERE}."
            ) from None

    def _prepare(self, db: sqlite3.Connection) -> None:
        db.row_factory = sqlite3.Row
        if self._checked:
            return
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise LedgerError(
                f"The ledger {self.name} was written by a newer version of prolific_nb (tables {version}; this one "
                f"knows {VERSION}). Update prolific_nb, or {_ELSEWHERE}."
            )
        if version < VERSION:
            self._make_tables(db)
        self._refuse_others(db)
        for table, columns in _TABLES.items():
            there = [row["name"] for row in db.execute(f"PRAGMA table_info({table})")]
            if not {column.split()[0] for column in columns.partition(", PRIMARY")[0].split(", ")} <= set(there):
                raise self.damaged(f"its table {table} lacks columns")
        if (checked := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise self.damaged(str(checked))
        db.commit()
        self._checked = True

    def _make_tables(self, db: sqlite3.Connection) -> None:
        """Begin a transaction, so that another process sees an empty file or a whole ledger."""
        db.execute("BEGIN IMMEDIATE")
        self._refuse_others(db)
        for table, columns in _TABLES.items():
            db.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns})")
        db.execute(f"PRAGMA user_version = {VERSION}")

    def _refuse_others(self, db: sqlite3.Connection) -> None:
        found = {row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if found and not found >= set(_TABLES):
            raise LedgerError(f"{self.name} is a database of another program, not a ledger: {_ELSEWHERE}.")

    def damaged(self, reason: str) -> LedgerError:
        """The error for a file whose content cannot be trusted."""
        shown = " ".join(reason.split())
        return LedgerError(
            f"The ledger {self.name} is damaged ({shown}). {_WITHOUT}. Rename the file, so that a new one is created, "
            f"or {_ELSEWHERE}."
        )

    def _trouble(self, failure: sqlite3.Error) -> LedgerError:
        code = (getattr(failure, "sqlite_errorcode", None) or 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return LedgerBusy(
                f"The ledger {self.name} has been locked by another program for {_PATIENCE} s. Nothing was done here. "
                "Close what else uses the file (another notebook, a database viewer), then run this again."
            )
        sentences = {
            sqlite3.SQLITE_FULL: "cannot be written: the disk is full. Free some space, then run this again",
            sqlite3.SQLITE_READONLY: f"is read-only. Make it writable, or {_ELSEWHERE}",
            sqlite3.SQLITE_CANTOPEN: f"cannot be opened ({failure}). Check its folder and rights, or {_ELSEWHERE}",
            sqlite3.SQLITE_PERM: f"cannot be opened ({failure}). Check its folder and rights, or {_ELSEWHERE}",
            sqlite3.SQLITE_IOERR: f"cannot be read or written ({failure}): the disk fails, or its file system has no "
            f"locks, as some network drives. Use a local disk: {_ELSEWHERE}",
        }
        if code in sentences:
            return LedgerError(f"The ledger {self.name} {sentences[code]}.")
        return self.damaged(str(failure))
