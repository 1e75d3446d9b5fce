"""Participant filters and filter sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from .paging import iter_pages
from .records import Record
from .shapes import HAS_ID, OBJECT, Maybe, Shape, fetch, patch, post
from .transport import Transport

_SETS = "/api/v1/filter-sets/"
_FILTER = Shape(choices=Maybe(OBJECT))


class Sendable(Protocol):
    """An object that converts itself to the API's format, such as `prolific_nb.Filter`."""

    def to_api(self) -> dict[str, Any]:
        """The filter in the API's format."""


Filters = Sequence[Sendable | Mapping[str, Any]]


def sendable(filters: Filters) -> list[dict[str, Any]]:
    """Filters in the API's format; mappings are copied unchanged."""
    return [dict(given) if isinstance(given, Mapping) else given.to_api() for given in filters]


class FilterCatalogue:
    """``client.filters``: the filters that Prolific offers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> Iterator[Record]:
        """Every filter: ``filter_id, title, type, question``, and ``choices`` or ``min`` and ``max``."""
        return iter_pages(self._transport, "/api/v1/filters/", shape=_FILTER)

    def search(self, words: str) -> Sequence[Record]:
        """The filters whose title, question or choices contain all of these words, in any case and order.

        Parameters
        ----------
        words : str
            Such as ``"country live"``.
        """
        wanted = words.casefold().split()
        return [found for found in self.list() if all(word in _text(found) for word in wanted)]


class FilterSets:
    """``client.filter_sets``: named sets of filters, reusable in many studies."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, workspace_id: str) -> Iterator[Record]:
        """The filter sets of a workspace."""
        return iter_pages(self._transport, _SETS, {"workspace_id": workspace_id}, shape=HAS_ID)

    def create(self, workspace_id: str, name: str, filters: Filters) -> Record:
        """Create a filter set: ``id, version, name, filters, is_locked, …``."""
        body = {"workspace_id": workspace_id, "name": name, "filters": sendable(filters)}
        return post(self._transport, HAS_ID, _SETS, body)

    def get(self, set_id: str, version: int | None = None) -> Record:
        """Read a filter set, by default its newest version."""
        query = None if version is None else {"version_number": version}
        return fetch(self._transport, HAS_ID, f"{_SETS}{set_id}/", query)

    def update(self, set_id: str, *, name: str | None = None, filters: Filters | None = None) -> Record:
        """Change the name or the filters, which creates a new version."""
        body: dict[str, Any] = {} if name is None else {"name": name}
        body |= {} if filters is None else {"filters": sendable(filters)}
        return patch(self._transport, OBJECT, f"{_SETS}{set_id}/", body)

    def delete(self, set_id: str) -> None:
        """Delete a filter set."""
        self._transport.delete(f"{_SETS}{set_id}/")

    def clone(self, set_id: str, name: str) -> Record:
        """Copy a filter set under another name."""
        return post(self._transport, HAS_ID, f"{_SETS}{set_id}/clone/", {"new_name": name})

    def lock(self, set_id: str) -> Record:
        """Protect a filter set from changes."""
        return post(self._transport, OBJECT, f"{_SETS}{set_id}/lock/")

    def unlock(self, set_id: str) -> Record:
        """Allow changes to a filter set again."""
        return post(self._transport, OBJECT, f"{_SETS}{set_id}/unlock/")


def _text(found: Record) -> str:
    choices = (found.get("choices") or {}).values()
    parts = [found.get(name) for name in ("filter_id", "title", "question", "description")]
    return " ".join(str(part) for part in [*parts, *choices] if part).casefold()
