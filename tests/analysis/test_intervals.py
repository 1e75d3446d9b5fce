"""Intervals and errors against resampling units one by one and leaving them out one by one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from prolific_nb.analysis import count, icc, krippendorff_alpha

from .test_properties import ALL, TWO

CATEGORIES = [1.0, 2.0, 3.0, 4.0]
EVERY = ALL | {
    f"icc({form})": lambda *a, form=form, **k: icc(*a, form=form, **k) for form in ("2,1", "2,k", "3,1", "3,k")
}
COMPLETE = {"icc(2,1)", "icc(2,k)", "icc(3,1)", "icc(3,k)"}


def matrix_for(name, units=50, missing=0.35, seed=5):
    rng = np.random.default_rng(seed)
    width = 2 if name in TWO else 4
    truth = rng.choice(CATEGORIES, units, p=[0.4, 0.3, 0.2, 0.1])[:, None]
    labels = np.where(rng.random((units, width)) < 0.6, truth, rng.choice(CATEGORIES, (units, width)))
    return labels if name in COMPLETE else np.where(rng.random(labels.shape) < missing, np.nan, labels)


def units_of(name):
    """The units that are drawn from: those with a label, and for two annotators those that both labelled."""
    matrix = matrix_for(name)
    used = ~np.isnan(matrix)
    return matrix[used.all(axis=1) if name in TWO else used.any(axis=1)]


def scored(name, matrix, **options):
    unit, who = np.nonzero(~np.isnan(matrix))
    frame = pd.DataFrame({"row": unit, "participant_id": who.astype(str), "value": matrix[unit, who]})
    return EVERY[name](count(frame, categories=CATEGORIES), **options)


@pytest.mark.parametrize("name", EVERY)
def test_error_is_that_of_leaving_units_out_one_by_one(name):
    matrix = units_of(name)
    n = len(matrix)
    without = np.array([scored(name, np.delete(matrix, i, axis=0), draws=1).value for i in range(n)])
    error = np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())
    assert scored(name, matrix, draws=1).se == pytest.approx(error, rel=1e-7)


@pytest.mark.parametrize("name", EVERY)
def test_interval_is_that_of_drawing_units_one_by_one(name):
    matrix = units_of(name)
    rng = np.random.default_rng(0)
    drawn = [scored(name, matrix[rng.integers(len(matrix), size=len(matrix))], draws=1).value for _ in range(500)]
    result = scored(name, matrix, draws=4000)
    spread = np.std(drawn)
    assert result.low == pytest.approx(np.quantile(drawn, 0.025), abs=0.35 * spread)
    assert result.high == pytest.approx(np.quantile(drawn, 0.975), abs=0.35 * spread)


@pytest.mark.parametrize("name", EVERY)
def test_parts_of_the_draws_and_of_the_units_give_the_same(name, monkeypatch):
    matrix = matrix_for(name)
    whole = scored(name, matrix, draws=50)
    monkeypatch.setattr("prolific_nb.analysis.intervals._CELLS", 200)
    monkeypatch.setattr("prolific_nb.analysis.alpha._KEPT", 10)
    parts = scored(name, matrix, draws=50)
    assert (parts.value, parts.low, parts.high, parts.se) == pytest.approx(
        (whole.value, whole.low, whole.high, whole.se)
    )


@pytest.mark.parametrize("level", ["interval", "ratio"])
def test_many_numbers_are_scored_like_few(level, monkeypatch):
    """Sums by Fourier transform against the table of all pairs."""
    rng = np.random.default_rng(2)
    labels = np.exp(rng.normal(0, 1.5, (60, 1)) + rng.normal(0, 0.4, (60, 3)))
    labels[0] = 0
    frame = pd.DataFrame(
        {"row": np.repeat(np.arange(60), 3), "participant_id": list("abc") * 60, "value": labels.ravel()}
    )
    table = krippendorff_alpha(frame, level=level, draws=200)
    monkeypatch.setattr("prolific_nb.analysis.distances._MANY", 1)
    waves = krippendorff_alpha(frame, level=level, draws=200)
    assert (waves.value, waves.low, waves.high, waves.se) == pytest.approx(
        (table.value, table.low, table.high, table.se), abs=1e-10
    )


@pytest.mark.parametrize("name", EVERY)
def test_few_units_are_said_to_be_few(name):
    assert "only 1" in scored(name, matrix_for(name, units=19, missing=0, seed=3), draws=200).note


@pytest.mark.parametrize("name", EVERY)
def test_a_single_unit_has_no_interval(name):
    note = scored(name, np.array([[1.0, 2.0]]), draws=20).note
    assert "a single unit cannot be resampled" in note or "Undefined" in note


@pytest.mark.parametrize("offset", [1e6, 1e9])
@pytest.mark.parametrize("name", ["interval alpha", "icc(1,1)", "icc(3,1)"])
def test_a_common_offset_costs_no_digits(name, offset):
    matrix = matrix_for("icc(3,1)")
    unit, who = np.nonzero(matrix)
    frame = pd.DataFrame({"row": unit, "participant_id": who.astype(str), "value": matrix[unit, who]})
    near = EVERY[name](frame, draws=50)
    far = EVERY[name](frame.assign(value=frame["value"] + offset), draws=50)
    assert (far.value, far.low, far.high) == pytest.approx((near.value, near.low, near.high), abs=1e-9)


def test_annotators_of_a_single_unit_go_with_it():
    """Left out with their only unit, they have no shares any more, and are not one of those to draw from."""
    matrix = np.full((12, 15), np.nan)
    matrix[:, :3] = np.random.default_rng(4).choice(CATEGORIES, (12, 3))
    matrix[np.arange(12), 3 + np.arange(12)] = np.resize(CATEGORIES, 12)
    without = np.array([scored("conger", np.delete(matrix, i, axis=0), draws=1).value for i in range(12)])
    error = np.sqrt(11 / 12 * ((without - without.mean()) ** 2).sum())
    assert scored("conger", matrix, draws=1).se == pytest.approx(error, rel=1e-9)


@pytest.mark.parametrize("level", ["interval", "ratio"])
def test_one_number_among_pairs_is_undefined_however_many_others_stand_alone(level):
    alone = pd.DataFrame({"row": range(5000), "participant_id": "a", "value": np.linspace(0.1, 9, 5000)})
    pairs = pd.DataFrame({"row": np.arange(9000, 9040).repeat(2), "participant_id": ["a", "b"] * 40, "value": 3.3})
    alpha = krippendorff_alpha(pd.concat([alone, pairs]), level=level, draws=50)
    assert np.isnan(alpha.value)
    assert "only one category is in use on units with at least two labels" in alpha.note
