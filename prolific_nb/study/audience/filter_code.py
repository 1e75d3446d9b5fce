"""Filters as the code a person would write: with `Filter.any`, `all`, `exclude` and `only`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...common.display import quoted
from .participant_filter import AnyFilter, Filter, FilterGroup

_VERBS = {"blocklist": "exclude", "allowlist": "only"}
_LISTS = {"previous_studies": "studies", "participant_group": "groups", "custom": "participants"}
_GROUPS = {"and": "all", "or": "any"}


def filter_code(chosen: AnyFilter, prefix: str = "pnb.") -> str:
    """Python code that creates a filter or a group.

    Examples
    --------
    >>> print(filter_code(Filter.any(Filter("age", between=(18, None)), Filter.exclude(studies=["6a"]))))
    pnb.Filter.any(pnb.Filter("age", between=(18, None)), pnb.Filter.exclude(studies=["6a"]))
    """
    if isinstance(chosen, FilterGroup):
        return f"{prefix}Filter.{_GROUPS[chosen.id]}({', '.join(filter_code(each, prefix) for each in chosen.filters)})"
    if not isinstance(chosen, Filter):
        return chosen.to_code(prefix)
    kind, _, suffix = chosen.id.rpartition("_")
    if kind in _LISTS and suffix in _VERBS and chosen.any_of is not None and chosen.weightings is None:
        return f"{prefix}Filter.{_VERBS[suffix]}({_LISTS[kind]}={_listed(chosen.any_of)})"
    given = f"any_of={_listed(chosen.any_of)}" if chosen.any_of is not None else f"between={_pair(chosen.between)}"
    weights = "" if chosen.weightings is None else f", weightings={dict(chosen.weightings)!r}"
    return f"{prefix}Filter({quoted(chosen.id)}, {given}{weights})"


def filters_code(filters: Sequence[AnyFilter]) -> str:
    """A list of filters, one on each line if there are several."""
    if len(filters) < 2:
        return f"[{''.join(map(filter_code, filters))}]"
    return "[\n    " + ",\n    ".join(map(filter_code, filters)) + ",\n]"


def _listed(ids: Sequence[str]) -> str:
    return f"[{', '.join(map(quoted, ids))}]"


def _pair(ends: Any) -> str:
    return f"({', '.join(quoted(end) if isinstance(end, str) else repr(end) for end in ends)})"
