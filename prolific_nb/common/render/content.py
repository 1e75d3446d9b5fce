"""The content of a screen: what is read, looked at or listened to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import nh3
from markupsafe import Markup

Block = Mapping[str, Any]
"""The data of one block; the template macro named by its ``block`` draws it."""

_HTTPS = re.compile(r"https://[^\s\"<>]+", re.IGNORECASE)
_LINK = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
_MEDIA = ("image", "audio", "video")


def encodable(text: str) -> str:
    """Text without lone surrogates, which neither the sanitiser nor a browser accepts."""
    return text.encode("utf-8", "replace").decode()


def sanitised(html: str) -> Markup:
    """Basic HTML without anything that could run, load, or imitate another page."""
    return Markup(nh3.clean(encodable(html), attribute_filter=_absolute_urls))


def _absolute_urls(_tag: str, name: str, value: str) -> str | None:
    # A relative URL would reach the server of the notebook.
    return value if name not in ("href", "src", "cite") or _LINK.match(value) else None


def allowed_attributes() -> dict[str, list[str]]:
    """The elements that `sanitised` keeps, with the attributes of each; ``lang`` and ``title`` are kept everywhere."""
    return {tag: sorted(nh3.ALLOWED_ATTRIBUTES.get(tag, ())) for tag in sorted(nh3.ALLOWED_TAGS)}


def removed_parts(html: str) -> list[str]:
    """What `sanitised` removes from HTML, each kind once, in the order of the text.

    Examples
    --------
    >>> removed_parts('<p onclick="x()">Read <b>all</b>.</p><script>y()</script>')
    ['onclick of <p>', '<script>']
    """
    before, after = _Parts(html).found, _Parts(sanitised(html)).found
    return [part for part in before if before[part] > after[part]]


class _Parts(HTMLParser):
    """Counts the elements, attributes and comments of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[f"<{tag}>"] += 1
        if tag in nh3.ALLOWED_TAGS:  # of other elements nothing is kept
            self.found.update(f"{name} of <{tag}>" for name, _ in attrs)

    def handle_comment(self, _data: str) -> None:
        self.found["a comment"] += 1


def field_block(field: str, datapoint: Mapping[str, str], kinds: Mapping[str, str]) -> Block:
    """The cell of a column, by the kind of the column."""
    if not datapoint:
        return {"block": "note", "text": f"The column “{field}” of your data appears here."}
    if field not in datapoint:
        return {"block": "note", "text": f"The data has no column “{field}”."}
    cell, kind = datapoint[field], kinds.get(field, "text").removesuffix("_url")
    if not cell.strip():
        return {"block": "note", "text": f"The cell of “{field}” is empty in this row."}
    if kind not in _MEDIA:
        return {"block": "words", "text": cell, "note": ""}
    if not _HTTPS.fullmatch(cell.strip()):
        return {"block": "words", "text": cell, "note": "Shown as text: it is not a URL that begins with https://."}
    return {"block": kind, "url": cell.strip(), "alt": f"From the column “{field}”", "caption": ""}


def image_block(item: Mapping[str, Any]) -> Block:
    """A picture of the layout."""
    url, alt = str(item.get("url", "")), str(item.get("alt_text", ""))
    if not _HTTPS.fullmatch(url):
        return {"block": "note", "text": f"No picture: {url!r} is not a URL that begins with https://."}
    return {"block": "image", "url": url, "alt": alt, "caption": item.get("caption") or ""}


def rich_block(item: Mapping[str, Any]) -> Block:
    """A text of the layout. The server turns Markdown into HTML; here it is shown as written."""
    content = str(item.get("content", ""))
    if not content.strip():
        return {"block": "note", "text": "This text is empty."}
    if item.get("content_format") == "markdown":
        return {"block": "words", "text": content, "note": ""}
    return {"block": "rich", "html": sanitised(content)}
