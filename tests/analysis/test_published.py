"""Every required number of the worked examples, within half a unit of its last printed digit."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

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
    scott_pi,
)

from . import published

EXAMPLES = Path(__file__).parents[3] / "shared" / "gold" / "expected.csv"
CATEGORIES = ["Depression", "Personality Disorder", "Schizophrenia", "Neurosis", "Other"]


def four() -> pd.DataFrame:
    return published.as_numbers(published.krippendorff_four())


def alpha(level: str) -> Callable[[pd.DataFrame], float]:
    return lambda frame: krippendorff_alpha(frame, level=level, draws=1).value


def weighted(coefficient: Callable, weights: str | None) -> Callable[[pd.DataFrame], float]:
    return lambda frame: coefficient(frame, weights=weights, draws=1).value


def one_of_five(place: int) -> Callable[[pd.DataFrame], float]:
    return lambda frame: fleiss_kappa(frame, per_category=True, draws=1)[str(place)].value


def form(name: str) -> Callable[[pd.DataFrame], float]:
    return lambda frame: icc(frame, form=name, draws=1).value


def fleiss(frame: pd.DataFrame) -> float:
    return fleiss_kappa(frame, draws=1).value


def conger(frame: pd.DataFrame) -> float:
    return conger_kappa(frame, draws=1).value


KRIPPENDORFF, SHROUT, SAS = "krippendorff2011_4x12", "shrout_fleiss1979_6x4", "sas_3x3"
PARADOX = "feinstein_cicchetti1990_2x2"
ROWS = [
    (KRIPPENDORFF, "alpha nominal", four, alpha("nominal"), 0.743, 0.0005),
    (KRIPPENDORFF, "alpha ordinal", four, alpha("ordinal"), 0.815, 0.0005),
    (KRIPPENDORFF, "alpha interval", four, alpha("interval"), 0.849, 0.0005),
    (KRIPPENDORFF, "alpha ratio", four, alpha("ratio"), 0.797, 0.0005),
    (KRIPPENDORFF, "Gwet AC1", four, weighted(gwet_ac, None), 0.775, 0.0006),
    (KRIPPENDORFF, "Fleiss kappa (Gwet's missing-data form)", four, fleiss, 0.761, 0.0006),
    (KRIPPENDORFF, "Conger kappa", four, conger, 0.762, 0.0006),
    (KRIPPENDORFF, "Brennan-Prediger", four, weighted(brennan_prediger, None), 0.773, 0.0006),
    (KRIPPENDORFF, "Gwet AC2 linear", four, weighted(gwet_ac, "linear"), 0.859, 0.0006),
    (KRIPPENDORFF, "Gwet AC2 quadratic", four, weighted(gwet_ac, "quadratic"), 0.914, 0.0006),
    (KRIPPENDORFF, "Gwet AC2 ordinal", four, weighted(gwet_ac, "ordinal"), 0.899, 0.0006),
    ("krippendorff2011_binary_2x10", "alpha nominal", published.krippendorff_binary, alpha("nominal"), 0.095, 0.0005),
    ("krippendorff2011_nominal_2x12", "alpha nominal", published.krippendorff_nominal, alpha("nominal"), 0.692, 0.0005),
    ("fleiss1971_30x6", "Fleiss kappa", published.fleiss, fleiss, 0.43, 0.0005),
    *(
        ("fleiss1971_30x6", f"Fleiss kappa, category {name}", published.fleiss, one_of_five(place), value, 0.00051)
        for place, (name, value) in enumerate(zip(CATEGORIES, [0.245, 0.245, 0.52, 0.471, 0.566], strict=True))
    ),
    ("fleiss_wiki_counts_10x5", "Fleiss kappa", published.fourteen, fleiss, 0.21, 0.0005),
    ("cohen_wiki_2x2", "Cohen kappa", published.grants, weighted(cohen_kappa, None), 0.4, 0.0005),
    (
        PARADOX,
        "Cohen kappa (the paradox: 94.4% agreement)",
        published.paradox,
        weighted(cohen_kappa, None),
        -0.023,
        0.0006,
    ),
    (PARADOX, "Gwet AC1", published.paradox, weighted(gwet_ac, None), 0.941, 0.0006),
    (SAS, "kappa", published.sas, weighted(cohen_kappa, None), 0.4842, 0.000051),
    (SAS, "linear-weighted kappa", published.sas, weighted(cohen_kappa, "linear"), 0.4701, 0.000051),
    *(
        (SHROUT, f"ICC({name.replace('k', '4')})", published.shrout_fleiss, form(name), value, 0.0051)
        for name, value in {"1,1": 0.17, "2,1": 0.29, "3,1": 0.71, "1,k": 0.44, "2,k": 0.62, "3,k": 0.91}.items()
    ),
]
# Analytic errors and intervals, weights that are not offered, and aggregation.
ELSEWHERE = ("SE", "CI", "ASE", "AC2 ratio", "radical", "circular", "bipolar", "EM class", "accuracy")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}-{row[1]}")
def test_published_value(row):
    _, _, table, coefficient, value, tolerance = row
    assert coefficient(table()) == pytest.approx(value, abs=tolerance)


def test_no_required_row_is_missing():
    assert len(ROWS) == 31
    if not EXAMPLES.exists():
        pytest.skip("the folder with the worked examples is not here")
    with EXAMPLES.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    required = {
        (row["gold"], row["quantity"]): (float(row["published"]), float(row["tol"]))
        for row in rows
        if not any(word in row["quantity"] for word in ELSEWHERE)
    }
    assert {row[:2]: row[4:] for row in ROWS} == required


def test_scott_is_fleiss_of_two_where_both_labelled_everything():
    frame = published.krippendorff_nominal()
    assert scott_pi(frame).value == pytest.approx(fleiss_kappa(frame).value, abs=1e-12)
