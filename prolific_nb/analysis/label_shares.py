"""Shares of the labels and the mean of numbers over all answers, weighted or not, with their sampling error."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .build_coefficient import read
from .counts import Counts
from .distances import numbers
from .intervals import Floats
from .label_codes import index_of
from .weighted_units import deciding_units

_Z = 1.959963984540054


@dataclass(frozen=True)
class Mean:
    """The mean of the answers with its 95 % interval.

    Parameters
    ----------
    value, se, low, high : float
        Hájek estimate, linearised standard error over units, and 95 % interval by Student's t; nan where undefined.
    n_units, n_ratings : int
        Units and answers.
    """

    value: float
    se: float
    low: float
    high: float
    n_units: int
    n_ratings: int


def share(
    data: pd.DataFrame | Counts,
    *,
    weight: str | None = None,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
) -> pd.DataFrame:
    """Share of each label among all answers.

    With weights, each answer counts as the inverse of the probability with which its unit was selected (Horvitz &
    Thompson 1952), divided by the sum of the weights (Hájek 1971). The standard error is that of a ratio, linearised,
    with the units as independent clusters (Särndal, Swensson & Wretman 1992, section 5.7). A few units with large
    weights decide most of it, which the degrees of freedom of the interval take into account (Satterthwaite 1946).

    Parameters
    ----------
    data : DataFrame or Counts
        Labels of one question, one per row; or `count` of such a frame.
    weight : str, optional
        Column of the weights, as in `count`.
    unit, annotator, label, categories
        How to read a frame, as in `count`; ignored if `data` are `Counts`.

    Returns
    -------
    DataFrame
        One row per category: ``label, share, se, low, high`` (the 95 % interval by Student's t, within 0 and 1), and
        ``n_ratings``, the answers themselves.

    Raises
    ------
    DataError
        The frame cannot be read as labels of one question; see `count`.

    Examples
    --------
    Row 3 was drawn with probability 1/2 to be asked again:

    >>> frame = pd.DataFrame({"row": [1, 2, 3, 3], "participant_id": list("abac"), "value": list("xyxy")})
    >>> share(frame.assign(weight=[1, 1, 1, 2]), weight="weight")[["label", "share", "n_ratings"]]
      label  share  n_ratings
    0     x    0.4          2
    1     y    0.6          2
    """
    counts = read(data, unit, annotator, label, categories, weight)
    names = index_of(counts.categories)
    found = [_hajek(counts, (counts.labels == code).astype(float)) for code in range(len(names))]
    table = pd.DataFrame(found, columns=["share", "se", "low", "high"], dtype=np.float64)
    table[["low", "high"]] = table[["low", "high"]].clip(0, 1)
    table.insert(0, "label", pd.Series(pd.Categorical(names, categories=names, ordered=counts.ordered)))
    return table.assign(n_ratings=counts.totals)


def mean(
    data: pd.DataFrame | Counts,
    *,
    weight: str | None = None,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
) -> Mean:
    """Mean of answers that are numbers, such as points of a scale.

    Parameters
    ----------
    data, weight, unit, annotator, label
        As for `share`, which has the sources.

    Raises
    ------
    DataError
        A label is not a number, or the frame cannot be read as labels of one question.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": [1, 2, 3, 3], "participant_id": list("abac"), "value": [1, 2, 1, 2]})
    >>> mean(frame.assign(weight=[1, 1, 1, 2]), weight="weight").value
    1.6
    """
    counts = read(data, unit, annotator, label, None, weight)
    values = numbers(counts, "mean")[counts.labels]
    return Mean(*_hajek(counts, values), counts.n_units, counts.n_ratings)


def _hajek(counts: Counts, values: Floats) -> tuple[float, float, float, float]:
    """Weighted mean of one value per label, its standard error, and its interval."""
    weights = np.ones(counts.n_ratings) if counts.weights is None else counts.weights
    total, n = weights.sum(), counts.n_units
    if not n:
        return (np.nan,) * 4
    value = float(weights @ values / total)
    if n < 2:
        return value, np.nan, np.nan, np.nan
    residuals = np.bincount(counts.units, weights=weights * (values - value), minlength=n) / total
    se = float(np.sqrt(n / (n - 1) * (residuals**2).sum()))
    reach = _student(max(deciding_units(counts) - 1, 1.0)) * se
    return value, se, value - reach, value + reach


def _student(freedom: float) -> float:
    """The 97.5 % point of Student's t, by its expansion around the normal one (Abramowitz & Stegun 1964, 26.7.5)."""
    z = _Z
    terms = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96, (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + sum(term / freedom**power for power, term in enumerate(terms, 1))
