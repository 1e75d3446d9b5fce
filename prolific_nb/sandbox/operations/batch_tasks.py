"""The tasks of a batch: its set-up by the clock, its task groups, and what participants answer."""

from __future__ import annotations

import json
from typing import Any

from ..contract import batch_layout
from ..state.sandbox_state import SandboxState
from ..storage.clock import stage
from ..storage.store import Document
from . import syncs

_SETUP = [("PROCESSING", 0.2)]  # seconds


def state(world: SandboxState, batch: Document) -> str:
    """The status of a batch by the clock."""
    if batch["setup"] is None:
        return "UNINITIALISED"
    return stage(batch["setup"]["since"], world.wall(), _SETUP, batch["setup"]["end"])


def tasks(world: SandboxState, batch: Document) -> list[dict[str, Any]]:
    """The tasks of a batch in order, ``id, group_id, datapoint``; none until it is READY, new ones after their sync."""
    if state(world, batch) != "READY":
        return []
    end = syncs.revealed(world, batch["id"])
    found = world.store.rows(
        "SELECT * FROM tasks WHERE batch_id = ? AND position < ? ORDER BY position", batch["id"], end
    )
    return [{"id": r["id"], "group_id": r["group_id"], "datapoint": json.loads(r["datapoint"])} for r in found]


def group_count(world: SandboxState, batch: Document) -> int:
    """How many task groups it has."""
    return len({task["group_id"] for task in tasks(world, batch)})


def questions(batch: Document) -> list[dict[str, Any]]:
    """What participants answer, in order: the questions of the layout, or the instructions of a batch without one."""
    found: list[dict[str, Any]] = batch["instructions"]
    return found if batch["batch_items"] is None else batch_layout.questions(batch["batch_items"])
