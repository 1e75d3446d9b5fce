"""The fields of the composer's form as data, and options and units as lines of text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

Values = dict[str, Any]
"""The values of the form, by the names of its fields."""


@dataclass(frozen=True)
class FormField:
    """One field of the form; types that declare a field of the same name share it.

    Parameters
    ----------
    name, label, hint : str
        Its key in `Values`, its label, and its placeholder or tooltip.
    input : {"text", "lines", "number", "choice", "column"}
        A line of text, several lines, a whole number, one of `choices`, or one of the columns of the data.
    rows : int
        Height of ``"lines"``.
    least, most : int
        Bounds of ``"number"``.
    choices : tuple of (str, str)
        Labels and values of ``"choice"``.
    only_if : (str, object), optional
        The field is shown only while another field has this value.
    """

    name: str
    label: str
    input: Literal["text", "lines", "number", "choice", "column"] = "text"
    hint: str = ""
    rows: int = 2
    least: int = 0
    most: int = 100_000
    choices: tuple[tuple[str, str], ...] = ()
    only_if: tuple[str, object] | None = None


QUESTION = FormField("question", "Question", "lines", "What is asked")
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
