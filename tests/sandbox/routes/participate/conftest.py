"""A study whose places wait for people, in a sandbox whose clock stands until a test moves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from prolific_nb.sandbox import People, Sandbox

from ...flow import COLUMNS, DETAILS, Caller, as_csv, pages, rows
from ...storage.test_clock import Wall, put
from .colleague import Place

Make = Callable[..., Place]


@pytest.fixture
def make() -> Iterator[Make]:
    opened: list[Sandbox] = []

    def published(
        *items: dict[str, Any],
        count: int = 4,
        per_group: int = 2,
        annotators: int = 1,
        people: People | None = None,
        layout: Any = None,
        options: dict[str, Any] | None = None,
        publish: bool = True,
        **more: Any,
    ) -> Place:
        wall = Wall()
        sandbox = Sandbox(wall=wall, people=people or People.nobody(), **(options or {}))
        opened.append(sandbox)
        call = Caller(sandbox.url, sandbox.token, sandbox.workspace_id)
        dataset = call.dataset(COLUMNS)["id"]
        to = call.ok("GET", f"datasets/{dataset}/upload-url/reviews.csv")
        put(to, as_csv(rows(count)))
        wall.now += 1
        body = {"name": "b", "workspace_id": call.workspace_id, "task_details": DETAILS, "dataset_id": dataset}
        batch = call.ok("POST", "batches", {**body, "batch_items": layout or pages(*items)})["id"]
        call.ok("POST", f"batches/{batch}/setup", {"tasks_per_group": per_group})
        wall.now += 1
        study = call.draft(batch, annotators, **more)["id"]
        if publish:
            assert call.move(study, "PUBLISH").status_code == 200
        return Place(sandbox, wall, call, study)

    yield published
    for sandbox in opened:
        sandbox.close()
