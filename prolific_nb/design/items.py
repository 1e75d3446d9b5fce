"""What the items of Prolific's layout are made of, under the API's own field names; question types have a registry.

See `question_types` for the dataclass of each type of question and for everything that a type declares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal, Self

Value = str | int | float | bool
"""The value of an option or a unit in the answers."""

NO_LIMIT = -1
"""The `answer_limit` under which any number of options may be picked."""


def require_text(given: object, what: str) -> None:
    """Refuse with a TypeError what is not a string; `what` begins the message."""
    if not isinstance(given, str):
        raise TypeError(f"{what} must be a string, but {given!r} is a {type(given).__name__}. Pass a single string.")


@dataclass(frozen=True)
class ApiObject:
    """One JSON object of the API. The API has no nulls here, so a field that is None is left out."""

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
    """Bounds on what may be typed: of the number itself, or of the number of characters."""

    type: Literal["number", "string"]
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True)
class Option(ApiObject):
    """One option to pick. Picking an `exclusive` one clears the others; `heading` is the title above it."""

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
    """Anything in a column of the layout."""

    type: ClassVar[str]

    def to_api(self) -> dict[str, Any]:
        """The item as in the API's layout, its type first."""
        return {"type": self.type, **super().to_api()}

    def to_record(self) -> dict[str, Any]:
        """The item as a design is saved: as in the API, with what only this package knows."""
        return self.to_api()

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """The item that `to_record` was made from; a TypeError or KeyError if the fields are not those of the type."""
        return cls(**{key: _FROM_RECORD.get(key, _as_is)(value) for key, value in record.items()})

    @classmethod
    def from_api(cls, sent: Mapping[str, Any]) -> Self:
        """The item of a layout on the server; unknown fields and nulls are left out."""
        return cls(**_known_fields(cls, sent))


@dataclass(frozen=True)
class DatasetField(Item):
    """The cell of one column of the data."""

    type: ClassVar[str] = "dataset_field"
    field: str

    def __post_init__(self) -> None:
        require_text(self.field, "A column to show")


@dataclass(frozen=True)
class Image(Item):
    """The same picture on every task, from an https URL."""

    type: ClassVar[str] = "image"
    url: str
    alt_text: str
    caption: str | None = None

    def __post_init__(self) -> None:
        require_text(self.url, "The URL of a picture")
        require_text(self.alt_text, "The description of a picture")


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


def _known_fields(kind: type[ApiObject], sent: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)} & sent.keys()
    return {name: _part(name, sent[name]) for name in names if sent[name] is not None}


def _part(name: str, value: Any) -> Any:
    kind = _PARTS.get(name)
    if kind is None:
        return tuple(value) if isinstance(value, list) else value
    if isinstance(value, Mapping):
        return kind(**_known_fields(kind, value))
    return tuple(kind(**_known_fields(kind, each)) for each in value)


_PARTS: dict[str, type[ApiObject]] = {"options": Option, "unit_options": Unit, "validation": Validation}


def _as_is(value: Any) -> Any:
    return value


def _unit(record: Mapping[str, Any]) -> Unit:
    return Unit(**{key: _FROM_RECORD.get(key, _as_is)(value) for key, value in record.items()})


_FROM_RECORD: dict[str, Callable[[Any], Any]] = {
    "options": lambda records: tuple(Option(**record) for record in records),
    "unit_options": lambda records: tuple(_unit(record) for record in records),
    "validation": lambda record: Validation(**record),
    "accepted_file_types": tuple,
}
