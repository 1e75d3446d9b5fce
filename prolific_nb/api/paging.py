"""Lists of any length as one iterator, whichever paging style the server answers with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .records import Record
from .transport import Transport

_PAGE = 200


def each(transport: Transport, path: str, params: Mapping[str, Any] | None = None) -> Iterator[Record]:
    """Every record of a list, page after page.

    Follows ``_links.next`` where the server gives it, else counts the offset up to ``meta.count``.
    """
    asked: dict[str, Any] = {**(params or {}), "limit": _PAGE, "offset": 0}
    seen = 0
    while True:
        page = transport.get(path, asked)
        results = page["results"]
        yield from map(Record, results)
        seen += len(results)
        following = ((page.get("_links") or {}).get("next") or {}).get("href")
        if following:
            # Only path and query are taken: the token must not follow a link to another host.
            path, asked = urlsplit(following).path, dict(parse_qsl(urlsplit(following).query))
        elif results and "_links" not in page and seen < (page.get("meta") or {}).get("count", 0):
            asked = {**asked, "offset": seen}
        else:
            return
