"""The sandbox's database in SQLite: JSON documents by kind, and tables for bulk data."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from os import PathLike, fspath
from threading import RLock
from typing import Any

from ...errors import ProlificError
from .file_lock import ServerLease
from .private_file import make_private

_OPENING_TIMEOUT = 10.0  # seconds for which a new sandbox waits for another process that writes to the same file
_LOCK_TIMEOUT = 60_000  # milliseconds for which a request does
_MOST_VALUES = 999  # of one statement; SQLite's limit before 3.32
_TABLES = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
    kind TEXT, id TEXT, parent TEXT, number INTEGER, body TEXT NOT NULL, PRIMARY KEY (kind, id));
CREATE INDEX IF NOT EXISTS documents_parent ON documents (kind, parent, number);
CREATE TABLE IF NOT EXISTS datapoints (
    dataset_id TEXT, import_id TEXT, position INTEGER, body TEXT NOT NULL, PRIMARY KEY (import_id, position));
CREATE TABLE IF NOT EXISTS tasks (
    batch_id TEXT, position INTEGER, id TEXT, group_id TEXT, datapoint TEXT NOT NULL, PRIMARY KEY (batch_id, position));
CREATE INDEX IF NOT EXISTS tasks_id ON tasks (id);
CREATE INDEX IF NOT EXISTS tasks_groups ON tasks (batch_id, group_id, position);
CREATE TABLE IF NOT EXISTS submissions (
    id TEXT PRIMARY KEY, study_id TEXT, participant_id TEXT, group_id TEXT, started REAL, ended REAL, outcome TEXT);
CREATE INDEX IF NOT EXISTS submissions_study ON submissions (study_id, started);
CREATE TABLE IF NOT EXISTS responses (
    id TEXT PRIMARY KEY, study_id TEXT, submission_id TEXT, task_id TEXT, moment REAL, body TEXT NOT NULL,
    answered REAL);
CREATE INDEX IF NOT EXISTS responses_study ON responses (study_id, moment);
CREATE TABLE IF NOT EXISTS files (id TEXT PRIMARY KEY, body BLOB NOT NULL);
COMMIT;
"""
_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"

Document = dict[str, Any]

_UNUSABLE = {
    sqlite3.SQLITE_NOTADB: "is not a database. Name another file",
    sqlite3.SQLITE_CORRUPT: "is damaged. Name another file",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened. Check that it is a file, its folder exists, and both may be written",
    sqlite3.SQLITE_PERM: "cannot be opened. Check its permissions",
    sqlite3.SQLITE_READONLY: "is read-only. Make the file and its folder writable, or name another file",
}
_FAILED = {
    sqlite3.SQLITE_BUSY: "is locked by another program. Close what else uses it, then start the sandbox again",
    sqlite3.SQLITE_FULL: "cannot be written: the disk is full. Free some space, then start the sandbox again",
}


class UnusableFile(ProlificError, sqlite3.DatabaseError):
    """The file cannot keep a sandbox, whenever it is opened: it is damaged, another program's, or not writable."""


@contextmanager
def _explained(path: str) -> Iterator[None]:
    """What SQLite reports about a file, with the file's name and what to do."""
    try:
        yield
    except UnusableFile:
        raise
    except sqlite3.Error as failure:
        code = (getattr(failure, "sqlite_errorcode", None) or 0) & 0xFF
        if code in _UNUSABLE:
            raise UnusableFile(f"{path} {_UNUSABLE[code]}.") from failure
        raise type(failure)(f"{path} {_FAILED.get(code, f'cannot be used: {failure}')}.") from failure


class Store:
    """One SQLite connection protected by one lock; a request holds both from `begin` to `end`.

    Processes that serve the same file take turns, so data read by a request does not change until it has ended.
    Committed data survives a crash of the process; uncommitted data is discarded.

    Parameters
    ----------
    path : str or os.PathLike
        ``":memory:"``, or a file, which is created if it does not exist.

    Raises
    ------
    UnusableFile
        If the file is not a database of a sandbox, or cannot be opened or written.
    sqlite3.OperationalError
        If another program has locked it, or the disk is full.

    Examples
    --------
    >>> store = Store(":memory:")
    >>> store.put("study", "a", {"name": "First"})
    >>> store.get("study", "a")
    {'name': 'First'}
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self._lock, name = RLock(), fspath(path)
        in_memory = name == ":memory:"
        if not in_memory:
            make_private(name)
        self._lease = None if in_memory else ServerLease(path)
        with _explained(name):
            # No isolation level: this class begins and ends transactions explicitly.
            self._db = sqlite3.connect(name, timeout=_OPENING_TIMEOUT, isolation_level=None, check_same_thread=False)
            self._db.row_factory = sqlite3.Row
            try:
                self._prepare(name)
            except BaseException:
                self._db.close()
                raise

    def _prepare(self, name: str) -> None:
        tables = {row["name"] for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if tables and not {"meta", "documents"} <= tables:
            raise UnusableFile(f"{name} is a database of another program. Name another file.")
        # Readers of the file (a test, another tool) must not be blocked while the sandbox writes.
        self._db.execute("PRAGMA journal_mode=WAL")
        # A killed process loses nothing; only a power failure could lose the last requests.
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.executescript(_TABLES)
        self._db.execute("BEGIN IMMEDIATE")  # another process may be opening the same file
        if "answered" not in {row["name"] for row in self.rows("PRAGMA table_info(responses)")}:
            self._db.execute("ALTER TABLE responses ADD COLUMN answered REAL")  # an older file has none
        self._db.execute("COMMIT")
        self._db.execute(f"PRAGMA busy_timeout={_LOCK_TIMEOUT}")

    def enter(self) -> bool:
        """Register as a server of this file until `close`; returns whether it is the only one. Call after `begin`."""
        return self._lease is None or self._lease.enter()

    def begin(self) -> None:
        """Begin a transaction once other threads and processes have finished theirs.

        Raises
        ------
        sqlite3.OperationalError
            If another process keeps the file locked, or it cannot be written.
        """
        self._lock.acquire()
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            self._lock.release()
            raise
        self._db.execute("SAVEPOINT act")

    def settle(self) -> None:
        """Protect all changes so far from `undo`."""
        self._db.execute("RELEASE act")
        self._db.execute("SAVEPOINT act")

    def undo(self) -> None:
        """Roll back changes since `begin` or `settle`."""
        self._db.execute("ROLLBACK TO act")

    def commit(self) -> None:
        """Commit all changes since `begin`."""
        self._db.execute("COMMIT")

    def end(self) -> None:
        """Roll back uncommitted changes and release the lock."""
        self._db.rollback()
        self._lock.release()

    def close(self) -> None:
        """Close the file once the current request has ended."""
        with self._lock:
            if self._lease is not None:
                self._lease.leave(self._db)
            self._db.close()

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """All rows returned by one statement."""
        return self._db.execute(sql, values).fetchall()

    def change(self, sql: str, *values: object) -> None:
        """Execute one statement that modifies data."""
        self._db.execute(sql, values)

    def add(self, table: str, rows: Iterable[tuple[object, ...]]) -> int:
        """Insert whole rows, in the order of the table's columns; returns how many.

        Each statement inserts many: one for each row would take three times as long.
        """
        width, remaining = len(self.rows(f"PRAGMA table_info({table})")), iter(rows)
        one, added = f"({', '.join('?' * width)})", 0
        while chunk := list(islice(remaining, _MOST_VALUES // width)):
            self._db.execute(f"INSERT INTO {table} VALUES {', '.join([one] * len(chunk))}", [*chain(*chunk)])
            added += len(chunk)
        return added

    def fill(self, table: str, rows: Iterable[tuple[object, ...]], expected: int) -> int:
        """The same as `add`, for about so many rows: if they outnumber those of the table, its indexes are made anew.

        That takes half the time of keeping them up row by row.
        """
        held = self.rows(f"SELECT COUNT(*) AS number FROM {table}")[0]["number"]
        indexes = self.rows(_INDEXES, table) if expected > held else []
        for index in indexes:
            self.change(f"DROP INDEX {index['name']}")
        added = self.add(table, rows)
        for index in indexes:
            self.change(index["sql"])
        return added

    def each(self, sql: str, *values: object) -> Iterator[Any]:
        """The first column of all rows, one by one: a million of them need not be in memory together."""
        for row in self._db.execute(sql, values):
            yield row[0]

    def value(self, key: str, default: str = "") -> str:
        """A string saved by `remember`."""
        found = self.rows("SELECT value FROM meta WHERE key = ?", key)
        return str(found[0]["value"]) if found else default

    def remember(self, key: str, value: object) -> None:
        """Save a value as a string under `key`."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, str(value)))

    def next(self, counter: str) -> int:
        """1, 2, 3, ...; numbers of deleted objects are not reused."""
        number = int(self.value(f"counter {counter}", "0")) + 1
        self.remember(f"counter {counter}", number)
        return number

    def put(self, kind: str, ident: str, body: Document, parent: str = "") -> None:
        """Create or update a document; an existing one keeps its position and its parent."""
        text = json.dumps(body, ensure_ascii=False)
        done = self._db.execute("UPDATE documents SET body = ? WHERE kind = ? AND id = ?", (text, kind, ident))
        if not done.rowcount:
            self.add("documents", [(kind, ident, parent, self.next(f"order of {kind}"), text)])

    def get(self, kind: str, ident: str) -> Document | None:
        """A document, or None."""
        found = self.rows("SELECT body FROM documents WHERE kind = ? AND id = ?", kind, ident)
        return json.loads(found[0]["body"]) if found else None

    def all(self, kind: str, parent: str = "") -> list[Document]:
        """The documents of a kind (and parent), oldest first."""
        found = self.rows("SELECT body FROM documents WHERE kind = ? AND parent = ? ORDER BY number", kind, parent)
        return [json.loads(row["body"]) for row in found]

    def file(self, ident: str) -> bytes:
        """The content of a stored file."""
        return bytes(self.rows("SELECT body FROM files WHERE id = ?", ident)[0]["body"])

    def drop(self, kind: str, ident: str) -> None:
        """Delete a document."""
        self._db.execute("DELETE FROM documents WHERE kind = ? AND id = ?", (kind, ident))
