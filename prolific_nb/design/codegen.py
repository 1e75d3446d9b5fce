"""A design as the Python code that rebuilds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from ..common.json_fields import Extra, canonical
from ..errors import ArgumentError, DesignError
from .items import DatasetField, Item, RichText
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
    def extra(self) -> Extra:
        """Unknown fields."""

    @property
    def pages(self) -> tuple[Page, ...]:
        """The screens."""

    def to_json(self) -> str:
        """The design as JSON."""

    def to_api(self) -> dict[str, Any]:
        """The design as in the API."""


def code_of(design: Composed, variable: str) -> str:
    """The assignment of a design to a variable; see `Design.to_code`."""
    if not variable.isidentifier():
        raise ArgumentError(f"{variable!r} is not a valid variable name. Use letters, digits and underscores.")
    calls = list(_calls(design))
    if not _same(_replayed(design, calls), design):
        # Only JSON that was edited by hand gets here: it may contain layouts that no method creates.
        return f"{variable} = pnb.Design.from_json({literal(design.to_json())})\n"
    lines = [f"pnb{MethodCall('Design', (design.name,), _beginning(design))}", *map(str, calls)]
    return f"{variable} = (\n" + "".join(f"    {line}\n" for line in lines) + ")\n"


def _beginning(design: Composed) -> dict[str, Any]:
    texts = {"introduction": design.introduction or None, "steps": design.steps or None}
    return {**texts, "extra": design.extra or None}


def _replayed(design: Composed, calls: Sequence[MethodCall]) -> Any:
    make: Any = type(design)
    named = {name: value for name, value in _beginning(design).items() if value is not None}
    return _called(make(design.name, **named), calls)


def _called(design: Any, calls: Sequence[MethodCall]) -> Any:
    """The design after some calls; None if one of them is refused, as for pages in an unusual order."""
    try:
        for call in calls:
            design = getattr(design, call.method)(*call.given, **call.arguments)
    except (TypeError, ValueError, LookupError, DesignError):
        return None
    return design


def _same(one: Any, other: Any) -> bool:
    # 1 equals True to Python, but not to JSON.
    return one is not None and bool(one == other) and canonical(one.to_api()) == canonical(other.to_api())


def _calls(design: Composed) -> Iterator[MethodCall]:
    empty = type(design)("")  # type: ignore[call-arg]
    has_body = False
    for page in design.pages:
        calls = list(_page_calls(page, empty))
        if not _same_page(_called(empty, calls), page):
            calls = [MethodCall("verbatim", (page.to_api(),))]
        elif has_body and page.display_position == "body" and calls[0].method != "page":
            calls = [MethodCall("page"), *calls]
        has_body = has_body or page.display_position == "body"
        yield from calls


def _same_page(built: Any, page: Page) -> bool:
    return built is not None and len(built.pages) == 1 and _same(built.pages[0], page)


def _page_calls(page: Page, empty: Any) -> Iterator[MethodCall]:
    if page.display_position != "body":
        contents = [_content(item) for row in page.rows for column in row.columns for item in column.items]
        yield MethodCall(page.display_position, tuple(contents), {"extra": page.extra or None})
        return
    if page.extra or not page.rows:
        yield MethodCall("page", (), {"extra": page.extra or None})
    yield from _row_calls(page.rows, empty)


def _content(item: Item) -> Any:
    """A text as it is given to `intro` and `outro`; anything else as the API has it."""
    return item.content if item == RichText(getattr(item, "content", "")) else item.to_api()


def _row_calls(rows: Sequence[Row], empty: Any) -> Iterator[MethodCall]:
    waiting = list(rows)
    while waiting:
        row = waiting.pop(0)
        comparison = _comparison(row, waiting[0]) if waiting else None
        if comparison:
            waiting.pop(0)
        yield from (comparison,) if comparison else _columns_calls(row, empty)


def _columns_calls(row: Row, empty: Any) -> Iterator[MethodCall]:
    shown = _fields(row)
    if len(row.columns) == 1:
        yield _column_call(row.columns[0], empty)
    elif len(row.columns) == 2 and len(shown) < 2:
        yield from (_column_call(column, empty) for column in row.columns)
        yield MethodCall("beside")
    else:
        yield MethodCall("side_by_side", shown)


def _column_call(column: Column, empty: Any) -> MethodCall:
    *above, last = column.items or (RichText(""),)
    call = _item_call(last, empty)
    if isinstance(last, DatasetField) and call.method == "show":
        caption = next((item.content for item in above if isinstance(item, RichText)), None)
        return MethodCall("show", call.given, {"caption": caption, **call.named})
    return call


def _item_call(item: Item, empty: Any) -> MethodCall:
    """The method that adds an item, or the item as the API has it where no method makes the same."""
    call = type_of(item).code(item)
    made = _called(empty, [call])
    return (
        call
        if made is not None and len(made.items) == 1 and _same(made.items[0], item)
        else MethodCall("verbatim", (item.to_api(),))
    )


def _fields(row: Row) -> tuple[str, ...]:
    return tuple(item.field for column in row.columns for item in column.items if isinstance(item, DatasetField))


def _comparison(row: Row, following: Row) -> MethodCall | None:
    shown = _fields(row)
    asked = [item for column in following.columns for item in column.items]
    if len(row.columns) != 2 or len(shown) != 2 or len(asked) != 1 or not isinstance(asked[0], MultipleChoice):
        return None
    question = asked[0]
    offered = tuple((option.value, option.label) for option in question.options)
    if offered not in (COMPARISON, COMPARISON[:2]) or question != MultipleChoice(
        question.description, question.options
    ):
        return None
    return MethodCall("compare", (question.description, *shown), {"tie": True if offered == COMPARISON else None})
