"""Participant groups: lists of people by name, which studies can be offered to or kept from."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ...contract.http_error import HTTPError
from ...operations import group_members
from ...operations.pagination import page
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage.store import Document

blueprint = Blueprint("groups", __name__, url_prefix="/api/v1/participant-groups")

_OWNERS = ("workspace_id", "project_id", "organisation_id")


@blueprint.get("")
def list_groups() -> dict[str, Any]:
    """The groups of a workspace or a project."""
    world = current_state()
    asked = {name: request.args[name] for name in _OWNERS if name in request.args}
    if not asked:
        sentence = "Say whose groups: workspace_id=… or project_id=…."
        raise HTTPError(400, sentence, {"workspace_id": [sentence]})
    owners = {asked.get("workspace_id"), _of_project(world, asked.get("project_id"))} - {None}
    named = "organisation_id" not in asked and len(owners) == 1
    return page([group for group in world.store.all("group") if named and group["workspace_id"] in owners], _show)


def _of_project(world: SandboxState, project_id: str | None) -> str | None:
    """The workspace whose groups a project can use; an unknown project stands for one that has none."""
    if project_id is None:
        return None
    return str((world.store.get("project", project_id) or {"workspace": ""})["workspace"])


@blueprint.post("")
def create_group() -> ResponseReturnValue:
    """A new group, with people or without."""
    world, body = current_state(), request_body()
    if "organisation_id" in body or "workspace_id" not in body:
        sentence = "A group belongs to a workspace here: pass workspace_id."
        raise HTTPError(400, sentence, {"workspace_id": [sentence]})
    world.check_workspace(body["workspace_id"], 400)
    ident = world.ids.hex24("group", world.store.next("groups"))
    group: Document = {
        "id": ident,
        "name": body["name"],
        "description": body.get("description"),
        "workspace_id": body["workspace_id"],
        "project_id": None,
        "members": [],
    }
    group_members.add(world, group, body.get("participant_ids", []))
    return _show(group), 201


@blueprint.get("/<group_id>")
def get_group(group_id: str) -> dict[str, Any]:
    """One group."""
    return _show(current_state().document("group", group_id))


@blueprint.patch("/<group_id>")
def update_group(group_id: str) -> dict[str, Any]:
    """Another name, or other people: the list replaces the whole membership."""
    world, body = current_state(), request_body()
    group = world.document("group", group_id)
    group |= {name: body[name] for name in ("name", "description") if name in body}
    if "participant_ids" in body:
        kept = set(body["participant_ids"])
        group["members"] = [each for each in group["members"] if each["participant_id"] in kept]
    group_members.add(world, group, body.get("participant_ids", []))
    return _show(group)


@blueprint.delete("/<group_id>")
def delete_group(group_id: str) -> ResponseReturnValue:
    """Gone for good; its people stay."""
    world = current_state()
    world.document("group", group_id)
    world.store.drop("group", group_id)
    return "", 204


@blueprint.get("/<group_id>/participants")
def list_members(group_id: str) -> dict[str, Any]:
    """The people of a group."""
    return _members(current_state().document("group", group_id))


@blueprint.post("/<group_id>/participants")
def add_members(group_id: str) -> dict[str, Any]:
    """More people; who is in already stays as they are."""
    world = current_state()
    group = world.document("group", group_id)
    group_members.add(world, group, request_body()["participant_ids"])
    return _members(group)


@blueprint.delete("/<group_id>/participants")
def remove_members(group_id: str) -> dict[str, Any]:
    """Fewer people; who is not in is no error."""
    world = current_state()
    group = world.document("group", group_id)
    group_members.drop(world, group, set(request_body()["participant_ids"]))
    return _members(group)


def _show(group: Document) -> dict[str, Any]:
    shown = {name: value for name, value in group.items() if name != "members"}
    return {**shown, "participant_count": len(group["members"]), "is_deleted": False, "feeder_studies": []}


def _members(group: Document) -> dict[str, Any]:
    return {"results": group["members"], "meta": {"count": len(group["members"])}}
