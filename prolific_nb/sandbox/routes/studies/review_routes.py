"""Review: what the researcher decides about submissions overrides what the clock revealed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify
from flask.wrappers import Response

from ...contract.http_error import HTTPError
from ...operations import submission_completion, submission_flags, wallet
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage import revealed
from ...storage.store import Document
from . import submission_routes

blueprint = Blueprint("review", __name__, url_prefix="/api/v1")

_MOVES = {
    ("ACTIVE", "COMPLETE"): "",  # the code says where to
    ("AWAITING REVIEW", "APPROVE"): "APPROVED",
    ("AWAITING REVIEW", "REJECT"): "REJECTED",
    ("AWAITING REVIEW", "RETURN"): "RETURNED",
    ("REJECTED", "UNREJECT"): "AWAITING REVIEW",
    ("RETURNED", "UNRETURN"): "AWAITING REVIEW",
}
_ABSENT = {
    "START": "its people start by themselves.",
    "SCREEN_OUT": "screen people out with COMPLETE and a code that has FIXED_SCREEN_OUT_PAYMENT.",
}
_TAKES_BACK = ("UNREJECT", "UNRETURN")
_RETURNABLE = ("ACTIVE", "AWAITING REVIEW")
_ENDS = {"APPROVE": "APPROVED", "REJECT": "REJECTED", "RETURN": "RETURNED"}


@blueprint.post("/submissions/<submission_id>/transition")
def transition(submission_id: str) -> dict[str, Any]:
    """Approve, reject, return, or take the last two back, or complete with a code; asked again it changes nothing.

    A rejected submission keeps its place here: whether it frees it for somebody else is not published.
    """
    world, body = current_state(), request_body()
    study, submission = submission_routes.find(world, submission_id)
    status, action = submission["status"], body["action"]
    if action in _ABSENT:
        raise HTTPError(400, f"{action} is not possible here: {_ABSENT[action]}")
    if status == _ENDS.get(action) or _is_repeated(world, submission, body):
        return submission_routes.show(world, study, submission)
    # Who gave up alone has nothing that could be reviewed.
    gave_up = action == "UNRETURN" and world.store.get("decision", submission_id) is None
    if (status, action) not in _MOVES or gave_up:
        raise HTTPError(400, _refusal(submission, action))
    if action in _TAKES_BACK:
        wallet.check_taken_back(world, study, f"With {action} the submission costs")
    world.stamp()
    if action == "COMPLETE":
        _review(world, submission_completion.complete(world, study, submission, body))
    else:
        _decide(world, study, [submission], _MOVES[status, action])
    world.store.put("decision", submission_id, body)
    return submission_routes.show(world, *submission_routes.find(world, submission_id))


def _is_repeated(world: SandboxState, submission: dict[str, Any], body: Document) -> bool:
    """Whether the last decision, which is still in force, was the same one."""
    last = world.store.get("decision", submission["id"]) or {}
    if body["action"] == "COMPLETE":
        return bool(body == last)
    return bool(submission["status"] == "AWAITING REVIEW" and body["action"] == last.get("action"))


@blueprint.post("/submissions/<submission_id>/request-return")
def request_return(submission_id: str) -> dict[str, Any]:
    """Ask a participant to return a submission; asked again it changes nothing. Simulated people do not follow it."""
    world, reasons = current_state(), request_body()["request_return_reasons"]
    study, submission = submission_routes.find(world, submission_id)
    if submission["status"] not in _RETURNABLE:
        possible = " or ".join(_RETURNABLE)
        raise HTTPError(
            400, f"Submission {submission_id} is {submission['status']}; a return is asked for while it is {possible}."
        )
    if not all(reason.strip() for reason in reasons):
        sentence = "A reason is empty. Write what the participant is to read, or leave it out."
        raise HTTPError(400, sentence, {"request_return_reasons": [sentence]})
    shown = submission_routes.show(world, study, submission)
    if shown["return_requested"] is None:
        submission_flags.add(world, submission, return_requested=world.now(), reasons=reasons)
        shown = submission_routes.show(world, study, submission)
    return {name: shown[name] for name in ("id", "status", "participant", "return_requested")}


def _refusal(submission: dict[str, Any], action: str) -> str:
    possible = ", ".join(known for status, known in _MOVES if status == submission["status"]) or "nothing"
    return f"{action} is not possible: submission {submission['id']} is {submission['status']}. Possible is {possible}."


def _decide(world: SandboxState, study: Document, chosen: list[dict[str, Any]], status: str) -> None:
    for submission in chosen:
        world.store.change("UPDATE submissions SET outcome = ? WHERE id = ?", status, submission["id"])
    _review(world, study)


def _review(world: SandboxState, study: Document) -> None:
    """Write down whether everything in the study is reviewed."""
    waiting = "SELECT 1 FROM submissions WHERE study_id = ? AND outcome = 'AWAITING REVIEW' LIMIT 1"
    # Written with the study's end: places that are added later make an end of their own, and wait for review again.
    reviewed = None if world.store.rows(waiting, study["id"]) else study["ends"]
    world.store.put("study", study["id"], {**study, "reviewed": reviewed})


@blueprint.post("/submissions/bulk-approve")
def bulk_approve() -> Response:
    """Approve many: by submission ids, of any studies, or by participant ids of one study. All or none."""
    world, body = current_state(), request_body()
    found = _of_study(world, body) if "study_id" in body else _by_id(world, body["submission_ids"])
    impossible = [each for each in found if each["status"] not in ("AWAITING REVIEW", "APPROVED")]
    if impossible:
        raise HTTPError(400, " ".join(_refusal(each, "APPROVE") for each in impossible))
    waiting = [each for each in found if each["status"] == "AWAITING REVIEW"]
    if waiting:
        world.stamp()
    for study_id in dict.fromkeys(each["study_id"] for each in waiting):
        chosen = [each for each in waiting if each["study_id"] == study_id]
        _decide(world, world.document("study", study_id), chosen, "APPROVED")
    return jsonify("The submissions are being approved.")


def _by_id(world: SandboxState, ids: list[str]) -> list[dict[str, Any]]:
    known: dict[str, dict[str, Any]] = {}
    for study in world.store.all("study"):
        known |= {each["id"]: each for each in revealed.submissions(world.store, study, world.wall())}
    _refuse_unknown([ident for ident in ids if ident not in known], "submission")
    return [known[ident] for ident in dict.fromkeys(ids)]


def _of_study(world: SandboxState, body: dict[str, Any]) -> list[dict[str, Any]]:
    study = world.store.get("study", body["study_id"])
    if study is None:
        raise HTTPError(400, f"There is no study {body['study_id']} in this sandbox. Check study_id.")
    wanted = set(body["participant_ids"])
    found = [
        each
        for each in revealed.submissions(world.store, study, world.wall())
        if each["participant_id"] in wanted and each["status"] in ("AWAITING REVIEW", "APPROVED")
    ]
    _refuse_unknown(sorted(wanted - {each["participant_id"] for each in found}), "finished participant")
    return found


def _refuse_unknown(ids: list[str], what: str) -> None:
    if ids:
        raise HTTPError(400, f"There is no {what} {', '.join(ids)} here. Check the ids; nothing was approved.")
