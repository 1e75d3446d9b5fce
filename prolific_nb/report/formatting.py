"""Small phrases that the words of a report are made of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..analysis import Coefficient


def quote_list(values: Sequence[object], most: int = 5) -> str:
    """The first few values in quotes and how many more there are.

    Examples
    --------
    >>> quote_list(["a", "b", "c"], most=2)
    '“a”, “b” and 1 more'
    """
    more = f" and {len(values) - most} more" if len(values) > most else ""
    return ", ".join(f"“{value}”" for value in values[:most]) + more


def as_percent(part: float) -> str:
    """Such as ``"58 %"``."""
    return f"{100 * part:.0f} %"


def share_interval(percent: Coefficient) -> str:
    """The interval of a share in percent, or that there is none."""
    if np.isnan(percent.low):
        return percent.interval
    return f"95 % interval {as_percent(percent.low)} to {as_percent(percent.high)}"


def with_interval(result: Coefficient) -> str:
    """Such as ``"Krippendorff's α = 0.58 (95 % interval 0.46 to 0.68)"``, the level of measurement left out."""
    return f"{result.name.split(' (')[0]} = {result.value:.2f} ({result.interval})"
