"""Responses as JSON, in the CSV report, and in the ZIP export."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request

from ...contract import semantic_rules
from ...contract.http_error import HTTPError, missing
from ...operations import batch_tasks, dataset_contents, report_csv, signing
from ...state.sandbox_state import SandboxState, current_state
from ...storage import revealed
from ...storage.clock import stage
from ...storage.store import Document
from . import batch_routes

blueprint = Blueprint("results", __name__, url_prefix="/api/v1/data-collection/batches")

_EXPORT = [("generating", 0.2)]  # seconds
_MOST_EXPORTS = 10
_RESPONSES = "SELECT task_id, body FROM responses WHERE study_id = ? AND moment <= ? ORDER BY moment, id"
_README = """This archive was created by a sandbox.

responses-by-task.jsonl        one line per task: task_id, task_group_id, datapoint (if known), responses
responses-by-submission.jsonl  one line per submission: its ID, participant, status and responses
batch.json                     the batch
files/                         files uploaded by participants
"""


def _studies(state: SandboxState, batch_id: str) -> list[Document]:
    return [study for study in state.store.all("study") if study["data_collection_id"] == batch_id]


def _revealed(state: SandboxState, batch: Document, study_id: str | None = None) -> Iterator[tuple[str, str]]:
    """Task ID and JSON string of the revealed responses of a batch's studies, in order of time."""
    for study in _studies(state, batch["id"]):
        if study_id in (None, study["id"]):
            passed = revealed.elapsed(study, state.wall())
            for row in state.store.rows(_RESPONSES, study["id"], passed):
                yield row["task_id"], row["body"]


def _responses(state: SandboxState, batch: Document, study_id: str | None = None) -> Iterator[dict[str, Any]]:
    return (json.loads(text) for _, text in _revealed(state, batch, study_id))


def _fields(state: SandboxState, batch: Document) -> Document:
    return dataset_contents.fields_of(state, batch["dataset_id"])


@blueprint.get("/<batch_id>/responses")
def responses(batch_id: str) -> Response:
    """All responses so far, including those of active and returned submissions."""
    state = current_state()
    batch = state.document("batch", batch_id)
    tails = _metadata(state, batch)
    # Concatenates the stored JSON strings: parsing and serialising 100,000 records would take seconds.
    found = [f"{text[:-1]}{tails.get(task, '')}}}".encode() for task, text in _revealed(state, batch)]
    whole = b'{"results": [%b], "meta": {"count": %d}}' % (b", ".join(found), len(found))
    return Response(whole, mimetype="application/json")


def _as_string(value: Any) -> str | None:
    """A hidden value as metadata, whose values are strings for Prolific's own command line."""
    return value if value is None or isinstance(value, str) else json.dumps(value)


def _metadata(state: SandboxState, batch: Document) -> dict[str, str]:
    """By task, the end of a record with the hidden fields of its datapoint; {} if responses do not include them."""
    if state.profile.join_by != "metadata":
        return {}
    hidden = [name for name, field in _fields(state, batch)["fields"].items() if field["type"] == "metadata"]
    tails = {}
    for task in batch_tasks.tasks(state, batch):
        known = {name: _as_string(task["datapoint"][name]) for name in hidden if name in task["datapoint"]}
        tails[task["id"]] = f', "metadata": {json.dumps(known, ensure_ascii=False)}'
    return tails


@blueprint.get("/<batch_id>/report")
def report(batch_id: str) -> dict[str, str]:
    """The URL of the CSV report."""
    current_state().document("batch", batch_id)
    url, expires_at = signing.sign(f"/_files/report/{batch_id}.csv")
    return {"url": url, "expires_at": expires_at, "http_method": "GET"}


def report_of(state: SandboxState, batch: Document) -> str:
    """The CSV report of all responses so far."""
    studies = _studies(state, batch["id"])
    asked = [int((study.get("data_collection_metadata") or {}).get("annotators_per_task") or 1) for study in studies]
    return report_csv.report_csv(state, batch, _responses(state, batch), max(asked, default=1))


@blueprint.post("/<batch_id>/export")
def start_export(batch_id: str) -> tuple[dict[str, Any], int]:
    """Start an export; a running one with the same filter is reused, in some profiles a complete one too."""
    state = current_state()
    batch = state.document("batch", batch_id)
    wanted = {name: request.args[name] for name in ("study_id", "from", "to") if name in request.args} or None
    since, to = (_time(name) for name in ("from", "to"))
    jobs = state.store.all("export", batch_id)
    running = [job["id"] for job in jobs if job["filter"] == wanted and _export_status(state, job) == "generating"]
    if running:
        return {"status": "generating", "export_id": running[-1]}, 202
    if state.profile.export_reuses_jobs and (made := [job for job in jobs if job["filter"] == wanted]):
        return get_export(batch_id, made[-1]["id"]), 200
    if len(jobs) >= _MOST_EXPORTS:
        raise HTTPError(400, f"The batch has {_MOST_EXPORTS} exports, which is the maximum. Delete one first.")
    ident = state.ids.uuid("export", state.store.next("export"))
    job = {"id": ident, "created_at": state.now(), "filter": wanted, "since": state.wall()}
    state.store.put("export", ident, job, parent=batch_id)
    state.store.add("files", [(ident, _archive(state, batch, request.args.get("study_id"), since, to or "~"))])
    return {"status": "generating", "export_id": ident}, 202


def _time(name: str) -> str:
    """A time of the query in the format of records; "" if it is not given."""
    if name not in request.args:
        return ""
    moment = semantic_rules.read_timestamp(name, request.args[name], "2026-01-05T09:00:00Z")
    return semantic_rules.timestamp_as_stored(moment)


def _export_status(state: SandboxState, job: Document) -> str:
    return stage(job["since"], state.wall(), _EXPORT, "complete")


@blueprint.get("/<batch_id>/export")
def list_exports(batch_id: str) -> dict[str, Any]:
    """The exports of a batch, newest first."""
    state = current_state()
    state.document("batch", batch_id)
    found = [
        {
            "export_id": job["id"],
            "status": _export_status(state, job),
            "created_at": job["created_at"],
            "filter": job["filter"],
        }
        for job in reversed(state.store.all("export", batch_id))
    ]
    return {"results": found, "meta": {"count": len(found)}}


@blueprint.get("/<batch_id>/export/<export_id>")
def get_export(batch_id: str, export_id: str) -> dict[str, Any]:
    """One export: generating, or complete with its URL."""
    state = current_state()
    job = next((job for job in state.store.all("export", batch_id) if job["id"] == export_id), None)
    if job is None:
        raise missing("export", export_id)
    if _export_status(state, job) == "generating":
        return {"status": "generating", "export_id": export_id}
    url, expires_at = signing.sign(f"/_files/export/{export_id}.zip")
    return {"status": "complete", "url": url, "expires_at": expires_at}


@blueprint.delete("/<batch_id>/export/<export_id>")
def delete_export(batch_id: str, export_id: str) -> Response:
    """Delete an export and its archive permanently."""
    state = current_state()
    if get_export(batch_id, export_id)["status"] == "generating":
        raise HTTPError(409, f"Export {export_id} is still being generated. Delete it when it is complete.")
    state.stamp()
    state.store.drop("export", export_id)
    state.store.change("DELETE FROM files WHERE id = ?", export_id)
    return Response(status=204)


def _archive(state: SandboxState, batch: Document, study_id: str | None, since: str, to: str) -> bytes:
    """The ZIP archive of the responses so far."""
    found = [response for response in _responses(state, batch, study_id) if since <= response["created_at"] <= to]
    texts: dict[str, str | bytes] = {
        "README.md": _README,
        "batch.json": json.dumps(batch_routes.show(state, batch), ensure_ascii=False, indent=1),
        "responses-by-task.jsonl": _lines(_by_task(state, batch, found)),
        "responses-by-submission.jsonl": _lines(_by_submission(state, batch, found)),
    }
    sent = set(state.store.each("SELECT id FROM files WHERE id LIKE 'files/%'"))  # by people who took part by a link
    for response in found:
        for element in response["response"]["answer"]:
            if (key := element.get("file_key")) is not None:
                simulated = f"{element['file_name']}, created by a simulated participant.\n"
                texts[key] = state.store.file(key) if key in sent else simulated
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("files/"), "")
        for name, text in texts.items():
            # ZipInfo's default date is fixed, so equal content gives equal bytes.
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _lines(records: Iterator[dict[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def _grouped(found: list[dict[str, Any]], by: str) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for response in found:
        groups.setdefault(response[by], []).append(response)
    return groups


def _by_task(state: SandboxState, batch: Document, found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    given = _grouped(found, "task_id")
    for task in batch_tasks.tasks(state, batch):
        datapoint = {"datapoint": task["datapoint"]} if state.profile.join_by in ("metadata", "export") else {}
        answers = given.get(task["id"], [])
        yield {"task_id": task["id"], "task_group_id": task["group_id"], **datapoint, "responses": answers}


def _by_submission(state: SandboxState, batch: Document, found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    given = _grouped(found, "submission_id")
    for study in _studies(state, batch["id"]):
        for submission in revealed.submissions(state.store, study, state.wall()):
            if submission["id"] in given:
                yield {
                    "submission_id": submission["id"],
                    "study_id": study["id"],
                    **{name: submission[name] for name in ("participant_id", "status", "started_at", "completed_at")},
                    "responses": given[submission["id"]],
                }
