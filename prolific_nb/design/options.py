"""Options as they are given to `Design`, read into values and labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any, TypeVar

from ..errors import ArgumentError, ArgumentTypeError
from .items import NO_LIMIT, Option, Unit, Validation, Value, part_from_api

_T = TypeVar("_T")
_P = TypeVar("_P", Option, Unit)

Options = Iterable[Value | Mapping[str, Any]] | Mapping[Value, str]
"""Labels in order, or a mapping of what is stored to what is shown; in a list, also options as the API has them."""

Headed = Options | Mapping[str, Iterable[Value] | Mapping[Value, str]]
"""Options, or a mapping of a heading to the options under it."""

Limits = Mapping[Value, tuple[float | None, float | None]] | tuple[float | None, float | None]
"""The smallest and the largest number, of each unit or of all; None leaves it open."""

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
        raise ArgumentTypeError(f"Options must be a list of labels or a mapping of values to labels, not {options!r}.")
    if isinstance(options, Mapping):
        return tuple((_value(value), _label(label)) for value, label in options.items())
    return tuple((value, str(value)) for value in map(_value, options))


def choices(options: Any, *, heading: str | None = None) -> tuple[Option, ...]:
    """Options, all under one heading unless they have one."""
    given = [_as_sent(each, Option) for each in _listed(options)]
    return tuple(
        option if heading is None or option.heading is not None else replace(option, heading=heading)
        for option in given
    )


def _listed(options: Any) -> Iterable[Any]:
    """Options one by one: as the API has them, or as pairs of a value and a label."""
    if isinstance(options, Mapping) or not isinstance(options, Iterable) or isinstance(options, str | set | frozenset):
        return labelled(options)
    return [each if isinstance(each, Mapping) else labelled([each])[0] for each in options]


def _as_sent(given: Any, kind: type[_P]) -> _P:
    if not isinstance(given, Mapping):
        value, label = given
        return kind(label=label, value=value)
    if not {"label", "value"} <= given.keys():
        raise ArgumentTypeError(f"An option is written as {{'label': …, 'value': …}}, but this is {dict(given)!r}.")
    return part_from_api(kind, {**given, "value": _value(given["value"])})


def right_option(right: Any, options: Iterable[Option]) -> Value:
    """The value of the option that is right, as the option has it.

    Raises
    ------
    ValueError
        If it is not the value of an option; the message lists the values.
    """
    values = [option.value for option in options]
    same = [value for value in values if _same_value(value, right)]
    if not same:
        raise ArgumentError(f"right={right!r} is not one of the options, {', '.join(map(repr, values))}.")
    return same[0]


def _same_value(value: Value, given: Any) -> bool:
    given = given.item() if hasattr(given, "item") else given
    return value == given and isinstance(value, bool) == isinstance(given, bool)  # 1 equals True to Python


def with_ends(options: Any, ends: Any) -> tuple[Option, ...]:
    """The points of a scale, with a word added to the labels of the first and the last.

    Examples
    --------
    >>> [option.label for option in with_ends(range(1, 4), ("not at all", "very"))]
    ['1: not at all', '2', '3: very']
    """
    points = choices(options)
    if ends is None:
        return points
    if not isinstance(ends, tuple | list) or len(ends) != 2 or not all(isinstance(end, str) for end in ends):
        raise ArgumentTypeError(
            f'The ends of a scale are two strings, as in ends=("not at all", "very"), not {ends!r}.'
        )
    if len(points) < 2:
        return points
    first, *between, last = points
    low, high = (replace(point, label=f"{point.label}: {end}") for point, end in zip((first, last), ends, strict=True))
    return (low, *between, high)


def headed(question: str, options: Any) -> tuple[Option, ...]:
    """Options under headings; the heading of flat options is the question itself.

    Several headings may have the same labels ("Good" for style and for accuracy), so a plain list there is stored as
    ``"heading: label"``: this keeps the answers apart.
    """
    if not _has_headings(options):
        return choices(options, heading=question)
    several = sum(map(bool, options.values())) > 1
    return tuple(
        option for heading, group in options.items() for option in _under_heading(heading, group, several=several)
    )


def _under_heading(heading: str, group: Any, *, several: bool) -> Iterable[Option]:
    options = choices(group, heading=heading)
    if not several or isinstance(group, Mapping):
        return options
    sent = [isinstance(each, Mapping) for each in group]
    return [
        option if as_sent else replace(option, value=f"{heading}: {option.label}")
        for as_sent, option in zip(sent, options, strict=True)
    ]


def limit_under_headings(options: Iterable[Option]) -> int:
    """How many options may be picked: one under a single heading, else any number."""
    return 1 if len({option.heading for option in options}) == 1 else NO_LIMIT


def measured(units: Any, limits: Limits | None = None) -> tuple[Unit, ...]:
    """Units of a number; what is typed with them must be a number, within the limits of its unit."""
    made = [_as_sent(each, Unit) if isinstance(each, Mapping) else _number_in(*each) for each in _listed(units)]
    known = [unit.value for unit in made]
    bounds = limits if isinstance(limits, Mapping) else dict.fromkeys(known, limits) if limits is not None else {}
    if unknown := [repr(value) for value in bounds if value not in known]:
        raise ArgumentError(f"limits names {', '.join(unknown)}, but the units are {', '.join(map(repr, known))}.")
    return tuple(
        replace(unit, validation=Validation("number", *bounded(bounds[unit.value]))) if unit.value in bounds else unit
        for unit in made
    )


def _number_in(value: Value, label: str) -> Unit:
    return Unit(label, value, Validation("number"))


def bounded(limits: Any) -> tuple[float | None, float | None]:
    """The smallest and the largest number, as given; a TypeError if they are not two numbers or None."""
    if isinstance(limits, str) or not isinstance(limits, Sequence) or len(limits) != 2:
        raise ArgumentTypeError(f"Limits are the smallest and the largest number, as in (0, 120), not {limits!r}.")
    low, high = (each.item() if hasattr(each, "item") else each for each in limits)
    for each in (low, high):
        if each is not None and (isinstance(each, bool) or not isinstance(each, int | float)):
            raise ArgumentTypeError(f"A limit is a number, or None for no limit, not {each!r}.")
    return low, high


def offered(options: Sequence[Option | Unit], heading: str | None = None) -> list[Any] | dict[Value, str]:
    """Options or units as they are given to `Design`.

    A list where each value is its own label, else a mapping; options with more than a value, a label and this heading
    are written as the API has them.
    """
    plain = [_is_plain(option, heading) for option in options]
    if all(plain) and not all(str(option.value) == option.label for option in options):
        by_value = {option.value: option.label for option in options}
        # Values that are equal to Python, such as 1 and True, cannot be keys of one mapping.
        return by_value if len(by_value) == len(options) else [option.to_api() for option in options]
    simple = [is_plain and str(option.value) == option.label for is_plain, option in zip(plain, options, strict=True)]
    return [o.value if alone else o.to_api() for alone, o in zip(simple, options, strict=True)]


def _is_plain(option: Option | Unit, heading: str | None) -> bool:
    if isinstance(option, Unit):
        return option == _number_in(option.value, option.label)
    return option == Option(option.label, option.value, heading=heading)


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
        raise ArgumentTypeError(f"An option must be a string, a number or a bool, not {value!r}.")
    if isinstance(value, float) and not isfinite(value):
        raise ArgumentError(f"{value!r} cannot be an option: JSON has no such number. Use a string instead.")
    return value


def _label(label: Any) -> str:
    if not isinstance(label, str):
        raise ArgumentTypeError(
            f"The label {label!r} is not a string. A mapping of options goes from each value to its label."
        )
    return label
