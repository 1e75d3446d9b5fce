"""Wall time of a sandbox stands still while no sandbox serves its file, and never goes back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from prolific_nb.sandbox import Sandbox

from ..flow import CHOICE, FIELD, Caller, as_csv, pages, rows
from .test_clock import Wall, put

Start = Callable[..., Caller]


def opened(file: Path, wall: Wall) -> tuple[Sandbox, Caller]:
    sandbox = Sandbox(store=file, wall=wall, speed=60.0, answer_times="per_answer")
    return sandbox, Caller(sandbox.url, sandbox.token, sandbox.workspace_id)


def started_study(call: Caller, wall: Wall) -> tuple[str, str]:
    """A batch of eight rows and its study, fifteen seconds after the publication."""
    dataset = call.dataset()["id"]
    put(call.ok("GET", f"datasets/{dataset}/upload-url/reviews.csv"), as_csv(rows(8)))
    wall.now += 1
    batch = call.batch(dataset, pages(FIELD, CHOICE))["id"]
    call.ok("POST", f"batches/{batch}/setup", {"tasks_per_group": 4})
    wall.now += 1
    study = call.draft(batch)["id"]
    call.move(study, "PUBLISH")
    wall.now += 15
    return batch, study


def shown(call: Caller, batch: str, study: str) -> list[Any]:
    """The study, its submissions and the answers so far."""
    page = f"/api/v1/studies/{study}/"
    lists = (f"{page}submissions/?ordering=started_at", f"batches/{batch}/responses")
    return [call.ok("GET", page), *(call.ok("GET", path)["results"] for path in lists)]


def test_no_time_passes_while_no_sandbox_serves_the_file(tmp_path: Path) -> None:
    wall, file = Wall(), tmp_path / "one.db"
    first, call = opened(file, wall)
    batch, study = started_study(call, wall)
    seen = shown(call, batch, study)
    assert seen[0]["status"] == "ACTIVE"
    first.close()
    for hours in (5, -3, 200):  # back, too: a computer's clock may have been set
        wall.now += 3600 * hours
        with Sandbox(store=file, wall=wall, speed=60.0, answer_times="per_answer") as sandbox:
            again = Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
            assert shown(again, batch, study) == seen
            wall.now += 6
            later = shown(again, batch, study)
        assert later[0]["status"] == "ACTIVE"
        assert {each["id"] for each in seen[1]} <= {each["id"] for each in later[1]}
        assert seen[2] == later[2][: len(seen[2])]
        assert len(later[2]) > len(seen[2])
        seen = later


def test_time_shown_by_a_refusal_is_saved(tmp_path: Path) -> None:
    wall, file = Wall(), tmp_path / "one.db"
    first, call = opened(file, wall)
    _, study = started_study(call, wall)
    wall.now += 1000
    refused = call.move(study, "PAUSE")
    assert "the study is AWAITING REVIEW" in refused.text
    first.close()
    second, call = opened(file, wall)
    assert call.ok("GET", f"/api/v1/studies/{study}/")["status"] == "AWAITING REVIEW"
    second.close()


def test_time_never_goes_back_while_a_sandbox_serves(start: Start) -> None:
    wall = Wall()
    call = start(wall=wall, speed=60.0)
    batch, _ = started_study(call, wall)
    seen = call.ok("GET", f"batches/{batch}/responses")
    wall.now -= 10
    assert call.ok("GET", f"batches/{batch}/responses") == seen


def test_interrupted_jobs_are_completed_in_the_next_sandbox(tmp_path: Path) -> None:
    wall, file = Wall(), tmp_path / "one.db"
    first, call = opened(file, wall)
    batch, _ = started_study(call, wall)
    dataset, export = call.dataset()["id"], call.ok("POST", f"batches/{batch}/export")["export_id"]
    to = call.ok("GET", f"datasets/{dataset}/upload-url/reviews.csv")
    put(to, as_csv(rows(3)))
    sync = call.ok("POST", f"batches/{batch}/sync")["sync_id"]
    paths = [f"datasets/{dataset}/imports/{to['import_id']}", f"batches/{batch}/syncs/{sync}"]
    paths += [f"batches/{batch}/export/{export}"]
    assert [call.ok("GET", path)["status"] for path in paths] == ["queued", "queued", "generating"]
    first.close()
    wall.now += 3600
    second, call = opened(file, wall)
    assert [call.ok("GET", path)["status"] for path in paths] == ["queued", "queued", "generating"]
    wall.now += 0.3
    assert [call.ok("GET", path)["status"] for path in paths] == ["complete"] * 3
    assert call.ok("GET", f"datasets/{dataset}")["total_datapoint_count"] == 3
    second.close()


@pytest.mark.parametrize("away", [False, True])
def test_schedules_and_presigned_urls_use_real_time(tmp_path: Path, away: bool) -> None:
    wall, file = Wall(), tmp_path / "one.db"
    sandbox, call = opened(file, wall)
    batch, _ = started_study(call, wall)
    study = call.draft(batch)["id"]
    publish_at = datetime.fromtimestamp(wall.now + 600, UTC).isoformat()
    body = {"action": "SCHEDULE_PUBLISH", "publish_at": publish_at}
    assert call("POST", f"/api/v1/studies/{study}/transition/", body).json()["status"] == "SCHEDULED"
    if away:
        sandbox.close()
        wall.now += 610
        sandbox, call = opened(file, wall)
    else:
        wall.now += 610
    # Nobody could come while nobody served: then it begins when it is opened again.
    found = call.ok("GET", f"/api/v1/studies/{study}/")
    assert (found["status"], found["places_taken"] > 0) == ("ACTIVE", not away)
    wall.now += 10
    assert call.ok("GET", f"/api/v1/studies/{study}/")["places_taken"] > 0
    to = call.ok("GET", f"datasets/{call.dataset()['id']}/upload-url/reviews.csv")
    assert datetime.fromisoformat(to["expires_at"]).timestamp() == pytest.approx(wall.now + 3600, abs=1)
    sandbox.close()
