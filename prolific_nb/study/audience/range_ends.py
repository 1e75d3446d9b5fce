"""The ends of a range filter: numbers, or dates as strings."""

from __future__ import annotations

from datetime import date
from math import isfinite
from numbers import Integral, Real
from typing import Any


def plain(end: Any) -> Any:
    """An end as JSON can hold it: numpy's numbers as Python's, dates in ISO 8601; any other value unchanged."""
    if isinstance(end, date):
        return end.isoformat()
    if isinstance(end, bool) or not isinstance(end, Real):
        return end
    number = int(end) if isinstance(end, Integral) else float(end)
    return int(number) if float(number).is_integer() else number


def is_end(end: Any) -> bool:
    """Whether a value can be the end of a range: a finite number or a non-empty string."""
    if isinstance(end, str):
        return bool(end.strip())
    return isinstance(end, int | float) and not isinstance(end, bool) and isfinite(end)


def position(end: Any) -> tuple[str, float] | None:
    """Kind and place of an end on its scale; None for strings that are neither a number nor a date.

    Examples
    --------
    >>> position("18") == position(18)
    True
    >>> position("2000-01-31")
    ('date', 730150.0)
    """
    try:
        if isfinite(number := float(end)):
            return "number", number
    except (TypeError, ValueError, OverflowError):
        pass
    try:
        return "date", float(date.fromisoformat(str(end)[:10]).toordinal())
    except ValueError:
        return None


def above(one: Any, other: Any) -> bool:
    """Whether one end is above another on the same scale; ends that cannot be compared are not."""
    first, second = position(one), position(other)
    return first is not None and second is not None and first[0] == second[0] and first[1] > second[1]
