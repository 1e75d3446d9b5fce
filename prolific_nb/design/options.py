"""Options as they are given to `Design`, read into values and labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any, TypeVar

from .items import NO_LIMIT, Option, Unit, Validation, Value

_T = TypeVar("_T")

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
        If it is a single string, has no order, or contains something that is not a valid value or label.
    ValueError
        If a number is infinite or NaN, which JSON does not allow.

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
    """Options under headings; the heading of flat options is the question itself.

    Several headings may have the same labels ("Good" for style and for accuracy), so a plain list there is stored as
    ``"heading: label"``: this keeps the answers apart.
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
    """Units of a number; what is typed with them must be a number."""
    return tuple(Unit(label, value, Validation("number")) for value, label in labelled(units))


def offered(options: Sequence[Option | Unit]) -> list[Value] | dict[Value, str]:
    """Options or units as they are given to `Design`: a list where each value is its own label, else a mapping."""
    if all(str(option.value) == option.label for option in options):
        return [option.value for option in options]
    return {option.value: option.label for option in options}


def kept(given: Any, kind: type[_T]) -> tuple[_T, ...] | None:
    """What is given, if it is a list of objects of this type already; otherwise None."""
    is_kept = isinstance(given, list | tuple) and given and all(isinstance(each, kind) for each in given)
    return tuple(given) if is_kept else None


def _has_headings(options: Any) -> bool:
    return isinstance(options, Mapping) and bool(options) and not any(isinstance(o, str) for o in options.values())


def _value(value: Any) -> Value:
    if hasattr(value, "item"):
        # A numpy scalar, as from Series.unique(): JSON and generated code need Python's own types.
        value = value.item()
    if not isinstance(value, str | int | float):
        raise TypeError(f"An option must be a string, a number or a bool, not {value!r}.")
    if isinstance(value, float) and not isfinite(value):
        raise ValueError(f"{value!r} cannot be an option: JSON has no such number. Use a string instead.")
    return value


def _label(label: Any) -> str:
    if not isinstance(label, str):
        raise TypeError(f"The label {label!r} is not a string. A mapping of options goes from each value to its label.")
    return label
