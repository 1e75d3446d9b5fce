"""The bonuses that a submission has on the server, compared with those that this ledger paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ...common.money import Money

ELSEWHERE = "from another machine, with another ledger, or on Prolific's page"


@dataclass(frozen=True)
class Had:
    """The bonuses of one submission.

    Parameters
    ----------
    shown : tuple of int or None
        As the server shows them, in minor units: one by one, or as sums. None if it does not report them.
    own : tuple of int
        Those that this ledger paid.

    Examples
    --------
    >>> Had((50, 30), own=(30,)).elsewhere
    (50,)
    >>> Had((80,), own=(30, 50)).elsewhere  # the sum of both
    ()
    """

    shown: tuple[int, ...] | None = ()
    own: tuple[int, ...] = ()

    @property
    def elsewhere(self) -> tuple[int, ...]:
        """What the server shows and this ledger did not pay."""
        left, hidden = self._unmatched()
        gap = sum(left) - sum(hidden)
        if not hidden or gap < 0:
            return left
        return (gap,) if gap else ()

    def repeats(self, minor: int) -> bool:
        """Whether an amount like this one was paid elsewhere, alone or in parts, or may be part of a sum."""
        left, hidden = self._unmatched()
        if not self.elsewhere:
            return False
        return minor in {*left, sum(left), *self.elsewhere, *(whole - own for whole in left for own in hidden)}

    def words(self, currency: str | None) -> str:
        """The amounts shown, ``"0.50 GBP + 0.30 GBP"``; empty if there are none."""
        return "not reported" if self.shown is None else amounts(self.shown, currency)

    def _unmatched(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Shown amounts without a payment of this ledger, and payments that are not shown, or only within a sum."""
        shown, own = Counter(self.shown or ()), Counter(self.own)
        return tuple((shown - own).elements()), tuple((own - shown).elements())


def amounts(minor: Iterable[int], currency: str | None) -> str:
    """Amounts of money in words: ``"0.50 GBP + 0.30 GBP"``."""
    return " + ".join(str(Money(each, currency)) for each in minor)
