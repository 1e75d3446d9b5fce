from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prolific_nb as pnb
from prolific_nb.errors import PlanError


def test_all_errors_of_a_plan_are_reported_at_once() -> None:
    with pytest.raises(PlanError) as caught:
        pnb.StudyPlan(
            " ", reward=1.5, minutes=0, annotators_per_task=0, tasks_per_group=2.5, max_submissions=0, devices=["phone"]
        )  # type: ignore[arg-type]
    places = [finding.place for finding in caught.value.findings]
    assert places == [
        "name", "reward", "minutes", "annotators_per_task", "tasks_per_group", "max_submissions", "devices",
    ]  # fmt: skip
    assert '"1.50"' in str(caught.value)


@pytest.mark.parametrize("minutes", [-1, float("nan"), float("inf"), "six", None])
def test_invalid_minutes_are_refused(minutes: object) -> None:
    with pytest.raises(PlanError, match="minutes"):
        pnb.StudyPlan("x", reward="1.50", minutes=minutes)  # type: ignore[arg-type]


def test_a_reward_of_zero_is_refused() -> None:
    with pytest.raises(PlanError, match="Pay participants"):
        pnb.StudyPlan("x", reward="0.00", minutes=6)


@given(st.integers(1, 500), st.integers(1, 40), st.integers(1, 9))
def test_places_are_groups_times_annotators(tasks: int, per_group: int, annotators: int) -> None:
    plan = pnb.StudyPlan("x", reward="1", minutes=6, tasks_per_group=per_group, annotators_per_task=annotators)
    groups = len(range(0, tasks, per_group))
    assert plan.places(tasks) == groups * annotators


def test_the_request_holds_what_the_contract_asks_for() -> None:
    body = pnb.StudyPlan("Reviews", reward="1.50", minutes=6, extra={"naivety_distribution_rate": 0}).to_study(
        "batch", "project", "GBP"
    )
    assert body["reward"] == 150
    assert body["project"] == "project"
    assert body["data_collection_method"] == "AI_TASK_BUILDER_BATCH"
    assert body["data_collection_metadata"] == {"annotators_per_task": 3}
    assert body["naivety_distribution_rate"] == 0
    assert not {"external_study_url", "total_available_places", "completion_code"} & set(body)


def test_a_reward_in_another_currency_than_the_workspace_is_refused() -> None:
    with pytest.raises(ValueError, match="not in GBP"):
        pnb.StudyPlan("x", reward="$1.50", minutes=6).to_study("b", "p", "GBP")


def test_code_makes_the_same_plan() -> None:
    plan = pnb.StudyPlan(
        'A "plan"\n',
        reward="£2",
        minutes=7.5,
        filters=[pnb.Filter("age", between=(18, None)), pnb.Filter("sex", any_of=["1"])],
        devices=["desktop"],
        completion_codes=[{"code": "A", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}]}],
        extra={"metadata": "x"},
    )
    names: dict[str, object] = {"pnb": pnb}
    exec(plan.to_code(), names)
    assert names["plan"] == plan


@pytest.mark.parametrize("field", ["reward", "project", "filters", "data_collection_id"])
def test_extra_cannot_undo_what_the_quote_shows(field: str) -> None:
    with pytest.raises(PlanError, match=f"extra sets '{field}'"):
        pnb.StudyPlan("x", reward="1.50", minutes=6, extra={field: None})


def test_invalid_filters_and_strings_in_place_of_lists_are_named() -> None:
    with pytest.raises(PlanError, match=r"not a Filter.*") as caught:
        pnb.StudyPlan("x", reward="1.50", minutes=6, filters=[{"filter_id": "age"}], devices="desktop")  # type: ignore[list-item]
    assert len(caught.value.findings) == 2
    with pytest.raises(PlanError, match="split into characters"):
        pnb.Filter("age", any_of="abc")


def test_equal_plans_have_equal_hashes() -> None:
    one, two = (pnb.StudyPlan("x", reward=reward, minutes=6, extra={"metadata": "m"}) for reward in ("1.5", "1.50"))
    assert (one, hash(one)) == (two, hash(two))


@pytest.mark.parametrize("wrong", [{}, {"any_of": ["1"], "between": (1, 2)}])
def test_a_filter_needs_exactly_one_of_any_of_and_between(wrong: dict[str, object]) -> None:
    with pytest.raises(PlanError, match="either any_of= or between="):
        pnb.Filter("age", **wrong)  # type: ignore[arg-type]
