"""What came back: responses as JSON, the CSV report, and the ZIP export."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request

from ...contract import timestamps
from ...contract.http_error import HTTPError, missing
from ...operations import batch_tasks, dataset_contents, signing
from ...state.sandbox_state import SandboxState, current_state
from ...storage import revealed
from ...storage.clock import stage
from ...storage.store import Document
from . import batch_routes

blueprint = Blueprint("results", __name__, url_prefix="/api/v1/data-collection/batches")

ROW_COLUMNS = ("pnb_row", "META_pnb_row")  # ours, in typed and untyped datasets
_EXPORT = [("generating", 0.2)]  # seconds
_MOST_EXPORTS = 10
_RESPONSES = "SELECT task_id, body FROM responses WHERE study_id = ? AND moment <= ? ORDER BY moment, id"
_README = """This archive was written by a sandbox.

responses-by-task.jsonl        one line for each task: task_id, task_group_id, datapoint (where it is known), responses
responses-by-submission.jsonl  one line for each submission: its id, participant and status, and its responses
batch.json                     the batch
files/                         what participants uploaded
"""


def _studies(world: SandboxState, batch_id: str) -> list[Document]:
    return [study for study in world.store.all("study") if study["data_collection_id"] == batch_id]


def _revealed(world: SandboxState, batch: Document, study_id: str | None = None) -> Iterator[tuple[str, str]]:
    """Task id and JSON text of the revealed responses of a batch's studies, in the order in which they came."""
    for study in _studies(world, batch["id"]):
        if study_id in (None, study["id"]):
            passed = revealed.elapsed(study, world.wall())
            for row in world.store.rows(_RESPONSES, study["id"], passed):
                yield row["task_id"], row["body"]


def _responses(world: SandboxState, batch: Document, study_id: str | None = None) -> Iterator[dict[str, Any]]:
    return (json.loads(text) for _, text in _revealed(world, batch, study_id))


def _fields(world: SandboxState, batch: Document) -> Document:
    return dataset_contents.fields_of(world, batch["dataset_id"])


@blueprint.get("/<batch_id>/responses")
def responses(batch_id: str) -> Response:
    """Every response so far, those of unfinished and returned submissions included."""
    world = current_state()
    batch = world.document("batch", batch_id)
    tails = _metadata(world, batch)
    # The texts are put together as they are: reading and writing 100,000 records would take seconds.
    found = [text[:-1] + tails.get(task, "") + "}" for task, text in _revealed(world, batch)]
    whole = f'{{"results": [{", ".join(found)}], "meta": {{"count": {len(found)}}}}}'
    return Response(whole, mimetype="application/json")


def _metadata(world: SandboxState, batch: Document) -> dict[str, str]:
    """By task the rest of a record that tells the hidden fields of its datapoint; empty where answers do not tell."""
    if world.profile.join_by != "metadata":
        return {}
    hidden = [name for name, field in _fields(world, batch)["fields"].items() if field["type"] == "metadata"]
    tails = {}
    for task in batch_tasks.tasks(world, batch):
        known = {name: task["datapoint"][name] for name in hidden if name in task["datapoint"]}
        tails[task["id"]] = f', "metadata": {json.dumps(known, ensure_ascii=False)}'
    return tails


@blueprint.get("/<batch_id>/report")
def report(batch_id: str) -> dict[str, str]:
    """Where the CSV report is."""
    current_state().document("batch", batch_id)
    url, expires_at = signing.sign(f"/_files/report/{batch_id}.csv")
    return {"url": url, "expires_at": expires_at, "http_method": "GET"}


def report_csv(world: SandboxState, batch: Document) -> str:
    """The report: the dataset's columns, then those of the response; a line for each response.

    Several picks of one answer stand in one cell, divided by `` | ``.
    """
    columns = [
        name for name in _fields(world, batch)["fields"] if world.profile.join_by != "none" or name not in ROW_COLUMNS
    ]
    asked = {question["id"]: question["description"] for question in batch_tasks.questions(batch)}
    rows = {task["id"]: task["datapoint"] for task in batch_tasks.tasks(world, batch)}
    names = ["response_id", "created_at", "participant_id", "submission_id", "task_id"]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*columns, *names, "instruction_id", "instruction", "response_type", "response"])
    for response in _responses(world, batch):
        given = response["response"]
        cells = [rows[response["task_id"]].get(column, "") for column in columns]
        cells += [response["id"], *(response[name] for name in names[1:])]
        picks = " | ".join(_words(element) for element in given["answer"])
        writer.writerow([*cells, given["instruction_id"], asked[given["instruction_id"]], given["type"], picks])
    return text.getvalue()


def _words(element: dict[str, Any]) -> str:
    shown = [str(element[name]) for name in ("value", "unit", "file_name") if name in element]
    why = f" ({element['explanation']})" if "explanation" in element else ""
    return " ".join(shown) + why


@blueprint.post("/<batch_id>/export")
def start_export(batch_id: str) -> tuple[dict[str, Any], int]:
    """Start an export; while one with the same filter is being made, that one is meant, in some profiles ever after."""
    world = current_state()
    batch = world.document("batch", batch_id)
    wanted = {name: request.args[name] for name in ("study_id", "from", "to") if name in request.args} or None
    since, to = (timestamps.as_record(name, request.args.get(name)) for name in ("from", "to"))
    jobs = world.store.all("export", batch_id)
    running = [job["id"] for job in jobs if job["filter"] == wanted and _export_state(world, job) == "generating"]
    if running:
        return {"status": "generating", "export_id": running[-1]}, 202
    if world.profile.export_reuses_jobs and (made := [job for job in jobs if job["filter"] == wanted]):
        return get_export(batch_id, made[-1]["id"]), 200
    if len(jobs) >= _MOST_EXPORTS:
        raise HTTPError(400, f"The batch has {_MOST_EXPORTS} exports, the most there can be. Use one of them.")
    ident = world.ids.uuid("export", world.store.next("export"))
    job = {"id": ident, "created_at": world.now(), "filter": wanted, "since": world.wall()}
    world.store.put("export", ident, job, parent=batch_id)
    world.store.add("files", [(ident, _archive(world, batch, request.args.get("study_id"), since, to or "~"))])
    return {"status": "generating", "export_id": ident}, 202


def _export_state(world: SandboxState, job: Document) -> str:
    return stage(job["since"], world.wall(), _EXPORT, "complete")


@blueprint.get("/<batch_id>/export")
def list_exports(batch_id: str) -> dict[str, Any]:
    """The exports of a batch, newest first."""
    world = current_state()
    world.document("batch", batch_id)
    found = [
        {
            "export_id": job["id"],
            "status": _export_state(world, job),
            "created_at": job["created_at"],
            "filter": job["filter"],
        }
        for job in reversed(world.store.all("export", batch_id))
    ]
    return {"results": found, "meta": {"count": len(found)}}


@blueprint.get("/<batch_id>/export/<export_id>")
def get_export(batch_id: str, export_id: str) -> dict[str, Any]:
    """One export: still being made, or where it is."""
    world = current_state()
    job = next((job for job in world.store.all("export", batch_id) if job["id"] == export_id), None)
    if job is None:
        raise missing("export", export_id)
    if _export_state(world, job) == "generating":
        return {"status": "generating", "export_id": export_id}
    url, expires_at = signing.sign(f"/_files/export/{export_id}.zip")
    return {"status": "complete", "url": url, "expires_at": expires_at}


@blueprint.delete("/<batch_id>/export/<export_id>")
def delete_export(batch_id: str, export_id: str) -> Response:
    """Drop an export and its archive for good."""
    world = current_state()
    if get_export(batch_id, export_id)["status"] == "generating":
        raise HTTPError(409, f"Export {export_id} is still being made. Delete it when it is complete.")
    world.stamp()
    world.store.drop("export", export_id)
    world.store.change("DELETE FROM files WHERE id = ?", export_id)
    return Response(status=204)


def _archive(world: SandboxState, batch: Document, study_id: str | None, since: str, to: str) -> bytes:
    """The ZIP as things stand now."""
    found = [response for response in _responses(world, batch, study_id) if since <= response["created_at"] <= to]
    texts = {
        "README.md": _README,
        "batch.json": json.dumps(batch_routes.show(world, batch), ensure_ascii=False, indent=1),
        "responses-by-task.jsonl": _lines(_by_task(world, batch, found)),
        "responses-by-submission.jsonl": _lines(_by_submission(world, batch, found)),
    }
    for response in found:
        for element in response["response"]["answer"]:
            if "file_key" in element:
                texts[element["file_key"]] = f"{element['file_name']}, made by a simulated participant.\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("files/"), "")
        for name, text in texts.items():
            # ZipInfo's own date is a fixed one, so equal content gives equal bytes.
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _lines(records: Iterator[dict[str, Any]]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def _grouped(found: list[dict[str, Any]], by: str) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for response in found:
        groups.setdefault(response[by], []).append(response)
    return groups


def _by_task(world: SandboxState, batch: Document, found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    given = _grouped(found, "task_id")
    for task in batch_tasks.tasks(world, batch):
        datapoint = {"datapoint": task["datapoint"]} if world.profile.join_by in ("metadata", "export") else {}
        answers = given.get(task["id"], [])
        yield {"task_id": task["id"], "task_group_id": task["group_id"], **datapoint, "responses": answers}


def _by_submission(world: SandboxState, batch: Document, found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    given = _grouped(found, "submission_id")
    for study in _studies(world, batch["id"]):
        for submission in revealed.submissions(world.store, study, world.wall()):
            if submission["id"] in given:
                yield {
                    "submission_id": submission["id"],
                    "study_id": study["id"],
                    **{name: submission[name] for name in ("participant_id", "status", "started_at", "completed_at")},
                    "responses": given[submission["id"]],
                }
