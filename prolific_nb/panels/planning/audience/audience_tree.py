"""The filters of a plan as a tree: reading, replacing, removing and adding at a path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ....study.audience import FilterGroup
from ....study.audience.participant_filter import AnyFilter

Filters = Sequence[AnyFilter]
Path = tuple[int, ...]
"""Positions from the root down: ``(2, 0)`` is the first filter of the group that is the plan's third entry."""


def walk(filters: Filters, above: Path = ()) -> Iterator[tuple[Path, AnyFilter]]:
    """Every filter and group with its path, each group before its content."""
    for place, each in enumerate(filters):
        yield (*above, place), each
        if isinstance(each, FilterGroup):
            yield from walk(each.filters, (*above, place))


def at(filters: Filters, path: Path) -> AnyFilter | None:
    """The filter at a path, or None if there is none."""
    return dict(walk(filters)).get(path)


def combined_by(filters: Filters, path: Path) -> str:
    """How the entry at a path is combined with its neighbours: "and" or "or"; the root's entries by "and"."""
    parent = at(filters, path[:-1])
    return parent.id if isinstance(parent, FilterGroup) else "and"


def put(filters: Filters, path: Path, new: AnyFilter) -> Filters:
    """The filters with another one at a path."""
    return _changed(filters, path, (new,))


def remove(filters: Filters, path: Path) -> Filters:
    """The filters without the one at a path; a group left with one filter is replaced by it, an empty one goes.

    Examples
    --------
    >>> from prolific_nb.study import Filter
    >>> both = (Filter.any(Filter("sex", any_of=["1"]), Filter("age", between=(60, None))),)
    >>> remove(both, (0, 0))
    (Filter(id='age', any_of=None, between=(60, None)),)
    """
    return _changed(filters, path, ())


def join(filters: Filters, path: Path, new: AnyFilter) -> Filters:
    """Add a filter that everyone must fit as well (the empty path), or beside another one in the opposite way.

    An entry of the plan or of an "and" group becomes one of two alternatives; an alternative becomes one of two filters
    that must both fit.

    Examples
    --------
    >>> from prolific_nb.study import Filter
    >>> age, sex = Filter("age", between=(60, None)), Filter("sex", any_of=["1"])
    >>> join((age,), (), sex) == (age, sex), join((age,), (0,), sex) == (Filter.any(age, sex),)
    (True, True)
    """
    if not path:
        return (*filters, new)
    one, turned = at(filters, path), "and" if combined_by(filters, path) == "or" else "or"
    if one is None:
        return (*filters, new)
    if isinstance(one, FilterGroup) and one.id == turned:
        return put(filters, path, replace(one, filters=(*one.filters, new)))
    return put(filters, path, FilterGroup(turned, (one, new)))


def _changed(filters: Filters, path: Path, new: Filters) -> Filters:
    if not path or path[0] >= len(filters):
        return filters
    place, *rest = path
    before, one, after = filters[:place], filters[place], filters[place + 1 :]
    if not rest:
        return (*before, *new, *after)
    if not isinstance(one, FilterGroup):
        return filters
    inner = _changed(one.filters, tuple(rest), new)
    fewer = len(inner) < len(one.filters)
    return (*before, *(inner if fewer and len(inner) < 2 else (replace(one, filters=inner),)), *after)
