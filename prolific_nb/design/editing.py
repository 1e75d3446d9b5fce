"""Changing a design: the methods that the composer needs, for anything that consists of pages."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any, Self

from .field_changes import changed, changed_start
from .items import Item
from .layout import Page, placed, refilled
from .outline import (
    OutlineEntry,
    build,
    end_of,
    flatten,
    index_of,
    inserted,
    moved,
    page_of,
    paired,
    position_at,
    removed,
)

Which = int | str
"""An index into `entries`, negative ones from the end, or the text of a question."""


class Editable:
    """Methods that change `entries`; each returns a new value.

    An entry is given by its index into `entries` or by the text of a question. If there is no such entry, an
    IndexError or a LookupError is raised.
    """

    pages: tuple[Page, ...]

    @abstractmethod
    def _with_pages(self, pages: tuple[Page, ...]) -> Self:
        """The same with other pages."""

    @cached_property
    def entries(self) -> tuple[OutlineEntry, ...]:
        """Everything on the pages as one list in reading order, with an entry where each page starts."""
        return flatten(self.pages)

    def with_entries(self, entries: Iterable[OutlineEntry]) -> Self:
        """The same with the pages of this list; items that shared a column get rows of their own."""
        return self._with_pages(build(entries))

    def insert(self, item: Item | OutlineEntry, at: Which | None = None) -> Self:
        """Insert an item, or an entry such as the start of a page.

        Parameters
        ----------
        item : Item or OutlineEntry
            ``Entry(page="outro")`` starts a page.
        at : int or str, optional
            Its new index, or the question before which it is inserted. By default an item is added at the end of
            the last page of the task, and a page after the others of its position. A row of two columns is not split.
        """
        entry = item if isinstance(item, OutlineEntry) else OutlineEntry(item)
        entries = self.entries
        index = end_of(entries, entry.page) if at is None else index_of(entries, at, room=1)
        opening = at is None and entry.item is not None and position_at(entries, index) != "body"
        return self.with_entries(inserted(entries, [OutlineEntry(), entry] if opening else [entry], index))

    def move(self, which: Which, to: Which) -> Self:
        """Move an entry to another index, or to the place of a question.

        Moving the start of a page moves the boundary between two pages. The two items of one row swap sides; an item
        that leaves its row gets one of its own, and it does not split other rows of two columns.
        """
        entries = self.entries
        return self.with_entries(moved(entries, index_of(entries, which), index_of(entries, to)))

    def edit(self, which: Which, **changes: Any) -> Self:
        """Change fields of an item, by the names of its dataclass, or of the start of a page: ``page="outro"``.

        Options and units may be given as in `choose` and `measure`.

        Raises
        ------
        TypeError
            If there is no such field (the message names the fields), or a value is of the wrong type.
        ValueError
            If a value cannot be stored.
        """
        entries = self.entries
        index = index_of(entries, which)
        item = entries[index].item
        if item is None:
            start = changed_start(entries[index], changes)
            return self.with_entries([*entries[:index], start, *entries[index + 1 :]])
        return self.with_item(index, changed(item, changes))

    def with_item(self, at: int, item: Item) -> Self:
        """The same with another item at an index into `entries`, in the same place of the layout."""
        items = [each.item for each in placed(self.pages)]
        items[sum(each.item is not None for each in self.entries[:at])] = item
        return self._with_pages(refilled(self.pages, items))

    def remove(self, which: Which) -> Self:
        """Remove an entry; without its start, a page becomes part of the page before."""
        entries = self.entries
        return self.with_entries(removed(entries, index_of(entries, which)))

    def duplicate(self, which: Which) -> Self:
        """Insert a copy of an item after it; for the start of a page, a copy of the whole page."""
        entries = self.entries
        index = index_of(entries, which)
        copies = page_of(entries, index) if entries[index].item is None else [OutlineEntry(entries[index].item)]
        return self.with_entries(inserted(entries, copies, index + len(copies)))

    def beside(self, which: Which = -1, on: bool = True) -> Self:
        """Move an item next to the entry before it, in a second column, or back below it.

        Raises
        ------
        DesignError
            If it is the first item of its page, or a row would get a third column.
        """
        entries = self.entries
        index = index_of(entries, which)
        if on:
            return self.with_entries(paired(entries, index))
        alone = replace(entries[index], beside=False)
        return self.with_entries([*entries[:index], alone, *entries[index + 1 :]])
