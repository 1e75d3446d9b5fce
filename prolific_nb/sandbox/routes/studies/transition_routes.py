"""The way of a study from state to state: published at once or when it is time, paused, started again, stopped."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from ...contract import timestamps
from ...contract.http_error import HTTPError
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
    """Publish now or later, take that back, pause, start again or stop."""
    world, body = current_state(), request_body()
    study, action = world.document("study", study_id), body["action"]
    now, status = world.wall(), revealed.status(study, world.wall())
    if (status, action) not in _MOVES:
        possible = ", ".join(known for state, known in _MOVES if state == status) or "nothing"
        raise HTTPError(400, f"{action} is not possible while the study is {status}; possible is {possible}.")
    study["status"] = _MOVES[status, action]
    if action == "SCHEDULE_PUBLISH":
        _schedule(world, study, _moment(world, body.get("publish_at") or study["publish_at"]))
    elif action == "CANCEL_PUBLISH":
        _forget(world, study)
    elif action == "PUBLISH":
        study = _published(world, study, now)
    else:
        since = now if study["status"] == "ACTIVE" else None
        study["run"] = study_opening.run_clock(world, max(revealed.elapsed(study, now), 0.0), since)
    world.stamp()
    world.store.put("study", study_id, study)
    return study_routes.show(world, study)


def _moment(world: SandboxState, text: str | None) -> float:
    """The real time at which a study is to be published, seconds since 1970; times without a zone are UTC."""
    if text is None:
        sentence = "SCHEDULE_PUBLISH needs a time. Send publish_at, for example 2030-01-31T09:00:00Z."
        raise HTTPError(400, sentence, {"publish_at": [sentence]})
    told = timestamps.read("publish_at", text, "2030-01-31T09:00:00Z")
    at = told.timestamp()
    if at <= world.clock.real:
        sentence = f"publish_at is {text}, which has passed. Send a later time, or PUBLISH now."
        raise HTTPError(400, sentence, {"publish_at": [sentence]})
    return at


def _schedule(world: SandboxState, study: Document, at: float) -> None:
    study["publish_at"] = wall_iso(at)
    world.store.put("schedule", study["id"], {"study": study["id"], "at": at})


def _forget(world: SandboxState, study: Document) -> None:
    study["publish_at"] = None
    world.store.drop("schedule", study["id"])


def publish_due(world: SandboxState) -> None:
    """Publish the scheduled studies whose time has come; one that cannot be paid becomes a draft again."""
    for plan in world.store.all("schedule"):
        if plan["at"] > world.clock.real:
            continue
        study = world.document("study", plan["study"])
        _forget(world, study)
        try:
            study = _published(world, {**study, "status": "ACTIVE"}, world.clock.at(plan["at"]))
        except HTTPError:  # nobody waits for an answer; that it is a draft again is all there is to see
            study["status"] = "UNPUBLISHED"
        world.store.put("study", study["id"], study)
        world.store.settle()  # whatever becomes of the request that came by


def _published(world: SandboxState, study: Document, at: float) -> Document:
    """The study with its money reserved and everything worked out that will happen from wall time `at` on."""
    study = study_opening.with_batch(world, study)
    needed = wallet.cost(study, study["total_available_places"]).total
    wallet.check_funds(world, study["workspace"], needed, "The study costs")
    study = {**study, "published": world.stamp()}
    return {
        **study,
        "ends": allocation.fill(world, study, allocation.PlaceIncrease()),
        "run": study_opening.run_clock(world, 0.0, at),
    }
