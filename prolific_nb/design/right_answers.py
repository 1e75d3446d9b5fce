"""The right answers of attention checks in a design, which only this machine knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .codebook import Codebook
from .design import Design
from .items import Item, Option, Value
from .layout import refilled
from .question_types import MultipleChoice, text_of


def without_right(design: Design) -> Design:
    """The design as Prolific knows it: a corrected right answer does not make another study."""
    return with_right(design, Codebook())


def with_right(design: Design, codebook: Codebook) -> Design:
    """The design with the right answers of a codebook, and no others."""
    known = {each.question: each.right for each in codebook}
    items = [_with(item, known) for item in design.items]
    return design if items == list(design.items) else replace(design, pages=refilled(design.pages, items))


def _with(item: Item, known: Mapping[str, str | None]) -> Item:
    if not isinstance(item, MultipleChoice) or item.right is known.get(item.description) is None:
        return item
    right = known.get(item.description)
    return replace(item, right=None if right is None else _value(item.options, right))


def _value(options: tuple[Option, ...], right: str) -> Value:
    """The value of the option that the codebook has as a string."""
    return next((option.value for option in options if text_of(option.value) == right), right)
