"""The layout: pages of rows of one or two columns of items. One page is one screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Literal, NamedTuple, get_args

from ..common.findings import Finding
from ..common.json_fields import NOTHING, WRONG_SHAPE, Extra, unknown_fields
from ..errors import ArgumentError, DesignError
from .items import Item, QuestionItem
from .question_types import item_from_api, item_from_record

Position = Literal["intro", "body", "outro"]
"""When a page is shown."""

ORDER: tuple[Position, ...] = get_args(Position)


@dataclass(frozen=True)
class Part:
    """A part of the layout; `extra` has the fields that this package does not know."""

    extra: Extra = field(default=NOTHING, kw_only=True, repr=False)

    def __post_init__(self) -> None:
        parts = ("id", "rows", "columns", "items")
        object.__setattr__(self, "extra", unknown_fields(self.extra, parts, "the layout"))


@dataclass(frozen=True)
class Column(Part):
    """Items, one below another."""

    items: tuple[Item, ...] = ()

    def to_api(self) -> dict[str, Any]:
        """The column as in the API's layout."""
        return {"items": [item.to_api() for item in self.items], **self.extra.as_dict()}

    def to_record(self) -> Any:
        """The column as a design is saved: a list of items, or a record where there are unknown fields."""
        items = [item.to_record() for item in self.items]
        return {"items": items, "extra": self.extra.as_dict()} if self.extra else items

    @classmethod
    def from_api(cls, column: Mapping[str, Any]) -> Column:
        """The column of a layout on the server."""
        return cls(tuple(map(item_from_api, column["items"])), extra=_unknown(column, "items"))

    @classmethod
    def from_record(cls, record: Any) -> Column:
        """The column that `to_record` was made from."""
        items, extra = _saved(record, "items")
        return cls(tuple(map(item_from_record, items)), extra=extra)


@dataclass(frozen=True)
class Row(Part):
    """Columns side by side."""

    columns: tuple[Column, ...] = ()

    @classmethod
    def of(cls, *items: Item) -> Row:
        """A row of a single column."""
        return cls((Column(items),))

    def to_api(self) -> dict[str, Any]:
        """The row as in the API's layout."""
        return {"columns": [column.to_api() for column in self.columns], **self.extra.as_dict()}

    def to_record(self) -> Any:
        """The row as a design is saved: a list of columns, or a record where there are unknown fields."""
        columns = [column.to_record() for column in self.columns]
        return {"columns": columns, "extra": self.extra.as_dict()} if self.extra else columns

    @classmethod
    def from_api(cls, row: Mapping[str, Any]) -> Row:
        """The row of a layout on the server."""
        return cls(tuple(map(Column.from_api, row["columns"])), extra=_unknown(row, "columns"))

    @classmethod
    def from_record(cls, record: Any) -> Row:
        """The row that `to_record` was made from."""
        columns, extra = _saved(record, "columns")
        return cls(tuple(map(Column.from_record, columns)), extra=extra)


@dataclass(frozen=True)
class Page(Part):
    """One screen: `display_position` is ``"body"`` (once per task), ``"intro"`` or ``"outro"`` (once in all)."""

    rows: tuple[Row, ...] = ()
    display_position: Position = "body"

    def to_api(self) -> dict[str, Any]:
        """The page as in the API's layout."""
        # "body" is the default, and older versions of the API do not have the field.
        position = {} if self.display_position == "body" else {"display_position": self.display_position}
        return {**self.extra.as_dict(), **position, "rows": [row.to_api() for row in self.rows]}

    @classmethod
    def from_api(cls, page: Mapping[str, Any]) -> Page:
        """The page of a layout on the server, without the IDs of its parts."""
        position = page.get("display_position")
        known = position in ORDER and position != "body"
        # A position that is sent without need ("body"), or that is unknown, is kept among the unknown fields.
        names = ("rows", "display_position") if known or position is None else ("rows",)
        rows = tuple(map(Row.from_api, page["rows"]))
        return cls(rows, position if position in ORDER else "body", extra=_unknown(page, *names))

    def to_record(self) -> dict[str, Any]:
        """The page as a design is saved: rows are lists of columns, columns lists of items."""
        record = {"display_position": self.display_position, "rows": [row.to_record() for row in self.rows]}
        return {**record, "extra": self.extra.as_dict()} if self.extra else record

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Page:
        """The page that `to_record` was made from; errors as those of `item_from_record`."""
        position = record["display_position"]
        if position not in ORDER:
            raise ArgumentError(f"{position!r} is not a valid page position. Use one of {', '.join(ORDER)}.")
        rows = tuple(map(Row.from_record, record["rows"]))
        return cls(rows, position, extra=Extra(record.get("extra")))


def _unknown(sent: Mapping[str, Any], *known: str) -> Extra:
    return Extra({name: value for name, value in sent.items() if name not in ("id", *known)})


def _saved(record: Any, name: str) -> tuple[list[Any], Extra]:
    return (record[name], Extra(record["extra"])) if isinstance(record, Mapping) else (record, NOTHING)


class Placed(NamedTuple):
    """An item and its place."""

    page: str
    row: int
    column: int
    item: Item

    @property
    def where(self) -> str:
        """The place in words."""
        if isinstance(self.item, QuestionItem) and self.item.description.strip():
            return f"{self.page}, question {_cut(self.item.description)!r}"
        return f"{self.page}, row {self.row}, column {self.column}"


def named(pages: Sequence[Page]) -> Iterator[tuple[str, Page]]:
    """Each page with its name: pages are counted from 1 within their position."""
    numbers = {position: count(1) for position in ORDER}
    for page in pages:
        kind = "" if page.display_position == "body" else f"{page.display_position} "
        yield f"{kind}page {next(numbers[page.display_position])}", page


def placed(pages: Sequence[Page]) -> Iterator[Placed]:
    """Every item with its place, in reading order."""
    for name, page in named(pages):
        for row_number, row in enumerate(page.rows, 1):
            for column_number, column in enumerate(row.columns, 1):
                for item in column.items:
                    yield Placed(name, row_number, column_number, item)


def with_page(pages: tuple[Page, ...], page: Page) -> tuple[Page, ...]:
    """The pages with one more, after the last of its position: intro, then body, then outro."""
    return tuple(sorted((*pages, page), key=lambda each: ORDER.index(each.display_position)))


def with_row(pages: tuple[Page, ...], row: Row) -> tuple[Page, ...]:
    """The pages with one more row at the end of the last body page; one is added if there is none."""
    bodies = [place for place, page in enumerate(pages) if page.display_position == "body"]
    if not bodies:
        return with_page(pages, Page((row,)))
    last = bodies[-1]
    return (*pages[:last], replace(pages[last], rows=(*pages[last].rows, row)), *pages[last + 1 :])


def refilled(pages: Iterable[Page], items: Iterable[Item]) -> tuple[Page, ...]:
    """The same layout with other items, as many as it has places, in reading order."""
    fresh = iter(items)
    return tuple(replace(page, rows=tuple(_refilled_row(row, fresh) for row in page.rows)) for page in pages)


def _refilled_row(row: Row, fresh: Iterator[Item]) -> Row:
    columns = [replace(column, items=tuple(next(fresh) for _ in column.items)) for column in row.columns]
    return replace(row, columns=tuple(columns))


def _cut(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


@contextmanager
def reading(what: str, expected: str, remedy: str, *, quoted: bool = True) -> Iterator[None]:
    """Replace what JSON of another form raises by a `DesignError`: `what` is not what was `expected`.

    Without `quoted`, the message and its cause repeat no value: what a server returned may contain secrets.
    """
    try:
        yield
    except WRONG_SHAPE as error:
        reason = f"{type(error).__name__}{f', {error}' if quoted else ''}"
        finding = Finding("error", f"It is not {expected}: {reason}.", remedy)
        raise DesignError(what, [finding]) from (error if quoted else None)


BATCH_FIELDS = (
    *("id", "name", "status", "workspace_id", "created_at", "created_by", "updated_at", "updated_by"),
    *("datasets", "dataset_id", "schema_version", "auto_sync_enabled", "batch_items", "task_details"),
    *("total_task_count", "total_instruction_count", "total_task_groups", "tasks_per_group"),
)
"""What is not part of the design: the server's record of it, and what a launch decides."""

_INSTRUCTION = ("id", "created_at", "created_by", "parent_id", "parent_type", "batch_id")
"""What the server adds to an instruction of the legacy flow."""

_DETAILS = ("task_name", "task_introduction", "task_steps")


def batch_fields(batch: Mapping[str, Any]) -> Extra:
    """The unknown fields of a batch as the server returns it, those of its task details under their name."""
    details = {name: value for name, value in batch["task_details"].items() if name not in _DETAILS}
    unknown = {name: value for name, value in batch.items() if name not in BATCH_FIELDS}
    return Extra(unknown | ({"task_details": details} if details else {}))


def instruction_fields(instruction: Mapping[str, Any]) -> dict[str, Any]:
    """An instruction of the legacy flow without what the server added."""
    return {name: value for name, value in instruction.items() if name not in _INSTRUCTION}
