"""How the interval of α has narrowed while answers arrived."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from ..common.arguments import require_whole
from .build_coefficient import read
from .counts import Counts
from .running_alpha import RunningAlpha, RunningLevel

COLUMNS = ("answers", "units", "value", "low", "high", "safe_half_width")
_FEWEST = 5  # units with two labels, below which an interval says nothing


def precision_course(
    data: pd.DataFrame | Counts,
    *,
    level: RunningLevel = "nominal",
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
    looks: int = 40,
    draws: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """α with its 95 % interval after the first answers, after more of them, and after all.

    Parameters
    ----------
    data : DataFrame or Counts
        Labels of one question in the order in which they arrived: ``frame.sort_values("created_at")``.
    level : {"nominal", "ordinal", "interval", "set"}
        As for `RunningAlpha`.
    unit, annotator, label, categories, draws, seed
        As for `percent_agreement`.
    looks : int
        The most rows.

    Returns
    -------
    DataFrame
        ``answers`` and ``units``, int64: the labels so far, and the units with at least two of them; ``value``,
        ``low``, ``high`` and ``safe_half_width`` (see `Precision`), float64. Rows without an interval are left out.

    Raises
    ------
    DataError
        The frame cannot be read as labels of one question; see `count`.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": np.repeat(range(40), 2), "participant_id": ["a", "b"] * 40})
    >>> frame["value"] = ["x", "x", "x", "x", "x", "y", "y", "y"] * 10
    >>> precision_course(frame, looks=2).drop(columns="safe_half_width").round(2)
       answers  units  value   low  high
    0       40     20   0.48  0.07  0.86
    1       80     40   0.47  0.17  0.75
    """
    require_whole("looks", looks, 1)
    counts = read(data, unit, annotator, label, categories)
    ordered = counts.categories if level in ("nominal", "ordinal") else ()
    alpha = RunningAlpha(level, categories=ordered, draws=draws, seed=seed)
    ends = np.unique(np.linspace(0, counts.n_ratings, looks + 1).round().astype(int))
    answers = zip(
        counts.units.tolist(),
        counts.annotators.tolist(),
        [counts.categories[code] for code in counts.labels],
        strict=True,
    )
    rows = []
    for more in np.diff(ends):
        alpha.update(next(answers) for _ in range(more))
        found = alpha.precision() if alpha.n_units >= _FEWEST else None
        if found is not None and not np.isnan(found.low):
            rows.append((found.n_answers, found.n_units, found.value, found.low, found.high, found.safe_half_width))
    kinds = dict.fromkeys(COLUMNS[:2], np.int64) | dict.fromkeys(COLUMNS[2:], np.float64)
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(kinds)
