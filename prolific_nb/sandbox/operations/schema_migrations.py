"""Changing the schema of a dataset that has one: its rows are judged anew."""

from __future__ import annotations

import json
from typing import Any

from ..contract.http_error import HTTPError
from ..state.sandbox_state import SandboxState
from ..storage.clock import stage
from ..storage.store import Document
from . import imports

_STAGES = [("processing", 0.2)]  # seconds
_ROWS = "SELECT rowid AS number, body FROM datapoints WHERE dataset_id = ? ORDER BY rowid"


def start(world: SandboxState, dataset: Document, schema: Document) -> str:
    """Give the dataset its new schema and its rows what fits it; returns the id of the job.

    A cell that does not fit becomes null, as documented; fields that the schema lacks are dropped.

    Raises
    ------
    HTTPError
        400 if the grouping column would be another one and rows are there.
    """
    rows = world.store.rows(_ROWS, dataset["id"])
    if rows and _grouping(schema) != _grouping(dataset["schema"]):
        raise HTTPError(400, "The task_group_id column cannot be moved once the dataset has rows. Make a new dataset.")
    errors = [error for row in rows for error in _migrate(world, dataset["id"], row["number"], row["body"], schema)]
    edition = dataset.get("edition", 1) + 1
    world.store.put("dataset", dataset["id"], {**dataset, "schema": schema, "edition": edition})
    failed = len({error["datapoint_id"] for error in errors})
    job = {
        "dataset_id": dataset["id"],
        "job_id": world.ids.uuid("migration", world.store.next("migration")),
        "schema_version": edition,
        "created_at": world.now(),
        "updated_at": world.now(),
        "since": world.wall(),
        "end": {"status": "complete", "reprocessed_count": len(rows)}
        if not errors
        else {
            "status": "partial",
            "reprocessed_count": len(rows) - failed,
            "failed_count": failed,
            "errors": errors,
        },
    }
    world.store.put("migration", job["job_id"], job, parent=dataset["id"])
    return str(job["job_id"])


def _grouping(schema: Document) -> str | None:
    return next((name for name, field in schema["fields"].items() if field["type"] == "task_group_id"), None)


def _migrate(world: SandboxState, dataset_id: str, number: int, body: str, schema: Document) -> list[dict[str, str]]:
    """Rewrite one row; returns its cells that do not fit."""
    record = json.loads(body)
    kept = {name: value for name, value in record.items() if name in schema["fields"]}
    wrong = list(imports.faults(kept, schema))
    text = json.dumps({**kept, **{name: None for name, _ in wrong}}, ensure_ascii=False)
    world.store.change("UPDATE datapoints SET body = ? WHERE rowid = ?", text, number)
    ident = world.ids.uuid("datapoint", dataset_id, number)
    return [{"datapoint_id": ident, "field": name, "reason": reason} for name, reason in wrong]


def running(world: SandboxState, dataset_id: str) -> list[str]:
    """Ids of the migrations that are at work."""
    jobs = world.store.all("migration", dataset_id)
    return [job["job_id"] for job in jobs if show(world, job)["status"] == "processing"]


def show(world: SandboxState, job: Document) -> dict[str, Any]:
    """The migration as answers show it."""
    status = stage(job["since"], world.wall(), _STAGES, job["end"]["status"])
    shown = {name: value for name, value in job.items() if name not in ("since", "end")}
    return {**shown, **(job["end"] if status != "processing" else {}), "status": status}
