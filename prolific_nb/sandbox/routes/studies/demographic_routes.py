"""The demographic export of a study, its history, and the feedback of participants."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, request

from ...contract.http_error import HTTPError
from ...operations import signing, submission_completion
from ...simulation import participant_answers
from ...state.pagination import page
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage import revealed
from ...storage.store import Document
from .submission_routes import completed_code

blueprint = Blueprint("demographics", __name__)

_MOST_FILTERED = 2
"""Exports of a study that may ask for further filters."""
_COLUMNS = ("Submission id", "Participant id", "Status", "Started at", "Completed at", "Time taken")
_AFTER = ("Reviewed at", "Completion code", "Total approvals", "Authenticity check results", "URL")


@blueprint.post("/api/v1/studies/<study_id>/demographic-export")
def export(study_id: str) -> Response | dict[str, Any]:
    """The export as a CSV or as its URL, which the profile decides."""
    state = current_state()
    state.document("study", study_id)
    asked = request_body().get("filters", [])
    earlier = [each for each in state.store.all("demographic export") if each["study_id"] == study_id]
    if asked and sum(bool(each["filters"]) for each in earlier) >= _MOST_FILTERED:
        raise HTTPError(400, f"A study has at most {_MOST_FILTERED} exports with filters. Send none.")
    ident = state.ids.hex24("demographic export", state.store.next("demographic exports"))
    record = {"id": ident, "study_id": study_id, "created_at": state.now(), "filters": asked}
    state.store.put("demographic export", ident, record)
    if state.profile.demographics == "csv":
        return Response(export_csv(state, record), mimetype="text/csv")
    return {"url": signing.sign(f"/_files/demographics/{ident}.csv")[0]}


@blueprint.get("/api/v1/studies/<study_id>/demographic-export")
def history(study_id: str) -> dict[str, Any]:
    """Earlier exports, newest first."""
    state = current_state()
    state.document("study", study_id)
    found = [each for each in state.store.all("demographic export") if each["study_id"] == study_id]
    return page(found[::-1], lambda each: {name: each[name] for name in ("id", "created_at", "filters")})


@blueprint.get("/api/v1/studies/<study_id>/feedback/responses")
def feedback(study_id: str) -> dict[str, Any]:
    """Ratings and comments of participants who completed the study."""
    state = current_state()
    found = list(_feedback(state, state.document("study", study_id)))
    if "has_written_feedback" in request.args:
        wanted = request.args["has_written_feedback"].lower() in ("1", "true", "yes")
        found = [each for each in found if (each["comment"] is not None) == wanted]
    for name in ("source", "category"):
        if name in request.args:
            found = [each for each in found if each[name] == request.args[name]]
    return page(found, dict)


def _feedback(state: SandboxState, study: Document) -> Iterator[dict[str, Any]]:
    for each in revealed.submissions(state.store, study, state.wall()):
        if each["completed_at"] is None:
            continue
        given = participant_answers.feedback(state.ids.seed, each["id"], each["participant_id"])
        if given is not None:
            yield {"id": state.ids.hex24("feedback", each["id"]), **given, "created_at": each["completed_at"]}


def export_csv(state: SandboxState, record: Document) -> str:
    """An export: one line for each submission so far, with a column for each further filter it asked for."""
    study = state.document("study", record["study_id"])
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*_COLUMNS, *participant_answers.demographics(0, "", record["filters"]), *_AFTER])
    flags = submission_completion.flags_of_study(state, study["id"])
    groups = {
        row["id"]: row["group_id"]
        for row in state.store.rows("SELECT id, group_id FROM submissions WHERE study_id = ?", study["id"])
    }
    for each in revealed.submissions(state.store, study, state.wall()):
        about = participant_answers.demographics(state.ids.seed, each["participant_id"], record["filters"])
        code = flags.get(each["id"], {}).get("code") or (completed_code(study) if each["completed_at"] else None)
        writer.writerow([*_about(each), *about.values(), *_afterwards(state, study, each, code, groups[each["id"]])])
    return text.getvalue()


def _about(submission: dict[str, Any]) -> list[Any]:
    done = submission["completed_at"] is not None
    known = [submission[name] for name in ("id", "participant_id", "status", "started_at")]
    return [*known, submission["completed_at"] or "", round(submission["seconds"]) if done else ""]


def _afterwards(
    state: SandboxState, study: Document, submission: dict[str, Any], code: str | None, group: str | None
) -> list[Any]:
    done = submission["completed_at"] is not None
    checks = participant_answers.authenticity(state.ids.seed, submission["id"]) if done else ""
    approvals = 100 + int(submission["participant_id"][-2:], 16)
    url = f"https://app.prolific.com/batches/{study.get('data_collection_id')}/task-groups/{group}" if group else ""
    return ["", code or "NOCODE", approvals, checks, url]
