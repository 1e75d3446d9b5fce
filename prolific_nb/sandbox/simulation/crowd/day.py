"""Arrivals by hour of the day: the clock of a study runs faster while more people are online."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin

PEAK = 15.5
"""The hour, UTC, at which most participants are online: "around 3-4pm GMT" for all users worldwide (a tip in Prolific's
community, "How to optimise your use of Prolific"). The form of the curve is an assumption."""


@dataclass(frozen=True)
class Day:
    """The rate of arrivals as a cosine over the day, with the mean 1.

    Parameters
    ----------
    swing : float
        In [0, 1): the rate is 1 + swing at the peak and 1 - swing twelve hours later; with 0 it is always 1.
    begins : float
        Hours since midnight UTC at the publication.

    Examples
    --------
    >>> Day(0.6, begins=15.5).moment(3600) < 3600 < Day(0.6, begins=3.5).moment(3600)
    True
    """

    swing: float
    begins: float

    def passed(self, seconds: float) -> float:
        """Seconds at the mean rate in which as many people arrive as in the first `seconds` of the study."""
        turn = pi / 12
        from_peak = self.begins - PEAK
        turned = sin(turn * (from_peak + seconds / 3600)) - sin(turn * from_peak)
        return seconds + 3600 * self.swing * turned / turn

    def moment(self, passed: float) -> float:
        """Inverse of `passed`, by bisection: it always grows."""
        if not self.swing:
            return passed
        reach = 3600 * 24 * self.swing / pi
        low, high = max(passed - reach, 0.0), passed + reach
        while high - low > 0.001:
            middle = (low + high) / 2
            low, high = (middle, high) if self.passed(middle) < passed else (low, middle)
        return high
