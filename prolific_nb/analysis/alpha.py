"""Krippendorff's α for every level of measurement."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from ..common.arguments import require_choice
from ..common.blank_text import is_blank
from ..common.findings import Finding
from ..errors import DataError
from .build_coefficient import read, score
from .category_weights import refuse_unordered
from .coefficient import Coefficient
from .counts import Counts, Ints, count
from .distances import Chance, numbers, ratio_distance, set_distance, standardised, within_units
from .intervals import Floats, Parts, Sums, corrected, less, ratio
from .label_text import is_missing, quoted
from .weighted_units import staged

Level = Literal["nominal", "ordinal", "interval", "ratio", "set"]

_ALPHA = "Krippendorff (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania."
_MASI = (
    "Passonneau (2006). Measuring agreement on set-valued items (MASI) for semantic and pragmatic annotation. "
    "Proceedings of LREC 2006, 831-836."
)
# Tables with at most this many numbers are kept instead of being recomputed for every batch of draws.
_KEPT = 2**22


def krippendorff_alpha(
    data: pd.DataFrame | Counts,
    *,
    level: Level = "nominal",
    distance: Literal["masi", "jaccard"] = "masi",
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
    weight: str | None = None,
    draws: int = 1000,
    seed: int = 0,
) -> Coefficient:
    """Krippendorff's α (Krippendorff 2011).

    Chance disagreement is that of two labels drawn without replacement from all labels that can be paired, so units
    with one label do not count. Any number of labels per unit; unused categories have no effect.

    Parameters
    ----------
    data, unit, annotator, label, categories, weight, draws, seed
        As for `percent_agreement`.
    level : {"nominal", "ordinal", "interval", "ratio", "set"}
        Distance of two labels: equal or not; number of labels ranked between them; squared difference; squared
        difference over squared sum; overlap of two sets. Ordinal distances depend on how often each label was given,
        so they are recomputed in each resample. Sets are given as set, frozenset, list or tuple.
    distance : {"masi", "jaccard"}
        Distance between sets; ignored at other levels.

    Returns
    -------
    Coefficient
        Observed and expected are 1 - disagreement over the largest distance between two labels in use.

    Raises
    ------
    DataError
        The frame cannot be read as labels of one question; or the labels do not fit the level: no order (ordinal), no
        numbers (interval, ratio), negative numbers (ratio), no sets (set).

    Examples
    --------
    Krippendorff's (2011) table of section C; published values .743, .815, .849 and .797:

    >>> given = {"A": "123321412...", "B": "1233224125.3", "C": ".3332342251.", "D": "12332441251."}
    >>> rows = [(row, who, int(x)) for who, labels in given.items() for row, x in enumerate(labels) if x != "."]
    >>> frame = pd.DataFrame(rows, columns=["row", "participant_id", "value"])
    >>> for level in ["nominal", "ordinal", "interval", "ratio"]:
    ...     print(f"{krippendorff_alpha(frame, level=level).value:.3f}")
    0.743
    0.815
    0.849
    0.797
    """
    require_choice("level", level, get_args(Level))
    require_choice("distance", distance, ("masi", "jaccard"))
    if level == "set" and not isinstance(data, Counts):
        data = count(_sets(data, label), unit=unit, annotator=annotator, label=label, weight=weight)
    counts = staged(read(data, unit, annotator, label, categories, weight))
    why = "only one category is in use on units with at least two labels, so expected agreement is 1"
    measured = f"set, {'MASI' if distance == 'masi' else 'Jaccard'}" if level == "set" else level
    return score(
        counts,
        _statistic(counts, level, distance),
        draws,
        seed,
        kind="krippendorff_alpha",
        name=f"Krippendorff's α ({measured})",
        reference=f"{_ALPHA}\n{_MASI}" if (level, distance) == ("set", "masi") else _ALPHA,
        undefined=why,
    )


def _statistic(counts: Counts, level: Level, distance: Literal["masi", "jaccard"]) -> Sums:
    if level == "nominal":
        return nominal_sums(counts.patterns, counts.multiplicity)
    if level == "ordinal":
        refuse_unordered(counts, "level='ordinal'")
        return ordinal_sums(counts.patterns, counts.multiplicity)
    if level == "interval":
        return _interval(counts)
    if level == "ratio":
        return _ratio(counts)
    sets = _are_sets(counts)
    table = set_distance(sets, distance)
    return _by_distance(counts, lambda a, b: table[a, b], Chance.of_table(table), _largest(table))


def nominal_sums(patterns: Ints, multiplicity: Ints) -> Sums:
    """α of categories without an order, from count patterns of shape (P, q) and the number of units with each."""
    return Sums.of(_coincidences(patterns), multiplicity, _nominal)


def _coincidences(patterns: Ints) -> Floats:
    """Per pattern: agreeing coincidences, then the pairable labels per category; shape (P, 1 + q)."""
    ratings = patterns.sum(axis=1)
    agreeing = (patterns * (patterns - 1)).sum(axis=1) / np.maximum(ratings - 1, 1)
    return np.column_stack([agreeing, patterns * (ratings > 1)[:, None]])


def _nominal(sums: Floats) -> Parts:
    labels = sums[:, 1:]
    n = labels.sum(axis=1)
    return corrected(ratio(sums[:, 0], n), ratio((labels * (labels - 1)).sum(axis=1), n * (n - 1)))


def ordinal_sums(patterns: Ints, multiplicity: Ints) -> Sums:
    """From the coincidences of each two categories; a distance is the squared difference of mid-ranks (section D).

    Krippendorff's sum of the labels from one category to the other, less half of either, is that difference.
    """
    q = patterns.shape[1]
    used = np.flatnonzero(patterns.any(axis=0))
    one, other = (used[place] for place in np.triu_indices(len(used), 1))

    def rows(part: slice) -> Floats:
        chosen = patterns[part]
        ratings = chosen.sum(axis=1)
        coincidences = chosen[:, one] * chosen[:, other] / np.maximum(ratings - 1, 1)[:, None]
        return np.column_stack([chosen * (ratings > 1)[:, None], coincidences])

    def made_of(sums: Floats) -> Parts:
        labels = sums[:, :q]
        n = labels.sum(axis=1)
        ranks = labels.cumsum(axis=1) - (labels + n[:, None]) / 2  # their mean is 0
        observed = ratio(2 * (sums[:, q:] * (ranks[:, one] - ranks[:, other]) ** 2).sum(axis=1), n)
        expected = ratio(2 * (labels * ranks**2).sum(axis=1), n - 1)
        in_use = np.where(labels > 0, ranks, 0)
        largest = (in_use.max(axis=1, initial=0) - in_use.min(axis=1, initial=0)) ** 2
        return _from_distances(observed, expected, largest)

    return _kept(Sums(multiplicity, rows, q + len(one), made_of), len(patterns))


def _interval(counts: Counts) -> Sums:
    """From the number of labels, Σx and Σx² of each unit; cost does not depend on the number of different values."""
    values = numbers(counts, "level='interval'")[counts.labels]
    m, paired = counts.per_unit, counts.per_unit > 1
    x = np.zeros(counts.n_ratings)
    x[paired[counts.units]] = standardised(values[paired[counts.units]])
    total, squares = (np.bincount(counts.units, weights=each, minlength=counts.n_units) for each in (x, x**2))
    rest = (x - (total / m)[counts.units]) ** 2
    within = 2 * m / np.maximum(m - 1, 1) * np.bincount(counts.units, weights=rest, minlength=counts.n_units)
    table = np.column_stack([m, total, squares, within]) * paired[:, None]
    return moment_sums(table, np.ptp(x[paired[counts.units]]) ** 2 if paired.any() else 0.0)


def moment_sums(table: Floats, largest: float) -> Sums:
    """From the labels of each unit, Σx, Σx² and the squared differences within it, shape (n_units, 4)."""

    def made_of(sums: Floats) -> Parts:
        n, total, squares, within = sums.T
        spread = less(n * squares, total**2)  # 0 for a single value
        return _from_distances(ratio(within, n), ratio(2 * spread, n * (n - 1)), np.full(len(n), largest))

    return Sums.of(table, np.ones(len(table), dtype=np.int64), made_of)


def _ratio(counts: Counts) -> Sums:
    values = numbers(counts, "level='ratio'")
    if (values < 0).any():
        what = f"level='ratio' needs numbers of at least 0; negative: {quoted(values[values < 0].tolist())}."
        raise DataError("The frame", [Finding("error", what, "Use level='interval', which allows negative numbers.")])
    used = values[counts.totals > 0]
    ends = used[used > 0] if (used > 0).any() else np.zeros(1)
    largest = 1.0 if (used == 0).any() and len(used) > 1 else float(ratio_distance(ends.min(), ends.max()))
    return _by_distance(counts, lambda a, b: ratio_distance(values[a], values[b]), Chance.of_ratios(values), largest)


def _by_distance(counts: Counts, distance: Callable[[Ints, Ints], Floats], chance: Chance, largest: float) -> Sums:
    """From the distances within each unit and the sums that chance disagreement needs."""
    within = within_units(counts, distance)
    labels = counts.labels[np.argsort(counts.units, kind="stable")]
    ends = np.concatenate([[0], np.cumsum(counts.per_unit)])

    def rows(part: slice) -> Floats:
        m = counts.per_unit[part]
        start, stop = ends[part.start], ends[part.stop]
        features = np.add.reduceat(chance.features(labels[start:stop]), ends[part] - start, axis=0)
        return np.column_stack([m, within[part], features]) * (m > 1)[:, None]

    made_of = _of_pairs(chance, largest)
    return _kept(Sums(np.ones(counts.n_units, dtype=np.int64), rows, 2 + chance.width, made_of), counts.n_units)


def set_sums(patterns: Ints, multiplicity: Ints, distance: Floats) -> Sums:
    """α by a table of distances, shape (q, q), from count patterns of shape (P, q) and the number of units of each."""
    ratings = patterns.sum(axis=1)
    within = (patterns * (patterns @ distance)).sum(axis=1) / np.maximum(ratings - 1, 1)
    table = np.column_stack([ratings, within, patterns]) * (ratings > 1)[:, None]
    return Sums.of(table, multiplicity, _of_pairs(Chance.of_table(distance), _largest(distance)))


def _of_pairs(chance: Chance, largest: float) -> Callable[[Floats], Parts]:
    """From the labels, the distances within units, and the sums that chance disagreement needs."""

    def made_of(sums: Floats) -> Parts:
        n = sums[:, 0]
        apart = chance.total(sums[:, 2:])
        apart[apart <= chance.rounding * n**2] = 0  # a single value
        return _from_distances(ratio(sums[:, 1], n), ratio(apart, n * (n - 1)), np.full(len(n), largest))

    return made_of


def _kept(sums: Sums, kinds: int) -> Sums:
    """The same statistic with its table kept in memory, if that is small."""
    if not kinds or kinds * sums.width > _KEPT:
        return sums
    return Sums.of(np.concatenate([sums.rows(part) for part in sums.slices()]), sums.multiplicity, sums.made_of)


def _from_distances(observed: Floats, expected: Floats, largest: Floats) -> Parts:
    one = np.ones_like(observed)
    return Parts(less(one, ratio(observed, expected)), 1 - ratio(observed, largest), 1 - ratio(expected, largest))


def _largest(table: Floats) -> float:
    return float(table.max(initial=0))


def _sets(frame: pd.DataFrame, label: str) -> pd.DataFrame:
    """The frame with each answer as a frozenset."""
    if not isinstance(frame, pd.DataFrame) or label not in frame.columns:
        return frame  # `count` reports the problem
    # Blank text is left as it is: `count` leaves it out.
    sets = frame[label].astype(object).map(lambda each: each if is_blank(each) else _frozen(each), na_action="ignore")
    return frame.assign(**{label: sets})


def _frozen(answer: Any) -> frozenset[Any]:
    if isinstance(answer, set | frozenset | list | tuple | np.ndarray):
        # "".split(",") is [""]: an answer without a pick, which is the empty set.
        return frozenset(each for each in answer if not is_blank(each) and not is_missing(each))
    raise _no_sets([answer])


def _are_sets(counts: Counts) -> list[Hashable]:
    others = [each for each in counts.categories if not isinstance(each, frozenset)]
    if others:
        raise _no_sets(others)
    return list(counts.categories)


def _no_sets(others: Sequence[Hashable]) -> DataError:
    what = f"level='set' needs sets of options; not a set: {quoted(others)}."
    remedy = "Make each answer a set, such as frozenset(['good', 'cheap']), or use level='nominal'."
    return DataError("The frame", [Finding("error", what, remedy)])
