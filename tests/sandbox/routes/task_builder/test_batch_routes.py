"""Changing and copying batches, through the client: shared, new and unchangeable parts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import prolific_nb as pnb
from prolific_nb.api import Record
from prolific_nb.api.polling import wait_until
from prolific_nb.errors import ApiError


def question_ids(batch: Record) -> set[str]:
    items = [i for page in batch.batch_items for row in page["rows"] for c in row["columns"] for i in c["items"]]
    return {item["id"] for item in items if item["type"] != "dataset_field"}


def test_a_copy_shares_the_rows_and_has_questions_of_its_own(answered: Callable[..., pnb.Run]) -> None:
    run = answered()
    batches = run.client.batches
    source = batches.get(run.batch_id)
    copy = batches.get(batches.duplicate(run.batch_id).id)
    assert copy.name == f"{source.name} (Copy)"
    assert (copy.status, copy.total_task_count) == ("UNINITIALISED", 0)
    assert copy.datasets == source.datasets
    assert len(question_ids(copy)) == len(question_ids(source)) == 2
    assert not question_ids(copy) & question_ids(source)
    assert batches.get(run.batch_id) == source
    batches.set_up(copy.id, 6)
    wait_until(lambda: batches.status(copy.id), lambda seen: seen == "READY", what="Set-up", every=0.05, timeout=60)
    assert len(batches.tasks(copy.id)) == 24
    assert len(batches.task_groups(copy.id)) == 4
    assert not set(batches.tasks(copy.id)) & set(batches.tasks(run.batch_id))
    assert batches.responses(copy.id).results == []


def test_a_copy_may_get_another_dataset(answered: Callable[..., pnb.Run]) -> None:
    run = answered()
    batches = run.client.batches
    copy = batches.duplicate(run.batch_id, "Second wave", new_dataset=True)
    assert (copy.name, copy.datasets) == ("Second wave", [])
    assert batches.update(copy.id, {"name": "Wave 2"}).name == "Wave 2"
    with pytest.raises(ApiError, match="no dataset"):
        batches.set_up(copy.id, 6)
    assert batches.update(copy.id, {"dataset_id": run.dataset_id}).datasets[0]["id"] == run.dataset_id
    batches.set_up(copy.id, 6)


def test_rows_and_questions_cannot_change_after_the_set_up(answered: Callable[..., pnb.Run]) -> None:
    run = answered()
    batches = run.client.batches
    pages = batches.get(run.batch_id).batch_items
    with pytest.raises(ApiError, match="cannot be changed"):
        batches.update(run.batch_id, {"batch_items": pages})
    assert batches.update(run.batch_id, {"name": "Renamed"}).name == "Renamed"
    copy = batches.duplicate(run.batch_id)
    kept = batches.get(copy.id).batch_items
    assert batches.update(copy.id, {"batch_items": kept}).batch_items == kept
