"""Lists of any length, whichever paging style the server answers with."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from ..errors import ProlificError
from .records import Record
from .transport import Transport

_PAGE = 200
Page = dict[str, Any]
Query = dict[str, Any]


def iter_pages(transport: Transport, path: str, params: Mapping[str, Any] | None = None) -> Iterator[Record]:
    """Every record of a list, once, page after page.

    Follows the server's links to the next page. Where it gives none, counts up the offset until there are as many
    records as it counts, or until a page is not full; a server that heeds no offset is asked for pages by number.

    Raises
    ------
    ProlificError
        An answer holds no list of records, or the links lead in a circle.

    Warns
    -----
    UserWarning
        The server counts more records than it gave.
    """
    given, counted = 0, None
    for records, page in _pages(transport, path, dict(params or {}), {"limit": _PAGE, "offset": 0}):
        yield from map(Record, records)
        given, counted = given + len(records), _count(page)
    if counted is not None and counted > given:
        warnings.warn(
            f"{path}: the server counts {counted} and gave {given}. What is made of this list is incomplete; "
            "ask for it again, and compare with Prolific's page.",
            stacklevel=2,
        )


def whole(transport: Transport, path: str) -> Record:
    """A list in one answer, ``results`` and what came beside it; where the server cut it, the other pages are added.

    The records stay plain dicts, since there may be very many.
    """
    results: list[Any] = []
    answer: Page = {}
    for records, page in _pages(transport, path, {}, {}):
        results, answer = (results + records if results else records), page
    return Record({**answer, "results": results})


def _pages(transport: Transport, path: str, asked: dict[str, Any], first: Query) -> Iterator[tuple[list[Any], Page]]:
    """The records of each page that no page before it had, and the page; `first` asks for the first one."""
    way, known = _Way(path, asked, first), set[str]()
    been = {way.address()}
    while True:
        page = _page(way.path, transport.get(way.path, way.query))
        fresh = [record for record in page["results"] if _key(record) not in known] if known else page["results"]
        yield fresh, page
        if not way.goes_on(page, len(fresh)):
            return
        if way.address() in been or (way.linked and page["results"] and not fresh):
            raise ProlificError(
                f"The links between the pages of {path} lead in a circle: the same records come again. Nothing was "
                "changed. Ask again later; if it stays so, tell Prolific's support."
            )
        been.add(way.address())
        known.update(map(_key, fresh))


class _Way:
    """Where the next page of a list is: behind a link, behind so many records, or under a number."""

    def __init__(self, path: str, asked: dict[str, Any], first: dict[str, Any]) -> None:
        self.path, self.query, self.linked = path, {**asked, **first}, False
        self._asked, self._received, self._given, self._size = asked, 0, 0, 0

    def goes_on(self, page: Page, fresh: int) -> bool:
        """Turn to the page after `page`, `fresh` records of which were new; False if there is none."""
        received = len(page["results"])
        self._received, self._given, self._size = self._received + received, self._given + fresh, self._size or received
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
            self.query = {**self._asked, "limit": max(self._size, _PAGE), "offset": self._received}
        elif received and "page" not in self.query:  # the same again: this server heeds no offset
            self.query = {**self._asked, "page": 2, "page_size": self._size}
        else:
            return False
        return True

    def _is_more(self, page: Page) -> bool:
        count = _count(page)
        return len(page["results"]) == self.query.get("limit") if count is None else count > self._given

    def address(self) -> str:
        """What tells this page from others; a link may name the same things in another order."""
        return f"{self.path.rstrip('/')}?{urlencode(sorted(self.query.items()), doseq=True)}"


def _page(path: str, answer: Any) -> Page:
    """An answer as a page; some lists come bare."""
    page = {"results": answer} if isinstance(answer, list) else answer
    results = page.get("results") if isinstance(page, dict) else None
    if not isinstance(results, list) or not all(isinstance(record, dict) for record in results):
        raise ProlificError(
            f"GET {path}: the answer holds no list of records. Ask again; if it stays so, look for a newer version of "
            "prolific_nb."
        )
    return dict(page)


def _key(record: Mapping[str, Any]) -> str:
    """What a record is told from others by."""
    ident = record.get("id")
    return str(ident) if isinstance(ident, str | int) else json.dumps(record, sort_keys=True)


def _count(page: Page) -> int | None:
    meta = page.get("meta")
    count = meta.get("count") if isinstance(meta, dict) else None
    return count if isinstance(count, int) else None


def _link(page: Page) -> str | None:
    """Where the next page is; "" if the server says that there is none, None if it says nothing."""
    links = page.get("_links")
    if not isinstance(links, dict) or "next" not in links:
        return None
    following = links["next"]
    return str((following.get("href") if isinstance(following, dict) else following) or "")


def _followed(path: str, link: str) -> tuple[str, Query]:
    """Path and query of a link; only these are taken, since the token must not follow it to another host."""
    try:
        place = urlsplit(urljoin(path, link))
    except ValueError:
        place = None
    if place is None:
        raise ProlificError(
            f"GET {path}: the link to the next page is no address. Ask again; if it stays so, tell Prolific's support."
        )
    query: Query = {}
    for name, value in parse_qsl(place.query, keep_blank_values=True):
        query.setdefault(name, []).append(value)  # a name may come more than once
    return place.path or path, query
