"""The second kill matrix: money calls without a common ledger, judged by what the server holds in the end."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import prolific_nb as pnb
from prolific_nb.api import Client
from prolific_nb.common.progress import silent
from prolific_nb.errors import LedgerError, ProlificError
from prolific_nb.sandbox import Fault, Sandbox
from prolific_nb.workflow.run import Run

from .program import DATA, DESIGN, PLAN, client_of, sandbox

MORE = pnb.sample_data().frame.iloc[6:9]
HOURLY = "900.00"  # so high that everybody is owed a bonus


def launched(client: Client) -> Run:
    return pnb.launch(client, DATA, DESIGN, PLAN, on_progress=silent)


def published(client: Client) -> Run:
    return launched(client).publish(max_cost="99.00")


def answered(client: Client) -> Run:
    return published(client).wait(30, on_progress=silent)


def annotators(client: Client) -> None:
    answered(client).add_annotators(to=4, max_cost="99.00")


def more_rows(client: Client) -> None:
    launched(client).add_rows(MORE, max_cost="99.00")
    published(client)


def bonuses(client: Client) -> None:
    run = answered(client)
    run.review(run.submissions()[["submission_id"]].assign(action="bonus", bonus="0.25")).apply(max_cost="9.00")


def lift(client: Client) -> None:
    answered(client).bonus_to(HOURLY).apply(max_cost="9999.00")


CALLS: dict[str, tuple[Callable[[Client], Any], str]] = {
    "launch": (launched, "createStudy"),
    "publish": (published, "transitionStudy"),
    "annotators": (annotators, "updateStudy"),
    "rows": (more_rows, "syncBatch"),
    "bonuses": (bonuses, "payBonuses"),
    "lift": (lift, "payBonuses"),
}
"""By name what a program does, and the request of it that costs money."""


def check_that_nothing_is_doubled(place: Sandbox) -> None:
    """Counted on the server: studies, publications, annotators, tasks, and the bonuses of each person."""
    client = client_of(place)
    [study] = [client.studies.get(each.id) for each in client.studies.list()]
    moved = [each.body["action"] for each in place.log if each.operation == "transitionStudy" and each.status < 300]
    assert moved.count("PUBLISH") <= 1
    assert study.data_collection_metadata["annotators_per_task"] in (2, 4)
    [batch] = [each for each in client.batches.list(client.workspace_id) if each.id == study.data_collection_id]
    assert batch.total_task_count in (6, 9)
    assert study.total_available_places <= batch.total_task_groups * 4
    for each in client.studies.submissions(study.id):
        assert len(client.submissions.get(each.id).bonus_payments) <= 1


# --- where the second program finds no common ledger ----------------------------------------------------------------


def again(place: Sandbox, work: Callable[[Client], Any], times: int = 2) -> None:
    """Run the same program on; what it refuses it refuses."""
    for _ in range(times):
        try:
            work(client_of(place))
        except LedgerError:
            os.replace(os.environ["PROLIFIC_NB_LEDGER"], "hurt.sqlite")  # as the message says
        except ProlificError:
            pass


def fresh_folder(place: Sandbox, work: Callable[[Client], Any], patch: pytest.MonkeyPatch) -> None:
    elsewhere(patch, "fresh")
    again(place, work)


def other_clock(place: Sandbox, work: Callable[[Client], Any], patch: pytest.MonkeyPatch) -> None:
    real = time.time
    patch.setattr(time, "time", lambda: real() + 3600)
    again(place, work)
    elsewhere(patch, "behind")
    patch.setattr(time, "time", lambda: real() - 86_400)
    again(place, work)


def damaged_ledger(place: Sandbox, work: Callable[[Client], Any], patch: pytest.MonkeyPatch) -> None:
    path = Path(os.environ["PROLIFIC_NB_LEDGER"])
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(path.stat().st_size - 4096))
    again(place, work, times=3)


def deleted_ledger(place: Sandbox, work: Callable[[Client], Any], patch: pytest.MonkeyPatch) -> None:
    Path(os.environ["PROLIFIC_NB_LEDGER"]).unlink()
    again(place, work)


def papermill(place: Sandbox, work: Callable[[Client], Any], patch: pytest.MonkeyPatch) -> None:
    """The working directory is not the notebook's, and neither is the environment."""
    elsewhere(patch, "papermill")
    patch.delenv("PROLIFIC_NB_LEDGER")
    again(place, work)


def second_process(place: Sandbox, work: Callable[[Client], Any], patch: pytest.MonkeyPatch) -> None:
    """Two more at the same moment, each in its own folder."""
    workers = [
        _fork.Process(target=apart, args=(work, (place.url, place.token), f"{os.getcwd()}/{name}", dict(os.environ)))
        for name in ("one", "two")
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0


def elsewhere(patch: pytest.MonkeyPatch, name: str) -> None:
    folder = Path.cwd() / name
    folder.mkdir()
    patch.chdir(folder)
    patch.setenv("PROLIFIC_NB_LEDGER", str(folder / "ledger.sqlite"))


def apart(work: Callable[[Client], Any], place: tuple[str, str], folder: str, environment: dict[str, str]) -> None:
    """A program of its own in a folder of its own, on the same machine."""
    os.environ.update(environment)
    Path(folder).mkdir()
    os.chdir(folder)
    os.environ["PROLIFIC_NB_LEDGER"] = f"{folder}/ledger.sqlite"
    with suppress(ProlificError):
        work(client_of(place))


SITUATIONS = (fresh_folder, other_clock, damaged_ledger, deleted_ledger, papermill, second_process)
_fork = multiprocessing.get_context("forkserver")
_fork.set_forkserver_preload(["tests.faults.test_kill_matrix_apart", "prolific_nb.study.review.review"])


@pytest.mark.parametrize("lost", [False, True], ids=["answered", "lost"])
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("call", CALLS)
def test_nothing_is_paid_twice_without_a_common_ledger(
    call: str, situation: Callable[..., None], lost: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PROLIFIC_NB_LEDGER", str(tmp_path / "ledger.sqlite"))
    work, operation = CALLS[call]
    with sandbox(faults=[Fault(operation, "lost")] if lost else []) as place:
        with suppress(ProlificError):
            work(client_of(place))
        situation(place, work, monkeypatch)
        assert bool(place.faults.fired) == lost
        check_that_nothing_is_doubled(place)
