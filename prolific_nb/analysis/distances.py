"""Distances of labels, observed and expected by chance, for Krippendorff's α of numbers and sets."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from ..common.findings import Finding
from ..errors import DataError
from .counts import Counts, Ints
from .intervals import Floats
from .label_codes import Codes
from .label_text import is_number, quoted

# Above this many different values, ratio distances are summed by their Fourier transform.
_MANY = 256


def numbers(counts: Counts, why: str) -> Floats:
    """The categories as numbers, shape (q,); raises `DataError` if they are not finite numbers."""
    unknown = [each for each in counts.categories if not _is_number(each)]
    if unknown:
        what = f"{why} needs finite numbers; not a number: {quoted(unknown)}."
        remedy = "Convert the labels, pd.to_numeric(frame[...]), or use level='nominal' or 'ordinal'."
        raise DataError("The frame", [Finding("error", what, remedy)])
    return np.array([float(each) for each in counts.categories])  # type: ignore[arg-type]


def ratio_distance(one: Floats, other: Floats) -> Floats:
    """Squared difference over squared sum, 0 for two zeros (Krippendorff 2011, section E).

    Examples
    --------
    >>> ratio_distance(np.array([1.0, 0.0, 0.0]), np.array([3.0, 2.0, 0.0])).tolist()
    [0.25, 1.0, 0.0]
    """
    total = one + other
    share: Floats = np.divide(one - other, total, out=np.zeros_like(total), where=total > 0)
    return share**2


def set_distance(sets: Sequence[Hashable], kind: Literal["masi", "jaccard"]) -> Floats:
    """1 - similarity of each two sets, float64 of shape (q, q).

    Jaccard: size of the intersection over size of the union. MASI (Passonneau 2006): that times 2/3 if one set contains
    the other, times 1/3 if they only overlap. The empty set is an answer like any other.

    Examples
    --------
    >>> set_distance([frozenset({1, 2}), frozenset({1, 2, 3, 4})], "masi")[0, 1].round(4)     # 1 - 1/2 * 2/3
    np.float64(0.6667)
    """
    items = {item: place for place, item in enumerate({item for each in sets for item in each})}  # type: ignore[attr-defined]
    contains = np.zeros((len(sets), max(len(items), 1)))
    for row, each in zip(contains, sets, strict=True):
        row[[items[item] for item in each]] = 1  # type: ignore[attr-defined]
    shared, size = contains @ contains.T, contains.sum(axis=1)
    union = np.add.outer(size, size) - shared
    jaccard: Floats = np.divide(shared, union, out=np.ones_like(union), where=union > 0)
    if kind == "jaccard":
        return 1 - jaccard
    smaller, larger = np.minimum.outer(size, size), np.maximum.outer(size, size)
    nested, equal = shared == smaller, shared == larger
    masi: Floats = jaccard * np.where(equal, 1, np.where(nested, 2 / 3, 1 / 3))
    return 1 - masi


@dataclass(frozen=True)
class Chance:
    """Sum of the distances of all pairs of labels, from sums over the labels.

    `features` maps codes of labels, shape (m,), to a row for each, shape (m, width); `total`
    maps sums of such rows, shape (n, width), to the sum of distances over ordered pairs of the labels, shape (n,).
    """

    width: int
    features: Callable[[Codes], Floats]
    total: Callable[[Floats], Floats]

    @classmethod
    def of_table(cls, distance: Floats) -> Chance:
        """From the distances of each two categories, shape (q, q)."""
        one = np.eye(len(distance))
        return cls(len(one), lambda labels: one[labels], lambda sums: ((sums @ distance) * sums).sum(axis=1))

    @classmethod
    def of_ratios(cls, values: Floats) -> Chance:
        """From numbers of 0 or more.

        1 - distance is 1 / cosh²(s / 2) with s the difference of logarithms, whose Fourier transform 4πω / sinh(πω)
        falls so fast that a few hundred frequencies give the sum to machine precision; a table of pairs is quadratic.
        """
        if len(values) <= _MANY:
            return cls.of_table(ratio_distance(*np.broadcast_arrays(values[:, None], values)))
        zero = values == 0
        logs = np.log(np.where(zero, 1, values))
        low, high = (logs[~zero].min(), logs[~zero].max())
        step = 2 * np.pi / (high - low + 42)  # aliases of the sum are below e**-42
        omega = step * np.arange(int(13 / step) + 2)  # the transform is below e**-36 beyond 13
        height = np.where(omega > 0, 4 * np.pi * omega / np.sinh(np.pi * np.maximum(omega, step)), 4) * step / np.pi
        height[0] /= 2
        heights = np.tile(height, 2)

        def features(labels: Codes) -> Floats:
            angles = np.outer((logs - low)[labels], omega)
            positive = ~zero[labels][:, None]
            return np.hstack([np.ones_like(positive), ~positive, positive * np.cos(angles), positive * np.sin(angles)])

        def total(sums: Floats) -> Floats:
            near: Floats = sums[:, 1] ** 2 + (sums[:, 2:] ** 2) @ heights
            return sums[:, 0] ** 2 - near

        return cls(2 + len(heights), features, total)


def within_units(counts: Counts, distance: Callable[[Ints, Ints], Floats]) -> Floats:
    """Sum over ordered pairs of labels of a unit of their distance, divided by the labels less one; shape (n_units,).

    Labels are sorted by unit and compared at lag 1, 2, and so on, so memory grows with the labels only, however many
    values there are.
    """
    order = np.argsort(counts.units, kind="stable")
    units, labels = counts.units[order], counts.labels[order].astype(np.int64)
    apart = np.zeros(counts.n_units)
    for lag in range(1, int(counts.per_unit.max(initial=0))):
        same = units[lag:] == units[:-lag]
        far = distance(labels[:-lag][same], labels[lag:][same])
        apart += np.bincount(units[lag:][same], weights=2 * far, minlength=counts.n_units)
    within: Floats = apart / np.maximum(counts.per_unit - 1, 1)
    return within


def _is_number(value: Any) -> bool:
    try:
        return is_number(value) and math.isfinite(value)
    except (OverflowError, TypeError):  # an integer beyond the range of a float; a complex number
        return False
