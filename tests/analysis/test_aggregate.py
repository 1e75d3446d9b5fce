"""One label from several by votes: shares, ties, weights."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prolific_nb.analysis import count, plurality, weighted_vote
from prolific_nb.errors import DataError

FRAME = pd.DataFrame(
    [(1, "a", "x"), (1, "b", "x"), (1, "c", "y"), (2, "a", "y"), (2, "b", "x"), (3, "c", "z"), (4, "c", None)],
    columns=["row", "participant_id", "value"],
)


@st.composite
def frames(draw):
    """Labels of a few units by a few annotators, each annotator once per unit at most."""
    pairs = draw(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 3)), min_size=1, max_size=24, unique=True))
    labels = draw(st.lists(st.sampled_from("xyz"), min_size=len(pairs), max_size=len(pairs)))
    rows = [(f"u{unit}", f"p{who}", label) for (unit, who), label in zip(pairs, labels, strict=True)]
    return pd.DataFrame(rows, columns=["row", "participant_id", "value"])


@settings(max_examples=60, deadline=None)
@given(frame=frames())
def test_plurality_is_what_counting_by_hand_says(frame):
    found = plurality(frame)
    for unit, given_labels in frame.groupby("row")["value"]:
        votes = Counter(given_labels)
        best = tuple(sorted(x for x in votes if votes[x] == max(votes.values())))
        assert found.labels[unit] == (best if len(best) > 1 else best[0])
        for label in found.posteriors:
            assert found.posteriors.loc[unit, label] == pytest.approx(votes[label] / len(given_labels))


@pytest.mark.parametrize(
    ("ties", "label"), [("all", ("x", "y")), ("first", "x"), ("none", None), ("random", {"x", "y"})]
)
def test_rules_for_ties(ties, label):
    found = plurality(FRAME, ties=ties)
    assert found.labels[1] == "x"
    assert found.labels[3] == "z"
    if ties == "random":
        seeds = [plurality(FRAME, ties="random", seed=seed).labels[2] for seed in range(20)]
        assert set(seeds) == label
        assert plurality(FRAME, ties="random", seed=3).labels[2] == seeds[3]
    else:
        assert pd.isna(found.labels[2]) if label is None else found.labels[2] == label
    assert "1 unit is tied between several labels" in found.note
    assert "1 row without a label left out" in found.note
    assert isinstance(found.labels.dtype, pd.CategoricalDtype) == (ties != "all")


def test_first_is_the_first_of_the_categories_on_offer():
    assert plurality(FRAME, ties="first", categories=["z", "y", "x"]).labels[2] == "y"
    assert plurality(FRAME, categories=["z", "y", "x"]).labels[2] == ("y", "x")


def test_random_ties_fall_evenly():
    frame = pd.DataFrame({"row": np.arange(2000) // 2, "participant_id": ["a", "b"] * 1000, "value": ["x", "y"] * 1000})
    assert (plurality(frame, ties="random").labels == "x").mean() == pytest.approx(0.5, abs=0.06)


def test_each_label_of_a_repeated_one_counts():
    frame = pd.DataFrame(
        {"row": 1, "participant_id": ["a", "a", "a", "b", "b"], "value": ["x", "x", "y", "y", "y"]}, index=range(5)
    )
    with pytest.raises(DataError, match="duplicates='keep'"):
        plurality(frame)
    found = plurality(count(frame, duplicates="keep"))
    assert found.labels[1] == "y"
    assert found.posteriors.loc[1].to_dict() == {"x": 0.4, "y": 0.6}


def test_votes_have_no_confusion_and_no_likelihood():
    found = plurality(FRAME)
    assert (found.confusion, found.converged, found.iterations, found.log_likelihood) == (None, True, 0, ())


def test_unused_options_and_numbers_and_sets_are_labels_like_any():
    assert list(plurality(FRAME, categories=list("wxyz")).posteriors) == list("wxyz")
    numbers = FRAME.assign(value=[1, 1, 2, 2, 2, 3, None])
    assert plurality(numbers, ties="none").labels.astype(float).tolist() == [1.0, 2.0, 3.0]
    sets = FRAME.assign(value=[frozenset("ab"), frozenset("ab"), frozenset(), frozenset("a")] + [frozenset("a")] * 3)
    assert plurality(sets).labels[1] == frozenset("ab")


@pytest.mark.parametrize("vote", [plurality, weighted_vote])
def test_nothing_to_vote_on(vote):
    empty = vote(FRAME.assign(value=None))
    assert len(empty.labels) == len(empty.posteriors) == 0
    assert "7 rows without a label left out" in empty.note


@pytest.mark.parametrize("vote", [plurality, weighted_vote])
def test_a_rule_that_is_none_is_refused(vote):
    with pytest.raises(ValueError, match="ties is 'both'; use 'all', 'first', 'random' or 'none'"):
        vote(FRAME, ties="both")


def test_many_units_of_many_labels_are_refused_before_they_fill_the_memory():
    frame = pd.DataFrame({"row": range(20_000), "participant_id": "a", "value": range(20_000)})
    with pytest.raises(DataError, match=r"20,000 units times 20,000 categories is too large a table to aggregate"):
        plurality(frame)


def test_given_weights_decide():
    found = weighted_vote(FRAME, weights={"a": 0.2, "b": 0.3, "c": 1.0, "nobody": 9.0})
    assert found.labels.to_dict() == {1: "y", 2: "x", 3: "z"}
    assert found.posteriors.loc[1].tolist() == pytest.approx([0.5 / 1.5, 1 / 1.5, 0])
    assert found.weights.to_dict() == {"a": 0.2, "b": 0.3, "c": 1.0}
    series = weighted_vote(FRAME, weights=pd.Series({"a": 0.2, "b": 0.3, "c": 1.0}))
    pd.testing.assert_series_equal(series.labels, found.labels)


def test_nobody_heard_is_said():
    found = weighted_vote(FRAME, weights={"a": 1, "b": 1, "c": 0})
    assert found.labels[3] == ("x", "y", "z")
    assert "All votes on 1 of 3 units have weight 0" in found.note


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"a": 1.0}, "weights lacks 2 of 3 annotators: 'b', 'c'"),
        ({"a": 1.0, "b": -1.0, "c": 1}, "at least 0, which is not true of 'b': -1"),
        ({"a": 1.0, "b": 1.0, "c": math.inf}, "at least 0, which is not true of 'c': inf"),
    ],
)
def test_weights_that_cannot_be_used(weights, said):
    with pytest.raises(ValueError, match=said):
        weighted_vote(FRAME, weights=weights)


def test_at_least_one_round():
    with pytest.raises(ValueError, match="max_iterations is 0"):
        weighted_vote(FRAME, max_iterations=0)


def by_hand(frame, weights):
    """Weighted votes and the share of each annotator's labels that win, level ones by their number."""
    votes = frame.assign(weight=frame["participant_id"].map(weights)).groupby(["row", "value"])["weight"].sum()
    right = {}
    for who, given_labels in frame.groupby("participant_id"):
        credit = []
        for row, label in zip(given_labels["row"], given_labels["value"], strict=True):
            best = [x for x, weight in votes[row].items() if weight >= votes[row].max() - 1e-9]
            credit.append((label in best) / len(best))
        right[who] = np.mean(credit)
    return right


@settings(max_examples=40, deadline=None)
@given(frame=frames(), rounds=st.integers(1, 4))
def test_weights_are_agreement_with_the_vote_round_by_round(frame, rounds):
    expected = dict.fromkeys(frame["participant_id"], 1.0)
    for _ in range(rounds):
        expected = by_hand(frame, expected)
    found = weighted_vote(frame, max_iterations=rounds)
    assert found.weights.to_dict() == pytest.approx(expected)
    assert found.iterations <= rounds
    assert found.converged == ("Not converged" not in found.note)
    if found.converged:
        assert by_hand(frame, found.weights.to_dict()) == pytest.approx(found.weights.to_dict())


@pytest.mark.parametrize("vote", [plurality, weighted_vote])
@settings(max_examples=30, deadline=None)
@given(frame=frames(), data=st.data())
def test_order_and_names_change_nothing(vote, frame, data):
    moved = frame.iloc[data.draw(st.permutations(range(len(frame))))]
    names = dict(zip("xyz", data.draw(st.permutations("pqr")), strict=True))
    moved = moved.assign(value=moved["value"].map(names), participant_id="z" + moved["participant_id"])
    before = vote(frame, categories=list("xyz")).posteriors.rename(columns=names)
    after = vote(moved, categories=list("pqr")).posteriors
    pd.testing.assert_frame_equal(after, before.loc[after.index, after.columns], check_names=False)
    assert after.sum(axis=1).to_numpy() == pytest.approx(1)


def test_what_a_notebook_shows_is_escaped_and_short():
    frame = FRAME.assign(value=FRAME["value"].map({"x": "<b>x</b>", "y": "$y$", "z": "z"}))
    shown = plurality(frame)._repr_html_()
    assert "<b>x</b>" not in shown
    assert "&lt;b&gt;x" in shown
    long = pd.DataFrame({"row": range(500), "participant_id": "a", "value": "x"})
    assert "490 units more" in plurality(long)._repr_html_()
    assert repr(plurality(long)) == "Plurality: 500 units, 1 category."
