"""From a CSV to responses, in the same way as with the real service."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
import requests

from prolific_nb.sandbox import People
from prolific_nb.sandbox.simulation.simulated_answers import QuestionInstance, answer

from ...design.question_types.examples import annotator
from ..flow import CHOICE, FEELINGS, FIELD, WRITING, Caller, as_csv, pages, rows

Start = Callable[..., Caller]


def choices(call: Caller, batch: str) -> list[dict[str, Any]]:
    found = call.ok("GET", f"batches/{batch}/responses")["results"]
    return [response for response in found if response["response"]["type"] == "multiple_choice"]


def test_every_place_is_filled_and_every_task_answered_by_different_people(start: Start) -> None:
    call = start(people=People(return_rate=0.3, timeout_rate=0.2))
    batch = call.ready(count=10, per_group=4)
    study = call.finished(batch, annotators=3)

    found = call.ok("GET", f"batches/{batch}/responses")["results"]
    submissions = call.ok("GET", f"/api/v1/studies/{study}/submissions/")["results"]
    status = {submission["id"]: submission["status"] for submission in submissions}
    full = Counter(
        (response["task_id"], response["response"]["type"])
        for response in found
        if status[response["submission_id"]] == "AWAITING REVIEW"
    )
    assert len(full) == 20
    assert set(full.values()) == {3}
    assert Counter(status.values())["AWAITING REVIEW"] == 9
    assert {"RETURNED", "TIMED-OUT"} <= set(status.values())
    # One submission a person, as the study asks; so nobody sees a group twice.
    assert len({submission["participant_id"] for submission in submissions}) == len(submissions)


def test_participants_mostly_answer_as_in_the_truth_column(start: Start) -> None:
    call = start(truth="feeling", people=People(skill=0.9))
    batch = call.ready(count=60, per_group=10)
    call.finished(batch)
    meant = dict(zip(FEELINGS, ("good", "bad", "mixed"), strict=True))
    right = [r["response"]["answer"][0]["value"] == meant[r["metadata"]["feeling"]] for r in choices(call, batch)]
    assert 0.8 < sum(right) / len(right) < 1


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("To show that you have read this, choose “never”.", True),
        ('Please SELECT the option "Never" here.', True),
        ("Click 'always' or 'never'.", False),
        ("What does “never” mean here?", False),
    ],
)
def test_who_reads_does_as_the_question_says(question: str, told: bool) -> None:
    options = [{"label": each, "value": each} for each in ("always", "sometimes", "never")]
    item = {"type": "multiple_choice", "description": question, "options": options, "answer_limit": 1}
    subjects = [QuestionInstance(f"row {row}", "", 0.5) for row in range(60)]
    given = [answer(item, each, annotator(number))[0]["value"] for number, each in enumerate(subjects)]
    assert (given.count("never") >= 54) == told


def test_without_a_truth_column_participants_still_agree(start: Start) -> None:
    call = start()
    batch = call.ready(count=60, per_group=10)
    call.finished(batch, annotators=4)
    by_task: dict[str, list[Any]] = {}
    for response in choices(call, batch):
        by_task.setdefault(response["task_id"], []).append(response["response"]["answer"][0]["value"])
    agreeing = [max(Counter(values).values()) / len(values) for values in by_task.values()]
    assert 0.7 < sum(agreeing) / len(agreeing) < 0.97


def test_the_same_participant_may_take_several_groups_if_allowed(start: Start) -> None:
    call = start()
    batch = call.ready(count=40, per_group=2)
    study = call.finished(batch, submissions_config={"max_submissions_per_participant": 3})
    taken = Counter[str]()
    for submission in call.ok("GET", f"/api/v1/studies/{study}/submissions/")["results"]:
        taken[submission["participant_id"]] += 1
    assert 1 < max(taken.values()) <= 3
    pairs = [(r["participant_id"], r["task_id"]) for r in choices(call, batch)]
    assert len(set(pairs)) == len(pairs)


def test_a_grouping_column_takes_precedence_over_tasks_per_group(start: Start) -> None:
    call = start()
    dataset = call.dataset({"review": "text", "session": "task_group_id"})
    records = [{"review": f"r{n}", "session": "a" if n < 3 else "b"} for n in range(5)]
    call.upload(dataset["id"], as_csv(records))
    batch = call.batch(dataset["id"], pages(FIELD, CHOICE))["id"]
    call.ok("POST", f"batches/{batch}/setup", {"tasks_per_group": 1})
    call.until(f"batches/{batch}/status", "status", "READY")
    assert len(call.ok("GET", f"batches/{batch}/task-groups")) == 2
    assert len(call.ok("GET", f"batches/{batch}/tasks")) == 5
    assert call.draft(batch, annotators=3)["total_available_places"] == 6


ALL_TYPES: list[dict[str, Any]] = [
    {**CHOICE, "description": "several", "answer_limit": 2},
    {
        **CHOICE,
        "description": "any",
        "answer_limit": -1,
        "options": [*CHOICE["options"], {"label": "None", "value": "none", "exclusive": True}],
    },
    {
        "type": "multiple_choice_with_free_text",
        "description": "explain",
        "answer_limit": -1,
        "options": [{"label": f"{h}{n}", "value": f"{h}{n}", "heading": h} for h in "AB" for n in range(3)],
    },
    {
        "type": "multiple_choice_with_free_text",
        "description": "explain alone",
        "answer_limit": -1,
        "options": [
            {"label": "A", "value": "A", "heading": "A"},
            {"label": "B", "value": "B", "heading": "B"},
            {"label": "none", "value": "none", "heading": "B", "exclusive": True},
        ],
    },
    {**WRITING, "validation": {"type": "string", "min": 150, "max": 160}},
    {**WRITING, "description": "number", "validation": {"type": "number", "min": 3, "max": 5}},
    {
        "type": "free_text_with_unit",
        "description": "measure",
        "unit_position": "suffix",
        "unit_options": [
            {"label": "cm", "value": "cm", "validation": {"type": "number", "min": 10, "max": 20}},
            {"label": "in", "value": "in", "validation": {"type": "number", "min": 4, "max": 8}},
        ],
    },
    {"type": "file_upload", "description": "file", "accepted_file_types": [".pdf"], "max_file_size_mb": 1},
    {"type": "video_narration", "description": "video"},
]


def test_every_type_of_question_is_answered_within_its_own_rules(start: Start) -> None:
    call = start()
    batch = call.ready(20, 4, FIELD, *ALL_TYPES)
    layout = call.ok("GET", f"batches/{batch}")["batch_items"][0]["rows"][0]["columns"][0]["items"]
    asked = {item["id"]: item.get("description") for item in layout}
    call.finished(batch)
    given: dict[str, list[Any]] = {}
    for response in call.ok("GET", f"batches/{batch}/responses")["results"]:
        given.setdefault(asked[response["response"]["instruction_id"]], []).append(response["response"]["answer"])

    assert {1, 2} == {len(answer) for answer in given["several"]}
    assert all(len(answer) == 1 or {"value": "none"} not in answer for answer in given["any"])
    assert all(
        [e["value"][0] for e in answer] == ["A", "B"] and answer[0]["explanation"] for answer in given["explain"]
    )
    alone = {tuple(e["value"] for e in answer) for answer in given["explain alone"]}
    assert alone == {("A", "B"), ("none",)}
    assert all(150 <= len(answer[0]["value"]) <= 160 for answer in given["Why?"])
    assert all(3 <= float(answer[0]["value"]) <= 5 for answer in given["number"])
    bounds = {"cm": (10, 20), "in": (4, 8)}
    assert {e["unit"] for [e] in given["measure"]} == {"cm", "in"}
    assert all(bounds[e["unit"]][0] <= float(e["value"]) <= bounds[e["unit"]][1] for [e] in given["measure"])
    assert all(e["file_name"].endswith(".pdf") and e["file_size_mb"] <= 1 for answer in given["file"] for e in answer)
    assert all(answer for answer in given["video"])


@pytest.mark.parametrize(
    ("join_by", "told"),
    [
        ("metadata", {"metadata", "export", "report"}),
        ("export", {"export", "report"}),
        ("report", {"report"}),
        ("none", set[str]()),
    ],
)
def test_where_responses_identify_their_rows(start: Start, join_by: str, told: set[str]) -> None:
    call = start(join_by=join_by)
    batch = call.ready()
    call.finished(batch)
    expected = dict(zip(call.ok("GET", f"batches/{batch}/tasks"), [row["pnb_row"] for row in rows(12)], strict=True))
    found: dict[str, dict[str, Any]] = {"metadata": {}, "export": {}, "report": {}}

    responses = call.ok("GET", f"batches/{batch}/responses")["results"]
    found["metadata"] = {r["task_id"]: r["metadata"]["pnb_row"] for r in responses if "metadata" in r}
    export = call.ok("POST", f"batches/{batch}/export")["export_id"]
    url = call.until(f"batches/{batch}/export/{export}", "status", "complete")["url"]
    with zipfile.ZipFile(io.BytesIO(requests.get(url).content)) as archive:
        lines = [json.loads(line) for line in archive.read("responses-by-task.jsonl").decode().splitlines()]
    found["export"] = {line["task_id"]: line["datapoint"]["pnb_row"] for line in lines if "datapoint" in line}
    report = requests.get(call.ok("GET", f"batches/{batch}/report/")["url"]).text
    table = list(csv.DictReader(io.StringIO(report, newline="")))
    found["report"] = {row["DataPoint_ID"]: row["pnb_row"] for row in table if "pnb_row" in row}

    assert {name for name, pairs in found.items() if pairs} == told
    assert all(found[name] == expected for name in told - {"report"})
    assert "report" not in told or sorted(found["report"].values()) == sorted(expected.values())
    answers = sum(bool(cell) for row in table for name, cell in row.items() if re.fullmatch(r"Annotator\d+_ID", name))
    assert answers == len(responses) == sum(len(line["responses"]) for line in lines)


def test_the_export_contains_every_documented_file(start: Start) -> None:
    call = start()
    batch = call.ready(4, 2, FIELD, {"type": "file_upload", "description": "file"})
    study = call.finished(batch)
    export = call.ok("POST", f"batches/{batch}/export", params={"study_id": study})["export_id"]
    assert call.ok("POST", f"batches/{batch}/export", params={"study_id": study})["export_id"] == export
    url = call.until(f"batches/{batch}/export/{export}", "status", "complete")["url"]
    with zipfile.ZipFile(io.BytesIO(requests.get(url).content)) as archive:
        names = set(archive.namelist())
        lines = [json.loads(line) for line in archive.read("responses-by-submission.jsonl").decode().splitlines()]
    keys = {e["file_key"] for line in lines for r in line["responses"] for e in r["response"]["answer"]}
    assert keys <= names
    assert {"batch.json", "README.md", "files/", "responses-by-task.jsonl"} <= names
    assert [job["export_id"] for job in call.ok("GET", f"batches/{batch}/export")["results"]] == [export]


@pytest.mark.parametrize(
    ("asked", "labels", "followed"),
    [
        ("Please choose b.", ["a", "b"], "b"),
        ("To show that you read this, pick the answer “never”", ["often", "never"], "never"),
        ("Please select strongly agree.", ["Agree", "Strongly agree"], "Strongly agree"),
        ("Choose a label", ["a", "b"], None),
        ("Choose good or bad.", ["good", "bad"], None),
    ],
)
def test_participants_follow_a_question_that_says_what_to_choose(
    asked: str, labels: list[str], followed: str | None
) -> None:
    options = [{"label": label, "value": label} for label in labels]
    item = {"type": "multiple_choice", "description": asked, "options": options, "answer_limit": 1}
    subjects = [QuestionInstance(f"row {number}", "", 0.9) for number in range(60)]
    given = Counter(answer(item, each, annotator(n))[0]["value"] for n, each in enumerate(subjects))
    assert max(given.values()) < 50 if followed is None else given[followed] > 50


def test_people_without_kinds_answer_as_ever(start: Start) -> None:
    """Whoever repeats a rehearsal of an earlier version gets its answers again: the digest is from before kinds."""
    call = start(seed=11, start="2026-01-05T09:00:00Z", speed=1e6, people=People(return_rate=0.2))
    batch = call.ready(12, 4, *ALL_TYPES)
    study = call.finished(batch)
    found = [call.ok("GET", f"batches/{batch}/responses"), call.ok("GET", f"/api/v1/studies/{study}/submissions/")]
    digest = sha256(json.dumps([each["results"] for each in found], sort_keys=True).encode()).hexdigest()
    assert digest == "4c38382e216a1316372b17d7e7df79276146a77d626f3039eca44205bf29de39"
