"""The coefficient without each annotator: against dropping their rows, and who is dropped where there are many."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest

from prolific_nb.analysis import (
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    count,
    fleiss_kappa,
    gwet_ac,
    influence,
    krippendorff_alpha,
    percent_agreement,
)
from prolific_nb.errors import DataError

from . import published


def crowd(people=30, units=400, per_unit=4, careless=(3,), seed=0):
    """People who are right four times in five, and careless ones who guess."""
    rng = np.random.default_rng(seed)
    who = np.concatenate([rng.choice(people, per_unit, replace=False) for _ in range(units)])
    row = np.repeat(np.arange(units), per_unit)
    truth = rng.integers(4, size=units)[row]
    right = (rng.random(len(row)) < 0.8) & ~np.isin(who, careless)
    value = np.where(right, truth, rng.integers(4, size=len(row)))
    return pd.DataFrame({"row": row, "participant_id": [f"p{each:05}" for each in who], "value": value})


@pytest.mark.parametrize(
    ("coefficient", "options"),
    [
        (krippendorff_alpha, {}),
        (krippendorff_alpha, {"level": "interval"}),
        (krippendorff_alpha, {"level": "ordinal"}),
        (fleiss_kappa, {}),
    ],
)
def test_each_is_scored_without_their_rows(coefficient, options):
    frame = crowd(people=8, units=60)
    table = influence(frame, coefficient, draws=50, seed=4, **options)
    assert len(table) == 8
    with_all = coefficient(frame, draws=1, **options).value
    assert table.attrs["all"] == with_all
    for row in table.itertuples():
        rest = frame[frame["participant_id"] != row.annotator]
        alone = coefficient(count(rest, categories=[0, 1, 2, 3]), draws=50, seed=4, **options)
        assert row.n_ratings == len(frame) - len(rest)
        found = (row.without, row.low, row.high, row.change)
        assert found == pytest.approx((alone.value, alone.low, alone.high, alone.value - with_all), abs=1e-12)


def test_the_largest_change_comes_first():
    table = influence(crowd(), draws=1)
    assert table["annotator"][0] == "p00003"
    assert table["change"][0] > 0
    assert table["change"].abs().is_monotonic_decreasing
    assert table.attrs["note"] == ""


def test_of_many_those_who_matter_most_are_scored():
    everyone = influence(crowd(people=60, units=900, careless=(7, 11)), draws=1, most=None)
    some = influence(crowd(people=60, units=900, careless=(7, 11)), draws=1, most=10)
    scored = some["without"].notna()
    assert scored.tolist() == [True] * 10 + [False] * 50
    assert some["annotator"].tolist()[:2] == everyone["annotator"].tolist()[:2]
    assert set(some["annotator"][:2]) == {"p00007", "p00011"}
    assert len(set(some["annotator"][:10]) & set(everyone["annotator"][:15])) >= 8
    assert some["n_ratings"][10:].is_monotonic_decreasing
    assert set(some["annotator"]) == set(everyone["annotator"])
    assert some.attrs["note"].startswith("50 annotators with the least influence")


def test_where_all_labels_differ_those_with_the_most_are_scored():
    frame = crowd(people=20, units=100).assign(value=lambda frame: np.arange(len(frame)) * 1.0)
    table = influence(frame, level="interval", most=5, draws=1)
    given = frame["participant_id"].value_counts()
    assert table["n_ratings"][:5].sum() == given.nlargest(5).sum()


def test_twenty_thousand_annotators_are_not_scored_one_by_one():
    calls = []

    def counting(counts, **options):
        calls.append(counts.n_annotators)
        return krippendorff_alpha(counts, **options)

    table = influence(crowd(people=20_000, units=2_000), counting, most=3, draws=1)
    assert len(calls) <= 4
    assert table["without"].notna().sum() == 3


@pytest.mark.parametrize(
    ("coefficient", "options"),
    [
        (krippendorff_alpha, {}),
        (krippendorff_alpha, {"level": "ordinal"}),
        (krippendorff_alpha, {"level": "interval"}),
        (krippendorff_alpha, {"level": "ratio"}),
        (fleiss_kappa, {}),
        (gwet_ac, {"weights": "linear"}),
        (brennan_prediger, {}),
        (percent_agreement, {}),
        (conger_kappa, {}),
    ],
)
def test_of_a_large_table_everybody_is_left_out_at_once(coefficient, options):
    """Against dropping the rows of one annotator; the ends of the intervals within the noise of two bootstraps."""
    frame = crowd(people=12, units=2_500, per_unit=3)
    table = influence(frame, coefficient, draws=2_000, seed=4, most=None, **options)
    for row in table.iloc[[0, 1, -1]].itertuples():
        rest = frame[frame["participant_id"] != row.annotator]
        alone = coefficient(count(rest, categories=[0, 1, 2, 3]), draws=2_000, seed=8, **options)
        assert row.without == pytest.approx(alone.value, abs=1e-12)
        assert (row.low, row.high) == pytest.approx((alone.low, alone.high), abs=0.25 * alone.se)


@pytest.mark.parametrize("met", [0, 1, 8, 300])
def test_who_is_half_of_most_pairs_is_left_out_with_a_resample_of_the_few_units_that_remain(met):
    """One annotator labels everything, twenty others a share each: without the first, only `met` units have a pair."""
    rng = np.random.default_rng(1)
    row = np.concatenate([np.arange(2_500)] * 2 + [np.arange(met)])
    who = np.concatenate([np.full(2_500, "all"), np.arange(2_500) % 20, (np.arange(met) + 7) % 20])
    value = rng.integers(3, size=len(row))
    frame = pd.DataFrame({"row": row, "participant_id": who, "value": value})
    table = influence(frame, draws=200, seed=4, most=None).set_index("annotator")
    alone = krippendorff_alpha(count(frame[who != "all"], categories=[0, 1, 2]), draws=200, seed=4)
    found = table.loc["all", ["without", "low", "high"]].tolist()
    assert found == pytest.approx([alone.value, alone.low, alone.high], abs=1e-12, nan_ok=True)


def test_who_labels_a_unit_twice_is_left_out_of_a_large_table_with_both_labels():
    frame = crowd(people=8, units=2_500, per_unit=3)
    counts = count(pd.concat([frame, frame.iloc[:40]]), duplicates="keep")
    table = influence(counts, draws=50, most=2)
    for row in table.dropna().itertuples():
        others = counts.annotators != counts.annotator_names.get_loc(row.annotator)
        assert row.without == pytest.approx(krippendorff_alpha(counts.where(others), draws=1).value, abs=1e-12)


def test_a_coefficient_of_ones_own_is_asked_for_each_annotator():
    """It may depend on anything, so only what it returns counts."""

    def own(counts, **options):
        return replace(fleiss_kappa(counts, **options), value=float(counts.n_annotators))

    table = influence(crowd(people=12, units=2_500, per_unit=3), own, draws=2)
    assert table["without"].tolist() == [11.0] * 12


def test_what_the_rest_leaves_undefined_is_nan():
    table = influence(published.grants(), draws=1)
    assert table["without"].isna().all()
    assert sorted(table["annotator"]) == ["a", "b"]
    assert math.isnan(table["change"][0])


def test_coefficients_may_be_any_callable_and_may_refuse():
    frame = crowd(people=5, units=40)
    quadratic = partial(krippendorff_alpha, level="interval")
    assert influence(frame, quadratic, draws=1).equals(influence(frame, level="interval", draws=1))
    with pytest.raises(DataError, match="There are 5 annotators, but this coefficient compares two"):
        influence(frame, cohen_kappa)


def test_none_at_all_is_refused_and_an_empty_frame_has_nobody():
    with pytest.raises(ValueError, match="most is 0; use at least 1, or None"):
        influence(crowd(), most=0)
    assert len(influence(crowd().iloc[:0])) == 0
