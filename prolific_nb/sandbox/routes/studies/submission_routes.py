"""Submissions of studies: lists, counts and single submissions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, request

from ...contract.http_error import HTTPError, missing
from ...operations import submission_completion
from ...state.pagination import page
from ...state.sandbox_state import SandboxState, current_state
from ...storage import paid_bonuses, revealed
from ...storage.store import Document

blueprint = Blueprint("submissions", __name__, url_prefix="/api/v1")

_STATUSES = (
    "RESERVED",
    "ACTIVE",
    "TIMED-OUT",
    "AWAITING_REVIEW",
    "APPROVED",
    "PARTIALLY_APPROVED",
    "RETURNED",
    "REJECTED",
    "SCREENED_OUT",
    "UNKNOWN",
)

_FLAGS = {
    "completed": revealed.FILLED,
    "returned": ("RETURNED",),
    "awaiting_review": ("AWAITING REVIEW",),
    "approved": ("APPROVED",),
    "active": ("ACTIVE",),
    "timeout": ("TIMED-OUT",),
    "rejected": ("REJECTED",),
    "screened_out": ("SCREENED OUT",),
    "completeoractive": (*revealed.FILLED, "ACTIVE"),
}
_ORDERINGS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "started_at": lambda s: s["started_at"],
    "completed_at": lambda s: s["completed_at"] or "~",
    "status": lambda s: s["status"],
    "time_taken": lambda s: s["seconds"] or 0.0,
    "participant_id": lambda s: s["participant_id"],
}
# Equal for all submissions of one study (IP addresses are unknown), so these do not change the order.
_NO_ORDER = ("submission_reward", "study_name", "study_code", "ip")


def completed_code(study: Document) -> str | None:
    """The code of a study with which participants complete it."""
    found = submission_completion.participant_code(study)
    return None if found is None else found["code"]


def _short(study: Document, submission: dict[str, Any], bonuses: list[int], flags: Document) -> dict[str, Any]:
    done = submission["completed_at"] is not None
    shown = ("id", "study_id", "participant_id", "status", "started_at", "completed_at")
    return {
        **{name: submission[name] for name in shown},
        "time_taken": round(submission["seconds"])
        if done
        else None,  # Prolific's own command-line tool requires whole seconds
        "study_code": flags.get("code") or (completed_code(study) if done else None),
        "reward": study["reward"],
        "bonus_payments": bonuses,
        "has_siblings": False,
        "return_requested": flags.get("return_requested"),
    }


def _ordered(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ordering = request.args.get("ordering", "started_at")
    name = ordering.removeprefix("-")
    if name in _NO_ORDER:
        return found
    if name not in _ORDERINGS:
        raise HTTPError(400, f"ordering={ordering} is not valid. Use one of {', '.join(_ORDERINGS)}.")
    return sorted(found, key=_ORDERINGS[name], reverse=ordering.startswith("-"))


def _filtered(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The submissions that match the query's filters by status and day."""
    if "status" in request.args:
        wanted = request.args["status"]
        if wanted not in _STATUSES:
            raise HTTPError(400, f"status={wanted} is not valid. Use one of {', '.join(_STATUSES)}.")
        found = [s for s in found if s["status"] == wanted.replace("_", " ")]
    for name, statuses in _FLAGS.items():
        if name in request.args:
            wants = request.args[name].lower() in ("1", "true", "yes", "t")
            found = [s for s in found if (s["status"] in statuses) == wants]
    first, before = _day("submitted_from"), _day("submitted_before")
    if first or before:
        found = [s for s in found if s["completed_at"] and first <= s["completed_at"][:10] < (before or "~")]
    return found


def _day(name: str) -> str:
    if name not in request.args:
        return ""
    try:
        return datetime.strptime(request.args[name], "%d/%m/%Y").date().isoformat()
    except ValueError as error:
        raise HTTPError(400, f"{name}={request.args[name]} is not a valid date. Write it as DD/MM/YYYY.") from error


@blueprint.get("/submissions")
def list_() -> dict[str, Any]:
    """Submissions of the study given in the query."""
    state = current_state()
    study = state.store.get("study", request.args["study"])
    if study is None:
        raise HTTPError(400, f"There is no study {request.args['study']} in this sandbox. Check the study ID.")
    return _page(state, study, _filtered(revealed.submissions(state.store, study, state.wall())), default=20)


@blueprint.get("/studies/<study_id>/submissions")
def list_of_study(study_id: str) -> dict[str, Any]:
    """Submissions of a study."""
    state = current_state()
    study = state.document("study", study_id)
    if "ordering" in request.args:
        return _page(state, study, revealed.submissions(state.store, study, state.wall()), default=200)
    shown, calendar = _showing(state, study), state.calendar
    found = revealed.started(state.store, study, state.wall())
    return page(found, lambda row: shown(revealed.submission(study, row, calendar)), default=200)


def _page(state: SandboxState, study: Document, found: list[dict[str, Any]], default: int) -> dict[str, Any]:
    return page(_ordered(found), _showing(state, study), default)


def _showing(state: SandboxState, study: Document) -> Callable[[dict[str, Any]], dict[str, Any]]:
    bonuses = paid_bonuses.received(state.store, study["id"], state.wall())
    flags = submission_completion.flags_of_study(state, study["id"])
    return lambda each: _short(study, each, bonuses.get(each["id"], []), flags.get(each["id"], {}))


@blueprint.get("/studies/<study_id>/submissions/counts")
def counts(study_id: str) -> dict[str, int]:
    """Number of submissions by status."""
    state = current_state()
    found = revealed.counts(state.store, state.document("study", study_id), state.wall())
    names = [name.replace("_", " ") for name in _STATUSES if name != "UNKNOWN"]
    return {**{name: found.get(name, 0) for name in names}, "TOTAL": sum(found.values())}


@blueprint.get("/submissions/<submission_id>")
def get(submission_id: str) -> dict[str, Any]:
    """One submission; it exists once it was started."""
    return show(current_state(), *find(current_state(), submission_id))


def show(state: SandboxState, study: Document, submission: dict[str, Any]) -> dict[str, Any]:
    """The submission as shown in responses about a single one."""
    done, flags = submission["completed_at"] is not None, submission_completion.flags_of(state, submission["id"])
    shown = ("id", "study_id", "status", "started_at", "completed_at")
    return {
        **{name: submission[name] for name in shown},
        "participant": submission["participant_id"],
        "entered_code": flags.get("code") or (completed_code(study) if done else None),
        "parent_study_id": None,
        "bonus_payments": paid_bonuses.received(state.store, study["id"], state.wall()).get(submission["id"], []),
        "return_requested": flags.get("return_requested"),
    }


def find(state: SandboxState, submission_id: str) -> tuple[Document, dict[str, Any]]:
    """A started submission and its study; 404 if it does not exist."""
    for row in state.store.rows("SELECT study_id FROM submissions WHERE id = ?", submission_id):
        study = state.document("study", row["study_id"])
        if submission := revealed.one_submission(state.store, study, submission_id, state.wall()):
            return study, submission
    raise missing("submission", submission_id)
