"""Prolific's catalogue of filters, read with few requests; what it leaves out is asked for filter by filter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cached_property
from itertools import islice
from typing import Any

from ...api import Client, Record
from ...errors import ApiError, Unreachable

MOST_CHOICES = 1000  # of one filter, five pages
_MOST_LOOKUPS = 5  # filters whose choices are asked for, and unknown ids that are searched for
UNREADABLE = (ApiError, Unreachable)
"""What a server without some operation, or out of reach, makes the client raise."""


def reason(failure: Exception) -> str:
    """Why something could not be read, in a few words."""
    if isinstance(failure, ApiError):
        return f"{failure.request} returned {failure.status}"
    return "the server gave no usable response"


class Catalogue:
    """The filters of a workspace.

    Parameters
    ----------
    client : Client
        Its workspace's filters are read on first use.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lookups = _MOST_LOOKUPS

    @cached_property
    def definitions(self) -> dict[str, Record]:
        """The filters by id."""
        listed = self._client.filters.list(self._client.workspace_id)
        return {str(each.get("filter_id")): each for each in listed}

    def find(self, filter_id: str) -> Record | None:
        """The filter of this id; one that the list lacks is searched for."""
        if filter_id in self.definitions or not self._may_ask():
            return self.definitions.get(filter_id)
        try:
            found = self._client.filters.search(filter_id, self._client.workspace_id)
        except UNREADABLE:
            return None
        return next((each for each in found if each.get("filter_id") == filter_id), None)

    def choices(self, definition: Record) -> dict[str, str] | None:
        """The labels of a filter's choices by id; None if they cannot be read, or are too many."""
        listed = {} if "choices_included" in definition else definition.get("choices") or {}
        if listed and all(isinstance(label, str) for label in listed.values()):
            return {str(ident): label for ident, label in listed.items()}
        if not self._may_ask():
            return None
        try:
            asked = self._client.filters.choices(str(definition.filter_id), workspace_id=self._client.workspace_id)
            found = {str(each.id): str(each.get("label") or each.id) for each in islice(asked, MOST_CHOICES)}
        except UNREADABLE:
            return None
        return found if 0 < len(found) < MOST_CHOICES else None

    def choices_like(self, definition: Record, words: str) -> dict[str, str]:
        """Choices that the server finds by their label; empty if it cannot search."""
        if not words.strip() or not self._may_ask():
            return {}
        try:
            found = self._client.filters.choices(str(definition.filter_id), words, self._client.workspace_id)
            return {str(each.id): str(each.get("label") or each.id) for each in islice(found, 25)}
        except UNREADABLE:
            return {}

    def _may_ask(self) -> bool:
        self._lookups -= 1
        return self._lookups >= 0


def titles(definitions: Mapping[str, Record]) -> dict[str, str]:
    """The titles of filters by id."""
    return {ident: str(each.get("title") or ident) for ident, each in definitions.items()}


def nearest(given: str, names: Mapping[str, str], most: int = 3) -> list[str]:
    """The ids whose id or name is most like the given string: equal but for case and signs, containing it, or close.

    Examples
    --------
    >>> nearest("nationalty", {"nationality": "Nationality", "age": "Age"})
    ['nationality']
    >>> nearest("Germany", {"3": "Germany", "4": "Australia"})
    ['3']
    """
    wanted = _plain(given)
    plain = {ident: (_plain(ident), _plain(name)) for ident, name in names.items()}
    equal = [ident for ident, forms in plain.items() if wanted in forms]
    if equal or not wanted:
        return equal[:most]
    inside = [ident for ident, forms in plain.items() if len(wanted) > 2 and any(wanted in form for form in forms)]
    forms = {form: ident for ident, both in plain.items() for form in both}
    close = [forms[form] for form in get_close_matches(wanted, list(forms), n=2 * most, cutoff=0.6)]
    return list(dict.fromkeys([*close, *inside]))[:most]


def named(idents: Iterable[str], names: Mapping[str, str]) -> str:
    """Ids with their names, for a message: ``'3' (Germany) or '4' (Australia)``."""
    return " or ".join(f"{ident!r} ({names[ident]})" if names[ident] != ident else repr(ident) for ident in idents)


def _plain(text: Any) -> str:
    return re.sub(r"[\W_]+", " ", str(text)).strip().casefold()
