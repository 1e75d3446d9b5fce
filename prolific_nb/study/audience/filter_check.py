"""Filters compared with their definitions: their kind, the ids of their choices, and the ends of their ranges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...api import Record
from ...common.findings import Finding
from .catalogue import Catalogue, named, nearest, titles
from .participant_filter import Filter
from .range_ends import above, position

PLACE = "filters"
_SHOWN = 6  # choices in a message
_MOST_NAMED = 5  # wrong choices of one filter
_NOT_CHECKED = "Check it on Prolific's page."


def filter_findings(catalogue: Catalogue, chosen: Filter) -> Iterator[Finding]:
    """What is wrong with a filter, by the catalogue.

    Raises
    ------
    ApiError, Unreachable
        The catalogue cannot be read.
    """
    definition = catalogue.find(chosen.id)
    if definition is None:
        yield _unknown(catalogue, chosen)
        return
    kind = definition.get("type")
    if kind == "range" and chosen.any_of is not None:
        ends = (definition.get("min"), definition.get("max"))
        what = f"Filter {chosen.id!r} is a range, but any_of= was given."
        yield _error(what, f"Pass the lowest and the highest value: between={ends!r}.")
    elif kind == "select" and chosen.between is not None:
        what = f"Filter {chosen.id!r} has choices, but between= was given."
        choices = catalogue.choices(definition) or {}
        yield _error(what, f"Pass their IDs in any_of=[...]. {_listed(chosen.id, choices)}")
    elif kind == "range":
        yield from _range_findings(chosen, definition)
    elif kind == "select":
        yield from _choice_findings(catalogue, chosen, definition)


def _unknown(catalogue: Catalogue, chosen: Filter) -> Finding:
    names = titles(catalogue.definitions)
    near = nearest(chosen.id, names)
    meant = f" Did you mean {named(near, names)}?" if near else ""
    remedy = f'Search with words of its title: client.filters.search("{(near or ["country"])[0]}").'
    return _error(f"Prolific has no filter {chosen.id!r}.{meant}", remedy)


def _choice_findings(catalogue: Catalogue, chosen: Filter, definition: Record) -> Iterator[Finding]:
    choices = catalogue.choices(definition)
    unknown = [given for given in chosen.any_of or () if choices is None or given not in choices]
    for given in unknown[:_MOST_NAMED]:
        known = choices if choices is not None else catalogue.choices_like(definition, given)
        yield from _choice_finding(chosen, given, known, whole=choices is not None)
    more = f"{len(unknown) - _MOST_NAMED} further values of filter {chosen.id!r}"
    if len(unknown) > _MOST_NAMED and choices is not None:
        yield _error(f"{more} are not among its choices.", f'See list(client.filters.choices("{chosen.id}")).')
    elif len(unknown) > _MOST_NAMED:
        yield Finding("note", f"{more} were not checked.", _NOT_CHECKED, place=PLACE)


def _choice_finding(chosen: Filter, given: str, known: Mapping[str, str], whole: bool) -> Iterator[Finding]:
    labelled = [ident for ident, label in known.items() if label.casefold().strip() == given.casefold().strip()]
    if given in known:
        return
    if labelled:
        what = f"Filter {chosen.id!r} has no choice ID {given!r}; that is the label of choice {labelled[0]!r}."
        yield _error(what, f"Pass the ID: any_of={[labelled[0]]!r}.")
    elif whole:
        near = [] if given.isdecimal() else nearest(given, known)  # the number next to a wrong one means nothing
        meant = f"Did you mean {named(near, known)}? " if near else ""
        yield _error(f"Filter {chosen.id!r} has no choice {given!r}.", f"{meant}{_listed(chosen.id, known)}")
    else:
        what = f"Choice {given!r} of filter {chosen.id!r} was not checked: Prolific's list of choices is not available."
        yield Finding("note", what, _NOT_CHECKED, place=PLACE)


def _listed(filter_id: str, choices: Mapping[str, str]) -> str:
    shown = ", ".join(f"{ident!r} ({label})" for ident, label in list(choices.items())[:_SHOWN])
    more = f" and {len(choices) - _SHOWN} more" if len(choices) > _SHOWN else ""
    listed = f"Its choices are {shown}{more}; " if shown else ""
    return f'{listed}list(client.filters.choices("{filter_id}")) returns them.'


def _range_findings(chosen: Filter, definition: Record) -> Iterator[Finding]:
    low, high = chosen.between or (None, None)
    kind = str(definition.get("data_type") or "")
    wrong = [end for end in (low, high) if end is not None and not _fits(end, kind)]
    for end in wrong:
        wanted = {"date": "dates such as '2000-01-31'", "integer": "whole numbers"}.get(kind, "numbers")
        what = f"{end!r} is not a valid end of filter {chosen.id!r}."
        yield _error(what, f"Pass {wanted}: between=({definition.get('min')!r}, {definition.get('max')!r}).")
    if not wrong:
        yield from _bound_findings(chosen, definition.get("min"), definition.get("max"))


def _fits(end: Any, data_type: str) -> bool:
    found = position(end)
    if data_type == "date":
        return found is not None and found[0] == "date"
    if data_type not in ("integer", "float"):
        return True
    return found is not None and found[0] == "number" and (data_type == "float" or found[1].is_integer())


def _bound_findings(chosen: Filter, least: Any, most: Any) -> Iterator[Finding]:
    low, high = chosen.between or (None, None)
    values = f"The values of filter {chosen.id!r} are {least!r} to {most!r}"
    if (low is not None and above(low, most)) or (high is not None and above(least, high)):
        yield _error(f"{values}, so nobody is in between={chosen.between!r}.", "Pass a range inside these values.")
        return
    outside = [end for end, wrong in ((low, above(least, low)), (high, above(high, most))) if wrong]
    if outside:
        what = f"{values}, so {' and '.join(map(repr, outside))} in between={chosen.between!r} has no effect."
        yield Finding("warning", what, "Pass a range inside these values.", place=PLACE)


def _error(what: str, remedy: str) -> Finding:
    return Finding("error", what, remedy, place=PLACE)
