"""The tasks of a batch: the status of its set-up, its task groups, and its questions."""

from __future__ import annotations

import json
from typing import Any

from ..contract import batch_layout
from ..state.sandbox_state import SandboxState
from ..storage.clock import stage
from ..storage.store import Document
from . import syncs

_SETUP = [("PROCESSING", 0.2)]  # seconds
_TASKS = "SELECT * FROM tasks WHERE batch_id = ? AND position < ? ORDER BY position"
_OF_GROUP = "SELECT * FROM tasks WHERE batch_id = ? AND position < ? AND group_id = ? ORDER BY position"
_IDS = "SELECT id FROM tasks WHERE batch_id = ? AND position < ? ORDER BY position"
_COUNTS = "SELECT COUNT(*), COUNT(DISTINCT group_id) FROM tasks WHERE batch_id = ? AND position < ?"
_GROUPS = """
SELECT group_id FROM tasks WHERE batch_id = ? AND position < ? GROUP BY group_id ORDER BY MIN(position)
"""


def status_of(state: SandboxState, batch: Document) -> str:
    """The status of a batch at the current wall time."""
    if batch["setup"] is None:
        return "UNINITIALISED"
    return stage(batch["setup"]["since"], state.wall(), _SETUP, batch["setup"]["end"])


def tasks(state: SandboxState, batch: Document, group: str | None = None) -> list[dict[str, Any]]:
    """The tasks of a batch, or of one group, in order; none before it is READY or their sync is complete.

    Returns
    -------
    list of dict
        ``id, group_id, datapoint``.
    """
    if status_of(state, batch) != "READY":
        return []
    end, of_group = syncs.revealed(state, batch["id"]), () if group is None else (group,)
    found = state.store.rows(_OF_GROUP if of_group else _TASKS, batch["id"], end, *of_group)
    return [{"id": r["id"], "group_id": r["group_id"], "datapoint": json.loads(r["datapoint"])} for r in found]


def task_ids(state: SandboxState, batch: Document) -> list[str]:
    """IDs of the tasks in order, without their datapoints; none before the batch is READY."""
    if status_of(state, batch) != "READY":
        return []
    return list(state.store.each(_IDS, batch["id"], syncs.revealed(state, batch["id"])))


def counts(state: SandboxState, batch: Document) -> tuple[int, int]:
    """Number of tasks and of task groups."""
    if status_of(state, batch) != "READY":
        return 0, 0
    tasks, groups = state.store.rows(_COUNTS, batch["id"], syncs.revealed(state, batch["id"]))[0]
    return tasks, groups


def group_ids(state: SandboxState, batch: Document) -> list[str]:
    """IDs of the task groups in order; none before the batch is READY."""
    if status_of(state, batch) != "READY":
        return []
    return [row["group_id"] for row in state.store.rows(_GROUPS, batch["id"], syncs.revealed(state, batch["id"]))]


def group_count(state: SandboxState, batch: Document) -> int:
    """Number of task groups."""
    return len(group_ids(state, batch))


def questions(batch: Document) -> list[dict[str, Any]]:
    """The questions in order: those of the layout, or the instructions of a legacy-flow batch."""
    found: list[dict[str, Any]] = batch["instructions"]
    return found if batch["batch_items"] is None else batch_layout.questions(batch["batch_items"])
