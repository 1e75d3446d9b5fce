"""State transitions of a study: publish now or later, pause, resume, stop."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from ...contract import semantic_rules
from ...contract.http_error import HTTPError, invalid
from ...operations import allocation, study_opening, wallet
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage import revealed
from ...storage.clock import wall_iso
from ...storage.store import Document
from . import study_routes

blueprint = Blueprint("transitions", __name__, url_prefix="/api/v1")

_MOVES = {
    ("UNPUBLISHED", "PUBLISH"): "ACTIVE",
    ("UNPUBLISHED", "SCHEDULE_PUBLISH"): "SCHEDULED",
    ("SCHEDULED", "CANCEL_PUBLISH"): "UNPUBLISHED",
    ("ACTIVE", "PAUSE"): "PAUSED",
    ("ACTIVE", "STOP"): "COMPLETED",
    ("PAUSED", "START"): "ACTIVE",
    ("PAUSED", "STOP"): "COMPLETED",
}


@blueprint.post("/studies/<study_id>/transition")
def transition(study_id: str) -> dict[str, Any]:
    """Publish now or later, cancel a scheduled publication, pause, resume or stop."""
    state, body = current_state(), request_body()
    study, action = state.document("study", study_id), body["action"]
    now, status = state.wall(), revealed.status(study, state.wall())
    if (status, action) not in _MOVES:
        possible = ", ".join(known for before, known in _MOVES if before == status) or "nothing"
        raise HTTPError(400, f"{action} is not allowed while the study is {status}. Allowed: {possible}.")
    study["status"] = _MOVES[status, action]
    if action == "SCHEDULE_PUBLISH":
        _schedule(state, study, _moment(state, body.get("publish_at") or study["publish_at"]))
    elif action == "CANCEL_PUBLISH":
        _unschedule(state, study)
    elif action == "PUBLISH":
        study = _published(state, study, now)
    else:
        since = now if study["status"] == "ACTIVE" else None
        study["run"] = study_opening.run_clock(state, study, max(revealed.elapsed(study, now), 0.0), since)
    state.stamp()
    state.store.put("study", study_id, study)
    return study_routes.show(state, study)


def _moment(state: SandboxState, text: str | None) -> float:
    """The real time of a scheduled publication, in seconds since 1970; without a time zone it is taken as UTC."""
    if text is None:
        sentence = "SCHEDULE_PUBLISH requires a time. Send publish_at, for example 2030-01-31T09:00:00Z."
        raise invalid("publish_at", sentence)
    at = semantic_rules.read_timestamp("publish_at", text, "2030-01-31T09:00:00Z").timestamp()
    if at <= state.clock.real:
        raise invalid("publish_at", f"publish_at is {text}, which is in the past. Send a later time, or PUBLISH now.")
    return at


def _schedule(state: SandboxState, study: Document, at: float) -> None:
    study["publish_at"] = wall_iso(at)
    state.store.put("schedule", study["id"], {"study": study["id"], "at": at})


def _unschedule(state: SandboxState, study: Document) -> None:
    study["publish_at"] = None
    state.store.drop("schedule", study["id"])


def publish_due(state: SandboxState) -> None:
    """Publish scheduled studies that are due; without sufficient funds a study becomes a draft again."""
    for plan in state.store.all("schedule"):
        if plan["at"] > state.clock.real:
            continue
        study = state.document("study", plan["study"])
        _unschedule(state, study)
        try:
            study = _published(state, {**study, "status": "ACTIVE"}, state.clock.at(plan["at"]))
        except HTTPError:  # no client waits for a response; the study is visible as a draft again
            study["status"] = "UNPUBLISHED"
        state.store.put("study", study["id"], study)
        state.store.settle()  # not rolled back if the current request fails


def _published(state: SandboxState, study: Document, at: float) -> Document:
    """The study with its funds committed and all its events simulated, running from wall time `at`."""
    study = study_opening.with_batch(state, study)
    needed = wallet.cost(study, study["total_available_places"]).total
    wallet.check_funds(state, study["workspace"], needed, "The study costs")
    study = {**study, "published": state.stamp(), "waits": state.people.fills == 0}
    return {
        **study,
        "ends": allocation.fill(state, study, allocation.PlaceIncrease()),
        "run": study_opening.run_clock(state, study, 0.0, at),
    }
