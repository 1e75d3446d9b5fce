"""Phrases that the sentences of a report are built from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..analysis import Coefficient
from ..analysis.coefficient import rounded


def quote_list(values: Sequence[object], most: int = 5) -> str:
    """The first values in quotes, and how many more there are.

    Examples
    --------
    >>> quote_list(["a", "b", "c"], most=2)
    '“a”, “b” and 1 more'
    """
    more = f" and {len(values) - most} more" if len(values) > most else ""
    return ", ".join(f"“{value}”" for value in values[:most]) + more


def as_percent(part: float) -> str:
    """Such as ``"58 %"``."""
    return f"{rounded(100 * part, 0)} %"


def share_interval(percent: Coefficient) -> str:
    """The interval of a share in percent, or ``"no interval"``."""
    if np.isnan(percent.low):
        return percent.interval
    return f"95 % interval {as_percent(percent.low)} to {as_percent(percent.high)}"


def with_interval(name: str, result: Coefficient) -> str:
    """Such as ``"Krippendorff's α = 0.58 (95 % interval 0.46 to 0.68)"``."""
    return f"{name} = {rounded(result.value)} ({result.interval})"


def cite(reference: str) -> str:
    r"""Authors and years of a `Coefficient.reference`.

    Examples
    --------
    >>> cite("Krippendorff (2011). A title. A publisher.\nShrout & Fleiss (1979). Another. A journal, 86(2), 420-428.")
    'Krippendorff, 2011; Shrout & Fleiss, 1979'
    """
    return "; ".join(line.split(").")[0].replace(" (", ", ") for line in reference.splitlines())
