"""The registry of item types: the one place that lists what can be shown in a layout and what can be asked.

A type is declared in a file of its own: its dataclass, its rules, its code, its form, its question in the codebook,
its inputs in the preview and its columns in the tidy frame. Two things are elsewhere, because those folders do not
import this one: its HTML in `common/render/questions.py`, and the sandbox's answers and rules, which follow the API's
description. The tests of this folder walk each type through all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from types import MappingProxyType
from typing import Any

from ..items import Item, QuestionItem, RichText
from .content_items import COLUMN, PICTURE, TEXT
from .file_upload import FILE_UPLOAD, FileUpload
from .free_text import FREE_TEXT, FreeText
from .free_text_with_unit import FREE_TEXT_WITH_UNIT, FreeTextWithUnit
from .item_type import ItemType, QuestionType
from .multiple_choice import MULTIPLE_CHOICE, MultipleChoice
from .multiple_choice_with_free_text import MULTIPLE_CHOICE_WITH_FREE_TEXT, MultipleChoiceWithFreeText
from .question import LEVELS, Kind, Question, text_of

__all__ = [
    "ITEM_TYPES",
    "LEVELS",
    "QUESTION_TYPES",
    "FileUpload",
    "FreeText",
    "FreeTextWithUnit",
    "ItemType",
    "Kind",
    "MultipleChoice",
    "MultipleChoiceWithFreeText",
    "Question",
    "QuestionType",
    "item_from_api",
    "item_from_record",
    "question_of",
    "text_of",
    "type_of",
]


def _by_name(types: Iterable[ItemType]) -> Mapping[str, ItemType]:
    return MappingProxyType({each.item.type: each for each in types})


ITEM_TYPES = _by_name(
    (
        COLUMN,
        TEXT,
        PICTURE,
        MULTIPLE_CHOICE,
        MULTIPLE_CHOICE_WITH_FREE_TEXT,
        FREE_TEXT,
        FREE_TEXT_WITH_UNIT,
        FILE_UPLOAD,
    )
)
"""Every item type by its name in the API, in the order in which the composer offers them."""

QUESTION_TYPES: Mapping[str, QuestionType] = MappingProxyType(
    {name: each for name, each in ITEM_TYPES.items() if isinstance(each, QuestionType)}
)
"""Those that are answered."""


def type_of(item: Item | type[Item]) -> ItemType:
    """The registration of an item or of its dataclass.

    Raises
    ------
    TypeError
        If its type is not registered.
    """
    found = ITEM_TYPES.get(item.type)
    if found is None:
        raise TypeError(
            f"The item type {item.type!r} is not registered. Add it to ITEM_TYPES in {__name__}; "
            f"registered are {', '.join(ITEM_TYPES)}."
        )
    return found


def question_of(item: QuestionItem) -> Question:
    """The codebook's question of an item.

    Raises
    ------
    TypeError
        If its type is not registered as a question.
    """
    found = type_of(item)
    if not isinstance(found, QuestionType):
        raise TypeError(f"The item type {item.type!r} is not registered as a question, so it has no answers.")
    return found.question(item)


def item_from_record(record: Mapping[str, Any]) -> Item:
    """The item that ``item.to_record()`` was made from.

    Raises
    ------
    ValueError
        If the type is unknown.
    TypeError, KeyError
        If the fields are not those of the type.
    """
    given = dict(record)
    name = given.pop("type")
    if name not in ITEM_TYPES:
        raise ValueError(f"{name!r} is not a valid item type. Use one of {', '.join(ITEM_TYPES)}.")
    return ITEM_TYPES[name].item.from_record(given)


def item_from_api(sent: Mapping[str, Any]) -> Item:
    """The item of a layout on the server; IDs and unknown fields are left out.

    An item of a type that is unknown here is kept as a text that says so: Prolific may add types at any time.

    Examples
    --------
    >>> item_from_api({"id": "5f", "type": "dataset_field", "field": "review", "caption": None, "new": 1})
    DatasetField(field='review')
    """
    found = ITEM_TYPES.get(str(sent.get("type")))
    if found is None:
        return RichText(f"<p>This is an item of the type {escape(str(sent.get('type')))}, which cannot be shown.</p>")
    return found.item.from_api(sent)
