"""Who may take part in a study: checks of its filters, and counts of the fictitious pool."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from math import isfinite, prod
from typing import Any

from ..contract.filter_catalogue import BY_ID
from ..contract.http_error import HTTPError, invalid
from ..state.sandbox_state import SandboxState
from ..storage.store import Document

POOL = 130_000
"""Size of the sandbox's fictitious participant pool."""
_SHOWN_FROM = 25  # smaller counts are returned as 0
_OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}")
_LISTED = 10  # choices in a message
_VALUES = {"select": "selected_values", "range": "selected_range"}
_KINDS = {"StudyID": "study", "ParticipantGroupID": "group"}
_WORDS = {"study": "study", "group": "participant group"}
_SAMPLES = "REP_SAMPLE_{}_ENGLISH_AGE_POLITICAL_AFFILIATION"
# Not taken from `study`: the sandbox is to judge the client, so it shares none of its knowledge of the API.
STUDY_TYPES = (
    "SINGLE",
    "QUOTA",
    *(
        name
        for country in ("UK", "US")
        for name in (
            f"{country}_REP_SAMPLE",
            f"{country}_REGIONAL_REP_SAMPLE",
            _SAMPLES.format(country),
            f"{_SAMPLES.format(country)}_ETHNICITY",
        )
    ),
)
_SEVERAL = {"fluent-languages"}  # participants may give several of the choices
BLOCKED_STUDIES = "previous_studies_blocklist"


def count(state: SandboxState, chosen: list[Document]) -> int:
    """Number of participants in the pool that match all filters; 0 also stands for fewer than 25.

    Raises
    ------
    HTTPError
        400 if a filter is not valid.
    """
    check(state, chosen)
    found = round(POOL * _share_of_all(state, chosen))
    return found if found >= _SHOWN_FROM else 0


def check(state: SandboxState, chosen: list[Document]) -> None:
    """Refuse unknown filters, choices, studies and groups, and empty ranges, with all faults."""
    wrong = [sentence for each in chosen for sentence in _faults(state, each)]
    if wrong:
        raise HTTPError(400, " ".join(wrong), {"filters": wrong})


def check_study(state: SandboxState, body: Document) -> Document:
    """The body of a study with the version of its filter set; refuses what the count of participants refuses."""
    check(state, body.get("filters") or [])
    kind = body.get("study_type")
    if kind is not None and kind not in STUDY_TYPES:
        near = _nearest(str(kind), STUDY_TYPES)
        raise invalid("study_type", f"There is no study type {kind}. Did you mean {near}?")
    if not body.get("filter_set_id"):
        return body
    version = _set_version(state, body["filter_set_id"], body.get("filter_set_version"))["version"]
    return {**body, "filter_set_version": version}


def _set_version(state: SandboxState, ident: str, wanted: int | None) -> Document:
    newest = state.store.get("filter set", ident)
    if newest is None:
        raise invalid("filter_set_id", f"There is no filter set {ident} in this sandbox. Create it, or send filters.")
    if wanted in (None, newest["version"]):
        return newest
    found = state.store.get("filter set version", f"{ident} {wanted}")
    if found is None:
        sentence = f"Filter set {ident} has no version {wanted}; its newest is {newest['version']}."
        raise invalid("filter_set_version", sentence)
    return found


def barred(state: SandboxState, study: Document) -> set[str]:
    """IDs of participants excluded by a study's filters: named ones, members of groups, participants of studies."""
    return set().union(*_lists(state, study, "blocklist"))


def admitted(state: SandboxState, study: Document) -> set[str]:
    """IDs of the participants that a study's filters admit by name, group or study; empty if they name nobody."""
    first, *more = [*_lists(state, study, "allowlist")] or [set[str]()]
    return first.intersection(*more)


def _lists(state: SandboxState, study: Document, ending: str) -> Iterator[set[str]]:
    """The participants of each list of this kind that every participant must match."""
    chosen = study["filters"]
    if study.get("filter_set_id"):
        version = f"{study['filter_set_id']} {study.get('filter_set_version')}"
        found = state.store.get("filter set version", version) or state.store.get("filter set", study["filter_set_id"])
        chosen = found["filters"] if found else []
    return (_listed(state, each) for each in _required(chosen) if each["filter_id"].endswith(ending))


def _required(chosen: list[Document]) -> Iterator[Document]:
    """The filters that every participant must match: all but the alternatives of an "or"."""
    for each in chosen:
        if each["filter_id"] == "and" and "selected_filters" in each:
            yield from _required(each["selected_filters"])
        elif "selected_values" in each:
            yield each


def _listed(state: SandboxState, chosen: Document) -> set[str]:
    """The participants that a list of studies, groups or participants names."""
    values, kind = chosen["selected_values"], BY_ID[chosen["filter_id"]]["data_type"]
    if kind == "ParticipantID":
        return set(values)
    if kind == "ParticipantGroupID":
        # A deleted group, or one of another account, has no members.
        groups = [state.store.get("group", ident) or {"members": []} for ident in values]
        return {member["participant_id"] for group in groups for member in group["members"]}
    rows = [state.store.rows("SELECT participant_id FROM submissions WHERE study_id = ?", ident) for ident in values]
    return {row["participant_id"] for found in rows for row in found}


def _faults(state: SandboxState, chosen: Document) -> list[str]:
    ident = chosen["filter_id"]
    if "selected_filters" in chosen:
        return [sentence for each in chosen["selected_filters"] for sentence in _faults(state, each)]
    if ident not in BY_ID:
        return [f"There is no filter {ident}. Did you mean {_nearest(ident, BY_ID)}?"]
    known = BY_ID[ident]
    if ("selected_values" in chosen) != (known["type"] == "select"):
        return [f"Filter {ident} is a {known['type']} filter. Send {_VALUES[known['type']]}."]
    if known["type"] == "range":
        return list(_range_faults(known, chosen["selected_range"]))
    return list(_choice_faults(state, known, chosen["selected_values"]))


def _nearest(given: str, known: Any) -> str:
    return " or ".join(get_close_matches(given, known, n=2, cutoff=0.3) or list(known))


def _range_faults(known: Document, ends: Document) -> Iterator[str]:
    ident = known["filter_id"]
    wrong = [end for end in ends.values() if not _is_number(end)]
    if wrong:
        yield f"The range of filter {ident} must be numbers, not {wrong[0]!r}."
        return
    whole = {"lower": known["min"], "upper": known["max"], **ends}
    low, high = float(whole["lower"]), float(whole["upper"])
    if low > high or low > known["max"] or high < known["min"]:
        yield f"The range of filter {ident}, {low:g} to {high:g}, is empty. It has {known['min']} to {known['max']}."


def _choice_faults(state: SandboxState, known: Document, values: list[str]) -> Iterator[str]:
    ident, kind = known["filter_id"], _KINDS.get(known["data_type"])
    if kind is not None:
        gone = [each for each in values if state.store.get(kind, each) is None]
        if ident.endswith("blocklist"):  # plans of live studies can be rehearsed: IDs from elsewhere exclude no one
            gone = [each for each in gone if not _OBJECT_ID.fullmatch(each)]
        if gone:
            yield f"Filter {ident} names no {_WORDS[kind]} of this sandbox: {', '.join(gone)}."
    elif "choices" in known:
        unknown = [each for each in values if each not in known["choices"]]
        if unknown:
            listed = list(known["choices"])
            more = f", … ({len(listed)} in all)" if len(listed) > _LISTED else ""
            yield f"Filter {ident} has no choice {', '.join(unknown)}. Use one of {', '.join(listed[:_LISTED])}{more}."


def _is_number(end: Any) -> bool:
    try:
        return isfinite(float(end))
    except (TypeError, ValueError):
        return False


def _share_of_all(state: SandboxState, chosen: list[Document]) -> float:
    """Share of the pool that matches all filters; several filters with one ID are one question to a participant."""
    merged: dict[str, Document] = {}
    for each in _unnested(chosen):
        ident = each["filter_id"]
        name = repr(each) if "selected_filters" in each or ident in _SEVERAL else ident
        known = merged.get(name)
        merged[name] = each if known in (None, each) else _both(known, each)
    return prod(_share(state, each) for each in merged.values())


def _unnested(chosen: list[Document]) -> Iterator[Document]:
    for each in chosen:
        if each["filter_id"] == "and" and "selected_filters" in each:
            yield from _unnested(each["selected_filters"])
        else:
            yield each


def _both(one: Document, other: Document) -> Document:
    """One filter for two with the same ID that must both match."""
    ident = one["filter_id"]
    if "selected_range" in one:
        ends = [each["selected_range"] for each in (one, other)]
        lows, highs = ([float(each[end]) for each in ends if end in each] for end in ("lower", "upper"))
        both = {**({"lower": max(lows)} if lows else {}), **({"upper": min(highs)} if highs else {})}
        return {"filter_id": ident, "selected_range": both}
    values = [dict.fromkeys(each["selected_values"]) for each in (one, other)]
    if ident.endswith("blocklist"):
        return {"filter_id": ident, "selected_values": [*(values[0] | values[1])]}
    return {"filter_id": ident, "selected_values": [each for each in values[0] if each in values[1]]}


def _share(state: SandboxState, chosen: Document) -> float:
    """Share of the pool that matches, assuming equally frequent choices and uniformly distributed numbers."""
    if "selected_filters" in chosen:
        inner = chosen["selected_filters"]
        if chosen["filter_id"] == "and":
            return _share_of_all(state, inner)
        return 1 - prod(1 - _share(state, each) for place, each in enumerate(inner) if each not in inner[:place])
    known = BY_ID[chosen["filter_id"]]
    if "choices" in known:
        return len(set(chosen["selected_values"])) / len(known["choices"])
    if known["type"] == "select":
        share = min(len(_listed(state, chosen)) / POOL, 1.0)
        return 1 - share if known["filter_id"].endswith("blocklist") else share
    ends = chosen["selected_range"]
    low, high = float(ends.get("lower", known["min"])), float(ends.get("upper", known["max"]))
    width = min(high, known["max"]) - max(low, known["min"])
    return float(max(width, 0) / (known["max"] - known["min"]))
