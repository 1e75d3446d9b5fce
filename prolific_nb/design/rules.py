"""The rules of a design: what Prolific would refuse, and what would spoil the answers. All are looked at, always."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import singledispatch
from math import inf
from typing import Protocol, TypeVar

from ..common.findings import Finding
from .codebook import text_of
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
    QuestionItem,
    RichText,
    Validation,
)
from .layout import Page, Placed, named, placed

_SCRIPT = re.compile(r"<\s*script|javascript\s*:", re.IGNORECASE)
_HTTPS = re.compile(r"https://[^\s/?#\"<>]+[^\s\"<>]*")
_LONGEST_NAME = 128
_RESERVED = "pnb_row"
_T = TypeVar("_T", bound=Hashable)

Problem = tuple[str, str]
"""What is wrong, and what to do now."""


class Described(Protocol):
    """What the rules need to know of the data."""

    @property
    def columns(self) -> Sequence[str]:
        """Names of the columns."""

    @property
    def kinds(self) -> Mapping[str, str]:
        """What each column holds."""


def check_texts(texts: Mapping[str, str]) -> Iterator[Finding]:
    """The name, the introduction and the steps, by the place where each is shown."""
    if not texts["name"].strip():
        yield Finding("error", "The design has no name.", "Give one: participants see it.", place="name")
    for place, text in texts.items():
        for what, remedy in _script(text):
            yield Finding("error", what, remedy, place=place)


def check_pages(pages: Sequence[Page]) -> Iterator[Finding]:
    """Everything that can be said without the data."""
    items = list(placed(pages))
    yield from _check_whole([each.item for each in items])
    for name, page in named(pages):
        yield from _check_page(name, page)
    for each in items:
        yield from (Finding("error", what, remedy, place=each.where) for what, remedy in validate_item(each.item))
        yield from _advice(each)
    yield from _check_repeated_questions(items)


def check_columns(pages: Sequence[Page], data: Described) -> Iterator[Finding]:
    """The shown columns against those of the data."""
    for each in placed(pages):
        if isinstance(each.item, DatasetField):
            for what, remedy in _column_complaints(each.item.field, data):
                yield Finding("error", what, remedy, column=each.item.field, place=each.where)


def _check_whole(items: Sequence[Item]) -> Iterator[Finding]:
    if not any(isinstance(item, QuestionItem) for item in items):
        yield Finding("error", "The design asks no question.", "Add one, for example with .choose() or .write().")
    if not any(isinstance(item, DatasetField) for item in items):
        yield Finding(
            "warning",
            "The design shows no column of the data, so that every task looks the same.",
            "Add .show(column) unless this is meant.",
        )


def _check_page(name: str, page: Page) -> Iterator[Finding]:
    if not page.rows:
        yield Finding("error", "The page is empty.", "Put something on it, or leave out its .page().", place=name)
    for number, row in enumerate(page.rows, 1):
        if not 1 <= len(row.columns) <= 2 or not all(column.items for column in row.columns):
            what = f"A row has one or two columns, none of them empty; this one has {len(row.columns)}."
            yield Finding("error", what, "Use .side_by_side() with two columns.", place=f"{name}, row {number}")
    items = [item for row in page.rows for column in row.columns for item in column.items]
    if page.display_position != "body" and not all(isinstance(item, Image | RichText) for item in items):
        what = "Intro and outro pages hold only texts and pictures."
        yield Finding("error", what, "Move questions and columns to a page of the task.", place=name)
    for field in _repeated(item.field for item in items if isinstance(item, DatasetField)):
        what = "The column is shown more than once on one page, which Prolific refuses."
        yield Finding("error", what, "Show it once, or start a new .page() before it.", column=field, place=name)


def _check_repeated_questions(items: Iterable[Placed]) -> Iterator[Finding]:
    first: dict[str, Placed] = {}
    for each in items:
        if isinstance(each.item, QuestionItem) and each.item.description.strip():
            before = first.setdefault(" ".join(each.item.description.split()).casefold(), each)
            if before is not each:
                what = f"The same question stands on {before.page}; their answers could not be told apart."
                yield Finding("error", what, "Word each question differently.", place=each.where)


def _column_complaints(field: str, data: Described) -> Iterator[Problem]:
    if field not in data.columns:
        folded = {column.casefold(): column for column in data.columns}
        near = [folded[name] for name in get_close_matches(field.casefold(), list(folded), cutoff=0.5)]
        choice = ", ".join(map(repr, near or list(data.columns)[:10]))
        yield "The data has no such column.", f"{'The nearest are' if near else 'It has'} {choice}."
    elif data.kinds.get(field) == "group":
        yield "The column only groups tasks and cannot be shown.", "Show another, or give it another kind in read_data."


def _advice(each: Placed) -> Iterator[Finding]:
    item = each.item
    if isinstance(item, Image) and not item.alt_text.strip():
        remedy = "Say in alt= what it shows, for those who cannot see it."
        yield Finding("warning", "The picture has no text for screen readers.", remedy, place=each.where)
    if isinstance(item, MultipleChoice | MultipleChoiceWithFreeText):
        for heading, label in _repeated((option.heading, option.label) for option in item.options):
            under = f" under {heading!r}" if heading is not None else ""
            what = f"Two options both read {label!r}{under}."
            yield Finding("warning", what, "Word them differently.", place=each.where)


@singledispatch
def validate_item(item: Item) -> Iterator[Problem]:
    """What is wrong with one item by itself."""
    raise TypeError(f"There are no rules for {type(item).__name__}.")


@validate_item.register
def _field(item: DatasetField) -> Iterator[Problem]:
    if not 1 <= len(item.field) <= _LONGEST_NAME:
        yield f"The column's name has {len(item.field)} characters, not 1 to {_LONGEST_NAME}.", "Rename the column."
    if item.field == _RESERVED:
        yield f"{_RESERVED!r} is kept for the hidden number of each row.", "Show another column."


@validate_item.register
def _image(item: Image) -> Iterator[Problem]:
    if not _HTTPS.fullmatch(item.url):
        yield f"The picture's address {item.url!r} is no https address.", "Give one that begins with https://."


@validate_item.register
def _rich_text(item: RichText) -> Iterator[Problem]:
    if not item.content.strip():
        yield "The text is empty.", "Write something, or leave it out."
    yield from _script(item.content)


@validate_item.register
def _free_text(item: FreeText) -> Iterator[Problem]:
    yield from _asks(item)
    if item.validation:
        yield from _bounds(item.validation)


@validate_item.register
def _free_text_with_unit(item: FreeTextWithUnit) -> Iterator[Problem]:
    yield from _asks(item)
    if len(item.unit_options) < 2:
        yield f"A number needs two units or more; this has {len(item.unit_options)}.", "Add one, or use .write()."
    yield from _values("unit", [(unit.value, unit.label) for unit in item.unit_options])
    if item.unit_position not in ("prefix", "suffix"):
        yield f"The units' position is {item.unit_position!r}.", 'Use "prefix" or "suffix".'


@validate_item.register
def _choice(item: MultipleChoice | MultipleChoiceWithFreeText) -> Iterator[Problem]:
    yield from _asks(item)
    if len(item.options) < 2:
        yield f"A choice needs two options or more; this has {len(item.options)}.", "Add options."
    yield from _values("option", [(option.value, option.label) for option in item.options])
    if item.answer_limit != -1 and not _is_count(item.answer_limit, max(len(item.options), 1)):
        what = f"{item.answer_limit} options may be picked, of {len(item.options)}."
        yield what, "Set at_most from 1 to the number of options, or leave it out for any number."
    yield from _exclusive(item.answer_limit, item.options)
    if isinstance(item, MultipleChoiceWithFreeText) and not all((o.heading or "").strip() for o in item.options):
        yield "A heading is empty.", "Give every group of options a heading."


@validate_item.register
def _upload(item: FileUpload) -> Iterator[Problem]:
    yield from _asks(item)
    if item.accepted_file_types is not None and not item.accepted_file_types:
        yield "No type of file is accepted.", 'Name some, as in types=[".jpg", ".png"].'
    for extension in item.accepted_file_types or ():
        if not re.fullmatch(r"\.\w+", extension):
            yield f"{extension!r} is no file extension with its dot.", 'Write it as ".jpg".'
    if item.max_file_count is not None and not _is_count(item.max_file_count):
        yield f"max_files is {item.max_file_count}.", "Allow one file or more."


def _asks(item: QuestionItem) -> Iterator[Problem]:
    if not item.description.strip():
        yield "The question has no text.", "Write what the participant is to answer."


def _values(noun: str, pairs: Sequence[tuple[str | float, str]]) -> Iterator[Problem]:
    for text in _repeated(text_of(value) for value, _ in pairs):
        yield f"Two {noun}s have the same value {text!r}.", f"Give every {noun} a value of its own."
    if any(not text_of(value).strip() for value, _ in pairs):
        yield f"The value of one {noun} is empty; it would look like no answer.", "Give it a value."
    if any(not label.strip() for _, label in pairs):
        yield f"The label of one {noun} is empty.", "Write what the participant is to read."


def _exclusive(limit: int, options: Sequence[Option]) -> Iterator[Problem]:
    exclusive = [option for option in options if option.exclusive]
    if exclusive and limit == 1:
        yield "An option that excludes the others makes no sense where one may be picked.", "Leave out none=."
    if exclusive and len(exclusive) == len(options):
        yield "Every option excludes the others.", "Let at least one be picked together with others."


def _bounds(rule: Validation) -> Iterator[Problem]:
    given = [bound for bound in (rule.min, rule.max) if bound is not None]
    if rule.type == "string" and any(type(bound) is not int or bound < 0 for bound in given):
        yield "Lengths are counted in whole characters from 0.", "Give min_chars and max_chars as whole numbers."
    if rule.min is not None and rule.max is not None and rule.min > rule.max:
        yield f"The least, {rule.min}, is above the most, {rule.max}.", "Swap them or leave one out."


def _is_count(number: object, most: float = inf) -> bool:
    # A truth value is an int to Python, but not to JSON.
    return type(number) is int and 1 <= number <= most


def _script(html: str) -> Iterator[Problem]:
    if _SCRIPT.search(html):
        yield "The text holds a script.", "Leave out <script> and javascript: links; Prolific shows basic HTML only."


def _repeated(values: Iterable[_T]) -> list[_T]:
    return [value for value, times in Counter(values).items() if times > 1]
