"""A random walk through the API: each request uses objects that earlier ones created, changed or deleted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import requests
from schemathesis import APIOperation, Response
from schemathesis.core import NOT_SET

from .aim import kind_of
from .good import Pool, bodies
from .judge import findings
from .seeded import Seeded

# What an answer brings: the kind of thing, and where its id stands.
_BRINGS = {
    "createDataset": ("dataset", "id"),
    "getDatasetUploadUrl": ("import", "import_id"),
    "createBatch": ("batch", "id"),
    "duplicateBatch": ("batch", "id"),
    "syncBatch": ("sync", "sync_id"),
    "requestBatchExport": ("export", "export_id"),
    "createStudy": ("study", "id"),
    "cloneStudy": ("study", "id"),
    "createBonuses": ("bonus", "id"),
    "createParticipantGroup": ("group", "id"),
    "createFilterSet": ("filter set", "id"),
    "cloneFilterSet": ("filter set", "id"),
}
_DELETES = frozenset(
    {"deleteStudy", "deleteProjectStudy", "deleteParticipantGroup", "deleteFilterSet", "deleteBatchExport"}
)
_ROWS = b"review,feeling\nfirst,good\nsecond,bad\n"


@dataclass
class Walk:
    """One walk; the same number and steps give the same requests."""

    world: Seeded
    operations: Mapping[str, APIOperation]
    rng: Random
    pool: Pool = field(init=False)
    findings: list[str] = field(default_factory=list)
    made: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    used: int = 0
    """Successful requests about something that the walk itself had made."""

    def __post_init__(self) -> None:
        self.world.renew()
        self.world.is_touched = True
        self.pool = {kind: list(ids) for kind, ids in self.world.pool.items()}

    def go(self, steps: int) -> None:
        for _ in range(steps):
            self.step(self.rng.choice(list(self.operations)))
            self.world.clock.move(self.rng.choice([0.0, 0.05, 0.3, 2.0]))

    def step(self, name: str) -> None:
        operation = self.operations[name]
        # Newer things come first more often: they are not finished yet.
        view = {kind: sorted(ids, key=lambda _: self.rng.random()) for kind, ids in self.pool.items()}
        about = {each.name: self._one(view, operation, each.name) for each in operation.path_parameters}
        query = {each.name: self._one(view, operation, each.name) for each in operation.query if each.is_required}
        known = bodies(name, view)
        case = operation.Case(
            path_parameters=about,
            query=query,
            body=self.rng.choice(known) if known else NOT_SET,
            media_type=next((each.media_type for each in operation.body), None) if known else None,
        )
        response = case.call(base_url=self.world.url, session=self.world.session)
        self.findings += findings(case, response)
        if self.gone & set(about.values()) and response.status_code not in (404, 501):
            self.findings.append(f"{name}: {about} was deleted, but the answer is {response.status_code}")
        if response.status_code < 300:
            self.used += bool(self.made & set(about.values()))
            self._learn(name, response, about)

    def _one(self, view: Pool, operation: APIOperation, name: str) -> str:
        fixed = {"currency": "GBP", "filename": "more.csv"}
        return fixed.get(name) or next(iter(view.get(kind_of(operation.path, name), [])), "x")

    def _learn(self, name: str, response: Response, about: Mapping[str, str]) -> None:
        self.gone |= set(list(about.values())[-1:]) if name in _DELETES else set()  # of what is named, the innermost
        is_json = "json" in response.headers.get("content-type", [""])[0]  # a demographic export is a CSV file
        told: Any = response.json() if is_json else {}
        kind, where = _BRINGS.get(name, ("", ""))
        if where and where in told:  # an upload to an untyped dataset names no import
            self.pool[kind].append(told[where])
            self.made.add(told[where])
        if name == "setupBatch":
            self.pool["ready"].append(about["batch_id"])
        if name == "getDatasetUploadUrl":
            requests.put(told["upload_url"], _ROWS, headers={"Content-Type": told["content_type"]}).raise_for_status()
        if name == "listStudySubmissions":
            self.pool["submission"] += [each["id"] for each in told["results"][:3]]
