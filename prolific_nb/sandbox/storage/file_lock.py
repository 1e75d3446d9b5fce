"""Who serves a file: asked when it is opened, since a sandbox's time stands still only while nobody does."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from os import PathLike
from pathlib import Path


class ServerLease:
    """A shared lock beside a store's file; whoever dies lets go of it, so a killed sandbox counts as gone.

    SQLite is asked to lock, since it knows how on every system; the file beside stays empty. Who enters and leaves
    does so while the store is locked for writing: nobody can be between two states when another one asks.

    Parameters
    ----------
    path : str or os.PathLike
        The store's file.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self._beside = Path(f"{Path(path).resolve()}-serving")
        self._lock: sqlite3.Connection | None = None

    def enter(self) -> bool:
        """Be there from now on; whether nobody was."""
        self._lock = self._opened()
        alone = _is_free(self._lock)
        self._lock.execute("BEGIN")
        self._lock.execute("SELECT 1 FROM sqlite_master").fetchall()  # a lock that others can share
        return alone

    def leave(self, store: sqlite3.Connection) -> None:
        """Be there no longer; the last one takes the file beside away."""
        if self._lock is None:
            return
        self._lock.close()
        self._lock = None
        with suppress(sqlite3.Error):  # a store that cannot be locked, or is gone, keeps an empty file beside it
            store.execute("BEGIN IMMEDIATE")
            with closing(self._opened()) as lock:
                last = _is_free(lock)
            if last:
                self._beside.unlink(missing_ok=True)
            store.execute("ROLLBACK")

    def _opened(self) -> sqlite3.Connection:
        return sqlite3.connect(self._beside, timeout=0, isolation_level=None, check_same_thread=False)


def _is_free(lock: sqlite3.Connection) -> bool:
    """Whether nobody holds the lock."""
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        return False
    lock.execute("ROLLBACK")
    return True
