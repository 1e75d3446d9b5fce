from __future__ import annotations

from random import Random

import pytest
from schemathesis import APIOperation

from tests.contract.exempt import EXEMPT

from .seeded import Seeded
from .walk import Walk


@pytest.mark.parametrize("number", range(4))
def test_created_objects_can_be_used_and_deleted_ones_are_gone(
    number: int, world: Seeded, aimed: dict[str, APIOperation]
) -> None:
    played = {name: operation for name, operation in aimed.items() if name not in EXEMPT}
    walk = Walk(world, played, Random(number))
    walk.go(350)
    assert walk.findings == []
    assert walk.used >= 20
    assert walk.gone
