"""Coefficients for exactly two annotators, from the cross-table of their labels."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Literal

import numpy as np
import pandas as pd

from ..common.findings import Finding
from ..common.plurals import counted
from ..errors import DataError
from .build_coefficient import read, score
from .category_weights import weights_of
from .coefficient import Coefficient
from .counts import Counts, Ints
from .intervals import Floats, Parts, Sums, corrected, ratio
from .scale_gaps import gap_notes
from .unique_rows import joint

_KAPPA = (
    "Cohen (1960). A coefficient of agreement for nominal scales. "
    "Educational and Psychological Measurement, 20(1), 37-46."
)
_WEIGHTED_KAPPA = (
    "Cohen (1968). Weighted kappa: Nominal scale agreement with provision for scaled disagreement or partial credit. "
    "Psychological Bulletin, 70(4), 213-220."
)
_PI = (
    "Scott (1955). Reliability of content analysis: The case of nominal scale coding. "
    "Public Opinion Quarterly, 19(3), 321-325."
)


def cohen_kappa(
    data: pd.DataFrame | Counts,
    *,
    weights: Literal["linear", "quadratic"] | None = None,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> Coefficient:
    """Cohen's κ of two annotators (Cohen 1960), weighted on request (Cohen 1968).

    Chance agreement is that of two independent annotators, each with their own shares of the categories. Units
    labelled by only one of the two are left out.

    Parameters
    ----------
    data : DataFrame or Counts
        Labels of one question by two annotators.
    weights : {None, "linear", "quadratic"}
        Partial credit for near categories, by their ranks among all categories; None: only the same category counts.
    unit, annotator, label, categories, draws, seed
        As for `percent_agreement`.

    Returns
    -------
    Coefficient

    Raises
    ------
    DataError
        The frame cannot be read as labels of one question, there are more than two annotators, one of them labelled
        a unit twice, or `weights` are given for categories without an order.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": [*range(50)] * 2, "participant_id": ["a"] * 50 + ["b"] * 50})
    >>> frame["value"] = ["yes"] * 25 + ["no"] * 25 + ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    >>> print(cohen_kappa(frame))
    Cohen's κ = 0.40, 95 % interval ..., 50 units
    """
    counts = read(data, unit, annotator, label, categories)
    near = weights_of(counts, weights, ("linear", "quadratic"))
    gaps = gap_notes(counts, lambda filled: cohen_kappa(filled, weights=weights, draws=1)) if weights else []
    return _of_two(
        counts,
        near,
        lambda first, second: ((first @ near) * second).sum(axis=1),
        draws,
        seed,
        gaps,
        kind="cohen_kappa",
        name=f"Cohen's κ ({weights})" if weights else "Cohen's κ",
        reference=_WEIGHTED_KAPPA if weights else _KAPPA,
    )


def scott_pi(
    data: pd.DataFrame | Counts,
    *,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> Coefficient:
    """Scott's π of two annotators (Scott 1955).

    Chance agreement is that of two independent annotators with the same shares of the categories, the mean of the two.
    Units labelled by only one of the two are left out.

    Parameters, returns and errors are those of `cohen_kappa`.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": [*range(4)] * 2, "participant_id": ["a"] * 4 + ["b"] * 4})
    >>> frame["value"] = list("xxyy" + "xyyy")
    >>> round(scott_pi(frame).value, 3)     # (3/4 - (9 + 25)/64) / (1 - (9 + 25)/64)
    0.467
    """
    counts = read(data, unit, annotator, label, categories)
    near = np.eye(len(counts.categories))
    identity = {"kind": "scott_pi", "name": "Scott's π", "reference": _PI}
    return _of_two(counts, near, lambda a, b: (((a + b) / 2) ** 2).sum(axis=1), draws, seed, [], **identity)


def _of_two(
    counts: Counts,
    near: Floats,
    chance: Callable[[Floats, Floats], Floats],
    draws: int,
    seed: int,
    gaps: list[str],
    **identity: str,
) -> Coefficient:
    q = len(near)
    first, second, alone = _both(counts)
    cells, multiplicity = np.unique(joint(first, q, second), return_counts=True)
    one, other = cells // max(q, 1), cells % max(q, 1)
    table = np.column_stack([np.ones(len(cells)), near[one, other], np.eye(q)[one], np.eye(q)[other]])

    def made_of(sums: Floats) -> Parts:
        n = sums[:, :1]
        expected = chance(ratio(sums[:, 2 : 2 + q], n), ratio(sums[:, 2 + q :], n))
        return corrected(ratio(sums[:, 1], sums[:, 0]), expected)

    notes = [f"{counted(alone, 'unit')} labelled by only one of the two left out."] if alone else []
    notes += gaps
    statistic = Sums.of(table, multiplicity.astype(np.int64), made_of)
    why = "only one category is in use on the units that both labelled, so expected agreement is 1"
    return score(counts, statistic, draws, seed, undefined=why, notes=notes, **identity)


def _both(counts: Counts) -> tuple[Ints, Ints, int]:
    """Labels of the two annotators on the units that both labelled, and the number of other units."""
    if counts.n_annotators > 2:
        what = f"There are {counts.n_annotators:,} annotators, but this coefficient compares two."
        remedy = "Select the rows of two of them, or use fleiss_kappa, conger_kappa or krippendorff_alpha for all."
        raise DataError("The frame", [Finding("error", what, remedy)])
    given = np.full((2, counts.n_units), -1, dtype=np.int64)
    given[counts.annotators, counts.units] = counts.labels
    if np.count_nonzero(given >= 0) < counts.n_ratings:
        what = "An annotator labelled the same unit more than once, so there is no single label to compare."
        raise DataError("The frame", [Finding("error", what, "Keep one label per annotator and unit.")])
    both = (given >= 0).all(axis=0)
    return given[0, both], given[1, both], int(np.count_nonzero(~both))
