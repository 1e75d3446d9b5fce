"""Uploads in both kinds of dataset, under both readings of what Prolific returns for them."""

from __future__ import annotations

from pathlib import Path

import pytest

import prolific_nb as pnb
from prolific_nb.sandbox import Sandbox

from ..faults.program import client_of

SCHEMA = {"strict": False, "fields": {"review": {"type": "text"}}}


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    path.write_text("review\nFine.\nLate.\nFine.\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("imports", [False, True])
def test_an_untyped_upload_ends_with_its_dataset_whether_or_not_it_is_an_import(imports: bool, rows: Path) -> None:
    with Sandbox(untyped_imports=imports) as place:
        client = client_of(place)
        dataset = client.datasets.create("d", client.workspace_id)
        assert ("import_id" in client.datasets.upload_address(dataset.id, "rows.csv")) is imports
        ended = client.datasets.upload(dataset.id, rows)
        assert (ended.id, ended.status, ended.total_datapoint_count) == (dataset.id, "READY", 3)


def test_a_typed_upload_counts_what_the_dataset_holds_already(rows: Path) -> None:
    with Sandbox() as place:
        client = client_of(place)
        dataset = client.datasets.create("d", client.workspace_id, SCHEMA)
        counts = [
            (job.status, job.accepted_count, job.duplicate_count)
            for job in (client.datasets.upload(dataset.id, rows), client.datasets.upload(dataset.id, rows))
        ]
        assert counts == [("complete", 3, 1), ("complete", 3, 3)]
        assert client.datasets.get(dataset.id).total_datapoint_count == 2


def test_an_upload_waits_for_the_schema_that_follows(rows: Path) -> None:
    with Sandbox() as place:
        client = client_of(place)
        dataset = client.datasets.create("d", client.workspace_id, typed=True)
        job = client.datasets.upload(dataset.id, rows)
        assert job.status == "pending_schema"
        client.datasets.update_schema(dataset.id, SCHEMA)
        ended = client.datasets.wait_for_import(dataset.id, job.import_id)
        assert (ended.status, ended.accepted_count, ended.duplicate_count) == ("complete", 3, 1)


@pytest.mark.parametrize("profile", ["2026-11", "2026-07"])
@pytest.mark.parametrize("written", ["string", "number"])
def test_numbers_with_a_unit_are_numbers_however_they_are_returned(profile: str, written: str) -> None:
    with Sandbox(profile=profile, unit_values=written, speed=20_000.0) as place:
        design = pnb.Design("Length").show("review").measure("How long?", ["minutes", "hours"])
        plan = pnb.StudyPlan("Length", reward="1.50", minutes=6, annotators_per_task=3, tasks_per_group=4)
        data = pnb.read_data(pnb.sample_data().frame.head(8))
        run = pnb.launch(client_of(place), data, design, plan)
        run.publish(max_cost="120.00").wait(timeout=60)
        raw = [each["response"]["answer"][0]["value"] for each in run.client.batches.responses(run.batch_id).results]
        assert {type(value) for value in raw} <= ({str} if written == "string" else {int, float})
        answers = run.responses()
        assert len(answers) == 24
        assert answers["number"].notna().all()
        assert sorted(map(float, answers["value"])) == sorted(answers["number"])
