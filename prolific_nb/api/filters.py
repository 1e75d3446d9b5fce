"""Participant filters and filter sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from ..common.arguments import require_string
from ..errors import ApiError
from .paging import iter_pages
from .records import Record
from .shapes import HAS_ID, OBJECT, TEXT, Maybe, Shape, fetch, patch, post
from .transport import Transport

_SETS = "/api/v1/filter-sets/"
_PATH = "/api/v1/filters/"
_FILTER = Shape(choices=Maybe(OBJECT))
_CHOICE = Shape(id=TEXT, label=Maybe(TEXT))
_MOST_WORDS = 200  # characters of a search
_NO_SEARCH = (404, 405, 501)


class Sendable(Protocol):
    """An object that converts itself to the API's format, such as `prolific_nb.Filter`."""

    def to_api(self) -> dict[str, Any]:
        """The filter in the API's format."""


Filters = Sequence[Sendable | Mapping[str, Any]]


def sendable(filters: Filters) -> list[dict[str, Any]]:
    """Filters in the API's format; mappings are copied unchanged."""
    return [dict(given) if isinstance(given, Mapping) else given.to_api() for given in filters]


class FilterCatalogue:
    """``client.filters``: the filters that Prolific offers.

    Examples
    --------
    ``client.filters.search("first language")`` finds filters and their ids;
    ``list(client.filters.choices("nationality"))`` returns the choices of one filter, each with its id.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, workspace_id: str | None = None) -> Iterator[Record]:
        """Every filter: ``filter_id, title, type, question``, and ``choices`` or ``min`` and ``max``.

        Long lists of choices may be left out; `choices` returns them.
        """
        return iter_pages(self._transport, _PATH, _of(workspace_id), shape=_FILTER)

    def search(self, words: str, workspace_id: str | None = None) -> Sequence[Record]:
        """The filters whose title, question or choices contain these words, in any case and order.

        Each has at most three ``choices``, those that match. A server without a search is asked for the whole list.

        Parameters
        ----------
        words : str
            Such as ``"country live"``.
        workspace_id : str, optional
            The workspace whose filters are searched.
        """
        require_string("words", words)
        if 0 < len(words.strip()) <= _MOST_WORDS:
            query = {"q": words.strip(), **_of(workspace_id)}
            try:
                return [*iter_pages(self._transport, f"{_PATH}search/", query, shape=_FILTER)]
            except ApiError as refused:
                if refused.status not in _NO_SEARCH:
                    raise
        wanted = words.casefold().split()
        return [found for found in self.list(workspace_id) if all(word in _text(found) for word in wanted)]

    def choices(self, filter_id: str, words: str = "", workspace_id: str | None = None) -> Iterator[Record]:
        """The choices of a filter, each with ``id`` and ``label``.

        Parameters
        ----------
        filter_id : str
            As in the catalogue.
        words : str, optional
            Only choices whose label contains these words; at most 200 characters.
        workspace_id : str, optional
            The workspace whose filters are used.
        """
        path, query = f"{_PATH}{filter_id}/choices/", _of(workspace_id)
        if words.strip():
            path, query = f"{path}search/", {"q": words.strip()[:_MOST_WORDS], **query}
        return iter_pages(self._transport, path, query, shape=_CHOICE)


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


def _of(workspace_id: str | None) -> dict[str, Any]:
    return {} if workspace_id is None else {"workspace_id": workspace_id}


def _text(found: Record) -> str:
    choices = (found.get("choices") or {}).values()
    parts = [found.get(name) for name in ("filter_id", "title", "question", "description")]
    return " ".join(str(part) for part in [*parts, *choices] if part).casefold()
