"""The rules of a design: what Prolific would refuse, and what would spoil the answers. All are always checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import combinations
from typing import Protocol

from ..common.findings import Finding
from .items import DatasetField, Image, Item, QuestionItem, RichText, misfits
from .layout import Page, Placed, Row, named, placed
from .question_types import MultipleChoice, MultipleChoiceWithFreeText, VerbatimItem, type_of
from .question_types.item_rules import Problem, repeated, scripts


class Described(Protocol):
    """What the rules need to know of the data."""

    @property
    def columns(self) -> Sequence[str]:
        """Names of the columns."""

    @property
    def kinds(self) -> Mapping[str, str]:
        """The kind of each column."""


def check_texts(texts: Mapping[str, str]) -> Iterator[Finding]:
    """The name, the introduction and the steps, by the place where each is shown."""
    if not texts["name"].strip():
        yield Finding("error", "The design has no name.", "Give it one; participants see it.", place="name")
    for place, text in texts.items():
        for what, remedy in scripts(text):
            yield Finding("error", what, remedy, place=place)


def check_pages(pages: Sequence[Page]) -> Iterator[Finding]:
    """Everything that can be checked without the data."""
    items = list(placed(pages))
    yield from _check_whole([each.item for each in items])
    for name, page in named(pages):
        yield from _check_page(name, page)
    for each in items:
        kind, wrong = type_of(each.item), misfits(each.item)
        for what, wanted in wrong:
            yield Finding("error", f"{what}, which Prolific refuses.", f"It must be {wanted}.", place=each.where)
        if wrong:
            continue  # the other rules expect the right types
        yield from (Finding("error", what, remedy, place=each.where) for what, remedy in kind.rules(each.item))
        yield from (Finding("warning", what, remedy, place=each.where) for what, remedy in kind.advice(each.item))
    yield from _check_repeated_questions(items)


def check_columns(pages: Sequence[Page], data: Described) -> Iterator[Finding]:
    """The shown columns, compared with those of the data."""
    for each in placed(pages):
        if isinstance(each.item, DatasetField):
            for what, remedy in _column_complaints(each.item.field, data):
                yield Finding("error", what, remedy, column=each.item.field, place=each.where)


def check_sides(pages: Sequence[Page], data: Described) -> Iterator[Finding]:
    """Comparisons in which each column is always on the same side, so that position bias cannot be told apart."""
    for name, page in named(pages):
        pair = next((columns for row in page.rows if len(columns := _sides(row)) == 2), None)
        if pair is None or not _asks_for_side(page, pair) or _sides_drawn(_hidden_columns(pages, data)):
            continue
        left, right = pair
        what = f"{left!r} is always left and {right!r} always right, so position bias cannot be told from preference."
        yield Finding("warning", what, _DRAW.format(left=left, right=right), place=name)


_DRAW = (
    "Draw the sides of each row before pnb.read_data(df): swap = numpy.random.default_rng(0).random(len(df)) < 0.5; "
    'a, b = df["{left}"], df["{right}"]; df["on_left"], df["on_right"] = a.where(~swap, b), b.where(~swap, a); '
    'df["by_left"] = numpy.where(swap, "{right}", "{left}"); df["by_right"] = numpy.where(swap, "{left}", "{right}"). '
    'Then .compare(question, "on_left", "on_right"), and later '
    'pnb.analysis.preference(answers, left="by_left", right="by_right", items="values").'
)


def _sides(row: Row) -> tuple[str, ...]:
    shown = [item.field for column in row.columns for item in column.items if isinstance(item, DatasetField)]
    return tuple(shown) if len(row.columns) == 2 else ()


def _asks_for_side(page: Page, pair: tuple[str, ...]) -> bool:
    """Whether a question of the page asks for one of two sides, or for one of the two columns by name."""
    items = [item for row in page.rows for column in row.columns for item in column.items]
    choices = [item for item in items if isinstance(item, MultipleChoice | MultipleChoiceWithFreeText)]
    offered = [{str(option.value).strip().casefold() for option in item.options} for item in choices]
    return any({"left", "right"} <= values or {name.casefold() for name in pair} <= values for values in offered)


def _hidden_columns(pages: Sequence[Page], data: Described) -> list[Sequence[str]]:
    shown = {each.item.field for each in placed(pages) if isinstance(each.item, DatasetField)}
    read = getattr(data, "cells", None)
    return [read(column) for column in data.columns if column not in shown] if read is not None else []


def _sides_drawn(hidden: Sequence[Sequence[str]]) -> bool:
    """Whether two columns that are not shown name what is on each side, and the sides change."""
    names = {place: set(cells) for place, cells in enumerate(hidden)}
    return any(
        len(names[one]) > 1
        and names[one] == names[other]
        and all(a != b for a, b in zip(hidden[one], hidden[other], strict=True))
        for one, other in combinations(names, 2)
    )


def _check_whole(items: Sequence[Item]) -> Iterator[Finding]:
    if not any(isinstance(item, QuestionItem) for item in items):
        remedy = "Add one and keep the result, as in design = design.choose(…): each method returns a new design."
        yield Finding("error", "The design asks no question.", remedy)
    if not any(isinstance(item, DatasetField) for item in items):
        yield Finding(
            "warning",
            "The design shows no column of the data, so every task looks the same.",
            "Add one, as in design = design.show(column), unless this is intended.",
        )


def _check_page(name: str, page: Page) -> Iterator[Finding]:
    if not page.rows:
        yield Finding("error", "The page is empty.", "Add something to it, or remove its .page().", place=name)
    for number, row in enumerate(page.rows, 1):
        if not 1 <= len(row.columns) <= 2 or not all(column.items for column in row.columns):
            what = f"A row has one or two columns, none of them empty; this one has {len(row.columns)}."
            yield Finding("error", what, "Use .side_by_side() with two columns.", place=f"{name}, row {number}")
    items = [item for row in page.rows for column in row.columns for item in column.items]
    if page.display_position != "body" and not all(isinstance(item, Image | RichText | VerbatimItem) for item in items):
        what = "Intro and outro pages may contain only texts and pictures."
        yield Finding("error", what, "Move questions and columns to a page of the task.", place=name)
    if sum(isinstance(item, MultipleChoice) and item.right is not None for item in items) > 1:
        what = "The page has several attention checks, and who fails one most likely fails the others."
        yield Finding("warning", what, "Keep one per page.", place=name)
    for field in repeated(item.field for item in items if isinstance(item, DatasetField)):
        what = "The column is shown more than once on one page, which Prolific refuses."
        yield Finding("error", what, "Show it once, or start a new .page() before it.", column=field, place=name)


def _check_repeated_questions(items: Iterable[Placed]) -> Iterator[Finding]:
    first: dict[str, Placed] = {}
    for each in items:
        if isinstance(each.item, QuestionItem) and each.item.description.strip():
            before = first.setdefault(" ".join(each.item.description.split()).casefold(), each)
            if before is not each:
                what = f"The same question is on {before.page} too, so their answers could not be distinguished."
                yield Finding("error", what, "Word each question differently.", place=each.where)


def _column_complaints(field: str, data: Described) -> Iterator[Problem]:
    if field not in data.columns:
        folded = {column.casefold(): column for column in data.columns}
        near = [folded[name] for name in get_close_matches(field.casefold(), list(folded), cutoff=0.5)]
        choice = ", ".join(map(repr, near or list(data.columns)[:10]))
        yield "The data has no such column.", f"{'Similar names:' if near else 'It has'} {choice}."
    elif data.kinds.get(field) == "group":
        yield "The column only groups tasks and cannot be shown.", "Show another, or give it another kind in read_data."
