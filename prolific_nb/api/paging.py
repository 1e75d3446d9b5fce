"""Reading lists of any length, whichever paging style the server uses."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from ..errors import UnexpectedResponse
from .records import Record
from .shapes import OBJECT, WHOLE, Each, Fault, Kind, unexpected
from .transport import Transport

_PAGE = 200
_MOST_EMPTY = 20  # empty pages in a row
Page = dict[str, Any]
Query = dict[str, Any]


def iter_pages(
    transport: Transport, path: str, params: Mapping[str, Any] | None = None, *, shape: Kind = OBJECT
) -> Iterator[Record]:
    """Every record of a list, once, page by page.

    Follows the server's links to the next page. Without links, increases the offset until the server's count is
    reached or a page is not full. If the server ignores the offset, requests pages by number.

    Raises
    ------
    UnexpectedResponse
        If a response contains no list of records of this shape, two different records have the same ID, or the links
        between pages form a loop.

    Warns
    -----
    UserWarning
        If the server returned fewer records than it counts.
    """
    received, counted = 0, None
    for records, page in _pages(transport, path, dict(params or {}), {"limit": _PAGE, "offset": 0}):
        fault = Each(shape).fault(records, "results")
        if fault is not None:
            raise unexpected(f"GET {path}", fault, transport.hide)
        once = _once(path, records)
        yield from map(Record, once)
        received, counted = received + len(once), count_of(page)
    if counted is not None and counted > received:
        warnings.warn(
            f"{path}: the server counts {counted} records but returned {received}. Results based on this list are "
            "incomplete. Request it again, and compare with Prolific's website.",
            stacklevel=2,
        )


def _once(path: str, records: list[Any]) -> list[Any]:
    """The records of a page without repetitions of records that have an ID."""
    by_id: dict[Any, Any] = {}
    kept = []
    for record in records:
        key = record.get("id")
        if not isinstance(key, str | int) or key not in by_id:
            kept.append(record)
        elif record != by_id[key]:
            raise unexpected(f"GET {path}", Fault("results", records, f"of different IDs; {key!r} names two records"))
        if isinstance(key, str | int):
            by_id[key] = record
    return kept


def whole(transport: Transport, path: str) -> Record:
    """A whole list as one record: ``results`` and the other keys; results of further pages are added.

    The results stay plain dicts, since there may be very many.
    """
    results: list[Any] = []
    answer: Page = {}
    for records, page in _pages(transport, path, {}, {}):
        results, answer = (results + records if results else records), page
    return Record({**answer, "results": results})


def _pages(transport: Transport, path: str, params: dict[str, Any], first: Query) -> Iterator[tuple[list[Any], Page]]:
    """The records of each page that no earlier page had, and the page; `first` is the query of the first page."""
    cursor, known = _Cursor(path, params, first), set[str]()
    visited, empty = {cursor.key()}, 0
    while True:
        page = _page(cursor.path, transport.get(cursor.path, cursor.query))
        fresh = [record for record in page["results"] if _key(record) not in known] if known else page["results"]
        yield fresh, page
        if not cursor.advance(page, len(fresh)):
            return
        empty = 0 if page["results"] else empty + 1
        looping = cursor.linked and (empty > _MOST_EMPTY or (page["results"] and not fresh))
        if cursor.key() in visited or looping:
            raise UnexpectedResponse(
                f"The links between the pages of {path} form a loop: the same records were returned again. Nothing "
                "was changed. Try again later; if the error persists, contact Prolific's support."
            )
        visited.add(cursor.key())
        known.update(map(_key, fresh))


class _Cursor:
    """The path and query of the next page: by link, by offset, or by page number."""

    def __init__(self, path: str, params: dict[str, Any], first: dict[str, Any]) -> None:
        self.path, self.query, self.linked = path, {**params, **first}, False
        self._params, self._received, self._new, self._size = params, 0, 0, 0

    def advance(self, page: Page, fresh: int) -> bool:
        """Move to the page after `page`, of whose records `fresh` were new; False if there is none."""
        received = len(page["results"])
        self._received, self._new, self._size = self._received + received, self._new + fresh, self._size or received
        link = _link(page)
        if link:
            self.path, self.query = _followed(self.path, link)
            self.linked = True
            return True
        if link is not None or self.linked or not self._is_more(page):
            return False
        if fresh and "page" in self.query:
            self.query = {**self.query, "page": self.query["page"] + 1}
        elif fresh:
            self.query = {**self._params, "limit": max(self._size, _PAGE), "offset": self._received}
        elif received and "page" not in self.query:  # the same records again: this server ignores the offset
            self.query = {**self._params, "page": 2, "page_size": self._size}
        else:
            return False
        return True

    def _is_more(self, page: Page) -> bool:
        count = count_of(page)
        return len(page["results"]) == self.query.get("limit") if count is None else count > self._new

    def key(self) -> str:
        """Identifies the page, independently of the order of query parameters."""
        return f"{self.path.rstrip('/')}?{urlencode(sorted(self.query.items()), doseq=True)}"


def _page(path: str, answer: Any) -> Page:
    """A response as a page; some lists are returned without a wrapper."""
    page = {"results": answer} if isinstance(answer, list) else answer
    results = page.get("results") if isinstance(page, dict) else None
    if not isinstance(results, list) or not all(isinstance(record, dict) for record in results):
        raise UnexpectedResponse(
            f"GET {path}: the response contains no list of records. Try again; if the error persists, update "
            "prolific_nb.",
            request=f"GET {path}",
        )
    return dict(page)


def _key(record: Mapping[str, Any]) -> str:
    """Identifies a record: its ID, or its whole content."""
    ident = record.get("id")
    try:
        return str(ident) if isinstance(ident, str | int) else json.dumps(record, sort_keys=True)
    except RecursionError:
        pass
    raise UnexpectedResponse("A record of a list is nested too deeply to be read. Try again later.")


def count_of(page: Mapping[str, Any]) -> int | None:
    """How many records the server counts; None if it does not say so."""
    meta = page.get("meta")
    count = meta.get("count") if isinstance(meta, dict) else None
    return int(count) if count is not None and WHOLE.fits(count) else None


def _link(page: Page) -> str | None:
    """URL of the next page; "" if the server reports that there is none, None if it gives no links."""
    links = page.get("_links")
    if not isinstance(links, dict) or "next" not in links:
        return None
    following = links["next"]
    return str((following.get("href") if isinstance(following, dict) else following) or "")


def _followed(path: str, link: str) -> tuple[str, Query]:
    """Path and query of a link; its host is ignored, since the token must not be sent to another host."""
    try:
        place = urlsplit(urljoin(path, link))
    except ValueError:
        place = None
    # The transport refuses paths with an empty or relative segment as faults of the caller.
    segments = place.path.strip("/").split("/") if place is not None and place.path else ["x"]
    if place is None or place.path.startswith("//") or {"", ".", "..", "None"} & set(segments):
        raise UnexpectedResponse(
            f"GET {path}: the link to the next page is not a valid URL. Try again; if the error persists, contact "
            "Prolific's support.",
            request=f"GET {path}",
        )
    query: Query = {}
    for name, value in parse_qsl(place.query, keep_blank_values=True):
        query.setdefault(name, []).append(value)  # a parameter may be repeated
    return place.path or path, query
