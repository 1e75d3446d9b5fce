"""Decoding the body of any error response into plain values that can be shown, stored and copied."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

_DEEPEST = 20  # levels; no documented response has half as many
_LONGEST_TEXT = 20_000  # characters; error pages of gateways are shorter
_UNSEEN = re.compile(r"(?is)<(script|style)\b.*?</\1\s*>|<!--.*?-->")
_TAG = re.compile(r"<[^<>]*>")


def decoded(text: str, hide: Callable[[str], str] = str) -> Any:
    """The JSON value of a body, or its text if it is not valid JSON.

    Parameters
    ----------
    text : str
        The body.
    hide : callable, optional
        Removes secrets from a string. Also applied to the decoded result, because a secret may contain escapes or be
        interrupted by HTML tags.

    Examples
    --------
    >>> decoded('{"detail": "No."}'), decoded("<html><h1>502</h1> Bad&nbsp;gateway</html>"), decoded("oh")
    ({'detail': 'No.'}, '502 Bad gateway', 'oh')
    """
    text = hide(text)
    try:
        found = json.loads(text)
        if _is_flat(found, _DEEPEST):
            return _without(found, hide)
    except (ValueError, RecursionError):
        pass
    text = text[:_LONGEST_TEXT]
    return hide(one_line(_words_of_page(text) if re.match(r"\s*<[!?\w]", text) else text))


def one_line(text: str) -> str:
    """The string without line breaks and unprintable characters, such as lone surrogates."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _is_flat(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    return levels > 0 and all(
        _is_flat(inner, levels - 1) for inner in (value.values() if isinstance(value, dict) else value)
    )


def _without(value: Any, hide: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {hide(name): _without(inner, hide) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, hide) for inner in value]
    return hide(value) if isinstance(value, str) else value


def _words_of_page(page: str) -> str:
    return unescape(_TAG.sub(" ", _UNSEEN.sub(" ", page)))
