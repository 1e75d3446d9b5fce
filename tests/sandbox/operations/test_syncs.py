"""Records added later through the client: appended, validated, and turned into tasks by a sync."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.api import Client, Record
from prolific_nb.api.polling import wait_until
from prolific_nb.common.progress import silent
from prolific_nb.errors import ApiError, Conflict

from ...conftest import DESIGN, PLAN, Connect


def rows(first: int, last: int) -> list[dict[str, Any]]:
    names = ("review_id", "review", "sentiment", "pnb_row")
    return [dict(zip(names, (str(n), f"Review {n}.", "good", f"row-{n}"), strict=True)) for n in range(first, last)]


def draft(client: Client, rows_of_data: int = 20) -> pnb.Run:
    data = pnb.read_data(pnb.sample_data().head(rows_of_data))
    return pnb.launch(client, data, DESIGN, PLAN, on_progress=silent)


def synced(client: Client, batch_id: str) -> Record:
    ident = client.batches.sync(batch_id).sync_id
    look: Callable[[], Record] = lambda: client.batches.sync_job(batch_id, ident)  # noqa: E731
    return wait_until(look, lambda job: job.status == "complete", what="Sync", every=0.02, timeout=60)


def points(client: Client, run: pnb.Run) -> int:
    return int(client.datasets.get(run.dataset_id).total_datapoint_count)


def test_records_are_appended_in_portions_and_counted_from_one(sandboxed: Connect) -> None:
    client = sandboxed()
    run = draft(client)
    many: list[Any] = rows(0, 2300)
    many[4] = {**many[4], "review": ["not", "flat"]}
    many[2049] = {**many[2049], "review": {}}
    answer = client.datasets.append(run.dataset_id, iter(many))
    assert (answer.accepted, answer.rejected) == (2298, 2)
    assert [(each["record_index"], each["field"]) for each in answer.errors] == [(5, "review"), (2050, "review")]
    assert points(client, run) == 20 + 2298


def test_an_existing_record_is_not_stored_again(sandboxed: Connect) -> None:
    client = sandboxed()
    run = draft(client)
    assert client.datasets.append(run.dataset_id, rows(0, 5) + rows(0, 3)).accepted == 8
    assert points(client, run) == 25
    assert client.datasets.append(run.dataset_id, rows(3, 7)).accepted == 4
    assert points(client, run) == 27


def test_a_sync_creates_tasks_and_fills_the_last_group(sandboxed: Connect) -> None:
    client = sandboxed()
    run = draft(client)  # 20 rows in groups of 6: the last one has 2
    before = client.batches.tasks(run.batch_id)
    client.datasets.append(run.dataset_id, rows(0, 11))
    assert client.batches.tasks(run.batch_id) == before
    job = client.batches.sync(run.batch_id)
    assert (job.status, job.get("tasks_created")) == ("queued", None)
    done = synced(client, run.batch_id)
    assert (done.tasks_created, done.groups_created, done.groups_expanded) == (0, 0, 0)
    ended = client.batches.sync_job(run.batch_id, job.sync_id)
    assert (ended.tasks_created, ended.datapoints_processed) == (11, 11)
    assert (ended.groups_created, ended.groups_expanded) == (2, 1)
    assert client.batches.tasks(run.batch_id)[:20] == before
    assert len(client.batches.tasks(run.batch_id)) == 31
    assert len(client.batches.task_groups(run.batch_id)) == 6
    run.publish(max_cost="500.00").wait(timeout=60, on_progress=silent)
    answers = run.client.batches.responses(run.batch_id).results
    asked = {each["metadata"]["pnb_row"] for each in answers}
    assert {f"row-{n}" for n in range(11)} <= asked
    assert len(asked) == 31


def test_new_tasks_are_revealed_when_their_sync_is_complete(sandboxed: Connect) -> None:
    now = [1_000_000.0]
    client = sandboxed(wall=lambda: now[0])
    run_ids = _set_up_by_hand(client, now)
    client.datasets.append(run_ids["dataset"], rows(0, 3))
    job = client.batches.sync(run_ids["batch"])
    assert len(client.batches.tasks(run_ids["batch"])) == 2
    now[0] += 0.1
    assert client.batches.sync_job(run_ids["batch"], job.sync_id).status == "processing"
    assert len(client.batches.tasks(run_ids["batch"])) == 2
    now[0] += 0.1
    assert len(client.batches.tasks(run_ids["batch"])) == 5


def _set_up_by_hand(client: Client, now: list[float]) -> dict[str, str]:
    fields = {name: {"type": "text"} for name in rows(0, 1)[0]}
    dataset = client.datasets.create("By hand", client.workspace_id, {"strict": True, "fields": fields})
    client.datasets.append(dataset.id, rows(100, 102))
    task = DESIGN.to_api()
    batch = client.batches.create("By hand", client.workspace_id, dataset.id, task)
    with pytest.raises(ApiError, match="not READY"):
        client.batches.sync(batch.id)
    client.batches.set_up(batch.id, 1)
    now[0] += 1
    assert client.batches.status(batch.id) == "READY"
    return {"dataset": dataset.id, "batch": batch.id}


def test_a_batch_can_sync_automatically(sandboxed: Connect) -> None:
    client = sandboxed()
    run = draft(client)
    client.batches.update(run.batch_id, {"auto_sync_enabled": True})
    client.datasets.append(run.dataset_id, rows(0, 4))
    count: Callable[[], int] = lambda: len(client.batches.tasks(run.batch_id))  # noqa: E731
    assert wait_until(count, lambda number: number == 24, what="Tasks", every=0.02, timeout=60) == 24
    assert synced(client, run.batch_id).tasks_created == 0


def test_invalid_appends_are_refused(sandboxed: Connect) -> None:
    now = [1_000_000.0]
    client = sandboxed(wall=lambda: now[0])
    ids = _set_up_by_hand(client, now)
    strict = client.datasets.append(ids["dataset"], [{"review": "Only this."}])
    assert (strict.accepted, strict.rejected) == (0, 1)
    assert {each["field"] for each in strict.errors} == {"review_id", "sentiment", "pnb_row"}
    path = f"/api/v1/data-collection/datasets/{ids['dataset']}/datapoints"
    for body, said in (("\n \n", "0 records"), ("{}\n" * 1001, "1001 records")):
        with pytest.raises(ApiError, match=said):
            client.datasets._transport.post_lines(path, body)
    raw = client.datasets._transport.post_lines(path, "\nnot JSON\n[1]\n")
    assert [(each["record_index"], each["field"]) for each in raw["errors"]] == [(1, "_raw"), (2, "_raw")]
    address = client.datasets.upload_address(ids["dataset"], "more.jsonl")
    client.datasets.send(address, io.BytesIO(b'{"review": "x"}\n'))
    with pytest.raises(Conflict, match="is running"):
        client.datasets.append(ids["dataset"], rows(0, 1))
    now[0] += 1
    assert client.datasets.append(ids["dataset"], rows(0, 1)).accepted == 1
