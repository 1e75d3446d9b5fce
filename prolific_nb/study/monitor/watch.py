"""Watching a study: one poller for any number of listeners."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Condition, Event, RLock, Thread
from weakref import WeakValueDictionary

from ...api import Client
from ...common.threads import start_thread
from .status import ENDED, Status, StatusReader

log = logging.getLogger(__name__)

_MAX_BACKOFF = 16  # after failures the interval grows up to this factor


@dataclass(frozen=True)
class StatusUpdate:
    """The latest known status of a study.

    Parameters
    ----------
    status : Status or None
        The last status that was read; None before the first successful request.
    error : Exception or None
        Why the latest request failed; None if it succeeded.
    """

    status: Status | None = None
    error: Exception | None = None

    @property
    def ended(self) -> bool:
        """Whether all places are filled, or the study was stopped."""
        return self.error is None and self.status is not None and self.status.state in ENDED


Listener = Callable[[StatusUpdate], object]


class Watch:
    """The poller of one study; `watch` returns the existing one or creates it.

    It polls every ``client.pace.study`` seconds on one daemon thread while there are listeners and the study has not
    ended. A failure is reported to the listeners and retried with back-off.
    """

    def __init__(self, client: Client, study_id: str) -> None:
        self._client, self._study_id = client, study_id
        self._lock = RLock()
        self._heard = Condition(self._lock)
        self._hurried = self._answered = 0
        self._listeners: list[Listener] = []
        self._thread: Thread | None = None
        self._wake = Event()
        self._again = False
        self._latest = StatusUpdate()
        self._status_reader = StatusReader(client, study_id)

    @property
    def latest(self) -> StatusUpdate:
        """The latest update."""
        with self._lock:
            return self._latest

    @property
    def polling(self) -> bool:
        """Whether the polling thread is running."""
        with self._lock:
            return self._thread is not None

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every update, on the poller's thread; returns a function that unsubscribes."""
        with self._lock:
            self._listeners.append(listener)
        self.hurry()

        def stop() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)
                if not self._listeners:
                    self._wake.set()

        return stop

    def hurry(self) -> None:
        """Poll now, for example after a local change; does nothing without listeners."""
        with self._lock:
            self._again = True
            self._hurried += 1
            self._wake.set()
            if self._listeners and self._thread is None:
                self._thread = start_thread(f"watch: study {self._study_id}", self._run)

    def settle(self, timeout: float) -> None:
        """Wait until the listeners know what was polled after the last `hurry`, at most `timeout` seconds."""
        with self._heard:
            asked = self._hurried
            self._heard.wait_for(lambda: self._answered >= asked or self._thread is None, timeout)

    def _run(self) -> None:
        failures = 0
        while self._continues():
            asked = self._hurried
            self._publish(self._poll())
            with self._heard:
                self._answered = asked
                self._heard.notify_all()
            failures = failures + 1 if self.latest.error is not None else 0
            self._wake.wait(self._client.pace.study * min(2**failures, _MAX_BACKOFF))

    def _continues(self) -> bool:
        with self._lock:
            wanted = bool(self._listeners) and (self._again or not self._latest.ended)
            self._again = False
            self._wake.clear()
            if not wanted:
                self._thread = None
                self._heard.notify_all()
            return wanted

    def _poll(self) -> StatusUpdate:
        try:
            return StatusUpdate(self._status_reader.read())
        except Exception as failure:  # passed to all listeners; the next request may succeed
            return replace(self.latest, error=failure)

    def _publish(self, update: StatusUpdate) -> None:
        with self._lock:
            self._latest = update
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener(update)
            except Exception:  # one failing listener must not affect the others
                log.exception("A listener of study %s failed", self._study_id)


_lock = RLock()
_watches: WeakValueDictionary[tuple[int, str], Watch] = WeakValueDictionary()


def watch(client: Client, study_id: str) -> Watch:
    """The one poller of a study, for any number of listeners.

    Parameters
    ----------
    client : Client
        Sends the requests; its `pace` sets the interval.
    study_id : str

    Returns
    -------
    Watch
        The same object as long as it is referenced.
    """
    with _lock:
        # A watch references its client, so no other client can have this id while the watch exists.
        found = _watches.get((id(client), study_id))
        if found is None:
            found = _watches[id(client), study_id] = Watch(client, study_id)
        return found


@contextmanager
def changing(study_id: str) -> Iterator[None]:
    """Change a study; whoever watches it, with any client, then polls it at once, even if it has ended."""
    try:
        yield
    finally:
        with _lock:
            watches = [each for (_, ident), each in _watches.items() if ident == study_id]
        for each in watches:
            each.hurry()
