"""Items that no type of this package describes: kept as the API has them, shown as JSON, and sent again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ...common.json_fields import Extra
from ...errors import ArgumentError
from ..items import Item, QuestionItem
from .form_fields import FormField, Values
from .item_rules import Problem, no_advice, question_text
from .item_type import ItemType, QuestionType, as_given
from .method_call import MethodCall
from .question import Question

_LONGEST = 60


@dataclass(frozen=True)
class VerbatimItem(Item):
    """Content of an unknown type, or of a known one in an unexpected form; `extra` has all its fields."""

    type: ClassVar[str] = "verbatim item"

    def _known(self) -> list[str]:
        return ["id"]

    @property
    def kind(self) -> str:
        """Its type in the API."""
        return str(self.extra.get("type"))

    def to_api(self) -> dict[str, Any]:
        """The item as it was read, without the server's ID."""
        return self.extra.as_dict()


@dataclass(frozen=True)
class VerbatimQuestion(QuestionItem):
    """A question of an unknown type, or of a known one in an unexpected form; `extra` has its other fields."""

    type: ClassVar[str] = "verbatim question"

    def _known(self) -> list[str]:
        return ["id", "description"]

    @property
    def kind(self) -> str:
        """Its type in the API."""
        return str(self.extra.get("type"))

    def to_api(self) -> dict[str, Any]:
        """The item as it was read, without the server's ID."""
        return {**self.extra.as_dict(), "description": self.description}


Verbatim = VerbatimItem | VerbatimQuestion


def verbatim_item(sent: Mapping[str, Any], *, asks: bool) -> Verbatim:
    """An item as the API has it; the server's ID is left out. Without a description it cannot be a question."""
    kept = {name: value for name, value in sent.items() if name != "id"}
    if not asks:
        return VerbatimItem(extra=Extra(kept))
    return VerbatimQuestion(kept.pop("description"), extra=Extra(kept))


def _advice(item: Verbatim) -> Iterator[Problem]:
    what = f"This item of the type {item.kind!r} is unknown or has an unexpected form: it is sent as it is, unchecked."
    yield what, "Check it on Prolific's preview of the task; the sandbox may refuse it."


def _title(item: Verbatim) -> str:
    text = item.description if isinstance(item, VerbatimQuestion) else json.dumps(item.to_api(), ensure_ascii=False)
    line = f"{item.kind}: {' '.join(text.split())}"
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _to_form(item: Verbatim) -> Values:
    return {"json": json.dumps(item.to_api(), indent=1)}


def _sent(values: Values) -> dict[str, Any]:
    try:
        sent = json.loads(values["json"])
    except ValueError as error:
        raise ArgumentError(f"This is not valid JSON: {error}. The item is unchanged until it is.") from None
    if isinstance(sent, dict):
        sent.pop("id", None)
    if not isinstance(sent, dict) or not isinstance(sent.get("type"), str):
        raise ArgumentError('The JSON of an item is an object with a "type", as in {"type": "slider"}.')
    return sent


def _item_from_form(values: Values) -> VerbatimItem:
    return VerbatimItem(extra=Extra(_sent(values)))


def _question_from_form(values: Values) -> VerbatimQuestion:
    sent = _sent(values)
    if not isinstance(sent.get("description"), str):
        raise ArgumentError('A question needs a "description", which is the text of the question.')
    return VerbatimQuestion(sent.pop("description"), extra=Extra(sent))


_AS_SENT: dict[str, Any] = {
    "advice": _advice,
    "code": lambda item: MethodCall("verbatim", (item.to_api(),)),
    "changes": as_given,
    "templates": {},
    "label": lambda _: "unknown type",
    "title": _title,
    "fields": (FormField("json", "JSON", "lines", "As the API has it", rows=10),),
    "to_form": _to_form,
}

VERBATIM_ITEM = ItemType(
    item=VerbatimItem,
    rules=no_advice,
    from_form=_item_from_form,
    **_AS_SENT,
)

VERBATIM_QUESTION = QuestionType(
    item=VerbatimQuestion,
    rules=question_text,
    from_form=_question_from_form,
    # How such answers are read is unknown: their values are kept as they are, and are not scored.
    question=lambda item: Question(item.description, "text", item.kind),
    inputs=frozenset(),
    columns=("value",),
    **_AS_SENT,
)
