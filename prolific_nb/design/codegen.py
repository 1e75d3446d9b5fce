"""A design as the Python code that rebuilds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from .items import DatasetField, RichText
from .layout import Column, Page, Row
from .options import COMPARISON
from .question_types import MultipleChoice, type_of
from .question_types.method_call import MethodCall, literal


class Composed(Protocol):
    """A `Design`, which cannot be imported here because it imports this module."""

    @property
    def name(self) -> str:
        """The task's name."""

    @property
    def introduction(self) -> str:
        """The text that participants read first."""

    @property
    def steps(self) -> str:
        """The steps that participants follow."""

    @property
    def pages(self) -> tuple[Page, ...]:
        """The screens."""

    def to_json(self) -> str:
        """The design as JSON."""


def code_of(design: Composed, variable: str) -> str:
    """The assignment of a design to a variable; see `Design.to_code`."""
    if not variable.isidentifier():
        raise ValueError(f"{variable!r} is not a valid variable name. Use letters, digits and underscores.")
    calls = list(_calls(design.pages))
    if _replayed(design, calls) != design:
        # Only JSON that was edited by hand gets here: it may contain layouts that no method creates.
        return f"{variable} = pnb.Design.from_json({literal(design.to_json())})\n"
    texts = {"introduction": design.introduction or None, "steps": design.steps or None}
    lines = [f"pnb{MethodCall('Design', (design.name,), texts)}", *map(str, calls)]
    return f"{variable} = (\n" + "".join(f"    {line}\n" for line in lines) + ")\n"


def _replayed(design: Composed, calls: Sequence[MethodCall]) -> Any:
    make: Any = type(design)
    built = make(design.name, introduction=design.introduction, steps=design.steps)
    for call in calls:
        built = getattr(built, call.method)(*call.given, **call.arguments)
    return built


def _calls(pages: Sequence[Page]) -> Iterator[MethodCall]:
    has_body = False
    for page in pages:
        if page.display_position != "body":
            yield MethodCall(page.display_position, tuple(map(_content, page.rows)))
            continue
        if has_body or not page.rows:
            yield MethodCall("page")
        has_body = True
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
    return type_of(last).code(last)


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
