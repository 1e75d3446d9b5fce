"""When responses are stored: each when it is given, or all of a submission together at its end."""

from __future__ import annotations

import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
import requests

from prolific_nb.sandbox import People

from ..flow import CHOICE, FIELD, WRITING, Caller, Time
from ..operations.test_submission_completion import CODES, at_work, complete

Start = Callable[..., Caller]
BOTH = pytest.mark.parametrize("answer_times", ["per_submission", "per_answer"])


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def by_submission(records: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found = defaultdict(list)
    for record in records:
        found[record["submission_id"]].append(record)
    return found


def spread(records: list[dict[str, Any]]) -> float:
    moments = [moment(each["created_at"]) for each in records]
    return (max(moments) - min(moments)).total_seconds()


def answers(call: Caller, batch: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = call.ok("GET", f"batches/{batch}/responses")["results"]
    return found


@BOTH
def test_moments_are_those_of_the_submission_or_of_the_answer(start: Start, answer_times: str) -> None:
    call = start(answer_times=answer_times, people=People(return_rate=0.3))
    batch = call.ready(12, 4)
    study = call.finished(batch)
    sittings = by_submission(answers(call, batch))
    several = [each for each in sittings.values() if len(each) > 2]
    assert len(several) >= 9
    for records in several:
        assert (spread(records) <= 0.001) == (answer_times == "per_submission")
    listed = call.ok("GET", f"/api/v1/studies/{study}/submissions/?limit=99")["results"]
    for each in listed:
        if each["completed_at"] is not None:
            last = max(moment(record["created_at"]) for record in sittings[each["id"]])
            before = (moment(each["completed_at"]) - last).total_seconds()
            assert 0 <= before < 1
            assert answer_times == "per_answer" or before == pytest.approx(0.7, abs=0.002)


@BOTH
def test_ids_of_responses_begin_with_the_moment_at_which_they_were_stored(start: Start, answer_times: str) -> None:
    call = start(answer_times=answer_times)
    batch = call.ready(6, 3)
    call.finished(batch)
    found = answers(call, batch)
    assert len({each["id"] for each in found}) == len(found) == 6 * 3 * 2
    for each in found:
        ident = UUID(each["id"])
        assert ident.version == 7
        assert ident.int >> 80 == round(moment(each["created_at"]).timestamp() * 1000)


def test_answers_are_the_same_but_for_ids_and_moments(start: Start) -> None:
    def given(answer_times: str) -> list[str]:
        call = start(answer_times=answer_times, seed=5)
        batch = call.ready(12, 4)
        call.finished(batch)
        same = [{k: v for k, v in each.items() if k not in ("id", "created_at")} for each in answers(call, batch)]
        return sorted(json.dumps(each, sort_keys=True) for each in same)

    assert given("per_answer") == given("per_submission")


def test_nothing_of_a_submission_is_seen_before_it_ends(start: Start) -> None:
    clock = Time()
    call = start(wall=clock, speed=1.0)
    batch = call.ready(12, 4)
    study = str(call.draft(batch)["id"])
    call.move(study, "PUBLISH")
    for _ in range(200):
        clock.now += 30
        active = {e["id"] for e in call.ok("GET", f"/api/v1/studies/{study}/submissions/")["results"]
                  if e["status"] == "ACTIVE"}  # fmt: skip
        assert not active & by_submission(answers(call, batch)).keys()
    assert len(answers(call, batch)) >= 12 * 3 * 2


@BOTH
def test_a_submission_ended_by_a_code_keeps_what_was_answered(start: Start, answer_times: str) -> None:
    clock = Time()
    call = start(wall=clock, speed=1.0, answer_times=answer_times, people=People(return_rate=0, timeout_rate=0))
    batch = call.ready(12, 12, FIELD, CHOICE, WRITING)
    study = str(call.draft(batch, completion_codes=CODES)["id"])
    assert call.move(study, "PUBLISH").status_code == 200
    [one, *_] = at_work(call, clock, study)
    clock.now += 200
    assert complete(call, one, "GOOD").status_code == 200
    kept = by_submission(answers(call, batch))[one]
    assert 2 <= len(kept) < 24  # the person was in the middle of it
    assert (spread(kept) == 0) == (answer_times == "per_submission")
    ended = call.ok("GET", f"/api/v1/submissions/{one}/")["completed_at"]
    for each in kept:
        assert each["created_at"] <= ended
        assert UUID(each["id"]).int >> 80 == round(moment(each["created_at"]).timestamp() * 1000)
    clock.now += 10_000
    assert by_submission(answers(call, batch))[one] == kept


def test_the_same_answers_are_kept_when_a_code_ends_a_submission(start: Start) -> None:
    def kept(answer_times: str) -> list[tuple[str, str]]:
        clock = Time()
        call = start(wall=clock, speed=1.0, answer_times=answer_times, people=People(return_rate=0, timeout_rate=0))
        batch = call.ready(12, 12)
        study = str(call.draft(batch, completion_codes=CODES)["id"])
        call.move(study, "PUBLISH")
        [one, *_] = at_work(call, clock, study)
        clock.now += 200
        complete(call, one, "LOOK")
        found = by_submission(answers(call, batch))[one]
        return sorted((each["task_id"], each["response"]["instruction_id"]) for each in found)

    assert kept("per_submission") == kept("per_answer")


@BOTH
def test_the_export_has_the_same_moments(start: Start, answer_times: str) -> None:
    call = start(answer_times=answer_times)
    batch = call.ready(6, 3)
    call.finished(batch)
    found = {each["id"]: each["created_at"] for each in answers(call, batch)}
    export = call.ok("POST", f"batches/{batch}/export")["export_id"]
    url = call.until(f"batches/{batch}/export/{export}", "status", "complete")["url"]
    with zipfile.ZipFile(io.BytesIO(requests.get(url).content)) as archive:
        for name in ("responses-by-task.jsonl", "responses-by-submission.jsonl"):
            lines = [json.loads(line) for line in archive.read(name).splitlines()]
            assert {each["id"]: each["created_at"] for line in lines for each in line["responses"]} == found
