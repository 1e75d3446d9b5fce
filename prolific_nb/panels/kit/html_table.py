"""Words and text of tables: kinds of columns, and cells cut to one line."""

from __future__ import annotations

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
