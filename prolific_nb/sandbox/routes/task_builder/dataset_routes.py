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


def _show_import(job: Document, status: str) -> dict[str, Any]:
    shown = {name: job[name] for name in ("dataset_id", "type", "filename", "created_at", "updated_at")}
    end = job["end"] if job["end"] and job["end"]["status"] == status else {}
    return {"import_id": job["id"], **shown, **end, "status": status}


def _show(state: SandboxState, dataset: Document) -> dict[str, Any]:
    jobs = dataset_contents.imports_of(state, dataset["id"])
    shown = {name: value for name, value in dataset.items() if name not in _INNER}
    shown["total_datapoint_count"] = dataset_contents.datapoint_count(state, dataset["id"])
    if dataset["schema_version"] == 4:
        return {**shown, "imports": [_show_import(job, status) for job, status in reversed(jobs)]}
    taken = [job["filename"] for job, status in jobs if status in dataset_contents.DONE]
    columns = dataset["columns"] if taken else None  # unknown until an upload is READY
    return {
        **shown,
        "status": dataset_contents.upload_status(jobs),
        "filename": taken[-1] if taken else None,
        "has_predetermined_grouping_id": None if columns is None else dataset_v3.GROUPING in columns,
        "imports": None,
    }


@blueprint.post("")
def create() -> tuple[dict[str, Any], int]:
    """Create a dataset: typed with a schema (V4; null for one that is set later), untyped without (V3)."""
    state, body = current_state(), request_body()
    state.check_workspace(body["workspace_id"])
    typed = "schema" in body or not state.profile.untyped_datasets
    if typed and not state.profile.typed_datasets:
        raise HTTPError(403, f"Workspace {body['workspace_id']} is not enabled for datasets with a schema. Omit it.")
    if body.get("schema") is not None:
        semantic_rules.check_schema(body["schema"])
    dataset = {
        "id": state.ids.uuid("dataset", state.store.next("dataset")),
        "name": body["name"],
        "created_at": state.now(),
        "created_by": state.user_id,
        "workspace_id": body["workspace_id"],
        **({"schema_version": 4, "schema": body.get("schema")} if typed else {"schema_version": 3, "columns": None}),
    }
    state.store.put("dataset", dataset["id"], dataset)
    return _show(state, dataset), 201


@blueprint.get("/<dataset_id>")
def get(dataset_id: str) -> dict[str, Any]:
    """One dataset with its imports."""
    return _show(current_state(), current_state().document("dataset", dataset_id))


@blueprint.get("/<dataset_id>/status")
def status(dataset_id: str) -> dict[str, str]:
    """The status of a dataset's uploads; for V4 it is undocumented, so there this is a guess."""
    state = current_state()
    return {
        "status": dataset_contents.upload_status(
            dataset_contents.imports_of(state, state.document("dataset", dataset_id)["id"])
        )
    }


@blueprint.patch("/<dataset_id>")
def update(dataset_id: str) -> dict[str, Any]:
    """Set or change the schema of a typed dataset; a change migrates its rows."""
    state, schema = current_state(), request_body()["schema"]
    dataset = state.document("dataset", dataset_id)
    if dataset["schema_version"] == 3:
        raise HTTPError(400, f"Dataset {dataset_id} is untyped (V3) and cannot get a schema. Create a typed one.")
    semantic_rules.check_schema(schema)
    running = _running_job(state, dataset_id)
    if running:
        raise HTTPError(400, f"{running} of dataset {dataset_id} is running. Change the schema when it has ended.")
    state.stamp()
    changed = {**dataset, "schema": schema}
    if dataset["schema"] is None:
        state.store.put("dataset", dataset_id, changed)
        for job in imports.pending(state, dataset_id):
            imports.store_valid(state, job, changed, state.store.file(job["id"]))
        return _show(state, changed)
    job_id = schema_migrations.start(state, dataset, schema)
    return {**_show(state, state.document("dataset", dataset_id)), "migration_job_id": job_id}


def _running_job(state: SandboxState, dataset_id: str) -> str:
    """Name of the running import or migration; "" if there is none."""
    for job, status in dataset_contents.imports_of(state, dataset_id):
        if status in ("queued", "processing"):
            return f"Import {job['id']}"
    return next((f"Migration {ident}" for ident in schema_migrations.running(state, dataset_id)), "")


@blueprint.get("/<dataset_id>/schema-migrations/<job_id>")
def get_migration(dataset_id: str, job_id: str) -> dict[str, Any]:
    """The status of a schema change."""
    job = current_state().document("migration", job_id)
    if job["dataset_id"] != dataset_id:
        raise missing("migration", job_id)
    return schema_migrations.show(current_state(), job)


@blueprint.get("/<dataset_id>/upload-url/<filename>")
def upload_url(dataset_id: str, filename: str) -> tuple[dict[str, Any], int]:
    """Create an import, with the URL for uploading its file."""
    state = current_state()
    version = state.document("dataset", dataset_id)["schema_version"]
    content_type = signing.content_type(filename, version)
    ident = state.ids.uuid("import", state.store.next("import"))
    job = {
        "id": ident,
        "dataset_id": dataset_id,
        "type": "file_upload",
        "filename": filename,
        "content_type": content_type,
        "created_at": state.now(),
        "updated_at": state.now(),
        "since": None,
        "sha256": None,
        "end": None,
    }
    state.store.put("import", ident, job, parent=dataset_id)
    url, expires_at = signing.sign(f"/_uploads/{ident}", expired=bool(state.draw_fault("expire")))
    answer = {
        "dataset_id": dataset_id,
        "upload_url": url,
        "http_method": "PUT",
        "content_type": content_type,
        "expires_at": expires_at,
        "file_key": f"{dataset_id}/{ident}/{filename}",
    }
    return answer | ({"import_id": ident} if _shows_imports(state, version) else {}), 201


def _shows_imports(state: SandboxState, version: int) -> bool:
    """Whether the uploads to datasets of this version are imports with an ID."""
    return version == 4 or state.profile.untyped_imports


@blueprint.get("/<dataset_id>/imports/<import_id>")
def get_import(dataset_id: str, import_id: str) -> dict[str, Any]:
    """One import of a dataset."""
    state = current_state()
    job = state.document("import", import_id)
    if job["dataset_id"] != dataset_id or not _shows_imports(
        state, state.document("dataset", dataset_id)["schema_version"]
    ):
        raise missing("import", import_id)
    return _show_import(job, imports.status_of(state, job))


@blueprint.post("/<dataset_id>/datapoints")
def append(dataset_id: str) -> dict[str, Any]:
    """Append records to a dataset; the status is 200 even if all of them were rejected."""
    state = current_state()
    if not state.document("dataset", dataset_id).get("schema"):
        raise HTTPError(
            400, f"Dataset {dataset_id} has no schema. Records can only be appended to typed datasets (V4)."
        )
    running = _running_job(state, dataset_id)
    if running:
        raise HTTPError(409, f"{running} of dataset {dataset_id} is running. Append when it has ended.")
    state.stamp()
    answer = imports.append(state, dataset_id, g.body)
    syncs.follow_dataset(state, dataset_id)
    return answer
