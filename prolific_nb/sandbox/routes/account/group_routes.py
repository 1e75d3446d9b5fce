"""Participant groups: named lists of participants that studies can include or exclude."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ...contract.http_error import invalid
from ...operations import participant_records
from ...state.pagination import page
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage.store import Document

blueprint = Blueprint("groups", __name__, url_prefix="/api/v1/participant-groups")

_OWNERS = ("workspace_id", "project_id", "organisation_id")


@blueprint.get("")
def list_groups() -> dict[str, Any]:
    """The groups of a workspace or a project."""
    state = current_state()
    query = {name: request.args[name] for name in _OWNERS if name in request.args}
    if not query:
        raise invalid("workspace_id", "The query names no owner of the groups. Send workspace_id=… or project_id=….")
    owners = {query.get("workspace_id"), _of_project(state, query.get("project_id"))} - {None}
    named = "organisation_id" not in query and len(owners) == 1
    return page([group for group in state.store.all("group") if named and group["workspace_id"] in owners], _show)


def _of_project(state: SandboxState, project_id: str | None) -> str | None:
    """The workspace whose groups a project can use; "" for an unknown project."""
    if project_id is None:
        return None
    return str((state.store.get("project", project_id) or {"workspace": ""})["workspace"])


@blueprint.post("")
def create_group() -> ResponseReturnValue:
    """Create a group, with or without participants."""
    state, body = current_state(), request_body()
    if "organisation_id" in body or "workspace_id" not in body:
        raise invalid("workspace_id", "In the sandbox a group belongs to a workspace. Send workspace_id.")
    state.check_workspace(body["workspace_id"], 400)
    ident = state.ids.hex24("group", state.store.next("groups"))
    group: Document = {
        "id": ident,
        "name": body["name"],
        "description": body.get("description"),
        "workspace_id": body["workspace_id"],
        "project_id": None,
        "members": [],
    }
    participant_records.add_members(state, group, body.get("participant_ids", []))
    return _show(group), 201


@blueprint.get("/<group_id>")
def get_group(group_id: str) -> dict[str, Any]:
    """One group."""
    return _show(current_state().document("group", group_id))


@blueprint.patch("/<group_id>")
def update_group(group_id: str) -> dict[str, Any]:
    """Change the name, or the members: the list replaces all of them."""
    state, body = current_state(), request_body()
    group = state.document("group", group_id)
    group |= {name: body[name] for name in ("name", "description") if name in body}
    if "participant_ids" in body:
        kept = set(body["participant_ids"])
        group["members"] = [each for each in group["members"] if each["participant_id"] in kept]
    participant_records.add_members(state, group, body.get("participant_ids", []))
    return _show(group)


@blueprint.delete("/<group_id>")
def delete_group(group_id: str) -> ResponseReturnValue:
    """Delete a group; its participants are not deleted."""
    state = current_state()
    state.document("group", group_id)
    state.store.drop("group", group_id)
    return "", 204


@blueprint.get("/<group_id>/participants")
def list_members(group_id: str) -> dict[str, Any]:
    """The participants of a group."""
    return _members(current_state().document("group", group_id))


@blueprint.post("/<group_id>/participants")
def add_members(group_id: str) -> dict[str, Any]:
    """Add participants; existing members are unchanged."""
    state = current_state()
    group = state.document("group", group_id)
    participant_records.add_members(state, group, request_body()["participant_ids"])
    return _members(group)


@blueprint.delete("/<group_id>/participants")
def remove_members(group_id: str) -> dict[str, Any]:
    """Remove participants; non-members are ignored."""
    state = current_state()
    group = state.document("group", group_id)
    participant_records.drop_members(state, group, set(request_body()["participant_ids"]))
    return _members(group)


def _show(group: Document) -> dict[str, Any]:
    shown = {name: value for name, value in group.items() if name != "members"}
    return {**shown, "participant_count": len(group["members"]), "is_deleted": False, "feeder_studies": []}


def _members(group: Document) -> dict[str, Any]:
    return {"results": group["members"], "meta": {"count": len(group["members"])}}
