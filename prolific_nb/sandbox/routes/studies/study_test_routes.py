"""Test participants, and test studies, which are published to test participants only."""

from __future__ import annotations

from flask import Blueprint, request

from ...contract.http_error import HTTPError, invalid
from ...operations import allocation, study_opening
from ...state.sandbox_state import current_state, request_body
from ..account.workspace_routes import EMAIL
from . import study_routes

blueprint = Blueprint("trials", __name__, url_prefix="/api/v1")

_ALLOWED = "custom_allowlist"


@blueprint.post("/researchers/participants")
def create_participant() -> tuple[dict[str, str], int]:
    """Create a test participant, who is simulated like all others but takes part in test studies only."""
    state, email = current_state(), request_body()["email"].strip()
    known = {EMAIL, *(each["email"] for each in state.store.all("test participant"))}
    if "@" not in email.strip("@"):
        raise invalid("email", f"{email!r} is not a valid email address. Send one such as pilot@example.org.")
    if email in known:
        raise invalid("email", f"{email} is already registered. Use another email address.")
    number = state.store.next("test participant")
    ident = state.ids.hex24("participant", -number)
    state.stamp()
    state.store.put("test participant", ident, {"email": email, "number": -number})
    return {"participant_id": ident}, 201


@blueprint.post("/studies/<study_id>/test-study")
def create_study(study_id: str) -> dict[str, str]:
    """Publish a copy of a draft to all test participants; the draft is unchanged. Its URL leads to no page."""
    state = current_state()
    draft = state.document("study", study_id)
    if draft["status"] != "UNPUBLISHED":
        raise HTTPError(400, f"Study {study_id} is not a draft, so it cannot be tested. Clone it and test the clone.")
    people = state.store.all("test participant")
    if not people:
        raise HTTPError(400, "There is no test participant. Create one first: POST /api/v1/researchers/participants/.")
    numbers = [each["number"] for each in people]
    allowed = [state.ids.hex24("participant", number) for number in numbers]
    test = {
        **study_routes.copied(state, study_opening.with_batch(state, draft)),
        "name": draft["name"],
        "test": True,
        "filters": [{"filter_id": _ALLOWED, "selected_values": allowed}],
        "total_available_places": len(people),
        "status": "ACTIVE",
        "published": state.stamp(),
    }
    test["ends"] = allocation.invite(state, test, numbers)
    test["run"] = study_opening.run_clock(state, test, 0.0, state.wall())
    state.store.put("study", test["id"], test)
    return {"study_id": test["id"], "study_url": f"{request.host_url}studies/{test['id']}"}
