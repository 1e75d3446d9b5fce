"""Jobs: work on a thread of its own, with progress and cancel, so that a notebook stays alive meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event, RLock, Thread
from typing import Generic, Literal, TypeVar

from .common.progress import Progress
from .errors import ProlificError

T = TypeVar("T")
State = Literal["running", "done", "failed", "cancelled"]
log = logging.getLogger(__name__)


class Cancelled(ProlificError):
    """The user cancelled the work. What was begun at the server goes on there."""


class Job(Generic[T]):
    """A function that runs on a worker thread from the moment the job is made.

    Parameters
    ----------
    work : callable
        Called with `tell`, an `OnProgress`; each call of it shows progress and is the place where a cancel is heeded.
    name : str
        What is being done, in words.

    Attributes
    ----------
    state : {"running", "done", "failed", "cancelled"}
    progress : Progress or None
        The last one told.
    error : BaseException or None
        Why it failed.

    Examples
    --------
    >>> job = Job(lambda tell: 6 * 7, "Multiplying")
    >>> job.result(timeout=5), job.state
    (42, 'done')
    """

    def __init__(self, work: Callable[[Callable[[Progress], None]], T], name: str) -> None:
        self.name = name
        self.state: State = "running"
        self.progress: Progress | None = None
        self.error: BaseException | None = None
        self._value: T | None = None
        self._lock = RLock()
        self._cancel, self._ended = Event(), Event()
        self._listeners: list[Callable[[Job[T]], None]] = []
        self._thread = Thread(target=self._run, args=(work,), name=f"job: {name}", daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[Callable[[Progress], None]], T]) -> None:
        state: State = "done"
        try:
            self._value = work(self._tell)
        except Cancelled as cancelled:
            state, self.error = "cancelled", cancelled
        except BaseException as failure:  # kept for result(); a thread has nobody to raise it to
            state, self.error = "failed", failure
        with self._lock:
            self.state = state
            self._ended.set()
        self._notify()

    def _tell(self, progress: Progress) -> None:
        if self._cancel.is_set():
            raise Cancelled(f"{self.name} was cancelled. What was begun at the server stays there.")
        self.progress = progress
        self._notify()

    def _notify(self) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener(self)
            except Exception:  # one broken listener must not end the work or the others' news
                log.exception("A listener of the job %r failed", self.name)

    def subscribe(self, listener: Callable[[Job[T]], None]) -> Callable[[], None]:
        """Call `listener` with this job at every change, on the worker's thread; returns the way to unsubscribe.

        A listener that comes after the end is called once, at once.
        """
        with self._lock:
            ended = self._ended.is_set()
            if not ended:
                self._listeners.append(listener)
        if ended:
            listener(self)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def cancel(self) -> None:
        """Ask the work to stop; it does so where it next tells progress."""
        self._cancel.set()

    def result(self, timeout: float | None = None) -> T:
        """Wait for the end and return what the work returned, or raise what it raised.

        Raises
        ------
        TimeoutError
            After `timeout` seconds; the work goes on.
        """
        if not self._ended.wait(timeout):
            raise TimeoutError(f"{self.name} was not finished within {timeout} s. It goes on; ask again.")
        if self.error is not None:
            raise self.error
        return self._value  # type: ignore[return-value]  # set by the work, whose type it has


class Debouncer:
    """Runs only the newest of many requests on one thread: for what is recomputed while someone types.

    Parameters
    ----------
    name : str
        What is being done, in words.
    pause : float
        Seconds of quiet before a request is run.

    Examples
    --------
    >>> seen, latest = [], Debouncer("Counting", pause=0.01)
    >>> for number in range(100):
    ...     latest(lambda number=number: seen.append(number))
    >>> latest.join(timeout=5)
    >>> seen[-1], len(seen) < 100
    (99, True)
    """

    def __init__(self, name: str, pause: float = 0.15) -> None:
        self._name, self._pause = name, pause
        self._lock = RLock()
        self._waiting: Callable[[], None] | None = None
        self._thread: Thread | None = None
        self._newer = Event()

    def __call__(self, work: Callable[[], None]) -> None:
        """Run `work` soon, unless a newer one comes first. It handles its own errors."""
        with self._lock:
            self._waiting = work
            self._newer.set()
            if self._thread is None:
                self._thread = Thread(target=self._run, name=f"latest: {self._name}", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            while self._newer.wait(self._pause):
                self._newer.clear()  # someone still types: the pause begins anew
            with self._lock:
                work, self._waiting = self._waiting, None
                if work is None:
                    self._thread = None
                    return
            work()

    def now(self) -> None:
        """Run what waits, on the caller's thread and without the pause; nothing where nothing waits."""
        with self._lock:
            work, self._waiting = self._waiting, None
        if work is not None:
            work()

    def join(self, timeout: float) -> None:
        """Wait until nothing is left to run, at most `timeout` seconds."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)
