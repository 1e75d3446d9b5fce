"""Batches: a layout, a dataset, and the tasks that set-up makes of both."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g, request

from ...contract import batch_layout, semantic_rules
from ...contract.http_error import HTTPError, LayoutError, missing
from ...operations import batch_tasks, dataset_contents, syncs
from ...operations.pagination import page
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage.store import Document

blueprint = Blueprint("batches", __name__, url_prefix="/api/v1/data-collection/batches")


def show(world: SandboxState, batch: Document) -> dict[str, Any]:
    """The batch as answers show it."""
    made = batch_tasks.tasks(world, batch)
    return {
        **{name: value for name, value in batch.items() if name not in ("setup", "dataset_id", "instructions")},
        "datasets": [_show_dataset(world, batch["dataset_id"])] if batch["dataset_id"] else [],
        "status": batch_tasks.state(world, batch),
        "total_task_count": len(made),
        "total_task_groups": len({task["group_id"] for task in made}),
        "total_instruction_count": len(batch_tasks.questions(batch)),
        "schema_version": 4,
    }


def _show_dataset(world: SandboxState, dataset_id: str) -> dict[str, Any]:
    names = [
        job["filename"]
        for job, state in dataset_contents.imports_of(world, dataset_id)
        if state in dataset_contents.DONE
    ]
    return {
        "id": dataset_id,
        "total_datapoint_count": dataset_contents.datapoint_count(world, dataset_id),
        "filename": names[-1] if names else None,
    }


def _with_ids(world: SandboxState, batch_id: str, batch_items: Any) -> Any:
    """The layout with an id on every part; ids that were sent stay."""
    edition = world.store.next("layout")
    for place, part in batch_layout.parts(batch_items):
        part.setdefault("id", world.ids.uuid("part", batch_id, edition, *place))
    return batch_items


@blueprint.post("")
def create() -> tuple[dict[str, Any], int]:
    """A batch, with or without a dataset and a layout."""
    world, body = current_state(), request_body()
    world.check_workspace(body["workspace_id"])
    dataset_id, batch_items = body.get("dataset_id"), body.get("batch_items")
    semantic_rules.check_layout(batch_items, dataset_contents.schema_of(world, dataset_id), g.issues)
    ident = world.ids.uuid("batch", world.store.next("batch"))
    batch = {
        "id": ident,
        "name": body["name"],
        "created_at": world.now(),
        "created_by": world.user_id,
        "workspace_id": body["workspace_id"],
        "task_details": body["task_details"],
        "batch_items": _with_ids(world, ident, batch_items),
        "instructions": [],
        "auto_sync_enabled": body.get("auto_sync_enabled", False),
        "dataset_id": dataset_id,
        "setup": None,
    }
    world.store.put("batch", ident, batch)
    return show(world, batch), 201


@blueprint.get("")
def list_() -> dict[str, Any]:
    """All batches of the workspace; the part that limit and offset ask for, without links to the others."""
    world = current_state()
    world.check_workspace(request.args["workspace_id"])
    found = [batch for batch in world.store.all("batch") if batch["workspace_id"] == request.args["workspace_id"]]
    listed = page(found, lambda batch: show(world, batch), default=max(len(found), 1))
    return {name: value for name, value in listed.items() if name != "_links"}


@blueprint.get("/<batch_id>")
def get(batch_id: str) -> dict[str, Any]:
    """One batch."""
    return show(current_state(), current_state().document("batch", batch_id))


@blueprint.patch("/<batch_id>")
def update(batch_id: str) -> dict[str, Any]:
    """Change a batch; dataset and layout only before its set-up, since its tasks are made of them."""
    world, body = current_state(), request_body()
    batch = world.document("batch", batch_id)
    if {"dataset_id", "batch_items"} & set(body) and batch_tasks.state(world, batch) in ("PROCESSING", "READY"):
        raise HTTPError(400, "The batch was set up, so its dataset and layout are frozen. Make a new batch.")
    changed = {**batch, **body}
    if {"dataset_id", "batch_items"} & set(body):  # a new name must not be refused for a copy that has no dataset yet
        semantic_rules.check_layout(
            changed["batch_items"], dataset_contents.schema_of(world, changed["dataset_id"]), g.issues
        )
    if "batch_items" in body:
        changed["batch_items"], changed["instructions"] = _with_ids(world, batch_id, body["batch_items"]), []
    world.stamp()
    world.store.put("batch", batch_id, changed)
    return show(world, changed)


@blueprint.post("/<batch_id>/duplicate")
def duplicate(batch_id: str) -> tuple[dict[str, Any], int]:
    """A copy that is not set up; its parts get ids of their own, since answers to both must be told apart."""
    world, body = current_state(), request_body()
    source = world.document("batch", batch_id)
    ident = world.ids.uuid("batch", world.store.next("batch"))
    batch_items = source["batch_items"]
    for _, part in batch_layout.parts(batch_items):
        part.pop("id", None)
    copy = {
        **source,
        "id": ident,
        "name": body.get("name", f"{source['name']} (Copy)"),
        "created_at": world.now(),
        "batch_items": _with_ids(world, ident, batch_items),
        "instructions": [
            {**each, "id": world.ids.uuid("instruction", ident, number), "parent_id": ident}
            for number, each in enumerate(source["instructions"])
        ],
        "dataset_id": None if body.get("upload_new_dataset") else source["dataset_id"],
        "setup": None,
    }
    world.store.put("batch", ident, copy)
    return show(world, copy), 201


@blueprint.get("/<batch_id>/status")
def status(batch_id: str) -> dict[str, str]:
    """Where the set-up stands."""
    return {"status": batch_tasks.state(current_state(), current_state().document("batch", batch_id))}


@blueprint.post("/<batch_id>/setup")
def setup(batch_id: str) -> Response:
    """Start the set-up: every datapoint with the layout becomes a task."""
    world, body = current_state(), request_body()
    batch = world.document("batch", batch_id)
    batch["dataset_id"] = body.get("dataset_id", batch["dataset_id"])
    fields = _ready_fields(world, batch)
    if batch_tasks.state(world, batch) in ("PROCESSING", "READY"):
        raise HTTPError(400, "The batch was set up already. Make a new batch for another set-up.")
    end = world.trouble("ERROR") or "READY"
    if end == "READY":
        syncs.make_tasks(world, batch, fields, body.get("tasks_per_group", 1))
    per_group = body.get("tasks_per_group", 1)
    batch["setup"] = {"since": world.wall(), "at": world.now(), "end": end, "tasks_per_group": per_group}
    world.store.put("batch", batch_id, batch)
    return Response(status=202)


def _ready_fields(world: SandboxState, batch: Document) -> Document:
    """The columns of the batch's dataset, once everything that set-up needs is there."""
    dataset_id = batch["dataset_id"]
    if dataset_id is None:
        raise HTTPError(400, "The batch has no dataset. Attach one, or name it in the set-up.")
    schema = dataset_contents.schema_of(world, dataset_id)
    if not dataset_contents.is_ready(world, dataset_id):
        raise HTTPError(
            400, f"Dataset {dataset_id} has no import that brought rows. Upload a file and wait for its import."
        )
    if not batch["batch_items"] and not batch["instructions"]:
        raise HTTPError(400, "The batch has no layout. Send batch_items first, or in the older way instructions.")
    try:
        semantic_rules.check_layout(batch["batch_items"], schema, [])
    except LayoutError as refused:  # whose 422 is documented for the requests that bring a layout, not for this one
        said = " ".join(dict.fromkeys(issue["message"] for issue in refused.issues))
        raise HTTPError(400, f"The layout does not fit dataset {dataset_id}. {said}") from None
    return dataset_contents.fields_of(world, dataset_id)


@blueprint.get("/<batch_id>/tasks")
def list_tasks(batch_id: str) -> list[str]:
    """Ids of the tasks."""
    return [task["id"] for task in batch_tasks.tasks(current_state(), current_state().document("batch", batch_id))]


@blueprint.get("/<batch_id>/task-groups")
def list_groups(batch_id: str) -> list[str]:
    """Ids of the task groups."""
    return list(
        dict.fromkeys(
            task["group_id"] for task in batch_tasks.tasks(current_state(), current_state().document("batch", batch_id))
        )
    )


@blueprint.post("/<batch_id>/sync")
def sync(batch_id: str) -> tuple[dict[str, Any], int]:
    """Make tasks of the datapoints that came since the set-up."""
    world = current_state()
    batch = world.document("batch", batch_id)
    if batch_tasks.state(world, batch) != "READY":
        raise HTTPError(400, f"The batch is {batch_tasks.state(world, batch)}, not READY. Set it up first.")
    if dataset_contents.schema_of(world, batch["dataset_id"]) is None:
        raise HTTPError(400, f"Dataset {batch['dataset_id']} is untyped (V3) and does not grow. Make a typed one.")
    return syncs.show(world, syncs.start(world, batch)), 202


@blueprint.get("/<batch_id>/syncs/<sync_id>")
def get_sync(batch_id: str, sync_id: str) -> dict[str, Any]:
    """How far a sync is."""
    world = current_state()
    job = world.document("sync", sync_id)
    if job["batch_id"] != batch_id:
        raise missing("sync", sync_id)
    return syncs.show(world, job)
