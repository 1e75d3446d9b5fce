"""The contents of a dataset: its imports and their statuses, its schema, and the number of datapoints."""

from __future__ import annotations

from ..contract import dataset_v3
from ..contract.http_error import HTTPError
from ..state.sandbox_state import SandboxState
from ..storage.store import Document
from . import imports

DONE = ("complete", "partial")


def imports_of(state: SandboxState, dataset_id: str) -> list[tuple[Document, str]]:
    """The imports of a dataset with their statuses, oldest first."""
    return [(job, imports.status_of(state, job)) for job in state.store.all("import", dataset_id)]


def datapoint_count(state: SandboxState, dataset_id: str) -> int:
    """Number of datapoints that were appended or imported by completed imports."""
    ends = [job["end"] for job, status in imports_of(state, dataset_id) if status in DONE]
    imported = sum(end["accepted_count"] - end.get("duplicate_count", 0) for end in ends)
    return int(imported) + imports.appended(state, dataset_id)


def schema_of(state: SandboxState, dataset_id: str | None) -> Document | None:
    """The schema of the dataset given in a request's body; None if it has none.

    Raises
    ------
    HTTPError
        400 if the dataset does not exist.
    """
    if dataset_id is None:
        return None
    dataset = state.store.get("dataset", dataset_id)
    if dataset is None:
        raise HTTPError(400, f"There is no dataset {dataset_id} in this sandbox. Create it first, or check the ID.")
    schema: Document | None = dataset.get("schema")
    return schema


def fields_of(state: SandboxState, dataset_id: str) -> Document:
    """The columns of a dataset in the form of a schema; for an untyped dataset derived from their names."""
    dataset = state.document("dataset", dataset_id)
    if dataset["schema_version"] == 3:
        return dataset_v3.fields(dataset["columns"] or [])
    return dataset["schema"] or {"strict": False, "fields": {}}


def is_ready(state: SandboxState, dataset_id: str) -> bool:
    """Whether a batch can be set up with the dataset: an untyped one is READY, or a typed one has rows."""
    if state.document("dataset", dataset_id)["schema_version"] == 3:
        return upload_status(imports_of(state, dataset_id)) == "READY"
    return datapoint_count(state, dataset_id) > 0


def upload_status(jobs: list[tuple[Document, str]]) -> str:
    """The overall status of uploads; among completed ones, that of the newest."""
    statuses = [status for _, status in jobs if status not in ("uninitialised", "pending_schema")]
    if {"queued", "processing"} & set(statuses):
        return "PROCESSING"
    if not statuses:
        return "UNINITIALISED"
    return "READY" if statuses[-1] in DONE else "ERROR"
