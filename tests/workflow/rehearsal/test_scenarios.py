"""Each scenario does to the study what it says, seen in the frames of the run; its words say what and what to do."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.errors import SpendError, UnknownName
from prolific_nb.workflow.rehearsal.scenario import SCENARIOS, Scenario

from .a_study import FEELS, rehearsed, study

NAMES = [each.name for each in SCENARIOS]


def hours(run: pnb.Rehearsal) -> float:
    times = run.submissions()
    return float((times["completed_at"].max() - times["started_at"].min()).total_seconds() / 3600)


def figures(run: pnb.Rehearsal) -> pd.DataFrame:
    return run.figures.set_index("figure")


def test_the_list_has_every_scenario_with_what_it_does_and_what_to_do() -> None:
    table = pnb.scenarios()
    assert table["scenario"].tolist() == NAMES
    assert len(NAMES) == 8
    assert table.map(len).min().min() > 5


@pytest.mark.parametrize("scenario", SCENARIOS, ids=NAMES)
def test_its_words_say_what_it_did_and_what_to_do(scenario: Scenario) -> None:
    told = rehearsed(scenario.name).words.split("\n\n")[-1]
    assert told.startswith(f"Scenario “{scenario.name}”: {scenario.words}")
    assert told.endswith(f"If this happens on Prolific: {scenario.remedy}")
    assert ("Unchanged here: " in told) == (scenario.name == "a clock that jumps")
    pd.testing.assert_series_equal(
        figures(rehearsed(scenario.name))["ordinary"], figures(rehearsed())["value"], check_names=False
    )


def test_an_unknown_scenario_is_refused_with_the_list() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'return storm'") as refused:
        pnb.rehearse(*study(), scenario="return storms")
    assert all(name in str(refused.value) for name in NAMES)


def test_a_scenario_is_a_value() -> None:
    with pytest.raises(FrozenInstanceError):
        SCENARIOS[0].name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        SCENARIOS[0].people["slow_start"] = 1.0  # type: ignore[index]


def test_slow_start() -> None:
    assert hours(rehearsed("slow start")) > 4 * hours(rehearsed())
    assert rehearsed("slow start").status().filled == 24


def test_return_storm() -> None:
    statuses = rehearsed("return storm").submissions()["status"]
    returned = (statuses == "RETURNED").sum()
    assert returned > 12 > (rehearsed().submissions()["status"] == "RETURNED").sum()
    assert (statuses == "AWAITING REVIEW").sum() == 24


def test_low_quality_wave() -> None:
    run = rehearsed("low-quality wave")
    assert run.client.kinds is not None
    submissions = run.submissions()
    published = pd.Timestamp(run.client.studies.get(run.study_id).published_at)
    minutes = (submissions["started_at"] - published).dt.total_seconds() / 60
    middle = (minutes > 40 / 3) & (minutes < 80 / 3)  # of the 40 minutes in which the places of a small study are taken
    careless = submissions["participant_id"].map(run.client.kinds.get).isin(["spammer", "straight_liner", "hurried"])
    assert careless[middle].mean() > 0.5
    assert not careless[~middle].any()
    assert figures(run).loc["agreement", "value"] < figures(run).loc["agreement", "ordinary"]


def test_places_that_do_not_fill() -> None:
    run = rehearsed("places that do not fill")
    status = run.status()
    assert status.state == "COMPLETED"
    assert status.filled < status.places == 24
    missing = 24 - status.filled
    noun = "place" if missing == 1 else "places"
    assert f"After 7 days the study was stopped; {missing} {noun} of 24 had not been filled." in run.words
    answered = run.responses(question=FEELS).groupby("row", observed=True)["participant_id"].nunique()
    short = 24 - (answered >= 3).sum()
    assert figures(run).loc["tasks with too few answers", "value"] == short > 0
    assert figures(run).loc["cost of filled places", "value"] < figures(run).loc["cost of all places", "value"]


def test_one_person_twice() -> None:
    run = rehearsed("one person twice")
    usable = run.submissions()
    usable = usable[usable["status"] == "AWAITING REVIEW"]
    assert run.plan.max_submissions == 1
    twice = (usable.groupby("participant_id").size() == 2).sum()
    assert figures(run).loc["people with several submissions", "value"] == twice > 0
    assert not rehearsed().submissions().query("status == 'AWAITING REVIEW'")["participant_id"].duplicated().any()


def test_times_of_the_submission_only() -> None:
    assert rehearsed("times of the submission only").responses()["seconds"].isna().all()
    assert rehearsed().responses()["seconds"].notna().all()


def test_a_colleague_edits_the_draft() -> None:
    run = rehearsed("a colleague edits the draft")
    assert str(run.status().reward) == "2.25 GBP"
    assert "It follows from the edited draft and no assumption" in run.words
    assert "It follows from the plan and no assumption" in rehearsed().words
    assert "has the reward 2.25 GBP; the plan has 1.50 GBP" in run.words
    ordinary = rehearsed().cost()
    with pytest.raises(SpendError, match=f"above max_cost {ordinary}"):
        pnb.rehearse(*study(), scenario=run.scenario.name, max_cost=ordinary)


def test_a_clock_that_jumps() -> None:
    run = rehearsed("a clock that jumps")
    looks = [each.split(": ")[1] for each in run.words.split("The clock went ")[1:]]
    assert looks[0][:2] == looks[1][:2] != "24"
    assert looks[2].startswith("24 of 24 places")
    pd.testing.assert_frame_equal(run.submissions(), rehearsed().submissions())
    pd.testing.assert_frame_equal(run.responses(), rehearsed().responses())
