"""What spends money needs one click in the sandbox, and the typed amount on LIVE."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from prolific_nb.common.money import Money
from prolific_nb.panels.kit.spending.confirm_amount import AmountWords, ConfirmAmount
from prolific_nb.panels.kit.surface import Surface
from prolific_nb.panels.kit.widgets import close_deeply

from ...find import until

WORDS = AmountWords("Pay", "Pays", "pay", "paid", seen="people see it, and ")
COST = Money(272_400, "GBP")
SPENDS = "LIVE: people see it, and paying spends 2,724.00 GBP of real money, including fees and VAT."


@pytest.fixture
def paid() -> list[Money]:
    return []


@pytest.fixture
def confirm(paid: list[Money]) -> Iterator[ConfirmAmount]:
    made = ConfirmAmount(paid.append, WORDS, Surface(), lambda act: act)
    yield made
    close_deeply(made.box)


def refused(confirm: ConfirmAmount) -> bool:
    return f"Nothing was paid. {SPENDS} Type 2724.00 to confirm." in confirm._said.value


def test_one_click_in_the_sandbox(confirm: ConfirmAmount, paid: list[Money]) -> None:
    confirm.show("SANDBOX", COST, "paying", shown=True, busy=False)
    assert "Paying costs 2,724.00 GBP of simulated money, including fees and VAT." in confirm._said.value
    assert confirm.field.layout.display == "none"
    confirm.button.click()
    assert paid == [COST]


@pytest.mark.parametrize("typed", ["2724", "2724.00", " £2724.00 ", "2724.00 GBP"])
def test_live_needs_the_amount(typed: str, confirm: ConfirmAmount, paid: list[Money]) -> None:
    confirm.show("LIVE", COST, "paying", shown=True, busy=False)
    for wrong in ("", "2723.99", "272400", "2,724.00", "yes", "2724.00 USD"):
        confirm.field.value = wrong
        assert not refused(confirm)
        confirm.button.click()
        until(lambda: refused(confirm))
    confirm.field.value = typed
    confirm.button.click()
    until(lambda: paid == [COST])


@pytest.mark.parametrize("changed", [{"cost": Money(272_401, "GBP")}, {"what": "lending"}, {"about": "another list"}])
def test_an_amount_typed_for_something_else_does_not_count(
    changed: dict[str, Any], confirm: ConfirmAmount, paid: list[Money]
) -> None:
    confirm.show("LIVE", COST, "paying", shown=True, busy=False, about="a list")
    confirm.field.value = "2724.00"
    confirm.button.click()
    confirm.show("LIVE", **{"cost": COST, "what": "paying", "about": "a list", **changed}, shown=True, busy=False)
    assert confirm.field.value == ""
    until(lambda: "Nothing was paid." in confirm._said.value)
    assert paid == []


@pytest.mark.parametrize("state", [{"cost": None}, {"shown": False}, {"busy": True}])
def test_a_click_that_arrives_too_late_has_no_effect(
    state: dict[str, Any], confirm: ConfirmAmount, paid: list[Money]
) -> None:
    confirm.show("SANDBOX", **{"cost": COST, "what": "paying", "shown": True, "busy": False, **state})
    assert confirm.button.disabled
    confirm.button.click()
    assert paid == []
