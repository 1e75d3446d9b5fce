"""Do 95 % intervals hold the truth 95 times in 100? By simulation of 500 studies from a model whose truth is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from prolific_nb.analysis import Coefficient, count, fleiss_kappa, gwet_ac, krippendorff_alpha, percent_agreement

STUDIES = 500
KNOWN = 0.7  # share of the labels that are the truth of the unit; the others follow the shares of the categories
EVEN, SKEWED = (1 / 3, 1 / 3, 1 / 3), (0.9, 0.05, 0.05)

Scores = dict[str, float]


def truth(shares: tuple[float, ...]) -> Scores:
    """What the coefficients are with units without end: observed and chance agreement of the model."""
    p = np.array(shares)
    same = float((p**2).sum())
    observed = KNOWN**2 + (1 - KNOWN**2) * same
    unlike = float((p * (1 - p)).sum()) / (len(p) - 1)
    kappa = (observed - same) / (1 - same)
    return {"α": kappa, "κ": kappa, "AC1": (observed - unlike) / (1 - unlike), "percent": observed}


def study(rng: np.random.Generator, units: int, shares: tuple[float, ...], ratings: tuple[int, int]) -> pd.DataFrame:
    """Labels of one study, from so many people per unit."""
    m = rng.integers(ratings[0], ratings[1] + 1, units)
    true = rng.choice(len(shares), units, p=shares).repeat(m)
    value = np.where(rng.random(m.sum()) < KNOWN, true, rng.choice(len(shares), m.sum(), p=shares))
    return pd.DataFrame({"row": np.arange(units).repeat(m), "participant_id": np.arange(m.sum()), "value": value})


def scores(frame: pd.DataFrame, q: int) -> dict[str, Coefficient]:
    counts = count(frame, categories=range(q))
    made: dict[str, Callable[..., Coefficient]] = {
        "α": krippendorff_alpha,
        "κ": fleiss_kappa,
        "AC1": gwet_ac,
        "percent": percent_agreement,
    }
    return {name: coefficient(counts) for name, coefficient in made.items()}


@pytest.mark.parametrize(
    ("units", "shares", "ratings"),
    [(100, EVEN, (3, 3)), (300, SKEWED, (3, 3)), (200, EVEN, (2, 6))],
    ids=["balanced 100", "skewed 300", "unequal 200"],
)
def test_the_interval_holds_the_truth_in_95_of_100_studies(
    units: int, shares: tuple[float, ...], ratings: tuple[int, int]
) -> None:
    rng, known = np.random.default_rng(units), truth(shares)
    held = dict.fromkeys(known, 0)
    for _ in range(STUDIES):
        for name, result in scores(study(rng, units, shares, ratings), len(shares)).items():
            held[name] += result.low <= known[name] <= result.high
    for name, times in held.items():
        assert 0.92 <= times / STUDIES <= 0.98, (name, times)


def test_few_units_and_one_common_label_warn_since_the_interval_is_too_narrow() -> None:
    rng, known = np.random.default_rng(20), truth(SKEWED)
    held = warned = 0
    for _ in range(STUDIES):
        alpha = krippendorff_alpha(study(rng, 20, SKEWED, (3, 3)))
        held += bool(alpha.low <= known["α"] <= alpha.high)
        warned += any(words in alpha.note for words in ("too narrow", "Undefined", "no interval", "same value"))
    assert held / STUDIES < 0.92  # it is as the worked examples say; were it not, the warning would be idle
    assert warned == STUDIES
