"""Filter sets: named, versioned lists of participant filters that studies can use."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ...contract.http_error import HTTPError, invalid
from ...operations import eligibility
from ...state.pagination import page
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage.store import Document

blueprint = Blueprint("filter sets", __name__, url_prefix="/api/v1")


@blueprint.get("/filter-sets")
def list_sets() -> dict[str, Any]:
    """The filter sets of a workspace, or of all workspaces."""
    state = current_state()
    wanted = request.args.get("workspace_id")
    found = [each for each in state.store.all("filter set") if wanted in (None, each["workspace_id"])]
    return page(found if "organisation_id" not in request.args else [], dict)


@blueprint.post("/filter-sets")
def create_set() -> ResponseReturnValue:
    """Create a filter set, version 1."""
    state, body = current_state(), request_body()
    if "workspace_id" not in body:
        raise invalid("workspace_id", "In the sandbox a filter set belongs to a workspace. Send workspace_id.")
    state.check_workspace(body["workspace_id"], 400)
    chosen = body.get("filters", [])
    eligibility.check(state, chosen)
    return _keep(state, _new(state, body["workspace_id"], body.get("name") or "Filter set", chosen)), 201


@blueprint.get("/filter-sets/<set_id>")
def get_set(set_id: str) -> dict[str, Any]:
    """One filter set, in its newest or an older version."""
    state = current_state()
    newest = state.document("filter set", set_id)
    wanted = request.args.get("version_number", type=int)
    if wanted in (None, newest["version"]):
        return newest
    return state.document("filter set version", f"{set_id} {wanted}")


@blueprint.patch("/filter-sets/<set_id>")
def update_set(set_id: str) -> dict[str, Any]:
    """Change the name or the filters, which creates a new version; older versions stay for studies that use them."""
    state, body = current_state(), request_body()
    kept = _unlocked(state, set_id)
    eligibility.check(state, body.get("filters", []))
    state.store.put("filter set version", f"{set_id} {kept['version']}", kept)
    changes: Document = {name: body[name] for name in ("name", "filters") if name in body}
    return _keep(state, {**kept, **changes, "version": kept["version"] + 1})


@blueprint.delete("/filter-sets/<set_id>")
def delete_set(set_id: str) -> ResponseReturnValue:
    """Delete a filter set."""
    state = current_state()
    _unlocked(state, set_id)
    state.store.drop("filter set", set_id)
    return "", 204


@blueprint.post("/filter-sets/<set_id>/clone")
def clone_set(set_id: str) -> ResponseReturnValue:
    """Copy a filter set, unlocked."""
    state = current_state()
    source = state.document("filter set", set_id)
    name = request_body().get("new_name") or f"{source['name']} (copy)"
    return _keep(state, _new(state, source["workspace_id"], name, source["filters"])), 201


@blueprint.post("/filter-sets/<set_id>/lock")
def lock_set(set_id: str) -> dict[str, Any]:
    """Protect a filter set from changes."""
    state = current_state()
    return _keep(state, {**state.document("filter set", set_id), "is_locked": True})


@blueprint.post("/filter-sets/<set_id>/unlock")
def unlock_set(set_id: str) -> dict[str, Any]:
    """Allow changes to a filter set again."""
    state = current_state()
    return _keep(state, {**state.document("filter set", set_id), "is_locked": False})


def _new(state: SandboxState, workspace_id: str, name: str, chosen: list[Document]) -> Document:
    ident = state.ids.hex24("filter set", state.store.next("filter sets"))
    fresh = {"version": 1, "is_deleted": False, "is_locked": False, "workspace_id": workspace_id}
    return {"id": ident, "name": name, **fresh, "organisation_id": None, "filters": chosen}


def _keep(state: SandboxState, made: Document) -> Document:
    state.store.put("filter set", made["id"], made)
    return made


def _unlocked(state: SandboxState, set_id: str) -> Document:
    found = state.document("filter set", set_id)
    if found["is_locked"]:
        raise HTTPError(400, f"Filter set {set_id} is locked. Unlock it first.")
    return found
