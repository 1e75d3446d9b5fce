from __future__ import annotations

from collections.abc import Iterator

import pytest
from schemathesis import APIOperation

from .aim import Aim
from .campaign import contract, operations
from .seeded import Seeded


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    """A seeded sandbox; whoever needs it untouched renews it."""
    seeded = Seeded(tmp_path_factory.mktemp("fuzz"))
    yield seeded
    seeded.close()


@pytest.fixture(scope="session")
def aimed(world: Seeded) -> dict[str, APIOperation]:
    """All operations by name; their cases are aimed at the seeded sandbox."""
    schema = contract()
    schema.hook("flatmap_case")(Aim(world.pool))
    return operations(schema)
