"""A design as the Python that rebuilds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any, Protocol

from .items import (
    DatasetField,
    FileUpload,
    FreeText,
    FreeTextWithUnit,
    Image,
    Item,
    MultipleChoice,
    MultipleChoiceWithFreeText,
    Option,
    RichText,
    Unit,
    Value,
)
from .layout import Column, Page, Row
from .options import COMPARISON


class Composed(Protocol):
    """What code is written of: a `Design`, which cannot be imported here, since it imports this module."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def introduction(self) -> str:
        """What participants read first."""

    @property
    def steps(self) -> str:
        """What participants are to do."""

    @property
    def pages(self) -> tuple[Page, ...]:
        """Its screens."""

    def to_json(self) -> str:
        """The design as JSON."""


@dataclass(frozen=True)
class MethodCall:
    """One verb with its arguments; named ones that are None are left out."""

    verb: str
    given: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)

    @property
    def arguments(self) -> dict[str, Any]:
        """The named arguments that say something."""
        return {name: value for name, value in self.named.items() if value is not None}

    def __str__(self) -> str:
        named = (f"{name}={literal(value)}" for name, value in self.arguments.items())
        return f".{self.verb}({', '.join([*map(literal, self.given), *named])})"


def code_of(design: Composed, variable: str) -> str:
    """The assignment of a design to a variable; see `Design.to_code`."""
    if not variable.isidentifier():
        raise ValueError(f"{variable!r} is no name in Python. Use letters, digits and underscores.")
    calls = list(_calls(design.pages))
    if _replayed(design, calls) != design:
        # Only JSON that was edited by hand comes here: it can hold layouts that no verb makes.
        return f"{variable} = pnb.Design.from_json({literal(design.to_json())})\n"
    texts = {"introduction": design.introduction or None, "steps": design.steps or None}
    lines = [f"pnb{MethodCall('Design', (design.name,), texts)}", *map(str, calls)]
    return f"{variable} = (\n" + "".join(f"    {line}\n" for line in lines) + ")\n"


def literal(value: Any) -> str:
    """A value as Python source, with double quotes where they need no backslash.

    Examples
    --------
    >>> print(literal({"a": ["b", 1.5, True]}))
    {"a": ["b", 1.5, True]}
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{literal(key)}: {literal(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(literal, value)) + "]"
    source = repr(value)
    return f'"{source[1:-1]}"' if source.startswith("'") and '"' not in source else source


def _replayed(design: Composed, calls: Sequence[MethodCall]) -> Any:
    make: Any = type(design)
    built = make(design.name, introduction=design.introduction, steps=design.steps)
    for call in calls:
        built = getattr(built, call.verb)(*call.given, **call.arguments)
    return built


def _calls(pages: Sequence[Page]) -> Iterator[MethodCall]:
    begun = False
    for page in pages:
        if page.display_position != "body":
            yield MethodCall(page.display_position, tuple(map(_content, page.rows)))
            continue
        if begun or not page.rows:
            yield MethodCall("page")
        begun = True
        yield from _row_calls(page.rows)


def _content(row: Row) -> str:
    contents = (item.content for column in row.columns for item in column.items if isinstance(item, RichText))
    return next(contents, "")


def _row_calls(rows: Sequence[Row]) -> Iterator[MethodCall]:
    waiting = list(rows)
    while waiting:
        row = waiting.pop(0)
        comparison = _comparison(row, waiting[0]) if waiting else None
        if comparison:
            waiting.pop(0)
        yield from (comparison,) if comparison else _columns_calls(row)


def _columns_calls(row: Row) -> Iterator[MethodCall]:
    shown = _fields(row)
    if len(row.columns) == 1:
        yield _column_call(row.columns[0])
    elif len(row.columns) == 2 and len(shown) < 2:
        yield from map(_column_call, row.columns)
        yield MethodCall("beside")
    else:
        yield MethodCall("side_by_side", shown)


def _column_call(column: Column) -> MethodCall:
    *above, last = column.items or (RichText(""),)
    if isinstance(last, DatasetField):
        caption = next((item.content for item in above if isinstance(item, RichText)), None)
        return MethodCall("show", (last.field,), {"caption": caption})
    return call_for(last)


def _fields(row: Row) -> tuple[str, ...]:
    return tuple(item.field for column in row.columns for item in column.items if isinstance(item, DatasetField))


def _comparison(row: Row, following: Row) -> MethodCall | None:
    shown = _fields(row)
    asked = [item for column in following.columns for item in column.items]
    if len(row.columns) != 2 or len(shown) != 2 or len(asked) != 1 or not isinstance(asked[0], MultipleChoice):
        return None
    question = asked[0]
    offered = tuple((option.value, option.label) for option in question.options)
    if offered not in (COMPARISON, COMPARISON[:2]) or question.ordered or question.helper_text is not None:
        return None
    return MethodCall("compare", (question.description, *shown), {"tie": True if offered == COMPARISON else None})


@singledispatch
def call_for(item: Item) -> MethodCall:
    """The verb that makes an item."""
    raise TypeError(f"No verb makes a {type(item).__name__}.")


@call_for.register
def _text(item: RichText) -> MethodCall:
    return MethodCall("text", (item.content,))


@call_for.register
def _picture(item: Image) -> MethodCall:
    return MethodCall("picture", (item.url,), {"alt": item.alt_text, "caption": item.caption})


@call_for.register
def _write(item: FreeText) -> MethodCall:
    rule = item.validation
    bounds = {"min_chars": rule.min, "max_chars": rule.max} if rule else {}
    texts = {"helper": item.helper_text, "placeholder": item.placeholder_text_input}
    return MethodCall("write", (item.description,), bounds | texts)


@call_for.register
def _measure(item: FreeTextWithUnit) -> MethodCall:
    position = None if item.unit_position == "suffix" else item.unit_position
    named = {"position": position, "helper": item.helper_text}
    return MethodCall("measure", (item.description, _offered(item.unit_options)), named)


@call_for.register
def _choose(item: MultipleChoice) -> MethodCall:
    last = item.options[-1] if item.options else None
    excluding = last.label if last and last.exclusive else None
    offered = _offered(item.options[:-1] if excluding is not None else item.options)
    named: dict[str, Any] = {"helper": item.helper_text}
    if item.ordered:
        return MethodCall("rate", (item.description, offered), named)
    if item.answer_limit == 1 and excluding is None:
        return MethodCall("choose", (item.description, offered), named)
    at_most = None if item.answer_limit == -1 else item.answer_limit
    return MethodCall("choose_many", (item.description, offered), {"at_most": at_most, "none": excluding} | named)


@call_for.register
def _choose_and_explain(item: MultipleChoiceWithFreeText) -> MethodCall:
    headings = list(dict.fromkeys(option.heading or "" for option in item.options))
    groups = {name: _under(name, item.options, several=len(headings) > 1) for name in headings}
    flat = groups[item.description] if headings == [item.description] else groups
    return MethodCall("choose_and_explain", (item.description, flat), {"helper": item.helper_text})


@call_for.register
def _upload(item: FileUpload) -> MethodCall:
    return MethodCall(
        "upload", (item.description,), {"types": item.accepted_file_types, "max_files": item.max_file_count}
    )


def _offered(options: Sequence[Option | Unit]) -> list[Value] | dict[Value, str]:
    if all(str(option.value) == option.label for option in options):
        return [option.value for option in options]
    return {option.value: option.label for option in options}


def _under(heading: str, options: Sequence[Option], *, several: bool) -> list[Value] | dict[Value, str]:
    group = [option for option in options if (option.heading or "") == heading]
    if several and all(option.value == f"{heading}: {option.label}" for option in group):
        return [option.label for option in group]
    return {option.value: option.label for option in group} if several else _offered(group)
