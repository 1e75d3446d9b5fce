"""A note where points of a scale were never chosen, so that weights by rank take the next ones for neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from .coefficient import Coefficient, rounded
from .counts import Counts
from .label_text import is_finite_number

_MOST_POINTS = 101  # from 0 to 100
_FINE = 10  # whole numbers up to this far apart are points of a scale in steps of 1


def gap_notes(counts: Counts, again: Callable[[Counts], Coefficient]) -> list[str]:
    """Say what the coefficient would be if the missing points of the scale were among the categories.

    Parameters
    ----------
    counts : Counts
        The labels; if their categories were given, there is nothing to say.
    again : callable
        Computes the coefficient from other counts.
    """
    points = _points(counts) if counts.inferred else []
    if len(points) <= len({_exact(each) for each in counts.categories} if points else ()):
        return []
    place = np.array([points.index(_exact(each)) for each in counts.categories], dtype=np.int32)
    names = tuple(int(each) if each.denominator == 1 else float(each) for each in points)
    filled = replace(counts, labels=place[counts.labels], categories=names, inferred=False)
    value = again(filled).value
    if np.isnan(value):
        return []
    unused = [str(name) for code, name in enumerate(names) if code not in place]
    shown = ", ".join(unused[:5]) + (f" and {len(unused) - 5} more" if len(unused) > 5 else "")
    return [
        f"The scale has gaps: no label is {shown}. With all points from {names[0]} to {names[-1]} "
        f"as categories the value would be {rounded(value)}; pass categories= if they were offered."
    ]


def _points(counts: Counts) -> list[Fraction]:
    """All points of the scale from the least to the largest label; none if the labels are not points of a scale."""
    if not all(is_finite_number(each) for each in counts.categories):
        return []
    used = sorted({_exact(each) for each in counts.categories})  # Decimal("0.1") and 0.1 are the same point
    if len(used) < 2:
        return []
    steps = [after - before for before, after in pairwise(used)]
    width, step = used[-1] - used[0], min(steps)
    if all(each.denominator == 1 for each in used) and width <= _FINE:
        step = Fraction(1)
    if any(each % step for each in steps) or width / step + 1 > _MOST_POINTS:
        return []
    return [used[0] + place * step for place in range(int(width / step) + 1)]


def _exact(value: Any) -> Fraction:
    """The number as it is written: 0.1 is a tenth."""
    return Fraction(str(value.item() if isinstance(value, np.generic) else value))
