"""The layout: pages of rows of one or two columns of items. One page is one screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal, NamedTuple, get_args

from .items import Item, QuestionItem
from .question_types import item_from_api, item_from_record

Position = Literal["intro", "body", "outro"]
"""When a page is shown."""

ORDER: tuple[Position, ...] = get_args(Position)


@dataclass(frozen=True)
class Column:
    """Items, one below another."""

    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Row:
    """Columns side by side."""

    columns: tuple[Column, ...] = ()

    @classmethod
    def of(cls, *items: Item) -> Row:
        """A row of a single column."""
        return cls((Column(items),))


@dataclass(frozen=True)
class Page:
    """One screen: `display_position` is ``"body"`` (once per task), ``"intro"`` or ``"outro"`` (once in all)."""

    rows: tuple[Row, ...] = ()
    display_position: Position = "body"

    def to_api(self) -> dict[str, Any]:
        """The page as in the API's layout."""
        rows = [
            {"columns": [{"items": [item.to_api() for item in column.items]} for column in row.columns]}
            for row in self.rows
        ]
        # "body" is the default, and older versions of the API do not have the field.
        position = {} if self.display_position == "body" else {"display_position": self.display_position}
        return {**position, "rows": rows}

    @classmethod
    def from_api(cls, page: Mapping[str, Any]) -> Page:
        """The page of a layout on the server."""
        rows = tuple(
            Row(tuple(Column(tuple(map(item_from_api, column["items"]))) for column in row["columns"]))
            for row in page["rows"]
        )
        position = page.get("display_position")
        return cls(rows, position if position in ORDER else "body")

    def to_record(self) -> dict[str, Any]:
        """The page as a design is saved: rows are lists of columns, columns lists of items."""
        rows = [[[item.to_record() for item in column.items] for column in row.columns] for row in self.rows]
        return {"display_position": self.display_position, "rows": rows}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Page:
        """The page that `to_record` was made from; errors as those of `item_from_record`."""
        rows = tuple(
            Row(tuple(Column(tuple(item_from_record(item) for item in column)) for column in row))
            for row in record["rows"]
        )
        position = record["display_position"]
        if position not in ORDER:
            raise ValueError(f"{position!r} is not a valid page position. Use one of {', '.join(ORDER)}.")
        return cls(rows, position)


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
    return (*pages[:last], Page((*pages[last].rows, row)), *pages[last + 1 :])


def refilled(pages: Iterable[Page], items: Iterable[Item]) -> tuple[Page, ...]:
    """The same layout with other items, as many as it has places, in reading order."""
    fresh = iter(items)
    return tuple(
        Page(
            tuple(
                Row(tuple(Column(tuple(next(fresh) for _ in column.items)) for column in row.columns))
                for row in page.rows
            ),
            page.display_position,
        )
        for page in pages
    )


def _cut(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
