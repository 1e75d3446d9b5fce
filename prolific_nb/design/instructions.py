"""The design in Prolific's older flow: its questions in a row, beside all columns that are shown; no layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..common.findings import Finding
from .items import DatasetField, Image, MultipleChoice, MultipleChoiceWithFreeText, QuestionItem, RichText
from .layout import Page, named, placed

_LAYOUT = 'or launch with flow="layout"'


def instructions(pages: Sequence[Page]) -> list[dict[str, Any]]:
    """The questions as the body of a request for instructions holds them."""
    return [each.item.to_api() for each in placed(pages) if isinstance(each.item, QuestionItem)]


def check_flat(pages: Sequence[Page]) -> Iterator[Finding]:
    """What the older flow cannot express of a layout.

    An error where participants would miss what they need for their answers; a warning or a note where they only see
    it in another arrangement.
    """
    for each in placed(pages):
        if isinstance(each.item, RichText | Image):
            what = "The older flow has no texts, captions and pictures beside the columns: nobody would see this one."
            yield Finding("error", what, f"Put it into the introduction or the steps, {_LAYOUT}.", place=each.where)
        choices = each.item.options if isinstance(each.item, MultipleChoice | MultipleChoiceWithFreeText) else ()
        if not all(isinstance(option.value, str) for option in choices):
            what = "Values of options that are no strings may be refused by the older flow."
            yield Finding("warning", what, f"Write them as strings, {_LAYOUT}.", place=each.where)
    bodies = [(name, page) for name, page in named(pages) if page.display_position == "body"]
    for name, page in bodies:
        for number, row in enumerate(page.rows, 1):
            if len(row.columns) > 1:
                what = "The older flow shows nothing side by side, so that left and right would mean nothing."
                remedy = f"Ask by the names of the columns, {_LAYOUT}."
                yield Finding("error", what, remedy, place=f"{name}, row {number}")
    if len(bodies) > 1:
        what = f"The {len(bodies)} pages become one: all questions stand beside all columns."
        yield Finding("warning", what, f"Check that none gives another one away, {_LAYOUT}.")
    elif any(_asks_before_it_shows(page) for _, page in bodies):
        what = "A question stands before a column; the older flow shows the columns first."
        yield Finding("note", what, f"Nothing need be done, {_LAYOUT}.")


def _asks_before_it_shows(page: Page) -> bool:
    items = [item for row in page.rows for column in row.columns for item in column.items]
    asked = [place for place, item in enumerate(items) if isinstance(item, QuestionItem)]
    shown = [place for place, item in enumerate(items) if isinstance(item, DatasetField)]
    return bool(asked and shown and asked[0] < shown[-1])
