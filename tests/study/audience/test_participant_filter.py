"""Filters as values: refused when they cannot mean anything, and the same in code, in JSON and on the server."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import prolific_nb as pnb
from prolific_nb.errors import PlanError
from prolific_nb.study.plan import identity

AGE = pnb.Filter("age", between=(18, 30))
WOMEN = pnb.Filter("sex", any_of=["1"])


@pytest.mark.parametrize(
    ("ends", "telling"),
    [
        ((80, 20), r"80 is above 20\. Pass the lowest value first: between=\(20, 80\)"),
        (("80", 20.5), r"is empty"),
        (("2001-02-03", date(2001, 2, 2)), r"is empty"),
        ((None, None), "no limit"),
        ((18, True), "True is not a valid end"),
        ((float("nan"), 3), "nan is not a valid end"),
        ((18, "2001-02-03"), "mixes a number and a date"),
        (18, "is not a pair"),
        ("18", "is not a pair"),
        ((1, 2, 3), "is not a pair"),
    ],
)
def test_a_range_that_holds_no_value_is_refused(ends: Any, telling: str) -> None:
    with pytest.raises(PlanError, match=telling):
        pnb.Filter("age", between=ends)


@pytest.mark.parametrize(
    ("chosen", "telling"),
    [
        ([1, 2], r'contains 1, which .*any_of=\["1", "2"\]'),
        ([np.int64(3)], r"contains 3, which"),
        ([""], "not a valid ID"),
        ([], "empty any_of="),
        ({"1": True}, "not a list"),
        ("1", r"any_of=\['1'\]"),
        ([["1"]], "not a valid ID"),
    ],
)
def test_choices_that_are_no_ids_are_refused(chosen: Any, telling: str) -> None:
    with pytest.raises(PlanError, match=telling):
        pnb.Filter("sex", any_of=chosen)


def test_numbers_of_numpy_and_dates_are_sent_as_json() -> None:
    sent = pnb.Filter("age", between=(np.int64(18), np.float64(30.5))).to_api()
    assert json.loads(json.dumps(sent)) == {"filter_id": "age", "selected_range": {"lower": 18, "upper": 30.5}}
    born = pnb.Filter("date-of-birth", between=(date(1990, 1, 2), None)).to_api()
    assert born["selected_range"] == {"lower": "1990-01-02"}


def test_a_set_of_choices_is_the_same_filter_in_every_process() -> None:
    assert pnb.Filter("sex", any_of={"2", "0", "1"}).any_of == ("0", "1", "2")  # type: ignore[arg-type]


def test_exclusions_and_allowlists_have_the_ids_of_the_api() -> None:
    ids = [
        make(**{what: ["6" * 24]}).id
        for make in (pnb.Filter.exclude, pnb.Filter.only)
        for what in ("studies", "groups", "participants")
    ]
    assert ids == [
        *("previous_studies_blocklist", "participant_group_blocklist", "custom_blocklist"),
        *("previous_studies_allowlist", "participant_group_allowlist", "custom_allowlist"),
    ]
    for wrong in ({}, {"studies": ["a"], "groups": ["b"]}, {"studies": "abc"}, {"groups": 7}):
        with pytest.raises(PlanError, match=r"pnb\.Filter\.exclude\("):
            pnb.Filter.exclude(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("call", "fits"),
    [
        (lambda: pnb.Filter.any([AGE, WOMEN]), r"pnb\.Filter\.any\(\*filters\)"),
        (lambda: pnb.Filter.all(), r"pnb\.Filter\.all\(pnb\.Filter\("),
        (lambda: pnb.Filter("or", any_of=["1"]), r"pnb\.Filter\.any\("),
        (lambda: plan(AGE), r"filters=\[pnb\.Filter\(id='age'"),
        (lambda: plan(pnb.Filter.any(AGE, WOMEN)), r"filters=\[pnb\.Filter\.any\("),
        (lambda: plan([AGE.to_api()]), r"pnb\.Filter\.from_api"),
        (lambda: pnb.Filter.from_api("age"), r"study\.filters\[0\]"),  # type: ignore[arg-type]
        (lambda: pnb.Filter.from_api([AGE.to_api()]), r"study\.filters\[0\]"),  # type: ignore[arg-type]
        (lambda: plan("age"), r"filters=\[pnb\.Filter\("),
        (lambda: plan(None), r"filters=\[pnb\.Filter\("),
    ],
)
def test_a_wrong_call_names_the_one_that_fits(call: Any, fits: str) -> None:
    with pytest.raises(PlanError, match=fits):
        call()


def plan(filters: Any = (), **options: Any) -> pnb.StudyPlan:
    return pnb.StudyPlan("Reviews", reward="1.50", minutes=6, filters=filters, **options)


@pytest.mark.parametrize(
    ("options", "telling"),
    [
        ({"study_type": "UK_REP"}, "Did you mean 'UK_REP_SAMPLE'"),
        ({"study_type": "QUOTA"}, r"extra=\{'study_type'"),
        ({"study_type": "UK_REP_SAMPLE", "extra": {"study_type": "QUOTA"}}, "Leave one out"),
        ({"filters": [AGE], "filter_set_id": "f" * 24}, "accepts one of them"),
        ({"filter_set_version": 2}, "without filter_set_id"),
        ({"filter_set_id": "f" * 24, "filter_set_version": 0}, "0 is not a valid version"),
        ({"filter_set_id": " "}, "not a valid filter set ID"),
        ({"extra": {"filter_set_id": "x"}}, "extra sets 'filter_set_id'"),
    ],
)
def test_an_audience_that_contradicts_itself_is_refused(options: dict[str, Any], telling: str) -> None:
    with pytest.raises(PlanError, match=telling):
        plan(**options)


def test_the_text_that_identifies_a_plan_has_not_changed() -> None:
    """The key of a launch is made of it: a change would make every launch of before a new one."""
    assert identity(plan([AGE, WOMEN])) == (
        'plan = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, filters=[pnb.Filter(id=\'age\', any_of=None, '
        "between=(18, 30)), pnb.Filter(id='sex', any_of=('1',), between=None)])"
    )


# --- round trips --------------------------------------------------------------------------------------------------

words = st.text("abcdefgh-_019", min_size=1, max_size=12).filter(lambda word: word not in ("and", "or"))
numbers = st.integers(-100, 100) | st.floats(-100, 100).map(lambda x: round(x, 2))


@st.composite
def ranges(draw: Any) -> dict[str, Any]:
    low, high = sorted(draw(st.tuples(numbers, numbers)))
    ends = draw(st.sampled_from([{"lower": low, "upper": high}, {"lower": low}, {"upper": high}]))
    return {"filter_id": draw(words), "selected_range": ends}


choices = st.builds(
    lambda ident, chosen: {"filter_id": ident, "selected_values": chosen},
    words,
    st.lists(words, min_size=1, max_size=4, unique=True),
)
quotas = st.builds(lambda chosen, share: {**chosen, "weightings": {"0": share}}, choices, st.floats(0, 1))
unknown = st.builds(lambda chosen, mode: {**chosen, "match": mode}, choices, words) | st.builds(
    lambda ident, value: {"filter_id": ident, "selected_magic": value}, words, words
)
single = choices | ranges() | quotas | unknown
sent_filters = st.recursive(
    single,
    lambda inner: st.builds(
        lambda relation, filters: {"filter_id": relation, "selected_filters": filters},
        st.sampled_from(["and", "or"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)
audiences = st.fixed_dictionaries({"filters": st.lists(sent_filters, max_size=3)}) | st.fixed_dictionaries(
    {"filter_set_id": words, "filter_set_version": st.none() | st.integers(1, 9)}
)
kinds = st.sampled_from([None, "SINGLE", "QUOTA", "UK_REP_SAMPLE", "US_REGIONAL_REP_SAMPLE", "SOMETHING_NEW"])


@given(audiences, kinds)
@settings(max_examples=200, deadline=None)
def test_a_study_made_elsewhere_keeps_its_audience(audience: dict[str, Any], kind: str | None) -> None:
    """Judged by the JSON itself: whatever the server has is what would be sent again."""
    study = {"name": "Reviews", "reward": 150, "estimated_completion_time": 6, "study_type": kind, **audience}
    opened = pnb.StudyPlan.from_study(study, 10, "GBP")
    sent = opened.to_study("batch", "project", "GBP")
    assert sent.get("filters", []) == audience.get("filters", [])
    for name in ("filter_set_id", "filter_set_version"):
        assert sent.get(name) == audience.get(name)
    assert sent.get("study_type") == (None if kind == "SINGLE" else kind)
    scope: dict[str, Any] = {"pnb": pnb}
    exec(opened.to_code(), scope)
    assert scope["plan"] == opened
    assert hash(scope["plan"]) == hash(opened)


def test_what_describes_a_filter_is_not_taken_for_a_part_of_it() -> None:
    returned = {**AGE.to_api(), "title": "Age", "data_type": "integer", "weightings": None}
    assert pnb.Filter.from_api(returned) == AGE
    assert pnb.Filter.knows(returned)
    assert not pnb.Filter.knows({"filter_id": "or", "selected_filters": [AGE.to_api()]})
