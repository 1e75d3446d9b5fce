"""Influence of each annotator: the coefficient computed without them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..common.plurals import counted
from .alpha import krippendorff_alpha
from .build_coefficient import read
from .coefficient import Coefficient
from .counts import Counts, Ints
from .intervals import Floats
from .unique_rows import joint


def influence(
    data: pd.DataFrame | Counts,
    coefficient: Callable[..., Coefficient] = krippendorff_alpha,
    *,
    most: int | None = 100,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
    draws: int = 1000,
    seed: int = 0,
    **options: Any,
) -> pd.DataFrame:
    """A coefficient without each annotator in turn.

    Leaving one annotator out takes about as long as the coefficient itself, so with many annotators only the most
    influential ones are left out. They are found without scoring: for each label, the share of other labels of its
    unit that differ from it, less the mean of that share; the sum over an annotator's labels is, to first order, their
    effect on percent agreement.

    Parameters
    ----------
    data, unit, annotator, label, categories
        As for `percent_agreement`. Sets as labels must be frozensets.
    coefficient : callable
        Such as `fleiss_kappa`: takes `Counts`, `draws` and `seed`, returns a `Coefficient`.
    most : int or None
        Maximum number of annotators to leave out, the most influential ones; None: all.
    draws, seed
        Of the intervals; the same seed for each, so that they differ only by annotator.
    **options
        For the coefficient, such as ``level="ordinal"``.

    Returns
    -------
    DataFrame
        One row per annotator, the largest change first: `annotator`; `n_ratings`; `without`, the coefficient without
        them; `low`, `high`, its 95 % interval from resampling units; `change`, `without` minus the coefficient with
        all, so above 0 if the others agree more among themselves. nan if undefined without the annotator, and for
        annotators beyond `most`, who are listed last; ``attrs["note"]`` has their number, ``attrs["all"]`` the
        coefficient with all.

    Raises
    ------
    ValueError
        `most` is less than 1.
    DataError
        The frame cannot be read as labels of one question, or the labels do not fit the coefficient.

    Examples
    --------
    Three annotators agree, and a fourth uses the scale in reverse:

    >>> given = {"ann": "12341234", "ben": "12341233", "cem": "12341234", "dot": "43214321"}
    >>> rows = [(row, who, int(x)) for who, labels in given.items() for row, x in enumerate(labels)]
    >>> frame = pd.DataFrame(rows, columns=["row", "participant_id", "value"])
    >>> influence(frame, level="ordinal")[["annotator", "without", "change"]].round(2)
      annotator  without  change
    0       dot     0.97    0.96
    1       ann    -0.30   -0.31
    2       cem    -0.30   -0.31
    3       ben    -0.28   -0.28
    """
    if most is not None and most < 1:
        raise ValueError(f"most is {most}; use at least 1, or None for all annotators.")
    counts = read(data, unit, annotator, label, categories)
    everyone = coefficient(counts, draws=1, seed=seed, **options)
    tried = _by_influence(counts)[:most]
    found = np.full((counts.n_annotators, 3), np.nan)
    for who in tried:
        rest = coefficient(counts.where(counts.annotators != who), draws=draws, seed=seed, **options)
        found[who] = rest.value, rest.low, rest.high
    return _table(counts, everyone, found, tried)


def _by_influence(counts: Counts) -> Ints:
    """Codes of the annotators, most influential first; ties by number of labels."""
    given = np.bincount(counts.annotators, minlength=counts.n_annotators)
    q = max(len(counts.categories), 1)
    _, place, times = np.unique(joint(counts.units, q, counts.labels), return_inverse=True, return_counts=True)
    others = counts.per_unit[counts.units] - 1
    differing = 1 - (times[place] - 1) / np.maximum(others, 1)
    usual = differing[others > 0].mean() if (others > 0).any() else 0.0
    excess = np.where(others > 0, differing - usual, 0)
    effect = np.abs(np.bincount(counts.annotators, weights=excess, minlength=counts.n_annotators))
    return np.lexsort((-given, -effect.round(9)))


def _table(counts: Counts, everyone: Coefficient, found: Floats, tried: Ints) -> pd.DataFrame:
    change = found[:, 0] - everyone.value
    given = np.bincount(counts.annotators, minlength=counts.n_annotators)
    beyond = np.ones(counts.n_annotators, dtype=bool)
    beyond[tried] = False
    order = np.lexsort((-given, np.nan_to_num(-np.abs(change), nan=np.inf), beyond))
    table = pd.DataFrame(
        {
            "annotator": counts.annotator_names.take(order),
            "n_ratings": given[order],
            "without": found[order, 0],
            "low": found[order, 1],
            "high": found[order, 2],
            "change": change[order],
        }
    )
    left = int(np.count_nonzero(beyond))
    table.attrs["all"] = everyone.value
    table.attrs["note"] = (
        f"{counted(left, 'annotator')} with the least influence not left out in turn; pass most=None to include all."
        if left
        else ""
    )
    return table
