"""Small HTML: names with their values, sentences that are announced, and text cut to one line."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from ...common.display import visible

PAGE = 10
KIND_WORDS = {
    "text": "text",
    "image": "image",
    "audio": "audio",
    "video": "video",
    "group": "grouping key",
    "other": "other",
}
_LONGEST = 200


def shorten(text: str, longest: int = _LONGEST) -> str:
    r"""A string on one line, cut to at most `longest` characters.

    Examples
    --------
    >>> shorten("one\ntwo"), shorten("a" * 300, 5)
    ('one ↵ two', 'aaaa…')
    """
    line = text[: longest + 1].replace("\r\n", "\n").replace("\n", " ↵ ")
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def facts_html(facts: Mapping[str, str], label: str) -> str:
    r"""Names with their values, one below the other; `label` names the table for screen readers.

    Examples
    --------
    >>> print(facts_html({"Host": "<b>"}, "Account").replace("><tr", ">\n<tr"))
    <table class="pnb-facts" aria-label="Account">
    <tr><th scope="row">Host</th><td><bdi>&lt;b&gt;</bdi></td></tr></table>
    """
    lines = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td><bdi>{escape(visible(value))}</bdi></td></tr>'
        for name, value in facts.items()
    )
    return f'<table class="pnb-facts" aria-label="{escape(label)}">{lines}</table>'


def status_html(words: str) -> str:
    """A sentence that screen readers announce when it changes; empty for no words."""
    return f'<p role="status">{escape(words)}</p>' if words else ""


def alert_html(words: str) -> str:
    """A message of an error, which may have several lines."""
    return f'<div class="pnb-error" role="alert"><b>Error:</b> <pre>{escape(words)}</pre></div>'
