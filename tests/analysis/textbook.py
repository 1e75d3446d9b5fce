"""The coefficients once more, slowly and as the books print them, from lists of labels per unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import permutations

import numpy as np
import pandas as pd

Units = Sequence[Sequence[str]]


def units_of(frame: pd.DataFrame) -> list[list[str]]:
    return [list(labels) for _, labels in frame.dropna().groupby("row")["value"]]


def percent(units: Units) -> float:
    """Mean over units of the share of ordered pairs of labels that are equal."""
    shares = [np.mean([a == b for a, b in permutations(labels, 2)]) for labels in units if len(labels) > 1]
    return float(np.mean(shares)) if shares else float("nan")


def fleiss(units: Units) -> float:
    """Gwet 2014, equations 2.13 to 2.15: chance from the mean share of each category over all units."""
    categories = {label for labels in units for label in labels}
    expected = sum(np.mean([labels.count(name) / len(labels) for labels in units]) ** 2 for name in categories)
    return _corrected(percent(units), expected)


def alpha(units: Units) -> float:
    """Krippendorff 2011, section C: a matrix of coincidences, filled pair by pair."""
    coincidences: Counter[tuple[str, str]] = Counter()
    for labels in units:
        for pair in permutations(labels, 2):
            coincidences[pair] += 1 / (len(labels) - 1)
    margins: Counter[str] = Counter()
    for (first, _), weight in coincidences.items():
        margins[first] += weight
    n = sum(margins.values())
    if not n:
        return float("nan")
    observed = sum(weight for (a, b), weight in coincidences.items() if a == b) / n
    expected = sum(margin * (margin - 1) for margin in margins.values()) / (n * (n - 1))
    return _corrected(observed, expected)


def bootstrap(units: Units, coefficient: Callable[[Units], float], draws: int, seed: int) -> np.ndarray:
    """Values on units drawn with replacement, one list at a time."""
    rng = np.random.default_rng(seed)
    picks = rng.integers(len(units), size=(draws, len(units)))
    return np.array([coefficient([units[i] for i in pick]) for pick in picks])


def jackknife(units: Units, coefficient: Callable[[Units], float]) -> float:
    n = len(units)
    without = np.array([coefficient([*units[:i], *units[i + 1 :]]) for i in range(n)])
    return float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))


def _corrected(observed: float, expected: float) -> float:
    return float("nan") if expected > 1 - 1e-12 else float((observed - expected) / (1 - expected))
