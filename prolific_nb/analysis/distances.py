"""Distances of labels, observed and expected by chance, for Krippendorff's α of numbers and sets."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ..common.findings import Finding
from ..errors import DataError
from .counts import Counts, Ints
from .intervals import Floats
from .label_codes import Codes
from .label_text import is_finite_number, quoted

# Above this many different values, ratio distances are summed by their Fourier transform.
_MANY = 256
_NARROW = 1.1  # largest over smallest number up to which a series is more exact
_TANH_SQUARED = (1, -2 / 3, 17 / 45, -62 / 315, 1382 / 14175)  # of t², t⁴, … in tanh² t


def numbers(counts: Counts, why: str) -> Floats:
    """The categories as numbers, shape (q,); raises `DataError` if they are not finite numbers."""
    unknown = [each for each in counts.categories if not is_finite_number(each)]
    if unknown:
        what = f"{why} needs finite numbers; not a number: {quoted(unknown)}."
        otherwise = ", or use level='nominal' or 'ordinal'" if why.startswith("level=") else ""
        remedy = f"Convert the labels, pd.to_numeric(frame[...]){otherwise}."
        raise DataError("The frame", [Finding("error", what, remedy)])
    return np.array([float(each) for each in counts.categories])  # type: ignore[arg-type]


def standardised(labels: Floats) -> Floats:
    """The numbers less their median, over the largest absolute value; scale and offset cancel out of α and ICC.

    Sums of squares then lose no digits to a common offset, and neither overflow nor vanish. Numbers that differ from
    the median by the rounding of a float, such as 0.1 + 0.2 and 0.3, become equal to it.
    """
    if not len(labels):
        return labels
    middle = np.median(labels)
    x: Floats = labels - middle
    x[np.abs(x) <= np.finfo(float).eps * np.maximum(np.abs(labels), abs(middle))] = 0
    return x / (np.abs(x).max() or 1.0)


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
    A mean distance of at most `rounding` is 0; sums of a table of distances are 0 exactly if all labels are equal.
    """

    width: int
    features: Callable[[Codes], Floats]
    total: Callable[[Floats], Floats]
    rounding: float = 0.0

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
        if values.max() <= _NARROW * values[~zero].min():
            return cls._of_near_ratios(values, zero)
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

        return cls(2 + len(heights), features, total, 1e-12)

    @classmethod
    def _of_near_ratios(cls, values: Floats, zero: npt.NDArray[np.bool_]) -> Chance:
        """From positive numbers that differ by a few percent at most, and zeros.

        There the Fourier sum is a difference of almost equal numbers. With s as above, 1 - 1 / cosh²(s / 2) is
        tanh²(s / 2), whose series needs only five terms; sums of powers of s follow from those of the logarithms.
        """
        middle = (values[~zero].min() + values.max()) / 2
        half = np.log1p((np.where(zero, middle, values) - middle) / middle) / 2
        size = np.abs(half).max() or 1.0
        powers = np.arange(2 * len(_TANH_SQUARED) + 1)

        def features(labels: Codes) -> Floats:
            positive = ~zero[labels][:, None]
            return np.hstack([~positive, positive * (half / size)[labels][:, None] ** powers])

        def total(sums: Floats) -> Floats:
            moments = sums[:, 1:]
            apart: Floats = 2 * sums[:, 0] * moments[:, 0]
            for place, term in enumerate(_TANH_SQUARED):
                p = 2 * (place + 1)
                signs = np.array([(-1) ** j * math.comb(p, j) for j in range(p + 1)])
                apart = apart + term * size**p * (signs * moments[:, : p + 1] * moments[:, p::-1]).sum(axis=1)
            return apart

        return cls(1 + len(powers), features, total, 1e-12 * size**2)


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
