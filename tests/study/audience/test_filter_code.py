"""The code of filters: what a person would write, and equal to what it was made of."""

from __future__ import annotations

from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.study.audience import OtherFilter

AGE, SEX = pnb.Filter("age", between=(18, None)), pnb.Filter("sex", any_of=["0", 'a"b'])
ALL: list[Any] = [
    AGE,
    SEX,
    pnb.Filter("born", between=("2000-01-31", "2001-01-31")),
    pnb.Filter("sex", any_of=["0"], weightings={"0": 0.5}),
    pnb.Filter.exclude(studies=["6a", "6b"]),
    pnb.Filter.only(groups=["7a"]),
    pnb.Filter.exclude(participants=["8a"]),
    pnb.Filter("previous_studies_blocklist", any_of=["6a"], weightings={"6a": 1}),
    pnb.Filter("custom_blocklist", between=(1, 2)),
    pnb.Filter.any(AGE, pnb.Filter.all(SEX, pnb.Filter.exclude(studies=["6a"]))),
    OtherFilter({"filter_id": "age", "selected_moon": "full"}),
]


@pytest.mark.parametrize("filters", [[each] for each in ALL] + [ALL])
def test_the_code_of_a_plan_creates_the_same_filters(filters: list[Any]) -> None:
    plan = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, filters=filters, devices=["desktop"])
    names: dict[str, Any] = {"pnb": pnb}
    exec(plan.to_code(), names)
    assert names["plan"] == plan


def test_earlier_studies_and_groups_are_excluded_by_name() -> None:
    code = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, filters=ALL).to_code()
    assert '    pnb.Filter.exclude(studies=["6a", "6b"]),\n    pnb.Filter.only(groups=["7a"]),\n' in code
    assert "any_of=None" not in code
