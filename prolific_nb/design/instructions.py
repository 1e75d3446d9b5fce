"""The design in Prolific's legacy flow: one list of questions beside all shown columns, without a layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..common.findings import Finding
from .items import DatasetField, Image, QuestionItem, RichText
from .layout import Page, named, placed
from .question_types import VerbatimItem, VideoNarration, question_of

_LAYOUT = 'or launch with flow="layout"'


def instructions(pages: Sequence[Page]) -> list[dict[str, Any]]:
    """The questions as a request that creates instructions contains them."""
    return [each.item.to_api() for each in placed(pages) if isinstance(each.item, QuestionItem)]


def check_flat(pages: Sequence[Page]) -> Iterator[Finding]:
    """What the legacy flow cannot express of a layout.

    An error where participants would not see what they need for their answers; a warning or a note where only the
    arrangement differs.
    """
    for each in placed(pages):
        if isinstance(each.item, RichText | Image):
            what = "The legacy flow has no texts, captions or pictures beside columns: this one would not be shown."
            yield Finding("error", what, f"Move it to the introduction or the steps, {_LAYOUT}.", place=each.where)
        if isinstance(each.item, VerbatimItem):
            what = f"The legacy flow has no items of the type {each.item.kind!r}: this one would not be shown."
            yield Finding("error", what, f"Remove it, {_LAYOUT}.", place=each.where)
        if isinstance(each.item, VideoNarration):
            yield Finding(
                "error", "The legacy flow has no video narration.", f"Ask for a file, {_LAYOUT}.", place=each.where
            )
        options = question_of(each.item).options if isinstance(each.item, QuestionItem) else ()
        if not all(isinstance(value, str) for value in options):
            what = "The legacy flow may reject option values that are not strings."
            yield Finding("warning", what, f"Write them as strings, {_LAYOUT}.", place=each.where)
    bodies = [(name, page) for name, page in named(pages) if page.display_position == "body"]
    for name, page in bodies:
        for number, row in enumerate(page.rows, 1):
            if len(row.columns) > 1:
                what = "The legacy flow shows nothing side by side, so left and right would have no meaning."
                remedy = f"Name the columns in the question, {_LAYOUT}."
                yield Finding("error", what, remedy, place=f"{name}, row {number}")
    if len(bodies) > 1:
        what = f"The {len(bodies)} pages become one: all questions are shown beside all columns."
        yield Finding("warning", what, f"Check that no question reveals the answer to another, {_LAYOUT}.")
    elif any(_asks_before_it_shows(page) for _, page in bodies):
        what = "A question comes before a column; the legacy flow shows the columns first."
        yield Finding("note", what, f"No action needed, {_LAYOUT}.")


def _asks_before_it_shows(page: Page) -> bool:
    items = [item for row in page.rows for column in row.columns for item in column.items]
    asked = [place for place, item in enumerate(items) if isinstance(item, QuestionItem)]
    shown = [place for place, item in enumerate(items) if isinstance(item, DatasetField)]
    return bool(asked and shown and asked[0] < shown[-1])
