"""Two processes launch the same run at the same time, fifty times: one study each time."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path
from typing import Any

import prolific_nb as pnb
from prolific_nb.common.progress import silent

from .program import DESIGN, PLAN, client_of, sandbox

ROUNDS = 50
_fork = multiprocessing.get_context("forkserver")
_fork.set_forkserver_preload(["tests.faults.program", "prolific_nb.study.review.review", "prolific_nb.sandbox"])


def launch_many(place: tuple[str, str], folder: Path, together: Any, made: Any) -> None:
    os.chdir(folder)
    client = client_of(place)
    for number in range(ROUNDS):
        data = pnb.read_data(f"review\nround {number}, good\nround {number}, bad\n".encode())
        together.wait(60)
        made.put((number, pnb.launch(client, data, DESIGN, PLAN, on_progress=silent).study_id))


def test_two_processes_make_one_study_fifty_times(tmp_path: Path) -> None:
    together, made = _fork.Barrier(2), _fork.Queue()
    with sandbox() as place:
        at = (place.url, place.token)
        workers = [_fork.Process(target=launch_many, args=(at, tmp_path, together, made)) for _ in range(2)]
        for worker in workers:
            worker.start()
        results = [made.get(timeout=120) for _ in range(2 * ROUNDS)]
        for worker in workers:
            worker.join(60)
        by_round = {number: {study for at, study in results if at == number} for number in range(ROUNDS)}
        assert [len(studies) for studies in by_round.values()] == [1] * ROUNDS
        created = [each for each in place.log if each.operation == "createStudy"]
        assert [each.status for each in created] == [201] * ROUNDS
        assert len(list(client_of(place).batches.list(client_of(place).workspace_id))) == ROUNDS


def test_two_folders_make_one_study_since_the_server_is_asked(tmp_path: Path) -> None:
    """Two ledgers do not know each other; one after the other, the tag on the server is enough."""
    with sandbox() as place:
        data = pnb.read_data(b"review\ngood\nbad\n")
        ledgers = [tmp_path / "one.sqlite", tmp_path / "two.sqlite"]
        runs = [pnb.launch(client_of(place), data, DESIGN, PLAN, ledger=each, on_progress=silent) for each in ledgers]
        assert runs[0].study_id == runs[1].study_id
