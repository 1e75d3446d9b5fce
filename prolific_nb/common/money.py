"""Money: whole minor units (pence, cents) and a currency. Floats are rejected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from operator import index
from typing import Any

from ..errors import ArgumentError, ArgumentTypeError, SpendError
from .plurals import a_type

_SIGNS = {"£": "GBP", "$": "USD"}
_AMOUNT = re.compile(r"^(?P<sign>[£$])?\s*(?P<major>\d+)(?:\.(?P<minor>\d{1,2}))?\s*(?P<code>[A-Za-z]{3})?$")
_REMEDY = 'Pass a string with its decimals, for example "1.50" or "1.50 GBP".'


@dataclass(frozen=True, order=False)
class Money:
    """An amount in minor units of one currency.

    Parameters
    ----------
    minor : int
        Pence or cents; a TypeError for anything else.
    currency : str, optional
        ``"GBP"`` or ``"USD"``; None means the currency of the workspace, not known yet.

    Examples
    --------
    >>> Money.parse("1.50 GBP") * 3
    Money('4.50 GBP')
    >>> Money.parse("£2") < Money.parse("£2.10")
    True
    """

    minor: int
    currency: str | None = None

    def __post_init__(self) -> None:
        try:
            object.__setattr__(self, "minor", index(self.minor))  # NaN would be below every cost and above none
        except TypeError:
            reason = f"{self.minor!r} is not a whole number of pence or cents, as Money(150) has. {_REMEDY}"
            raise ArgumentTypeError(reason) from None

    @classmethod
    def parse(cls, amount: Any, currency: str | None = None) -> Money:
        """Money from a string, Decimal or Money.

        Parameters
        ----------
        amount : str, Decimal or Money
            Major units with at most two decimals, with or without a currency: ``"1.50"``, ``"£1.50"``, ``"1.50 USD"``.
        currency : str, optional
            Used if the amount does not name one.

        Raises
        ------
        TypeError
            For floats and integers: ``1.5`` is not exact, and ``150`` could mean pounds or pence.
        ValueError
            For a string that is not an amount or names two currencies, or an amount not in `currency`.
        """
        if isinstance(amount, Money):
            return amount.in_currency(currency) if currency else amount
        if isinstance(amount, Decimal):
            amount = format(amount, "f")
        if not isinstance(amount, str):
            raise ArgumentTypeError(f"{amount!r} is {a_type(amount)}, not an amount of money. {_REMEDY}")
        match = _AMOUNT.match(amount.strip())
        if match is None:
            raise ArgumentError(f"{amount!r} is not an amount of money. {_REMEDY}")
        named = _SIGNS.get(match["sign"] or "") or (match["code"] or "").upper() or None
        if match["sign"] and match["code"] and named != match["code"].upper():
            raise ArgumentError(f"{amount!r} names two currencies. {_REMEDY}")
        minor = int(match["major"]) * 100 + int((match["minor"] or "").ljust(2, "0"))
        money = cls(minor, named)
        return money.in_currency(currency) if currency else money

    def in_currency(self, currency: str) -> Money:
        """The same amount in `currency`; a ValueError if it already has another currency."""
        if self.currency not in (None, currency):
            raise ArgumentError(
                f"{self} is not in {currency}. Write the amount in {currency}: amounts are not converted."
            )
        return Money(self.minor, currency)

    def _same(self, other: Any) -> int:
        if not isinstance(other, Money):
            raise ArgumentTypeError(f"{self!r} cannot be combined with {other!r}, which is not Money. {_REMEDY}")
        if self.currency != other.currency:
            raise ArgumentError(f"{self} and {other} are in different currencies. Convert one of them first.")
        return other.minor

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __mul__(self, times: int) -> Money:
        if not isinstance(times, int):
            raise ArgumentTypeError(f"{self} can only be multiplied by a whole number, not by {times!r}.")
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def per_hour(self, minutes: float) -> Money:
        """Hourly rate of this amount for `minutes` of work, rounded down to a whole minor unit."""
        return Money(int(Decimal(self.minor) * 60 / Decimal(str(minutes))), self.currency)

    def for_minutes(self, minutes: float) -> Money:
        """The smallest amount for `minutes` of work whose hourly rate is at least this amount.

        Examples
        --------
        >>> Money.parse("9.00 GBP").for_minutes(7)
        Money('1.05 GBP')
        """
        return Money(ceil(Fraction(str(minutes)) * self.minor / 60), self.currency)

    @property
    def major(self) -> str:
        """The number alone, in major units: ``"1.50"``."""
        sign = "-" if self.minor < 0 else ""
        whole, rest = divmod(abs(self.minor), 100)
        return f"{sign}{whole}.{rest:02d}"

    def __str__(self) -> str:
        return f"{self.major} {self.currency}" if self.currency else self.major

    def __format__(self, spec: str) -> str:
        """As `str`; with ``,`` the thousands are separated, which `parse` does not read.

        Examples
        --------
        >>> f"{Money(25_000_000, 'GBP'):,}"
        '250,000.00 GBP'
        """
        if spec != ",":
            return format(str(self), spec)
        whole, rest = self.major.split(".")
        return f"{int(whole):,}.{rest} {self.currency or ''}".rstrip() if whole != "-0" else str(self)

    def __repr__(self) -> str:
        return f"Money({str(self)!r})"


def minor_units(value: Any, what: str, least: int = 0) -> int:
    """A figure of the server as minor units, if it can be one.

    Parameters
    ----------
    value : Any
        As the response has it.
    what : str
        What it is, for the message.
    least : int
        The smallest value that can be true.

    Raises
    ------
    SpendError
        It is not a whole number, or too small.

    Examples
    --------
    >>> minor_units(8173, "the cost")
    8173
    """
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if whole and not isinstance(value, bool) and value >= least:
        return int(value)
    raise SpendError(
        f"Prolific reports {what} as {value!r}, but it must be a whole number of at least {least} (pence or cents). "
        "Nothing was spent. Try again later, and compare with Prolific's page."
    )
