"""Intraclass correlation: the share of the variance of numbers that is between units."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd

from ..common.arguments import require_choice
from ..common.findings import Finding
from ..errors import DataError
from .build_coefficient import read, score
from .coefficient import Coefficient
from .counts import Counts
from .distances import numbers, standardised
from .intervals import ROUNDING, Floats, Parts, Sums, less, ratio

Form = Literal["1,1", "1,k", "2,1", "2,k", "3,1", "3,k"]
_COARSE = 1e-6  # a difference of variances is exact to fewer digits than this
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
    require_choice("form", form, get_args(Form))
    counts = read(data, unit, annotator, label, None)
    given = numbers(counts, "icc")[counts.labels]
    x, resolution = standardised(given), _resolution(given)
    statistic = _one_way(counts, x, form) if form[0] == "1" else _two_way(counts, x, form, resolution)
    why = _why_undefined(counts, x, form, resolution)
    identity = {"kind": f"icc({form})", "name": f"ICC({form})", "reference": _SHROUT_FLEISS}
    return score(counts, statistic, draws, seed, undefined=why, **identity)


def _resolution(given: Floats) -> float:
    """Relative error of the variances that comes from rounding.

    A sum of squares has about 1e-16 per term. Numbers such as 1000000.1 are rounded themselves, by 1.1e-16 of their
    size, which weighs more the smaller their differences are.
    """
    spread = np.ptp(given) if len(given) else 0
    offset = np.abs(given).max() / spread if spread else 0.0
    return float(min(max(ROUNDING, 16 * np.finfo(float).eps * offset), 1))


def _one_way(counts: Counts, x: Floats, form: Form) -> Sums:
    m = counts.per_unit
    total = np.bincount(counts.units, weights=x, minlength=counts.n_units)
    # Differences from a label of the same unit are exactly 0 if all its labels are equal; those from a mean are not.
    one = np.empty(counts.n_units)
    one[counts.units] = x
    rest = x - one[counts.units]
    squares, moved = (np.bincount(counts.units, weights=each, minlength=counts.n_units) for each in (rest**2, rest))
    table = np.column_stack([np.ones(len(m)), m, m**2, total, total**2 / m, squares - moved**2 / m])

    def made_of(sums: Floats) -> Parts:
        units, n, squares, total, between, within = sums.T
        typical = ratio(n - ratio(squares, n), units - 1)  # labels per unit; exact if all units have the same number
        between = ratio(_but_rounding(between - ratio(total**2, n), between + within), units - 1)
        within = ratio(within, n - units)
        return _only(ratio(less(between, within), between + (typical - 1) * within if form == "1,1" else between))

    return Sums.of(table, np.ones(len(m), dtype=np.int64), made_of)


def _two_way(counts: Counts, x: Floats, form: Form, resolution: float) -> Sums:
    table = _complete(counts, x, form)
    n_annotators = table.shape[1]
    sums_of = np.column_stack([np.ones(len(table)), table.sum(axis=1) ** 2, (table**2).sum(axis=1), table])

    def made_of(sums: Floats) -> Parts:
        k, n, everything, given = n_annotators, sums[:, 0], sums[:, 2], sums[:, 3:]
        middle = ratio(given.sum(axis=1) ** 2, n * k)
        unit = _but_rounding(sums[:, 1] / max(k, 1) - middle, everything)
        annotator = _but_rounding(ratio((given**2).sum(axis=1), n) - middle, everything)
        rest = _but_rounding(everything - middle - unit - annotator, everything)
        between, bias, error = ratio(unit, n - 1), annotator / max(k - 1, 1), ratio(rest, (n - 1) * (k - 1))
        below = {
            "2,1": between + (k - 1) * error + ratio(k * (bias - error), n),
            "2,k": between + ratio(bias - error, n),
            "3,1": between + (k - 1) * error,
            "3,k": between,
        }[form]
        # A denominator with a negative term may be 0 but for the rounding of its terms.
        size = between + (k - 1) * error + ratio(k * (bias + error), n)
        return _only(ratio(less(between, error), np.where(below <= resolution * size, 0, below)))

    return Sums.of(sums_of, np.ones(len(table), dtype=np.int64), made_of)


def _why_undefined(counts: Counts, x: Floats, form: Form, resolution: float) -> str:
    """Why the denominator is not above 0."""
    if counts.n_units < 2:
        return "there is only one unit"
    if not x.any():
        return "the numbers do not vary"
    if resolution > _COARSE:
        return "the numbers differ too little, for their size, to tell their variances from rounding"
    if form == "3,1":
        return "the numbers do not vary, except that some annotators give larger numbers than others on every unit"
    if form == "2,k":
        return (
            "the estimated variance of the means of the units, by which ICC(2,k) divides, is not above 0, since "
            "numbers on the same unit differ too much"
        )
    return f"the means of the units do not vary, and ICC({form}) divides by their variance"


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


def _but_rounding(squares: Floats, size: Floats) -> Floats:
    """A sum of squares; 0 where it is that but for rounding, relative to the sum of squares of all numbers."""
    return np.where(squares <= ROUNDING * size, 0.0, squares)


def _only(value: Floats) -> Parts:
    nothing = np.full_like(value, np.nan)
    return Parts(value, nothing, nothing)
