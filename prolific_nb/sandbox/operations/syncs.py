"""Creating tasks from datapoints: all of them in the set-up, later ones by syncs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

from ..state.sandbox_state import SandboxState
from ..storage.clock import stage
from ..storage.store import Document

_STAGES = [("queued", 0.05), ("processing", 0.1)]  # seconds
_ALL = 2**62  # above any number of tasks
_DATAPOINTS = "SELECT body FROM datapoints WHERE dataset_id = ? ORDER BY rowid LIMIT -1 OFFSET ?"
_COUNT = "SELECT COUNT(*) AS number FROM datapoints WHERE dataset_id = ?"
_KNOWN = "SELECT group_id FROM tasks WHERE batch_id = ?"


def make_tasks(state: SandboxState, batch: Document, fields: Document, per_group: int) -> dict[str, int]:
    """Create tasks for datapoints without one; a grouping column takes precedence over `per_group`.

    An incomplete group is filled before a new one is created.

    Returns
    -------
    dict
        ``tasks_created, datapoints_processed, groups_created, groups_expanded``.
    """
    known = list(state.store.each(_KNOWN, batch["id"]))
    groups = dict[str, str]()
    rows = _task_rows(state, batch, _group_column(fields) or per_group, len(known), groups)
    new = state.store.rows(_COUNT, batch["dataset_id"])[0]["number"] - len(known)
    created = state.store.fill("tasks", rows, new)
    filled = set(groups.values())
    return {
        "tasks_created": created,
        "datapoints_processed": created,
        "groups_created": len(filled - set(known)),
        "groups_expanded": len(filled & set(known)),
    }


def _group_column(fields: Document) -> str | None:
    return next((name for name, field in fields["fields"].items() if field["type"] == "task_group_id"), None)


def _task_rows(
    state: SandboxState, batch: Document, by: str | int, first: int, groups: dict[str, str]
) -> Iterator[tuple[object, ...]]:
    """The tasks of the datapoints from the one at `first`, grouped by a column or so many at a time.

    The IDs of the groups are added to `groups` by what names each.
    """
    tasks = state.ids.uuids("task", batch["id"], numbers=count(first))
    bodies = state.store.each(_DATAPOINTS, batch["dataset_id"], first)
    for position, (body, task) in enumerate(zip(bodies, tasks, strict=False), first):
        # A datapoint without a group name forms its own group: nothing relates it to other unnamed ones.
        key = str(position // by if isinstance(by, int) else json.loads(body).get(by) or ("alone", position))
        if key not in groups:
            groups[key] = state.ids.uuid("group", batch["id"], key)
        yield batch["id"], position, task, groups[key], body


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
