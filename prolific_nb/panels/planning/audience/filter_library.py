"""What a workspace offers for an audience: filters, their choices, studies, groups and saved sets; read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from threading import RLock
from typing import Any
from weakref import WeakKeyDictionary, ref

import pandas as pd

from ....api import Client, Record
from ....errors import LedgerError
from ....study.audience.catalogue import UNREADABLE, reason
from ....workflow.reopen import runs

_MOST = 1000  # studies, groups, sets, projects
MOST_CHOICES = 5000  # of one filter
_FOUND = 25  # results of a search on the server
_PARTS = ("filters", "studies", "groups", "sets", "projects")
_lock = RLock()

_REFERENCES = {"previous_studies": "StudyID", "participant_group": "ParticipantGroupID", "custom": "ParticipantID"}


@dataclass(frozen=True, eq=False)
class Known:
    """What has been read so far.

    Parameters
    ----------
    filters : mapping
        The catalogue's filters by id.
    choices : mapping
        By filter id, the labels of its choices by their ids.
    studies, groups, projects : mapping
        Names by id; the ledger's runs come first among the studies.
    sets : mapping
        Saved filter sets by id.
    gaps : mapping
        By what is missing, a sentence that says so.
    """

    filters: Mapping[str, Record] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    studies: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    projects: Mapping[str, str] = field(default_factory=dict)
    sets: Mapping[str, Record] = field(default_factory=dict)
    gaps: Mapping[str, str] = field(default_factory=dict)

    def refers_to(self, filter_id: str) -> str:
        """The kind of ids that a filter lists, as in the catalogue; empty if it has choices or a range."""
        kind = self.filters[filter_id].get("data_type") if filter_id in self.filters else None
        prefix, _, suffix = filter_id.rpartition("_")
        listed = _REFERENCES.get(prefix, "") if suffix in ("allowlist", "blocklist") else ""
        return str(kind) if kind in _REFERENCES.values() else listed

    def labels(self, filter_id: str) -> Mapping[str, str]:
        """The names of what a filter can list, by id, as far as they are known."""
        kind = self.refers_to(filter_id)
        references = {"StudyID": self.studies, "ParticipantGroupID": self.groups}
        return references[kind] if kind in references else self.choices.get(filter_id, {})


class FilterLibrary:
    """Reads a client's workspace on demand, on whatever thread asks; what was read is not requested again."""

    def __init__(self, client: Client) -> None:
        self._ref = ref(client)  # the table of libraries must not keep the client alive
        self._reading = RLock()
        self._read: set[str] = set()
        self.known = Known()

    @property
    def _client(self) -> Client:
        client = self._ref()
        assert client is not None, "the caller holds it"
        return client

    def complete(self, filter_ids: Iterable[str] = ()) -> bool:
        """Whether `load` and `load_choices` would ask for nothing."""
        return set(_PARTS) <= self._read and not self._without_choices(filter_ids)

    def load(self) -> Known:
        """Read all lists that have not been read yet; one that cannot be read becomes a gap."""
        client = self._client
        with self._reading:
            self._part("filters", "The list of filters", self._filters)
            self._part("studies", "The list of studies", self._studies)
            self._part("groups", "The list of groups", lambda: _names(client.groups.list(client.workspace_id)))
            self._part("sets", "The list of filter sets", self._sets)
            self._part("projects", "The list of projects", lambda: _names(client.projects.list(client.workspace_id)))
        return self.known

    def expire(self, *parts: str) -> None:
        """Let `load` read these lists again: studies, groups and sets are made while a notebook is open."""
        for part in parts:
            self._read.discard(part)  # without the lock, which is held while a server is slow

    def load_choices(self, filter_ids: Iterable[str]) -> Known:
        """Read the choices of these filters, where the catalogue has left them out."""
        with self._reading:
            for filter_id in self._without_choices(filter_ids):
                self._part(f"choices of {filter_id}", "The list of choices", partial(self._choices, filter_id))
        return self.known

    def _without_choices(self, filter_ids: Iterable[str]) -> list[str]:
        known = self.known
        kinds = {ident: definition.get("type") for ident, definition in known.filters.items()}
        selects = [each for each in filter_ids if kinds.get(each, "range") != "range"]
        return [each for each in selects if each not in known.choices and not known.refers_to(each)]

    def search(self, words: str) -> list[str]:
        """The ids of the filters that the server finds; they are then known."""
        try:
            found = list(islice(self._client.filters.search(words, self._client.workspace_id), _FOUND))
        except UNREADABLE:
            return []
        with self._reading:
            # A result holds three choices at most, so the catalogue's own entry is better.
            fresh = {str(each.get("filter_id")): _without_choices(each) for each in found}
            self.known = replace(self.known, filters={**fresh, **self.known.filters})
        return list(fresh)

    def _part(self, name: str, words: str, read: Callable[[], Any]) -> None:
        if name in self._read:
            return
        gaps = {other: sentence for other, sentence in self.known.gaps.items() if other != name}
        try:
            found = read()
        except UNREADABLE as failure:
            gaps[name] = f"{words} could not be read: {reason(failure)}."
        except LedgerError as failure:
            gaps[name] = f"{words} could not be read: {failure}"
        else:
            self._read.add(name)
            self.known = replace(self.known, **({name: found} if found is not None else {}))
        self.known = replace(self.known, gaps=gaps)

    def _filters(self) -> dict[str, Record]:
        listed = [*self._client.filters.list(self._client.workspace_id)]
        choices = {str(each.get("filter_id")): _labels(each) for each in listed}
        self.known = replace(self.known, choices={ident: found for ident, found in choices.items() if found})
        return {str(each.get("filter_id")): each for each in listed}

    def _choices(self, filter_id: str) -> None:
        asked = self._client.filters.choices(filter_id, workspace_id=self._client.workspace_id)
        found = {str(each.id): str(each.get("label") or each.id) for each in islice(asked, MOST_CHOICES)}
        self.known = replace(self.known, choices={**self.known.choices, filter_id: found})

    def _studies(self) -> dict[str, str]:
        """The person's own runs, newest first, and then the other studies of the account."""
        client = self._client
        table = runs(client=client)
        own = table[(table["mode"] == client.mode) & table["study_id"].notna() & table["gone"].isna()]
        named = zip(own["study_id"], own["name"], own["made"], strict=True)
        mine = {str(ident): f"{name} · {made:%Y-%m-%d}" for ident, name, made in [*named][::-1]}
        listed = {str(each.id): _study_name(each) for each in islice(client.studies.list(), _MOST)}
        return {**{ident: listed.get(ident, name) for ident, name in mine.items()}, **listed}

    def _sets(self) -> dict[str, Record]:
        listed = islice(self._client.filter_sets.list(self._client.workspace_id), _MOST)
        return {str(each.id): each for each in listed if not each.get("is_deleted")}


_libraries: WeakKeyDictionary[Client, FilterLibrary] = WeakKeyDictionary()


def library_of(client: Client) -> FilterLibrary:
    """The library of a client; all panels share it."""
    with _lock:
        return _libraries.setdefault(client, FilterLibrary(client))


def _labels(definition: Record) -> dict[str, str]:
    listed = definition.get("choices") or {}
    whole = "choices_included" not in definition and all(isinstance(label, str) for label in listed.values())
    return {str(ident): label for ident, label in listed.items()} if whole else {}


def _without_choices(found: Record) -> Record:
    return Record({name: value for name, value in found.items() if name != "choices"})


def _names(listed: Iterable[Record]) -> dict[str, str]:
    return {str(each.id): str(each.get("name") or each.get("title") or each.id) for each in islice(listed, _MOST)}


def _study_name(study: Record) -> str:
    made = pd.to_datetime(str(study.get("date_created") or ""), errors="coerce", utc=True)
    day = "" if pd.isna(made) else f" · {made:%Y-%m-%d}"
    return f"{study.get('name') or study.id}{day} · {str(study.status).lower().replace('_', ' ')}"
