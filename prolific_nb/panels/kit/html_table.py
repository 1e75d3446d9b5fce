"""A page of rows as an HTML table; pandas escapes the cells."""

from __future__ import annotations

from html import escape

import pandas as pd

from ...data import Dataset

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


def page_html(data: Dataset, start: int) -> str:
    """Ten rows from `start` (0-based), under the names and kinds of the columns."""
    # head: copying the whole table would cost more than rendering one page.
    frame = data.head(start + PAGE).iloc[start:].map(shorten, na_action="ignore")
    kinds = [KIND_WORDS[kind] for kind in data.kinds.values()]
    frame.columns = pd.MultiIndex.from_arrays([list(map(shorten, data.columns)), kinds], names=["column", "kind"])
    frame.index = pd.Index([f"row {number}" for number in data.rows[start : start + PAGE]])
    label = escape(f"Rows of {shorten(data.name)}")
    table = frame.to_html(border=0, sparsify=False, na_rep="", classes="pnb-rows")
    return f'<div class="pnb-scroll" tabindex="0" role="region" aria-label="{label}">{table}</div>'


def shorten(text: str, longest: int = _LONGEST) -> str:
    r"""A string on one line, cut to at most `longest` characters.

    Examples
    --------
    >>> shorten("one\ntwo"), shorten("a" * 300, 5)
    ('one ↵ two', 'aaaa…')
    """
    line = text[: longest + 1].replace("\r\n", "\n").replace("\n", " ↵ ")
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
