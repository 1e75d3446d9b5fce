"""The fieldwork of one study without a server: who takes part, and a tidy frame of their answers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from random import Random
from typing import Any

import pandas as pd

from prolific_nb.sandbox import People
from prolific_nb.sandbox.simulation.crowd.workload import Workload, question_load, words_of_tasks
from prolific_nb.sandbox.simulation.recruiting import OpenPlaces
from prolific_nb.sandbox.simulation.schedule import FieldworkPlan, Task, simulate_fieldwork
from prolific_nb.sandbox.storage.clock import Calendar
from prolific_nb.sandbox.storage.ids import Ids
from prolific_nb.sandbox.storage.store import Store

_WORDS = (
    "room staff breakfast price view noise bed kitchen garden service waiter coffee train street "
    "window child dog night morning evening music paint carpet lamp bridge river mountain harbour "
    "ticket driver doctor letter winter summer market bottle pocket mirror basket ladder engine signal "
    "corner teacher painter neighbour cousin captain visitor "
)
JUDGE: dict[str, Any] = {
    "id": "judge",
    "type": "multiple_choice_with_free_text",
    "description": "How does the writer feel?",
    "answer_limit": 1,
    "options": [{"label": each, "value": each, "heading": "All"} for each in ("good", "bad", "mixed", "neither")],
}
CHOOSE: dict[str, Any] = {**JUDGE, "type": "multiple_choice"}
"""The same without a text."""
CHECK: dict[str, Any] = {
    "id": "check",
    "type": "multiple_choice",
    "description": "To show that you read this, choose “never”.",
    "answer_limit": 1,
    "options": [{"label": each, "value": each} for each in ("always", "often", "never")],
}
_SCHEMA = {"fields": {"review": {"type": "text"}, "pnb_row": {"type": "metadata"}}}


@dataclass(frozen=True)
class Fieldwork:
    """What was simulated.

    Parameters
    ----------
    frame : DataFrame
        As ``run.responses(checks=True)``, with the times of the answers and the ``kind`` of the person.
    submissions : DataFrame
        ``id, participant_id, group_id, started, ended, outcome``, in seconds after the publication.
    kinds : dict
        As `Sandbox.kinds`.
    """

    frame: pd.DataFrame
    submissions: pd.DataFrame
    kinds: dict[str, str]


def reviews(count: int, words: int, seed: int = 0) -> list[str]:
    """Rows of this many words."""
    rng, known = Random(seed), _WORDS.split()
    return [" ".join(known[int(rng.random() * len(known))] for _ in range(words)) for _ in range(count)]


def fieldwork(
    people: People,
    seed: int,
    *,
    groups: int = 5,
    per_group: int = 20,
    annotators: int = 5,
    words: int = 50,
    questions: tuple[dict[str, Any], ...] = (JUDGE,),
    gold: int = 0,
    **setting: Any,
) -> Fieldwork:
    """Simulate a study; of each group the first `gold` rows have a known answer.

    Parameters
    ----------
    setting
        Of the `Workload`: ``pay``, ``begins`` and ``devices``.
    """
    texts = reviews(groups * per_group, words, seed)
    tasks = [Task(f"task {n}", {"review": text, "pnb_row": f"row {n}"}) for n, text in enumerate(texts)]
    parts = {f"group {g}": tasks[g * per_group : (g + 1) * per_group] for g in range(groups)}
    known = {
        task.datapoint["pnb_row"]: {JUDGE["description"]: "good"} for part in parts.values() for task in part[:gold]
    }
    plan = FieldworkPlan(parts, list(questions), _SCHEMA, None, gold=known)
    shown = words_of_tasks(([task.datapoint for task in part] for part in parts.values()), plan.displayed)
    work = Workload(shown, tuple(map(question_load, questions)), **setting)
    store = Store(":memory:")
    store.begin()
    Calendar.beginning("2026-01-05", 0).keep(store)
    study = {"id": f"study {seed}", "published": 0, "approves": False, "data_collection_id": "batch"}
    demand = OpenPlaces(study["id"], (per_group,) * groups, annotators, 20.0, 100.0, workload=work)
    simulate_fieldwork(store, Ids(seed), people, study, demand, plan, frozenset())
    submissions = pd.DataFrame([dict(row) for row in store.rows("SELECT * FROM submissions ORDER BY started")])
    records = [dict(row) for row in store.rows("SELECT * FROM responses ORDER BY submission_id, answered")]
    store.close()
    return Fieldwork(_tidy(records, submissions, questions, tasks, known, plan.kinds), submissions, plan.kinds)


def _tidy(
    records: list[dict[str, Any]], submissions: pd.DataFrame, questions: Any, tasks: Any, known: Any, kinds: Any
) -> pd.DataFrame:
    names = {each["id"]: each["description"] for each in questions}
    points = {task.id: task.datapoint for task in tasks}
    rows = []
    for record in records:
        body = json.loads(record["body"])
        question, [answer] = names[body["response"]["instruction_id"]], body["response"]["answer"]
        point = points[body["task_id"]]
        expected = "never" if question == CHECK["description"] else known.get(point["pnb_row"], {}).get(question)
        rows.append((body["participant_id"], body["submission_id"], point["pnb_row"], question, answer["value"],
                     answer.get("explanation"), expected, point["review"], record["answered"]))  # fmt: skip
    columns = ["participant_id", "submission_id", "row", "question", "value", "explanation", "expected", "review", "at"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["submission_status"] = frame["submission_id"].map(submissions.set_index("id")["outcome"])
    frame = frame[frame["submission_status"] == "AWAITING REVIEW"].reset_index(drop=True)
    ends = frame.groupby(["submission_id", "row"], sort=False)["at"].max().rename("end").reset_index()
    first = ends["submission_id"].map(submissions.set_index("id")["started"])
    ends["seconds"] = ends["end"] - ends.groupby("submission_id")["end"].shift().fillna(first)
    ends["position"] = ends.groupby("submission_id").cumcount() + 1
    frame = frame.merge(ends.drop(columns="end"), on=["submission_id", "row"]).drop(columns="at")
    return frame.assign(kind=frame["participant_id"].map(kinds))
