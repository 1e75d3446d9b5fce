"""Questions and content: one frozen dataclass per item type of Prolific's layout, under the API's own field names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from html import escape
from typing import Any, ClassVar, Literal

Value = str | int | float | bool
"""What an option or a unit stands for in the answers."""

NO_LIMIT = -1
"""The `answer_limit` under which any number of options may be picked."""


def require_text(given: object, what: str) -> None:
    """Refuse with a TypeError what is not text; `what` begins the message."""
    if not isinstance(given, str):
        raise TypeError(f"{what} must be text, but {given!r} is a {type(given).__name__}. Give one text at a time.")


@dataclass(frozen=True)
class ApiObject:
    """Whatever becomes one JSON object. The API has no nulls here, so a field that is None is left out."""

    def to_api(self) -> dict[str, Any]:
        """The JSON object that Prolific expects."""
        present = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: _plain(value) for name, value in present if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value.to_api() if isinstance(value, ApiObject) else value


@dataclass(frozen=True)
class Validation(ApiObject):
    """Bounds on what may be typed: of the number itself, or of the count of characters."""

    type: Literal["number", "string"]
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True)
class Option(ApiObject):
    """One answer to pick. Picking an `exclusive` one clears the others; `heading` is the title it stands under."""

    label: str
    value: Value
    exclusive: bool | None = None
    heading: str | None = None


@dataclass(frozen=True)
class Unit(ApiObject):
    """One unit that a number can be given in."""

    label: str
    value: Value
    validation: Validation | None = None


@dataclass(frozen=True)
class Item(ApiObject):
    """Anything that stands in a column of the layout."""

    type: ClassVar[str]

    def to_api(self) -> dict[str, Any]:
        """The item as the API's layout holds it, its type first."""
        return {"type": self.type, **super().to_api()}

    def to_record(self) -> dict[str, Any]:
        """The item as a design is saved: as in the API, with what only this package knows."""
        return self.to_api()


@dataclass(frozen=True)
class DatasetField(Item):
    """The cell of one column of the data."""

    type: ClassVar[str] = "dataset_field"
    field: str

    def __post_init__(self) -> None:
        require_text(self.field, "A column to show")


@dataclass(frozen=True)
class Image(Item):
    """The same picture on every task, from an https address."""

    type: ClassVar[str] = "image"
    url: str
    alt_text: str
    caption: str | None = None

    def __post_init__(self) -> None:
        require_text(self.url, "The address of a picture")
        require_text(self.alt_text, "The words for a picture")


@dataclass(frozen=True)
class RichText(Item):
    """The same basic HTML on every task."""

    type: ClassVar[str] = "rich_text"
    content: str

    def __post_init__(self) -> None:
        require_text(self.content, "The HTML of a text")


@dataclass(frozen=True)
class QuestionItem(Item):
    """Anything that a participant answers; `description` is the question."""

    description: str

    def __post_init__(self) -> None:
        require_text(self.description, "A question")


@dataclass(frozen=True)
class FreeText(QuestionItem):
    """An answer in the participant's own words; `validation` bounds the number of characters."""

    type: ClassVar[str] = "free_text"
    helper_text: str | None = None
    placeholder_text_input: str | None = None
    validation: Validation | None = None


@dataclass(frozen=True)
class FreeTextWithUnit(QuestionItem):
    """A number and its unit."""

    type: ClassVar[str] = "free_text_with_unit"
    unit_options: tuple[Unit, ...]
    unit_position: str = "suffix"
    helper_text: str | None = None


@dataclass(frozen=True)
class MultipleChoice(QuestionItem):
    """A choice: `answer_limit` 1 is a single one, -1 any number of options.

    `ordered` options form a scale. The API knows no scales, so only the codebook keeps it; a scale is shown whole,
    where Prolific would fold five options or more into a menu.
    """

    type: ClassVar[str] = "multiple_choice"
    options: tuple[Option, ...]
    answer_limit: int = 1
    helper_text: str | None = None
    ordered: bool = False

    def to_api(self) -> dict[str, Any]:
        """The item as the API's layout holds it; a scale asks not to be folded into a menu."""
        sent = super().to_api()
        return sent | {"disable_dropdown": True} if sent.pop("ordered") else sent

    def to_record(self) -> dict[str, Any]:
        """The item as a design is saved."""
        record = self.to_api()
        record.pop("disable_dropdown", None)
        return record | {"ordered": self.ordered}


@dataclass(frozen=True)
class MultipleChoiceWithFreeText(QuestionItem):
    """A choice among options under headings, each pick explained in words."""

    type: ClassVar[str] = "multiple_choice_with_free_text"
    options: tuple[Option, ...]
    answer_limit: int = NO_LIMIT
    helper_text: str | None = None


@dataclass(frozen=True)
class FileUpload(QuestionItem):
    """One or more files; the types are extensions with their dot."""

    type: ClassVar[str] = "file_upload"
    accepted_file_types: tuple[str, ...] | None = None
    max_file_count: int | None = None


ITEM_TYPES: dict[str, type[Item]] = {
    item.type: item
    for item in (
        DatasetField,
        Image,
        RichText,
        FreeText,
        FreeTextWithUnit,
        MultipleChoice,
        MultipleChoiceWithFreeText,
        FileUpload,
    )
}
"""The dataclass of each item type."""

QUESTION_TYPES = frozenset(name for name, item in ITEM_TYPES.items() if issubclass(item, QuestionItem))
"""The item types that are answered."""


def item_from_record(record: Mapping[str, Any]) -> Item:
    """The item that ``item.to_record()`` was made from.

    Raises
    ------
    ValueError
        If the type is not known.
    TypeError, KeyError
        If the fields are not those of the type.
    """
    given = dict(record)
    name = given.pop("type")
    if name not in ITEM_TYPES:
        raise ValueError(f"{name!r} is no type of item; known are {', '.join(ITEM_TYPES)}.")
    return ITEM_TYPES[name](**{key: _NESTED.get(key, _as_is)(value) for key, value in given.items()})


def item_from_api(sent: Mapping[str, Any]) -> Item:
    """The item that a layout on the server holds; ids and whatever else the server adds are left out.

    Of a type that is not known, a text that says so: it is no question whose answers could be read.

    Examples
    --------
    >>> item_from_api({"id": "5f", "type": "dataset_field", "field": "review", "caption": None, "new": 1})
    DatasetField(field='review')
    """
    kind = ITEM_TYPES.get(str(sent.get("type")))
    if kind is None:
        return RichText(f"<p>Here is an item of the type {escape(str(sent.get('type')))}, not shown here.</p>")
    given = _told(kind, sent)
    if kind is MultipleChoice and sent.get("disable_dropdown"):
        given["ordered"] = True
    return kind(**given)


def _told(kind: type[ApiObject], sent: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a dataclass that an answer fills."""
    names = {field.name for field in fields(kind)} & sent.keys()
    return {name: _part(name, sent[name]) for name in names if sent[name] is not None}


def _part(name: str, value: Any) -> Any:
    if name in _PARTS:
        kind = _PARTS[name]
        return (
            kind(**_told(kind, value)) if isinstance(value, Mapping) else tuple(kind(**_told(kind, v)) for v in value)
        )
    return tuple(value) if isinstance(value, list) else value


_PARTS: dict[str, type[ApiObject]] = {"options": Option, "unit_options": Unit, "validation": Validation}


def _as_is(value: Any) -> Any:
    return value


def _unit(record: Mapping[str, Any]) -> Unit:
    return Unit(**{key: _NESTED.get(key, _as_is)(value) for key, value in record.items()})


_NESTED: dict[str, Callable[[Any], Any]] = {
    "options": lambda records: tuple(Option(**record) for record in records),
    "unit_options": lambda records: tuple(_unit(record) for record in records),
    "validation": lambda record: Validation(**record),
    "accepted_file_types": tuple,
}
