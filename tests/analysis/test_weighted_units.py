"""Coefficients, shares and means of answers with weights: equal to copies, unbiased after a follow-up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prolific_nb import analysis
from prolific_nb.analysis.weighted_units import StagedCounts, deciding_units, staged
from prolific_nb.errors import ArgumentError, DataError

from ..benchmarks.unbiased import estimates

UNITS = 30
TIMES = np.random.default_rng(1).integers(1, 4, UNITS)
LEVELS = ("nominal", "ordinal", "interval", "ratio")


def labels() -> pd.DataFrame:
    """Two or three labels of each unit, with the unit's weight: a whole number."""
    rng = np.random.default_rng(0)
    truth = np.repeat(rng.integers(1, 5, UNITS), 3)
    value = np.where(rng.random(3 * UNITS) < 0.6, truth, rng.integers(1, 5, 3 * UNITS))
    cells = {"row": np.repeat(np.arange(UNITS), 3), "participant_id": list("abc") * UNITS, "value": value}
    frame = pd.DataFrame(cells).drop(index=[0, 1, 7])
    return frame.assign(weight=TIMES[frame["row"]].astype(float))


def copied(frame: pd.DataFrame) -> pd.DataFrame:
    """Every unit as often as its weight says."""
    parts = [frame[frame["weight"] > k].assign(row=lambda part, k=k: 10 * part["row"] + k) for k in range(3)]
    return pd.concat(parts)


def sets(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(value=[frozenset(range(each)) for each in frame["value"]])


@pytest.mark.parametrize("level", LEVELS)
def test_alpha_with_whole_weights_is_that_of_copied_units(level: Any) -> None:
    weighted = analysis.krippendorff_alpha(labels(), level=level, weight="weight")
    copies = analysis.krippendorff_alpha(copied(labels()), level=level)
    assert weighted.value == pytest.approx(copies.value, abs=1e-12)
    assert (weighted.observed, weighted.expected) == pytest.approx((copies.observed, copies.expected), abs=1e-12)
    # Copies are not further units, so their interval is too narrow.
    assert weighted.high - weighted.low > copies.high - copies.low
    assert (weighted.n_units, weighted.n_ratings) == (UNITS, 3 * UNITS - 3)
    assert "weighted by the inverse" in weighted.note


def test_other_coefficients_take_the_weights_from_the_counts() -> None:
    weighted, copies = analysis.count(labels(), weight="weight"), analysis.count(copied(labels()))
    for function in (
        analysis.percent_agreement,
        analysis.fleiss_kappa,
        analysis.gwet_ac,
        analysis.brennan_prediger,
    ):
        assert function(weighted).value == pytest.approx(function(copies).value, abs=1e-12)
    assert analysis.percent_agreement(labels(), weight="weight").value == analysis.percent_agreement(weighted).value
    by_set = analysis.krippendorff_alpha(sets(labels()), level="set", weight="weight").value
    assert by_set == pytest.approx(analysis.krippendorff_alpha(sets(copied(labels())), level="set").value, abs=1e-12)
    influence = analysis.influence(weighted, draws=50)
    without_a = labels().query("participant_id != 'a'")
    expected = analysis.krippendorff_alpha(without_a, weight="weight", draws=50).value
    assert influence.set_index("annotator").loc["a", "without"] == pytest.approx(expected, abs=1e-12)


def test_influence_of_many_units_is_computed_with_the_weights() -> None:
    """From 2,000 units on, all annotators are left out at once, from sums that do not know of weights."""
    rng, n = np.random.default_rng(2), 2500
    cells = {"row": np.repeat(np.arange(n), 3), "participant_id": list("abc") * n}
    frame = pd.DataFrame(cells).assign(value=rng.integers(2, size=3 * n), weight=np.repeat(rng.integers(1, 3, n), 3))
    found = analysis.influence(analysis.count(frame, weight="weight"), draws=1).set_index("annotator")["without"]
    expected = analysis.krippendorff_alpha(frame.query("participant_id != 'b'"), weight="weight", draws=1)
    assert found["b"] == pytest.approx(expected.value, abs=1e-12)


@pytest.mark.parametrize("level", LEVELS)
def test_weights_of_1_change_nothing(level: Any) -> None:
    plain = analysis.krippendorff_alpha(labels(), level=level)
    assert analysis.krippendorff_alpha(labels().assign(weight=1), level=level, weight="weight") == plain


def test_the_interval_resamples_units_with_their_weights() -> None:
    weighted = analysis.krippendorff_alpha(labels(), weight="weight", draws=4000)
    frame, rng, values = labels(), np.random.default_rng(5), []
    lines = [np.flatnonzero(frame["row"] == unit) for unit in range(UNITS)]
    for _ in range(200):
        drawn = [lines[unit] for unit in rng.integers(UNITS, size=UNITS)]
        again = frame.iloc[np.concatenate(drawn)].assign(row=np.repeat(np.arange(UNITS), list(map(len, drawn))))
        values.append(analysis.krippendorff_alpha(again, weight="weight", draws=1).value)
    assert (weighted.low, weighted.high) == pytest.approx(tuple(np.quantile(values, [0.025, 0.975])), abs=0.05)
    assert weighted.se == pytest.approx(np.std(values), rel=0.25)


def test_a_unit_that_was_asked_again_stands_for_others_by_the_change_only() -> None:
    """f(A) + w (f(A and B) - f(A)), by hand for percent agreement of three units."""
    rows = [(1, "a", "x", 1), (1, "b", "x", 1), (1, "c", "y", 3), (2, "a", "x", 1), (2, "b", "y", 1)]
    rows += [(3, "a", "x", 1), (3, "b", "x", 1)]
    frame = pd.DataFrame(rows, columns=["row", "participant_id", "value", "weight"])
    agree = [1 + 3 * (1 / 3 - 1), 0, 1]
    assert analysis.percent_agreement(frame, weight="weight").value == pytest.approx(sum(agree) / 3)
    counts = staged(analysis.count(frame, weight="weight"))
    assert isinstance(counts, StagedCounts)
    assert (counts.owner.tolist(), counts.factor.tolist()) == ([0, 0, 1, 2], [-2, 3, 1, 1])
    assert counts.per_unit.tolist() == [2, 3, 2, 2]
    assert analysis.share(frame, weight="weight")["share"].tolist() == pytest.approx([5 / 9, 4 / 9])


def test_uneven_weights_are_reported() -> None:
    frame = labels().assign(weight=lambda table: np.where(table["row"] > 26, 40.0, 1.0))
    assert deciding_units(analysis.count(frame, weight="weight")) == pytest.approx(3, abs=0.1)
    assert "About 3 units with large weights" in analysis.krippendorff_alpha(frame, weight="weight").note


def test_coefficients_without_a_weighted_form_refuse_weights() -> None:
    counts = analysis.count(labels(), weight="weight")
    for function in (analysis.conger_kappa, analysis.icc):
        with pytest.raises(ArgumentError, match=r"has no weighted form\. Use Krippendorff"):
            function(counts)
    assert analysis.conger_kappa(replace(counts, weights=None)).value < 1


@pytest.mark.parametrize("wrong", [0, -1, np.nan, np.inf, "much"])
def test_weights_are_numbers_above_0(wrong: object) -> None:
    frame = labels().astype({"weight": object})
    frame.iloc[4, 3] = wrong
    with pytest.raises(DataError, match="1 of 87 weights are not numbers above 0, the first in line 5"):
        analysis.share(frame, weight="weight")
    with pytest.raises(DataError, match="no column 'w' with weights"):
        analysis.count(frame, weight="w")


def test_shares_and_means_with_whole_weights_are_those_of_copied_units() -> None:
    shares, copies = analysis.share(labels(), weight="weight"), analysis.share(copied(labels()))
    assert shares["share"].tolist() == pytest.approx(copies["share"].tolist())
    assert shares["n_ratings"].sum() == 3 * UNITS - 3
    assert (shares["se"] > copies["se"]).all()
    whole = analysis.mean(labels(), weight="weight")
    assert whole.value == pytest.approx(copied(labels())["value"].mean())
    assert whole.value == pytest.approx((shares["label"].astype(float) * shares["share"]).sum())
    assert whole.low < whole.value < whole.high


def test_the_error_of_a_share_is_that_of_independent_units() -> None:
    """With one label per unit and no weights: the standard error of a sample mean, and Student's t."""
    value = np.repeat([0, 1], [12, 8])
    found = analysis.mean(pd.DataFrame({"row": range(20), "participant_id": range(20), "value": value}))
    assert found.se == pytest.approx(value.std(ddof=1) / np.sqrt(20))
    assert (found.high - found.value) / found.se == pytest.approx(2.0930, abs=1e-3)  # t with 19 degrees of freedom
    one = analysis.mean(pd.DataFrame({"row": [1], "participant_id": [1], "value": [3]}))
    assert (one.value, np.isnan(one.se)) == (3, True)
    assert analysis.share(pd.DataFrame({"row": [1], "participant_id": [1], "value": [None]})).empty


def test_a_follow_up_of_disputed_rows_is_biased_without_weights_and_unbiased_with_them() -> None:
    found = estimates(50, rows=150, draws=1)
    for each in found.values():
        plain, weighted = each.bias("plain"), each.bias("weighted")
        assert abs(weighted[0]) < 3 * weighted[1]
        assert plain[0] < -3 * plain[1]
