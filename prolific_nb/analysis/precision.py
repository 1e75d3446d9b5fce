"""An estimate with its 95 % interval at one moment of a study, and the rule that says when it is narrow enough."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from ..common.plurals import a_type, counted
from ..errors import ArgumentError, ArgumentTypeError
from .coefficient import rounded

_Z = NormalDist().inv_cdf(0.975)
# From simulations of studies that are looked at after every submission (`tests/benchmarks/stopping.py`): with 20 units
# and no factor, the final interval covered α in 90 %; with 100 and 1.1, value ± target did in 94 to 97 % of 500.
FEWEST_UNITS = 100
FACTOR = 1.1


@dataclass(frozen=True)
class Precision:
    """α with its 95 % interval after so many answers.

    Parameters
    ----------
    value : float
        nan if it is undefined.
    low, high : float
        From resampling units; nan if there is no interval.
    n_answers : int
        Labels counted so far.
    n_units : int
        Units with at least two of them, the only ones that can show agreement.

    Examples
    --------
    >>> print(Precision(0.71, 0.66, 0.76, 214, 90))
    α 0.71 ± 0.05 after 214 answers
    """

    value: float
    low: float
    high: float
    n_answers: int
    n_units: int

    @property
    def half_width(self) -> float:
        """Half of the interval; nan without one."""
        return (self.high - self.low) / 2

    @property
    def safe_half_width(self) -> float:
        """What ± may be reported however often one has looked: see `reached`; nan without an interval."""
        return math.hypot(FACTOR * self.half_width, _Z / self.n_units) if self.n_units else math.nan

    @property
    def words(self) -> str:
        """The estimate without its number of answers: ``"α 0.71 ± 0.05"``."""
        if math.isnan(self.value):
            return "α is undefined"
        if math.isnan(self.low):
            return f"α {rounded(self.value)}, no interval yet"
        return f"α {rounded(self.value)} ± {rounded(self.half_width, 2 if self.half_width >= 0.01 else 3)}"

    def __str__(self) -> str:
        return f"{self.words} after {counted(self.n_answers, 'answer')}"


def reached(found: Precision, target: float) -> bool:
    """Whether α is known to ± `target`, so that collecting may stop, however often this is asked.

    When it is, the interval to report is ``value ± target``: it contains the population's α in 95 % of studies.

    The rule looks at the width only, never at the value, so it does not prefer studies that look good. It is Chow &
    Robbins' (1965): stop at the first n of at least a smallest number with n ≥ z² (s² + 1/n) / d². With the half-width
    h = z s / √n this is h² + (z/n)² ≤ d². The term 1/n keeps a variance that is small by chance from ending the study,
    and the coverage of value ± d tends to 95 % as d tends to 0. n are units with at least two labels. For the targets
    that are asked for, h is taken `FACTOR` times, and there must be `FEWEST_UNITS` units:
    ``python -m tests.benchmarks stopping`` shows the coverage that results.

    Parameters
    ----------
    found : Precision
    target : float
        The half-width d.

    Raises
    ------
    ValueError
        `target` is not a number above 0 and below 1.

    References
    ----------
    Chow & Robbins (1965). On the asymptotic theory of fixed-width sequential confidence intervals for the mean.
    Annals of Mathematical Statistics, 36(2), 457-462.

    Examples
    --------
    >>> reached(Precision(0.71, 0.67, 0.75, 600, 200), 0.05), reached(Precision(0.71, 0.67, 0.75, 190, 60), 0.05)
    (True, False)
    """
    require_target(target)
    if found.n_units < FEWEST_UNITS or math.isnan(found.half_width) or found.half_width <= 0:
        return False
    return found.safe_half_width <= target


def require_target(target: Any) -> None:
    """Raise unless this is a half-width that an interval of α can reach."""
    if isinstance(target, bool) or not isinstance(target, int | float):
        raise ArgumentTypeError(f"precision={target!r} is {a_type(target)}. Pass half the width, such as 0.05.")
    if not 0 < target < 1:
        raise ArgumentError(f"precision={target!r} is not above 0 and below 1. Pass half the width, such as 0.05.")
