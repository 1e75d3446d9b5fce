"""Creating tasks from datapoints: all of them in the set-up, later ones by syncs."""

from __future__ import annotations

import json
from typing import Any

from ..state.sandbox_state import SandboxState
from ..storage.clock import stage
from ..storage.store import Document

_STAGES = [("queued", 0.05), ("processing", 0.1)]  # seconds
_ALL = 2**62  # above any number of tasks
_DATAPOINTS = "SELECT body FROM datapoints WHERE dataset_id = ? ORDER BY rowid LIMIT -1 OFFSET ?"
_KNOWN = "SELECT group_id FROM tasks WHERE batch_id = ?"


def make_tasks(state: SandboxState, batch: Document, fields: Document, per_group: int) -> dict[str, int]:
    """Create tasks for datapoints without one; a grouping column takes precedence over `per_group`.

    An incomplete group is filled before a new one is created.

    Returns
    -------
    dict
        ``tasks_created, datapoints_processed, groups_created, groups_expanded``.
    """
    known = [row["group_id"] for row in state.store.rows(_KNOWN, batch["id"])]
    column = next((name for name, field in fields["fields"].items() if field["type"] == "task_group_id"), None)
    found = state.store.rows(_DATAPOINTS, batch["dataset_id"], len(known))
    rows = []
    for position, row in enumerate(found, len(known)):
        # A datapoint without a group name forms its own group: nothing relates it to other unnamed ones.
        key = (json.loads(row["body"]).get(column) or ("alone", position)) if column else position // per_group
        group = state.ids.uuid("group", batch["id"], key)
        rows.append((batch["id"], position, state.ids.uuid("task", batch["id"], position), group, row["body"]))
    state.store.add("tasks", rows)
    filled = {row[3] for row in rows}
    return {
        "tasks_created": len(rows),
        "datapoints_processed": len(rows),
        "groups_created": len(filled - set(known)),
        "groups_expanded": len(filled & set(known)),
    }


def start(state: SandboxState, batch: Document) -> Document:
    """Start a sync of a READY batch; its tasks are created at once and revealed when it is complete."""
    first = len(state.store.rows(_KNOWN, batch["id"]))
    fields = state.document("dataset", batch["dataset_id"])["schema"]
    job = {
        "batch_id": batch["id"],
        "dataset_id": batch["dataset_id"],
        "sync_id": state.ids.uuid("sync", state.store.next("sync")),
        "created_at": state.now(),
        "updated_at": state.now(),
        "since": state.wall(),
        "first": first,
        "end": make_tasks(state, batch, fields, batch["setup"]["tasks_per_group"]),
    }
    state.store.put("sync", job["sync_id"], job, parent=batch["id"])
    state.store.put("unsettled", job["sync_id"], {"sync_id": job["sync_id"]})
    return job


def follow_dataset(state: SandboxState, dataset_id: str) -> None:
    """Sync all batches of a dataset that have automatic sync enabled."""
    for batch in state.store.all("batch"):
        setup = batch["setup"] or {}
        if batch["dataset_id"] == dataset_id and batch["auto_sync_enabled"] and setup.get("end") == "READY":
            start(state, batch)


def show(state: SandboxState, job: Document) -> dict[str, Any]:
    """The sync as shown in responses."""
    status = stage(job["since"], state.wall(), _STAGES, "complete")
    shown = {name: value for name, value in job.items() if name not in ("since", "first", "end")}
    return {**shown, "status": status, **(job["end"] if status == "complete" else {})}


def revealed(state: SandboxState, batch_id: str) -> int:
    """Number of a batch's tasks that are revealed; those of running syncs are not."""
    running = [job["first"] for job in state.store.all("sync", batch_id) if show(state, job)["status"] != "complete"]
    return min(running, default=_ALL)
