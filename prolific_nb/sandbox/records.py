"""What becomes of an uploaded file: records that are kept, and records that are rejected with a reason."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from . import strict
from .clock import stage
from .refusal import Refusal
from .store import Document
from .world import World

STAGES = [("queued", 0.05), ("processing", 0.1)]  # seconds
APPENDED = "append "
"""What the ids of appended portions begin with, where imports have theirs."""
_MOST_APPENDED = 1000
_MEDIA = ("image_url", "audio_url", "video_url")
Record = dict[str, Any] | str  # a text says why the record could not be read at all


def state(world: World, job: Document) -> str:
    """The status of an import by the clock."""
    if job["since"] is None:
        return "uninitialised"
    return stage(job["since"], world.wall(), STAGES, str(job["end"]["status"]))


def take(world: World, job: Document, raw: bytes) -> None:
    """Judge an uploaded file record by record and keep the good ones.

    Parameters
    ----------
    job : dict
        The import; written back with its end, which the clock reveals later.
    raw : bytes
        CSV or JSONL by the name of the file.

    Raises
    ------
    Refusal
        409 if the address was used for another file before. The same file again is no harm: a client that missed
        the answer may repeat itself.
    """
    print_of = sha256(raw).hexdigest()
    if job["since"] is not None:
        if job["sha256"] != print_of:
            raise Refusal(409, "This address has taken another file already. Ask for a new one.")
        return
    schema = world.document("dataset", job["dataset_id"])["schema"]
    kept, errors, reason = _judge(raw, job["filename"], schema)
    kept, errors, reason = _spoil(kept, errors, reason, world.trouble("partial", "failed"))
    world.store.add(
        "datapoints",
        ((job["dataset_id"], job["id"], n, _as_text(record)) for n, record in enumerate(kept)),
    )
    job |= {"since": world.wall(), "sha256": print_of, "updated_at": world.now(), "end": _end(kept, errors, reason)}
    world.store.put("import", job["id"], job)


def append(world: World, dataset_id: str, raw: bytes) -> dict[str, Any]:
    """Judge records that come one to a line and keep the good ones that are not there yet.

    Returns
    -------
    dict
        ``accepted, rejected, errors``; errors count the records from 1. A record that is there already counts as
        accepted and is not stored again.

    Raises
    ------
    Refusal
        400 for no records, more than 1,000, or bytes that are not UTF-8.
    """
    schema = world.document("dataset", dataset_id)["schema"]
    lines = [line for line in raw.split(b"\n") if line.strip()]
    if not 0 < len(lines) <= _MOST_APPENDED:
        raise Refusal(400, f"The body holds {len(lines)} records. Send 1 to {_MOST_APPENDED}, each on a line.")
    kept, errors, reason = _judge(raw, "appended.jsonl", schema)
    if reason:
        raise Refusal(400, reason.replace("The file", "The body"))
    there = {row["body"] for row in world.store.rows("SELECT body FROM datapoints WHERE dataset_id = ?", dataset_id)}
    new = dict.fromkeys(text for text in map(_as_text, kept) if text not in there)
    ident = f"{APPENDED}{world.store.next('append')}"
    world.store.add("datapoints", ((dataset_id, ident, n, text) for n, text in enumerate(new)))
    told = [{**each, "field": each["field"] or "_raw", "record_index": each["record_index"] + 1} for each in errors]
    return {"accepted": len(kept), "rejected": len(lines) - len(kept), "errors": told}


def appended(world: World, dataset_id: str) -> int:
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


def _spoil(
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


def _judge(raw: bytes, filename: str, schema: Document) -> tuple[list[dict[str, Any]], list[Document], str]:
    """Good records, errors of the others, and why the whole file failed ("" if it did not)."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return [], [], f"The file is not UTF-8: {error}."
    read = _csv if filename.lower().endswith(".csv") else _jsonl
    kept, errors = list[dict[str, Any]](), list[Document]()
    for index, record in enumerate(read(text)):
        faults = [("_raw", record)] if isinstance(record, str) else list(_faults(record, schema))
        errors += [{"record_index": index, "field": field, "reason": reason} for field, reason in faults]
        if not faults and isinstance(record, dict):
            kept.append({name: value for name, value in record.items() if name in schema["fields"]})
    return kept, errors, "" if kept or errors else "The file holds no records."


def _csv(text: str) -> Iterator[Record]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    before = csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))  # a cell may be as long as the file
    try:
        header = next(reader, [])
        for cells in reader:
            if cells and len(cells) != len(header):
                yield f"The record has {len(cells)} cells, the header {len(header)}."
            elif cells:
                yield dict(zip(header, cells, strict=True))
    except csv.Error as error:
        yield f"The CSV cannot be read from line {reader.line_num} on: {error}."
    finally:
        csv.field_size_limit(before)


def _jsonl(text: str) -> Iterator[Record]:
    for line in text.split("\n"):
        if not line.strip():
            continue
        try:
            record = strict.read(line, as_written=True)
        except ValueError as error:
            yield f"The line is not JSON: {error}."
        else:
            yield record if isinstance(record, dict) else "The line is not a JSON record."


def _faults(record: dict[str, Any], schema: Document) -> Iterator[tuple[str, str]]:
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


def _is_url(value: Any) -> bool:
    try:
        parts = urlsplit(str(value))
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
