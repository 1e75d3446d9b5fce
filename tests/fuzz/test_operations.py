"""Every operation of the contract with valid and invalid data; every response must match the contract."""

from __future__ import annotations

import pytest
from schemathesis import APIOperation

from tests.contract.exempt import EXEMPT

from .campaign import contract, operations, planned, run
from .seeded import Seeded

OPERATIONS = operations(contract())
# Large first, so that several processes end at about the same time.
NAMES = sorted(OPERATIONS, key=lambda each: planned(OPERATIONS[each]) in (8, 20), reverse=True)


def test_the_plan_has_at_least_2000_cases_for_the_contract() -> None:
    assert len(OPERATIONS) == 110
    assert sum(map(planned, OPERATIONS.values())) >= 2000


@pytest.mark.parametrize("name", NAMES)
def test_every_response_matches_the_contract(name: str, world: Seeded, aimed: dict[str, APIOperation]) -> None:
    operation = aimed[name]
    tally = run(world, operation, planned(operation))
    assert tally.findings == []
    assert tally.cases >= planned(operation)
    # Refusals alone say little: something must succeed wherever the sandbox has the operation, and only there.
    assert bool(tally.answered) == (name not in EXEMPT)
