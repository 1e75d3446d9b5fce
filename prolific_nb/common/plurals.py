"""Words that depend on others: numbers with their nouns, types with their articles."""

from __future__ import annotations

from collections.abc import Sequence

MOST_LISTED = 20
"""At most this many numbers are listed; the others are counted."""


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun, in the singular or plural; `plural` is needed if it is not the noun with an s.

    Examples
    --------
    >>> counted(1, "cell"), counted(1200, "row"), counted(0, "person", "people")
    ('1 cell', '1,200 rows', '0 people')
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def a_type(value: object) -> str:
    """The type of a value with its article.

    Examples
    --------
    >>> a_type(3), a_type("3")
    ('an int', 'a str')
    """
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeio' else 'a'} {name}"


def numbered(noun: str, numbers: Sequence[int]) -> str:
    """A noun with the first 20 numbers, and how many more there are.

    Examples
    --------
    >>> numbered("row", [2, 5]), numbered("column", range(2, 99))[-16:]
    ('rows 2, 5', ', 21 and 77 more')
    """
    listed = ", ".join(map(str, numbers[:MOST_LISTED]))
    more = f" and {len(numbers) - MOST_LISTED:,} more" if len(numbers) > MOST_LISTED else ""
    return f"{noun if len(numbers) == 1 else f'{noun}s'} {listed}{more}"
