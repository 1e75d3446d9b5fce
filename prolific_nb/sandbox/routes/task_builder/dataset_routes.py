"""Datasets and their imports."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g

from ...contract import dataset_v3, semantic_rules
from ...contract.http_error import HTTPError, missing
from ...operations import dataset_contents, imports, schema_migrations, signing, syncs
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage.store import Document

blueprint = Blueprint("datasets", __name__, url_prefix="/api/v1/data-collection/datasets")

_INNER = ("columns", "edition")


def _show_import(job: Document, state: str) -> dict[str, Any]:
    shown = {name: job[name] for name in ("dataset_id", "type", "filename", "created_at", "updated_at")}
    end = job["end"] if job["end"] and job["end"]["status"] == state else {}
    return {"import_id": job["id"], **shown, **end, "status": state}


def _show(world: SandboxState, dataset: Document) -> dict[str, Any]:
    jobs = dataset_contents.imports_of(world, dataset["id"])
    shown = {name: value for name, value in dataset.items() if name not in _INNER}
    shown["total_datapoint_count"] = dataset_contents.datapoint_count(world, dataset["id"])
    if dataset["schema_version"] == 4:
        return {**shown, "imports": [_show_import(job, state) for job, state in reversed(jobs)]}
    taken = [job["filename"] for job, state in jobs if state in dataset_contents.DONE]
    columns = dataset["columns"] if taken else None  # as long as nothing is READY nobody has read them
    return {
        **shown,
        "status": dataset_contents.upload_status(jobs),
        "filename": taken[-1] if taken else None,
        "has_predetermined_grouping_id": None if columns is None else dataset_v3.GROUPING in columns,
        "imports": None,
    }


@blueprint.post("")
def create() -> tuple[dict[str, Any], int]:
    """A dataset: with a schema a typed one (V4), without one an untyped one (V3)."""
    world, body = current_state(), request_body()
    world.check_workspace(body["workspace_id"])
    typed = "schema" in body or not world.profile.untyped_datasets
    if typed and not world.profile.typed_datasets:
        raise HTTPError(403, f"Workspace {body['workspace_id']} has no datasets with a schema. Leave out the schema.")
    if "schema" in body:
        semantic_rules.check_schema(body["schema"])
    dataset = {
        "id": world.ids.uuid("dataset", world.store.next("dataset")),
        "name": body["name"],
        "created_at": world.now(),
        "created_by": world.user_id,
        "workspace_id": body["workspace_id"],
        **({"schema_version": 4, "schema": body.get("schema")} if typed else {"schema_version": 3, "columns": None}),
    }
    world.store.put("dataset", dataset["id"], dataset)
    return _show(world, dataset), 201


@blueprint.get("/<dataset_id>")
def get(dataset_id: str) -> dict[str, Any]:
    """One dataset with its imports."""
    return _show(current_state(), current_state().document("dataset", dataset_id))


@blueprint.get("/<dataset_id>/status")
def status(dataset_id: str) -> dict[str, str]:
    """Where the uploads of a dataset stand; what comes for V4 no source says, so there this is a guess."""
    world = current_state()
    return {
        "status": dataset_contents.upload_status(
            dataset_contents.imports_of(world, world.document("dataset", dataset_id)["id"])
        )
    }


@blueprint.patch("/<dataset_id>")
def update(dataset_id: str) -> dict[str, Any]:
    """Set or change the schema of a typed dataset; changing one that was set is a migration of its rows."""
    world, schema = current_state(), request_body()["schema"]
    dataset = world.document("dataset", dataset_id)
    if dataset["schema_version"] == 3:
        raise HTTPError(400, f"Dataset {dataset_id} is untyped (V3) and stays so. Create one with a schema.")
    semantic_rules.check_schema(schema)
    running = _at_work(world, dataset_id)
    if running:
        raise HTTPError(400, f"{running} is at work on dataset {dataset_id}. Change its schema when it has ended.")
    world.stamp()
    changed = {**dataset, "schema": schema}
    if dataset["schema"] is None:
        world.store.put("dataset", dataset_id, changed)
        for job in imports.pending(world, dataset_id):
            imports.store_valid(world, job, changed, world.store.file(job["id"]))
        return _show(world, changed)
    job_id = schema_migrations.start(world, dataset, schema)
    return {**_show(world, world.document("dataset", dataset_id)), "migration_job_id": job_id}


def _at_work(world: SandboxState, dataset_id: str) -> str:
    """The import or migration that is running, in words; "" if there is none."""
    for job, state in dataset_contents.imports_of(world, dataset_id):
        if state in ("queued", "processing"):
            return f"Import {job['id']}"
    return next((f"Migration {ident}" for ident in schema_migrations.running(world, dataset_id)), "")


@blueprint.get("/<dataset_id>/schema-migrations/<job_id>")
def get_migration(dataset_id: str, job_id: str) -> dict[str, Any]:
    """How far a change of the schema is."""
    job = current_state().document("migration", job_id)
    if job["dataset_id"] != dataset_id:
        raise missing("migration", job_id)
    return schema_migrations.show(current_state(), job)


@blueprint.get("/<dataset_id>/upload-url/<filename>")
def upload_url(dataset_id: str, filename: str) -> tuple[dict[str, Any], int]:
    """A new import and the address its file goes to."""
    world = current_state()
    version = world.document("dataset", dataset_id)["schema_version"]
    content_type = signing.content_type(filename, version)
    ident = world.ids.uuid("import", world.store.next("import"))
    job = {
        "id": ident,
        "dataset_id": dataset_id,
        "type": "file_upload",
        "filename": filename,
        "content_type": content_type,
        "created_at": world.now(),
        "updated_at": world.now(),
        "since": None,
        "sha256": None,
        "end": None,
    }
    world.store.put("import", ident, job, parent=dataset_id)
    url, expires_at = signing.sign(f"/_uploads/{ident}", expired=bool(world.trouble("expire")))
    answer = {
        "dataset_id": dataset_id,
        "upload_url": url,
        "http_method": "PUT",
        "content_type": content_type,
        "expires_at": expires_at,
        "file_key": f"{dataset_id}/{ident}/{filename}",
    }
    return answer | ({"import_id": ident} if version == 4 else {}), 201


@blueprint.get("/<dataset_id>/imports/<import_id>")
def get_import(dataset_id: str, import_id: str) -> dict[str, Any]:
    """One import of a dataset."""
    job = current_state().document("import", import_id)
    if job["dataset_id"] != dataset_id or current_state().document("dataset", dataset_id)["schema_version"] == 3:
        raise missing("import", import_id)
    return _show_import(job, imports.state(current_state(), job))


@blueprint.post("/<dataset_id>/datapoints")
def append(dataset_id: str) -> dict[str, Any]:
    """More records, straight into the dataset; answered with 200 even if all were rejected."""
    world = current_state()
    if not world.document("dataset", dataset_id).get("schema"):
        raise HTTPError(
            400, f"Dataset {dataset_id} has no schema. Records can be appended to typed datasets (V4) only."
        )
    running = _at_work(world, dataset_id)
    if running:
        raise HTTPError(409, f"{running} is at work on dataset {dataset_id}. Append when it has ended.")
    world.stamp()
    answer = imports.append(world, dataset_id, g.body)
    syncs.follow_dataset(world, dataset_id)
    return answer
