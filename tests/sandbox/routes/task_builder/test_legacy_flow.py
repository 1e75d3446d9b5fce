"""The legacy flow over plain HTTP: datasets without a schema, and batches with instructions."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import requests

from ...flow import CHOICE, DETAILS, FIELD, WRITING, Caller, pages

Start = Callable[..., Caller]

GROUPED = b"id,review,META_source,META_TASK_GROUP_ID\n1,Great!,amazon,a\n2,Not worth it,shop,b\n3,So so,shop,a\n"
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
PLAIN = b'review\n"Great, really."\nNot worth it\n'


def packed(**files: bytes) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return raw.getvalue()


def damaged(compression: int, *at: int, value: int = 0xFF) -> bytes:
    """An archive with other bytes at these places, or without its last 90 bytes."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", compression) as archive:
        archive.writestr("rows.csv", "review\n" + "".join(f"Review {number**2}.\n" for number in range(300)))
    changed = bytearray(raw.getvalue())
    for place in at:
        changed[place] = value
    return bytes(changed) if at else bytes(changed[:30] + changed[90:])


def untyped(call: Caller) -> str:
    made = call.ok("POST", "datasets", {"name": "d", "workspace_id": call.workspace_id})
    assert (made["schema_version"], made["status"], made["imports"]) == (3, "UNINITIALISED", None)
    assert made["filename"] is None
    assert made["has_predetermined_grouping_id"] is None
    return str(made["id"])


def sent(call: Caller, dataset_id: str, raw: bytes, name: str) -> Any:
    to = call.ok("GET", f"datasets/{dataset_id}/upload-url/{name}")
    assert "import_id" in to  # not with every profile
    put = requests.put(to["upload_url"], raw, headers={"Content-Type": to["content_type"]})
    assert put.status_code == 200, put.text
    return call.until(f"datasets/{dataset_id}", "status", "READY", "ERROR")


def test_a_csv_is_accepted_or_rejected_as_a_whole(shared: Caller) -> None:
    ident = untyped(shared)
    done = sent(shared, ident, GROUPED, "rows.csv")
    assert (done["status"], done["total_datapoint_count"], done["filename"]) == ("READY", 3, "rows.csv")
    assert done["has_predetermined_grouping_id"] is True
    assert shared.ok("GET", f"datasets/{ident}/status") == {"status": "READY"}
    plain = sent(shared, untyped(shared), PLAIN, "plain.csv")
    assert (plain["total_datapoint_count"], plain["has_predetermined_grouping_id"]) == (2, False)


def test_all_csv_files_of_an_archive_are_read_in_order_of_their_names(shared: Caller) -> None:
    raw = packed(b__csv=b"review\nLate.\n", a__csv=PLAIN, notes__txt=b"no table")
    done = sent(shared, untyped(shared), raw, "rows.zip")
    assert (done["status"], done["total_datapoint_count"]) == ("READY", 3)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"review\n1,2\n", "ragged.csv"),
        (b"review\n", "no rows.csv"),
        (b"", "empty.csv"),
        (b"review\n\xff\n", "not utf-8.csv"),
        (b"PK but no archive", "rows.zip"),
        (packed(notes__txt=b"no table"), "no table.zip"),
        *((damaged(compression, *range(60, 68)), f"damaged {compression}.zip") for compression in COMPRESSIONS),
        (damaged(zipfile.ZIP_DEFLATED), "cut.zip"),
        (damaged(zipfile.ZIP_DEFLATED, 6, -68, value=1), "encrypted.zip"),
        (damaged(zipfile.ZIP_DEFLATED, 8, -66, value=99), "unknown compression.zip"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_an_unusable_file_ends_in_error_without_rows(shared: Caller, raw: bytes, name: str) -> None:
    done = sent(shared, untyped(shared), raw, name)
    assert (done["status"], done["total_datapoint_count"], done["filename"]) == ("ERROR", 0, None)


def test_each_type_of_dataset_accepts_its_own_file_types(shared: Caller) -> None:
    older, typed = untyped(shared), shared.dataset()["id"]
    for ident, name in ((older, "rows.jsonl"), (typed, "rows.zip"), (older, "rows.txt"), (older, "rows")):
        assert shared("GET", f"datasets/{ident}/upload-url/{name}").status_code == 400
    assert shared.ok("GET", f"datasets/{older}/upload-url/rows.zip")["content_type"] == "application/zip"


def test_an_untyped_dataset_has_no_imports_no_appends_and_no_schema(start: Start) -> None:
    shared = start(untyped_imports=False)
    ident = untyped(shared)
    to = shared.ok("GET", f"datasets/{ident}/upload-url/rows.csv")
    hidden = to["file_key"].split("/")[1]
    assert shared("GET", f"datasets/{ident}/imports/{hidden}").status_code == 404
    line = {"data": b'{"review": "x"}\n', "headers": {"Content-Type": "application/x-ndjson"}}
    assert shared("POST", f"datasets/{ident}/datapoints", **line).status_code == 400
    schema = {"schema": {"strict": False, "fields": {"review": {"type": "text"}}}}
    assert shared("PATCH", f"datasets/{ident}", schema).status_code == 400


def older_batch(call: Caller, *items: dict[str, Any]) -> str:
    batch = call.ok("POST", "batches", {"name": "b", "workspace_id": call.workspace_id, "task_details": DETAILS})
    assert batch.get("batch_items") is None
    body = {"instructions": list(items or (CHOICE, WRITING))}
    made = call.ok("POST", f"batches/{batch['id']}/instructions", body)
    assert [each["description"] for each in made] == [each["description"] for each in body["instructions"]]
    return str(batch["id"])


def test_a_grouping_column_takes_precedence_over_the_group_size(shared: Caller) -> None:
    dataset, batch = untyped(shared), older_batch(shared)
    refused = shared("POST", f"batches/{batch}/setup", {"dataset_id": dataset})
    assert refused.status_code == 400  # not READY yet
    sent(shared, dataset, GROUPED, "rows.csv")
    assert shared("POST", f"batches/{batch}/setup", {"dataset_id": dataset, "tasks_per_group": 1}).status_code == 202
    ready = shared.until(f"batches/{batch}", "status", "READY")
    counts = (ready["total_task_count"], ready["total_task_groups"], ready["total_instruction_count"])
    assert counts == (3, 2, 2)


def test_the_report_shows_hidden_columns_and_responses_name_their_question(start: Start) -> None:
    call = start()
    dataset, batch = untyped(call), older_batch(call)
    sent(call, dataset, GROUPED, "rows.csv")
    call.ok("POST", f"batches/{batch}/setup", {"dataset_id": dataset})
    call.until(f"batches/{batch}/status", "status", "READY")
    study = call.finished(batch, annotators=2)
    assert call.ok("GET", f"/api/v1/studies/{study}/")["total_available_places"] == 4
    asked = {each["id"]: each["type"] for each in call.ok("GET", f"batches/{batch}/instructions")["results"]}
    found = call.ok("GET", f"batches/{batch}/responses")["results"]
    whole = [each for each in found if each["submission_id"]]
    assert {(each["response"]["instruction_id"], each["response"]["type"]) for each in whole} == set(asked.items())
    assert {each["metadata"]["META_source"] for each in found} == {"amazon", "shop"}
    assert not any("review" in each["metadata"] for each in found)


def test_instructions_have_deprecation_headers(shared: Caller) -> None:
    answer = shared("GET", f"batches/{older_batch(shared)}/instructions")
    assert answer.headers["Deprecation"] == "true"
    assert answer.headers["Sunset"] == "Tue, 01 Sep 2026 23:59:59 GMT"
    assert answer.json()["meta"] == {"count": 2}


def test_replacing_keeps_instructions_with_ids_and_deletes_the_rest(shared: Caller) -> None:
    batch = older_batch(shared)
    first, second = shared.ok("GET", f"batches/{batch}/instructions")["results"]
    changed = {**WRITING, "id": second["id"], "description": "Why so?"}
    now = shared.ok("PUT", f"batches/{batch}/instructions", {"instructions": [changed, CHOICE]})
    assert [each["description"] for each in now] == ["Why so?", CHOICE["description"]]
    assert now[0]["id"] == second["id"]
    assert now[1]["id"] not in (first["id"], second["id"])
    unknown = {"instructions": [{**WRITING, "id": first["id"]}]}
    assert shared("PUT", f"batches/{batch}/instructions", unknown).status_code == 400
    twice = {"instructions": [changed, changed]}
    assert shared("PUT", f"batches/{batch}/instructions", twice).status_code == 400


def test_posting_adds_instructions_and_refuses_ids(shared: Caller) -> None:
    batch = older_batch(shared)
    shared.ok("POST", f"batches/{batch}/instructions", {"instructions": [{**WRITING, "description": "More?"}]})
    known = shared.ok("GET", f"batches/{batch}/instructions")["results"]
    assert [each["description"] for each in known] == [CHOICE["description"], WRITING["description"], "More?"]
    again = {"instructions": [{**WRITING, "id": known[0]["id"]}]}
    assert shared("POST", f"batches/{batch}/instructions", again).status_code == 400


@pytest.mark.parametrize(
    ("broken", "corrected"),
    [
        ({**CHOICE, "answer_limit": 4}, {**CHOICE, "answer_limit": 3}),
        ({"type": "file_upload", "description": "A picture", "min_file_count": 3, "max_file_count": 2}, None),
        ({"type": "file_upload", "description": "A picture", "max_file_size_mb": 0}, WRITING),
        ({**WRITING, "validation": {"type": "string", "min": 9, "max": 3}}, WRITING),
        ({"type": "multiple_choice", "description": "Which?"}, CHOICE),
        ({"type": "rich_text", "content": "<p>Hello.</p>"}, WRITING),
    ],
)
def test_instructions_must_satisfy_the_rules_of_their_types(
    shared: Caller, broken: dict[str, Any], corrected: dict[str, Any] | None
) -> None:
    batch = shared.ok("POST", "batches", {"name": "b", "workspace_id": shared.workspace_id, "task_details": DETAILS})
    path = f"batches/{batch['id']}/instructions"
    refused = shared("POST", path, {"instructions": [WRITING, broken]})
    assert refused.status_code == 400
    assert "instructions.1" in str(refused.json()["detail"])
    assert shared.ok("GET", path)["results"] == []
    shared.ok("POST", path, {"instructions": [WRITING, corrected or {**broken, "max_file_count": 3}]})


def test_a_layout_and_instructions_cannot_be_combined(shared: Caller) -> None:
    laid = shared.batch(None, pages(CHOICE))["id"]
    for method in ("POST", "PUT"):
        assert shared(method, f"batches/{laid}/instructions", {"instructions": [WRITING]}).status_code == 422
    batch = older_batch(shared)
    shared.ok("PATCH", f"batches/{batch}", {"batch_items": pages(CHOICE)})
    assert shared.ok("GET", f"batches/{batch}/instructions")["results"] == []
    assert shared.ok("GET", f"batches/{batch}")["total_instruction_count"] == 1
    shared.ok("PATCH", f"batches/{batch}", {"batch_items": None})
    assert shared.ok("GET", f"batches/{batch}")["total_instruction_count"] == 0


def test_instructions_cannot_change_after_the_set_up_and_are_copied_with_the_batch(shared: Caller) -> None:
    dataset, batch = untyped(shared), older_batch(shared)
    sent(shared, dataset, PLAIN, "rows.csv")
    shared.ok("POST", f"batches/{batch}/setup", {"dataset_id": dataset})
    shared.until(f"batches/{batch}/status", "status", "READY")
    for method in ("POST", "PUT"):
        assert shared(method, f"batches/{batch}/instructions", {"instructions": [WRITING]}).status_code == 400
    copy = shared.ok("POST", f"batches/{batch}/duplicate", {})
    mine, its = (shared.ok("GET", f"batches/{each}/instructions")["results"] for each in (batch, copy["id"]))
    assert [each["description"] for each in its] == [each["description"] for each in mine]
    assert not {each["id"] for each in its} & {each["id"] for each in mine}
    assert {each["parent_id"] for each in its} == {copy["id"]}


def test_a_layout_that_requires_a_schema_is_refused_in_the_set_up_and_syncs_are_refused(shared: Caller) -> None:
    dataset = untyped(shared)
    sent(shared, dataset, PLAIN, "rows.csv")
    laid = shared.batch(shared.dataset()["id"], pages(FIELD, CHOICE))["id"]
    refused = shared("POST", f"batches/{laid}/setup", {"dataset_id": dataset})
    assert refused.status_code == 400  # the contract has no 422 here
    assert "requires a dataset with a schema" in refused.json()["message"]
    batch = older_batch(shared)
    shared.ok("POST", f"batches/{batch}/setup", {"dataset_id": dataset})
    shared.until(f"batches/{batch}/status", "status", "READY")
    synced = shared("POST", f"batches/{batch}/sync")
    assert synced.status_code == 400
    assert "cannot be synced" in synced.json()["message"]
