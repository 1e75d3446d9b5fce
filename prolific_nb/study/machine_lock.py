"""One program at a time on this machine for each study, whichever folder, kernel or ledger it works with."""

from __future__ import annotations

import json
import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from ..common.display import notify
from ..errors import LedgerBusy, LedgerError

PATIENCE = 900.0  # seconds: the longest that one launch keeps the others waiting
_NOTICED = 1.0  # seconds after which a wait is worth a word


def data_folder() -> Path:
    """The folder of this package's own files, readable by their owner only; made where it does not exist.

    Raises
    ------
    LedgerError
        It cannot be made.
    """
    folder = Path(user_data_path("prolific_nb", appauthor=False))
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as failure:
        raise LedgerError(
            f"The folder {folder} cannot be created ({failure.strerror or failure}). It holds the ledger and the locks "
            "that keep two programs from paying twice. Create it, or name another ledger with ledger=... or "
            "PROLIFIC_NB_LEDGER."
        ) from None
    return folder


@contextmanager
def machine_lock(name: str, what: str, *, patience: float = PATIENCE) -> Iterator[None]:
    """Keep every other process and thread of this user out of everything of the same name meanwhile.

    The lock is the operating system's: a process that dies releases it.

    Parameters
    ----------
    name : str
        What may only be worked on by one program, such as a study and its host.
    what : str
        What is being done, for those who wait.
    patience : float
        Seconds to wait for another program.

    Raises
    ------
    LedgerBusy
        Another program held it all the time; the message says which.
    LedgerError
        The file system has no locks.
    """
    path = _folder() / f"{sha256(name.encode()).hexdigest()[:20]}.lock"
    lock = FileLock(path, thread_local=False)
    _acquire(lock, path, patience)
    try:
        _sign(path, what)
        yield
    finally:
        lock.release()


def _acquire(lock: FileLock, path: Path, patience: float) -> None:
    try:
        try:
            lock.acquire(timeout=min(_NOTICED, patience))
        except Timeout:
            _refuse_lockless(path)
            notify(f"Waiting: {holder(path)}.")
            lock.acquire(timeout=max(patience - _NOTICED, 0))
    except Timeout:
        raise LedgerBusy(
            f"Another program works on the same study: {holder(path)}. Wait for it, or end it, then run this again. "
            "Nothing was done here."
        ) from None
    except (OSError, NotImplementedError) as failure:  # the latter: older filelock, without flock
        raise lockless(path, failure) from None


def _refuse_lockless(path: Path) -> None:
    """Raise OSError where the file system refuses locks: the lock library waits for these as if they were held."""
    if sys.platform == "win32":
        return
    import fcntl

    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        fcntl.flock(file, fcntl.LOCK_UN)


def lockless(path: Path, failure: BaseException) -> LedgerError:
    """The error for a file system that cannot lock files."""
    reason = getattr(failure, "strerror", None) or failure
    return LedgerError(
        f"The lock {path} cannot be taken ({reason}): the file system has no locks, as some network drives. Without a "
        "lock two programs could pay twice, so nothing was done. Set XDG_DATA_HOME to a folder on a local disk, or "
        "run this on another machine."
    )


def _sign(path: Path, what: str) -> None:
    who = f"process {os.getpid()} on {socket.gethostname()}"
    try:
        path.with_suffix(".json").write_text(json.dumps({"who": who, "what": what, "since": time.time()}))
    except OSError:  # who holds the lock is only for the words of those who wait
        path.with_suffix(".json").unlink(missing_ok=True)


def holder(path: Path) -> str:
    """Who holds the lock, or held it last, in words."""
    try:
        found = json.loads(path.with_suffix(".json").read_text())
        since = time.strftime("%H:%M:%S", time.localtime(found["since"]))
        return f"{found['who']} has been using it since {since} ({found['what']})"
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return "another process has just taken the lock"


def _folder() -> Path:
    """Where the locks are: the same for all programs of this user, also where the home folder is read-only."""
    try:
        folder = data_folder() / "locks"
        folder.mkdir(exist_ok=True, mode=0o700)
        if os.access(folder, os.W_OK):
            return folder
    except (LedgerError, OSError):
        pass
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
    try:
        folder = Path(tempfile.gettempdir()) / f"prolific_nb-{user}"
        folder.mkdir(exist_ok=True, mode=0o700)
    except OSError as failure:
        raise LedgerError(
            f"There is no folder for the locks that keep two programs from paying twice, so nothing was done: neither "
            f"in the user's data folder nor in the temporary folder ({failure}). Set XDG_DATA_HOME or TMPDIR to a "
            "folder that can be written to."
        ) from None
    return folder
