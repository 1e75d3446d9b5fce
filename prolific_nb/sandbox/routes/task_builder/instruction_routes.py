"""The instructions of a batch without a layout: the older way, whose sunset has passed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from ...contract import semantic_rules
from ...contract.http_error import HTTPError
from ...operations import batch_tasks
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage.store import Document

blueprint = Blueprint("instructions", __name__, url_prefix="/api/v1/data-collection/batches/<batch_id>/instructions")

_SUNSET = "Tue, 01 Sep 2026 23:59:59 GMT"


@blueprint.before_request
def _withdrawn() -> None:
    if not current_state().profile.legacy_instructions:
        raise HTTPError(404, f"The instructions of batches were withdrawn on {_SUNSET}. Send batch_items instead.")


@blueprint.after_request
def _tell(response: Response) -> Response:
    response.headers.update({"Deprecation": "true", "Sunset": _SUNSET})
    return response


def _changeable(world: SandboxState, batch_id: str) -> Document:
    batch = world.document("batch", batch_id)
    if batch["batch_items"] is not None:
        raise HTTPError(422, "The batch has a layout (batch_items), so it takes no instructions. Change the layout.")
    if batch_tasks.state(world, batch) in ("PROCESSING", "READY"):
        raise HTTPError(400, "The batch was set up, so its instructions are frozen. Make a new batch.")
    return batch


def _made(world: SandboxState, batch_id: str, given: list[dict[str, Any]]) -> list[Document]:
    """The instructions as they are kept; those that were sent with an id keep it."""
    semantic_rules.check_instructions(given)
    about = {"created_at": world.now(), "created_by": world.user_id, "parent_id": batch_id, "parent_type": "batch"}
    edition = world.store.next("layout")
    return [
        {**each, "id": each.get("id") or world.ids.uuid("instruction", batch_id, edition, number), **about}
        for number, each in enumerate(given)
    ]


@blueprint.get("")
def list_(batch_id: str) -> dict[str, Any]:
    """The instructions of a batch, in order."""
    found = current_state().document("batch", batch_id)["instructions"]
    return {"results": found, "meta": {"count": len(found)}}


@blueprint.post("")
def add(batch_id: str) -> tuple[list[Document], int]:
    """More instructions."""
    world, given = current_state(), request_body()["instructions"]
    batch = _changeable(world, batch_id)
    if any("id" in each for each in given):
        raise HTTPError(400, "New instructions have no id yet. Leave it out, or PUT to change instructions.")
    made = _made(world, batch_id, given)
    world.store.put("batch", batch_id, {**batch, "instructions": [*batch["instructions"], *made]})
    return made, 201


@blueprint.put("")
def replace(batch_id: str) -> list[Document]:
    """All instructions anew: those with a known id are kept as the same, those not sent are gone."""
    world, given = current_state(), request_body()["instructions"]
    batch = _changeable(world, batch_id)
    known = {each["id"] for each in batch["instructions"]}
    unknown = sorted({each["id"] for each in given if "id" in each} - known)
    if unknown:
        raise HTTPError(400, f"The batch has no instructions {', '.join(unknown)}. Send new ones without an id.")
    made = _made(world, batch_id, given)
    world.store.put("batch", batch_id, {**batch, "instructions": made})
    return made
