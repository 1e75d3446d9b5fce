"""Datasets and their imports."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g

from . import presigned, records, rules, syncs
from .refusal import Refusal, missing
from .store import Document
from .world import World, here, sent

blueprint = Blueprint("datasets", __name__, url_prefix="/api/v1/data-collection/datasets")

_DONE = ("complete", "partial")


def imports(world: World, dataset_id: str) -> list[tuple[Document, str]]:
    """The imports of a dataset with their states, oldest first."""
    return [(job, records.state(world, job)) for job in world.store.all("import", dataset_id)]


def datapoint_count(world: World, dataset_id: str) -> int:
    """How many datapoints have been appended, or brought by the imports that are through."""
    brought = sum(job["end"]["accepted_count"] for job, state in imports(world, dataset_id) if state in _DONE)
    return int(brought) + records.appended(world, dataset_id)


def _show_import(job: Document, state: str) -> dict[str, Any]:
    shown = {name: job[name] for name in ("dataset_id", "type", "filename", "created_at", "updated_at")}
    end = job["end"] if job["end"] and job["end"]["status"] == state else {}
    return {"import_id": job["id"], **shown, **end, "status": state}


def _show(world: World, dataset: Document) -> dict[str, Any]:
    jobs = imports(world, dataset["id"])
    return {
        **dataset,
        "total_datapoint_count": datapoint_count(world, dataset["id"]),
        "imports": [_show_import(job, state) for job, state in reversed(jobs)],
    }


@blueprint.post("")
def create() -> tuple[dict[str, Any], int]:
    """A dataset with a schema (V4)."""
    world, body = here(), sent()
    world.check_workspace(body["workspace_id"])
    if "schema" not in body:
        raise Refusal(501, "createDataset without a schema (V3) is not part of the sandbox. Send a schema.")
    rules.check_schema(body["schema"])
    dataset = {
        "id": world.ids.uuid("dataset", world.store.next("dataset")),
        "name": body["name"],
        "created_at": world.now(),
        "created_by": world.user_id,
        "workspace_id": body["workspace_id"],
        "schema_version": 4,
        "schema": body["schema"],
    }
    world.store.put("dataset", dataset["id"], dataset)
    return _show(world, dataset), 201


@blueprint.get("/<dataset_id>")
def get(dataset_id: str) -> dict[str, Any]:
    """One dataset with its imports."""
    return _show(here(), here().document("dataset", dataset_id))


@blueprint.get("/<dataset_id>/status")
def status(dataset_id: str) -> dict[str, str]:
    """The V3 word for where the imports of a dataset stand; for V4 no source says what comes, so this is a guess."""
    world = here()
    states = {state for _, state in imports(world, world.document("dataset", dataset_id)["id"])}
    if states & {"queued", "processing"}:
        return {"status": "PROCESSING"}
    if states & set(_DONE):
        return {"status": "READY"}
    return {"status": "ERROR" if "failed" in states else "UNINITIALISED"}


@blueprint.get("/<dataset_id>/upload-url/<filename>")
def upload_url(dataset_id: str, filename: str) -> tuple[dict[str, Any], int]:
    """A new import and the address its file goes to."""
    world = here()
    world.document("dataset", dataset_id)
    content_type = presigned.content_type(filename)
    ident = world.ids.uuid("import", world.store.next("import"))
    job = {
        "id": ident,
        "dataset_id": dataset_id,
        "type": "file_upload",
        "filename": filename,
        "created_at": world.now(),
        "updated_at": world.now(),
        "since": None,
        "sha256": None,
        "end": None,
    }
    world.store.put("import", ident, job, parent=dataset_id)
    url, expires_at = presigned.sign(f"/_uploads/{ident}", expired=bool(world.trouble("expire")))
    answer = {
        "dataset_id": dataset_id,
        "upload_url": url,
        "http_method": "PUT",
        "content_type": content_type,
        "expires_at": expires_at,
        "file_key": f"{dataset_id}/{ident}/{filename}",
        "import_id": ident,
    }
    return answer, 201


@blueprint.get("/<dataset_id>/imports/<import_id>")
def get_import(dataset_id: str, import_id: str) -> dict[str, Any]:
    """One import of a dataset."""
    job = here().document("import", import_id)
    if job["dataset_id"] != dataset_id:
        raise missing("import", import_id)
    return _show_import(job, records.state(here(), job))


@blueprint.post("/<dataset_id>/datapoints")
def append(dataset_id: str) -> dict[str, Any]:
    """More records, straight into the dataset; answered with 200 even if all were rejected."""
    world = here()
    world.document("dataset", dataset_id)
    running = [job["id"] for job, state in imports(world, dataset_id) if state in ("queued", "processing")]
    if running:
        raise Refusal(409, f"Import {running[0]} is at work on dataset {dataset_id}. Append when it has ended.")
    world.stamp()
    answer = records.append(world, dataset_id, g.body)
    syncs.follow_dataset(world, dataset_id)
    return answer
