"""A page of rows as an HTML table; pandas escapes what is in it."""

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
    """Ten rows from `start` (counted from 0), under the names of the columns and what they are."""
    # head: a copy of the whole table for every page would cost more than the page.
    frame = data.head(start + PAGE).iloc[start:].map(shorten)
    kinds = [KIND_WORDS[kind] for kind in data.kinds.values()]
    frame.columns = pd.MultiIndex.from_arrays([list(map(shorten, data.columns)), kinds], names=["column", "is"])
    frame.index = pd.Index([f"row {number}" for number in data.rows[start : start + PAGE]])
    label = escape(f"Rows of {shorten(data.name)}")
    table = frame.to_html(border=0, sparsify=False, classes="pnb-rows")
    return f'<div class="pnb-scroll" tabindex="0" role="region" aria-label="{label}">{table}</div>'


def shorten(text: str, longest: int = _LONGEST) -> str:
    r"""A text on one line and of bearable length.

    Examples
    --------
    >>> shorten("one\ntwo"), shorten("a" * 300, 5)
    ('one ↵ two', 'aaaa…')
    """
    line = text[: longest + 1].replace("\r\n", "\n").replace("\n", " ↵ ")
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
