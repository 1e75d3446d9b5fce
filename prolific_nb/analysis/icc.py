"""Intraclass correlation: the share of the variance of numbers that is between units."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd

from ..common.findings import Finding
from ..errors import DataError
from .build_coefficient import read, score
from .coefficient import Coefficient
from .counts import Counts
from .distances import numbers
from .intervals import Floats, Parts, Sums, ratio

Form = Literal["1,1", "1,k", "2,1", "2,k", "3,1", "3,k"]
_SHROUT_FLEISS = (
    "Shrout & Fleiss (1979). Intraclass correlations: Uses in assessing rater reliability. "
    "Psychological Bulletin, 86(2), 420-428."
)


def icc(
    data: pd.DataFrame | Counts,
    *,
    form: Form = "1,1",
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    draws: int = 1000,
    seed: int = 0,
) -> Coefficient:
    """Intraclass correlation of numbers (Shrout & Fleiss 1979; McGraw & Wong 1996).

    Parameters
    ----------
    data : DataFrame or Counts
        Numbers given in answer to one question.
    form : {"1,1", "1,k", "2,1", "2,k", "3,1", "3,k"}
        One-way (1): any annotators on each unit, any number of them. Two-way: the same annotators on every unit, as a
        random sample (2) or fixed (3). Ending in 1: reliability of a single number; in k: of the mean of a unit's
        numbers. With unequal numbers of labels, k is the n₀ of the one-way analysis of variance (Donner 1986).
    unit, annotator, label, draws, seed
        As for `percent_agreement`.

    Returns
    -------
    Coefficient
        Observed and expected agreement are nan, since they are not defined for variances.

    Raises
    ------
    DataError
        The labels are not numbers, or a two-way form is used although an annotator has not labelled every unit.

    Examples
    --------
    Shrout & Fleiss' (1979) table 2; published values .17, .29 and .71:

    >>> given = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> rows = [(row, who, x) for row, numbers in enumerate(given) for who, x in enumerate(numbers)]
    >>> frame = pd.DataFrame(rows, columns=["row", "participant_id", "value"])
    >>> [round(icc(frame, form=form).value, 2) for form in ("1,1", "2,1", "3,1")]
    [0.17, 0.29, 0.71]
    """
    if form not in get_args(Form):
        raise ValueError(f"form is {form!r}; use {', '.join(map(repr, get_args(Form)))}.")
    counts = read(data, unit, annotator, label, None)
    values = numbers(counts, "icc")
    # Centred, so that sums of squares lose no digits to a common offset.
    x = values[counts.labels] - (np.median(values[counts.labels]) if counts.n_ratings else 0)
    statistic = _one_way(counts, x, form) if form[0] == "1" else _two_way(counts, x, form)
    why = "there is only one unit, or the numbers do not vary"
    identity = {"kind": f"icc({form})", "name": f"ICC({form})", "reference": _SHROUT_FLEISS}
    return score(counts, statistic, draws, seed, undefined=why, **identity)


def _one_way(counts: Counts, x: Floats, form: Form) -> Sums:
    m = counts.per_unit
    total = np.bincount(counts.units, weights=x, minlength=counts.n_units)
    rest = (x - (total / m)[counts.units]) ** 2
    within = np.bincount(counts.units, weights=rest, minlength=counts.n_units)
    table = np.column_stack([np.ones(len(m)), m, m**2, total, total**2 / m, within])

    def made_of(sums: Floats) -> Parts:
        units, n, squares, total, between, within = sums.T
        typical = ratio(n - ratio(squares, n), units - 1)  # labels per unit; exact if all units have the same number
        between = _mean_square(between - ratio(total**2, n), units - 1, between)
        within = ratio(within, n - units)
        return _only(ratio(between - within, between + (typical - 1) * within if form == "1,1" else between))

    return Sums.of(table, np.ones(len(m), dtype=np.int64), made_of)


def _two_way(counts: Counts, x: Floats, form: Form) -> Sums:
    table = _complete(counts, x, form)
    n_annotators = table.shape[1]
    sums_of = np.column_stack([np.ones(len(table)), table.sum(axis=1) ** 2, (table**2).sum(axis=1), table])

    def made_of(sums: Floats) -> Parts:
        k, n, given = n_annotators, sums[:, 0], sums[:, 3:]
        middle = ratio(given.sum(axis=1) ** 2, n * k)
        unit, annotator = sums[:, 1] / max(k, 1) - middle, ratio((given**2).sum(axis=1), n) - middle
        rest = sums[:, 2] - middle - unit - annotator
        between = _mean_square(unit, n - 1, sums[:, 2])
        bias, error = annotator / max(k - 1, 1), ratio(np.maximum(rest, 0), (n - 1) * (k - 1))
        spread = {
            "2,1": between + (k - 1) * error + ratio(k * (bias - error), n),
            "2,k": between + ratio(bias - error, n),
            "3,1": between + (k - 1) * error,
            "3,k": between,
        }
        return _only(ratio(between - error, spread[form]))

    return Sums.of(sums_of, np.ones(len(table), dtype=np.int64), made_of)


def _complete(counts: Counts, x: Floats, form: Form) -> Floats:
    """The numbers as units × annotators, if every annotator labelled every unit once."""
    if counts.n_ratings != counts.n_units * counts.n_annotators or (counts.per_unit != counts.n_annotators).any():
        what = (
            f"ICC({form}) needs every annotator on every unit: {counts.n_units:,} units and "
            f"{counts.n_annotators:,} annotators would make {counts.n_units * counts.n_annotators:,} labels, "
            f"but there are {counts.n_ratings:,}."
        )
        remedy = "Use form='1,1' or '1,k', or keep only the units that all of the annotators labelled."
        raise DataError("The frame", [Finding("error", what, remedy)])
    table = np.full((counts.n_units, counts.n_annotators), np.nan)
    table[counts.units, counts.annotators] = x
    if np.isnan(table).any():
        what = f"ICC({form}) needs every annotator on every unit once, but some labelled a unit more than once."
        raise DataError("The frame", [Finding("error", what, "Keep one label per annotator and unit.")])
    return table


def _mean_square(squares: Floats, degrees: Floats, size: Floats) -> Floats:
    """Mean square; a sum that differs from 0 only by rounding is set to 0."""
    return ratio(np.where(squares <= 1e-12 * size, 0, squares), degrees)


def _only(value: Floats) -> Parts:
    nothing = np.full_like(value, np.nan)
    return Parts(value, nothing, nothing)
