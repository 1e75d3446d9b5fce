"""Filters: who may take part in a study."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...common.findings import Finding
from ...errors import ArgumentError, PlanError
from .range_ends import above, is_end, plain, position

_LISTS = {"studies": "previous_studies", "groups": "participant_group", "participants": "custom"}
_NAMES = {"and": "all", "or": "any"}
_OWN = {"filter_id", "selected_values", "selected_range", "selected_filters", "weightings"}
# A server may return what describes a filter together with it; this is not part of the selection.
_DESCRIPTION = {
    *("title", "description", "question", "type", "data_type", "choices", "min", "max", "min_max", "max_min", "tags"),
    *("category", "subcategory", "display_order", "researcher_help_text", "participant_help_text"),
}


@dataclass(frozen=True, repr=False)
class Filter:
    """One of Prolific's filters (screeners): who may take part.

    ``client.filters.search("first language")`` finds filters with their ids and some of their choices;
    ``list(client.filters.choices("first-language"))`` returns all choices of one, each with its ``id`` and ``label``.
    `quote` and `launch` check ids and choices, and name the nearest ones.

    Parameters
    ----------
    id : str
        Prolific's ``filter_id``.
    any_of : sequence of str, optional
        Ids of the choices (not their labels); a participant matches if one of them applies.
    between : pair, optional
        Lowest and highest value, both included; None for no limit.
    weightings : mapping, optional
        The shares of a quota, in the API's format.

    Raises
    ------
    PlanError
        With all findings.

    Examples
    --------
    >>> Filter("age", between=(18, 30)).to_api()
    {'filter_id': 'age', 'selected_range': {'lower': 18, 'upper': 30}}
    >>> Filter.any(Filter("sex", any_of=["1"]), Filter("age", between=(60, None))).to_api()["filter_id"]
    'or'
    >>> Filter.exclude(studies=["6500000000000000000000aa"]).id
    'previous_studies_blocklist'
    """

    id: str
    any_of: Sequence[str] | None = None
    between: tuple[Any, Any] | None = None
    weightings: Mapping[str, Any] | None = field(default=None, hash=False)

    def __post_init__(self) -> None:
        if self.any_of is not None and _is_list(self.any_of):
            chosen = [str(each) if isinstance(each, str) else each for each in self.any_of]
            ordered = sorted(chosen, key=str) if isinstance(self.any_of, set | frozenset) else chosen
            object.__setattr__(self, "any_of", tuple(dict.fromkeys(ordered)) if _hashable(ordered) else tuple(ordered))
        if self.between is not None and _is_list(self.between):
            object.__setattr__(self, "between", tuple(map(plain, self.between)))
        if findings := list(self._errors()):
            raise PlanError("The filter", findings)

    def _errors(self) -> Iterator[Finding]:
        if not isinstance(self.id, str) or not self.id.strip():
            remedy = 'Pass a filter ID such as "age"; client.filters.search("age") finds them.'
            yield Finding("error", f"{self.id!r} is not a valid filter ID.", remedy)
        elif self.id in _NAMES:
            what = f"{self.id!r} combines filters; it is not a filter itself."
            yield Finding("error", what, f"Use pnb.Filter.{_NAMES[self.id]}(pnb.Filter(...), pnb.Filter(...)).")
        if (self.any_of is None) == (self.between is None):
            what = f"Filter({self.id!r}) needs either any_of= or between=."
            yield Finding("error", what, "Pass exactly one of them.")
        elif self.any_of is not None:
            yield from self._choice_errors(self.any_of)
        else:
            yield from self._range_errors(self.between)

    def _choice_errors(self, chosen: Any) -> Iterator[Finding]:
        if isinstance(chosen, str):
            what = f"any_of={chosen!r} is a single string; it would be split into characters."
            yield Finding("error", what, f"Pass a list: any_of=[{chosen!r}].")
        elif not isinstance(chosen, tuple):
            what = f"any_of={chosen!r} is not a list of choice IDs."
            yield Finding("error", what, 'Pass a list of strings: any_of=["0", "1"].')
        elif not chosen:
            what = f"Filter({self.id!r}) has an empty any_of=, which no participant matches."
            yield Finding("error", what, "Pass at least one ID, or leave the filter out.")
        else:
            wrong = [each for each in chosen if not isinstance(each, str) or not each.strip()]
            if wrong:
                what = f"any_of= of filter {self.id!r} contains {_shown(wrong[0])}, which is not a valid ID."
                ids = ", ".join(json.dumps(str(_shown(each))) for each in chosen[:3])
                yield Finding("error", what, f"IDs are non-empty strings: any_of=[{ids}].")

    def _range_errors(self, ends: Any) -> Iterator[Finding]:
        example = "Pass the lowest and the highest value: between=(18, 30); None for no limit."
        if not isinstance(ends, tuple) or len(ends) != 2:
            yield Finding("error", f"between={ends!r} is not a pair.", example)
            return
        given = [end for end in ends if end is not None]
        wrong = [end for end in given if not is_end(end)]
        if not given or wrong:
            what = f"{_shown(wrong[0])} is not a valid end of a range" if wrong else "between= has no limit"
            yield Finding("error", f"Filter {self.id!r}: {what}.", example)
        elif len(given) == 2 and _kind(ends[0]) != _kind(ends[1]):
            what = f"between={ends!r} of filter {self.id!r} mixes a number and a date."
            yield Finding("error", what, "Pass two numbers or two dates.")
        elif len(given) == 2 and above(*ends):
            what = f"between={ends!r} of filter {self.id!r} is empty: {ends[0]!r} is above {ends[1]!r}."
            yield Finding("error", what, f"Pass the lowest value first: between={ends[::-1]!r}.")

    # --- other ways to make one -----------------------------------------------------------------------------------

    @staticmethod
    def any(*filters: AnyFilter) -> FilterGroup:
        """A group that a participant matches if at least one of these filters (or groups) applies."""
        return FilterGroup("or", filters)

    @staticmethod
    def all(*filters: AnyFilter) -> FilterGroup:
        """A group that a participant matches if all of these filters (or groups) apply; for use in `any`."""
        return FilterGroup("and", filters)

    @classmethod
    def exclude(
        cls, *, studies: Sequence[str] = (), groups: Sequence[str] = (), participants: Sequence[str] = ()
    ) -> Filter:
        """Keep participants of earlier studies, members of participant groups, or some participants out.

        Parameters
        ----------
        studies, groups, participants : sequence of str
            Exactly one of the three, as a list of IDs.
        """
        return cls._list("exclude", "blocklist", studies=studies, groups=groups, participants=participants)

    @classmethod
    def only(
        cls, *, studies: Sequence[str] = (), groups: Sequence[str] = (), participants: Sequence[str] = ()
    ) -> Filter:
        """Admit only participants of earlier studies, members of participant groups, or some participants.

        The arguments are those of `exclude`.
        """
        return cls._list("only", "allowlist", studies=studies, groups=groups, participants=participants)

    @classmethod
    def _list(cls, verb: str, suffix: str, **lists: Any) -> Filter:
        given = {name: ids for name, ids in lists.items() if isinstance(ids, str) or not _is_list(ids) or len([*ids])}
        if len(given) != 1:
            what = f"Filter.{verb}() needs exactly one of studies=, groups= and participants=; {len(given)} were given."
            remedy = f'Pass one list of IDs: pnb.Filter.{verb}(studies=["..."]). Several calls make several filters.'
            raise PlanError("The filter", [Finding("error", what, remedy)])
        [(name, ids)] = given.items()
        if isinstance(ids, str) or not _is_list(ids):
            what = f"{name}={ids!r} is not a list."
            remedy = f"Pass a list of IDs: pnb.Filter.{verb}({name}=[{str(ids)!r}])."
            raise PlanError("The filter", [Finding("error", what, remedy)])
        return cls(f"{_LISTS[name]}_{suffix}", any_of=[*ids])

    # --- the API's format ------------------------------------------------------------------------------------------

    def to_api(self) -> dict[str, Any]:
        """The filter as JSON for the API."""
        weights = {} if self.weightings is None else {"weightings": dict(self.weightings)}
        if self.any_of is not None:
            return {"filter_id": self.id, "selected_values": list(self.any_of), **weights}
        ends = zip(("lower", "upper"), self.between or (), strict=True)
        kept = {end: value for end, value in ends if value is not None}
        return {"filter_id": self.id, "selected_range": kept, **weights}

    @classmethod
    def knows(cls, sent: Mapping[str, Any]) -> bool:
        """Whether a filter of the API is a single one of a known form; `from_api` keeps the others too."""
        return isinstance(cls.from_api(sent), Filter)

    @classmethod
    def from_api(cls, sent: Mapping[str, Any]) -> AnyFilter:
        """The filter or group from the API's JSON; one of an unknown form is kept as it is, and sent unchanged.

        Raises
        ------
        PlanError
            It is not a mapping.
        """
        if not isinstance(sent, Mapping):
            what, remedy = f"{_shown(sent)} is not a JSON object.", "Pass one filter of a study: study.filters[0]."
            raise PlanError("Filter.from_api", [Finding("error", what, remedy)])
        given = {name: value for name, value in sent.items() if value is not None and name not in _DESCRIPTION}
        try:
            return _read(given)
        except (PlanError, TypeError, ValueError, LookupError, AttributeError):
            return OtherFilter(sent)

    def __repr__(self) -> str:
        return self.to_code("")

    def to_code(self, prefix: str = "pnb.") -> str:
        """Python code that creates this filter."""
        weights = "" if self.weightings is None else f", weightings={dict(self.weightings)!r}"
        # Launches are identified by this text, so its form must not change.
        return f"{prefix}Filter(id={self.id!r}, any_of={self.any_of!r}, between={self.between!r}{weights})"


@dataclass(frozen=True, repr=False)
class FilterGroup:
    """Filters of which one or all must apply, created by `Filter.any` and `Filter.all`.

    Parameters
    ----------
    id : {"or", "and"}
        How the filters are combined.
    filters : sequence of Filter or FilterGroup
        At least one.
    """

    id: str
    filters: Sequence[AnyFilter]

    def __post_init__(self) -> None:
        verb, given = f"pnb.Filter.{_NAMES[self.id]}", tuple(self.filters)
        wrong = [each for each in given if not isinstance(each, Filter | FilterGroup | OtherFilter)]
        if not given or wrong:
            what = f"{_shown(wrong[0])} is not a Filter." if wrong else f"{verb}() was called without a filter."
            starred = wrong and _is_list(wrong[0])
            remedy = f"{verb}(*filters)" if starred else f'{verb}(pnb.Filter("age", between=(18, 30)), ...)'
            raise PlanError("The filter group", [Finding("error", what, f"Pass the filters one by one: {remedy}.")])
        object.__setattr__(self, "filters", given)

    def to_api(self) -> dict[str, Any]:
        """The group as JSON for the API."""
        return {"filter_id": self.id, "selected_filters": [each.to_api() for each in self.filters]}

    def __repr__(self) -> str:
        return self.to_code("")

    def to_code(self, prefix: str = "pnb.") -> str:
        """Python code that creates this group."""
        return f"{prefix}Filter.{_NAMES[self.id]}({', '.join(each.to_code(prefix) for each in self.filters)})"


@dataclass(frozen=True, repr=False)
class OtherFilter:
    """A filter of a form that this version does not know, kept as the server returned it.

    Parameters
    ----------
    sent : mapping
        The API's JSON.
    """

    sent: Mapping[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "sent", dict(self.sent))

    @property
    def id(self) -> str:
        """Its ``filter_id``, or an empty string."""
        return str(self.sent.get("filter_id") or "")

    def to_api(self) -> dict[str, Any]:
        """The JSON, unchanged."""
        return dict(self.sent)

    def __hash__(self) -> int:
        return hash(json.dumps(self.sent, sort_keys=True, default=str))

    def __repr__(self) -> str:
        return self.to_code("")

    def to_code(self, prefix: str = "pnb.") -> str:
        """Python code that creates this filter."""
        return f"{prefix}Filter.from_api({dict(self.sent)!r})"


AnyFilter = Filter | FilterGroup | OtherFilter


def single_filters(filters: Iterable[AnyFilter]) -> Iterator[Filter | OtherFilter]:
    """The filters of a plan and of its groups."""
    for each in filters:
        if isinstance(each, FilterGroup):
            yield from single_filters(each.filters)
        else:
            yield each


def _read(given: dict[str, Any]) -> AnyFilter:
    """Raises if the filter cannot be represented without a loss."""
    if unknown := set(given) - _OWN:
        raise ArgumentError(f"unknown keys {unknown}")
    ident, forms = given["filter_id"], set(given) & {"selected_values", "selected_range", "selected_filters"}
    [form] = forms
    if form == "selected_filters":
        if "weightings" in given:
            raise ArgumentError("a group has no weightings")
        return FilterGroup(ident, tuple(map(Filter.from_api, given[form])))
    if form == "selected_values":
        return Filter(ident, any_of=given[form], weightings=given.get("weightings"))
    ends = {end: value for end, value in given[form].items() if value is not None}
    if unknown := set(ends) - {"lower", "upper"}:
        raise ArgumentError(f"unknown ends {unknown}")
    return Filter(ident, between=(ends.get("lower"), ends.get("upper")), weightings=given.get("weightings"))


def _is_list(given: Any) -> bool:
    return isinstance(given, Iterable) and not isinstance(given, str | bytes | Mapping)


def _hashable(values: list[Any]) -> bool:
    return all(isinstance(each, str | int | float) for each in values)


def _kind(end: Any) -> str:
    found = position(end)
    return found[0] if found else "text"


def _shown(value: Any) -> Any:
    """A value for a message, without numpy's type names."""
    return value.item() if hasattr(value, "item") and not isinstance(value, str) else repr(value)
