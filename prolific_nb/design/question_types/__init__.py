"""The registry of item types: the one place that lists what can be shown in a layout and what can be asked.

A type is declared in a file of its own: its dataclass, its rules, its code, its form, its question in the codebook,
its inputs in the preview and its columns in the tidy frame. Two things are elsewhere, because those folders do not
import this one: its HTML in `common/render/questions.py`, and the sandbox's answers and rules, which follow the API's
description. The tests of this folder walk each type through all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from ...common.json_fields import WRONG_SHAPE, canonical
from ...errors import ArgumentError, ArgumentTypeError
from ..items import Item, QuestionItem, misfits, without_nulls
from .content_items import COLUMN, PICTURE, TEXT
from .file_upload import FILE_UPLOAD, FileUpload
from .free_text import FREE_TEXT, FreeText
from .free_text_with_unit import FREE_TEXT_WITH_UNIT, FreeTextWithUnit
from .item_type import ItemType, QuestionType
from .multiple_choice import MULTIPLE_CHOICE, MultipleChoice
from .multiple_choice_with_free_text import MULTIPLE_CHOICE_WITH_FREE_TEXT, MultipleChoiceWithFreeText
from .question import LEVELS, Kind, Question, text_of
from .verbatim import VERBATIM_ITEM, VERBATIM_QUESTION, VerbatimItem, VerbatimQuestion, verbatim_item
from .video_narration import VIDEO_NARRATION, VideoNarration

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
    "VERBATIM_TYPES",
    "VerbatimItem",
    "VerbatimQuestion",
    "VideoNarration",
    "asks",
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
        VIDEO_NARRATION,
    )
)
"""Every item type by its name in the API, in the order in which the composer offers them."""

QUESTION_TYPES: Mapping[str, QuestionType] = MappingProxyType(
    {name: each for name, each in ITEM_TYPES.items() if isinstance(each, QuestionType)}
)
"""Those that are answered."""

VERBATIM_TYPES = _by_name((VERBATIM_ITEM, VERBATIM_QUESTION))
"""Items of the API that no type describes."""

_ALL_TYPES: Mapping[str, ItemType] = MappingProxyType({**ITEM_TYPES, **VERBATIM_TYPES})


def type_of(item: Item | type[Item]) -> ItemType:
    """The registration of an item or of its dataclass.

    Raises
    ------
    TypeError
        If its type is not registered.
    """
    found = _ALL_TYPES.get(item.type)
    if found is None:
        raise ArgumentTypeError(
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
    if isinstance(item, VerbatimQuestion):
        return _question_as_sent(item)
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
    if name not in _ALL_TYPES:
        raise ArgumentError(f"{name!r} is not a valid item type. Use one of {', '.join(ITEM_TYPES)}.")
    return _ALL_TYPES[name].item.from_record(given)


def item_from_api(sent: Mapping[str, Any]) -> Item:
    """The item of a layout on the server, without the ID that the server gave it.

    Unknown fields are kept. So is, as JSON, an item of an unknown type or in an unexpected form: Prolific may add types
    at any time, and what another program sent must be sent again.

    Examples
    --------
    >>> item = item_from_api({"id": "5f", "type": "dataset_field", "field": "review", "new": 1})
    >>> item
    DatasetField(field='review')
    >>> item.to_api()
    {'type': 'dataset_field', 'field': 'review', 'new': 1}
    """
    found = ITEM_TYPES.get(str(sent.get("type")))
    item = _lossless(found.item, sent) if found is not None else None
    return verbatim_item(sent, asks=asks(sent)) if item is None else item


def asks(sent: Mapping[str, Any]) -> bool:
    """Whether an item of a layout on the server is a question: it has a description and is not known as content."""
    found = ITEM_TYPES.get(str(sent.get("type")))
    return isinstance(sent.get("description"), str) and (found is None or isinstance(found, QuestionType))


def _lossless(kind: type[Item], sent: Mapping[str, Any]) -> Item | None:
    """The item, if it has the right types and is sent again as it was read."""
    try:
        item = kind.from_api(sent)
    except WRONG_SHAPE:
        return None
    if misfits(item):
        return None
    read = without_nulls(kind, {name: value for name, value in sent.items() if name != "id"})
    return item if canonical(item.to_api()) == canonical(read) else None


def _question_as_sent(item: VerbatimQuestion) -> Question:
    """The question of a known type in an unexpected form, as far as it can be read; otherwise its values are kept."""
    found = ITEM_TYPES.get(item.kind)
    if isinstance(found, QuestionType):
        with suppress(*WRONG_SHAPE):
            return found.question(found.item.from_api(item.to_api()))
    return VERBATIM_QUESTION.question(item)
