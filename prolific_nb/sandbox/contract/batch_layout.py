"""Iterating over a batch's layout: its parts, items and questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from . import contract

QUESTION_TYPES = frozenset(contract.document()["components"]["schemas"]["AnswerBody"]["discriminator"]["mapping"])
"""The item types that the API description has answers for; the sandbox has no list of its own."""

ITEM_TYPES = frozenset(contract.document()["components"]["schemas"]["BatchItem"]["discriminator"]["mapping"])
"""All item types of the API description."""


@dataclass(frozen=True, order=True)
class Place:
    """Position of an item; all numbers count from 0."""

    page: int
    row: int
    column: int
    item: int


def _records(value: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """The records of a list with their numbers; values of other types are left to schema validation."""
    if isinstance(value, list):
        yield from ((number, entry) for number, entry in enumerate(value) if isinstance(entry, dict))


def items(batch_items: Any) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every item of a layout with its position, in reading order."""
    for p, page in _records(batch_items):
        for r, row in _records(page.get("rows")):
            for c, column in _records(row.get("columns")):
                for i, item in _records(column.get("items")):
                    yield Place(p, r, c, i), item


def questions(batch_items: Any) -> list[dict[str, Any]]:
    """The items that a participant answers, in reading order."""
    return [item for _, item in items(batch_items) if item.get("type") in QUESTION_TYPES]


def parts(batch_items: Any) -> Iterator[tuple[tuple[int, ...], dict[str, Any]]]:
    """Every page, row, column and item with its position, from the outermost number inwards."""
    for p, page in _records(batch_items):
        yield (p,), page
        for r, row in _records(page.get("rows")):
            yield (p, r), row
            for c, column in _records(row.get("columns")):
                yield (p, r, c), column
    for place, item in items(batch_items):
        yield (place.page, place.row, place.column, place.item), item
