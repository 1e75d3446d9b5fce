"""A design as one list, as the composer shows it: items in reading order, with an entry where each page starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ..common.findings import Finding
from ..common.json_fields import NOTHING, Extra
from ..errors import ArgumentTypeError, DesignError, NoSuchPlace, UnknownName
from .items import Item, QuestionItem
from .layout import ORDER, Column, Page, Position, Row
from .question_types.question import no_such_question


@dataclass(frozen=True)
class OutlineEntry:
    """One entry of the list.

    Parameters
    ----------
    item : Item, optional
        The item; without it, a page starts here.
    beside : bool
        Whether it is in a second column, next to the entry before it.
    page : {"body", "intro", "outro"}
        Position of the page that starts here. It has no effect where there is an item.
    extra : Extra
        Unknown fields of the page that starts here, or of the column that starts with the item.
    row_extra : Extra
        Unknown fields of the row that starts with the item.
    """

    item: Item | None = None
    beside: bool = False
    page: Position = "body"
    extra: Extra = field(default=NOTHING, kw_only=True, repr=False)
    row_extra: Extra = field(default=NOTHING, kw_only=True, repr=False)


def flatten(pages: Iterable[Page]) -> tuple[OutlineEntry, ...]:
    """The list of some pages; the start of a first body page is left out, unless the page is empty."""
    return tuple(_lines(pages))


def _lines(pages: Iterable[Page]) -> Iterator[OutlineEntry]:
    for number, page in enumerate(pages):
        items = [entry for row in page.rows for entry in _row_lines(row)]
        if number or page.display_position != "body" or not items or page.extra:
            yield OutlineEntry(page=page.display_position, extra=page.extra)
        yield from items


def _row_lines(row: Row) -> Iterator[OutlineEntry]:
    for place, column in enumerate(column for column in row.columns if column.items):
        for depth, item in enumerate(column.items):
            entry = OutlineEntry(item, beside=place == 1 and depth == 0, extra=column.extra if depth == 0 else NOTHING)
            yield replace(entry, row_extra=row.extra) if place == depth == 0 else entry


def build(entries: Iterable[OutlineEntry]) -> tuple[Page, ...]:
    """The pages of a list, the inverse of `flatten`; an entry that cannot be beside another gets its own row."""
    drafts: list[tuple[OutlineEntry, list[list[OutlineEntry]]]] = []
    for entry in entries:
        if entry.item is None:
            drafts.append((entry, []))
            continue
        if not drafts:
            drafts.append((OutlineEntry(), []))
        rows = drafts[-1][1]
        if entry.beside and rows and len(rows[-1]) == 1:
            rows[-1].append(entry)
        else:
            rows.append([entry])
    pages = (Page(tuple(map(_row, rows)), start.page, extra=start.extra) for start, rows in drafts)
    return tuple(sorted(pages, key=lambda page: ORDER.index(page.display_position)))


def _row(entries: Sequence[OutlineEntry]) -> Row:
    columns = tuple(Column((each.item,), extra=each.extra) for each in entries if each.item is not None)
    return Row(columns, extra=entries[0].row_extra)


def index_of(entries: Sequence[OutlineEntry], which: int | str, *, room: int = 0) -> int:
    """The index, from 0, of the entry at a number (negative ones count from the end) or with the text of a question.

    Parameters
    ----------
    room : int
        How many indices after the last entry are valid.

    Raises
    ------
    IndexError
        If there is no such number.
    LookupError
        If no question, or more than one, has this text.
    """
    if isinstance(which, str):
        return _asked(entries, which)
    if isinstance(which, bool) or not isinstance(which, int):
        raise ArgumentTypeError(f"An entry is given by its index or by the text of a question, not by {which!r}.")
    if not -len(entries) - room <= which < len(entries) + room:
        raise NoSuchPlace(f"There is no entry {which}: the design has {len(entries)}, counted from 0. See .entries.")
    return range(len(entries) + room)[which]


def _asked(entries: Sequence[OutlineEntry], text: str) -> int:
    texts = {place: each.item.description for place, each in enumerate(entries) if isinstance(each.item, QuestionItem)}
    found = [place for place, asked in texts.items() if asked == text]
    if len(found) == 1:
        return found[0]
    if found:
        places = ", ".join(map(str, found))
        raise UnknownName(f"{len(found)} questions have the text {text!r}. Use the index of one in .entries: {places}.")
    raise UnknownName(no_such_question(text, texts.values()))


def end_of(entries: Sequence[OutlineEntry], position: Position) -> int:
    """The index after the last entry that can belong to pages of a position."""
    later = ORDER[ORDER.index(position) + 1 :]
    return next((place for place, each in enumerate(entries) if each.item is None and each.page in later), len(entries))


def position_at(entries: Sequence[OutlineEntry], index: int) -> Position:
    """The position of the page that an entry inserted at an index would be on."""
    return next((each.page for each in reversed(entries[:index]) if each.item is None), "body")


def inserted(entries: Sequence[OutlineEntry], added: Sequence[OutlineEntry], index: int) -> list[OutlineEntry]:
    """The list with more entries at an index; they go after a row of two columns rather than split it."""
    place = index + 1 if index < len(entries) and entries[index].beside else index
    return [*entries[:place], *added, *entries[place:]]


def removed(entries: Sequence[OutlineEntry], index: int) -> list[OutlineEntry]:
    """The list without an entry; the one beside it gets a row of its own."""
    rest = [*entries[:index], *entries[index + 1 :]]
    if index < len(rest):
        rest[index] = replace(rest[index], beside=False)
    return rest


def moved(entries: Sequence[OutlineEntry], source: int, target: int) -> list[OutlineEntry]:
    """The list with one entry at another index.

    The two entries of one row swap sides. An entry that leaves its row gets one of its own. It does not split other
    rows of two: if the index is inside such a row, the entry goes to the far end of that row.
    """
    if source == target:
        return list(entries)
    first, second = sorted((source, target))
    if second == first + 1 and entries[second].beside:
        swapped = replace(entries[second], beside=False), replace(entries[first], beside=True)
        return [*entries[:first], *swapped, *entries[second + 1 :]]
    rest = removed(entries, source)
    if target < len(rest) and rest[target].beside:
        target += 1 if target >= source else -1
    return [*rest[:target], replace(entries[source], beside=False), *rest[target:]]


def paired(entries: Sequence[OutlineEntry], index: int) -> list[OutlineEntry]:
    """The list with an entry beside the one before it.

    Raises
    ------
    DesignError
        If there is no such entry, or one of the two is beside another already.
    """
    if reason := _why_alone(entries, index):
        raise DesignError("This row of two columns", [Finding("error", *reason, place=f"entry {index}")])
    return [*entries[:index], replace(entries[index], beside=True), *entries[index + 1 :]]


def _why_alone(entries: Sequence[OutlineEntry], index: int) -> tuple[str, str] | None:
    following = entries[index + 1] if index + 1 < len(entries) else None
    if entries[index].item is None:
        return "It is the start of a page, not an item.", "Give the index of an item."
    if index == 0 or entries[index - 1].item is None:
        return "It is the first item on its page.", "Move it after another item first."
    if not entries[index].beside and (entries[index - 1].beside or (following and following.beside)):
        remedy = "A row has at most two columns. First call .beside(…, on=False) on the second item of the other row."
        return "It or the entry before it is already beside another.", remedy
    return None


def page_of(entries: Sequence[OutlineEntry], index: int) -> Sequence[OutlineEntry]:
    """The start of a page at an index, with everything on that page."""
    following = range(index + 1, len(entries))
    return entries[index : next((place for place in following if entries[place].item is None), len(entries))]
