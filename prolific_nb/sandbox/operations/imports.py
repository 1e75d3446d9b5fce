"""Importing uploaded files and appended records: valid records are stored, others are rejected with a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from ..contract import dataset_v3
from ..contract.http_error import HTTPError
from ..contract.parse_files import csv_as_json, csv_records, jsonl_records
from ..contract.semantic_rules import DISPLAYABLE
from ..state.sandbox_state import SandboxState
from ..storage.clock import stage
from ..storage.store import Document

STAGES = [("queued", 0.05), ("processing", 0.1)]  # seconds
APPENDED = "append "
"""Prefix of the IDs of appended portions, which are stored in place of import IDs."""
_MOST_APPENDED = 1000
_encode = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps would make an encoder for each of a million records
_STORED = "SELECT body FROM datapoints WHERE dataset_id = ?"
_MEDIA = ("image_url", "audio_url", "video_url")


def status_of(state: SandboxState, job: Document) -> str:
    """The status of an import at the current wall time."""
    if job["since"] is None:
        return "uninitialised"
    if job["end"] is None:
        return "pending_schema"
    return stage(job["since"], state.wall(), STAGES, str(job["end"]["status"]))


def receive_upload(state: SandboxState, job: Document, raw: bytes) -> None:
    """Validate an uploaded file record by record and store the valid ones.

    Parameters
    ----------
    job : dict
        The import; stored with its result, which the clock reveals later.
    raw : bytes
        CSV or JSONL, according to the file name.

    Raises
    ------
    HTTPError
        409 if the URL was already used for another file. Sending the same file again is idempotent, since a client
        that missed the response may retry.
    """
    digest = sha256(raw).hexdigest()
    if job["since"] is not None:
        if job["sha256"] != digest:
            raise HTTPError(409, "Another file was already uploaded to this URL. Request a new upload URL.")
        return
    job |= {"sha256": digest}
    dataset = state.document("dataset", job["dataset_id"])
    if dataset["schema_version"] == 4 and dataset["schema"] is None:
        state.store.add("files", [(job["id"], raw)])
        job |= {"since": state.wall(), "updated_at": state.now()}
        state.store.put("import", job["id"], job)
    else:
        store_valid(state, job, dataset, raw)


def store_valid(state: SandboxState, job: Document, dataset: Document, raw: bytes) -> None:
    """Validate the file of an import and store its valid records; the clock reveals the result later."""
    if dataset["schema_version"] == 3:
        records, reason = dataset_v3.read(raw, job["filename"])
        valid, errors = list(map(_encode, records)), list[Document]()
    else:
        valid, errors, reason = _validate_records(raw, job["filename"], dataset["schema"])
    valid, errors, reason = _apply_fault(valid, errors, reason, state.draw_fault("partial", "failed"))
    typed = dataset["schema_version"] == 4
    # Whether uploads to untyped datasets are compared is undocumented; here they are not.
    new = _new_records(state, dataset, valid) if typed else valid
    state.store.add("datapoints", ((job["dataset_id"], job["id"], n, text) for n, text in enumerate(new)))
    end = _end(len(valid), len(valid) - len(new) if typed else None, errors, reason)
    job |= {"since": state.wall(), "updated_at": state.now(), "end": end}
    state.store.put("import", job["id"], job)
    if dataset["schema_version"] == 3:
        kept = records[: len(valid)]
        columns = dict.fromkeys([*(dataset["columns"] or []), *(name for record in kept for name in record)])
        state.store.put("dataset", dataset["id"], {**dataset, "columns": list(columns)})


def pending(state: SandboxState, dataset_id: str) -> list[Document]:
    """The imports that are waiting for a schema."""
    return [job for job in state.store.all("import", dataset_id) if status_of(state, job) == "pending_schema"]


def faults(record: dict[str, Any], schema: Document) -> Iterator[tuple[str, str]]:
    """The faults of a record as field and reason."""
    for name, field in schema["fields"].items():
        if name not in record:
            if schema["strict"]:
                yield name, "The field is missing, and the schema is strict."
            continue
        value = record[name]
        if isinstance(value, dict | list):
            yield name, "The value is nested; only flat values are allowed."
        elif field["type"] in _MEDIA and value not in ("", None) and not _is_url(value):
            yield name, "The value is not an absolute URL."


def append(state: SandboxState, dataset_id: str, raw: bytes) -> dict[str, Any]:
    """Validate records, one per line, and store the valid ones that do not exist yet.

    Returns
    -------
    dict
        ``accepted, rejected, errors``; errors count the records from 1. An existing record counts as accepted and is
        not stored again.

    Raises
    ------
    HTTPError
        400 for no records, more than 1,000 records, or a body that is not UTF-8.
    """
    schema = state.document("dataset", dataset_id)["schema"]
    lines = [line for line in raw.split(b"\n") if line.strip()]
    if not 0 < len(lines) <= _MOST_APPENDED:
        raise HTTPError(400, f"The body contains {len(lines)} records. Send 1 to {_MOST_APPENDED}, one per line.")
    valid, errors, reason = _validate_records(raw, "appended.jsonl", schema)
    if reason:
        raise HTTPError(400, reason.replace("The file", "The body"))
    new = _new_records(state, state.document("dataset", dataset_id), valid)
    ident = f"{APPENDED}{state.store.next('append')}"
    state.store.add("datapoints", ((dataset_id, ident, n, text) for n, text in enumerate(new)))
    numbered = [{**each, "field": each["field"] or "_raw", "record_index": each["record_index"] + 1} for each in errors]
    return {"accepted": len(valid), "rejected": len(lines) - len(valid), "errors": numbered}


def appended(state: SandboxState, dataset_id: str) -> int:
    """Number of appended datapoints."""
    # Between two IDs, not LIKE, which would look at every datapoint.
    query = "SELECT COUNT(*) AS number FROM datapoints WHERE dataset_id = ? AND import_id > ? AND import_id < ?"
    return int(state.store.rows(query, dataset_id, APPENDED, f"{APPENDED}~")[0]["number"])


def _new_records(state: SandboxState, dataset: Document, records: list[str]) -> list[str]:
    """The records that a typed dataset does not hold yet, each once, all as they are stored."""
    key = str if state.profile.duplicates == "record" else partial(_displayed, dataset["schema"]["fields"])
    known = set(map(key, state.store.each(_STORED, dataset["id"])))
    new = dict[str, str]()
    for text in records:
        new.setdefault(key(text), text)
    return [text for each, text in new.items() if each not in known]


def _displayed(fields: Document, text: str) -> str:
    return _encode({name: value for name, value in json.loads(text).items() if fields[name]["type"] in DISPLAYABLE})


def _end(accepted: int, duplicates: int | None, errors: list[Document], reason: str) -> Document:
    """The result of an import; `duplicates` among the accepted records, None if they were not looked for."""
    if not accepted:
        return {"status": "failed", "reason": reason or f"All {len(errors)} records were rejected.", "errors": errors}
    counts: Document = {"accepted_count": accepted}
    if duplicates is not None:
        counts["duplicate_count"] = duplicates
    if errors:
        counts |= {"rejected_count": len({error["record_index"] for error in errors}), "errors": errors}
    if duplicates == accepted:
        counts["reason"] = "All accepted records were duplicates; no new records were imported."
    return {"status": "partial" if errors else "complete", **counts}


def _apply_fault(
    kept: list[str], errors: list[Document], reason: str, fault: str
) -> tuple[list[str], list[Document], str]:
    """The result of the import after an injected fault, if any."""
    cause = "A fault of the sandbox rejected this."
    if fault == "failed":
        return [], errors, cause
    if fault == "partial" and kept:
        return (
            kept[:-1],
            [*errors, {"record_index": len(kept) - 1 + len(errors), "field": None, "reason": cause}],
            reason,
        )
    return kept, errors, reason


def _validate_records(raw: bytes, filename: str, schema: Document) -> tuple[list[str], list[Document], str]:
    """Valid records as they are stored, errors of the others, and why the whole file failed ("" if it did not)."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return [], [], f"The file is not UTF-8: {error}."
    is_csv, names = filename.lower().endswith(".csv"), list(schema["fields"])
    if is_csv and not _has_media(schema) and (plain := csv_as_json(text, names)):
        return plain, [], ""  # strings only, under the names of the schema in its order: nothing can be wrong
    kept, errors = list[str](), list[Document]()
    for index, record in enumerate((csv_records if is_csv else jsonl_records)(text)):
        wrong = [("_raw", record)] if isinstance(record, str) else list(faults(record, schema))
        errors += [{"record_index": index, "field": field, "reason": reason} for field, reason in wrong]
        if not wrong and isinstance(record, dict):
            # In the order of the schema, so that records with equal values are equal whatever the order of their keys.
            kept.append(_encode({name: record[name] for name in names if name in record}))
    return kept, errors, "" if kept or errors else "The file contains no records."


def _has_media(schema: Document) -> bool:
    return any(field["type"] in _MEDIA for field in schema["fields"].values())


def _is_url(value: Any) -> bool:
    try:
        parts = urlsplit(str(value))
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
