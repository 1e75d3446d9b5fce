"""Kill matrix: every request is lost in every way, or its process killed; after resuming, each effect exists once."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from signal import SIGKILL
from time import perf_counter
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.api import Client
from prolific_nb.common.progress import silent
from prolific_nb.errors import ProlificError, UnclearPayment
from prolific_nb.sandbox import Fault, Sandbox

from .program import ANSWERS, DATA, DESIGN, IMPATIENT, PLAN, client_of, in_a_process, review, sandbox, whole

READS = (
    *("listWorkspaces", "getBalance", "getRewardRecommendations", "listProjects", "listStudies", "listBatches"),
    *("getDatasetUploadUrl", "getImportJob", "getDataset", "getBatch", "getBatchStatus", "getStudy"),
    *("calculateStudyCost", "countStudySubmissions", "listBatchResponses", "listStudySubmissions", "getBatchExport"),
    *("requestBatchExport", "downloadFile", "getBatchReport", "listSubmissions", "getStudyCost"),
)
CHANGES = (
    *("createDataset", "uploadFile", "createBatch", "setupBatch", "createStudy", "transitionStudy", "updateStudy"),
    *("bulkApprove", "transitionSubmission", "createBonuses", "payBonuses"),
)
LOSSES: dict[str, dict[str, Any]] = {
    "before": {"kind": "reset"},
    "after": {"kind": "lost"},
    "timeout": {"kind": "stall", "seconds": 0.8},
    "429": {"kind": "refuse", "status": 429},
    "502": {"kind": "refuse", "status": 502},
    "truncated": {"kind": "truncate"},
}
SINGULAR = {"createBatch": 201, "createStudy": 201, "payBonuses": 202, "updateStudy": 200}
_fork = multiprocessing.get_context("forkserver")
_fork.set_forkserver_preload(["tests.faults.program", "prolific_nb.study.review.review", "prolific_nb.sandbox"])


def acted(place: Sandbox, operation: str) -> list[Any]:
    return [each for each in place.log if each.operation == operation and each.status < 300]


def check_that_all_happened_once(place: Sandbox, answers: Any, ledger: Path | str) -> None:
    """Judged by what the server did and holds, not by what the client believes."""
    client = client_of(place)
    [study] = [client.studies.get(each.id) for each in client.studies.list()]
    assert {name: len(acted(place, name)) for name in SINGULAR} == dict.fromkeys(SINGULAR, 1)
    assert [each.body["action"] for each in acted(place, "transitionStudy")] == ["PUBLISH"]
    [batch] = client.batches.list(client.workspace_id)
    assert study.data_collection_id == batch.id
    assert batch.total_task_count == 6
    assert study.data_collection_metadata["annotators_per_task"] == 3
    people = list(client.studies.submissions(study.id))
    assert sorted(sum(each.bonus_payments) for each in people)[-3:] == [0, 25, 25]
    assert [each.status for each in people].count("REJECTED") == 1
    assert [each.status for each in people].count("APPROVED") == 5
    counted = answers["submission_status"].isin(["AWAITING REVIEW", "APPROVED", "REJECTED"])
    assert counted.sum() == ANSWERS
    assert answers.loc[counted, "row"].notna().all()
    assert pnb.runs(ledger)["stage"].tolist() == ["published"]


def seconds_for(loss: str) -> float:
    return IMPATIENT if loss == "timeout" else 30.0


def resume(place: Sandbox, work: Callable[[Client], Any], most: int = 4, seconds: float = 30.0) -> Any:
    """Run the same cell again until it ends, as a person does; a person also looks whether a bonus was paid."""
    for _ in range(most):
        try:
            return work(client_of(place, seconds))
        except UnclearPayment:
            client = client_of(place)
            [study] = client.studies.list()
            run = pnb.open_run(study_id=study.id, client=client)
            review(run).settle(paid=bool(acted(place, "payBonuses")))
        except ProlificError:
            pass
    pytest.fail(f"not through after {most} times")


def test_the_matrix_has_every_call() -> None:
    with sandbox() as place:
        answers = whole(client_of(place))
        assert {each.operation for each in place.log} == {*READS, *CHANGES}
        check_that_all_happened_once(place, answers, "prolific_nb.sqlite")
        spent = len(place.log)
        whole(client_of(place))  # everything once more changes nothing
        later = {each.operation for each in place.log[spent:]}
        assert not later & {*CHANGES}
        check_that_all_happened_once(place, answers, "prolific_nb.sqlite")


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("operation", [*READS, *CHANGES])
def test_a_call_lost(operation: str, loss: str) -> None:
    with sandbox(faults=[Fault(operation, **LOSSES[loss])]) as place:
        answers = resume(place, whole, seconds=seconds_for(loss))
        assert [(each.operation, each.kind) for each in place.faults.fired] == [(operation, LOSSES[loss]["kind"])]
        check_that_all_happened_once(place, answers, "prolific_nb.sqlite")


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(
    ("verbs", "state"), [(["pause"], "PAUSED"), (["pause", "resume"], "ACTIVE"), (["stop"], "COMPLETED")]
)
def test_a_move_lost(verbs: list[str], state: str, loss: str) -> None:
    fault = Fault("transitionStudy", skip=len(verbs), **LOSSES[loss])  # publishing and the moves before come through
    with sandbox(faults=[fault], wall=lambda: 1_800_000_000 + perf_counter(), speed=1.0) as place:
        client = client_of(place, seconds_for(loss))
        run = pnb.launch(client, DATA, DESIGN, PLAN, on_progress=silent).publish(max_cost="99.00")
        for verb in verbs:
            for _ in range(3):
                with suppress(ProlificError):
                    getattr(run, verb)()
        assert run.status().state == state
        assert len(place.faults.fired) == 1
        assert len(acted(place, "transitionStudy")) == 1 + len(verbs)


@pytest.mark.parametrize("loss", ["before", "after"])
@pytest.mark.parametrize("operation", CHANGES)
def test_killed_at_a_call(operation: str, loss: str, tmp_path: Path) -> None:
    with sandbox(faults=[Fault(operation, **LOSSES[loss])]) as place:
        worker = _fork.Process(target=in_a_process, args=(whole, (place.url, place.token), tmp_path))
        place.faults.listen(lambda _: os.kill(worker.pid or 0, SIGKILL))  # dead before an answer could be sent
        worker.start()
        worker.join(60)
        assert worker.exitcode == -9
        assert len(place.faults.fired) == 1
        second = _fork.Process(target=in_a_process, args=(whole, (place.url, place.token), tmp_path))
        second.start()
        second.join(60)
        if operation == "payBonuses" and loss == "before":
            assert second.exitcode == 1  # unclear: nobody but a person may decide that it was not paid
        else:
            assert second.exitcode == 0
        answers = resume(place, whole)
        check_that_all_happened_once(place, answers, "prolific_nb.sqlite")


@pytest.mark.parametrize("operation", ["createBatch", "createStudy", "transitionStudy", "payBonuses"])
def test_killed_while_the_server_is_slow_and_acts_later(operation: str, tmp_path: Path) -> None:
    with sandbox(faults=[Fault(operation, "slow", seconds=0.3)]) as place:
        worker = _fork.Process(target=in_a_process, args=(whole, (place.url, place.token), tmp_path))
        place.faults.listen(lambda _: os.kill(worker.pid or 0, SIGKILL))
        worker.start()
        worker.join(60)

        def patient(client: Client) -> Any:
            client.pace = type(client.pace)(job=0.005, study=0.005, grace=2.0)
            return whole(client)

        answers = resume(place, patient)
        check_that_all_happened_once(place, answers, "prolific_nb.sqlite")
