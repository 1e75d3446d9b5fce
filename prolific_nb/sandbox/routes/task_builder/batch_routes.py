"""Batches: a layout, a dataset, and the tasks that the set-up creates from both."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request

from ...contract import batch_layout, semantic_rules
from ...contract.http_error import HTTPError, LayoutError, missing
from ...operations import batch_tasks, dataset_contents, syncs
from ...state.pagination import page
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage.store import Document

blueprint = Blueprint("batches", __name__, url_prefix="/api/v1/data-collection/batches")


def show(state: SandboxState, batch: Document) -> dict[str, Any]:
    """The batch as shown in responses."""
    tasks, groups = batch_tasks.counts(state, batch)
    return {
        **{name: value for name, value in batch.items() if name not in ("setup", "dataset_id", "instructions")},
        "datasets": [_show_dataset(state, batch["dataset_id"])] if batch["dataset_id"] else [],
        "status": batch_tasks.status_of(state, batch),
        "total_task_count": tasks,
        "total_task_groups": groups,
        "total_instruction_count": len(batch_tasks.questions(batch)),
        "schema_version": 4,
    }


def _show_dataset(state: SandboxState, dataset_id: str) -> dict[str, Any]:
    names = [
        job["filename"]
        for job, status in dataset_contents.imports_of(state, dataset_id)
        if status in dataset_contents.DONE
    ]
    return {
        "id": dataset_id,
        "total_datapoint_count": dataset_contents.datapoint_count(state, dataset_id),
        "filename": names[-1] if names else None,
    }


def _with_ids(state: SandboxState, batch_id: str, batch_items: Any) -> Any:
    """The layout with an ID on every part; IDs that were sent are kept."""
    edition = state.store.next("layout")
    for place, part in batch_layout.parts(batch_items):
        part.setdefault("id", state.ids.uuid("part", batch_id, edition, *place))
    return batch_items


@blueprint.post("")
def create() -> tuple[dict[str, Any], int]:
    """Create a batch, with or without a dataset and a layout."""
    state, body = current_state(), request_body()
    state.check_workspace(body["workspace_id"])
    dataset_id, batch_items = body.get("dataset_id"), body.get("batch_items")
    semantic_rules.check_layout(batch_items, dataset_contents.schema_of(state, dataset_id), g.issues)
    ident = state.ids.uuid("batch", state.store.next("batch"))
    batch = {
        "id": ident,
        "name": body["name"],
        "created_at": state.now(),
        "created_by": state.user_id,
        "workspace_id": body["workspace_id"],
        "task_details": body["task_details"],
        "batch_items": _with_ids(state, ident, batch_items),
        "instructions": [],
        "auto_sync_enabled": body.get("auto_sync_enabled", False),
        "dataset_id": dataset_id,
        "setup": None,
    }
    state.store.put("batch", ident, batch)
    return show(state, batch), 201


@blueprint.get("")
def list_() -> dict[str, Any]:
    """The batches of a workspace, paginated by limit and offset, without links."""
    state = current_state()
    state.check_workspace(request.args["workspace_id"])
    found = [batch for batch in state.store.all("batch") if batch["workspace_id"] == request.args["workspace_id"]]
    listed = page(found, lambda batch: show(state, batch), default=max(len(found), 1))
    return {name: value for name, value in listed.items() if name != "_links"}


@blueprint.get("/<batch_id>")
def get(batch_id: str) -> dict[str, Any]:
    """One batch."""
    return show(current_state(), current_state().document("batch", batch_id))


@blueprint.patch("/<batch_id>")
def update(batch_id: str) -> dict[str, Any]:
    """Change a batch; dataset and layout only before its set-up, since its tasks are created from them."""
    state, body = current_state(), request_body()
    batch = state.document("batch", batch_id)
    if {"dataset_id", "batch_items"} & set(body) and batch_tasks.status_of(state, batch) in ("PROCESSING", "READY"):
        raise HTTPError(400, "The batch was set up, so its dataset and layout cannot be changed. Create a new batch.")
    changed = {**batch, **body}
    if {"dataset_id", "batch_items"} & set(body):  # renaming a copy without a dataset must not fail
        semantic_rules.check_layout(
            changed["batch_items"], dataset_contents.schema_of(state, changed["dataset_id"]), g.issues
        )
    if "batch_items" in body:
        changed["batch_items"], changed["instructions"] = _with_ids(state, batch_id, body["batch_items"]), []
    state.stamp()
    state.store.put("batch", batch_id, changed)
    return show(state, changed)


@blueprint.post("/<batch_id>/duplicate")
def duplicate(batch_id: str) -> tuple[dict[str, Any], int]:
    """Copy a batch, without its set-up; the parts get new IDs, so that responses to both can be distinguished."""
    state, body = current_state(), request_body()
    source = state.document("batch", batch_id)
    ident = state.ids.uuid("batch", state.store.next("batch"))
    batch_items = source["batch_items"]
    for _, part in batch_layout.parts(batch_items):
        part.pop("id", None)
    copy = {
        **source,
        "id": ident,
        "name": body.get("name", f"{source['name']} (Copy)"),
        "created_at": state.now(),
        "batch_items": _with_ids(state, ident, batch_items),
        "instructions": [
            {**each, "id": state.ids.uuid("instruction", ident, number), "parent_id": ident}
            for number, each in enumerate(source["instructions"])
        ],
        "dataset_id": None if body.get("upload_new_dataset") else source["dataset_id"],
        "setup": None,
    }
    state.store.put("batch", ident, copy)
    return show(state, copy), 201


@blueprint.get("/<batch_id>/status")
def status(batch_id: str) -> dict[str, str]:
    """The status of the set-up."""
    return {"status": batch_tasks.status_of(current_state(), current_state().document("batch", batch_id))}


@blueprint.post("/<batch_id>/setup")
def setup(batch_id: str) -> Response:
    """Start the set-up, which creates a task from each datapoint."""
    state, body = current_state(), request_body()
    batch = state.document("batch", batch_id)
    batch["dataset_id"] = body.get("dataset_id", batch["dataset_id"])
    fields = _ready_fields(state, batch)
    if batch_tasks.status_of(state, batch) in ("PROCESSING", "READY"):
        raise HTTPError(400, "The batch was set up already. Create a new batch for another set-up.")
    end = state.draw_fault("ERROR") or "READY"
    if end == "READY":
        syncs.make_tasks(state, batch, fields, body.get("tasks_per_group", 1))
    per_group = body.get("tasks_per_group", 1)
    batch["setup"] = {"since": state.wall(), "at": state.now(), "end": end, "tasks_per_group": per_group}
    state.store.put("batch", batch_id, batch)
    return Response(status=202)


def _ready_fields(state: SandboxState, batch: Document) -> Document:
    """The columns of the batch's dataset, if everything required for the set-up exists."""
    dataset_id = batch["dataset_id"]
    if dataset_id is None:
        raise HTTPError(400, "The batch has no dataset. Attach one, or send dataset_id.")
    schema = dataset_contents.schema_of(state, dataset_id)
    if not dataset_contents.is_ready(state, dataset_id):
        raise HTTPError(400, f"Dataset {dataset_id} has no rows. Upload a file and wait until its import is complete.")
    if not batch["batch_items"] and not batch["instructions"]:
        raise HTTPError(400, "The batch has no layout. Send batch_items first, or instructions in the legacy flow.")
    try:
        semantic_rules.check_layout(batch["batch_items"], schema, [])
    except LayoutError as refused:  # its 422 is documented for requests with a layout, not for this one
        messages = " ".join(dict.fromkeys(issue["message"] for issue in refused.issues))
        raise HTTPError(400, f"The layout does not match dataset {dataset_id}. {messages}") from None
    return dataset_contents.fields_of(state, dataset_id)


@blueprint.get("/<batch_id>/tasks")
def list_tasks(batch_id: str) -> list[str]:
    """IDs of the tasks."""
    return batch_tasks.task_ids(current_state(), current_state().document("batch", batch_id))


@blueprint.get("/<batch_id>/task-groups")
def list_groups(batch_id: str) -> list[str]:
    """IDs of the task groups."""
    return batch_tasks.group_ids(current_state(), current_state().document("batch", batch_id))


@blueprint.post("/<batch_id>/sync")
def sync(batch_id: str) -> tuple[dict[str, Any], int]:
    """Create tasks for datapoints added since the set-up."""
    state = current_state()
    batch = state.document("batch", batch_id)
    if batch_tasks.status_of(state, batch) != "READY":
        raise HTTPError(400, f"The batch is {batch_tasks.status_of(state, batch)}, not READY. Set it up first.")
    if dataset_contents.schema_of(state, batch["dataset_id"]) is None:
        raise HTTPError(400, f"Dataset {batch['dataset_id']} is untyped (V3) and cannot be synced. Use a typed one.")
    return syncs.show(state, syncs.start(state, batch)), 202


@blueprint.get("/<batch_id>/syncs/<sync_id>")
def get_sync(batch_id: str, sync_id: str) -> dict[str, Any]:
    """The status of a sync."""
    state = current_state()
    job = state.document("sync", sync_id)
    if job["batch_id"] != batch_id:
        raise missing("sync", sync_id)
    return syncs.show(state, job)
