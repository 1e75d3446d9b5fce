"""Changing the schema of a dataset, which validates its rows again."""

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


def start(state: SandboxState, dataset: Document, schema: Document) -> str:
    """Set the new schema and migrate all rows; returns the ID of the job.

    Invalid cells become null, as documented; fields that are not in the schema are dropped.

    Raises
    ------
    HTTPError
        400 if the grouping column changes and the dataset has rows.
    """
    rows = state.store.rows(_ROWS, dataset["id"])
    if rows and _grouping(schema) != _grouping(dataset["schema"]):
        raise HTTPError(400, "The task_group_id column cannot change once the dataset has rows. Create a new dataset.")
    errors = [error for row in rows for error in _migrate(state, dataset["id"], row["number"], row["body"], schema)]
    edition = dataset.get("edition", 1) + 1
    state.store.put("dataset", dataset["id"], {**dataset, "schema": schema, "edition": edition})
    failed = len({error["datapoint_id"] for error in errors})
    job = {
        "dataset_id": dataset["id"],
        "job_id": state.ids.uuid("migration", state.store.next("migration")),
        "schema_version": edition,
        "created_at": state.now(),
        "updated_at": state.now(),
        "since": state.wall(),
        "end": {"status": "complete", "reprocessed_count": len(rows)}
        if not errors
        else {
            "status": "partial",
            "reprocessed_count": len(rows) - failed,
            "failed_count": failed,
            "errors": errors,
        },
    }
    state.store.put("migration", job["job_id"], job, parent=dataset["id"])
    return str(job["job_id"])


def _grouping(schema: Document) -> str | None:
    return next((name for name, field in schema["fields"].items() if field["type"] == "task_group_id"), None)


def _migrate(state: SandboxState, dataset_id: str, number: int, body: str, schema: Document) -> list[dict[str, str]]:
    """Migrate one row; returns its invalid cells."""
    record = json.loads(body)
    known = {name: value for name, value in record.items() if name in schema["fields"]}
    wrong = list(imports.faults(known, schema))
    text = json.dumps({**known, **{name: None for name, _ in wrong}}, ensure_ascii=False)
    state.store.change("UPDATE datapoints SET body = ? WHERE rowid = ?", text, number)
    ident = state.ids.uuid("datapoint", dataset_id, number)
    return [{"datapoint_id": ident, "field": name, "reason": reason} for name, reason in wrong]


def running(state: SandboxState, dataset_id: str) -> list[str]:
    """IDs of running migrations."""
    jobs = state.store.all("migration", dataset_id)
    return [job["job_id"] for job in jobs if show(state, job)["status"] == "processing"]


def show(state: SandboxState, job: Document) -> dict[str, Any]:
    """The migration as shown in responses."""
    status = stage(job["since"], state.wall(), _STAGES, job["end"]["status"])
    shown = {name: value for name, value in job.items() if name not in ("since", "end")}
    return {**shown, **(job["end"] if status != "processing" else {}), "status": status}
