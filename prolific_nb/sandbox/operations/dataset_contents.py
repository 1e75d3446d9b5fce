"""What a dataset holds: its imports and their states, its schema, and how many datapoints."""

from __future__ import annotations

from ..contract import dataset_v3
from ..contract.http_error import HTTPError
from ..state.sandbox_state import SandboxState
from ..storage.store import Document
from . import imports

DONE = ("complete", "partial")


def imports_of(world: SandboxState, dataset_id: str) -> list[tuple[Document, str]]:
    """The imports of a dataset with their states, oldest first."""
    return [(job, imports.state(world, job)) for job in world.store.all("import", dataset_id)]


def datapoint_count(world: SandboxState, dataset_id: str) -> int:
    """How many datapoints have been appended, or brought by the imports that are through."""
    brought = sum(job["end"]["accepted_count"] for job, state in imports_of(world, dataset_id) if state in DONE)
    return int(brought) + imports.appended(world, dataset_id)


def schema_of(world: SandboxState, dataset_id: str | None) -> Document | None:
    """The schema of the dataset that a request's body names; None where it has none.

    Raises
    ------
    HTTPError
        400 if there is no such dataset.
    """
    if dataset_id is None:
        return None
    dataset = world.store.get("dataset", dataset_id)
    if dataset is None:
        raise HTTPError(400, f"There is no dataset {dataset_id} in this sandbox. Create it first, or check the id.")
    schema: Document | None = dataset.get("schema")
    return schema


def fields_of(world: SandboxState, dataset_id: str) -> Document:
    """What the columns of a dataset are, in the form of a schema; for an untyped dataset their names tell."""
    dataset = world.document("dataset", dataset_id)
    if dataset["schema_version"] == 3:
        return dataset_v3.fields(dataset["columns"] or [])
    return dataset["schema"] or {"strict": False, "fields": {}}


def is_ready(world: SandboxState, dataset_id: str) -> bool:
    """Whether a batch may be set up with it: an untyped one is READY, or rows of a typed one are there."""
    if world.document("dataset", dataset_id)["schema_version"] == 3:
        return upload_status(imports_of(world, dataset_id)) == "READY"
    return datapoint_count(world, dataset_id) > 0


def upload_status(jobs: list[tuple[Document, str]]) -> str:
    """The one word for where uploads stand; of those that have ended the newest counts."""
    states = [state for _, state in jobs if state not in ("uninitialised", "pending_schema")]
    if {"queued", "processing"} & set(states):
        return "PROCESSING"
    if not states:
        return "UNINITIALISED"
    return "READY" if states[-1] in DONE else "ERROR"
