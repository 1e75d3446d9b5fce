"""Jobs: work on a background thread, with progress and cancellation, so that a notebook stays responsive."""

from __future__ import annotations

import logging
from collections.abc import Callable
from math import inf
from threading import Event, RLock, Thread
from time import monotonic
from typing import Generic, Literal, TypeVar

from .common.progress import Progress
from .common.threads import start_thread
from .errors import ProlificError

T = TypeVar("T")
State = Literal["running", "done", "failed", "cancelled"]
log = logging.getLogger(__name__)


class Cancelled(ProlificError):
    """The user cancelled the work. Operations already started on the server continue there."""


class Job(Generic[T]):
    """A function that runs on a worker thread; it starts when the job is created.

    Parameters
    ----------
    work : callable
        Called with an `OnProgress` function. Each call of that function reports progress and, after `cancel`, raises
        `Cancelled`.
    name : str
        What is being done, such as ``"Launching"``.

    Attributes
    ----------
    state : {"running", "done", "failed", "cancelled"}
    progress : Progress or None
        The last one reported.
    error : BaseException or None
        Why it failed.

    Examples
    --------
    >>> job = Job(lambda on_progress: 6 * 7, "Multiplying")
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
        self._thread = start_thread(f"job: {name}", self._run, work)

    def _run(self, work: Callable[[Callable[[Progress], None]], T]) -> None:
        state: State = "done"
        try:
            self._value = work(self._on_progress)
        except Cancelled as cancelled:
            state, self.error = "cancelled", cancelled
        except BaseException as failure:  # kept for result(): raised on a thread, it would be lost
            state, self.error = "failed", failure
        with self._lock:
            self.state = state
            self._ended.set()
        self._notify()

    def _on_progress(self, progress: Progress) -> None:
        if self._cancel.is_set():
            raise Cancelled(f"{self.name} was cancelled. Operations already started on the server are not undone.")
        self.progress = progress
        self._notify()

    def _notify(self) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener(self)
            except Exception:  # a failing listener must not stop the work or the other listeners
                log.exception("A listener of the job %r failed", self.name)

    def subscribe(self, listener: Callable[[Job[T]], None]) -> Callable[[], None]:
        """Call `listener` with this job at every change, on the worker thread; returns a function that unsubscribes it.

        A listener that is added after the job has ended is called once, immediately.
        """
        with self._lock:
            ended = self._ended.is_set()
            if not ended:
                self._listeners.append(listener)
        if ended:
            listener(self)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def cancel(self) -> None:
        """Ask the work to stop; it does so when it next reports progress."""
        self._cancel.set()

    def result(self, timeout: float | None = None) -> T:
        """Wait for the work to end and return its result, or raise its error.

        Raises
        ------
        TimeoutError
            After `timeout` seconds; the work continues.
        """
        if not self._ended.wait(timeout):
            raise TimeoutError(
                f"{self.name} has not finished within {timeout} s. "
                "It is still running; call result() again to keep waiting."
            )
        if self.error is not None:
            raise self.error
        return self._value  # type: ignore[return-value]  # set by the work


class Debouncer:
    """Runs only the newest of many requests, on one thread: for values that are recomputed while the user types.

    Parameters
    ----------
    name : str
        What is being done, such as ``"Quoting"``.
    pause : float
        How long to wait for a newer request before running one, in seconds.
    longest : float
        After this time a request is run even if newer ones keep arriving, in seconds; by default it waits for them.

    Examples
    --------
    >>> seen, debounced = [], Debouncer("Counting", pause=0.01)
    >>> for number in range(100):
    ...     debounced(lambda number=number: seen.append(number))
    >>> debounced.join(timeout=5)
    >>> seen[-1], len(seen) < 100
    (99, True)
    """

    def __init__(self, name: str, pause: float = 0.15, longest: float = inf) -> None:
        self._name, self._pause, self._longest = name, pause, longest
        self._lock, self._working = RLock(), RLock()
        self._waiting: Callable[[], None] | None = None
        self._thread: Thread | None = None
        self._newer = Event()

    def __call__(self, work: Callable[[], None]) -> None:
        """Run `work` after the pause, unless a newer request replaces it. `work` must handle its own errors."""
        with self._lock:
            self._waiting = work
            self._newer.set()
            if self._thread is None:
                self._thread = start_thread(f"debouncer: {self._name}", self._run)

    def _run(self) -> None:
        while True:
            self._wait_until_quiet()
            with self._lock:
                work, self._waiting = self._waiting, None
                if work is None:
                    self._thread = None
                    return
            with self._working:
                work()

    def _wait_until_quiet(self) -> None:
        until = monotonic() + self._longest
        while self._newer.wait(min(self._pause, max(until - monotonic(), 0))):
            self._newer.clear()  # a newer request arrived: the pause starts again
            if monotonic() >= until:
                return

    def now(self) -> None:
        """Run the waiting request, if any, on the caller's thread and without the pause; one that runs is waited for.

        The caller must not hold a lock that the work needs.
        """
        with self._lock:
            work, self._waiting = self._waiting, None
        with self._working:
            if work is not None:
                work()

    def join(self, timeout: float) -> None:
        """Wait until no request is left to run, at most `timeout` seconds."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)
