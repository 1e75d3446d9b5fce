"""Coefficients for any number of interchangeable annotators, from the count patterns of the units.

Unequal numbers of labels per unit are handled as in Gwet (2014, chapter 2): units with one label show no agreement, but
they inform the prevalence of the categories, so they count in the chance term only.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Literal, overload

import numpy as np
import pandas as pd

from .build_coefficient import read, score
from .category_weights import Weights, weights_of
from .coefficient import Coefficient
from .counts import Counts, Ints
from .intervals import Floats, Parts, Sums, corrected, ratio
from .scale_gaps import gap_notes
from .weighted_units import staged

_RANKED = ("linear", "quadratic", "ordinal")
_FLEISS = "Fleiss (1971). Measuring nominal scale agreement among many raters. Psychological Bulletin, 76(5), 378-382."
_BRENNAN_PREDIGER = (
    "Brennan & Prediger (1981). Coefficient kappa: Some uses, misuses, and alternatives. "
    "Educational and Psychological Measurement, 41(3), 687-699."
)
_AC1 = (
    "Gwet (2008). Computing inter-rater reliability and its variance in the presence of high agreement. "
    "British Journal of Mathematical and Statistical Psychology, 61(1), 29-48."
)
_AC2 = "Gwet (2014). Handbook of inter-rater reliability (4th ed.). Advanced Analytics."
_ONE_OFFERED = "there is only one category; if others were offered, pass all of them as categories="


def percent_agreement(
    data: pd.DataFrame | Counts,
    *,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
    weight: str | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> Coefficient:
    """Share of agreeing pairs of labels within a unit, averaged over the units with at least two labels.

    Not corrected for chance: two annotators who always choose the same of two options agree fully.

    Parameters
    ----------
    data : DataFrame or Counts
        Labels of one question, one per row; or `count` of such a frame, so that several coefficients share one count.
    unit, annotator, label, categories
        How to read a frame, as in `count`; ignored if `data` are `Counts`.
    weight : str, optional
        Column of the weights of the labels, as in `count`; other coefficients take them from ``count(weight=...)``.
    draws : int
        Resamples of units for the interval.
    seed : int
        Seed of the resampling; the same seed gives the same interval.

    Returns
    -------
    Coefficient

    Raises
    ------
    DataError
        The frame cannot be read as labels of one question; see `count`.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": [1, 1, 2, 2], "participant_id": ["a", "b"] * 2, "value": ["x", "x", "x", "y"]})
    >>> percent_agreement(frame).value
    0.5
    """
    counts = staged(read(data, unit, annotator, label, categories, weight))
    table = agreeing(counts.patterns, np.eye(len(counts.categories)))
    statistic = Sums.of(table, counts.multiplicity, _observed_only)
    return score(counts, statistic, draws, seed, kind="percent_agreement", name="Percent agreement")


@overload
def fleiss_kappa(
    data: pd.DataFrame | Counts,
    *,
    per_category: Literal[False] = False,
    unit: str | None = ...,
    annotator: str = ...,
    label: str = ...,
    categories: Sequence[Hashable] | None = ...,
    draws: int = ...,
    seed: int = ...,
) -> Coefficient: ...


@overload
def fleiss_kappa(
    data: pd.DataFrame | Counts,
    *,
    per_category: Literal[True],
    unit: str | None = ...,
    annotator: str = ...,
    label: str = ...,
    categories: Sequence[Hashable] | None = ...,
    draws: int = ...,
    seed: int = ...,
) -> dict[Hashable, Coefficient]: ...


def fleiss_kappa(
    data: pd.DataFrame | Counts,
    *,
    per_category: bool = False,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> Coefficient | dict[Hashable, Coefficient]:
    """Fleiss' κ (Fleiss 1971), in Gwet's form for any number of labels per unit (Gwet 2014, chapter 2).

    Chance agreement is the sum of squared shares of the categories, each share averaged over all units. Annotators
    are assumed to be interchangeable.

    Parameters
    ----------
    data, unit, annotator, label, categories, draws, seed
        As for `percent_agreement`.
    per_category : bool
        One κ for each category against all others combined (Fleiss 1971, equation 23) instead of a single κ.

    Returns
    -------
    Coefficient, or dict from category to Coefficient

    Raises
    ------
    DataError
        The frame cannot be read as labels of one question; see `count`.

    Examples
    --------
    Krippendorff's (2011) table of 12 units, of which one has a single label; published value .761 (irrCAC):

    >>> given = {"A": "123321412...", "B": "1233224125.3", "C": ".3332342251.", "D": "12332441251."}
    >>> rows = [(row, who, x) for who, labels in given.items() for row, x in enumerate(labels) if x != "."]
    >>> frame = pd.DataFrame(rows, columns=["row", "participant_id", "value"])
    >>> print(fleiss_kappa(frame))
    Fleiss' κ = 0.76, 95 % interval ..., 12 units. The interval is likely to be too narrow: ...
    >>> print(fleiss_kappa(frame, per_category=True)["1"])
    Fleiss' κ for '1' = 0.7..., 95 % interval ..., 12 units. ...
    """
    counts = staged(read(data, unit, annotator, label, categories))
    identity = {"kind": "fleiss_kappa", "reference": _FLEISS}
    if not per_category:
        statistic = _fleiss(counts.patterns, counts.multiplicity)
        return score(counts, statistic, draws, seed, name="Fleiss' κ", **identity)
    others = counts.patterns.sum(axis=1)
    why = "no label or every label is of this category, so expected agreement is 1"
    return {
        category: score(
            counts,
            _fleiss(np.column_stack([chosen, others - chosen]), counts.multiplicity),
            draws,
            seed,
            name=f"Fleiss' κ for {category!r}",
            undefined=why,
            **identity,
        )
        for category, chosen in zip(counts.categories, counts.patterns.T, strict=True)
    }


def brennan_prediger(
    data: pd.DataFrame | Counts,
    *,
    weights: Weights | None = None,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> Coefficient:
    """Brennan & Prediger's κ (1981): chance agreement is that of uniform choice, 1 / q for q categories.

    Also known as S, and for two categories as PABAK. With `weights` as in Gwet 2014, section 4.3.

    Parameters
    ----------
    data, unit, annotator, label, draws, seed
        As for `percent_agreement`.
    weights : {None, "linear", "quadratic", "ordinal"}
        Partial credit for near categories; None: only the same category counts.
    categories : sequence, optional
        The options offered, in order if `weights` are used. Unused ones count.

    Returns
    -------
    Coefficient

    Raises
    ------
    DataError
        The frame cannot be read as labels of one question, or `weights` are given for categories without an order.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": [1, 1, 2, 2], "participant_id": ["a", "b"] * 2, "value": ["x", "x", "x", "y"]})
    >>> brennan_prediger(frame, categories=["x", "y", "z", "none"]).value     # (1/2 - 1/4) / (1 - 1/4)
    0.333...
    """
    counts = staged(read(data, unit, annotator, label, categories))
    near = weights_of(counts, weights, _RANKED)
    expected = float(near.mean()) if near.size else 1.0

    def made_of(sums: Floats) -> Parts:
        return corrected(ratio(sums[:, 1], sums[:, 0]), np.full(len(sums), expected))

    statistic = Sums.of(agreeing(counts.patterns, near), counts.multiplicity, made_of)
    return score(
        counts,
        statistic,
        draws,
        seed,
        kind="brennan_prediger",
        name=_with_weights("Brennan-Prediger κ", weights),
        notes=gap_notes(counts, lambda filled: brennan_prediger(filled, weights=weights, draws=1)),
        reference=_BRENNAN_PREDIGER,
        undefined=_ONE_OFFERED,
    )


def gwet_ac(
    data: pd.DataFrame | Counts,
    *,
    weights: Weights | None = None,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> Coefficient:
    """Gwet's AC1, or AC2 with `weights` (Gwet 2008; 2014, sections 2.3 and 4.4).

    Chance agreement is highest if all categories are equally common and vanishes if one prevails, so the coefficient
    stays near percent agreement at skewed prevalence. Labels that are independent of the unit can score well above 0
    there.

    Parameters
    ----------
    data, unit, annotator, label, categories, draws, seed, weights
        As for `brennan_prediger`.

    Returns
    -------
    Coefficient

    Raises
    ------
    DataError
        The frame cannot be read as labels of one question, or `weights` are given for categories without an order.

    Examples
    --------
    Feinstein & Cicchetti's (1990) table, 94.4 % agreement where κ is negative; published value .941 (Gwet 2002):

    >>> frame = pd.DataFrame({"row": [*range(125)] * 2, "participant_id": ["a"] * 125 + ["b"] * 125})
    >>> frame["value"] = list("+" * 123 + "-" * 2 + "+" * 118 + "-" * 5 + "+" * 2)
    >>> print(gwet_ac(frame))
    Gwet's AC1 = 0.94, 95 % interval ..., 125 units. The interval is likely to be too narrow: ...
    """
    counts = staged(read(data, unit, annotator, label, categories))
    near = weights_of(counts, weights, _RANKED)
    q = len(near)

    def made_of(sums: Floats) -> Parts:
        shares = _shares(sums)
        unlike = (shares * (1 - shares)).sum(axis=1)
        return corrected(ratio(sums[:, 1], sums[:, 0]), near.sum() / (q * (q - 1)) * unlike if q > 1 else unlike + 1)

    statistic = Sums.of(_with_shares(counts.patterns, near), counts.multiplicity, made_of)
    return score(
        counts,
        statistic,
        draws,
        seed,
        kind="gwet_ac2" if weights else "gwet_ac1",
        name=_with_weights("Gwet's AC2" if weights else "Gwet's AC1", weights),
        notes=gap_notes(counts, lambda filled: gwet_ac(filled, weights=weights, draws=1)),
        reference=_AC2 if weights else _AC1,
        undefined=_ONE_OFFERED,
    )


def agreeing(patterns: Ints, near: Floats) -> Floats:
    """Per pattern: whether it has a pair of labels, and the mean agreement weight of its pairs; shape (P, 2)."""
    ratings = patterns.sum(axis=1)
    pairs = ratings * (ratings - 1)
    # A label is not paired with itself.
    weight = (patterns * (patterns @ near)).sum(axis=1) - ratings
    return np.column_stack([pairs > 0, weight / np.maximum(pairs, 1)])


def _with_shares(patterns: Ints, near: Floats) -> Floats:
    """`agreeing`, then the share of each category in the pattern; shape (P, 2 + q)."""
    return np.column_stack([agreeing(patterns, near), patterns / patterns.sum(axis=1, keepdims=True)])


def _shares(sums: Floats) -> Floats:
    """Share of each category, averaged over all units, including those with one label; shape (n, q)."""
    shares = sums[:, 2:]
    return ratio(shares, shares.sum(axis=1, keepdims=True))


def _observed_only(sums: Floats) -> Parts:
    observed = ratio(sums[:, 1], sums[:, 0])
    return Parts(observed, observed, np.zeros_like(observed))


def _fleiss(patterns: Ints, multiplicity: Ints) -> Sums:
    def made_of(sums: Floats) -> Parts:
        shares = sums[:, 2:]
        expected = ratio((shares**2).sum(axis=1), shares.sum(axis=1) ** 2)
        return corrected(ratio(sums[:, 1], sums[:, 0]), expected)

    return Sums.of(_with_shares(patterns, np.eye(patterns.shape[1])), multiplicity, made_of)


def _with_weights(name: str, weights: str | None) -> str:
    return f"{name} ({weights})" if weights else name
