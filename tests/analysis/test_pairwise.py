"""Who agrees with whom, label against label, unit by unit: against the definitions, pair by pair."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prolific_nb.analysis import (
    cohen_kappa,
    count,
    krippendorff_alpha,
    label_confusion,
    pairwise_agreement,
    percent_agreement,
    unit_disagreement,
)
from prolific_nb.errors import DataError

from . import published

answers = st.one_of(st.none(), st.sampled_from("xyz"))
matrices = st.lists(st.lists(answers, min_size=4, max_size=4), min_size=1, max_size=12)


def frame_of(matrix):
    given = [(f"u{row}", f"p{who}", x) for row, unit in enumerate(matrix) for who, x in enumerate(unit) if x]
    return pd.DataFrame(given, columns=["row", "participant_id", "value"])


def by_hand(matrix):
    """One entry per pair of annotators who met: units, agreement and Cohen's κ as printed in 1960."""
    found = {}
    for one, other in combinations(range(4), 2):
        both = [(unit[one], unit[other]) for unit in matrix if unit[one] and unit[other]]
        if not both:
            continue
        observed = sum(a == b for a, b in both) / len(both)
        mine, theirs = Counter(a for a, _ in both), Counter(b for _, b in both)
        expected = sum(mine[x] * theirs[x] for x in "xyz") / len(both) ** 2
        kappa = math.nan if expected == 1 else (observed - expected) / (1 - expected)
        found[f"p{one}", f"p{other}"] = (len(both), observed, kappa)
    return found


def check_pairs(table, matrix):
    expected = by_hand(matrix)
    assert list(zip(table["annotator_1"], table["annotator_2"], strict=True)) == sorted(expected)
    ours = table[["n_units", "agreement", "kappa"]].to_numpy(float)
    theirs = np.array([expected[pair] for pair in sorted(expected)], dtype=float).reshape(-1, 3)
    np.testing.assert_allclose(ours, theirs, atol=1e-12)


@settings(max_examples=100, deadline=None)
@given(matrix=matrices, data=st.data())
def test_pairs_are_those_of_the_definition_whatever_the_order_of_rows(matrix, data):
    frame = frame_of(matrix)
    check_pairs(pairwise_agreement(frame.iloc[data.draw(st.permutations(range(len(frame))))]), matrix)


@pytest.mark.parametrize("events", [1, 7, 10**6])
def test_pairs_counted_in_parts_without_a_table_are_the_same(events, monkeypatch):
    rng = np.random.default_rng(0)
    matrix = [[x or None for x in unit] for unit in rng.choice(["x", "y", "z", ""], (60, 4)).tolist()]
    monkeypatch.setattr("prolific_nb.analysis.pair_counts._DENSE", 1)
    monkeypatch.setattr("prolific_nb.analysis.pair_counts._EVENTS", events)
    check_pairs(pairwise_agreement(frame_of(matrix)), matrix)


def test_a_pair_scores_as_the_two_alone():
    frame = published.krippendorff_four()
    for row in pairwise_agreement(frame).itertuples():
        two = frame[frame["participant_id"].isin([row.annotator_1, row.annotator_2])]
        assert row.kappa == pytest.approx(cohen_kappa(two, draws=1).value, abs=1e-12)
        assert row.agreement == pytest.approx(percent_agreement(two, draws=1).value, abs=1e-12)


def test_pairs_are_those_of_scikit_learn():
    judge = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(1)
    matrix = np.where(rng.random((80, 6)) < 0.5, rng.integers(3, size=(80, 1)), rng.integers(3, size=(80, 6)))
    frame = pd.DataFrame({"row": np.repeat(range(80), 6), "participant_id": [*"abcdef"] * 80, "value": matrix.ravel()})
    theirs = [judge.cohen_kappa_score(matrix[:, i], matrix[:, j]) for i, j in combinations(range(6), 2)]
    assert pairwise_agreement(frame)["kappa"].tolist() == pytest.approx(theirs, abs=1e-12)


def test_annotators_of_several_kinds_have_an_order():
    frame = frame_of([["x", "x", "y", None]]).assign(participant_id=["b", 2, 1])
    for rows in permutations(range(3)):
        table = pairwise_agreement(frame.iloc[list(rows)])
        assert table[["annotator_1", "annotator_2"]].to_numpy().tolist() == [[1, 2], [1, "b"], [2, "b"]]


def test_no_pair_makes_an_empty_table():
    for matrix in ([[None] * 4], [["x", None, None, None], [None, "y", None, None]]):
        table = pairwise_agreement(frame_of(matrix))
        assert list(table.columns) == ["annotator_1", "annotator_2", "n_units", "agreement", "kappa"]
        assert len(table) == 0


def test_labels_counted_twice_are_no_pair_of_annotators():
    frame = frame_of([["x", "y", None, None]])
    twice = count(pd.concat([frame, frame]), duplicates="keep")
    with pytest.raises(DataError, match="same unit more than once"):
        pairwise_agreement(twice)


@settings(max_examples=60, deadline=None)
@given(matrix=matrices)
def test_confusion_is_the_matrix_of_coincidences(matrix):
    """Krippendorff 2011, section C, pair by pair."""
    expected = pd.DataFrame(0.0, index=[*"wxyz"], columns=[*"wxyz"])
    for unit in matrix:
        labels = [x for x in unit if x]
        for a, b in permutations(labels, 2):
            expected.loc[a, b] += 1 / (len(labels) - 1)
    table = label_confusion(frame_of(matrix), categories=[*"wxyz"])
    assert list(table.index) == list(table.columns) == [*"wxyz"]
    np.testing.assert_allclose(table.to_numpy(), expected.to_numpy(), atol=1e-12)


def test_confusion_is_that_which_krippendorff_prints():
    """Krippendorff 2011, section C: the coincidences of four observers, 40 pairable values."""
    table = label_confusion(published.krippendorff_four())
    printed = [[7, 4 / 3, 1 / 3, 1 / 3, 0], [4 / 3, 10, 4 / 3, 1 / 3, 0], [1 / 3, 4 / 3, 8, 1 / 3, 0]]
    printed += [[1 / 3, 1 / 3, 1 / 3, 4, 0], [0, 0, 0, 0, 3]]
    np.testing.assert_allclose(table.to_numpy(), printed, atol=1e-12)
    assert table.to_numpy().sum() == pytest.approx(40)


def test_confusion_gives_alpha():
    frame = published.krippendorff_nominal()
    table = label_confusion(frame).to_numpy()
    n, margins = table.sum(), table.sum(axis=1)
    expected = (margins * (margins - 1)).sum() / (n * (n - 1))
    alpha = (np.trace(table) / n - expected) / (1 - expected)
    assert alpha == pytest.approx(krippendorff_alpha(frame, draws=1).value, abs=1e-12)


def test_too_many_categories_for_a_table_are_refused(monkeypatch):
    monkeypatch.setattr("prolific_nb.analysis.pairwise._MOST_CELLS", 8)
    with pytest.raises(DataError, match=r"3 categories make 9 pairs.*fewer categories"):
        label_confusion(frame_of([["x", "y", "z", None]]))


@settings(max_examples=60, deadline=None)
@given(matrix=matrices)
def test_units_are_those_of_the_definition(matrix):
    table = unit_disagreement(frame_of(matrix), categories=[*"xyz"]).set_index("unit")
    paired = {f"u{row}": [x for x in unit if x] for row, unit in enumerate(matrix)}
    paired = {name: labels for name, labels in paired.items() if len(labels) > 1}
    assert set(table.index) == set(paired)
    assert table["agreement"].is_monotonic_increasing
    for name, labels in paired.items():
        pairs = [a == b for a, b in permutations(labels, 2)]
        (best, most), *others = sorted(Counter(labels).items(), key=lambda each: (-each[1], each[0]))
        assert table.loc[name, "n_ratings"] == len(labels)
        assert table.loc[name, "agreement"] == pytest.approx(np.mean(pairs))
        assert table.loc[name, "labels"] == ", ".join(f"{x} ×{n}" for x, n in [(best, most), *others])
        alone = not others or most > others[0][1]
        assert table.loc[name, "majority"] == best if alone else pd.isna(table.loc[name, "majority"])


def test_units_that_agree_as_much_keep_their_order():
    matrix = [["x", "x", None, None], ["x", "y", None, None], ["y", "y", None, None], ["y", "x", None, None]]
    assert unit_disagreement(frame_of(matrix))["unit"].tolist() == ["u1", "u3", "u0", "u2"]


def test_no_unit_makes_an_empty_table():
    for matrix in ([[None] * 4], [["x", None, None, None]]):
        table = unit_disagreement(frame_of(matrix))
        assert list(table.columns) == ["unit", "n_ratings", "agreement", "majority", "labels"]
        assert len(table) == 0
