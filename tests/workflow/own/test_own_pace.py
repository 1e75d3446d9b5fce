"""The pace of a person: minutes and a reward for a plan, or words why not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prolific_nb as pnb
from prolific_nb.common.money import Money
from prolific_nb.errors import ArgumentError, PlanError
from prolific_nb.workflow.own import Pace
from prolific_nb.workflow.own.own_pace import words_around

from .own_cases import DATA, DESIGN, typed

PLAN = pnb.StudyPlan("R", reward="0.50", minutes=5, tasks_per_group=10)


def test_minutes_follow_from_the_median_the_factor_and_the_introduction() -> None:
    assert Pace(24.0, 12).minutes == 6  # 24 s × 10 × 1.3 = 5.2 minutes
    assert Pace(24.0, 12, factor=1).minutes == 4
    assert Pace(24.0, 12, factor=1, reading=238).minutes == 5
    assert Pace(24.0, 12, factor=1, reading=239).minutes == 6
    assert Pace(24.0, 12, factor=1, tasks_per_group=25).minutes == 10
    assert Pace(0.5, 12).minutes == 1


def test_the_words_say_what_was_measured_and_what_is_assumed() -> None:
    assert Pace(24.0, 12, reading=119).words == (
        "You took 24 seconds a task (median of 12); 10 tasks are 4 minutes. Reading the texts that are shown once "
        "(119 words) takes 30 seconds. Participants are assumed to need 1.3 times your time a task: 6 minutes in all. "
        "At the 9.00 GBP or 12.00 USD an hour that Prolific recommends, the reward is 0.90 GBP or 1.20 USD. A pilot "
        "study shows the real time."
    )
    assert "You took 1 second a task (median of 3); 1 task is" in str(Pace(1.0, 3, tasks_per_group=1))
    assert "1 task is 1 minute" in str(Pace(60.0, 3, tasks_per_group=1))


def test_too_few_tasks_have_no_figure(tmp_path: Path) -> None:
    own = pnb.OwnLabels(DESIGN, DATA, path=tmp_path / "labels.jsonl")
    for number, row in enumerate(own.rows[:3]):
        pace = own.pace()
        assert (pace.seconds, pace.minutes, pace.timed) == (None, None, number)
        assert "Take at least 3" in pace.words
        with pytest.raises(PlanError, match="Take at least 3"):
            pace.plan(PLAN)
        own.answer(row, typed(), seconds=(5, 60, 9)[number])
    own.skip(own.rows[3])
    assert own.pace().seconds == 9
    assert own.pace().reading == words_around(DESIGN) == 5


def test_the_plan_gets_the_minutes_of_its_tasks_and_a_fair_reward() -> None:
    pace = Pace(24.0, 12)
    plan = pace.plan(PLAN)
    assert (plan.minutes, str(plan.pay), plan.tasks_per_group) == (6, "0.90", 10)
    assert str(pace.plan(pnb.StudyPlan("R", reward="$0.50", minutes=5, tasks_per_group=20)).pay) == "2.20 USD"
    assert str(pace.plan(PLAN, hourly="12.00 USD").pay) == "1.20"
    assert pace.plan(plan) == plan


def test_a_higher_hourly_pay_is_kept() -> None:
    generous = pnb.StudyPlan("R", reward="3.00 GBP", minutes=10, tasks_per_group=10)
    plan = Pace(24.0, 12).plan(generous)
    assert str(plan.pay) == "1.80 GBP"
    assert plan.pay.per_hour(plan.minutes) == generous.pay.per_hour(generous.minutes)


def test_other_currencies_need_their_hourly_pay() -> None:
    plan = pnb.StudyPlan("R", reward="1.00 EUR", minutes=5)
    with pytest.raises(PlanError, match="No hourly pay is recommended in EUR"):
        Pace(24.0, 12).plan(plan)
    with pytest.raises(PlanError, match=r"in EUR, and hourly= is 9\.00 GBP"):
        Pace(24.0, 12).plan(plan, hourly="9.00 GBP")
    assert str(Pace(24.0, 12).plan(plan, hourly="12.00").pay) == "1.20 EUR"


@pytest.mark.parametrize("factor", [0, -1, float("nan"), "1.3"])
def test_the_factor_is_a_number_above_0(factor: float) -> None:
    with pytest.raises(ArgumentError, match="factor"):
        Pace(24.0, 12, factor=factor)


@given(st.integers(1, 5000), st.one_of(st.integers(1, 600), st.floats(0.1, 600)))
def test_the_reward_is_the_smallest_that_pays_so_much_an_hour(hourly: int, minutes: float) -> None:
    reward = Money(hourly, "GBP").for_minutes(minutes)
    assert reward.per_hour(minutes).minor >= hourly
    assert Money(reward.minor - 1, "GBP").per_hour(minutes).minor < hourly
