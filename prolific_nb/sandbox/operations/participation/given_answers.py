"""The answers of a person who takes part by a link: what was entered on each screen, and the responses made of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

from ....common.answering import Answered, Entered, UploadedFile, read_answers
from ...simulation import schedule
from ...state.sandbox_state import SandboxState
from ...storage import revealed
from ...storage.clock import Calendar
from ...storage.store import Document
from .. import batch_tasks
from . import sittings
from .course import Course, course_of

_FILE = "file"  # key of an uploaded file in what is stored


def read(course: Course, sitting: Document, number: int) -> Answered:
    """The answers on a screen, with their faults."""
    screen = course.screens[number]
    entered = entered_on(sitting, number)
    return read_answers(course.pages, entered, screens=() if screen.page is None else (screen.page,))


def entered_on(sitting: Document, number: int) -> dict[str, list[str | UploadedFile]]:
    """The values of the inputs of a screen by name."""
    stored = sitting["screens"].get(str(number), {}).get("entered", {})
    return {name: [_loaded(each) for each in values] for name, values in stored.items()}


def stored(entered: Entered) -> dict[str, list[Any]]:
    """What was entered as JSON."""
    return {
        name: [each if isinstance(each, str) else {_FILE: vars(each)} for each in entered[name]] for name in entered
    }


def _loaded(value: Any) -> str | UploadedFile:
    return value if isinstance(value, str) else UploadedFile(**value[_FILE])


def close(state: SandboxState, study: Document, sitting: Document, at: float) -> Document:
    """Store the responses of a submission that ended at wall time `at`; returns the study with its clock's speed."""
    if sitting["ended"] is not None:
        return study
    state.store.add("responses", list(_rows(state, study, sitting, at)))
    sittings.note_extra(state, study, sitting, at)
    sittings.close(state, sitting, at)
    return sittings.with_pace(state, study, at)


def _rows(state: SandboxState, study: Document, sitting: Document, at: float) -> Iterator[tuple[object, ...]]:
    """The rows of the responses about all tasks that were finished.

    They are revealed together when the submission ends, so that none of an active submission ever changes.
    """
    batch = state.document("batch", study["data_collection_id"])
    plan = schedule.FieldworkPlan({}, batch_tasks.questions(batch), {}, None, state.profile.unit_values)
    writer, now = schedule.EventWriter(state.ids, study, plan, Calendar.of(state.store)), revealed.elapsed(study, at)
    given, ended = (
        list(_given(state, study, sitting, plan.questions)),
        sitting["started"] + sittings.seconds(sitting, at),
    )
    place = count()
    for task, question, elements, took in given:
        nth, answered = next(place), sitting["started"] + took
        waited = schedule.stored_at(sitting["started"], ended, nth / len(given))
        shown = schedule.whole_milliseconds(waited if state.profile.per_submission else answered)
        by = schedule.Respondent(sitting["id"], sitting["participant"], task)
        body = writer.body(by, question, elements, shown, nth)
        text = json.dumps(body, ensure_ascii=False)
        yield body["id"], study["id"], sitting["id"], task, now, text, min(answered, now)


def _given(
    state: SandboxState, study: Document, sitting: Document, questions: list[dict[str, Any]]
) -> Iterator[tuple[str, dict[str, Any], list[dict[str, Any]], float]]:
    """Task, question, answer, and the seconds after which it was given, of every task that was finished."""
    course = course_of(state, study, sitting["group"])
    for number, task in enumerate(course.tasks):
        answers: dict[str, tuple[list[dict[str, Any]], float]] = {}
        for place, screen in enumerate(course.screens):
            answered = sitting["screens"].get(str(place), {}).get("answered")
            if screen.task == number and answered is not None:
                read_now = read(course, sitting, place).answers
                answers |= {name: (elements, answered) for name, elements in read_now.items()}
        if all(question["id"] in answers for question in questions):
            for question in questions:
                yield task["id"], question, *answers[question["id"]]
