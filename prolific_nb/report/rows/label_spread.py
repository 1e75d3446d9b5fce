"""How the labels of a row are spread: the entropy, and the share of each label."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...analysis import Counts
from ...analysis.aggregate import tally
from ...analysis.intervals import Floats
from ...analysis.unique_rows import joint
from ..question_data import QuestionData, option_of

MOST_SHARES = 100
"""Questions with more labels than this have no column for the share of each."""


def label_spread(reading: QuestionData, units: pd.Series) -> pd.DataFrame:
    """``entropy`` and ``share of …`` of some of the rows of a question, with the index of `units`.

    Numbers have no shares, and their entropy is nan.
    """
    if reading.kind == "number":
        return pd.DataFrame({"entropy": np.full(len(units), np.nan)}, index=units.index)
    wanted = np.zeros(reading.counts.n_units, dtype=bool)
    wanted[reading.counts.unit_names.get_indexer(pd.Index(units.astype(object)))] = True
    counts = reading.counts.where(wanted[reading.counts.units])
    place = counts.unit_names.get_indexer(pd.Index(units.astype(object)))
    table = pd.DataFrame({"entropy": entropy(counts), **_shares(reading, counts)})
    return table.iloc[place].set_index(units.index)


def entropy(counts: Counts) -> Floats:
    """Entropy of the labels of each unit in bits, not normalised; float64, shape (n_units,).

    −Σ p log2 p over the labels given (Shannon, 1948, section 6), p being the share of each among the answers of the
    unit.

    Examples
    --------
    >>> from prolific_nb.analysis import count
    >>> frame = pd.DataFrame({"row": [1, 1, 2, 2], "participant_id": ["a", "b"] * 2, "value": list("xxxy")})
    >>> entropy(count(frame)).tolist()
    [0.0, 1.0]
    """
    q = max(len(counts.categories), 1)
    cells, times = np.unique(joint(counts.units, q, counts.labels), return_counts=True)
    p = times / counts.per_unit[cells // q]
    return np.bincount(cells // q, weights=p * np.log2(1 / p), minlength=counts.n_units).astype(np.float64)


def _shares(reading: QuestionData, counts: Counts) -> dict[str, Floats]:
    if reading.kind != "many":
        if len(counts.categories) > MOST_SHARES:
            return {}
        shares = tally(counts) / counts.per_unit[:, None]
        return {f"share of {name}": each for name, each in zip(counts.categories, shares.T, strict=True)}
    if len(reading.options) > MOST_SHARES:
        return {}
    picked = {option: option_of(reading, option, counts) for option in reading.options}
    return {
        f"share of {option}": np.bincount(each.units, weights=each.labels, minlength=counts.n_units) / counts.per_unit
        for option, each in picked.items()
    }
