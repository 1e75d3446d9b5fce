"""Influence of each annotator: the coefficient computed without them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from ..common.arguments import require_whole
from ..common.plurals import counted
from ..errors import ArgumentTypeError
from .alpha import krippendorff_alpha
from .build_coefficient import read
from .coefficient import Coefficient
from .counts import Counts, Ints
from .intervals import Floats
from .leave_one_out import LeaveOneOut, sums_are_near_normal
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

    With many annotators only the most influential ones are left out. They are found without scoring: for each label,
    the share of other labels of its unit that differ from it, less the mean of that share; the sum over an annotator's
    labels is, to first order, their effect on percent agreement.

    All annotators without whom 2,000 units have two labels are left out at once. The values are the same. For the
    intervals, the sums over a resample of the units are then drawn from the normal distribution that they approach;
    their ends differ from those of single resamples by less than 0.1 standard errors, which is also the noise of 1,000
    draws.

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
    if most is not None:
        require_whole("most", most, 1, ", or None for all annotators")
    if not callable(coefficient):
        raise ArgumentTypeError(
            f"coefficient is {coefficient!r:.80}; pass a function of prolific_nb.analysis, such as fleiss_kappa."
        )
    counts = read(data, unit, annotator, label, categories)
    measure = partial(coefficient, seed=seed, **options)
    everyone = measure(counts, draws=1)
    tried = _by_influence(counts)[:most]
    found = np.full((counts.n_annotators, 3), np.nan)
    found[tried] = _without_each(counts, measure, everyone, tried, draws, seed)
    return _table(counts, everyone, found, tried)


def _without_each(
    counts: Counts, measure: Callable[..., Coefficient], everyone: Coefficient, tried: Ints, draws: int, seed: int
) -> Floats:
    """Value and interval without each annotator, shape (len(tried), 3): one by one where too few units are left."""
    found = np.full((len(tried), 3), np.nan)
    together = sums_are_near_normal(counts)[tried]
    leaving = LeaveOneOut.of(counts, partial(measure, draws=1), everyone) if together.any() else None
    if leaving is None:
        together[:] = False
    else:
        found[together] = leaving.table(tried[together], draws=draws, seed=seed)
    for place in np.flatnonzero(~together):
        each = measure(counts.where(counts.annotators != tried[place]), draws=draws)
        found[place] = each.value, each.low, each.high
    return found


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
