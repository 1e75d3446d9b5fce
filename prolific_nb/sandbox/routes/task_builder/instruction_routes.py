"""Instructions of batches without a layout: the legacy flow, whose sunset has passed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from ...contract import semantic_rules
from ...contract.http_error import HTTPError, invalid
from ...operations import batch_tasks
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage.store import Document

blueprint = Blueprint("instructions", __name__, url_prefix="/api/v1/data-collection/batches/<batch_id>/instructions")

_SUNSET = "Tue, 01 Sep 2026 23:59:59 GMT"


@blueprint.before_request
def _refuse_withdrawn() -> None:
    if not current_state().profile.legacy_instructions:
        raise HTTPError(404, f"Instructions of batches were withdrawn on {_SUNSET}. Send batch_items instead.")


@blueprint.after_request
def _add_deprecation(response: Response) -> Response:
    response.headers.update({"Deprecation": "true", "Sunset": _SUNSET})
    return response


def _changeable(state: SandboxState, batch_id: str) -> Document:
    batch = state.document("batch", batch_id)
    if batch["batch_items"] is not None:
        raise HTTPError(422, "The batch has a layout (batch_items), so it cannot have instructions. Change the layout.")
    if batch_tasks.status_of(state, batch) in ("PROCESSING", "READY"):
        raise HTTPError(400, "The batch was set up, so its instructions cannot be changed. Create a new batch.")
    return batch


def _made(state: SandboxState, batch_id: str, given: list[dict[str, Any]]) -> list[Document]:
    """The instructions as stored; IDs that were sent are kept."""
    if not given:
        raise invalid("instructions", "The list of instructions is empty. Send at least one.")
    semantic_rules.check_instructions(given)
    about = {"created_at": state.now(), "created_by": state.user_id, "parent_id": batch_id, "parent_type": "batch"}
    edition = state.store.next("layout")
    return [
        {**each, "id": each.get("id") or state.ids.uuid("instruction", batch_id, edition, number), **about}
        for number, each in enumerate(given)
    ]


@blueprint.get("")
def list_(batch_id: str) -> dict[str, Any]:
    """The instructions of a batch, in order."""
    found = current_state().document("batch", batch_id)["instructions"]
    return {"results": found, "meta": {"count": len(found)}}


@blueprint.post("")
def add(batch_id: str) -> tuple[list[Document], int]:
    """Add instructions."""
    state, given = current_state(), request_body()["instructions"]
    batch = _changeable(state, batch_id)
    if any("id" in each for each in given):
        raise HTTPError(
            400, "New instructions must not have an ID. Omit it, or use PUT to change existing instructions."
        )
    made = _made(state, batch_id, given)
    state.store.put("batch", batch_id, {**batch, "instructions": [*batch["instructions"], *made]})
    return made, 201


@blueprint.put("")
def replace(batch_id: str) -> list[Document]:
    """Replace all instructions: existing IDs are kept, instructions that are not sent are deleted."""
    state, given = current_state(), request_body()["instructions"]
    batch = _changeable(state, batch_id)
    known = {each["id"] for each in batch["instructions"]}
    unknown = sorted({each["id"] for each in given if "id" in each} - known)
    if unknown:
        raise HTTPError(400, f"The batch has no instructions {', '.join(unknown)}. Send new ones without an ID.")
    made = _made(state, batch_id, given)
    state.store.put("batch", batch_id, {**batch, "instructions": made})
    return made
