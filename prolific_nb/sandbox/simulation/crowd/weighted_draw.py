"""Drawing one of several with their shares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def drawn(shares: Iterable[tuple[T, float]], number: float) -> T | None:
    """Which of some values with shares a number in [0, 1) draws; None if it is at or above the sum of the shares.

    Examples
    --------
    >>> drawn([("one", 0.5), ("other", 0.25)], 0.6), drawn([("one", 0.5)], 0.6)
    ('other', None)
    """
    for value, share in shares:
        if number < share:
            return value
        number -= share
    return None
