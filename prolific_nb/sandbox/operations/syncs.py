"""How datapoints become tasks: all of them at the set-up, later ones by syncs."""

from __future__ import annotations

import json
from typing import Any

from ..state.sandbox_state import SandboxState
from ..storage.clock import stage
from ..storage.store import Document

_STAGES = [("queued", 0.05), ("processing", 0.1)]  # seconds
_ALL = 2**62  # more tasks than there are
_DATAPOINTS = "SELECT body FROM datapoints WHERE dataset_id = ? ORDER BY rowid LIMIT -1 OFFSET ?"
_KNOWN = "SELECT group_id FROM tasks WHERE batch_id = ?"


def make_tasks(world: SandboxState, batch: Document, fields: Document, per_group: int) -> dict[str, int]:
    """Write the tasks of the datapoints that have none yet; a grouping column wins over `per_group`.

    A group that is not full is filled up before a new one begins.

    Returns
    -------
    dict
        ``tasks_created, datapoints_processed, groups_created, groups_expanded``.
    """
    known = [row["group_id"] for row in world.store.rows(_KNOWN, batch["id"])]
    column = next((name for name, field in fields["fields"].items() if field["type"] == "task_group_id"), None)
    found = world.store.rows(_DATAPOINTS, batch["dataset_id"], len(known))
    rows = []
    for position, row in enumerate(found, len(known)):
        # A datapoint without a group's name stands alone: nothing says it belongs to the other nameless ones.
        key = (json.loads(row["body"]).get(column) or ("alone", position)) if column else position // per_group
        group = world.ids.hex24("group", batch["id"], key)
        rows.append((batch["id"], position, world.ids.uuid("task", batch["id"], position), group, row["body"]))
    world.store.add("tasks", rows)
    filled = {row[3] for row in rows}
    return {
        "tasks_created": len(rows),
        "datapoints_processed": len(rows),
        "groups_created": len(filled - set(known)),
        "groups_expanded": len(filled & set(known)),
    }


def start(world: SandboxState, batch: Document) -> Document:
    """Begin a sync of a batch that is READY; its tasks are written at once and shown when it is complete."""
    first = len(world.store.rows(_KNOWN, batch["id"]))
    fields = world.document("dataset", batch["dataset_id"])["schema"]
    job = {
        "batch_id": batch["id"],
        "dataset_id": batch["dataset_id"],
        "sync_id": world.ids.uuid("sync", world.store.next("sync")),
        "created_at": world.now(),
        "updated_at": world.now(),
        "since": world.wall(),
        "first": first,
        "end": make_tasks(world, batch, fields, batch["setup"]["tasks_per_group"]),
    }
    world.store.put("sync", job["sync_id"], job, parent=batch["id"])
    world.store.put("unsettled", job["sync_id"], {"sync_id": job["sync_id"]})
    return job


def follow_dataset(world: SandboxState, dataset_id: str) -> None:
    """Sync the batches that follow a dataset by themselves."""
    for batch in world.store.all("batch"):
        setup = batch["setup"] or {}
        if batch["dataset_id"] == dataset_id and batch["auto_sync_enabled"] and setup.get("end") == "READY":
            start(world, batch)


def show(world: SandboxState, job: Document) -> dict[str, Any]:
    """The sync as answers show it."""
    status = stage(job["since"], world.wall(), _STAGES, "complete")
    shown = {name: value for name, value in job.items() if name not in ("since", "first", "end")}
    return {**shown, "status": status, **(job["end"] if status == "complete" else {})}


def revealed(world: SandboxState, batch_id: str) -> int:
    """How many of a batch's tasks are to be seen: those that a sync still makes are not."""
    running = [job["first"] for job in world.store.all("sync", batch_id) if show(world, job)["status"] != "complete"]
    return min(running, default=_ALL)
