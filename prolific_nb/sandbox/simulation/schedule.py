"""Simulating the fieldwork of a study at its publication or growth: all events are stored at once, revealed later."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import count
from math import floor
from random import Random
from typing import Any

from ..contract.semantic_rules import DISPLAYABLE
from ..storage import revealed
from ..storage.clock import Calendar
from ..storage.ids import Ids
from ..storage.store import Document, Store
from .crowd.crowd_annotator import CrowdAnnotator
from .participants import People
from .recruiting import OpenPlaces, Session, attend, pool_size, recruit
from .simulated_answers import Answer, QuestionInstance, SimulatedAnnotator, answer

_ROW_KEYS = ("pnb_row", "META_pnb_row")
"""The hidden column with the key of a row, in typed and in untyped datasets."""
# As in published samples: all responses within a millisecond, most of a second before the submission ends.
_STORED_BEFORE, _STORING = 0.7, 0.001  # seconds
_encode = json.JSONEncoder(ensure_ascii=False).encode  # json.dumps would make an encoder for each response


@dataclass(frozen=True)
class Task:
    """One datapoint in a task group."""

    id: str
    datapoint: dict[str, Any]


@dataclass(frozen=True)
class FieldworkPlan:
    """The tasks and questions that participants of a study answer.

    Parameters
    ----------
    groups : dict of str to list of Task
        Task groups by ID, in order; one empty group for a study that is answered on an external site.
    questions : list of dict
        The instructions of the layout.
    schema : dict
        The dataset's schema.
    truth : str or None
        Field with the intended answers, if the dataset has it.
    unit_values : {"string", "number"}
        How the number of an answer with a unit is written.
    per_submission : bool
        Whether all responses of a submission are stored together, just before it ends.
    gold : mapping
        Intended answers by row key and question, in place of those in `truth`.
    kinds : dict
        Filled with the kind of each participant of a kind, by ID.
    """

    groups: dict[str, list[Task]]
    questions: list[dict[str, Any]]
    schema: dict[str, Any]
    truth: str | None
    unit_values: str = "number"
    per_submission: bool = False
    gold: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def displayed(self) -> list[str]:
        """The fields whose cells may be shown."""
        return [name for name, field in self.schema["fields"].items() if field["type"] in DISPLAYABLE]

    def as_written(self, question: dict[str, Any], elements: Answer) -> Answer:
        """The elements of an answer as they are stored."""
        if question["type"] != "free_text_with_unit" or self.unit_values == "number":
            return elements
        return [{**each, "value": str(each["value"])} for each in elements]

    def subject(self, ids: Ids, task: Task, question: dict[str, Any]) -> QuestionInstance:
        """The question about the task's datapoint; only displayed fields count as its content."""
        shown = [task.datapoint.get(name) for name in self.displayed]
        key = json.dumps([question["description"], shown], ensure_ascii=False)
        intended = str(task.datapoint.get(self.truth or "") or "").strip()
        row = next((str(task.datapoint[name]) for name in _ROW_KEYS if name in task.datapoint), "")
        known = self.gold.get(row, {}).get(question["description"])
        hardness, cells = ids.fraction("hardness", key), tuple(each for each in shown if each is not None)
        return QuestionInstance(key, intended if known is None else known, hardness, cells, known is not None)


def simulate_fieldwork(
    store: Store,
    ids: Ids,
    people: People,
    study: Document,
    demand: OpenPlaces,
    work: FieldworkPlan,
    barred: Set[str],
    admitted: Set[str] = frozenset(),
) -> float:
    """Simulate and store all submissions and responses that fill the open places; earlier ones are unchanged.

    Parameters
    ----------
    study : dict
        With its ``id``, ``published`` (sandbox seconds), ``approves`` and ``data_collection_id``.
    barred : set of str
        IDs of participants excluded by the study's filters.
    admitted : set of str
        IDs of participants that the study's filters name; others take part once none of these is left.

    Returns
    -------
    float
        Seconds after the publication at which the last of these places is filled; infinity if some never are.
    """
    took_part = [row[0] for row in store.rows("SELECT participant_id FROM submissions WHERE study_id = ?", study["id"])]
    met, first = _numbers(store, ids, barred | set(took_part)), _numbers(store, ids, admitted)
    sessions = recruit(people, ids.seed, demand, met, sorted(first))
    return _write(store, ids, study, work, sessions)


def invite(
    store: Store,
    ids: Ids,
    people: People,
    study: Document,
    demand: OpenPlaces,
    work: FieldworkPlan,
    numbers: Sequence[int],
) -> float:
    """Simulate and store the submissions and responses of these participants; see `simulate_fieldwork`."""
    return _write(store, ids, study, work, attend(people, ids.seed, demand, numbers))


def _write(store: Store, ids: Ids, study: Document, work: FieldworkPlan, sessions: Sequence[Session]) -> float:
    names = {"COMPLETE": revealed.on_completion(study)}
    groups = list(work.groups)
    writer = EventWriter(ids, study, work, Calendar.of(store))
    first, submissions = _reserve_numbers(store, study["id"], len(sessions)), list[tuple[object, ...]]()

    def responses() -> Iterator[tuple[object, ...]]:
        for number, session in enumerate(sessions, first):
            submission = ids.hex24("submission", study["id"], number)
            participant = ids.hex24("participant", session.person.number)
            outcome, group = names.get(session.outcome, session.outcome), groups[session.group]
            if session.person.traits is not None:
                work.kinds[participant] = session.person.traits.kind.name
            submissions.append((submission, study["id"], participant, group, session.started, session.ended, outcome))
            yield from writer.rows(session, submission, participant, work.groups[group])

    # All at once: a statement for each session takes most of the time of writing.
    store.fill("responses", responses(), sum(len(session.tasks) for session in sessions) * len(work.questions))
    store.add("submissions", submissions)
    return max(session.ended for session in sessions)


def _reserve_numbers(store: Store, study_id: str, more: int) -> int:
    """Reserve numbers for `more` submissions; returns how many were ever stored, later deleted ones included."""
    counted = store.rows("SELECT COUNT(*) AS number FROM submissions WHERE study_id = ?", study_id)[0]["number"]
    written = int(store.value(f"submissions of {study_id}", str(counted)))
    store.remember(f"submissions of {study_id}", written + more)
    return written


def _numbers(store: Store, ids: Ids, participants: Set[str]) -> set[int]:
    """The pool numbers of the participants with these IDs."""
    if not participants:
        return set()
    everybody = store.rows("SELECT COUNT(DISTINCT participant_id) AS number FROM submissions")[0]["number"]
    return {number for number in range(pool_size(everybody)) if ids.hex24("participant", number) in participants}


@dataclass(frozen=True)
class Respondent:
    """Whose response it is, and about which task."""

    submission: str
    participant: str
    task: str


@dataclass(frozen=True)
class EventWriter:
    """Creates the rows of responses; caches question instances, since many participants answer the same ones."""

    ids: Ids
    study: Document
    work: FieldworkPlan
    calendar: Calendar
    _cache: dict[tuple[str, str], QuestionInstance] = field(default_factory=dict)

    def _subject(self, task: Task, question: dict[str, Any]) -> QuestionInstance:
        key = (task.id, question["id"])
        if key not in self._cache:
            self._cache[key] = self.work.subject(self.ids, task, question)
        return self._cache[key]

    def _annotator(self, session: Session, submission: str) -> SimulatedAnnotator:
        person, rng = session.person, Random(f"{self.ids.seed}/{submission}")
        if person.traits is None:
            return SimulatedAnnotator(person, self.ids, rng)
        count = len(self.work.questions)
        return CrowdAnnotator(person, self.ids, rng, session.texts, traits=person.traits, questions=count)

    def rows(
        self, session: Session, submission: str, participant: str, tasks: list[Task]
    ) -> Iterator[tuple[object, ...]]:
        """The rows of one session's responses."""
        annotator, questions = self._annotator(session, submission), self.work.questions
        together = self.work.per_submission
        place = count()
        for task, (started, ended) in zip(tasks, session.tasks, strict=False):  # a session may stop early
            for number, question in enumerate(questions, 1):
                answered, nth = started + (ended - started) * number / len(questions), next(place)
                share = nth / (len(tasks) * len(questions))
                waited = stored_at(session.started, session.ended, share)
                moment = whole_milliseconds(waited if together else answered)
                given = answer(question, self._subject(task, question), annotator)
                body = self.body(Respondent(submission, participant, task.id), question, given, moment, nth)
                text = _encode(body)
                yield body["id"], self.study["id"], submission, task.id, moment, text, answered

    def body(self, by: Respondent, question: dict[str, Any], given: Answer, moment: float, nth: int) -> dict[str, Any]:
        """The record of the nth response of a submission, stored `moment` seconds after the publication."""
        about = (by.submission, by.task, question["id"])
        return {
            **_stamped(self.ids, self.calendar, self.study["published"] + moment, nth, about),
            "batch_id": self.study["data_collection_id"],
            "participant_id": by.participant,
            "submission_id": by.submission,
            "task_id": by.task,
            "response": {
                "instruction_id": question["id"],
                "type": question["type"],
                "answer": self.work.as_written(question, given),
            },
            "schema_version": 4,
        }


def stored_at(started: float, ended: float, share: float) -> float:
    """When a response is stored that waits for the end of its submission, after this share of the others."""
    return min(max(started, ended - _STORED_BEFORE) + _STORING * share, ended)


def whole_milliseconds(moment: float) -> float:
    """A moment as it is shown, so that the order of records is that of what they show."""
    return floor(moment * 1000) / 1000


def _stamped(ids: Ids, calendar: Calendar, seconds: float, nth: int, about: tuple[str, ...]) -> Document:
    """ID and creation of the nth response of a submission; as Prolific's IDs do, its ID begins with the same moment."""
    return {
        "id": ids.uuid7(calendar.milliseconds(seconds), nth, "response", *about),
        "created_at": calendar.iso(seconds),
    }


def end_now(store: Store, ids: Ids, study: Document, submission: str, now: float, *, per_submission: bool) -> None:
    """Keep the responses of a submission that ends at `now` that were answered by then; store them now if they waited.

    Parameters
    ----------
    now : float
        Seconds after the publication.
    per_submission : bool
        As in `FieldworkPlan`.
    """
    store.change("DELETE FROM responses WHERE submission_id = ? AND COALESCE(answered, moment) > ?", submission, now)
    if not per_submission:
        return
    waiting = "SELECT * FROM responses WHERE submission_id = ? AND moment > ? ORDER BY answered"
    moment, calendar = whole_milliseconds(now), Calendar.of(store)
    for nth, row in enumerate(store.rows(waiting, submission, now)):
        body = json.loads(row["body"])
        about = (submission, row["task_id"], body["response"]["instruction_id"])
        body |= _stamped(ids, calendar, study["published"] + moment, nth, about)
        text = json.dumps(body, ensure_ascii=False)
        change = "UPDATE responses SET id = ?, moment = ?, body = ? WHERE id = ?"
        store.change(change, body["id"], moment, text, row["id"])
