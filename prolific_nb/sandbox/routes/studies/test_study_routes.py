"""Test participants, and the test studies that are published to them alone."""

from __future__ import annotations

from flask import Blueprint, request

from ...contract.http_error import HTTPError
from ...operations import allocation, study_opening
from ...state.sandbox_state import current_state, request_body
from ..account.workspace_routes import EMAIL
from . import study_routes

blueprint = Blueprint("trials", __name__, url_prefix="/api/v1")

_ALLOWED = "custom_allowlist"


@blueprint.post("/researchers/participants")
def create_participant() -> tuple[dict[str, str], int]:
    """A test participant; he or she is simulated like everybody else, but comes to test studies only."""
    world, email = current_state(), request_body()["email"].strip()
    known = {EMAIL, *(each["email"] for each in world.store.all("test participant"))}
    if "@" not in email.strip("@"):
        raise _at("email", f"{email!r} is no address of an email. Send one such as pilot@example.org.")
    if email in known:
        raise _at("email", f"{email} is registered already. Use another address.")
    number = world.store.next("test participant")
    ident = world.ids.hex24("participant", -number)
    world.stamp()
    world.store.put("test participant", ident, {"email": email, "number": -number})
    return {"participant_id": ident}, 201


@blueprint.post("/studies/<study_id>/test-study")
def create_study(study_id: str) -> dict[str, str]:
    """A copy of a draft, published to every test participant; the draft stays. Nothing is served at its address."""
    world = current_state()
    draft = world.document("study", study_id)
    if draft["status"] != "UNPUBLISHED":
        raise HTTPError(
            400, f"Study {study_id} is no draft, so it cannot be tested any more. Clone it and test the clone."
        )
    people = world.store.all("test participant")
    if not people:
        raise HTTPError(400, "There is no test participant. Make one first: POST /api/v1/researchers/participants/.")
    numbers = [each["number"] for each in people]
    allowed = [world.ids.hex24("participant", number) for number in numbers]
    test = {
        **study_routes.copied(world, study_opening.with_batch(world, draft)),
        "name": draft["name"],
        "test": True,
        "filters": [{"filter_id": _ALLOWED, "selected_values": allowed}],
        "total_available_places": len(people),
        "status": "ACTIVE",
        "published": world.stamp(),
    }
    test |= {"ends": allocation.invite(world, test, numbers), "run": study_opening.run_clock(world, 0.0, world.wall())}
    world.store.put("study", test["id"], test)
    return {"study_id": test["id"], "study_url": f"{request.host_url}studies/{test['id']}"}


def _at(field: str, sentence: str) -> HTTPError:
    return HTTPError(400, sentence, {field: [sentence]})
