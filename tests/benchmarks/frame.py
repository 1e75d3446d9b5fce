"""What the tidy frame costs, beside what one would write with pandas alone.

Run as ``python -m tests.benchmarks frame``. 100,000 answers as the API's JSON: 2,000 sittings of 25 tasks with a choice
of one or several and a text each. The pandas way is `json_normalize`, `explode` of the answers, and `to_datetime`; it
makes no categories, no status, and no time per task. Memory is the peak above the records.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from prolific_nb.design.codebook import Codebook, Question
from prolific_nb.responses import tidy

from .measuring import Row, costs, faster, limit, memory, milliseconds

SITTINGS, TASKS, ROUNDS = 2_000, 25, 9
BOOK = Codebook(
    [
        Question("Which?", "many", "multiple_choice", ("a", "b", "c"), ("A", "B", "C"), instruction_id="i1"),
        Question("Why?", "text", "free_text", instruction_id="i2"),
    ]
)


def records() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Answers and submissions as the API sends them."""
    rng = np.random.default_rng(0)
    picks = [[{"value": each} for each in "abc"[: 1 + n]] for n in range(3)]
    start = pd.Timestamp("2026-11-03T09:00Z")
    answers, sittings = [], []
    for sitting in range(SITTINGS):
        begun = start + pd.Timedelta(seconds=7 * sitting)
        sittings.append({"id": f"s{sitting:023d}", "status": "APPROVED", "started_at": begun.isoformat()})
        for task in range(TASKS):
            shared = {
                "batch_id": "b",
                "participant_id": f"p{sitting:023d}",
                "submission_id": f"s{sitting:023d}",
                "task_id": f"t{(sitting * TASKS + task) // 3:035d}",
                "created_at": f"{begun + pd.Timedelta(seconds=20 * (task + 1)):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z",
            }
            choice = [dict(each) for each in picks[int(rng.choice(3, p=[0.8, 0.15, 0.05]))]]
            why = [{"value": f"because of reason {sitting * TASKS + task}"}]
            for ident, kind, answer in (("i1", "multiple_choice", choice), ("i2", "free_text", why)):
                response = {"instruction_id": ident, "type": kind, "answer": answer}
                answers.append({"id": f"r{len(answers):035d}", **shared, "response": response})
    return answers, sittings


def pandas_alone(answers: list[dict[str, Any]]) -> pd.DataFrame:
    """The same rows, without categories, status and pace."""
    frame = pd.json_normalize(answers).explode("response.answer", ignore_index=True)
    values = pd.json_normalize(frame.pop("response.answer").tolist())
    return frame.assign(created_at=pd.to_datetime(frame["created_at"], utc=True), value=values["value"])


def rows() -> Iterator[Row]:
    """Time and memory against pandas alone."""
    answers, sittings = records()
    assert len(answers) == 100_000
    assert len(tidy(answers, sittings, BOOK)) == len(pandas_alone(answers))
    jobs = {"tidy": lambda: tidy(answers, sittings, BOOK), "pandas": lambda: pandas_alone(answers)}
    ms, pandas = milliseconds(jobs, ROUNDS), f"pandas {pd.__version__} alone"
    yield faster("100,000 answers", ms["tidy"], ms["pandas"], pandas, 2.5)
    peaks = {name: memory(job) for name, job in jobs.items()}
    yield costs("memory of 100,000 answers", peaks["tidy"], peaks["pandas"], pandas, unit="MiB")
    yield limit("memory of 100,000 answers", peaks["tidy"], 100, "MiB")
