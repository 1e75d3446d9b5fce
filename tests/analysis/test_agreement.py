"""Coefficients against published values, against the textbook, and against what must hold for any labels."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prolific_nb.analysis import count, fleiss_kappa, krippendorff_alpha, percent_agreement

from . import published, textbook

ENGINES = [
    (percent_agreement, textbook.percent),
    (fleiss_kappa, textbook.fleiss),
    (krippendorff_alpha, textbook.alpha),
]
COEFFICIENTS = [ours for ours, _ in ENGINES]


@pytest.mark.parametrize(
    ("table", "coefficient", "value", "tolerance"),
    [
        (published.krippendorff_four, krippendorff_alpha, 0.743, 0.0005),
        (published.krippendorff_binary, krippendorff_alpha, 0.095, 0.0005),
        (published.krippendorff_nominal, krippendorff_alpha, 0.692, 0.0005),
        (published.krippendorff_four, fleiss_kappa, 0.761, 0.0006),
        (published.fleiss, fleiss_kappa, 0.430, 0.0005),
        (published.fourteen, fleiss_kappa, 0.210, 0.0005),
        (published.paradox, percent_agreement, 0.944, 0.0005),
    ],
)
def test_published_values(table, coefficient, value, tolerance):
    assert coefficient(table()).value == pytest.approx(value, abs=tolerance)


def test_fleiss_keeps_units_with_one_label_in_the_chance_term():
    frame = published.krippendorff_four()
    pairs = frame[frame.groupby("row")["value"].transform("size") > 1]
    assert fleiss_kappa(pairs).value == pytest.approx(0.7625, abs=0.0005)
    assert fleiss_kappa(frame).n_single == 1


@pytest.mark.parametrize("coefficient", [percent_agreement, krippendorff_alpha])
def test_units_with_one_label_do_not_move_percent_and_alpha(coefficient):
    frame = published.krippendorff_four()
    pairs = frame[frame.groupby("row")["value"].transform("size") > 1]
    assert coefficient(pairs).value == coefficient(frame).value


tables = st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=6), min_size=1, max_size=12)


def frame_of(units):
    return published.from_counts([[labels.count(name) for name in "abcd"] for labels in units])


@pytest.mark.parametrize(("ours", "book"), ENGINES)
@settings(max_examples=60, deadline=None)
@given(units=tables)
def test_agrees_with_the_textbook(ours, book, units):
    assert ours(frame_of(units), draws=1).value == pytest.approx(book(units), abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("coefficient", COEFFICIENTS)
@settings(max_examples=40, deadline=None)
@given(units=tables, data=st.data())
def test_order_of_rows_and_names_changes_nothing(coefficient, units, data):
    frame = frame_of(units)
    before = coefficient(frame, draws=20)
    shuffled = frame.iloc[data.draw(st.permutations(range(len(frame))))]
    who, what = (dict(zip(names, data.draw(st.permutations(names)), strict=True)) for names in (
        sorted(frame["participant_id"].unique()), sorted(frame["row"].unique())
    ))  # fmt: skip
    moved = shuffled.assign(participant_id=shuffled["participant_id"].map(who), row=shuffled["row"].map(what))
    assert repr(coefficient(moved, draws=20)) == repr(before)  # repr: nan equals nan there
    labels = dict(zip("0123", data.draw(st.permutations("0123")), strict=True))
    renamed = coefficient(frame.assign(value=frame["value"].map(labels)), draws=20)
    assert renamed.value == pytest.approx(before.value, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("coefficient", COEFFICIENTS)
@settings(max_examples=30, deadline=None)
@given(kinds=st.lists(st.sampled_from("abc"), min_size=2, max_size=10).filter(lambda kinds: len(set(kinds)) > 1))
def test_full_agreement_with_several_categories_is_one(coefficient, kinds):
    result = coefficient(frame_of([[kind] * 3 for kind in kinds]), draws=20)
    assert result.value == 1
    assert result.low in (1, pytest.approx(math.nan, nan_ok=True))


@pytest.mark.parametrize("coefficient", [fleiss_kappa, krippendorff_alpha])
def test_independent_labels_in_unequal_numbers_are_about_zero(coefficient):
    rng = np.random.default_rng(7)
    sizes = rng.integers(1, 7, 4000)
    units = [list(rng.choice(list("abc"), size, p=[0.6, 0.3, 0.1])) for size in sizes]
    assert coefficient(frame_of(units)).value == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize("coefficient", [fleiss_kappa, krippendorff_alpha])
def test_one_category_in_use_is_undefined_in_words(coefficient):
    result = coefficient(published.long({"a": "xxxx", "b": "xxxx"}), categories=["x", "y"])
    assert math.isnan(result.value)
    assert math.isnan(result.low)
    assert "only one category is in use" in result.note
    assert "undefined" in str(result)


@pytest.mark.parametrize("coefficient", COEFFICIENTS)
@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (published.long({"a": "xy..", "b": "..yx"}), "no unit has two labels"),
        (published.long({"a": "...."}), "there is no label"),
    ],
)
def test_nothing_to_compare_is_undefined_in_words(coefficient, frame, reason):
    result = coefficient(frame)
    assert math.isnan(result.value)
    assert reason in result.note


@pytest.mark.parametrize(("ours", "book"), ENGINES)
def test_interval_and_error_are_those_of_resampling_units(ours, book):
    rng = np.random.default_rng(3)
    truth = rng.choice(list("abc"), 80, p=[0.5, 0.3, 0.2])
    units = [
        [kind if rng.random() < 0.7 else rng.choice(list("abc")) for _ in range(rng.integers(1, 5))] for kind in truth
    ]
    result = ours(frame_of(units), draws=4000, seed=1)
    low, high = np.quantile(textbook.bootstrap(units, book, 2000, seed=2), [0.025, 0.975])
    assert result.low == pytest.approx(low, abs=0.015)
    assert result.high == pytest.approx(high, abs=0.015)
    assert result.se == pytest.approx(textbook.jackknife(units, book), rel=1e-9)


@pytest.mark.parametrize("coefficient", COEFFICIENTS)
def test_same_seed_same_interval(coefficient):
    frame = published.fleiss()
    assert coefficient(frame, seed=5) == coefficient(frame, seed=5)
    assert coefficient(frame, seed=5).low != coefficient(frame, seed=6).low


def test_many_patterns_are_drawn_in_parts_and_give_the_same_interval(monkeypatch):
    whole = krippendorff_alpha(published.fleiss())
    monkeypatch.setattr("prolific_nb.analysis.intervals._CELLS", 100)
    parts = krippendorff_alpha(published.fleiss())
    assert (parts.value, parts.low, parts.high, parts.se) == pytest.approx(
        (whole.value, whole.low, whole.high, whole.se)
    )


def skewed(n_rare, n_common):
    return published.from_counts([[0, 3]] * n_common + [[2, 1]] * n_rare)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (skewed(10, 10), "only 20 units"),
        (skewed(2, 98), "labels other than '1' amount to only about"),
        (published.long({"a": "xy" * 20, "b": "xy" * 20}), "Every resample gives the same value"),
        (skewed(1, 39), "resamples left out"),
    ],
)
def test_note_warns_of_an_interval_that_says_too_little(frame, said):
    assert said in krippendorff_alpha(frame).note


def test_no_warning_where_units_and_rare_labels_are_many():
    assert krippendorff_alpha(skewed(60, 40)).note == ""


def test_undefined_resamples_are_counted():
    note = krippendorff_alpha(skewed(1, 39), draws=1000).note
    dropped = int(note.split(" of 1000")[0].split()[-1])
    assert dropped == pytest.approx(1000 * (1 - 1 / 40) ** 40, abs=60)


def test_value_is_observed_against_expected():
    for coefficient in COEFFICIENTS:
        result = coefficient(published.fleiss())
        assert result.value == pytest.approx((result.observed - result.expected) / (1 - result.expected))
    assert percent_agreement(published.fleiss()).expected == 0


def test_one_count_serves_all_coefficients():
    frame = published.fleiss()
    counts = count(frame)
    assert [coefficient(counts) for coefficient in COEFFICIENTS] == [coefficient(frame) for coefficient in COEFFICIENTS]


def test_what_was_left_out_is_in_the_note():
    frame = published.fleiss()
    frame.loc[[0, 1], "value"] = None
    frame.loc[9, "participant_id"] = None
    note = percent_agreement(frame).note
    assert "2 rows without a label left out" in note
    assert "1 label left out because the unit or the annotator is missing" in note


def test_html_is_escaped():
    frame = pd.DataFrame({"row": [*range(40)] * 2, "participant_id": ["a"] * 40 + ["b"] * 40, "value": "<b>"})
    frame.loc[0, "value"] = "x"
    assert "<b>" in krippendorff_alpha(frame).note
    assert "<b>" not in krippendorff_alpha(frame)._repr_html_()


@pytest.mark.parametrize("options", [{"draws": 0}, {"level": "circular"}, {"distance": "hamming"}])
def test_options_that_do_not_exist_are_refused(options):
    with pytest.raises(ValueError, match="use"):
        krippendorff_alpha(published.fleiss(), **options)
