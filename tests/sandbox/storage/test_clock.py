"""Jobs that take time, paused and stopped studies, and records that do not depend on real time."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import requests

from prolific_nb.sandbox import Sandbox

from ..flow import CHOICE, FIELD, Caller, as_csv, pages, rows

Start = Callable[..., Caller]


class Wall:
    """A wall clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def put(to: dict[str, Any], raw: bytes) -> None:
    assert requests.put(to["upload_url"], raw, headers={"Content-Type": to["content_type"]}).status_code == 200


def test_imports_set_ups_and_exports_pass_through_their_statuses(start: Start) -> None:
    wall = Wall()
    call = start(wall=wall)

    def states(path: str, *moments: float) -> list[str]:
        begun, seen = wall.now, []
        for moment in moments:
            wall.now = begun + moment
            seen.append(call.ok("GET", path)["status"])
        return seen

    dataset = call.dataset()["id"]
    to = call.ok("GET", f"datasets/{dataset}/upload-url/reviews.csv")
    job = f"datasets/{dataset}/imports/{to['import_id']}"
    assert states(job, 0, 60) == ["uninitialised", "uninitialised"]
    put(to, as_csv(rows(4)))
    assert "accepted_count" not in call.ok("GET", job)
    assert states(job, 0, 0.1, 0.3) == ["queued", "processing", "complete"]
    assert call.ok("GET", f"datasets/{dataset}")["total_datapoint_count"] == 4
    assert call.ok("GET", f"datasets/{dataset}/status") == {"status": "READY"}

    batch = call.batch(dataset, pages(FIELD, CHOICE))
    assert (batch["status"], batch["total_task_count"]) == ("UNINITIALISED", 0)
    assert call("POST", f"batches/{batch['id']}/setup", {"tasks_per_group": 3}).status_code == 202
    assert call.ok("GET", f"batches/{batch['id']}/tasks") == []
    assert states(f"batches/{batch['id']}/status", 0, 0.3) == ["PROCESSING", "READY"]
    batch = call.ok("GET", f"batches/{batch['id']}")
    assert (batch["total_task_count"], batch["total_task_groups"], batch["total_instruction_count"]) == (4, 2, 1)

    export = call.ok("POST", f"batches/{batch['id']}/export")["export_id"]
    assert states(f"batches/{batch['id']}/export/{export}", 0, 0.3) == ["generating", "complete"]


def test_a_study_is_revealed_by_its_own_clock_only(start: Start) -> None:
    wall = Wall()
    call = start(wall=wall, speed=60.0)
    dataset = call.dataset()["id"]
    put(call.ok("GET", f"datasets/{dataset}/upload-url/reviews.csv"), as_csv(rows(40)))
    wall.now += 1
    batch = call.batch(dataset, pages(FIELD, CHOICE))["id"]
    call.ok("POST", f"batches/{batch}/setup", {"tasks_per_group": 5})
    wall.now += 1
    study = call.draft(batch)["id"]
    page = f"/api/v1/studies/{study}/"

    def seen() -> tuple[str, int, int]:
        found = call.ok("GET", page)
        return found["status"], found["places_taken"], call.ok("GET", f"batches/{batch}/responses")["meta"]["count"]

    assert seen() == ("UNPUBLISHED", 0, 0)
    call.move(study, "PUBLISH")
    assert seen() == ("ACTIVE", 0, 0)
    wall.now += 20  # twenty minutes in the sandbox
    halfway = seen()
    assert halfway[0] == "ACTIVE"
    assert 0 < halfway[1] <= 24
    assert 0 < halfway[2] < 120
    counts = call.ok("GET", page + "submissions/counts/")
    assert counts["ACTIVE"] > 0
    assert counts["ACTIVE"] + counts["AWAITING REVIEW"] == halfway[1]

    call.move(study, "PAUSE")
    wall.now += 1000
    assert seen() == ("PAUSED", *halfway[1:])
    call.move(study, "START")
    wall.now += 5
    later = seen()
    assert later[2] > halfway[2]

    assert call.move(study, "STOP").status_code == 200
    wall.now += 1000
    assert seen() == ("COMPLETED", *later[1:])
    # What was stopped no longer holds the money of places that nobody took.
    balance = call.ok("GET", f"/api/v1/workspaces/{call.workspace_id}/balance/")["available_balance"]
    spent = call.ok("GET", page + "cost/")["rewards"]
    assert spent["rewards"]["amount"] == later[1] * 150
    assert balance == 25_000_000 - sum(part["amount"] for part in spent.values())


@pytest.mark.parametrize(("action", "possible"), [("PAUSE", "PUBLISH"), ("START", "PUBLISH"), ("STOP", "PUBLISH")])
def test_impossible_transitions_are_refused(shared: Caller, action: str, possible: str) -> None:
    study = shared.draft(shared.ready())["id"]
    answer = shared.move(study, action)
    assert answer.status_code == 400
    assert f"{action} is not allowed while the study is UNPUBLISHED. Allowed: {possible}" in answer.text


def test_a_filled_study_ends_within_seventy_minutes_and_is_reviewed(start: Start) -> None:
    call = start(start="2026-01-05T09:00:00Z")
    batch = call.ready(120, 10)
    study = call.finished(batch)
    found = call.ok("GET", f"/api/v1/studies/{study}/submissions/?ordering=-completed_at")["results"]
    last = max(s["completed_at"] for s in found if s["completed_at"])
    assert "2026-01-05T09:35" < last < "2026-01-05T10:12"
    assert call.move(study, "PAUSE").status_code == 400
    # What is stamped after a study lies after its last answer.
    assert call.draft(batch)["date_created"] >= last


def test_submissions_are_approved_automatically_if_the_code_requires_it(start: Start) -> None:
    call = start()
    code = {"code": "DONE", "code_type": "COMPLETED", "actions": [{"action": "AUTOMATICALLY_APPROVE"}]}
    study = call.finished(call.ready(), completion_codes=[code])
    assert call.ok("GET", f"/api/v1/studies/{study}/")["status"] == "COMPLETED"
    assert call.ok("GET", f"/api/v1/studies/{study}/submissions/counts/")["APPROVED"] == 9
    first = call.ok("GET", f"/api/v1/studies/{study}/submissions/")["results"][0]
    one = call.ok("GET", f"/api/v1/submissions/{first['id']}/")
    assert (one["participant"], one["study_id"]) == (first["participant_id"], study)


def records(seed: int, speed: float) -> str:
    """Everything that a small study leaves behind, as text without the sandbox's address."""
    with Sandbox(seed=seed, speed=speed, start="2026-01-05") as sandbox:
        call = Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
        batch = call.ready(20, 5)
        study = call.finished(batch)
        call.draft(batch)
        of_study = f"/api/v1/studies/{study}/submissions/?limit=99"
        paths = [f"batches/{batch}", f"batches/{batch}/responses", "/api/v1/studies/?limit=9", of_study]
        return json.dumps([call.ok("GET", path) for path in paths]).replace(sandbox.url, "")


def test_the_same_seed_gives_the_same_records_in_another_process() -> None:
    program = "from tests.sandbox.storage.test_clock import records; print(records(7, 3_000), end='')"
    elsewhere = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[3], capture_output=True, check=True, text=True
    )
    here = records(7, 30_000)
    assert json.loads(here)[1]["meta"]["count"] >= 120
    assert elsewhere.stdout == here
    assert records(8, 30_000) != here


def test_a_file_stores_the_whole_state(start: Start, tmp_path: Path) -> None:
    wall = Wall()
    call = start(store=tmp_path / "one.db", wall=wall, speed=60.0)
    dataset = call.dataset()["id"]
    put(call.ok("GET", f"datasets/{dataset}/upload-url/reviews.csv"), as_csv(rows(8)))
    wall.now += 1
    batch = call.batch(dataset, pages(FIELD, CHOICE))["id"]
    call.ok("POST", f"batches/{batch}/setup", {"tasks_per_group": 4})
    wall.now += 1
    study = call.draft(batch)["id"]
    call.move(study, "PUBLISH")
    wall.now += 15

    again = start(store=tmp_path / "one.db", wall=wall, speed=60.0)
    assert (again.workspace_id, again.token) == (call.workspace_id, call.token)
    path = f"batches/{batch}/responses"
    assert again.ok("GET", path) == call.ok("GET", path)
    # A second sandbox on the file changes nothing in the first one's time: the study goes on for both.
    wall.now += 1
    later = again.ok("GET", path)["meta"]["count"]
    assert later == call.ok("GET", path)["meta"]["count"]
    wall.now += 1000
    assert call.ok("GET", path)["meta"]["count"] > later
    assert again.ok("GET", f"/api/v1/studies/{study}/")["status"] == "AWAITING REVIEW"
    assert start(store=tmp_path / "other.db").workspace_id != call.workspace_id


def test_refused_requests_do_not_change_later_records(start: Start) -> None:
    def first_study(refused: bool) -> Any:
        call = start()
        batch = call.ready()
        if refused:
            body = {**call.draft(batch), "project": "another"}
            call("DELETE", f"/api/v1/studies/{body['id']}/")
            assert call("POST", "/api/v1/studies/", body).status_code == 400
        else:
            call("DELETE", f"/api/v1/studies/{call.draft(batch)['id']}/")
        return call.draft(batch)

    assert first_study(refused=True) == first_study(refused=False)


def test_records_do_not_depend_on_real_time_or_chance(start: Start) -> None:
    walls = Wall(), Wall()
    walls[1].now += 12_345.6
    seen = []
    for wall in walls:
        call = start(wall=wall, start="2026-01-05T09:00:00Z")
        dataset = call.dataset()["id"]
        put(call.ok("GET", f"datasets/{dataset}/upload-url/reviews.csv"), as_csv(rows(3)))
        wall.now += 1
        seen.append(call.ok("GET", f"datasets/{dataset}"))
    assert seen[0] == seen[1]
    assert seen[0]["created_at"] == "2026-01-05T09:00:01.000Z"


def first_stamp(call: Caller) -> str:
    return str(call.ok("GET", f"datasets/{call.dataset()['id']}")["created_at"])


@pytest.mark.parametrize(
    ("begins", "expected"),
    [
        ("2026-01-05", "2026-01-05T00:00:01.000Z"),
        ("2026-01-05T09:00:00Z", "2026-01-05T09:00:01.000Z"),
        ("2026-01-05T18:00:00+09:00", "2026-01-05T09:00:01.000Z"),
        (date(2024, 2, 29), "2024-02-29T00:00:01.000Z"),
        (datetime(1999, 12, 31, 23, 59, 59), "2000-01-01T00:00:00.000Z"),
        (datetime(2026, 1, 5, 10, tzinfo=timezone(timedelta(hours=1))), "2026-01-05T09:00:01.000Z"),
    ],
)
def test_the_calendar_begins_when_it_is_asked_to(start: Start, begins: Any, expected: str) -> None:
    assert first_stamp(start(start=begins)) == expected


@pytest.mark.parametrize(
    "begins", ["", "tomorrow", "2026-13-01", "1969-12-31", "9999-01-01", 5, "0001-01-01T00:00+23:00"]
)
def test_a_start_that_is_no_date_is_refused(begins: Any) -> None:
    with pytest.raises(ValueError, match=r"not a valid date of the years 1970 to 2199.*leave it out to begin today"):
        Sandbox(start=begins)


def test_the_calendar_begins_today_in_utc(start: Start) -> None:
    before = datetime.now(UTC).date().isoformat()
    seen = first_stamp(start())
    assert before <= seen[:10] <= datetime.now(UTC).date().isoformat()
    assert seen[10:] == "T00:00:01.000Z"
    leap = datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC).timestamp()
    assert first_stamp(start(wall=lambda: leap)) == "2028-02-29T00:00:01.000Z"


def test_a_file_keeps_its_calendar(start: Start, tmp_path: Path) -> None:
    wall, file = Wall(), tmp_path / "one.db"
    assert first_stamp(start(store=file, wall=wall)) == "2027-01-15T00:00:01.000Z"
    wall.now += 86_400 * 40
    assert first_stamp(start(store=file, wall=wall)) == "2027-01-15T00:00:02.000Z"
    assert first_stamp(start(store=file, start="2027-01-15")) == "2027-01-15T00:00:03.000Z"
    with pytest.raises(ValueError, match=r"one\.db began at 2027-01-15T00:00:00\.000Z. Leave out start, or"):
        start(store=file, start="2027-01-16")
    assert first_stamp(start(store=file)) == "2027-01-15T00:00:04.000Z"


def test_a_file_of_an_earlier_version_keeps_its_calendar_and_its_answers(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "one.db"
    call = start(store=file, start="2026-01-05T09:00:00Z", answer_times="per_answer")
    batch = call.ready()
    call.finished(batch)
    seen = call.ok("GET", f"batches/{batch}/responses")
    with closing(sqlite3.connect(file)) as db:
        db.execute("DELETE FROM meta WHERE key = 'start'")
        db.execute("ALTER TABLE responses DROP COLUMN answered")
        db.commit()
    again = start(store=file)
    assert again.ok("GET", f"batches/{batch}/responses") == seen
    again.finished(batch)
    later = again.ok("GET", f"batches/{batch}/responses")["results"]
    assert len(later) >= 2 * len(seen["results"])
    assert all(each["created_at"].startswith("2026-01-05T") for each in later)


def test_one_seed_gives_one_study_shifted_by_whole_days(start: Start) -> None:
    def answers(begins: str) -> list[dict[str, Any]]:
        call = start(seed=4, start=begins)
        batch = call.ready()
        call.finished(batch)
        found: list[dict[str, Any]] = call.ok("GET", f"batches/{batch}/responses")["results"]
        return found

    first, later = answers("2026-01-05"), answers("2026-03-01")
    assert first == answers("2026-01-05")
    for one, other in zip(first, later, strict=True):
        moments = [datetime.fromisoformat(each.pop("created_at")) for each in (one, other)]
        assert moments[1] - moments[0] == timedelta(days=55)
        # An ID begins with its moment, and is otherwise the same.
        assert one.pop("id")[14:] == other.pop("id")[14:]
        assert one == other
