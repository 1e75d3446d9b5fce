"""The expected half-width against closed forms, and against studies that are simulated and scored as a whole."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from prolific_nb.analysis import Counts, krippendorff_alpha, percent_agreement
from prolific_nb.analysis.completed_units import completed_units
from prolific_nb.analysis.crowd_fit import consistency, fit_crowd
from prolific_nb.analysis.crowd_model import Crowd, Drawn, assumed_crowd
from prolific_nb.analysis.expected_accuracy import expected_accuracy
from prolific_nb.analysis.expected_precision import (
    UnitSpread,
    Z,
    made_counts,
    score_statistic,
    statistic_of,
    unit_spread,
)
from prolific_nb.analysis.expected_study import Question, expect
from prolific_nb.analysis.intervals import Sums
from prolific_nb.analysis.number_crowd import NumberCrowd, fit_numbers

SKEWED = np.array([0.9, 0.1])


def counts_of(drawn: Drawn, q: int, *, ordered: bool = False) -> Counts:
    """The labels with a person of their own for each place in each group."""
    made = made_counts(drawn.labels, tuple(range(q)), ordered)
    m = drawn.labels.shape[1]
    group = np.arange(len(drawn.labels)) // drawn.group
    who = (np.repeat(group, m) * m + made.annotators).astype(np.int32)
    return replace(made, annotators=who, annotator_names=pd.RangeIndex(int(who.max()) + 1))


def alpha(level: str) -> Any:
    def statistic(counts: Counts) -> Sums:
        found = statistic_of(counts, lambda each: krippendorff_alpha(each, level=level, draws=1))  # type: ignore[arg-type]
        assert found is not None
        return found

    return statistic


def question(q: int, level: str = "nominal") -> Question:
    return Question(tuple(range(q)), level != "nominal", False, alpha(level), np.eye(q))


# --- closed forms ---------------------------------------------------------------------------------------------------


def test_percent_agreement_of_two_people_has_the_variance_of_a_share() -> None:
    """Gwet (2014, chapter 5): the variance of the observed agreement of two raters is p (1 - p) / n, for many units."""
    p = 0.8**2 + 0.2**2  # both right or both wrong, two labels
    crowd = assumed_crowd(np.array([0.5, 0.5]), 0.8, 0)
    labels = crowd.draw(200_000, 2, np.random.default_rng(1)).labels
    sums = statistic_of(made_counts(labels, (0, 1), False), lambda each: percent_agreement(each, draws=1))
    assert sums is not None
    found = unit_spread(sums, np.random.default_rng(0))
    assert found.value == pytest.approx(p, abs=0.003)
    assert found.sd == pytest.approx(math.sqrt(p * (1 - p)), rel=0.01)
    assert found.half_width(400) == pytest.approx(Z * math.sqrt(p * (1 - p) / 400), rel=0.01)


def test_a_share_has_the_variance_of_a_binomial_with_clusters() -> None:
    """p (1 - p) / (n m) · (1 + (m - 1) ρ), where ρ is how alike the labels of a unit are (Kish 1965, section 5.4)."""
    skill, m, n = 0.75, 4, 300
    crowd = assumed_crowd(np.array([0.3, 0.7]), skill, 0)
    p = 0.3 * skill + 0.7 * (1 - skill)
    rho = 0.3 * 0.7 * (2 * skill - 1) ** 2 / (p * (1 - p))
    right = math.sqrt(p * (1 - p) / (n * m) * (1 + (m - 1) * rho))
    found = expect(question(2), crowd, [m])
    assert found.share_half_width(m, n) == pytest.approx(Z * right, rel=0.02)
    labels = crowd.draw(100_000, m, np.random.default_rng(3)).labels
    score = score_statistic(made_counts(labels, (0, 1), False), np.array([1.0, 0.0]))
    assert unit_spread(score, np.random.default_rng(0)).half_width(n) == pytest.approx(Z * right, rel=0.02)


def test_plurality_of_three_is_right_as_the_binomial_says() -> None:
    crowd = assumed_crowd(np.array([0.5, 0.5]), 0.8, 0)
    drawn = crowd.draw(100_000, 3, np.random.default_rng(0))
    assert expected_accuracy(crowd, drawn) == pytest.approx([0.8, 0.8, 0.8**3 + 3 * 0.8**2 * 0.2], abs=0.005)


def test_dawid_skene_is_more_often_right_than_plurality_where_people_differ() -> None:
    careful, guessing = 0.9 * np.eye(3) + 0.1 / 3, np.full((3, 3), 1 / 3)
    crowd = Crowd(np.full(3, 1 / 3), np.array([careful, careful, careful, guessing, guessing]))
    drawn = crowd.draw(6_000, 5, np.random.default_rng(0), per_person=100)
    plain, modelled = (expected_accuracy(crowd, drawn, method) for method in ("plurality", "dawid_skene"))  # type: ignore[arg-type]
    assert (modelled[3:] > plain[3:] + 0.01).all()


# --- whole studies --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("crowd", "level", "n", "m"),
    [
        (assumed_crowd(np.array([0.5, 0.5]), 0.9, 0.05), "nominal", 40, 3),
        (assumed_crowd(SKEWED, 0.85, 0.1), "nominal", 200, 3),
        (assumed_crowd(np.full(5, 0.2), 0.6, 0.15, ordered=True), "ordinal", 60, 4),
    ],
    ids=["easy", "skewed", "ordinal"],
)
def test_the_expected_interval_is_as_wide_as_those_of_whole_studies(crowd: Crowd, level: str, n: int, m: int) -> None:
    rng = np.random.default_rng(7)
    q = len(crowd.prevalence)
    expected = expect(question(q, level), crowd, [m], per_person=10).spreads[m]
    widths = []
    for seed in range(40):
        counts = counts_of(crowd.draw(n, m, rng, per_person=10), q, ordered=True)
        found = krippendorff_alpha(counts, level=level, draws=300, seed=seed)  # type: ignore[arg-type]
        widths.append((found.high - found.low) / 2)
    assert expected.half_width(n, 10) == pytest.approx(np.mean(widths), rel=0.1)


def test_the_interval_with_people_covers_where_that_over_units_does_not() -> None:
    """Forty people in pairs label 25 units each, and differ a lot."""
    crowd, n, m, together = assumed_crowd(np.array([0.5, 0.5]), 0.8, 0.19), 500, 2, 25
    expected = expect(question(2), crowd, [m], per_person=together).spreads[m]
    rng = np.random.default_rng(11)
    draws = [crowd.draw(n, m, rng, per_person=together) for _ in range(300)]
    values = np.array([krippendorff_alpha(counts_of(each, 2), draws=1).value for each in draws])
    covered = {
        name: float(np.mean(np.abs(values - expected.value) <= width))
        for name, width in (("units", expected.half_width(n, together)), ("people", expected.with_people(n, together)))
    }
    assert covered["people"] == pytest.approx(0.95, abs=0.03)
    assert covered["units"] < 0.85


def test_more_units_and_more_annotators_never_widen_the_interval() -> None:
    expected = expect(question(3), assumed_crowd(np.full(3, 1 / 3), 0.7, 0.1), [2, 3, 5])
    widths = [[expected.spreads[m].half_width(n) for n in (20, 50, 200, 1_000)] for m in (2, 3, 5)]
    assert (np.diff(widths, axis=1) < 0).all()
    assert (np.diff(widths, axis=0) < 0).all()


# --- from pilots ----------------------------------------------------------------------------------------------------


def test_fewer_labels_than_the_pilot_has_are_its_own_without_a_model() -> None:
    counts = counts_of(assumed_crowd(np.full(3, 1 / 3), 0.7, 0.1).draw(30, 4, np.random.default_rng(2)), 3)
    nonsense = Crowd(np.array([1.0, 0, 0]), np.array([[[1.0, 0, 0]] * 3]))
    labels = completed_units(counts, nonsense, 300, 4, np.random.default_rng(0))
    tables = [np.sort(each, axis=1) for each in (labels, counts.labels.reshape(30, 4))]
    np.testing.assert_array_equal(*(each[np.lexsort(each.T)] for each in (tables[0], np.tile(tables[1], (10, 1)))))


def test_a_unit_with_fewer_labels_than_others_keeps_its_own_first() -> None:
    counts = counts_of(Drawn(np.array([[0, 1, 2, 0], [1, 1, 1, 1]]), np.array([0, 1]), 1), 3)
    counts = counts.where(np.array([True, True, False, False, *[True] * 4]))
    constant = Crowd(np.array([0.0, 0, 1.0]) + 1e-12, np.array([[[1e-12, 1e-12, 1.0]] * 3]))
    labels = completed_units(counts, constant, 100, 4, np.random.default_rng(0))
    assert {tuple(sorted(row[:2])) for row in labels} == {(0, 1), (1, 1)}
    assert {tuple(row[2:]) for row in labels} == {(2, 2), (1, 1)}


def test_a_pilot_of_three_labels_predicts_five() -> None:
    crowd = assumed_crowd(np.array([0.2, 0.3, 0.5]), 0.75, 0.1)
    counts = counts_of(crowd.draw(1_500, 3, np.random.default_rng(4), per_person=15), 3)
    found = expect(question(3), fit_crowd(counts), [3, 5], pilot=counts, per_person=15)
    right = expect(question(3), crowd, [3, 5], per_person=15)
    for m in (3, 5):
        assert found.spreads[m].sd == pytest.approx(right.spreads[m].sd, rel=0.07)
        assert found.spreads[m].value == pytest.approx(right.spreads[m].value, abs=0.04)
        assert found.accuracy[m - 1] == pytest.approx(right.accuracy[m - 1], abs=0.03)


@pytest.mark.parametrize(("skill_sd", "low", "high"), [(0.0, 0.0, 0.006), (0.18, 0.012, 0.08)])
def test_how_much_people_differ_is_seen_in_the_pilot(skill_sd: float, low: float, high: float) -> None:
    crowd = assumed_crowd(np.array([0.5, 0.5]), 0.75, skill_sd)
    counts = counts_of(crowd.draw(3_000, 3, np.random.default_rng(5), per_person=20), 2)
    found = expect(question(2), fit_crowd(counts), [3], per_person=20).spreads[3].shared
    assert low <= found <= high
    assert (consistency(counts) > 0.0007) == (skill_sd > 0)


def test_units_of_different_difficulty_are_noticed_with_enough_labels() -> None:
    even = assumed_crowd(np.array([0.5, 0.5]), 0.75, 0)
    for crowd in (even, replace(even, concentration=3.0)):
        counts = counts_of(crowd.draw(600, 7, np.random.default_rng(6)), 2)
        assert np.isfinite(fit_crowd(counts).concentration) == np.isfinite(crowd.concentration)


def test_numbers_are_planned_from_their_variance_components() -> None:
    crowd = NumberCrowd(10.0, 3.0, 1.0, 2.0)
    drawn = crowd.draw(2_000, 3, np.random.default_rng(8), per_person=20)
    counts = made_counts(drawn.labels, (), True)
    group = np.repeat(np.arange(2_000) // 20, 3) * 3 + counts.annotators
    counts = replace(counts, annotators=group.astype(np.int32), annotator_names=pd.RangeIndex(int(group.max()) + 1))
    fit = fit_numbers(counts)
    assert (fit.mean, fit.unit_sd, fit.person_sd, fit.error_sd) == pytest.approx((10, 3, 1, 2), rel=0.1)
    asked = Question((), True, True, alpha("interval"), None)
    found, right = (
        expect(asked, each, [3, 6], pilot=pilot, per_person=20) for each, pilot in ((fit, counts), (crowd, None))
    )
    for m in (3, 6):
        assert found.spreads[m].value == pytest.approx(9 / 14, abs=0.03)
        assert found.spreads[m].sd == pytest.approx(right.spreads[m].sd, rel=0.08)
    assert np.isnan(found.accuracy).all()


def test_power_is_half_where_the_interval_just_reaches_the_threshold() -> None:
    spread = UnitSpread(0.8, 0.5, 0.0, (0.0, 0.0))
    expected = replace(expect(question(2), assumed_crowd(SKEWED, 0.9, 0), [2]), spreads={2: spread})
    edge = 0.8 - spread.half_width(100)
    assert expected.power(2, 100, 1, edge) == pytest.approx(0.5)
    assert expected.power(2, 100, 1, 0.8 + spread.half_width(100)) == pytest.approx(0.5)
    assert expected.power(2, 400, 1, edge) == pytest.approx(0.975, abs=0.001)
