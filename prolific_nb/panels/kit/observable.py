"""Held: a value that changes over time, with its history and those who watch it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import RLock
from typing import Any, Generic, TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)
_LONGEST = 200  # changes that can be undone


class Observable(Generic[T]):
    """One current value, frozen; every change replaces it. Callbacks may come from any thread.

    Parameters
    ----------
    value : object
        The first value.

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
        """Replace the value; the same one changes nothing."""
        self.update(lambda _: value)

    def update(self, change: Callable[[T], T], *, merge: str = "") -> None:
        """Replace the value by ``change(value)``, with no other change in between.

        Parameters
        ----------
        merge : str
            Changes in a row that name the same thing, such as keystrokes in one field, are undone as one.
        """
        with self._lock:
            value = change(self._value)
            if value is self._value:
                return
            if not merge or merge != self._merged:
                self._undo = [*self._undo, self._value][-_LONGEST:]
            self._merged = merge
            self._redo.clear()
            self._value = value
        self._notify()

    @property
    def can_undo(self) -> bool:
        """Whether there is a value to go back to."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether an undone value can come back."""
        return bool(self._redo)

    def undo(self) -> None:
        """Go back to the value before; without one nothing happens."""
        self._step(self._undo, self._redo)

    def redo(self) -> None:
        """Take back the last undo; without one nothing happens."""
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
        """Call `listener` with the current value after every change; returns the way to unsubscribe."""
        with self._lock:
            self._listeners.append(listener)

        def stop() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return stop

    @property
    def listeners(self) -> int:
        """How many watch."""
        return len(self._listeners)

    def _notify(self) -> None:
        for listener in list(self._listeners):
            try:
                # The value of now, not of the change: a slower thread must not bring back an older one.
                listener(self.value)
            except Exception:  # one broken view must not keep the others from the news
                log.exception("A listener failed")


def as_observable(value: Any) -> Observable[Any]:
    """The value as an `Observable`: itself if it is one already."""
    return value if isinstance(value, Observable) else Observable(value)
