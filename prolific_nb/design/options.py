"""Options as people write them, read into values and labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import isfinite
from typing import Any

from .items import NO_LIMIT, Option, Unit, Validation, Value

Options = Iterable[Value] | Mapping[Value, str]
"""Labels in order, or a mapping of what is stored to what is shown."""

Headed = Options | Mapping[str, Iterable[Value] | Mapping[Value, str]]
"""Options, or a mapping of a heading to the options under it."""

COMPARISON = (("left", "Left"), ("right", "Right"), ("tie", "No difference"))
"""Values and labels of a comparison; the last only where ties are allowed."""


def labelled(options: Any) -> tuple[tuple[Value, str], ...]:
    """Values with their labels.

    Parameters
    ----------
    options : iterable of str, int, float or bool, or mapping of these to str
        From an iterable, each value is its own label: ``str(value)``.

    Raises
    ------
    TypeError
        If it is one text, has no order, or holds something that is no value or no label.
    ValueError
        If a number is infinite or not a number: JSON has no such thing.

    Examples
    --------
    >>> labelled(["good", 1])
    (('good', 'good'), (1, '1'))
    >>> labelled({"g": "Good"})
    (('g', 'Good'),)
    """
    if isinstance(options, str | set | frozenset) or not isinstance(options, Iterable):
        raise TypeError(f"Options must be a list of labels or a mapping of values to labels, not {options!r}.")
    if isinstance(options, Mapping):
        return tuple((_value(value), _label(label)) for value, label in options.items())
    return tuple((value, str(value)) for value in map(_value, options))


def choices(options: Any, *, heading: str | None = None) -> tuple[Option, ...]:
    """Options, all under one heading."""
    return tuple(Option(label, value, heading=heading) for value, label in labelled(options))


def headed(question: str, options: Any) -> tuple[Option, ...]:
    """Options under headings; flat ones stand under the question itself.

    The same words may stand under several headings ("Good" for style and for accuracy), so a plain list there is
    stored as ``"heading: label"``: the answers tell them apart.
    """
    if not _has_headings(options):
        return choices(options, heading=question)
    groups = {heading: choices(group, heading=heading) for heading, group in options.items()}
    several = sum(map(bool, groups.values())) > 1
    return tuple(
        replace(option, value=f"{heading}: {option.label}")
        if several and not isinstance(options[heading], Mapping)
        else option
        for heading, group in groups.items()
        for option in group
    )


def limit_under_headings(options: Iterable[Option]) -> int:
    """How many options may be picked: one under a single heading, else any number."""
    return 1 if len({option.heading for option in options}) == 1 else NO_LIMIT


def measured(units: Any) -> tuple[Unit, ...]:
    """Units of a number; what is typed before them must be one."""
    return tuple(Unit(label, value, Validation("number")) for value, label in labelled(units))


def _has_headings(options: Any) -> bool:
    return isinstance(options, Mapping) and bool(options) and not any(isinstance(o, str) for o in options.values())


def _value(value: Any) -> Value:
    if hasattr(value, "item"):
        # A numpy scalar, as from Series.unique(): JSON and generated code want Python's own.
        value = value.item()
    if not isinstance(value, str | int | float):
        raise TypeError(f"An option must be text, a number or a truth value, not {value!r}.")
    if isinstance(value, float) and not isfinite(value):
        raise ValueError(f"{value!r} cannot be an option: JSON has no such number. Use text instead.")
    return value


def _label(label: Any) -> str:
    if not isinstance(label, str):
        raise TypeError(f"The label {label!r} is not text. A mapping of options goes from the value to its label.")
    return label
