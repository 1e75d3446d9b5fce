"""Filters for the members of participant groups and for the participants of earlier runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from ...common.findings import Finding
from ...common.plurals import a_type
from ...errors import PlanError
from .participant_filter import AnyFilter, Filter

_LISTS = {"only": "allowlist", "keep_out": "blocklist"}
_ACCEPTED = "Pass a group of run.passed(), the ID of a participant group, or a run; or a list of these."


class _Listed(NamedTuple):
    """What a filter lists: the beginning of its ID, and the ID of a group or a study."""

    prefix: str
    ident: str


def admitted(filters: Sequence[AnyFilter], filter_set_id: str | None, only: Any, keep_out: Any) -> list[AnyFilter]:
    """The filters of a plan with those for the members who alone may take part, and for those who may not.

    Parameters
    ----------
    filters : sequence of Filter
        Of the plan.
    filter_set_id : str or None
        Of the plan; a study has either a set or filters of its own.
    only, keep_out
        A participant group (a value with an ``id``, or its ID), a run (a value with a ``study_id``), or a list.

    Raises
    ------
    PlanError
        With all findings.
    """
    given = {"only": only, "keep_out": keep_out}
    found: list[Finding] = []
    listed = {name: list(_listed(name, value, found)) for name, value in given.items()}
    found += [*_conflicts(filters, filter_set_id, listed)] if any(listed.values()) else []
    if found:
        raise PlanError("The audience", found)
    for name, members in listed.items():
        for prefix in dict.fromkeys(each.prefix for each in members):
            ids = [each.ident for each in members if each.prefix == prefix]
            filters = _merged(filters, f"{prefix}_{_LISTS[name]}", ids)
    return list(filters)


def _listed(name: str, value: Any, found: list[Finding]) -> Iterator[_Listed]:
    for each in _several(value):
        ident = each if isinstance(each, str) else getattr(each, "id", None)
        if hasattr(each, "study_id"):
            if name == "only" and hasattr(each, "passed"):
                what = "only= has a qualification run, whose participants did not all pass."
                found.append(Finding("error", what, "Pass only=run.passed().", place=name))
            yield _Listed("previous_studies", str(each.study_id))
        elif ident == "" and not isinstance(each, str):
            what = f"{name}= has a group without participants: nobody has passed yet."
            found.append(Finding("error", what, "Lower pass_at, or wait for more participants.", place=name))
        elif isinstance(ident, str) and ident.strip():
            yield _Listed("participant_group", ident)
        else:
            found.append(Finding("error", f"{name}= has {each!r:.80}, {a_type(each)}.", _ACCEPTED, place=name))


def _several(value: Any) -> Iterable[Any]:
    if value is None:
        return ()
    return value if isinstance(value, list | tuple | set | frozenset) else (value,)


def _conflicts(
    filters: Sequence[AnyFilter], filter_set_id: str | None, listed: dict[str, list[_Listed]]
) -> Iterator[Finding]:
    only, keep_out = listed["only"], listed["keep_out"]
    if filter_set_id is not None:
        what = f"The plan has the filter set {filter_set_id!r}, and a study has either a set or filters of its own."
        remedy = "Put the filters of the set into the plan: filters=[...] instead of filter_set_id."
        yield Finding("error", what, remedy, place="filter_set_id")
    if len({each.prefix for each in only}) > 1:
        what = "only= has groups and runs; participants would have to be in both."
        yield Finding("error", what, "Pass groups or runs.", place="only")
    for each in only:
        if each in keep_out:
            yield Finding("error", f"{each.ident!r} is in only= and in keep_out=.", "Remove it from one.", place="only")
    wanted = {
        f"{each.prefix}_allowlist": {other.ident for other in only if other.prefix == each.prefix} for each in only
    }
    for held in filters:
        if isinstance(held, Filter) and held.id in wanted and {*(held.any_of or ())} != wanted[held.id]:
            what = f"The plan has the filter {held.id!r} already, and Prolific admits who is in any group of the list."
            yield Finding("error", what, "Remove the filter from the plan, or leave out only=.", place="only")


def _merged(filters: Sequence[AnyFilter], name: str, ids: Sequence[str]) -> list[AnyFilter]:
    """The filters with IDs added to the list of this name, which is the last."""
    held = [each for each in filters if isinstance(each, Filter) and each.id == name]
    known = [ident for each in held for ident in each.any_of or ()]
    return [*(each for each in filters if each not in held), Filter(name, any_of=[*dict.fromkeys([*known, *ids])])]
