"""Watching a study: one poller, however many listen."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event, RLock, Thread
from weakref import WeakValueDictionary

from ...api import Client
from .status import ENDED, Status, StatusReader

log = logging.getLogger(__name__)

_SLOWEST = 16  # after failures the poller waits up to so many times as long


@dataclass(frozen=True)
class StatusUpdate:
    """What is known of a study.

    Parameters
    ----------
    status : Status or None
        What was seen last; None until the first look that went well.
    error : Exception or None
        Why the newest look failed; None if it did not.
    """

    status: Status | None = None
    error: Exception | None = None

    @property
    def ended(self) -> bool:
        """Whether all places are filled, or the study was stopped."""
        return self.error is None and self.status is not None and self.status.state in ENDED


Listener = Callable[[StatusUpdate], object]


class Watch:
    """The poller of one study. `watch` makes one, or finds the one there is.

    It looks every ``client.pace.study`` seconds on one daemon thread while somebody listens and the study has not
    ended. A look that fails is told and followed by another one, later and later.
    """

    def __init__(self, client: Client, study_id: str) -> None:
        self._client, self._study_id = client, study_id
        self._lock = RLock()
        self._listeners: list[Listener] = []
        self._thread: Thread | None = None
        self._wake = Event()
        self._again = False
        self._latest = StatusUpdate()
        self._status_reader = StatusReader(client, study_id)

    @property
    def latest(self) -> StatusUpdate:
        """The newest news."""
        with self._lock:
            return self._latest

    @property
    def polling(self) -> bool:
        """Whether the thread is at work."""
        with self._lock:
            return self._thread is not None

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with the news of every look, on the poller's thread; returns the way to unsubscribe."""
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
        """Look now, as after a change made from here; without listeners nothing happens."""
        with self._lock:
            self._again = True
            self._wake.set()
            if self._listeners and self._thread is None:
                self._thread = Thread(target=self._run, name=f"watch: study {self._study_id}", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        failures = 0
        while self._goes_on():
            self._tell(self._look())
            failures = failures + 1 if self.latest.error is not None else 0
            self._wake.wait(self._client.pace.study * min(2**failures, _SLOWEST))

    def _goes_on(self) -> bool:
        with self._lock:
            wanted = bool(self._listeners) and (self._again or not self._latest.ended)
            self._again = False
            self._wake.clear()
            if not wanted:
                self._thread = None
            return wanted

    def _look(self) -> StatusUpdate:
        try:
            return StatusUpdate(self._status_reader.read())
        except Exception as failure:  # told to everyone who listens; the next look may go well
            return replace(self.latest, error=failure)

    def _tell(self, news: StatusUpdate) -> None:
        with self._lock:
            self._latest = news
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener(news)
            except Exception:  # one broken view must not keep the others from the news
                log.exception("A listener of study %s failed", self._study_id)


_lock = RLock()
_watches: WeakValueDictionary[tuple[int, str], Watch] = WeakValueDictionary()


def watch(client: Client, study_id: str) -> Watch:
    """The one poller of a study, for any number of listeners.

    Parameters
    ----------
    client : Client
        Asks, and sets the pace.
    study_id : str

    Returns
    -------
    Watch
        The same one as long as anybody holds or uses it.
    """
    with _lock:
        # A watch holds its client, so no other client can have this id while the watch is there.
        found = _watches.get((id(client), study_id))
        if found is None:
            found = _watches[id(client), study_id] = Watch(client, study_id)
        return found
