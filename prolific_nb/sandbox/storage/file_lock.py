"""Detects whether another sandbox serves a file, since wall time stands still only while none does."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from os import PathLike
from pathlib import Path

from .private_file import make_private


class ServerLease:
    """A shared lock on a file beside the store's file; the system releases it when a process dies.

    SQLite does the locking, since it works on every system; the file itself stays empty. `enter` and `leave` require
    the store to be locked for writing, so that no other process sees a state in between.

    Parameters
    ----------
    path : str or os.PathLike
        The store's file.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self._beside = Path(f"{Path(path).resolve()}-serving")
        self._lock: sqlite3.Connection | None = None

    def enter(self) -> bool:
        """Acquire the shared lock; returns whether nobody else held it."""
        self._lock = self._opened()
        alone = _is_free(self._lock)
        self._lock.execute("BEGIN")
        self._lock.execute("SELECT 1 FROM sqlite_master").fetchall()  # acquires a shared lock
        return alone

    def leave(self, store: sqlite3.Connection) -> None:
        """Release the shared lock; the last holder deletes the lock file."""
        if self._lock is None:
            return
        self._lock.close()
        self._lock = None
        with suppress(sqlite3.Error):  # if the store cannot be locked or was deleted, the empty lock file stays
            store.execute("BEGIN IMMEDIATE")
            with closing(self._opened()) as lock:
                last = _is_free(lock)
            if last:
                self._beside.unlink(missing_ok=True)
            store.execute("ROLLBACK")

    def _opened(self) -> sqlite3.Connection:
        make_private(self._beside)
        return sqlite3.connect(self._beside, timeout=0, isolation_level=None, check_same_thread=False)


def _is_free(lock: sqlite3.Connection) -> bool:
    """Whether nobody holds the lock."""
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        return False
    lock.execute("ROLLBACK")
    return True
