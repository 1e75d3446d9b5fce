from __future__ import annotations

from collections.abc import Iterator

import pytest
from schemathesis import APIOperation, BaseSchema

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
def schema(world: Seeded) -> BaseSchema:
    """The contract; its cases are aimed at the seeded sandbox."""
    found = contract()
    found.hook("flatmap_case")(Aim(world.pool))
    return found


@pytest.fixture(scope="session")
def aimed(schema: BaseSchema) -> dict[str, APIOperation]:
    """All operations by name."""
    return operations(schema)
