"""Schemas of typed datasets that are set late or changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import requests

from ..flow import Caller, as_csv

Start = Callable[..., Caller]
NDJSON = {"Content-Type": "application/x-ndjson"}


def schema(**types: str) -> dict[str, Any]:
    return {"schema": {"strict": False, "fields": {name: {"type": kind} for name, kind in types.items()}}}


def filled(call: Caller, rows: list[dict[str, str]], **types: str) -> str:
    ident = str(call.dataset(types)["id"])
    assert call.upload(ident, as_csv(rows))["status"] == "complete"
    return ident


def migrated(call: Caller, dataset_id: str, body: dict[str, Any]) -> Any:
    job = call.ok("PATCH", f"datasets/{dataset_id}", body)["migration_job_id"]
    return call.until(f"datasets/{dataset_id}/schema-migrations/{job}", "status", "complete", "partial", "failed")


def test_a_changed_schema_validates_all_rows_again(shared: Caller) -> None:
    rows = [{"review": "Fine.", "photo": "https://example.org/a.png"}, {"review": "Late.", "photo": "no address"}]
    ident = filled(shared, rows, review="text", photo="text")
    done = migrated(shared, ident, schema(review="text", photo="image_url"))
    assert (done["status"], done["reprocessed_count"], done["failed_count"]) == ("partial", 1, 1)
    assert [error["field"] for error in done["errors"]] == ["photo"]
    assert done["schema_version"] == 2
    now = shared.ok("GET", f"datasets/{ident}")
    assert (now["schema_version"], now["schema"]["fields"]["photo"]["type"]) == (4, "image_url")
    again = migrated(shared, ident, schema(review="text", photo="image_url"))  # the wrong cell is null by now
    assert (again["status"], again["reprocessed_count"], again["schema_version"]) == ("complete", 2, 3)


def test_while_a_migration_runs_nothing_is_appended_or_changed(start: Start) -> None:
    now = [1_800_000_000.0]
    call = start(wall=lambda: now[0])
    ident = call.dataset({"review": "text"})["id"]
    job = call.ok("PATCH", f"datasets/{ident}", schema(review="text", more="text"))["migration_job_id"]
    path = f"datasets/{ident}/schema-migrations/{job}"
    assert call.ok("GET", path)["status"] == "processing"
    assert call("POST", f"datasets/{ident}/datapoints", data=b'{"review": "x"}', headers=NDJSON).status_code == 409
    assert call("PATCH", f"datasets/{ident}", schema(review="text")).status_code == 400
    now[0] += 10
    assert call.ok("GET", path)["status"] == "complete"
    added = call.ok("POST", f"datasets/{ident}/datapoints", data=b'{"review": "x", "more": "y"}', headers=NDJSON)
    assert added["accepted"] == 1


def test_a_migration_belongs_to_its_dataset(shared: Caller) -> None:
    ident = shared.dataset({"review": "text"})["id"]
    job = shared.ok("PATCH", f"datasets/{ident}", schema(review="text", more="text"))["migration_job_id"]
    other = shared.dataset()["id"]
    assert shared("GET", f"datasets/{other}/schema-migrations/{job}").status_code == 404


def test_the_grouping_column_cannot_change_once_there_are_rows(shared: Caller) -> None:
    rows = [{"review": "Fine.", "group": "a"}, {"review": "Late.", "group": "a"}]
    ident = filled(shared, rows, review="text", group="text")
    moved = schema(review="text", group="task_group_id")
    assert shared("PATCH", f"datasets/{ident}", moved).status_code == 400
    empty = shared.dataset({"review": "text", "group": "text"})["id"]
    assert shared.ok("PATCH", f"datasets/{empty}", moved)["schema"]["fields"]["group"]["type"] == "task_group_id"
    twice = schema(a="task_group_id", b="task_group_id")
    assert shared("PATCH", f"datasets/{empty}", twice).status_code == 400


def test_imports_wait_for_the_first_schema_and_then_resume(start: Start) -> None:
    call = start(untyped_datasets=False)
    made = call.ok("POST", "datasets", {"name": "d", "workspace_id": call.workspace_id})
    assert (made["schema_version"], made["schema"]) == (4, None)
    ident = made["id"]
    raw = "".join(json.dumps({"review": text}) + "\n" for text in ("Fine.", "Late.")).encode()
    to = call.ok("GET", f"datasets/{ident}/upload-url/rows.jsonl")
    assert requests.put(to["upload_url"], raw, headers={"Content-Type": to["content_type"]}).status_code == 200
    path = f"datasets/{ident}/imports/{to['import_id']}"
    assert call.until(path, "status", "pending_schema")["status"] == "pending_schema"
    assert call.ok("GET", f"datasets/{ident}")["total_datapoint_count"] == 0
    assert call("POST", f"datasets/{ident}/datapoints", data=raw, headers=NDJSON).status_code == 400
    assert "migration_job_id" not in call.ok("PATCH", f"datasets/{ident}", schema(review="text"))
    assert call.until(path, "status", "complete")["accepted_count"] == 2
    assert call.ok("GET", f"datasets/{ident}")["total_datapoint_count"] == 2
