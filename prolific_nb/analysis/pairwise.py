"""Where disagreement is: between which annotators, between which labels, and on which units."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from ..common.findings import Finding
from ..errors import DataError
from .build_coefficient import read
from .counts import Counts, Ints
from .intervals import Floats, corrected
from .label_codes import index_of
from .pair_counts import PairCounts
from .unique_rows import joint

_MOST_CELLS = 2**27  # a table of 1 GiB


def pairwise_agreement(
    data: pd.DataFrame | Counts,
    *,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
) -> pd.DataFrame:
    """Agreement of each two annotators who share at least one unit.

    Parameters
    ----------
    data, unit, annotator, label, categories
        As for `percent_agreement`.

    Returns
    -------
    DataFrame
        One row per pair, by name: ``annotator_1, annotator_2``; `n_units`, the units that both labelled; `agreement`,
        the share of these with the same label; `kappa`, Cohen's (1960), nan if expected agreement is 1 because both
        gave a single label. A κ of few units is uncertain: check `n_units`. Memory grows with the pairs of annotators
        that share a unit, not with annotators times units.

    Raises
    ------
    DataError
        The frame cannot be read as labels of one question, or an annotator labelled a unit twice.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": [1, 2, 3, 4] * 2 + [4], "participant_id": ["a"] * 4 + ["b"] * 4 + ["c"]})
    >>> frame["value"] = list("xxyy" + "xyyy" + "y")
    >>> pairwise_agreement(frame)
      annotator_1 annotator_2  n_units  agreement  kappa
    0           a           b        4       0.75    0.5
    1           a           c        1       1.00    NaN
    2           b           c        1       1.00    NaN
    """
    counts = read(data, unit, annotator, label, categories)
    q, people = max(len(counts.categories), 1), max(counts.n_annotators, 1)
    names = counts.annotator_names
    order = _by_name(names)
    cells, times = PairCounts(counts, order).cells()
    starts = _starts(cells // (q * q))
    pair = (cells // (q * q))[starts]
    one, other = cells // q % q, cells % q
    n = _sums(times, starts)
    observed = _sums(np.where(one == other, times, 0), starts) / n
    expected = _by_chance(cells // (q * q), one, other, times, q, pair) / n**2
    return pd.DataFrame(
        {
            "annotator_1": names.take(order[pair // people]),
            "annotator_2": names.take(order[pair % people]),
            "n_units": n,
            "agreement": observed,
            "kappa": corrected(observed, expected).value,
        }
    )


def label_confusion(
    data: pd.DataFrame | Counts,
    *,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
) -> pd.DataFrame:
    """How often each two labels occur on the same unit: the coincidences of Krippendorff (2011).

    Parameters
    ----------
    data, unit, annotator, label, categories
        As for `percent_agreement`.

    Returns
    -------
    DataFrame of float64, shape (q, q)
        Index and columns are the categories. Each ordered pair of labels of a unit with m labels adds 1 / (m - 1), so
        each pairable label adds 1 in total: a row sums to its pairable labels, the table to n of Krippendorff's α.
        Symmetric, since annotators are interchangeable here.

    Raises
    ------
    DataError
        The frame cannot be read as labels of one question, or there are too many categories for a table.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": [1, 1, 1, 2, 2], "participant_id": list("abcab"), "value": list("xxyyy")})
    >>> label_confusion(frame)
    label    x    y
    label
    x      1.0  1.0
    y      1.0  2.0
    """
    counts = read(data, unit, annotator, label, categories)
    q = len(counts.categories)
    if q * q > _MOST_CELLS:
        what = f"{q:,} categories make {q * q:,} pairs, too many for a table."
        raise DataError("The frame", [Finding("error", what, "Group the labels into fewer categories.")])
    patterns = counts.patterns
    ratings = patterns.sum(axis=1)
    weight = np.where(ratings > 1, counts.multiplicity / np.maximum(ratings - 1, 1), 0)
    table = patterns.T @ (patterns * weight[:, None]) - np.diag(weight @ patterns)
    names = index_of(counts.categories, name="label")
    return pd.DataFrame(table, index=names, columns=names)


def unit_disagreement(
    data: pd.DataFrame | Counts,
    *,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
) -> pd.DataFrame:
    """Units with at least two labels, lowest agreement first.

    Parameters
    ----------
    data, unit, annotator, label, categories
        As for `percent_agreement`.

    Returns
    -------
    DataFrame
        One row per unit: ``unit``; ``n_ratings``; ``agreement``, the share of its pairs of labels that agree;
        ``majority``, the label given most often, missing if tied; ``labels`` in words, such as
        ``"yes ×2, no ×1"``. Units with the same agreement keep their order in `Counts`.

    Raises
    ------
    DataError
        The frame cannot be read as labels of one question; see `count`.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": [1, 1, 2, 2, 2, 3], "participant_id": list("ababca"), "value": list("xxyxyx")})
    >>> unit_disagreement(frame)
       unit  n_ratings  agreement majority      labels
    0     2          3   0.333333        y  y ×2, x ×1
    1     1          2   1.000000        x        x ×2
    """
    counts = read(data, unit, annotator, label, categories)
    q = max(len(counts.categories), 1)
    cells, times, starts = _commonest_first(counts, q)
    m = counts.per_unit
    agreement = _sums(times * (times - 1), starts) / np.maximum(m * (m - 1), 1)
    rivals = np.diff(np.append(starts, len(cells))) > 1
    second = np.where(rivals, times[np.minimum(starts + 1, max(len(times) - 1, 0))], 0) if len(cells) else starts
    ahead = np.where(times[starts] > second, cells[starts] % q, -1)
    shown = np.flatnonzero(m > 1)
    shown = shown[np.argsort(agreement[shown], kind="stable")]
    names = index_of(counts.categories)
    words = _words(counts.categories, cells % q, times, starts)
    return pd.DataFrame(
        {
            "unit": counts.unit_names.take(shown),
            "n_ratings": m[shown],
            "agreement": agreement[shown],
            "majority": pd.Categorical.from_codes(ahead[shown], categories=names, ordered=counts.ordered),
            "labels": pd.Series([words[place] for place in shown], dtype=object),
        }
    )


def votes_in_words(counts: Counts) -> list[str]:
    """The labels of each unit with their counts, the commonest first.

    Examples
    --------
    >>> from prolific_nb.analysis import count
    >>> frame = pd.DataFrame({"row": [1, 1, 1, 2], "participant_id": list("abca"), "value": list("xyyx")})
    >>> votes_in_words(count(frame))
    ['y ×2, x ×1', 'x ×1']
    """
    q = max(len(counts.categories), 1)
    cells, times, starts = _commonest_first(counts, q)
    return _words(counts.categories, cells % q, times, starts)


def _commonest_first(counts: Counts, q: int) -> tuple[Ints, Ints, Ints]:
    """Codes of unit and label, how often each occurs, and the start of each unit; ties in the order of categories."""
    cells, times = np.unique(joint(counts.units, q, counts.labels), return_counts=True)
    order = np.lexsort((cells % q, -times, cells // q))
    cells, times = cells[order], times[order]
    return cells, times, _starts(cells // q)


def _by_chance(pairs: Ints, one: Ints, other: Ints, times: Ints, q: int, known: Ints) -> Floats:
    """Per pair: sum over labels of the product of the two annotators' counts; shape (len(known),)."""
    mine, place = np.unique(pairs * q + one, return_inverse=True)
    theirs, spot = np.unique(pairs * q + other, return_inverse=True)
    often, as_often = np.bincount(place, weights=times), np.bincount(spot, weights=times)
    both, here, there = np.intersect1d(mine, theirs, assume_unique=True, return_indices=True)
    product = often[here] * as_often[there]
    return np.bincount(np.searchsorted(known, both // q), weights=product, minlength=len(known)).astype(np.float64)


def _by_name(names: pd.Index) -> Ints:
    """Order that sorts the names; names of mixed types are sorted as strings."""
    try:
        return np.asarray(names.argsort(), dtype=np.int64)
    except TypeError:
        return np.asarray(names.astype(str).argsort(), dtype=np.int64)


def _starts(groups: Ints) -> Ints:
    """Start of each group in sorted numbers."""
    return np.flatnonzero(np.diff(groups, prepend=-1))


def _sums(values: Ints, starts: Ints) -> Ints:
    return np.add.reduceat(values, starts) if len(starts) else np.zeros(0, dtype=np.int64)


def _words(categories: Sequence[Hashable], labels: Ints, times: Ints, starts: Ints) -> list[str]:
    """The labels of each unit with their counts, such as ``"yes ×2, no ×1"``."""
    words = [f"{categories[label]} ×{n}" for label, n in zip(labels.tolist(), times.tolist(), strict=True)]
    ends = [*starts[1:].tolist(), len(words)]
    return [", ".join(words[start:end]) for start, end in zip(starts.tolist(), ends, strict=bool(len(starts)))]
