"""The cost of a study in the sandbox: rewards, the corporate fee and VAT on the fee, in whole minor units."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

CURRENCY = "GBP"
BALANCE = 25_000_000  # 250,000.00 GBP: enough for rehearsing any study
FEE_PER_MILLE = 428  # 42.8 % of the rewards, Prolific's corporate rate of September 2026
VAT_PERCENT = 20  # of the fee, the United Kingdom's rate
LEAST_PER_HOUR = {"GBP": 600, "USD": 800}  # Prolific's minimum, in minor units
ADVISED_PER_HOUR = {"GBP": 900, "USD": 1200}


@dataclass(frozen=True)
class Cost:
    """The three parts of a cost, in minor units."""

    rewards: int
    fees: int
    vat: int

    @property
    def total(self) -> int:
        """The sum of all parts, in minor units."""
        return self.rewards + self.fees + self.vat


def cost(reward: float, places: float) -> Cost:
    """The cost of `places` rewards.

    Parameters
    ----------
    reward : float
        Minor units per submission.
    places : float
        Number of submissions.

    Examples
    --------
    >>> cost(150, 36).total
    8173
    """
    rewards = round(Fraction(reward) * Fraction(places))  # exact; a product of floats could overflow
    fees = (rewards * FEE_PER_MILLE + 500) // 1000
    return Cost(rewards, fees, (fees * VAT_PERCENT + 50) // 100)


def split(total: int) -> Cost:
    """Split a total into the rewards, fees and VAT that it covers."""
    rewards = total * 100_000 // (100_000 + FEE_PER_MILLE * (100 + VAT_PERCENT))
    fees = (total - rewards) * 100 // (100 + VAT_PERCENT)
    return Cost(rewards, fees, total - rewards - fees)
