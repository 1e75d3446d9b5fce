"""What a form changes of an item; what it has no field for stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from ..items import Item
from .form_fields import Values
from .item_type import ItemType


def edited(registered: ItemType, item: Item, values: Values) -> Item:
    """The item after an edit of its form.

    Parameters
    ----------
    values : mapping
        All values of the form. A field of the item changes only where they give another than before.

    Raises
    ------
    ValueError
        If the values cannot be an item; the message says why.
    """
    before = registered.from_form(registered.to_form(item))
    merged: Item = _merged(item, before, registered.from_form(values))
    return merged


def _merged(old: Any, before: Any, after: Any) -> Any:
    if after == before:
        return old
    if isinstance(after, tuple) and isinstance(old, tuple) and isinstance(before, tuple):
        return _merged_list(old, before, after)
    if not is_dataclass(after) or type(old) is not type(after) or type(before) is not type(after):
        return after
    names = [field.name for field in fields(after)]
    values: Mapping[str, Any] = {
        name: _merged(getattr(old, name), getattr(before, name), getattr(after, name)) for name in names
    }
    return replace(old, **values)  # type: ignore[type-var]


def _merged_list(old: Sequence[Any], before: Sequence[Any], after: Sequence[Any]) -> tuple[Any, ...]:
    """Options or units by their values, else by their place; new ones as they are."""
    if len(old) != len(before):
        return tuple(after)
    known = {_identity(each): place for place, each in enumerate(before)}
    same_length = len(before) == len(after)
    merged = []
    for place, each in enumerate(after):
        at = known.get(_identity(each), place if same_length else None)
        merged.append(each if at is None else _merged(old[at], before[at], each))
    return tuple(merged)


def _identity(part: Any) -> Any:
    return repr((getattr(part, "value", part), getattr(part, "heading", None)))
