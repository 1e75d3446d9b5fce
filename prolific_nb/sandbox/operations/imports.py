"""What becomes of an uploaded file: records that are kept, and records that are rejected with a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from ..contract import dataset_v3
from ..contract.http_error import HTTPError
from ..contract.parse_files import csv_records, jsonl_records
from ..state.sandbox_state import SandboxState
from ..storage.clock import stage
from ..storage.store import Document

STAGES = [("queued", 0.05), ("processing", 0.1)]  # seconds
APPENDED = "append "
"""What the ids of appended portions begin with, where imports have theirs."""
_MOST_APPENDED = 1000
_MEDIA = ("image_url", "audio_url", "video_url")


def state(world: SandboxState, job: Document) -> str:
    """The status of an import by the clock."""
    if job["since"] is None:
        return "uninitialised"
    if job["end"] is None:
        return "pending_schema"
    return stage(job["since"], world.wall(), STAGES, str(job["end"]["status"]))


def receive_upload(world: SandboxState, job: Document, raw: bytes) -> None:
    """Judge an uploaded file record by record and keep the good ones.

    Parameters
    ----------
    job : dict
        The import; written back with its end, which the clock reveals later.
    raw : bytes
        CSV or JSONL by the name of the file.

    Raises
    ------
    HTTPError
        409 if the address was used for another file before. The same file again is no harm: a client that missed
        the answer may repeat itself.
    """
    print_of = sha256(raw).hexdigest()
    if job["since"] is not None:
        if job["sha256"] != print_of:
            raise HTTPError(409, "This address has taken another file already. Ask for a new one.")
        return
    job |= {"sha256": print_of}
    dataset = world.document("dataset", job["dataset_id"])
    if dataset["schema_version"] == 4 and dataset["schema"] is None:
        world.store.add("files", [(job["id"], raw)])
        job |= {"since": world.wall(), "updated_at": world.now()}
        world.store.put("import", job["id"], job)
    else:
        store_valid(world, job, dataset, raw)


def store_valid(world: SandboxState, job: Document, dataset: Document, raw: bytes) -> None:
    """Judge the file of an import and store its good records; the clock reveals its end later."""
    if dataset["schema_version"] == 3:
        kept, reason = dataset_v3.read(raw, job["filename"])
        errors = list[Document]()
    else:
        kept, errors, reason = _validate_records(raw, job["filename"], dataset["schema"])
    kept, errors, reason = _apply_fault(kept, errors, reason, world.trouble("partial", "failed"))
    world.store.add(
        "datapoints",
        ((job["dataset_id"], job["id"], n, _as_text(record)) for n, record in enumerate(kept)),
    )
    job |= {"since": world.wall(), "updated_at": world.now(), "end": _end(kept, errors, reason)}
    world.store.put("import", job["id"], job)
    if dataset["schema_version"] == 3:
        columns = dict.fromkeys([*(dataset["columns"] or []), *(name for record in kept for name in record)])
        world.store.put("dataset", dataset["id"], {**dataset, "columns": list(columns)})


def pending(world: SandboxState, dataset_id: str) -> list[Document]:
    """The imports that wait for a schema."""
    return [job for job in world.store.all("import", dataset_id) if state(world, job) == "pending_schema"]


def faults(record: dict[str, Any], schema: Document) -> Iterator[tuple[str, str]]:
    """What is wrong with a record: field and reason."""
    for name, field in schema["fields"].items():
        if name not in record:
            if schema["strict"]:
                yield name, "The record lacks this field, and the schema is strict."
            continue
        value = record[name]
        if isinstance(value, dict | list):
            yield name, "The value is not flat."
        elif field["type"] in _MEDIA and value not in ("", None) and not _is_url(value):
            yield name, "The value is not an absolute URL."


def append(world: SandboxState, dataset_id: str, raw: bytes) -> dict[str, Any]:
    """Judge records that come one to a line and keep the good ones that are not there yet.

    Returns
    -------
    dict
        ``accepted, rejected, errors``; errors count the records from 1. A record that is there already counts as
        accepted and is not stored again.

    Raises
    ------
    HTTPError
        400 for no records, more than 1,000, or bytes that are not UTF-8.
    """
    schema = world.document("dataset", dataset_id)["schema"]
    lines = [line for line in raw.split(b"\n") if line.strip()]
    if not 0 < len(lines) <= _MOST_APPENDED:
        raise HTTPError(400, f"The body holds {len(lines)} records. Send 1 to {_MOST_APPENDED}, each on a line.")
    kept, errors, reason = _validate_records(raw, "appended.jsonl", schema)
    if reason:
        raise HTTPError(400, reason.replace("The file", "The body"))
    there = {row["body"] for row in world.store.rows("SELECT body FROM datapoints WHERE dataset_id = ?", dataset_id)}
    new = dict.fromkeys(text for text in map(_as_text, kept) if text not in there)
    ident = f"{APPENDED}{world.store.next('append')}"
    world.store.add("datapoints", ((dataset_id, ident, n, text) for n, text in enumerate(new)))
    told = [{**each, "field": each["field"] or "_raw", "record_index": each["record_index"] + 1} for each in errors]
    return {"accepted": len(kept), "rejected": len(lines) - len(kept), "errors": told}


def appended(world: SandboxState, dataset_id: str) -> int:
    """How many datapoints were appended."""
    asked = "SELECT COUNT(*) AS number FROM datapoints WHERE dataset_id = ? AND import_id LIKE ?"
    return int(world.store.rows(asked, dataset_id, f"{APPENDED}%")[0]["number"])


def _as_text(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False)


def _end(kept: list[dict[str, Any]], errors: list[Document], reason: str) -> Document:
    if not kept:
        return {"status": "failed", "reason": reason or f"All {len(errors)} records were rejected.", "errors": errors}
    if errors:
        return {
            "status": "partial",
            "accepted_count": len(kept),
            "rejected_count": len({error["record_index"] for error in errors}),
            "errors": errors,
        }
    return {"status": "complete", "accepted_count": len(kept)}


def _apply_fault(
    kept: list[dict[str, Any]], errors: list[Document], reason: str, fault: str
) -> tuple[list[dict[str, Any]], list[Document], str]:
    """What the import comes to if the sandbox was told to let it go wrong."""
    said = "The sandbox was asked to reject this."
    if fault == "failed":
        return [], errors, said
    if fault == "partial" and kept:
        return (
            kept[:-1],
            [*errors, {"record_index": len(kept) - 1 + len(errors), "field": None, "reason": said}],
            reason,
        )
    return kept, errors, reason


def _validate_records(raw: bytes, filename: str, schema: Document) -> tuple[list[dict[str, Any]], list[Document], str]:
    """Good records, errors of the others, and why the whole file failed ("" if it did not)."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return [], [], f"The file is not UTF-8: {error}."
    read = csv_records if filename.lower().endswith(".csv") else jsonl_records
    kept, errors = list[dict[str, Any]](), list[Document]()
    for index, record in enumerate(read(text)):
        wrong = [("_raw", record)] if isinstance(record, str) else list(faults(record, schema))
        errors += [{"record_index": index, "field": field, "reason": reason} for field, reason in wrong]
        if not wrong and isinstance(record, dict):
            # In the order of the schema: records are the same whatever the order of their keys.
            kept.append({name: record[name] for name in schema["fields"] if name in record})
    return kept, errors, "" if kept or errors else "The file holds no records."


def _is_url(value: Any) -> bool:
    try:
        parts = urlsplit(str(value))
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
