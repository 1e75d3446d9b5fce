"""What can be added to a page, what each entry of a design is called, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from ...common.findings import Finding, Findings
from ...design import Design, Entry
from ...design.items import (
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
    Unit,
    Validation,
)
from ...design.layout import placed

ITEM_LABELS: dict[type[Item], str] = {
    DatasetField: "column",
    RichText: "text",
    Image: "picture",
    FreeText: "free text",
    FreeTextWithUnit: "number with unit",
    MultipleChoice: "choice",
    MultipleChoiceWithFreeText: "choice with reason",
    FileUpload: "files",
}


def _options(*labels: str) -> tuple[Option, ...]:
    return tuple(Option(label, label) for label in labels)


def _scale() -> tuple[Option, ...]:
    return tuple(Option(str(point), point) for point in range(1, 6))


# Names in the list of what can be added, with what they add; `columns` are those of the data.
ITEM_FACTORIES: dict[str, Callable[[tuple[str, ...]], Entry]] = {
    "Column of the data": lambda columns: Entry(DatasetField(columns[0] if columns else "")),
    "Text": lambda _: Entry(RichText("<p></p>")),
    "Picture": lambda _: Entry(Image("https://", "")),
    "Single choice": lambda _: Entry(MultipleChoice("", _options("yes", "no"))),
    "Rating": lambda _: Entry(MultipleChoice("", _scale(), ordered=True)),
    "Multiple choice": lambda _: Entry(MultipleChoice("", _options("first", "second"), -1)),
    "Choice with reason": lambda _: Entry(MultipleChoiceWithFreeText("", _headed("yes", "no"), 1)),
    "Free text": lambda _: Entry(FreeText("")),
    "Number with unit": lambda _: Entry(FreeTextWithUnit("", _units("minutes", "hours"))),
    "File upload": lambda _: Entry(FileUpload("")),
    "New page": lambda _: Entry(page="body"),
    "Intro page": lambda _: Entry(page="intro"),
    "Outro page": lambda _: Entry(page="outro"),
}


def _headed(*labels: str) -> tuple[Option, ...]:
    return tuple(Option(label, label, heading="Answer") for label in labels)


def _units(*labels: str) -> tuple[Unit, ...]:
    return tuple(Unit(label, label, Validation("number")) for label in labels)


def kind_of(entry: Entry) -> str:
    """What an entry is, in a word or two.

    Examples
    --------
    >>> kind_of(Entry(FreeText("Why?")))
    'free text'
    """
    if entry.item is None:
        return "page" if entry.page == "body" else f"{entry.page} page"
    if isinstance(entry.item, MultipleChoice):
        return "rating" if entry.item.ordered else "choice" if entry.item.answer_limit == 1 else "multiple choice"
    return ITEM_LABELS[type(entry.item)]


def title_of(entry: Entry) -> str:
    """The line that stands for an entry in the list."""
    item = entry.item
    if item is None:
        return {"body": "New page", "intro": "Intro, shown once before", "outro": "Outro, shown once after"}[entry.page]
    if isinstance(item, DatasetField):
        return item.field or "(no column chosen)"
    if isinstance(item, QuestionItem):
        return " ".join(item.description.split()) or "(no question yet)"
    if isinstance(item, Image):
        return item.alt_text or item.url
    words = unescape(re.sub(r"<[^>]*>", " ", item.content)) if isinstance(item, RichText) else ""
    return " ".join(words.split()) or "(empty text)"


def problems(design: Design, findings: Findings) -> tuple[dict[int, list[Finding]], Findings]:
    """Findings by the index of the entry they are about, and those that are about the whole."""
    places = [each.where for each in placed(design.pages)]
    items = [index for index, entry in enumerate(design.entries) if entry.item is not None]
    by_entry: dict[int, list[Finding]] = {}
    general = []
    for finding in findings:
        where = [index for index, place in zip(items, places, strict=True) if place == finding.place]
        for index in where:
            by_entry.setdefault(index, []).append(finding)
        if not where:
            general.append(finding)
    return by_entry, Findings(general)
