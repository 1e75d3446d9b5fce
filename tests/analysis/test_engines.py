"""Coefficients against independent programs, where they are installed, and against slow forms of the textbook."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from prolific_nb.analysis import (
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac,
    icc,
    krippendorff_alpha,
)


def labels(seed, units=40, annotators=5, values=(1, 2, 3, 5, 8), missing=0.4):
    """A matrix of units × annotators with agreement, nan where there is no label."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(values, units)[:, None]
    matrix = np.where(rng.random((units, annotators)) < 0.6, truth, rng.choice(values, (units, annotators)))
    return np.where(rng.random(matrix.shape) < missing, np.nan, matrix.astype(float))


def long(matrix):
    unit, who = np.nonzero(~np.isnan(matrix))
    return pd.DataFrame({"row": unit, "participant_id": who.astype(str), "value": matrix[unit, who]})


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@pytest.mark.parametrize("seed", range(5))
def test_alpha_is_that_of_the_krippendorff_package(level, seed):
    krippendorff = pytest.importorskip("krippendorff")
    matrix = labels(seed, values=(0, 1, 2, 5, 8) if seed == 4 else (1, 2, 3, 5, 8))
    ours = krippendorff_alpha(long(matrix), level=level, draws=1).value
    assert ours == pytest.approx(krippendorff.alpha(matrix.T, level_of_measurement=level), abs=1e-10)


@pytest.mark.parametrize("level", ["interval", "ratio"])
def test_alpha_of_many_numbers_is_that_of_the_krippendorff_package(level):
    krippendorff = pytest.importorskip("krippendorff")
    rng = np.random.default_rng(1)
    matrix = np.exp(rng.normal(0, 2, (120, 1)) + rng.normal(0, 0.5, (120, 3)))
    matrix[rng.random(matrix.shape) < 0.2] = np.nan
    matrix[3] = 0
    ours = krippendorff_alpha(long(matrix), level=level, draws=1).value
    assert ours == pytest.approx(krippendorff.alpha(matrix.T, level_of_measurement=level), abs=1e-10)


@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
@pytest.mark.parametrize("seed", range(4))
def test_cohen_is_that_of_statsmodels(weights, seed):
    judge = pytest.importorskip("statsmodels.stats.inter_rater")
    matrix = labels(seed, annotators=2, values=(0, 1, 2, 3))
    table = np.zeros((4, 4))
    for one, other in matrix[~np.isnan(matrix).any(axis=1)].astype(int):
        table[one, other] += 1
    ours = cohen_kappa(long(matrix), weights=weights, categories=[0.0, 1.0, 2.0, 3.0], draws=1).value
    theirs = judge.cohens_kappa(table, wt=weights, return_results=False)
    assert ours == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_fleiss_is_that_of_statsmodels_on_complete_tables(seed):
    judge = pytest.importorskip("statsmodels.stats.inter_rater")
    matrix = labels(seed, missing=0)
    table, _ = judge.aggregate_raters(matrix)
    assert fleiss_kappa(long(matrix), draws=1).value == pytest.approx(judge.fleiss_kappa(table), abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_conger_is_the_mean_over_pairs_of_annotators(seed):
    """Conger 1980 on a complete table: mean observed and mean expected agreement of all pairs."""
    matrix = labels(seed, missing=0)
    shares = [{x: np.mean(column == x) for x in np.unique(matrix)} for column in matrix.T]
    pairs = list(itertools.combinations(range(matrix.shape[1]), 2))
    observed = np.mean([np.mean(matrix[:, a] == matrix[:, b]) for a, b in pairs])
    expected = np.mean([sum(shares[a][x] * shares[b][x] for x in shares[a]) for a, b in pairs])
    assert conger_kappa(long(matrix), draws=1).value == pytest.approx((observed - expected) / (1 - expected), abs=1e-12)


def test_conger_of_two_is_cohen():
    frame = long(labels(3, annotators=2, missing=0))
    assert conger_kappa(frame, draws=1).value == pytest.approx(cohen_kappa(frame, draws=1).value, abs=1e-12)


NEAR = {
    None: lambda a, b, q: float(a == b),
    "linear": lambda a, b, q: 1 - abs(a - b) / (q - 1),
    "quadratic": lambda a, b, q: 1 - (a - b) ** 2 / (q - 1) ** 2,
    "ordinal": lambda a, b, q: 1 - abs(a - b) * (abs(a - b) + 1) / (q * (q - 1)),
}


@pytest.mark.parametrize("weights", NEAR)
@pytest.mark.parametrize("seed", range(3))
def test_weights_are_those_of_the_textbook(weights, seed):
    """Gwet 2014, equations 4.3.1 to 4.4.4, pair by pair; the last of the categories is never chosen."""
    matrix, q = labels(seed, values=(0, 1, 2, 3)), 5
    units = [row[~np.isnan(row)].astype(int) for row in matrix]
    units = [unit for unit in units if len(unit)]
    near = np.array([[NEAR[weights](a, b, q) for b in range(q)] for a in range(q)])
    observed = np.mean([np.mean([near[p] for p in itertools.permutations(u, 2)]) for u in units if len(u) > 1])
    shares = np.mean([[np.mean(unit == k) for k in range(q)] for unit in units], axis=0)
    chance = {
        brennan_prediger: near.sum() / q**2,
        gwet_ac: near.sum() / (q * (q - 1)) * (shares * (1 - shares)).sum(),
    }
    for coefficient, expected in chance.items():
        result = coefficient(long(matrix), weights=weights, categories=[0.0, 1.0, 2.0, 3.0, 4.0], draws=1)
        assert result.value == pytest.approx((observed - expected) / (1 - expected), abs=1e-12)


def masi(a, b):
    if not a | b:
        return 1.0
    part = 1 if a == b else 2 / 3 if a <= b or b <= a else 1 / 3
    return len(a & b) / len(a | b) * part


def jaccard(a, b):
    return len(a & b) / len(a | b) if a | b else 1.0


@pytest.mark.parametrize("distance", [masi, jaccard])
@pytest.mark.parametrize("seed", range(3))
def test_alpha_of_sets_is_that_of_all_pairs(distance, seed):
    rng = np.random.default_rng(seed)
    units = [[{x for x in "abcd" if rng.random() < 0.4} for _ in range(rng.integers(1, 5))] for _ in range(25)]
    paired = [unit for unit in units if len(unit) > 1]
    n = sum(map(len, paired))
    observed = sum((1 - distance(a, b)) / (len(u) - 1) for u in paired for a, b in itertools.permutations(u, 2)) / n
    everything = [answer for unit in paired for answer in unit]
    expected = sum(1 - distance(a, b) for a, b in itertools.permutations(everything, 2)) / (n * (n - 1))
    given = [(u, f"p{who}", answer) for u, unit in enumerate(units) for who, answer in enumerate(unit)]
    frame = pd.DataFrame(given, columns=["row", "participant_id", "value"])
    ours = krippendorff_alpha(frame, level="set", distance=distance.__name__, draws=1)
    assert ours.value == pytest.approx(1 - observed / expected, abs=1e-12)


def test_icc_is_the_analysis_of_variance_of_statsmodels():
    formula = pytest.importorskip("statsmodels.formula.api")
    from statsmodels.stats.anova import anova_lm

    frame = long(labels(2, missing=0.3))
    table = anova_lm(formula.ols("value ~ C(row)", frame).fit())
    between, within = table["mean_sq"]
    m = frame.groupby("row").size()
    typical = (m.sum() - (m**2).sum() / m.sum()) / (len(m) - 1)
    one = (between - within) / (between + (typical - 1) * within)
    assert icc(frame, form="1,1", draws=1).value == pytest.approx(one, abs=1e-10)
    assert icc(frame, form="1,k", draws=1).value == pytest.approx((between - within) / between, abs=1e-10)
