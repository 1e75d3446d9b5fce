"""Checks that several item types share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
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


def bounds(rule: Validation) -> Iterator[Problem]:
    """The bounds of what may be typed."""
    given = [bound for bound in (rule.min, rule.max) if bound is not None]
    if rule.type == "string" and any(type(bound) is not int or bound < 0 for bound in given):
        yield "Lengths must be whole numbers of characters from 0.", "Give min_chars and max_chars as whole numbers."
    if rule.min is not None and rule.max is not None and rule.min > rule.max:
        yield f"The minimum, {rule.min}, is above the maximum, {rule.max}.", "Swap them or leave one out."


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
