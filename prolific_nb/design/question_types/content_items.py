"""Item types that show something: a column of the data, a text, a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from ..items import DatasetField, Image, RichText
from .form_fields import FormField
from .item_rules import Problem, no_advice, scripts
from .item_type import ItemType, as_given
from .method_call import MethodCall

_HTTPS = re.compile(r"https://[^\s/?#\"<>]+[^\s\"<>]*")
_LONGEST_NAME = 128
_RESERVED = "pnb_row"
_FORMATS = ("html", "markdown")


def _column_rules(item: DatasetField) -> Iterator[Problem]:
    if not 1 <= len(item.field) <= _LONGEST_NAME:
        what = f"The column name has {len(item.field)} characters; 1 to {_LONGEST_NAME} are allowed."
        yield what, "Rename the column."
    if item.field == _RESERVED:
        yield f"The column name {_RESERVED!r} is reserved for the hidden row key.", "Show another column."


def _text_rules(item: RichText) -> Iterator[Problem]:
    if not item.content.strip():
        yield "The text is empty.", "Write a text, or remove the item."
    yield from scripts(item.content)
    if item.content_format not in (None, *_FORMATS):
        yield f"The format {item.content_format!r} of the text is not valid.", 'Use "html" or "markdown".'


def _markdown(item: RichText) -> str | None:
    return "markdown" if item.content_format == "markdown" else None


def _words(item: RichText) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", item.content)).split())


def _picture_rules(item: Image) -> Iterator[Problem]:
    if not _HTTPS.fullmatch(item.url):
        yield f"The picture URL {item.url!r} is not a valid https URL.", "Use a URL that begins with https://."


def _picture_advice(item: Image) -> Iterator[Problem]:
    if not item.alt_text.strip():
        yield "The picture has no text for screen readers.", "Describe in alt= what it shows."


COLUMN = ItemType(
    item=DatasetField,
    rules=_column_rules,
    advice=no_advice,
    # A caption above a column is an item of its own; the code of the two is written together.
    code=lambda item: MethodCall("show", (item.field,), {"extra": item.extra or None}),
    changes=as_given,
    templates={"Column of the data": lambda columns: DatasetField(columns[0] if columns else "")},
    label=lambda _: "column",
    title=lambda item: item.field or "(no column chosen)",
    fields=(FormField("column", "Column", "column"),),
    to_form=lambda item: {"column": item.field},
    from_form=lambda values: DatasetField(values["column"] or ""),
)

TEXT = ItemType(
    item=RichText,
    rules=_text_rules,
    advice=no_advice,
    code=lambda item: MethodCall(
        "text", (item.content,), {"content_format": item.content_format, "extra": item.extra or None}
    ),
    changes=as_given,
    templates={"Text": lambda _: RichText("<p></p>")},
    label=lambda _: "text",
    title=lambda item: _words(item) or "(empty text)",
    fields=(
        FormField("content", "Text", "rich", "What every participant reads here", raw_if=("format", "markdown")),
        FormField("format", "Format", "choice", choices=(("HTML", None), ("Markdown", "markdown"))),
    ),
    to_form=lambda item: {"content": item.content, "format": _markdown(item)},
    from_form=lambda values: RichText(values["content"], values["format"]),
)

PICTURE = ItemType(
    item=Image,
    rules=_picture_rules,
    advice=_picture_advice,
    code=lambda item: MethodCall(
        "picture", (item.url,), {"alt": item.alt_text, "caption": item.caption, "extra": item.extra or None}
    ),
    changes=as_given,
    templates={"Picture": lambda _: Image("https://", "")},
    label=lambda _: "picture",
    title=lambda item: item.alt_text or item.url,
    fields=(
        FormField("url", "URL", hint="https://…"),
        FormField("alt", "Description", hint="What the picture shows, for people who cannot see it"),
        FormField("caption", "Caption"),
    ),
    to_form=lambda item: {"url": item.url, "alt": item.alt_text, "caption": item.caption or ""},
    from_form=lambda values: Image(values["url"], values["alt"], values["caption"] or None),
)
