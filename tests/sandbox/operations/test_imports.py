"""Uploaded files, paginated lists, and the sandbox as a program."""

from __future__ import annotations

import csv
import io
import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from prolific_nb.errors import ProlificError
from prolific_nb.sandbox import Fault, People, Sandbox

from ..flow import CHOICE, FIELD, Caller, as_csv, pages, rows

Start = Callable[..., Caller]
MEDIA = {"review": "text", "photo": "image_url"}
NDJSON = {"Content-Type": "application/x-ndjson"}


def test_records_with_bad_media_are_rejected_and_the_others_kept(shared: Caller) -> None:
    dataset = shared.dataset(MEDIA)["id"]
    photos = ["https://x.org/a.png", "a.png", "", "ftp://x.org/a.png"]
    job = shared.upload(dataset, as_csv([{"review": "same", "photo": photo} for photo in photos]))
    assert (job["status"], job["accepted_count"], job["rejected_count"]) == ("partial", 2, 2)
    assert [(e["record_index"], e["field"]) for e in job["errors"]] == [(1, "photo"), (3, "photo")]
    assert shared.ok("GET", f"datasets/{dataset}")["total_datapoint_count"] == 2


@pytest.mark.parametrize("more", ["", "\nlast,too,many\n", "\n1\n"])
def test_a_csv_is_stored_as_the_records_that_a_csv_reader_finds(shared: Caller, more: str) -> None:
    cells = ["plain", " é\u2028🙂 ", 'say ""%s""', "a,b", "two\r\nlines", "back\\slash", "\x01", ""]
    text = "re%view,pnb_row\n" + "\n\n".join(f'"{cell}",{n}' for n, cell in enumerate(cells * 300)) + more
    dataset = shared.dataset({"re%view": "text", "pnb_row": "metadata"})["id"]
    job = shared.upload(dataset, text.encode())
    assert (job["accepted_count"], job.get("rejected_count", 0), job["duplicate_count"]) == (2400, bool(more), 0)
    records = list(csv.DictReader(io.StringIO(text, newline="")))[:2400]
    raw = "".join(json.dumps(record) + "\n" for record in records).encode()
    again = shared.upload(dataset, raw, "same.jsonl")
    assert (again["accepted_count"], again["duplicate_count"]) == (2400, 2400)


def test_a_set_up_makes_the_same_tasks_whether_or_not_it_is_the_first(start: Start, tmp_path: Path) -> None:
    def indexes() -> list[str]:
        with closing(sqlite3.connect(tmp_path / "kept.db")) as opened:
            return sorted(name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'index'"))

    call = start(store=tmp_path / "kept.db")
    before = indexes()
    first, second = call.ready(2500, 7), call.ready(2500, 7)
    assert indexes() == before
    for batch in (first, second):
        tasks, groups = (call.ok("GET", f"batches/{batch}/{what}") for what in ("tasks", "task-groups"))
        assert (len(set(tasks)), len(set(groups))) == (2500, 358)
        shown = call.ok("GET", f"batches/{batch}")
        assert (shown["total_task_count"], shown["total_task_groups"]) == (2500, 358)


@pytest.mark.parametrize(
    ("raw", "name", "field", "index"),
    [
        (b"review\none\ntwo,three\n", "a.csv", "_raw", 1),
        (b'{"review": "one"}\n{"review": \n', "a.jsonl", "_raw", 1),
        (b'{"review": "one"}\n["two"]\n', "a.jsonl", "_raw", 1),
        (b'{"review": {"nested": 1}}\n{"review": "two"}\n', "a.jsonl", "review", 0),
        (b'{"other": 1}\n{"review": "two"}\n', "a.jsonl", "review", 0),
    ],
)
def test_records_that_cannot_be_read(shared: Caller, raw: bytes, name: str, field: str, index: int) -> None:
    job = shared.upload(shared.dataset({"review": "text"}, strict=True)["id"], raw, name)
    assert job["status"] == "partial"
    assert [(e["field"], e["record_index"]) for e in job["errors"]] == [(field, index)]


@pytest.mark.parametrize(
    ("raw", "said"),
    [(b"", "no records"), (b"review\n", "no records"), (b"review\n\xff\n", "UTF-8"), (b"text\nx\n", "All 1 records")],
)
def test_files_without_valid_records_fail(shared: Caller, raw: bytes, said: str) -> None:
    job = shared.upload(shared.dataset({"review": "text"}, strict=True)["id"], raw)
    assert job["status"] == "failed"
    assert said in job["reason"]


def counts(job: dict[str, Any]) -> tuple[str, int, int]:
    return job["status"], job["accepted_count"], job["duplicate_count"]


def held(call: Caller, dataset: str) -> int:
    return int(call.ok("GET", f"datasets/{dataset}")["total_datapoint_count"])


def test_equal_records_of_a_file_are_accepted_and_stored_once(shared: Caller) -> None:
    dataset = shared.dataset()["id"]
    assert counts(shared.upload(dataset, as_csv(rows(2) * 3))) == ("complete", 6, 4)
    assert held(shared, dataset) == 2


def test_a_file_is_compared_with_the_files_and_records_before_it(shared: Caller) -> None:
    dataset = shared.dataset()["id"]
    first = shared.upload(dataset, as_csv(rows(3)))
    assert counts(first) == ("complete", 3, 0)
    assert "reason" not in first
    raw = "".join(json.dumps(row) + "\n" for row in rows(5))
    assert shared.ok("POST", f"datasets/{dataset}/datapoints", None, data=raw.encode(), headers=NDJSON)["accepted"] == 5
    again = shared.upload(dataset, as_csv(rows(6)))
    assert counts(again) == ("complete", 6, 5)
    nothing_new = shared.upload(dataset, raw.encode(), "same.jsonl")
    assert counts(nothing_new) == ("complete", 5, 5)
    assert "no new records were imported" in nothing_new["reason"]
    assert held(shared, dataset) == 6


def test_rejected_and_duplicate_records_are_counted_apart(shared: Caller) -> None:
    dataset = shared.dataset(MEDIA)["id"]
    good, bad = {"review": "r", "photo": "https://x.org/a.png"}, {"review": "r", "photo": "a.png"}
    job = shared.upload(dataset, as_csv([good, bad, good, bad]))
    assert counts(job) == ("partial", 2, 1)
    assert (job["rejected_count"], held(shared, dataset)) == (2, 1)


def test_which_records_are_duplicates_is_a_setting(start: Start) -> None:
    same_text = [{**row, "review": "the same"} for row in rows(3)]
    for setting, kept in (("record", 3), ("shown", 1)):
        call = start(duplicates=setting)
        dataset = call.dataset()["id"]
        assert counts(call.upload(dataset, as_csv(same_text))) == ("complete", 3, 3 - kept)
        assert held(call, dataset) == kept


def test_a_dataset_whose_schema_follows_keeps_its_files_waiting(start: Start) -> None:
    call = start()
    body = {"name": "d", "workspace_id": call.workspace_id, "schema": None}
    dataset = call.ok("POST", "datasets", body)
    assert (dataset["schema_version"], dataset["schema"]) == (4, None)
    to = call.ok("GET", f"datasets/{dataset['id']}/upload-url/reviews.csv")
    requests.put(to["upload_url"], as_csv(rows(3)), headers={"Content-Type": to["content_type"]}).raise_for_status()
    path = f"datasets/{dataset['id']}/imports/{to['import_id']}"
    assert call.ok("GET", path)["status"] == "pending_schema"
    assert call("POST", f"datasets/{dataset['id']}/datapoints", data=b"{}", headers=NDJSON).status_code == 400
    schema = {"strict": False, "fields": {"review": {"type": "text"}}}
    assert "migration_job_id" not in call.ok("PATCH", f"datasets/{dataset['id']}", {"schema": schema})
    assert counts(call.until(path, "status", "complete", "failed")) == ("complete", 3, 0)


@pytest.mark.parametrize(
    ("columns", "content_type", "status"),
    [(None, "", 200), (None, "text/csv", 200), (None, "application/json", 403), ({"review": "text"}, "", 403)],
)
def test_only_untyped_uploads_may_lack_the_content_type(
    shared: Caller, columns: dict[str, str] | None, content_type: str, status: int
) -> None:
    body = {"name": "d", "workspace_id": shared.workspace_id}
    dataset = shared.dataset(columns)["id"] if columns else shared.ok("POST", "datasets", body)["id"]
    to = shared.ok("GET", f"datasets/{dataset}/upload-url/reviews.csv")
    headers = {"Content-Type": content_type} if content_type else {}
    assert requests.put(to["upload_url"], b"review\nFine.\n", headers=headers).status_code == status


def test_uploads_to_untyped_datasets_are_imports_by_a_setting(start: Start) -> None:
    for setting in (False, True):
        call = start(untyped_imports=setting)
        dataset = call.ok("POST", "datasets", {"name": "d", "workspace_id": call.workspace_id})["id"]
        to = call.ok("GET", f"datasets/{dataset}/upload-url/reviews.csv")
        assert ("import_id" in to) is setting
        assert requests.put(to["upload_url"], b"review\nFine.\nFine.\n").status_code == 200
        assert call.until(f"datasets/{dataset}", "status", "READY")["total_datapoint_count"] == 2
        if setting:
            assert call.ok("GET", f"datasets/{dataset}/imports/{to['import_id']}")["accepted_count"] == 2


@pytest.mark.parametrize("outcome", ["partial", "failed"])
def test_an_import_can_fail_by_a_fault(start: Start, outcome: str) -> None:
    call = start(faults=[Fault("uploadFile", outcome)])
    dataset = call.dataset()["id"]
    job = call.upload(dataset, as_csv(rows(3)))
    assert job["status"] == outcome
    assert job.get("accepted_count", 0) == (2 if outcome == "partial" else 0)
    batch = call.batch(dataset, pages(FIELD, CHOICE))["id"]
    # What set-up makes of an import that brought only some rows is not published; here it takes what is there.
    assert call("POST", f"batches/{batch}/setup", {}).status_code == (202 if outcome == "partial" else 400)


def test_a_set_up_can_fail_by_a_fault(start: Start) -> None:
    call = start(faults=[Fault("setupBatch", "ERROR")])
    dataset = call.dataset()["id"]
    call.upload(dataset, as_csv(rows(3)))
    batch = call.batch(dataset, pages(FIELD, CHOICE))["id"]
    call.ok("POST", f"batches/{batch}/setup", {})
    assert call.until(f"batches/{batch}/status", "status", "READY", "ERROR") == {"status": "ERROR"}
    assert call.ok("GET", f"batches/{batch}/tasks") == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"join_by": "luck"}, "metadata, export, report, none"),
        ({"speed": 0}, "above 0"),
    ],
)
def test_unknown_settings_are_reported(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Sandbox(**options)


@pytest.mark.parametrize("options", [{"skill": 1.0}, {"return_rate": -0.1}, {"return_rate": 0.6, "timeout_rate": 0.6}])
def test_invalid_people_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        People(**options)


@pytest.mark.parametrize(
    ("first", "size"),
    [("limit=4&offset=0", 4), ("limit=1", 1), ("page=1&page_size=3", 3), ("limit=100", 100), ("", 200)],
)
def test_every_submission_is_on_exactly_one_page(shared: Caller, first: str, size: int) -> None:
    study = shared.finished(shared.ready())
    path = f"/api/v1/studies/{study}/submissions/"
    whole = shared.ok("GET", path)
    page, found = shared.ok("GET", f"{path}?{first}"), []
    found += page["results"]
    while page["_links"]["next"]["href"]:
        assert len(page["results"]) == size
        page = shared.ok("GET", page["_links"]["next"]["href"].removeprefix(shared.url))
        found += page["results"]
    assert found == whole["results"]
    assert page["meta"]["count"] == len(found) >= 9


def test_lists_are_filtered_and_ordered(shared: Caller) -> None:
    batch = shared.ready()
    study, draft = shared.finished(batch), shared.draft(batch)["id"]
    listed = {s["id"] for s in shared.ok("GET", "/api/v1/studies/?state=(UNPUBLISHED|PAUSED)")["results"]}
    assert draft in listed
    assert study not in listed
    path = f"/api/v1/submissions/?study={study}"
    done = shared.ok("GET", f"{path}&status=AWAITING_REVIEW&ordering=-started_at")["results"]
    assert len(done) == 9
    assert [s["started_at"] for s in done] == sorted((s["started_at"] for s in done), reverse=True)
    others = shared.ok("GET", f"{path}&awaiting_review=0")["results"]
    assert {s["status"] for s in others} <= {"RETURNED", "TIMED-OUT"}
    assert shared("GET", "/api/v1/submissions/").status_code == 400
    assert shared("GET", f"/api/v1/studies/{study}/submissions/?limit=0").status_code == 400


def test_drafts_can_be_changed_and_deleted_but_not_published_studies(shared: Caller) -> None:
    batch = shared.ready()
    draft = f"/api/v1/studies/{shared.draft(batch, annotators=3)['id']}/"
    more = shared.ok("PATCH", draft, {"data_collection_metadata": {"annotators_per_task": 5}, "reward": 200})
    assert (more["total_available_places"], more["total_cost"]) == (15, 3000 + 1284 + 257)
    cost = shared.ok("GET", draft + "cost/")["rewards"]
    assert [cost[part]["amount"] for part in ("rewards", "fees", "tax")] == [3000, 1284, 257]
    body = {"reward": 200, "total_available_places": 15}
    assert shared.ok("POST", "/api/v1/study-cost-calculator/", body) == {"total_cost": 4541}
    longer = shared.ok("PATCH", draft, {"estimated_completion_time": 30})
    assert longer["maximum_allowed_time"] == 73, "2 + 2 * 30 + 2 * sqrt(30), rounded up"
    assert shared("DELETE", draft).status_code == 200
    assert shared("GET", draft).status_code == 404

    published = f"/api/v1/studies/{shared.finished(batch)}/"
    assert shared.ok("PATCH", published, {"internal_name": "mine"})["internal_name"] == "mine"
    assert shared("PATCH", published, {"reward": 1}).status_code == 400
    assert shared("DELETE", published).status_code == 400


def test_the_account(shared: Caller) -> None:
    assert shared.ok("GET", "/api/v1/users/me/")["email"].endswith(".invalid")
    [workspace] = shared.ok("GET", "/api/v1/workspaces/")["results"]
    assert workspace["id"] == shared.workspace_id
    [project] = shared.ok("GET", f"/api/v1/workspaces/{shared.workspace_id}/projects/")["results"]
    assert shared.ok("GET", f"/api/v1/projects/{project['id']}/") == project
    assert {f["type"] for f in shared.ok("GET", "/api/v1/filters/")["results"]} == {"select", "range"}
    asked = f"/api/v1/reward-recommendations/?workspace_id={shared.workspace_id}&currency="
    assert shared.ok("GET", asked + "GBP")[0]["min_reward_per_hour"] == 600
    assert shared("GET", asked + "EUR").status_code == 400
    study = shared.draft(shared.ready())
    listed = shared.ok("GET", f"/api/v1/projects/{project['id']}/studies/?page_size=100")["results"]
    assert study["id"] in {s["id"] for s in listed}


def test_a_study_on_an_external_site_has_submissions_but_no_responses(shared: Caller) -> None:
    url = {"external_study_url": "https://example.org", "total_available_places": 5, "completion_codes": []}
    study = shared.finished(None, data_collection_method=None, data_collection_id=None, **url)
    assert shared.ok("GET", f"/api/v1/studies/{study}/submissions/counts/")["AWAITING REVIEW"] == 5


def test_many_threads_in_parallel(shared: Caller) -> None:
    def one(_: int) -> str:
        return str(Caller(shared.url, shared.token, shared.workspace_id).dataset()["id"])

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(one, range(40)))
    assert len(set(made)) == 40
    assert len({shared.ok("GET", f"datasets/{ident}")["created_at"] for ident in made}) == 40


def test_a_port_in_use_is_reported_and_a_closed_sandbox_frees_its_port() -> None:
    sandbox = Sandbox()
    call = Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
    call.ok("GET", "/api/v1/users/me/")
    with pytest.raises(OSError, match="in use"):
        Sandbox(port=int(sandbox.url.rpartition(":")[2]))
    begun = time.monotonic()
    sandbox.close()
    sandbox.close()
    assert time.monotonic() - begun < 0.5
    with pytest.raises(requests.ConnectionError):
        call.ok("GET", "/api/v1/users/me/")


@pytest.mark.parametrize("part", ["make_certificate", "make_app", "start_thread", "SandboxState"])
def test_a_sandbox_that_does_not_start_closes_its_parts(
    part: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise MemoryError

    def left() -> set[str]:
        return {each.name for each in tmp_path.iterdir()}

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Sandbox(store=tmp_path / "one.sqlite", tls=True):
        used = left()
    closed = left()
    assert closed < used, "a certificate, and what SQLite has beside an open file"
    with monkeypatch.context() as patch:
        patch.setattr(f"prolific_nb.sandbox.serve.{part}", refuse)
        with pytest.raises(MemoryError) as kept:  # its traceback keeps the sandbox, so nothing is collected
            Sandbox(store=tmp_path / "one.sqlite", tls=True)
    assert left() == closed, kept


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_program_prints_one_line_and_exits_cleanly(number: signal.Signals) -> None:
    command = [sys.executable, "-c", "import sys; from prolific_nb.sandbox.serve import serve; sys.exit(serve())"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        told = json.loads(program.stdout.readline())
        headers = {"Authorization": f"Token {told['token']}"}
        found = requests.get(f"{told['url']}/api/v1/workspaces/{told['workspace_id']}/", headers=headers)
        assert found.status_code == 200
        program.send_signal(number)
        assert program.communicate(timeout=60) == ("", "")
        assert program.returncode == 0


@pytest.mark.parametrize(
    ("wrong", "telling"),
    [
        ({"speed": "fast"}, r"speed is 'fast', a str\. Pass int or float"),
        ({"speed": None}, "speed is None"),
        ({"port": "80"}, r"port is '80', a str\. Pass int"),
        ({"port": True}, "port is True"),
        ({"store": 5}, r"store is 5, an? int\. Pass str or PathLike"),
        ({"people": 3}, r"people is 3.*Pass People"),
        ({"truth": 3}, r"truth is 3.*Pass str"),
        ({"store": "/no/such/folder/of/anyone.sqlite"}, "cannot be opened"),
    ],
)
def test_arguments_of_a_sandbox_are_refused_in_words(wrong: dict[str, Any], telling: str) -> None:
    with pytest.raises(ProlificError, match=telling):
        Sandbox(**wrong)
