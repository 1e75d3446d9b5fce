"""Changed fields of an item or of a page's start, read as the verbs read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from .items import Item, MultipleChoiceWithFreeText, Option, Unit, Validation, require_text
from .layout import ORDER
from .options import choices, headed, limit_under_headings, measured
from .outline import OutlineEntry

_T = TypeVar("_T")


def changed(item: Item, changes: Mapping[str, Any]) -> Item:
    """The item with some fields changed.

    Parameters
    ----------
    changes : mapping
        By the names of the item's fields. Options and units may be given as the verbs take them.

    Raises
    ------
    TypeError
        If the item has no such field, or a value is of the wrong type.
    ValueError
        If a number cannot be stored.

    Examples
    --------
    >>> from prolific_nb.design.items import MultipleChoice
    >>> question = MultipleChoice("How?", choices(["good", "bad"]))
    >>> [option.label for option in changed(question, {"options": {1: "Good", 2: "Bad"}}).options]
    ['Good', 'Bad']
    """
    _require_known(f"A {type(item).__name__}", [field.name for field in fields(item)], changes)
    if isinstance(item, MultipleChoiceWithFreeText):
        changes = _under_headings(item, changes)
    return replace(item, **{name: _READ[name](value) if name in _READ else value for name, value in changes.items()})


def changed_start(entry: OutlineEntry, changes: Mapping[str, Any]) -> OutlineEntry:
    """The start of a page with another kind of page; errors as those of `changed`."""
    _require_known("The start of a page", ["page"], changes)
    position = changes.get("page", entry.page)
    if position not in ORDER:
        raise ValueError(f"{position!r} is no kind of page. Use one of {', '.join(ORDER)}.")
    return replace(entry, page=position)


def _require_known(what: str, known: list[str], changes: Mapping[str, Any]) -> None:
    if unknown := [repr(name) for name in changes if name not in known]:
        raise TypeError(f"{what} has no field {', '.join(unknown)}. Its fields are {', '.join(known)}.")


def _under_headings(item: MultipleChoiceWithFreeText, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    question = changes.get("description", item.description)
    if "options" in changes:
        given = _kept(changes["options"], Option)
        options = headed(question, changes["options"]) if given is None else given
        return {"answer_limit": limit_under_headings(options), **changes, "options": options}
    if all(option.heading == item.description for option in item.options):
        # Flat options stand under the question itself, so their heading goes with its wording.
        return {**changes, "options": tuple(replace(option, heading=question) for option in item.options)}
    return changes


def _kept(given: Any, kind: type[_T]) -> tuple[_T, ...] | None:
    is_kept = isinstance(given, list | tuple) and given and all(isinstance(each, kind) for each in given)
    return tuple(given) if is_kept else None


def _options(given: Any) -> tuple[Option, ...]:
    kept = _kept(given, Option)
    return choices(given) if kept is None else kept


def _units(given: Any) -> tuple[Unit, ...]:
    kept = _kept(given, Unit)
    return measured(given) if kept is None else kept


def file_types(given: Iterable[str] | None) -> tuple[str, ...] | None:
    """Extensions as they are stored; a single text is refused with a TypeError."""
    if isinstance(given, str):
        raise TypeError(f'The file types must be a list, as in ["{given}"].')
    return None if given is None else tuple(given)


def _validation(given: Validation | None) -> Validation | None:
    if given is not None and not isinstance(given, Validation):
        raise TypeError(f'The bounds must be a Validation, as in Validation("string", min=10), not {given!r}.')
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
}
