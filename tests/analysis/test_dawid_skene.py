"""Dawid & Skene's model: the published example, a slow engine from the textbook, and what must hold for any labels."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prolific_nb.analysis import count, dawid_skene, plurality
from prolific_nb.errors import DataError

from .test_aggregate import frames

GOLD = Path(__file__).parents[3] / "shared" / "gold"
needs_gold = pytest.mark.skipif(not GOLD.exists(), reason="the folder with the worked examples is not here")


def patients():
    frame = pd.read_csv(GOLD / "dawid_skene1979_45x5.csv")
    return count(frame, unit="unit", annotator="rater", label="label", duplicates="keep")


def sentences():
    frame = pd.read_csv(GOLD / "snow2008_rte.csv")
    truth = pd.read_csv(GOLD / "snow2008_rte_gold.csv", index_col="unit")["gold"]
    return count(frame, unit="unit", annotator="rater", label="label"), truth


@needs_gold
def test_published_patients():
    found = dawid_skene(patients())
    published = pd.read_csv(GOLD / "dawid_skene1979_posteriors.csv", index_col="unit")
    found_class = found.labels.astype(int)
    assert found.posteriors.to_numpy() == pytest.approx(published[list("1234")].to_numpy(), abs=2e-6)
    assert (found_class == published["class"]).sum() == 45
    assert sum(plurality(patients()).labels != found_class) == 3
    assert found.log_likelihood[-1] == pytest.approx(-192.890881, abs=1e-6)
    assert found.posteriors.mean().tolist() == pytest.approx([0.4, 0.42, 0.11, 0.07], abs=0.0051)
    assert found.converged
    assert len(found.log_likelihood) == found.iterations


@needs_gold
def test_published_errors_of_the_patients_doctors():
    published = pd.read_csv(GOLD / "dawid_skene1979_confusion.csv")
    found = dawid_skene(patients()).confusion.astype({"truth": int, "label": int})
    both = published.merge(found, left_on=["rater", "true", "observed"], right_on=["annotator", "truth", "label"])
    assert len(both) == len(found) == 5 * 4 * 4
    assert both["p"].to_numpy() == pytest.approx(both["prob"].to_numpy(), abs=2e-6)


@needs_gold
def test_published_accuracy_on_sentences():
    counts, truth = sentences()
    voted = plurality(counts).labels
    expected = [
        (truth[unit] in label) / len(label) if isinstance(label, tuple) else label == truth[unit]
        for unit, label in voted.items()
    ]
    assert np.mean(expected) == pytest.approx(0.8969, abs=0.00006)
    assert (dawid_skene(counts).labels == truth).mean() == pytest.approx(0.9275, abs=0.00006)


@needs_gold
def test_known_truths_of_sentences_stay_and_help():
    counts, truth = sentences()
    some = truth.sample(200, random_state=0)
    found = dawid_skene(counts, gold=some)
    assert (found.labels[some.index] == some).all()
    others = truth.drop(some.index)
    alone = dawid_skene(counts)
    assert (found.labels[others.index] == others).mean() >= (alone.labels[others.index] == others).mean() - 0.005


def textbook(frame, categories, rounds, gold=()):
    """Dawid & Skene 1979, equations 2.3 to 2.5, written out: posteriors and log-likelihood after some rounds."""
    gold = dict(gold)
    units, people = sorted(set(frame["row"])), sorted(set(frame["participant_id"]))
    rows = list(frame[["row", "participant_id", "value"]].itertuples(index=False))
    of_unit = {u: [(p, x) for v, p, x in rows if v == u] for u in units}
    truth = {u: {j: sum(x == j for _, x in of_unit[u]) / len(of_unit[u]) for j in categories} for u in units}
    truth |= {u: {j: float(j == right) for j in categories} for u, right in gold.items()}
    for _ in range(rounds):
        prior = {j: sum(truth[u][j] for u in units) / len(units) for j in categories}
        said = {}
        for p in people:
            for j in categories:
                mass = {x: sum(truth[u][j] for u, q, y in rows if (q, y) == (p, x)) for x in categories}
                said[p, j] = {x: mass[x] / (sum(mass.values()) or 1) for x in categories}
        likelihood = 0.0
        for u in units:
            joint = {j: prior[j] * math.prod(said[p, j][x] for p, x in of_unit[u]) for j in categories}
            if u in gold:
                joint = {j: joint[j] * (j == gold[u]) for j in categories}
            likelihood += math.log(sum(joint.values()))
            truth[u] = {j: joint[j] / sum(joint.values()) for j in categories}
    return pd.DataFrame(truth).T[list(categories)], likelihood


@settings(max_examples=40, deadline=None)
@given(frame=frames(), rounds=st.integers(1, 5), data=st.data())
def test_same_as_the_textbook_round_by_round(frame, rounds, data):
    known = data.draw(st.dictionaries(st.sampled_from(sorted(set(frame["row"]))), st.sampled_from("xyz"), max_size=2))
    posteriors, likelihood = textbook(frame, "xyz", rounds, known)
    found = dawid_skene(frame, categories=list("xyz"), gold=known, max_iterations=rounds, tolerance=0)
    if found.iterations == rounds:
        assert found.log_likelihood[-1] == pytest.approx(likelihood, abs=1e-9)
        assert found.posteriors.loc[posteriors.index].to_numpy() == pytest.approx(posteriors.to_numpy(), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(frame=frames(), data=st.data())
def test_likelihood_never_falls_and_posteriors_sum_to_one(frame, data):
    again = frame.iloc[data.draw(st.lists(st.integers(0, len(frame) - 1), max_size=6))]
    counts = count(pd.concat([frame, again]), categories=list("wxyz"), duplicates="keep")
    known = data.draw(st.dictionaries(st.sampled_from(sorted(set(frame["row"]))), st.sampled_from("wxyz"), max_size=3))
    found = dawid_skene(counts, gold=known)
    assert (np.diff(found.log_likelihood) >= -1e-9).all()
    assert np.isfinite(found.log_likelihood).all()
    assert found.posteriors.sum(axis=1).to_numpy() == pytest.approx(1)
    assert all(found.posteriors.loc[unit, label] == 1 for unit, label in known.items())
    per_truth = found.confusion.groupby(["annotator", "truth"], observed=False)
    assert per_truth["p"].sum(min_count=1).dropna().to_numpy() == pytest.approx(1)
    assert per_truth["n"].first().sum() == pytest.approx(counts.n_ratings)
    assert (found.confusion["p"].isna() == (found.confusion["n"] == 0)).all()


@settings(max_examples=30, deadline=None)
@given(frame=frames(), data=st.data())
def test_order_and_names_change_nothing(frame, data):
    moved = frame.iloc[data.draw(st.permutations(range(len(frame))))]
    names = dict(zip("xyz", data.draw(st.permutations("pqr")), strict=True))
    people = dict(zip(["p0", "p1", "p2", "p3"], data.draw(st.permutations("abcd")), strict=True))
    moved = moved.assign(value=moved["value"].map(names), participant_id=moved["participant_id"].map(people))
    options = {"max_iterations": 30, "tolerance": 0}
    before = dawid_skene(frame, categories=list("xyz"), **options).posteriors.rename(columns=names)
    after = dawid_skene(moved, categories=list("pqr"), **options).posteriors
    pd.testing.assert_frame_equal(after, before.loc[after.index, after.columns], check_names=False, atol=1e-6)


def simulated(units=400, seed=0):
    """Three careful annotators, two who answer at random, one who mixes two labels up."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(3, size=units)
    swapped = np.array([1, 0, 2])
    said = [np.where(rng.random(units) < 0.9, truth, rng.integers(3, size=units)) for _ in range(3)]
    said += [rng.integers(3, size=units), rng.integers(3, size=units), swapped[truth]]
    parts = [pd.DataFrame({"row": range(units), "participant_id": f"p{k}", "value": x}) for k, x in enumerate(said)]
    return pd.concat(parts), pd.Series(truth)


def test_errors_are_found_where_the_truth_is_known_to_the_test():
    frame, truth = simulated()
    found = dawid_skene(frame)
    assert (found.labels.astype(int) == truth).mean() > (
        plurality(frame, ties="first").labels.astype(int) == truth
    ).mean()
    chances = found.confusion.set_index(["annotator", "truth", "label"])["p"]
    assert chances["p5", 0, 1] == pytest.approx(1, abs=0.03)
    assert chances["p3", 0, 0] == pytest.approx(1 / 3, abs=0.1)
    assert chances["p0", 2, 2] == pytest.approx(0.9 + 0.1 / 3, abs=0.05)


def test_one_annotator_or_one_label_each_is_taken_at_their_word():
    frame = pd.DataFrame({"row": [1, 2, 3], "participant_id": "a", "value": ["x", "y", "y"]})
    assert dawid_skene(frame).labels.tolist() == ["x", "y", "y"]
    assert dawid_skene(frame.assign(participant_id=list("abc"))).labels.tolist() == ["x", "y", "y"]


def test_unanimous_strangers_are_not_overruled_by_what_is_common():
    """Nobody labelled twice, so nothing is known of anybody's errors."""
    said = ["xxx", "yyy", "yyy", "yyy"]
    rows = [(unit, f"p{unit}{k}", label) for unit, labels in enumerate(said) for k, label in enumerate(labels)]
    found = dawid_skene(pd.DataFrame(rows, columns=["row", "participant_id", "value"]))
    assert found.labels.tolist() == ["x", "y", "y", "y"]


def test_many_labels_of_one_unit_do_not_underflow():
    rng = np.random.default_rng(0)
    rows = [(unit, f"p{who}", "xy"[int(rng.random() < 0.4)]) for unit in range(3) for who in range(3000)]
    found = dawid_skene(pd.DataFrame(rows, columns=["row", "participant_id", "value"]))
    assert np.isfinite(found.log_likelihood).all()
    assert found.posteriors.notna().all(axis=None)


def test_not_converged_is_said():
    frame, _ = simulated()
    found = dawid_skene(frame, max_iterations=2)
    assert not found.converged
    assert found.iterations == len(found.log_likelihood) == 2
    assert "Not converged after 2 iterations (the last added" in found.note
    assert "Not converged" in repr(found)
    assert dawid_skene(frame, max_iterations=1).note == "Not converged after 1 iteration; raise max_iterations."


def test_level_posteriors_follow_the_rule():
    frame = pd.DataFrame({"row": [1, 1, 2, 2], "participant_id": ["a", "b"] * 2, "value": ["x", "y", "y", "x"]})
    assert dawid_skene(frame).labels.tolist() == [("x", "y"), ("x", "y")]
    assert dawid_skene(frame, ties="none").labels.isna().all()


def test_nothing_to_learn_from():
    frame = pd.DataFrame({"row": [1, 2], "participant_id": "a", "value": None})
    found = dawid_skene(frame)
    assert (len(found.labels), len(found.confusion), found.converged) == (0, 0, True)


def test_gold_is_read_as_a_mapping_or_a_series_and_left_out_where_nobody_labelled():
    frame, truth = simulated(60)
    mapping = {**truth.iloc[:10].to_dict(), 999: 1}
    found = dawid_skene(frame, gold=mapping)
    assert "The truth is given for 10 of 60 units. 1 gold label left out because the unit has no labels." in found.note
    series = pd.Series(mapping, dtype=object)
    series[5] = None
    assert "given for 9 of 60" in dawid_skene(frame, gold=series).note
    assert dawid_skene(frame, gold={}).note.startswith("The truth is given for 0 of 60")


def test_gold_that_cannot_be_used_is_refused_with_all_that_is_wrong():
    frame, _ = simulated(20)
    twice = pd.Series(["0", "1"], index=["r1", "r1"])
    with pytest.raises(DataError) as refused:
        dawid_skene(frame, gold=twice)
    said = str(refused.value)
    assert "None of its units is in the frame: 'r1'" in said
    assert "'r1' more than once" in said
    assert "'0', '1' is not among the categories: 0, 1, 2" in said
    assert len(refused.value.findings) == 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"max_iterations": 0}, "max_iterations is 0"),
        ({"tolerance": -1.0}, "tolerance is -1"),
        ({"tolerance": math.nan}, "tolerance is nan"),
        ({"ties": "any"}, "ties is 'any'"),
    ],
)
def test_options_that_cannot_be_used(options, said):
    with pytest.raises(ValueError, match=said):
        dawid_skene(simulated(5)[0], **options)


def test_never_annotators_times_units():
    units = np.arange(200_000) // 2
    frame = pd.DataFrame({"row": units, "participant_id": np.arange(200_000) % 50_000, "value": units % 2})
    found = dawid_skene(frame, max_iterations=2)  # 5 billion cells would be 40 GB
    assert len(found.confusion) == 50_000 * 2 * 2


def test_too_many_annotators_for_so_many_categories_are_refused():
    frame = pd.DataFrame({"row": 0, "participant_id": range(3000), "value": np.arange(3000) % 300})
    with pytest.raises(DataError, match="3,000 annotators times 300 by 300 categories"):
        dawid_skene(frame)
