"""Changed fields of an item or of the start of a page, read as the methods of `Design` read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from ..common.json_fields import Extra
from ..errors import ArgumentError, ArgumentTypeError
from .items import Item, Option, Unit, Validation, require_text
from .layout import ORDER
from .options import bounded, choices, kept, measured
from .outline import OutlineEntry
from .question_types import type_of


def changed(item: Item, changes: Mapping[str, Any]) -> Item:
    """The item with some fields changed.

    Parameters
    ----------
    changes : mapping
        By the names of the item's fields. Options and units may be given as the methods of `Design` take them.

    Raises
    ------
    TypeError
        If the item has no such field, or a value is of the wrong type.
    ValueError
        If a number cannot be stored.

    Examples
    --------
    >>> from prolific_nb.design.question_types import MultipleChoice
    >>> question = MultipleChoice("How?", choices(["good", "bad"]))
    >>> [option.label for option in changed(question, {"options": {1: "Good", 2: "Bad"}}).options]
    ['Good', 'Bad']
    """
    names = [field.name for field in fields(item) if field.name != "extra"]
    _require_known(f"A {type(item).__name__}", [*names, "extra"], changes)
    changes = type_of(item).changes(item, changes)
    return replace(item, **{name: _READ[name](value) if name in _READ else value for name, value in changes.items()})


def changed_start(entry: OutlineEntry, changes: Mapping[str, Any]) -> OutlineEntry:
    """The start of a page, moved to another position; errors as those of `changed`."""
    _require_known("The start of a page", ["page"], changes)
    position = changes.get("page", entry.page)
    if position not in ORDER:
        raise ArgumentError(f"{position!r} is not a valid page position. Use one of {', '.join(ORDER)}.")
    fields_kept = {name: value for name, value in entry.extra.items() if name != "display_position"}
    return replace(entry, page=position, extra=Extra(fields_kept))


def _require_known(what: str, known: list[str], changes: Mapping[str, Any]) -> None:
    if unknown := [repr(name) for name in changes if name not in known]:
        raise ArgumentTypeError(f"{what} has no field {', '.join(unknown)}. Its fields are {', '.join(known)}.")


def _options(given: Any) -> tuple[Option, ...]:
    options = kept(given, Option)
    return choices(given) if options is None else options


def _units(given: Any) -> tuple[Unit, ...]:
    units = kept(given, Unit)
    return measured(given) if units is None else units


def file_types(given: Iterable[str] | None) -> tuple[str, ...] | None:
    """Extensions as they are stored; a TypeError if they are not a list."""
    if isinstance(given, str):
        raise ArgumentTypeError(f'The file types must be a list, not the string {given!r}. Pass ["{given}"].')
    if given is not None and not isinstance(given, Iterable):
        raise ArgumentTypeError(f'The file types must be a list, as in [".jpg", ".png"], not {given!r}.')
    return None if given is None else tuple(given)


def typed(number: Any, min_chars: Any, max_chars: Any) -> Validation | None:
    """The rule of what is typed: a number, a length, or none."""
    bounded_length = (min_chars, max_chars) != (None, None)
    if number is False or number is None:
        return Validation("string", min_chars, max_chars) if bounded_length else None
    if bounded_length:
        raise ArgumentError("A number has limits instead of a length. Leave out min_chars and max_chars, or number.")
    return Validation("number") if number is True else Validation("number", *bounded(number))


def _validation(given: Validation | None) -> Validation | None:
    if given is not None and not isinstance(given, Validation):
        raise ArgumentTypeError(f'The bounds must be a Validation, as in Validation("string", min=10), not {given!r}.')
    return given


def _words(given: str | None) -> str | None:
    if given is not None:
        require_text(given, "A hint or caption")
    return given


_READ: dict[str, Callable[[Any], Any]] = {
    "options": _options,
    "unit_options": _units,
    "accepted_file_types": file_types,
    "validation": _validation,
    "helper_text": _words,
    "placeholder_text_input": _words,
    "caption": _words,
    "default_unit": _words,
    "content_format": _words,
    "extra": Extra,
}
