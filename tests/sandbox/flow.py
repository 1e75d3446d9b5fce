"""A plain client of the sandbox with `requests`; every response is validated against the contract by openapi-core."""

from __future__ import annotations

import csv
import io
import json
import time
from importlib.resources import files
from typing import Any

import requests
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse

SPEC = json.loads(files("prolific_nb.sandbox").joinpath("contract.json").read_text(encoding="utf-8"))
# The contract's server is the real one; here the same paths are judged as served by a sandbox.
JUDGE = OpenAPI.from_dict({**SPEC, "servers": [{"url": "/"}]})

CHOICE = {
    "type": "multiple_choice",
    "description": "How does the writer feel?",
    "answer_limit": 1,
    "options": [
        {"label": "Well", "value": "good"},
        {"label": "Badly", "value": "bad"},
        {"label": "A bit of both", "value": "mixed"},
    ],
}
# As people fill such columns: an option's value, its value in capitals, its label.
FEELINGS = ("good", "BAD", "a bit of both")
WRITING = {"type": "free_text", "description": "Why?"}
FIELD = {"type": "dataset_field", "field": "review"}
DETAILS = {"task_name": "Sentiment", "task_introduction": "<p>Read.</p>", "task_steps": "<p>Choose.</p>"}
COLUMNS = {"review": "text", "feeling": "metadata", "pnb_row": "metadata"}


def pages(*items: dict[str, Any]) -> list[dict[str, Any]]:
    """One page, one row, one column."""
    return [{"rows": [{"columns": [{"items": [dict(item) for item in items]}]}]}]


def rows(count: int) -> list[dict[str, str]]:
    return [
        {
            "review": f'Review number {n}, "quoted"\nand long.',
            "feeling": FEELINGS[n % 3],
            "pnb_row": f"{n:012x}-1",
        }
        for n in range(count)
    ]


def as_csv(records: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(records[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue().encode()


class Time:
    """A wall clock that a test moves by hand; each look takes it on a little, so that short waits come to an end."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        self.now += 0.005
        return self.now


class Caller:
    """Calls one sandbox; an answer that does not fit the contract fails the test."""

    def __init__(self, url: str, token: str, workspace_id: str) -> None:
        self.url, self.token, self.workspace_id = url, token, workspace_id
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Token {token}"

    def __call__(self, method: str, path: str, json: Any = None, **more: Any) -> requests.Response:
        path = path if path.startswith("/") else f"/api/v1/data-collection/{path}"
        prepared = self.session.prepare_request(requests.Request(method, self.url + path, json=json, **more))
        answer = self.session.send(prepared)
        if answer.status_code < 500:
            JUDGE.validate_response(RequestsOpenAPIRequest(prepared), RequestsOpenAPIResponse(answer))
        return answer

    def ok(self, method: str, path: str, json: Any = None, **more: Any) -> Any:
        answer = self(method, path, json, **more)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    def until(self, path: str, key: str, *wanted: str, seconds: float = 60) -> Any:
        deadline = time.monotonic() + seconds
        while (found := self.ok("GET", path))[key] not in wanted:
            assert time.monotonic() < deadline, found
            time.sleep(0.02)
        return found

    def dataset(self, columns: dict[str, str] = COLUMNS, strict: bool = False) -> Any:
        schema = {"strict": strict, "fields": {name: {"type": kind} for name, kind in columns.items()}}
        return self.ok("POST", "datasets", {"name": "d", "workspace_id": self.workspace_id, "schema": schema})

    def upload(self, dataset_id: str, raw: bytes, name: str = "reviews.csv") -> Any:
        to = self.ok("GET", f"datasets/{dataset_id}/upload-url/{name}")
        put = requests.put(to["upload_url"], raw, headers={"Content-Type": to["content_type"]})
        assert put.status_code == 200, put.text
        return self.until(f"datasets/{dataset_id}/imports/{to['import_id']}", "status", "complete", "partial", "failed")

    def batch(self, dataset_id: str | None, batch_items: Any) -> Any:
        body = {"name": "b", "workspace_id": self.workspace_id, "task_details": DETAILS, "batch_items": batch_items}
        return self.ok("POST", "batches", {**body, **({"dataset_id": dataset_id} if dataset_id else {})})

    def ready(self, count: int = 12, per_group: int = 4, *items: dict[str, Any], records: Any = None) -> str:
        """A batch that is READY."""
        dataset = self.dataset(COLUMNS if records is None else dict.fromkeys(records[0], "text"))
        assert self.upload(dataset["id"], as_csv(records or rows(count)))["status"] == "complete"
        ident = self.batch(dataset["id"], pages(*(items or (FIELD, CHOICE, WRITING))))["id"]
        self.ok("POST", f"batches/{ident}/setup", {"tasks_per_group": per_group})
        self.until(f"batches/{ident}/status", "status", "READY")
        return str(ident)

    def draft(self, batch_id: str | None, annotators: int = 3, **more: Any) -> Any:
        body = {
            "name": "Feelings",
            "description": "Read reviews.",
            "prolific_id_option": "not_required",
            "estimated_completion_time": 6,
            "reward": 150,
            "data_collection_method": "AI_TASK_BUILDER_BATCH",
            "data_collection_id": batch_id,
            "data_collection_metadata": {"annotators_per_task": annotators},
        }
        return self.ok("POST", "/api/v1/studies/", {**body, **more})

    def move(self, study_id: str, action: str) -> requests.Response:
        return self("POST", f"/api/v1/studies/{study_id}/transition/", {"action": action})

    def finished(self, batch_id: str | None, annotators: int = 3, **more: Any) -> str:
        """A study all of whose places are filled."""
        ident = self.draft(batch_id, annotators, **more)["id"]
        assert self.move(ident, "PUBLISH").status_code == 200
        self.until(f"/api/v1/studies/{ident}/", "status", "AWAITING REVIEW", "COMPLETED")
        return str(ident)
