"""Taking part by a link: starting, saving a screen, submitting, returning, and running out of time."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from math import inf

from ....common.answering import UploadedFile
from ...state.sandbox_state import SandboxState
from ...storage import revealed
from ...storage.store import Document
from .. import submission_completion
from . import given_answers, places, sittings
from .course import Course

_VISITOR, _SEAT = "visitor", "seat"  # kinds of documents


@dataclass(frozen=True)
class Sent:
    """What the form of one screen held.

    Parameters
    ----------
    texts : dict of str to list of str
        The values of its inputs.
    files : dict of str to list of (UploadedFile, bytes)
        The files that were chosen now, by input.
    """

    texts: dict[str, list[str]]
    files: dict[str, list[tuple[UploadedFile, bytes]]]


def visitor(state: SandboxState, study_id: str, secret: str) -> Document | None:
    """The record of a browser that has taken part in a study, by the secret in its cookie."""
    found = state.store.get(_VISITOR, _name(secret)) if secret else None
    return found if found is not None and found["study"] == study_id else None


def is_in_use(state: SandboxState, study_id: str, person: str, secret: str) -> bool:
    """Whether another browser has started with the link of this person."""
    seat = state.store.get(_SEAT, f"{study_id} {person}") if person else None
    return seat is not None and seat["visitor"] != _name(secret)


def _name(secret: str) -> str:
    """Who reads the sandbox's file cannot pretend to be the browser."""
    return sha256(secret.encode()).hexdigest()


def sitting_of(state: SandboxState, who: Document | None) -> Document | None:
    """The last submission of a visitor."""
    return sittings.find(state, who["submissions"][-1]) if who is not None else None


def closed_because(state: SandboxState, study: Document | None, who: Document | None) -> str:
    """Why a visitor cannot start now, as a sentence; "" if nothing prevents it."""
    if study is None:
        return "This study was deleted. Ask the person who gave you the link for another one."
    if study["run"] is None:
        return "This study has not been published yet. Try again when it is."
    if study["data_collection_id"] is None or study.get("test"):
        return "This study cannot be taken here."
    status = revealed.status(study, state.wall())
    if status == "PAUSED":
        return "This study is paused. Try again later."
    if study["status"] == "COMPLETED":
        return "This study has ended."
    if who is not None and not _may_go_on(study, who):
        return "You have taken part in this study. Thank you."
    if places.choose(state, study, "" if who is None else who["participant"]) is None:
        return "All places of this study are taken." if not places.free(state, study) else _NOTHING_NEW
    return ""


_NOTHING_NEW = "There are no further tasks for you in this study. Thank you."


def _may_go_on(study: Document, who: Document) -> bool:
    most = study["submissions_config"].get("max_submissions_per_participant") or 1
    return bool(most == -1 or len(who["submissions"]) < most)


def start(state: SandboxState, study: Document, person: str, secret: str) -> Document:
    """Take a place for a visitor, whom nothing prevents from starting; returns the sitting."""
    who = visitor(state, study["id"], secret) or _new_visitor(state, study, person, secret)
    group = places.choose(state, study, who["participant"])
    assert group is not None, "closed_because has a reason"
    ident = state.ids.hex24("submission", study["id"], "by link", state.store.next("sittings"))
    now, began = state.wall(), revealed.elapsed(study, state.wall())
    outcome = revealed.on_completion(study)
    waited = places.take(state, study, group, (ident, study["id"], who["participant"], group, began, inf, outcome))
    sitting = {
        **{"id": ident, "study": study["id"], "participant": who["participant"], "group": group},
        **{"started": began, "since": now, "deadline": now + study["maximum_allowed_time"] * 60},
        **{"reached": 0, "screens": {}, "ended": None, "waited": waited},
    }
    sittings.begin(state, sitting)
    who["submissions"].append(ident)
    state.store.put(_VISITOR, who["id"], who, parent=study["id"])
    state.store.put("study", study["id"], {**sittings.with_pace(state, study, now), "ends": inf})
    return sitting


def _new_visitor(state: SandboxState, study: Document, person: str, secret: str) -> Document:
    if person:
        state.store.put(_SEAT, f"{study['id']} {person}", {"visitor": _name(secret)}, parent=study["id"])
    participant = state.ids.hex24("participant", "by link", state.store.next("visitors"))
    return {"id": _name(secret), "study": study["id"], "participant": participant, "submissions": []}


def save(
    state: SandboxState, course: Course, sitting: Document, number: int, sent: Sent, *, checked: bool
) -> tuple[Document, bool]:
    """Keep what was entered on a screen, right or wrong. Idempotent.

    Parameters
    ----------
    checked : bool
        Whether faults are shown when the screen is next; not to somebody who goes back.

    Returns
    -------
    tuple of (dict, bool)
        The sitting, and whether the screen has no fault.
    """
    before = sitting["screens"].get(str(number), {})
    kept = _kept_files(state, sitting, number, sent.files)
    screen = {**before, "entered": {**given_answers.stored(sent.texts), **given_answers.stored(kept)}}
    changed = {**sitting, "screens": {**sitting["screens"], str(number): screen}}
    faults = given_answers.read(course, changed, number).faults
    screen["faulty"] = checked and bool(faults)
    if not faults:
        # The first time: a later look back does not change the order of the answers.
        screen.setdefault("answered", sittings.seconds(sitting, state.wall()))
        changed["reached"] = max(sitting["reached"], min(number + 1, len(course.screens) - 1))
    sittings.keep(state, changed)
    return changed, not faults


def _kept_files(
    state: SandboxState, sitting: Document, number: int, files: dict[str, list[tuple[UploadedFile, bytes]]]
) -> dict[str, list[UploadedFile]]:
    """The files of a screen by input: those sent now, which replace earlier ones, or else the earlier ones."""
    kept = {}
    for name, values in given_answers.entered_on(sitting, number).items():
        if earlier := [each for each in values if isinstance(each, UploadedFile)]:
            kept[name] = earlier
    for name, chosen in files.items():
        for file in kept.get(name, ()):
            state.store.change("DELETE FROM files WHERE id = ?", file.file_key)
        state.store.add("files", [(file.file_key, content) for file, content in chosen])
        kept[name] = [file for file, _ in chosen]
    return kept


def first_open_screen(course: Course, sitting: Document) -> int | None:
    """The first screen that still has a fault; None if all are answered."""
    numbers = range(len(course.screens))
    return next((number for number in numbers if given_answers.read(course, sitting, number).faults), None)


def submit(state: SandboxState, study: Document, sitting: Document) -> None:
    """End a submission of which all screens are answered, as the study's completion code says."""
    code = submission_completion.participant_code(study)
    _end(state, study, sitting, revealed.on_completion(study), state.wall())
    if code is not None:
        about = {"id": sitting["id"], "study_id": study["id"], "participant_id": sitting["participant"]}
        submission_completion.carry_out(state, study, about, code, {})


def give_up(state: SandboxState, study: Document, sitting: Document) -> None:
    """Return a submission: its place is free for the next."""
    _end(state, study, sitting, "RETURNED", state.wall())


def settle_due(state: SandboxState) -> None:
    """Time out the submissions whose time is up: whoever asks next sees it, and nobody has to visit the page."""
    for each in sittings.overdue(state):
        sitting = sittings.find(state, each["id"])
        assert sitting is not None, "an open sitting has a record"
        _end(state, state.document("study", each["study"]), sitting, "TIMED-OUT", each["deadline"])
        state.store.settle()  # not rolled back if the current request fails


def _end(state: SandboxState, study: Document, sitting: Document, outcome: str, at: float) -> None:
    change = "UPDATE submissions SET ended = ?, outcome = ? WHERE id = ?"
    state.store.change(change, revealed.elapsed(study, at), outcome, sitting["id"])
    study = given_answers.close(state, study, sitting, at)
    if outcome in ("RETURNED", "TIMED-OUT"):
        places.give_back(state, study, sitting, at)
    state.store.put("study", study["id"], {**study, "ends": places.end_of(state, study["id"])})
