"""Reviewing submissions: the researcher's decision overrides the simulated outcome."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify
from flask.wrappers import Response

from ...contract.http_error import HTTPError, invalid
from ...operations import submission_completion, wallet
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage import revealed
from ...storage.store import Document
from . import submission_routes

blueprint = Blueprint("review", __name__, url_prefix="/api/v1")

_MOVES = {
    ("ACTIVE", "COMPLETE"): "",  # the code's actions determine the status
    ("AWAITING REVIEW", "APPROVE"): "APPROVED",
    ("AWAITING REVIEW", "REJECT"): "REJECTED",
    ("AWAITING REVIEW", "RETURN"): "RETURNED",
    ("REJECTED", "UNREJECT"): "AWAITING REVIEW",
    ("RETURNED", "UNRETURN"): "AWAITING REVIEW",
}
_UNSUPPORTED = {
    "START": "Simulated participants start submissions themselves.",
    "SCREEN_OUT": "Use COMPLETE with a code that has FIXED_SCREEN_OUT_PAYMENT.",
}
_TAKES_BACK = ("UNREJECT", "UNRETURN")
_RETURNABLE = ("ACTIVE", "AWAITING REVIEW")
_ENDS = {"APPROVE": "APPROVED", "REJECT": "REJECTED", "RETURN": "RETURNED"}


@blueprint.post("/submissions/<submission_id>/transition")
def transition(submission_id: str) -> dict[str, Any]:
    """Approve, reject or return a submission, undo the last two, or complete it with a code. Idempotent.

    Here a rejected submission keeps its place; whether it frees the place at Prolific is undocumented.
    """
    state, body = current_state(), request_body()
    study, submission = submission_routes.find(state, submission_id)
    status, action = submission["status"], body["action"]
    if action in _UNSUPPORTED:
        raise HTTPError(400, f"The sandbox does not support {action}. {_UNSUPPORTED[action]}")
    if status == _ENDS.get(action) or _is_repeated(state, submission, body):
        return submission_routes.show(state, study, submission)
    # A submission returned by the participant cannot be reviewed.
    by_participant = action == "UNRETURN" and state.store.get("decision", submission_id) is None
    if (status, action) not in _MOVES or by_participant:
        raise HTTPError(400, _refusal(submission, action))
    if action in _TAKES_BACK:
        wallet.check_taken_back(state, study, f"After {action} the submission costs")
    state.stamp()
    if action == "COMPLETE":
        _review(state, submission_completion.complete(state, study, submission, body))
    else:
        _decide(state, study, [submission], _MOVES[status, action])
    state.store.put("decision", submission_id, body)
    return submission_routes.show(state, *submission_routes.find(state, submission_id))


def _is_repeated(state: SandboxState, submission: dict[str, Any], body: Document) -> bool:
    """Whether the last decision was the same and is still in effect."""
    last = state.store.get("decision", submission["id"]) or {}
    if body["action"] == "COMPLETE":
        return bool(body == last)
    return bool(submission["status"] == "AWAITING REVIEW" and body["action"] == last.get("action"))


@blueprint.post("/submissions/<submission_id>/request-return")
def request_return(submission_id: str) -> dict[str, Any]:
    """Ask a participant to return a submission. Idempotent. Simulated participants ignore the request."""
    state, reasons = current_state(), request_body()["request_return_reasons"]
    study, submission = submission_routes.find(state, submission_id)
    if submission["status"] not in _RETURNABLE:
        possible = " or ".join(_RETURNABLE)
        raise HTTPError(
            400, f"Submission {submission_id} is {submission['status']}; a return can be requested while {possible}."
        )
    if not all(reason.strip() for reason in reasons):
        sentence = "A reason is empty. Send a text for the participant, or omit the reason."
        raise invalid("request_return_reasons", sentence)
    shown = submission_routes.show(state, study, submission)
    if shown["return_requested"] is None:
        submission_completion.flag(state, submission, return_requested=state.now(), reasons=reasons)
        shown = submission_routes.show(state, study, submission)
    return {name: shown[name] for name in ("id", "status", "participant", "return_requested")}


def _refusal(submission: dict[str, Any], action: str) -> str:
    possible = ", ".join(known for status, known in _MOVES if status == submission["status"]) or "nothing"
    return f"{action} is not allowed: submission {submission['id']} is {submission['status']}. Allowed: {possible}."


def _decide(state: SandboxState, study: Document, chosen: list[dict[str, Any]], status: str) -> None:
    for submission in chosen:
        state.store.change("UPDATE submissions SET outcome = ? WHERE id = ?", status, submission["id"])
    _review(state, study)


def _review(state: SandboxState, study: Document) -> None:
    """Record whether all submissions of the study are reviewed."""
    waiting = "SELECT 1 FROM submissions WHERE study_id = ? AND outcome = 'AWAITING REVIEW' LIMIT 1"
    # Stored with the study's end: places added later change the end, so the study awaits review again.
    reviewed = None if state.store.rows(waiting, study["id"]) else study["ends"]
    state.store.put("study", study["id"], {**study, "reviewed": reviewed})


@blueprint.post("/submissions/bulk-approve")
def bulk_approve() -> Response:
    """Approve submissions, by submission IDs of any studies or by participant IDs of one study; all or none."""
    state, body = current_state(), request_body()
    found = _of_study(state, body) if "study_id" in body else _by_id(state, body["submission_ids"])
    impossible = [each for each in found if each["status"] not in ("AWAITING REVIEW", "APPROVED")]
    if impossible:
        raise HTTPError(400, " ".join(_refusal(each, "APPROVE") for each in impossible))
    waiting = [each for each in found if each["status"] == "AWAITING REVIEW"]
    if waiting:
        state.stamp()
    for study_id in dict.fromkeys(each["study_id"] for each in waiting):
        chosen = [each for each in waiting if each["study_id"] == study_id]
        _decide(state, state.document("study", study_id), chosen, "APPROVED")
    return jsonify("The submissions are being approved.")


def _by_id(state: SandboxState, ids: list[str]) -> list[dict[str, Any]]:
    known: dict[str, dict[str, Any]] = {}
    for study in state.store.all("study"):
        known |= {each["id"]: each for each in revealed.submissions(state.store, study, state.wall())}
    _refuse_unknown([ident for ident in ids if ident not in known], "submission")
    return [known[ident] for ident in dict.fromkeys(ids)]


def _of_study(state: SandboxState, body: dict[str, Any]) -> list[dict[str, Any]]:
    study = state.store.get("study", body["study_id"])
    if study is None:
        raise HTTPError(400, f"There is no study {body['study_id']} in this sandbox. Check study_id.")
    wanted = set(body["participant_ids"])
    found = [
        each
        for each in revealed.submissions(state.store, study, state.wall())
        if each["participant_id"] in wanted and each["status"] in ("AWAITING REVIEW", "APPROVED")
    ]
    _refuse_unknown(sorted(wanted - {each["participant_id"] for each in found}), "finished participant")
    return found


def _refuse_unknown(ids: list[str], what: str) -> None:
    if ids:
        raise HTTPError(
            400, f"There is no {what} {', '.join(ids)} in this sandbox, so nothing was approved. Check the IDs."
        )
