"""Observable: a value that changes over time, with its history and its listeners."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import RLock
from typing import Any, Generic, TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)
_MAX_UNDO = 200  # changes


class Observable(Generic[T]):
    """One current, immutable value; every change replaces it. Listeners may be called on any thread.

    Parameters
    ----------
    value : object
        The initial value.

    Examples
    --------
    >>> held = Observable(1)
    >>> stop = held.subscribe(print)
    >>> held.set(2); held.undo(); held.redo()
    2
    1
    2
    >>> stop(); held.set(3)
    """

    def __init__(self, value: T) -> None:
        self._lock = RLock()
        self._value = value
        self._undo: list[T] = []
        self._redo: list[T] = []
        self._merged = ""
        self._listeners: list[Callable[[T], Any]] = []

    @property
    def value(self) -> T:
        """The current value."""
        with self._lock:
            return self._value

    def set(self, value: T) -> None:
        """Replace the value; setting the same object has no effect."""
        self.update(lambda _: value)

    def update(self, change: Callable[[T], T], *, merge: str = "") -> None:
        """Replace the value by ``change(value)``, atomically.

        Parameters
        ----------
        merge : str
            Consecutive changes with the same key, such as keystrokes in one field, are undone together.
        """
        with self._lock:
            value = change(self._value)
            if value is self._value:
                return
            if not merge or merge != self._merged:
                self._undo = [*self._undo, self._value][-_MAX_UNDO:]
            self._merged = merge
            self._redo.clear()
            self._value = value
        self._notify()

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to undo."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether there is an undone change to redo."""
        return bool(self._redo)

    def undo(self) -> None:
        """Return to the previous value, if there is one."""
        self._step(self._undo, self._redo)

    def redo(self) -> None:
        """Redo the last undone change, if there is one."""
        self._step(self._redo, self._undo)

    def _step(self, source: list[T], target: list[T]) -> None:
        with self._lock:
            if not source:
                return
            target.append(self._value)
            self._value = source.pop()
            self._merged = ""
        self._notify()

    def subscribe(self, listener: Callable[[T], Any]) -> Callable[[], None]:
        """Call `listener` with the current value after every change; returns a function that unsubscribes."""
        with self._lock:
            self._listeners.append(listener)

        def stop() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return stop

    @property
    def listeners(self) -> int:
        """The number of listeners."""
        return len(self._listeners)

    def _notify(self) -> None:
        for listener in list(self._listeners):
            try:
                # The current value, not that of this change: a slower thread must not restore an older one.
                listener(self.value)
            except Exception:  # one failing listener must not keep the others from being called
                log.exception("A listener failed")


def as_observable(value: Any) -> Observable[Any]:
    """The value as an `Observable`: itself if it is one already."""
    return value if isinstance(value, Observable) else Observable(value)
