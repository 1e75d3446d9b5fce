"""A full disk under the temporary file of an upload is one clear error, and the launch continues afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import prolific_nb as pnb
from prolific_nb.errors import StepFailed
from prolific_nb.sandbox import Fault, Sandbox
from prolific_nb.study.launch import upload
from tests.faults.program import DATA, DESIGN, PLAN, client_of


def no_folder() -> Any:
    raise FileNotFoundError(2, "No usable temporary directory found")


def full_disk() -> Any:
    return Path("/dev/full").open("wb+")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    ("make", "words"),
    [(full_disk, "No space left on device"), (no_folder, "No usable temporary directory")],
)
def test_a_full_disk_is_said_and_nothing_is_sent(make: Any, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox() as place:
        client = client_of(place)
        with monkeypatch.context() as patch:
            patch.setattr(upload, "TemporaryFile", make)
            with pytest.raises(StepFailed, match=f"{words}.*No rows were sent.*TMPDIR.*launch again"):
                pnb.launch(client, DATA, DESIGN, PLAN)
        assert "uploadFile" not in [each.operation for each in place.log]
        pnb.launch(client, DATA, DESIGN, PLAN)
        assert [each.operation for each in place.log].count("createDataset") == 1


@pytest.mark.parametrize("profile", ["2026-11", "2026-07"])
@pytest.mark.parametrize("flow", ["layout", "instructions"])
def test_rows_without_a_task_of_their_own_are_reported_before_money(
    flow: str, profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = pd.DataFrame({"review": ["Fine.", "Late.", "Fine.", "Fine."], "source": list("abcd")})
    with Sandbox(duplicates="shown", profile=profile) as place:
        client, data = client_of(place), pnb.read_data(texts)
        design = pnb.Design("Reviews").show("review").choose("How?", ["good", "bad"])
        if flow == "instructions":  # the rows of untyped datasets are not compared
            with pytest.warns(FutureWarning, match="legacy flow"):
                run = pnb.launch(client, data, design, PLAN, flow=flow)
            assert client.batches.get(run.batch_id).total_task_count == 4
            return
        wanted = "has 2 rows, but 4 were sent. 2 rows are missing.*2 as duplicates.*Nothing was published.*accept_part"
        with pytest.raises(StepFailed, match=wanted):
            pnb.launch(client, data, design, PLAN)
        assert "createStudy" not in [each.operation for each in place.log]
        run = pnb.launch(client, data, design, PLAN, accept_partial=True)
        assert "2 rows are missing" in capsys.readouterr().out
        assert client.batches.get(run.batch_id).total_task_count == 2


def test_a_file_that_arrives_twice_is_stored_once(tmp_path: Path) -> None:
    with Sandbox(faults=[Fault("getDataset", "refuse", status=500, times=5)]) as place:
        client, path = client_of(place), tmp_path / "again.csv"
        with pytest.raises(StepFailed) as failed:
            pnb.launch(client, DATA, DESIGN, PLAN)
        with path.open("wb") as file:
            DATA.write_upload(file)
        late = client.datasets.upload(failed.value.created["dataset"], path)
        assert (late.accepted_count, late.duplicate_count) == (len(DATA), len(DATA))
        run = pnb.launch(client, DATA, DESIGN, PLAN)
        assert run.dataset_id == failed.value.created["dataset"]
        assert client.datasets.get(run.dataset_id).total_datapoint_count == len(DATA)


def test_rows_equal_in_every_cell_are_rows_of_their_own() -> None:
    with Sandbox() as place:
        data = pnb.read_data(pd.DataFrame({"review": ["Fine.", "Fine.", "Late."]}))
        run = pnb.launch(client_of(place), data, pnb.Design("R").show("review").choose("How?", ["a", "b"]), PLAN)
        assert run.client.batches.get(run.batch_id).total_task_count == 3
