"""What spends money needs one click in the sandbox, and the typed amount on LIVE."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from prolific_nb.common.money import Money
from prolific_nb.panels.kit.panel import close_deeply
from prolific_nb.panels.kit.spending.confirm_amount import AmountWords, ConfirmAmount

from ...find import until

WORDS = AmountWords("Pay", "Pays", "Type the amount", "Asking…", "Costs {}.", "LIVE: spends {}.", "Nothing was paid.")
COST = Money(2724, "GBP")


@pytest.fixture
def paid() -> list[Money]:
    return []


@pytest.fixture
def confirm(paid: list[Money]) -> Iterator[ConfirmAmount]:
    made = ConfirmAmount(paid.append, WORDS, lambda act: act)
    yield made
    close_deeply(made.box)


def refused(confirm: ConfirmAmount) -> bool:
    return "Nothing was paid. LIVE: spends 27.24 GBP. Type 27.24 to confirm." in confirm._said.value


def test_one_click_in_the_sandbox(confirm: ConfirmAmount, paid: list[Money]) -> None:
    confirm.show("SANDBOX", COST, shown=True, busy=False)
    assert "Costs 27.24 GBP." in confirm._said.value
    assert confirm.field.layout.display == "none"
    confirm.button.click()
    assert paid == [COST]


@pytest.mark.parametrize("typed", ["27.24", " £27.24 ", "27.24 GBP"])
def test_live_needs_the_amount(typed: str, confirm: ConfirmAmount, paid: list[Money]) -> None:
    confirm.show("LIVE", COST, shown=True, busy=False)
    for wrong in ("", "27.23", "2724", "yes", "27.24 USD"):
        confirm.field.value = wrong
        assert not refused(confirm)
        confirm.button.click()
        until(lambda: refused(confirm))
    confirm.field.value = typed
    confirm.button.click()
    until(lambda: paid == [COST])


@pytest.mark.parametrize("changed", [{"cost": Money(2725, "GBP")}, {"about": "another list"}])
def test_an_amount_typed_for_something_else_does_not_count(
    changed: dict[str, Any], confirm: ConfirmAmount, paid: list[Money]
) -> None:
    confirm.show("LIVE", COST, shown=True, busy=False, about="a list")
    confirm.field.value = "27.24"
    confirm.button.click()
    confirm.show("LIVE", **{"cost": COST, "about": "a list", **changed}, shown=True, busy=False)
    assert confirm.field.value == ""
    until(lambda: "Nothing was paid." in confirm._said.value)
    assert paid == []


@pytest.mark.parametrize("state", [{"cost": None}, {"shown": False}, {"busy": True}])
def test_a_click_that_arrives_too_late_has_no_effect(
    state: dict[str, Any], confirm: ConfirmAmount, paid: list[Money]
) -> None:
    confirm.show("SANDBOX", **{"cost": COST, "shown": True, "busy": False, **state})
    assert confirm.button.disabled
    confirm.button.click()
    assert paid == []
