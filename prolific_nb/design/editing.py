"""Changing what is there already: the verbs that a composer needs, for anything that is made of pages."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
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
    """Verbs on `entries`, each of which returns a new value.

    Where a verb names an entry, it takes an index into `entries` or the text of a question. What does not exist is
    an IndexError or a LookupError.
    """

    pages: tuple[Page, ...]

    @abstractmethod
    def _with_pages(self, pages: tuple[Page, ...]) -> Self:
        """The same with other pages."""

    @property
    def entries(self) -> tuple[OutlineEntry, ...]:
        """Everything on the pages as one list in reading order, with an entry where each page starts."""
        return flatten(self.pages)

    def with_entries(self, entries: Iterable[OutlineEntry]) -> Self:
        """The same with the pages that this list describes; items that shared a column get rows of their own."""
        return self._with_pages(build(entries))

    def insert(self, item: Item | OutlineEntry, at: Which | None = None) -> Self:
        """Put an item, or an entry such as the start of a page, somewhere.

        Parameters
        ----------
        item : Item or OutlineEntry
            ``Entry(page="outro")`` starts a page.
        at : int or str, optional
            The index that it gets, or the question it comes before. Without it, it comes last on the last page of
            the task, and a page comes last among those of its kind. A row of two columns is not torn apart.
        """
        entry = item if isinstance(item, OutlineEntry) else OutlineEntry(item)
        entries = self.entries
        index = end_of(entries, entry.page) if at is None else index_of(entries, at, room=1)
        opening = at is None and entry.item is not None and position_at(entries, index) != "body"
        return self.with_entries(inserted(entries, [OutlineEntry(), entry] if opening else [entry], index))

    def move(self, which: Which, to: Which) -> Self:
        """Put an entry at another index, or where a question stands now.

        Moving the start of a page moves the boundary between two pages. The two items of one row change sides; an
        item that leaves its row stands alone, and it passes other rows of two columns as a whole.
        """
        entries = self.entries
        return self.with_entries(moved(entries, index_of(entries, which), index_of(entries, to)))

    def edit(self, which: Which, **changes: Any) -> Self:
        """Change fields of an item, under the names of its dataclass, or of the start of a page: ``page="outro"``.

        Options and units may be given as `choose` takes them.

        Raises
        ------
        TypeError
            If there is no such field; the message names those there are. Also if a value is of the wrong type.
        ValueError
            If a value cannot be stored.
        """
        entries = self.entries
        index = index_of(entries, which)
        item = entries[index].item
        if item is None:
            start = changed_start(entries[index], changes)
            return self.with_entries([*entries[:index], start, *entries[index + 1 :]])
        items = [each.item for each in placed(self.pages)]
        items[sum(each.item is not None for each in entries[:index])] = changed(item, changes)
        return self._with_pages(refilled(self.pages, items))

    def remove(self, which: Which) -> Self:
        """Take an entry away; without its start, a page becomes part of the page before."""
        entries = self.entries
        return self.with_entries(removed(entries, index_of(entries, which)))

    def duplicate(self, which: Which) -> Self:
        """Put a copy of an item behind it; of the start of a page, a copy of the whole page."""
        entries = self.entries
        index = index_of(entries, which)
        copies = page_of(entries, index) if entries[index].item is None else [OutlineEntry(entries[index].item)]
        return self.with_entries(inserted(entries, copies, index + len(copies)))

    def beside(self, which: Which = -1, on: bool = True) -> Self:
        """Put an item next to the entry before it, in a second column, or back below it.

        Raises
        ------
        DesignError
            If it is the first item of its page, or a row would get a third column.
        """
        entries = self.entries
        index = index_of(entries, which)
        if on:
            return self.with_entries(paired(entries, index))
        alone = OutlineEntry(entries[index].item, page=entries[index].page)
        return self.with_entries([*entries[:index], alone, *entries[index + 1 :]])
