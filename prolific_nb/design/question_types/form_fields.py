"""The fields of the composer's form as data, and options and units as lines of text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from ...errors import ArgumentError

Values = dict[str, Any]
"""The values of the form, by the names of its fields."""


@dataclass(frozen=True)
class FormField:
    """One field of the form; types that declare a field of the same name share it.

    Parameters
    ----------
    name, label, hint : str
        Its key in `Values`, its label, and its placeholder or tooltip.
    input : {"text", "lines", "rich", "number", "decimal", "choice", "column"}
        A line of text, several lines, formatted text as HTML, a whole number, a number, one of `choices`, or one of the
        columns of the data.
    rows : int
        Height of ``"lines"``.
    least, most : int
        Bounds of ``"number"``.
    choices : tuple of (str, object)
        Labels and values of ``"choice"``.
    only_if : (str, object), optional
        The field is shown only while another field has this value.
    raw_if : (str, object), optional
        Text of ``"rich"`` is edited as it is, not as HTML, while another field has this value.
    """

    name: str
    label: str
    input: Literal["text", "lines", "rich", "number", "decimal", "choice", "column"] = "text"
    hint: str = ""
    rows: int = 2
    least: int = 0
    most: int = 100_000
    choices: tuple[tuple[str, object], ...] = ()
    only_if: tuple[str, object] | None = None
    raw_if: tuple[str, object] | None = None


QUESTION = FormField("question", "Question", "lines", "What is asked")
PLACEHOLDER = FormField("placeholder", "Placeholder", hint="Shown until something is typed or chosen")
DROPDOWN = FormField(
    "dropdown", "Dropdown", "choice", "Where the options are many", choices=(("from 5 options", True), ("never", False))
)
HELPER = FormField("helper", "Hint", hint="A line below the question")


def option_line(value: Any, label: str) -> str:
    """An option or unit as one line: its label, or ``value | label`` where the two differ."""
    return str(label) if str(value) == label else f"{value} | {label}"


def option_lines(options: Iterable[Any]) -> str:
    """Options or units, one a line."""
    return "\n".join(option_line(option.value, option.label) for option in options)


def pairs(text: str, *, numbers: bool = False) -> list[tuple[Any, str]]:
    """Values and labels from lines of ``label`` or ``value | label``; whole numbers are read as such on request."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        value, bar, label = (part.strip() for part in line.partition("|"))
        number = numbers and re.fullmatch(r"-?\d{1,9}", value)
        found.append((int(value) if number else value, label if bar else value))
    return found


def range_text(low: float | None, high: float | None) -> str:
    """Two bounds as they are typed: ``"1 to 9"``, ``"1 to"``, ``"to 9"`` or nothing.

    Examples
    --------
    >>> range_text(1, None)
    '1 to'
    """
    if low is None and high is None:
        return ""
    return f"{'' if low is None else low} to {'' if high is None else high}".strip()


def read_range(text: str) -> tuple[float | None, float | None]:
    """The two bounds that were typed.

    Raises
    ------
    ValueError
        If they cannot be read.

    Examples
    --------
    >>> read_range("0.5 to")
    (0.5, None)
    """
    if not text.strip():
        return None, None
    found = re.fullmatch(r"\s*(\S*)\s*\bto\b\s*(\S*)\s*", text)
    with suppress(ValueError):
        if found:
            low, high = (_number(part) if part else None for part in found.groups())
            return low, high
    raise ArgumentError(f"{text.strip()!r} is not a valid range. Write it as 0 to 120, or with one limit: 0 to.")


def _number(text: str) -> float:
    return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)
