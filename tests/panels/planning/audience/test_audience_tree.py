"""Filters as a tree: nothing is lost, whatever is added, replaced or removed."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

import prolific_nb as pnb
from prolific_nb.panels.planning.audience.audience_tree import at, join, put, remove, walk
from prolific_nb.study.audience import FilterGroup, OtherFilter
from prolific_nb.study.audience.participant_filter import AnyFilter, single_filters

AGE, SEX, LEFT = pnb.Filter("age", between=(18, 30)), pnb.Filter("sex", any_of=["1"]), pnb.Filter("hand", any_of=["0"])
NEW = pnb.Filter("new", any_of=["9"])

singles = st.sampled_from([AGE, SEX, LEFT, OtherFilter({"filter_id": "odd", "selected_moon": 1})])
trees = st.recursive(
    singles,
    lambda inner: st.builds(FilterGroup, st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3)),
    max_leaves=8,
)


def leaves(filters: tuple[AnyFilter, ...]) -> list[str]:
    return sorted(map(repr, single_filters(filters)))


@settings(max_examples=100, deadline=None)
@given(st.lists(trees, max_size=3).map(tuple), st.data())
def test_adding_and_removing_touch_one_filter_only(filters: tuple[AnyFilter, ...], data: st.DataObject) -> None:
    paths = [(), *(path for path, _ in walk(filters))]
    path = data.draw(st.sampled_from(paths))
    more = tuple(join(filters, path, NEW))
    assert leaves(more) == sorted([*leaves(filters), repr(NEW)])
    [there] = [where for where, each in walk(more) if each == NEW]
    assert leaves(tuple(remove(more, there))) == leaves(filters)
    if isinstance(at(filters, path), pnb.Filter):
        assert at(put(filters, path, NEW), path) == NEW


def test_or_and_and_alternate() -> None:
    both = join((AGE,), (0,), SEX)
    assert both == (pnb.Filter.any(AGE, SEX),)
    assert join(both, (0,), LEFT) == (pnb.Filter.any(AGE, SEX, LEFT),)
    assert join(both, (0, 1), LEFT) == (pnb.Filter.any(AGE, pnb.Filter.all(SEX, LEFT)),)
    assert join(both, (), LEFT) == (pnb.Filter.any(AGE, SEX), LEFT)


def test_a_group_with_one_filter_left_is_that_filter_and_a_given_one_stays() -> None:
    given_so = (pnb.Filter.any(AGE), SEX)
    assert remove((pnb.Filter.any(AGE, pnb.Filter.all(SEX, LEFT)),), (0, 0)) == (pnb.Filter.all(SEX, LEFT),)
    assert remove(given_so, (1,)) == (pnb.Filter.any(AGE),)
    assert remove(given_so, (0, 0)) == (SEX,)


def test_a_path_that_is_gone_changes_nothing() -> None:
    assert remove((AGE,), (3,)) == put((AGE,), (0, 1), NEW) == (AGE,)
