"""Checks that several item types share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise
from math import inf
from typing import TypeVar

from ..items import Item, Option, QuestionItem, Validation
from .question import text_of

Problem = tuple[str, str]
"""What is wrong, and what to do now."""

_SCRIPT = re.compile(r"<\s*script|javascript\s*:", re.IGNORECASE)
_T = TypeVar("_T", bound=Hashable)


def no_advice(_item: Item) -> Iterator[Problem]:
    """For types that nothing is recommended for."""
    yield from ()


def question_text(item: QuestionItem) -> Iterator[Problem]:
    """A question needs a text."""
    if not item.description.strip():
        yield "The question has no text.", "Write what the participant is asked."


def distinct_values(noun: str, pairs: Sequence[tuple[str | float, str]]) -> Iterator[Problem]:
    """Values of options or units are distinct and not empty; labels are not empty."""
    for text in repeated(text_of(value) for value, _ in pairs):
        yield f"Two {noun}s have the same value {text!r}.", f"Give each {noun} its own value."
    if any(not text_of(value).strip() for value, _ in pairs):
        yield f"The value of one {noun} is empty and would look like a missing answer.", "Give it a value."
    if any(not label.strip() for _, label in pairs):
        yield f"The label of one {noun} is empty.", "Write what the participant reads."


def choice(options: Sequence[Option], limit: int) -> Iterator[Problem]:
    """Enough options, distinct ones, and a limit that fits them."""
    if len(options) < 2:
        yield f"A choice needs two options or more; this one has {len(options)}.", "Add options."
    yield from distinct_values("option", [(option.value, option.label) for option in options])
    if limit != -1 and not is_count(limit, max(len(options), 1)):
        what = f"{limit} options may be picked, of {len(options)}."
        yield what, "Set at_most from 1 to the number of options, or leave it out for any number."
    yield from _exclusive(limit, options)


def _exclusive(limit: int, options: Sequence[Option]) -> Iterator[Problem]:
    exclusive = [option for option in options if option.exclusive]
    if exclusive and limit == 1:
        yield "An option that excludes the others has no effect where only one may be picked.", "Leave out none=."
    if exclusive and len(exclusive) == len(options):
        yield "Every option excludes the others.", "Add at least one option that can be picked together with others."


def same_labels(options: Sequence[Option]) -> Iterator[Problem]:
    """Labels of options are distinct under each heading."""
    for heading, label in repeated((option.heading, option.label) for option in options):
        under = f" under {heading!r}" if heading is not None else ""
        yield f"Two options have the same label {label!r}{under}.", "Give them different labels."


def bounds(rule: Validation, where: str = "") -> Iterator[Problem]:
    """The bounds of what may be typed; `where` begins the messages."""
    given = [bound for bound in (rule.min, rule.max) if bound is not None]
    if rule.type == "string" and any(type(bound) is not int or bound < 0 for bound in given):
        yield (
            f"{where}Lengths must be whole numbers of characters from 0.",
            "Give min_chars and max_chars as whole numbers.",
        )
    if rule.type not in ("string", "number"):
        yield f"{where}The rule {rule.type!r} is not valid.", 'Use "string" or "number".'
    if rule.min is not None and rule.max is not None and rule.min > rule.max:
        yield f"{where}The minimum, {rule.min}, is above the maximum, {rule.max}.", "Swap them or leave one out."


# What pandas.read_csv and many other programs read as a missing value.
_MISSING = frozenset(
    [
        "#N/A",
        "#N/A N/A",
        "#NA",
        "-1.#IND",
        "-1.#QNAN",
        "-NaN",
        "-nan",
        "1.#IND",
        "1.#QNAN",
        "<NA>",
        "N/A",
        "NA",
        "NULL",
        "NaN",
        "None",
        "n/a",
        "nan",
        "null",
    ]
)


def missing_words(noun: str, values: Iterable[object]) -> Iterator[Problem]:
    """Values that do not survive a CSV file."""
    for value in values:
        if isinstance(value, str) and value in _MISSING:
            what = f"The {noun} value {value!r} is read as a missing answer from a saved CSV file."
            yield what, f'Store another value under the same label, as in {{"not_applicable": {value!r}}}.'


def scale_gaps(options: Sequence[Option]) -> Iterator[Problem]:
    """The points of a scale of whole numbers are in order, and none is missing."""
    values = [_whole(option.value) for option in options]
    points = [value for value in values if value is not None]
    if len(points) < 2 or len(points) < len(values) or len(set(points)) < len(points):
        return
    if points not in (sorted(points), sorted(points, reverse=True)):
        yield f"The points of the scale are not in order: {', '.join(map(str, points))}.", "Give them in order."
    low, high = min(points), max(points)
    named = any(str(option.value) != option.label for option in options)
    missing = [number for number in range(low, high) if number not in points] if high - low <= _WIDEST else []
    if (len(points) == 2 and high - low > 1) or (missing and (named or not _even(points))):
        what = f"The scale goes from {low} to {high} but has {len(points)} points: {_gaps(points)} missing."
        yield what, f'Give all points and name the ends: rate(…, range({low}, {high + 1}), ends=("…", "…")).'


_WIDEST = 20
"""Longest scale of whole numbers in which a missing point is likely to be a mistake, unless it has two points only."""


def _whole(value: object) -> int | None:
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d{1,9}", value.strip()):
        return int(value)
    return value if type(value) is int else None


def _even(points: Sequence[int]) -> bool:
    ordered = sorted(points)
    return len({after - before for before, after in pairwise(ordered)}) == 1


def _gaps(points: Sequence[int]) -> str:
    ordered = sorted(points)
    gaps = [(before + 1, after - 1) for before, after in pairwise(ordered) if after - before > 1]
    parts = [str(low) if low == high else f"{low} to {high}" for low, high in gaps]
    return f"{' and '.join(parts)} {'is' if len(gaps) == 1 and gaps[0][0] == gaps[0][1] else 'are'}"


def scripts(html: str) -> Iterator[Problem]:
    """HTML that participants see contains no scripts."""
    if _SCRIPT.search(html):
        yield "The text contains a script.", "Remove <script> and javascript: links; Prolific shows basic HTML only."


def is_count(number: object, most: float = inf) -> bool:
    """Whether it is a whole number from 1 to `most`."""
    # bool is a subclass of int in Python, but not in JSON.
    return type(number) is int and 1 <= number <= most


def repeated(values: Iterable[_T]) -> list[_T]:
    """The values that occur more than once."""
    return [value for value, times in Counter(values).items() if times > 1]
