"""What the items of Prolific's layout are made of, under the API's own field names; question types have a registry.

See `question_types` for the dataclass of each type of question and for everything that a type declares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from math import isfinite
from typing import Any, ClassVar, Literal, Self, TypeVar

from ..common.json_fields import NOTHING, Extra, unknown_fields
from ..common.plurals import a_type
from ..errors import ArgumentError, ArgumentTypeError

Value = str | int | float | bool
"""The value of an option or a unit in the answers."""

NO_LIMIT = -1
"""The `answer_limit` under which any number of options may be picked."""


def require_text(given: object, what: str) -> None:
    """Refuse with a TypeError what is not a string; `what` begins the message."""
    if not isinstance(given, str):
        raise ArgumentTypeError(f"{what} must be a string, but {given!r} is {a_type(given)}. Pass a single string.")


LOCAL = {"local": True}
"""The metadata of a field that only this package knows."""


def require_finite(given: object, what: str) -> None:
    """Refuse with a ValueError a number that JSON does not have; `what` begins the message."""
    if isinstance(given, float) and not isfinite(given):
        raise ArgumentError(f"{what} cannot be {given!r}: JSON has no such number. Leave it out for no limit.")


@dataclass(frozen=True)
class ApiObject:
    """One JSON object of the API.

    A field that is None is left out. `extra` has the fields that this package does not know; they are sent again as
    they were read.
    """

    extra: Extra = field(default=NOTHING, kw_only=True, repr=False, metadata=LOCAL)

    def __post_init__(self) -> None:
        object.__setattr__(self, "extra", unknown_fields(self.extra, self._known(), type(self).__name__))

    def _known(self) -> list[str]:
        """The fields that `extra` must not have."""
        return list(api_fields(type(self)))

    def to_api(self) -> dict[str, Any]:
        """The JSON object that Prolific expects."""
        sent = self._sent(lambda part: part.to_api())
        return {**sent, **{name: value for name, value in self.extra.items() if name not in sent}}

    def to_record(self) -> dict[str, Any]:
        """The JSON object as a design is saved, in which unknown fields stand apart."""
        return {**self._sent(lambda part: part.to_record()), **({"extra": self.extra.as_dict()} if self.extra else {})}

    def _sent(self, write: Callable[[ApiObject], dict[str, Any]]) -> dict[str, Any]:
        present = ((each, getattr(self, each)) for each in api_fields(type(self)))
        return {name: _plain(value, write) for name, value in present if value is not None}


def _plain(value: Any, write: Callable[[ApiObject], dict[str, Any]]) -> Any:
    if isinstance(value, tuple):
        return [_plain(each, write) for each in value]
    return write(value) if isinstance(value, ApiObject) else value


_API_FIELDS: dict[type, tuple[str, ...]] = {}


def api_fields(kind: type[ApiObject]) -> tuple[str, ...]:
    """The names of the fields of a type that the API has too, in order; worked out once, since a key asks often."""
    if kind not in _API_FIELDS:
        _API_FIELDS[kind] = tuple(each.name for each in fields(kind) if not each.metadata.get("local"))
    return _API_FIELDS[kind]


@dataclass(frozen=True)
class Validation(ApiObject):
    """Bounds on what may be typed: of the number itself, or of the number of characters."""

    type: Literal["number", "string"]
    min: float | None = None
    max: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for bound in (self.min, self.max):
            require_finite(bound, "A bound")

    def _known(self) -> list[str]:
        """Without bounds that are null, which the API has in place of none."""
        return ["type", *(name for name in ("min", "max") if self.extra.get(name) is not None)]


@dataclass(frozen=True)
class Option(ApiObject):
    """One option to pick. Picking an `exclusive` one clears the others; `heading` is the title above it."""

    label: str
    value: Value
    exclusive: bool | None = None
    heading: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        require_finite(self.value, "The value of an option")


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

    def _known(self) -> list[str]:
        return ["id", "type", *super()._known()]

    def to_api(self) -> dict[str, Any]:
        """The item as in the API's layout, its type first."""
        return {"type": self.type, **super().to_api()}

    def to_record(self) -> dict[str, Any]:
        """The item as a design is saved: as in the API, with what only this package knows."""
        return {"type": self.type, **super().to_record()}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """The item that `to_record` was made from; a TypeError or KeyError if the fields are not those of the type."""
        return _part_from_record(cls)(record)

    @classmethod
    def from_api(cls, sent: Mapping[str, Any]) -> Self:
        """The item of a layout on the server without its ID; unknown fields are kept in `extra`."""
        return cls(**_read(cls, sent, left_out=("id", "type")))


@dataclass(frozen=True)
class DatasetField(Item):
    """The cell of one column of the data."""

    type: ClassVar[str] = "dataset_field"
    field: str

    def __post_init__(self) -> None:
        super().__post_init__()
        require_text(self.field, "A column to show")


@dataclass(frozen=True)
class Image(Item):
    """The same picture on every task, from an https URL."""

    type: ClassVar[str] = "image"
    url: str
    alt_text: str
    caption: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        require_text(self.url, "The URL of a picture")
        require_text(self.alt_text, "The description of a picture")


@dataclass(frozen=True)
class RichText(Item):
    """The same basic HTML, or Markdown, on every task."""

    type: ClassVar[str] = "rich_text"
    content: str
    content_format: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        require_text(self.content, "The HTML of a text")


@dataclass(frozen=True)
class QuestionItem(Item):
    """Anything that a participant answers; `description` is the question."""

    description: str

    def __post_init__(self) -> None:
        super().__post_init__()
        require_text(self.description, "A question")


_A = TypeVar("_A", bound=ApiObject)


def _read(kind: type[ApiObject], sent: Mapping[str, Any], left_out: tuple[str, ...] = ()) -> dict[str, Any]:
    names = api_fields(kind)
    known = {name: _part(name, sent[name]) for name in names if sent.get(name) is not None}
    return {**known, "extra": Extra(_unknown(kind, names, sent, left_out))}


def _unknown(
    kind: type[ApiObject], names: Sequence[str], sent: Mapping[str, Any], left_out: tuple[str, ...]
) -> dict[str, Any]:
    # A null means that the field is not set, which the API says by leaving it out, except for the bounds of a rule.
    nulls_kept = kind is Validation
    unknown = {name: value for name, value in sent.items() if name not in names and name not in left_out}
    return unknown | {name: None for name in names if nulls_kept and name in sent and sent[name] is None}


def _part(name: str, value: Any) -> Any:
    kind = _PARTS.get(name)
    if kind is None:
        return tuple(value) if isinstance(value, list) else value
    return kind(**_read(kind, value)) if isinstance(value, Mapping) else tuple(kind(**_read(kind, e)) for e in value)


def part_from_api(kind: type[_A], sent: Mapping[str, Any]) -> _A:
    """An option, a unit or a rule as the API has it; a TypeError if it lacks a field."""
    return kind(**_read(kind, sent))


def _as_is(value: Any) -> Any:
    return value


def _part_from_record(kind: type[_A]) -> Callable[[Mapping[str, Any]], _A]:
    return lambda record: kind(**{key: _FROM_RECORD.get(key, _as_is)(value) for key, value in record.items()})


def _parts_from_record(kind: type[ApiObject]) -> Callable[[Any], Any]:
    return lambda records: tuple(map(_part_from_record(kind), records))


_PARTS: dict[str, type[ApiObject]] = {"options": Option, "unit_options": Unit, "validation": Validation}
_FROM_RECORD: dict[str, Callable[[Any], Any]] = {
    "options": _parts_from_record(Option),
    "unit_options": _parts_from_record(Unit),
    "validation": _part_from_record(Validation),
    "accepted_file_types": tuple,
    "extra": Extra,
}

_TEXTS = ("description", "helper_text", "placeholder_text_input", "url", "alt_text", "caption", "content", "field")
_SHAPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys((*_TEXTS, "label", "heading", "content_format", "unit_position", "default_unit", "type"), (str,)),
    **dict.fromkeys(("answer_limit", "min_file_count", "max_file_count"), (bool, int)),  # True has a rule of its own
    **dict.fromkeys(("min", "max", "max_file_size_mb"), (int, float)),
    **dict.fromkeys(("disable_dropdown", "exclusive"), (bool,)),
    **dict.fromkeys(("options", "unit_options", "accepted_file_types"), (tuple,)),
    "validation": (Validation,),
    "value": (str, int, float, bool),
}
_NOUNS = {str: "a string", int: "a whole number", float: "a number", bool: "True or False", tuple: "a list"}


def misfits(part: ApiObject) -> list[tuple[str, str]]:
    """The fields of an item, and of its options and units, that have a wrong type: what each is, and what it must be.

    Examples
    --------
    >>> misfits(Option(5, "good"))
    [('label is 5', 'a string')]
    """
    found = []
    for name in api_fields(type(part)):
        value = getattr(part, name)
        allowed = _SHAPES.get(name, (object,))
        # bool is a subclass of int in Python, but not in JSON.
        if value is not None and allowed != (object,) and type(value) not in allowed:
            found.append((f"{name} is {value!r}", _NOUNS.get(allowed[-1], "as in .write(number=…)")))
        for each in value if isinstance(value, tuple) else (value,):
            found += misfits(each) if isinstance(each, ApiObject) else []
    strings = getattr(part, "accepted_file_types", None) or ()
    return found + [(f"a file type is {each!r}", "a string") for each in strings if not isinstance(each, str)]


def without_nulls(kind: type[ApiObject], sent: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON of an object without known fields that are null, except for the bounds of a rule."""
    nulls_dropped = api_fields(kind) if kind is not Validation else ()
    kept = {name: value for name, value in sent.items() if value is not None or name not in nulls_dropped}
    return {name: _inner_without_nulls(name, value) for name, value in kept.items()}


def _inner_without_nulls(name: str, value: Any) -> Any:
    kind = _PARTS.get(name)
    if kind is not None and isinstance(value, Mapping):
        return without_nulls(kind, value)
    if kind is not None and isinstance(value, list):
        return [without_nulls(kind, each) if isinstance(each, Mapping) else each for each in value]
    return value
