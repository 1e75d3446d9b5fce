"""What filters refer to: earlier studies, participant groups, participants, and filter sets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from ...api import Client, Record
from ...common.findings import Finding
from ...errors import NotFound
from .catalogue import named, nearest
from .filter_check import PLACE
from .participant_filter import Filter

_MOST_READ = 10  # objects that are read one by one
_MOST_LISTED = 1000
_OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}")
_SEGMENT = re.compile(r"[0-9A-Za-z_-]+")
_STUDIES, _GROUPS, _PEOPLE = "StudyID", "ParticipantGroupID", "ParticipantID"
_KINDS = {
    f"{prefix}_{suffix}": kind
    for prefix, kind in (("previous_studies", _STUDIES), ("participant_group", _GROUPS), ("custom", _PEOPLE))
    for suffix in ("allowlist", "blocklist")
}


def reference_kind(chosen: Filter, definitions: Mapping[str, Record]) -> str:
    """The kind of ids that a filter lists, as in the catalogue's ``data_type``; empty if it has choices or a range."""
    known = definitions[chosen.id].get("data_type") if chosen.id in definitions else None
    kind = str(known or _KINDS.get(chosen.id, ""))
    return kind if kind in (_STUDIES, _GROUPS, _PEOPLE) else ""


def reference_findings(client: Client, chosen: Filter, kind: str) -> Iterator[Finding]:
    """Which of the listed studies, groups or participants do not exist.

    Raises
    ------
    ApiError, Unreachable
        They cannot be read.
    """
    if chosen.any_of is None:
        what = f"Filter {chosen.id!r} takes a list of IDs, but between= was given."
        yield Finding("error", what, "Pass them in any_of=[...].", place=PLACE)
    elif kind == _PEOPLE:
        yield from _participant_findings(chosen)
    elif kind == _STUDIES:
        yield from _missing(client, chosen, "study", client.studies.get, lambda: client.studies.list(), {})
    else:
        known = _names(client.groups.list(client.workspace_id))
        yield from _missing(client, chosen, "participant group", client.groups.get, lambda: (), known)


def _missing(
    client: Client,
    chosen: Filter,
    what: str,
    read: Callable[[str], object],
    list_all: Callable[[], Iterable[Record]],
    known: Mapping[str, str],
) -> Iterator[Finding]:
    unread = [ident for ident in chosen.any_of or () if ident not in known]
    gone = [ident for ident in unread[:_MOST_READ] if not _exists(read, ident)]
    names = {**known, **_names(list_all())} if gone else known
    for ident in gone:
        yield _gone(client.mode == "SANDBOX", chosen, what, ident, names)
    if more := unread[_MOST_READ:]:
        text = f"{len(more)} further IDs of filter {chosen.id!r} were not checked, from {more[0]!r}."
        yield Finding("note", text, "Check them on Prolific's page.", place=PLACE)


def _gone(sandbox: bool, chosen: Filter, what: str, ident: str, names: Mapping[str, str]) -> Finding:
    near = nearest(ident, names)
    meant = f" Did you mean {named(near, names)}?" if near else ""
    text = f"There is no {what} {ident!r} for filter {chosen.id!r}.{meant}"
    if sandbox and chosen.id.endswith("blocklist") and _OBJECT_ID.fullmatch(ident):
        # The plan of a live study, rehearsed: what it excludes exists on Prolific only.
        remedy = "In the sandbox it excludes no one; with a live client this is an error if it does not exist there."
        return Finding("warning", text, remedy, place=PLACE)
    hint = " The sandbox does not have what exists on Prolific; rehearse without this filter." if sandbox else ""
    remedy = f"Pass the ID of an existing one, or leave it out of the filter.{hint}"
    return Finding("error", text, remedy, place=PLACE)


def _exists(read: Callable[[str], object], ident: str) -> bool:
    if not _SEGMENT.fullmatch(ident):  # a name, which is not a part of a URL
        return False
    try:
        read(ident)
    except NotFound:
        return False
    return True


def _names(listed: Iterable[Record]) -> dict[str, str]:
    return {str(each["id"]): str(each.get("name") or each["id"]) for each in islice(listed, _MOST_LISTED)}


def _participant_findings(chosen: Filter) -> Iterator[Finding]:
    wrong = [ident for ident in chosen.any_of or () if not _OBJECT_ID.fullmatch(ident)]
    if wrong:
        more = f" ({len(wrong)} such values in all)" if len(wrong) > 1 else ""
        what = f"Filter {chosen.id!r} has {wrong[0]!r}, which does not look like a participant ID{more}."
        remedy = "Pass the 24 hexadecimal digits of the column participant_id in responses."
        yield Finding("warning", what, remedy, place=PLACE)


def filter_set(client: Client, set_id: str, version: int | None) -> tuple[Record | None, list[Finding]]:
    """The filter set in this version, or None and what is wrong.

    Raises
    ------
    ApiError, Unreachable
        It cannot be read.
    """
    found = _read_set(client, set_id, version)
    if found is not None and not found.get("is_deleted"):
        return found, []
    newest = _read_set(client, set_id, None) if version is not None and found is None else None
    if newest is not None:
        what = f"Filter set {set_id!r} has no version {version}; its newest is {newest.get('version')}."
        return None, [Finding("error", what, "Pass one of its versions.", place="filter_set_version")]
    names = _names(client.filter_sets.list(client.workspace_id))
    near = nearest(set_id, {ident: name for ident, name in names.items() if ident != set_id})
    meant = f" Did you mean {named(near, names)}?" if near else ""
    remedy = "client.filter_sets.list(client.workspace_id) lists the sets of the workspace."
    return None, [Finding("error", f"There is no filter set {set_id!r}.{meant}", remedy, place="filter_set_id")]


def _read_set(client: Client, set_id: str, version: int | None) -> Any:
    if not _SEGMENT.fullmatch(set_id):
        return None
    try:
        return client.filter_sets.get(set_id, version)
    except NotFound:
        return None
