"""Posteriors from few labels, the gain of further votes, and which units are proposed."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from prolific_nb import analysis
from prolific_nb.analysis.chosen_units import allocate
from prolific_nb.analysis.expected_gain import _votes, expected_gain
from prolific_nb.analysis.needs_more import entropy
from prolific_nb.analysis.shrunken_skill import shrunken_skill
from prolific_nb.errors import ArgumentError, DataError

from ..benchmarks.top_up import curve, simulated

RIGHT = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.25, 0.15, 0.6]])


def brute_force(posterior: np.ndarray, confusion: np.ndarray, votes: int) -> float:
    """The value of so many votes, over every sequence of labels."""
    total = 0.0
    for labels in itertools.product(range(len(posterior)), repeat=votes):
        total += max(posterior[j] * np.prod([confusion[j, each] for each in labels]) for j in range(len(posterior)))
    return (total - posterior.max()) / votes


@pytest.mark.parametrize("horizon", [1, 2, 3, 4])
def test_the_gain_is_the_best_value_per_vote_over_all_outcomes(horizon: int) -> None:
    posteriors = np.random.default_rng(0).dirichlet([0.7] * 3, 20)
    found = expected_gain(posteriors, RIGHT, horizon)
    by_hand = [max(brute_force(each, RIGHT, k) for k in range(1, horizon + 1)) for each in posteriors]
    assert found == pytest.approx(np.maximum(by_hand, 0), abs=1e-9)


def test_nothing_is_gained_from_people_who_guess_or_about_what_is_certain() -> None:
    assert expected_gain(np.array([[0.5, 0.5]]), np.full((2, 2), 0.5)).tolist() == [0]
    assert expected_gain(np.array([[1.0, 0.0, 0.0]]), RIGHT).tolist() == [0]
    assert expected_gain(np.ones((3, 1)), np.ones((1, 1))).tolist() == [0, 0, 0]
    assert entropy(np.array([[1.0, 0.0], [0.5, 0.5]])).tolist() == [0, 1]
    assert expected_gain(np.full((1, 60), 1 / 60), np.eye(60)) == pytest.approx([59 / 60])
    assert (_votes(5, 3), _votes(60, 3)) == ([1, 2, 3], [1])  # three votes on 60 categories have 37,820 outcomes


def test_posteriors_of_two_labels_per_unit_are_better_than_by_maximum_likelihood() -> None:
    recorded = simulated(rows=400, people=40, per_row=2, seed=3)
    counts = analysis.count(recorded.frame, unit="row")
    truth = recorded.truth[counts.unit_names.to_numpy()]
    code = np.array([list(counts.categories).index(each) for each in truth])
    log_loss = {
        name: -np.log(np.maximum(posteriors[np.arange(len(code)), code], 1e-12)).mean()
        for name, posteriors in (
            ("shrunken", shrunken_skill(counts).posteriors),
            ("likelihood", analysis.dawid_skene(counts).posteriors.to_numpy()),
        )
    }
    assert log_loss["shrunken"] < 0.75 * log_loss["likelihood"]


def test_with_many_labels_per_person_the_prior_does_not_matter() -> None:
    recorded = simulated(rows=1500, people=5, per_row=5, options=3, seed=1)
    counts = analysis.count(recorded.frame, unit="row")
    likelihood = analysis.dawid_skene(counts, tolerance=1e-12).posteriors.to_numpy()
    assert np.abs(shrunken_skill(counts).posteriors - likelihood).mean() < 0.01


def test_every_unit_has_a_known_chance_of_being_proposed() -> None:
    order, below = np.arange(20), np.arange(20) < 5
    times = np.zeros(20)
    for seed in range(2000):
        taken = allocate(order, below, 4, 0.3, np.random.default_rng(seed))
        assert taken.chosen[:2].tolist() == [0, 1]
        assert len(taken.chosen) == 4
        assert taken.probability.tolist() == [1, 1, 2 / 18, 2 / 18]
        times[taken.chosen] += 1
    assert times[2:] / 2000 == pytest.approx(np.full(18, 2 / 18), abs=0.03)
    everything = allocate(order, below, 20, 0.3, np.random.default_rng(0))
    assert (len(everything.chosen), everything.drawn) == (8, 3)  # 5 below the target are 70 % of 8, rounded up
    none = allocate(order, np.zeros(20, dtype=bool), 20, 0.3, np.random.default_rng(0))
    assert (len(none.chosen), none.drawn) == (0, 0)
    small = allocate(order, below, 4, 0, np.random.default_rng(0))
    assert (small.chosen.tolist(), small.drawn) == ([0, 1, 2, 3], 0)


def frame_of(votes: dict[int, str]) -> pd.DataFrame:
    rows = [(unit, who, x) for unit, labels in votes.items() for who, x in enumerate(labels)]
    return pd.DataFrame(rows, columns=["row", "participant_id", "value"])


VOTES = {1: "xxx", 2: "xyx", 3: "yyy", 4: "xy", 5: "yyx", 6: "yyy", 7: "xxx"}


def test_ties_come_first_and_units_without_a_vote_have_no_label() -> None:
    found = analysis.needs_more(frame_of(VOTES), target=0.99, units=[*range(1, 9)], votes=2, random_share=0.2)
    by_gain = found[found["reason"] == "gain"]
    assert set(by_gain["unit"][:2]) == {4, 8}
    assert by_gain["gain"].is_monotonic_decreasing
    unlabelled = found.set_index("unit").loc[8]
    assert (pd.isna(unlabelled["label"]), unlabelled["votes"], unlabelled["proposed"]) == (True, 0, 2)
    assert found["posterior"].between(0.5, 1).all()
    assert list(found["label"].cat.categories) == ["x", "y"]
    again = analysis.needs_more(frame_of(VOTES), target=0.99, units=[*range(1, 9)], votes=2, random_share=0.2)
    pd.testing.assert_frame_equal(found, again)


def test_nothing_is_proposed_above_the_target() -> None:
    assert analysis.needs_more(frame_of(VOTES), target=0).empty
    assert len(analysis.needs_more(frame_of(VOTES), target=1, most=3)) == 3


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"target": 1.5}, "target is 1.5"),
        ({"target": "high"}, "target is 'high'"),
        ({"random_share": 1}, "random_share is 1"),
        ({"votes": 0}, "votes is 0"),
        ({"most": 0}, "most is 0"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_numbers_out_of_range_are_refused(wrong: dict[str, object], what: str) -> None:
    with pytest.raises(ArgumentError, match=what):
        analysis.needs_more(frame_of(VOTES), **wrong)  # type: ignore[arg-type]


def test_without_a_label_or_options_there_is_nothing_to_estimate() -> None:
    with pytest.raises(DataError, match="no label, and no options"):
        analysis.needs_more(frame_of({}))
    empty = analysis.needs_more(frame_of({}), categories=["x", "y"], units=[1, 2], random_share=0)
    assert empty["unit"].tolist() == [1, 2]


def test_votes_where_they_are_proposed_are_worth_more_than_votes_spread_evenly() -> None:
    found = curve(simulated(rows=200, people=40, per_row=6, options=3), orders=4, rounds=3)
    later = found[found["votes"] > 2.5]
    assert (later["gain"] > 0).all()
    assert (later["gain"] > 2 * later["se"]).mean() > 0.8
