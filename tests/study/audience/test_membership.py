"""Groups and runs as filters of a plan: who alone may take part, and who may not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from prolific_nb import Filter, StudyPlan
from prolific_nb.errors import PlanError

GROUP, OTHER = "65000000000000000000000a", "65000000000000000000000b"
PLAN = StudyPlan("Reviews", reward="1.50", minutes=6, filters=[Filter("age", between=(18, 30))])


@dataclass(frozen=True)
class Group:
    id: str


@dataclass(frozen=True)
class Earlier:
    study_id: str


class Qualification(Earlier):
    def passed(self) -> Group:
        return Group(GROUP)


def sent(plan: StudyPlan) -> dict[str, Any]:
    return {each.to_api()["filter_id"]: each.to_api().get("selected_values") for each in plan.filters}


def test_groups_and_runs_become_lists_beside_the_other_filters() -> None:
    assert sent(PLAN.admitting(only=Group(GROUP))) == {"age": None, "participant_group_allowlist": [GROUP]}
    out = PLAN.admitting(keep_out=[Group(GROUP), OTHER, Earlier("s1"), Qualification("s2"), OTHER])
    assert sent(out) == {
        "age": None,
        "participant_group_blocklist": [GROUP, OTHER],
        "previous_studies_blocklist": ["s1", "s2"],
    }
    assert sent(PLAN.admitting(only=Earlier("s1"), keep_out=GROUP))["previous_studies_allowlist"] == ["s1"]
    assert PLAN.admitting() is PLAN


def test_lists_of_the_plan_are_kept_and_repeating_changes_nothing() -> None:
    out = replace(PLAN, filters=[Filter.exclude(groups=[OTHER])]).admitting(keep_out=GROUP)
    assert sent(out) == {"participant_group_blocklist": [OTHER, GROUP]}
    assert out.admitting(keep_out=GROUP) == out
    only = PLAN.admitting(only=GROUP)
    assert only.admitting(only=GROUP) == only


@pytest.mark.parametrize(
    ("changes", "given", "message"),
    [
        ({}, {"only": Qualification("s1")}, r"did not all pass.*only=run\.passed\(\)"),
        ({}, {"only": Group("")}, "nobody has passed"),
        ({}, {"keep_out": 5}, "keep_out= has 5, an int"),
        ({}, {"only": " "}, "only= has ' ', a str"),
        ({}, {"only": [Group(GROUP), Earlier("s1")]}, "participants would have to be in both"),
        ({}, {"only": GROUP, "keep_out": Group(GROUP)}, "is in only= and in keep_out="),
        ({"filters": [Filter.only(groups=[OTHER])]}, {"only": GROUP}, "has the filter 'participant_group_allowlist'"),
        ({"filters": (), "filter_set_id": "f1"}, {"keep_out": GROUP}, "filter set 'f1'.*instead of filter_set_id"),
    ],
)
def test_what_contradicts_is_an_error(changes: dict[str, Any], given: dict[str, Any], message: str) -> None:
    with pytest.raises(PlanError, match=f"(?s){message}"):
        replace(PLAN, **changes).admitting(**given)
