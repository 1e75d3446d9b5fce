"""A study is published or grows: all fieldwork of its places is worked out at once and written down, to be revealed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from random import Random
from typing import Any

from ..contract.semantic_rules import DISPLAYABLE
from ..storage.clock import iso
from ..storage.ids import Ids
from ..storage.store import Document, Store
from .participants import OpenPlaces, People, Session, attend, crowd, recruit
from .simulated_answers import QuestionInstance, SimulatedAnnotator, answer


@dataclass(frozen=True)
class Task:
    """One datapoint in a task group."""

    id: str
    datapoint: dict[str, Any]


@dataclass(frozen=True)
class FieldworkPlan:
    """What participants of a study work on.

    Parameters
    ----------
    groups : dict of str to list of Task
        Task groups by id, in order; one without tasks for a study that is answered elsewhere.
    questions : list of dict
        The instructions of the layout.
    schema : dict
        The dataset's schema.
    truth : str or None
        Field with the intended answers, if the dataset has it.
    """

    groups: dict[str, list[Task]]
    questions: list[dict[str, Any]]
    schema: dict[str, Any]
    truth: str | None

    def subject(self, ids: Ids, task: Task, question: dict[str, Any]) -> QuestionInstance:
        """The question about the task's datapoint; only what is shown counts as its content."""
        fields = self.schema["fields"]
        shown = [task.datapoint.get(name) for name, field in fields.items() if field["type"] in DISPLAYABLE]
        key = json.dumps([question["description"], shown], ensure_ascii=False)
        intended = str(task.datapoint.get(self.truth or "") or "").strip()
        return QuestionInstance(key, intended, ids.fraction("hardness", key))


def simulate_fieldwork(
    store: Store, ids: Ids, people: People, study: Document, demand: OpenPlaces, work: FieldworkPlan, barred: Set[str]
) -> float:
    """Write every submission and response that the places in demand will bring; what was written before stays.

    Parameters
    ----------
    study : dict
        With its ``id``, ``published`` (sandbox seconds), ``approves`` and ``data_collection_id``.
    barred : set of str
        Ids of the participants whom the study's filters keep out.

    Returns
    -------
    float
        Seconds after the publication at which the last of these places is filled.
    """
    took_part = [row[0] for row in store.rows("SELECT participant_id FROM submissions WHERE study_id = ?", study["id"])]
    visits = recruit(people, ids.seed, demand, _numbers(store, ids, barred | set(took_part)))
    return _write(store, ids, study, work, visits)


def invite(
    store: Store,
    ids: Ids,
    people: People,
    study: Document,
    demand: OpenPlaces,
    work: FieldworkPlan,
    numbers: Sequence[int],
) -> float:
    """Write the submissions and responses of the people of these numbers; see `simulate_fieldwork`."""
    return _write(store, ids, study, work, attend(people, ids.seed, demand, numbers))


def _write(store: Store, ids: Ids, study: Document, work: FieldworkPlan, visits: Sequence[Session]) -> float:
    names = {"COMPLETE": "APPROVED" if study["approves"] else "AWAITING REVIEW"}
    groups = list(work.groups)
    scribe = _EventWriter(ids, study, work)
    first = _written(store, study["id"], len(visits))
    for number, visit in enumerate(visits, first):
        submission = ids.hex24("submission", study["id"], number)
        participant = ids.hex24("participant", visit.person.number)
        outcome = names.get(visit.outcome, visit.outcome)
        row = (submission, study["id"], participant, groups[visit.group], visit.started, visit.ended, outcome)
        store.add("submissions", [row])
        store.add("responses", scribe.rows(visit, submission, participant, work.groups[groups[visit.group]]))
    return max(visit.ended for visit in visits)


def _written(store: Store, study_id: str, more: int) -> int:
    """How many submissions of a study were ever written, those taken back included; `more` are about to be."""
    counted = store.rows("SELECT COUNT(*) AS number FROM submissions WHERE study_id = ?", study_id)[0]["number"]
    written = int(store.value(f"submissions of {study_id}", str(counted)))
    store.remember(f"submissions of {study_id}", written + more)
    return written


def _numbers(store: Store, ids: Ids, participants: Set[str]) -> set[int]:
    """The numbers of the people with these ids; each was among the crowd when he or she was chosen."""
    if not participants:
        return set()
    everybody = store.rows("SELECT COUNT(DISTINCT participant_id) AS number FROM submissions")[0]["number"]
    return {number for number in range(crowd(everybody)) if ids.hex24("participant", number) in participants}


@dataclass(frozen=True)
class _EventWriter:
    """Writes down what people answer; remembers the subjects it has met, since many people meet the same ones."""

    ids: Ids
    study: Document
    work: FieldworkPlan
    _met: dict[tuple[str, str], QuestionInstance] = field(default_factory=dict)

    def _subject(self, task: Task, question: dict[str, Any]) -> QuestionInstance:
        key = (task.id, question["id"])
        if key not in self._met:
            self._met[key] = self.work.subject(self.ids, task, question)
        return self._met[key]

    def rows(
        self, visit: Session, submission: str, participant: str, tasks: list[Task]
    ) -> Iterator[tuple[object, ...]]:
        """The rows of one visit's responses."""
        who = SimulatedAnnotator(visit.person, self.ids, Random(f"{self.ids.seed}/{submission}"))
        questions = self.work.questions
        for task, (begun, done) in zip(tasks, visit.tasks, strict=False):  # a visit may stop early
            for number, question in enumerate(questions, 1):
                moment = begun + (done - begun) * number / len(questions)
                body = {
                    "id": self.ids.uuid("response", submission, task.id, question["id"]),
                    "created_at": iso(self.study["published"] + moment),
                    "batch_id": self.study["data_collection_id"],
                    "participant_id": participant,
                    "submission_id": submission,
                    "task_id": task.id,
                    "response": {
                        "instruction_id": question["id"],
                        "type": question["type"],
                        "answer": answer(question, self._subject(task, question), who),
                    },
                    "schema_version": 4,
                }
                text = json.dumps(body, ensure_ascii=False)
                yield body["id"], self.study["id"], submission, task.id, moment, text
