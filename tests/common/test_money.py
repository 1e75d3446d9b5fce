from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prolific_nb import Money


@pytest.mark.parametrize(
    ("given_amount", "minor", "currency"),
    [("1.50", 150, None), ("1.5", 150, None), ("£2", 200, "GBP"), ("0.07 usd", 7, "USD"), (Decimal("3.10"), 310, None)],
)
def test_amounts_are_read_exactly(given_amount: object, minor: int, currency: str | None) -> None:
    assert Money.parse(given_amount) == Money(minor, currency)


@pytest.mark.parametrize("wrong", [1.5, 150, True, None])
def test_numbers_are_rejected_with_a_hint(wrong: object) -> None:
    with pytest.raises(TypeError, match=r'Pass a string with its decimals, for example "1\.50"'):
        Money.parse(wrong)


@pytest.mark.parametrize("wrong", ["", "1,50", "1.505", "-1.00", "a lot", "1.50 GB"])
def test_strings_that_are_not_amounts_are_rejected(wrong: str) -> None:
    with pytest.raises(ValueError, match="not an amount of money"):
        Money.parse(wrong)


def test_currencies_are_never_mixed() -> None:
    with pytest.raises(ValueError, match="different currencies"):
        Money(100, "GBP") + Money(100, "USD")
    with pytest.raises(ValueError, match="different currencies"):
        _ = Money(100, "GBP") > Money(100, "USD")
    with pytest.raises(ValueError, match="is not in GBP"):
        Money.parse("1.50 USD", "GBP")


def test_a_reward_cannot_be_multiplied_by_a_fraction() -> None:
    with pytest.raises(TypeError, match="whole number"):
        Money(150, "GBP") * 1.428  # type: ignore[operator]


def test_hourly_pay() -> None:
    assert Money.parse("1.50 GBP").per_hour(6) == Money.parse("15.00 GBP")
    assert Money.parse("1.00 GBP").per_hour(7) == Money.parse("8.57 GBP")


@given(st.integers(min_value=0, max_value=10**9), st.sampled_from(["GBP", "USD"]))
def test_a_printed_amount_is_parsed_unchanged(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(str(money)) == money
    assert eval(repr(money).replace("Money(", "Money.parse(")) == money


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Money(25_000_000, "GBP"), "250,000.00 GBP"),
        (Money(99_999, "USD"), "999.99 USD"),
        (Money(-123_456_789), "-1,234,567.89"),
        (Money(-50, "GBP"), "-0.50 GBP"),
    ],
)
def test_thousands_can_be_separated_for_reading(amount: Money, shown: str) -> None:
    assert f"{amount:,}" == shown
    assert f"{amount}" == str(amount) == shown.replace(",", "")
