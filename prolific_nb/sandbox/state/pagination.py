"""Pagination of lists: limit/offset or page/page_size, links of the same style, and the total count.

The sandbox's profile determines the style.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request

from ..contract.http_error import invalid
from .sandbox_state import current_state

T = TypeVar("T")


def page(items: Sequence[T], show: Callable[[T], Any], default: int = 200) -> dict[str, Any]:
    """The page of `items` that the current request asks for, in the style of the sandbox's profile.

    Parameters
    ----------
    items : sequence
        The whole list, in order.
    show : callable
        Converts an item to its record; called for the items of the page only.
    default : int
        Page size if the request gives none.

    Raises
    ------
    HTTPError
        400 if a number in the query is invalid or too small.
    """
    style = current_state().profile.paging
    if style == "whole":
        return {"results": [show(item) for item in items]}
    by_page = style == "page" or (style == "links" and ("page" in request.args or "page_size" in request.args))
    size = _number("page_size" if by_page else "limit", default, least=1)
    start = (_number("page", 1, least=1) - 1) * size if by_page else _number("offset", 0, least=0)
    last = max((len(items) - 1) // size * size, 0)
    links = {
        "self": (start, "Current"),
        "next": (start + size if start + size < len(items) else None, "Next"),
        "previous": (max(start - size, 0) if start else None, "Previous"),
        "last": (last, "Last"),
    }
    found = {"results": [show(item) for item in items[start : start + size]], "meta": {"count": len(items)}}
    if style == "offset":
        return found
    return {**found, "_links": {name: _link(at, title, size, by_page) for name, (at, title) in links.items()}}


def _number(name: str, default: int, least: int) -> int:
    text = request.args.get(name, str(default))
    if not re.fullmatch(r"\d{1,18}", text) or int(text) < least:
        raise invalid(name, f"{name}={text} is not valid. Send a whole number from {least}.")
    return int(text)


def _link(start: int | None, title: str, size: int, by_page: bool) -> dict[str, str | None]:
    if start is None:
        return {"href": None, "title": title}
    place = {"page": start // size + 1, "page_size": size} if by_page else {"limit": size, "offset": start}
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in place]
    # The contract lists all core paths with a final slash; the request may have been sent without it.
    return {"href": f"{request.base_url}/?{urlencode([*kept, *place.items()])}", "title": title}
