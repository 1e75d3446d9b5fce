"""Rows and counts in words."""

from __future__ import annotations

from collections.abc import Sequence

MOST_LISTED = 20
"""So many are listed; the others are counted."""


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    Examples
    --------
    >>> counted(1, "cell"), counted(1200, "row")
    ('1 cell', '1,200 rows')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def numbered(noun: str, numbers: Sequence[int]) -> str:
    """A noun with its numbers, the first 20 of them; how many more there are.

    Examples
    --------
    >>> numbered("row", [2, 5]), numbered("column", range(2, 99))[-16:]
    ('rows 2, 5', ', 21 and 77 more')
    """
    listed = ", ".join(map(str, numbers[:MOST_LISTED]))
    more = f" and {len(numbers) - MOST_LISTED:,} more" if len(numbers) > MOST_LISTED else ""
    return f"{noun if len(numbers) == 1 else f'{noun}s'} {listed}{more}"
