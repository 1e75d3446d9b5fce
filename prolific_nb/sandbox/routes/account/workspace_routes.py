"""Workspaces and their projects. The first of each is there from the start and is what is meant where none is named."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from flask.blueprints import BlueprintSetupState

from ...contract import contract
from ...contract.http_error import HTTPError, missing
from ...operations import wallet
from ...operations.pagination import page
from ...state.sandbox_state import EXTENSION, SandboxState, current_state, request_body
from ...storage import pricing
from ...storage.store import Document
from ..studies import study_routes

blueprint = Blueprint("workspaces", __name__, url_prefix="/api/v1")

EMAIL = "researcher@sandbox.invalid"
_INNER = ("funds", "currency_code")
_WORKSPACE_CHANGES = ("title", "description", "naivety_distribution_rate")
_PROJECT_CHANGES = ("title", "description", "owner", "position", "hidden", "type", "public_details", "is_sequential")


def _open(state: BlueprintSetupState) -> None:
    """Make the first workspace and its project, unless the store has them."""
    world: SandboxState = state.app.extensions[EXTENSION]
    world.store.begin()
    try:
        if world.store.get("workspace", world.workspace_id) is None:
            words = "A local sandbox with simulated participants; no money is real."
            first = {"title": "Sandbox", "description": words, "funds": pricing.BALANCE}
            world.store.put("workspace", world.workspace_id, _new_workspace(world, world.workspace_id, first))
            project = _new_project(world, world.project_id, world.workspace_id, {"title": "Sandbox project"})
            world.store.put("project", world.project_id, project)
            world.store.commit()
    finally:
        world.store.end()


blueprint.record(_open)


def _new_workspace(world: SandboxState, ident: str, body: dict[str, Any]) -> Document:
    # Money gets into a workspace on Prolific's page, which the sandbox has not: a new one stays without.
    empty = {"description": None, "naivety_distribution_rate": None, "currency_code": pricing.CURRENCY, "funds": 0}
    return {"id": ident, **empty, "owner": world.user_id, **body}


def _new_project(world: SandboxState, ident: str, workspace_id: str, body: dict[str, Any]) -> Document:
    return {
        "id": ident,
        "description": None,
        "owner": world.user_id,
        "type": "PRIVATE",
        "public_details": None,
        "workspace": workspace_id,
        "naivety_distribution_rate": None,
        "is_longitudinal": False,
        "longitudinal": None,
        **body,
    }


def _users(world: SandboxState, role: str) -> list[dict[str, Any]]:
    return [{"id": world.user_id, "name": "Sandbox Researcher", "email": EMAIL, "roles": [role]}]


def _show(world: SandboxState, workspace: Document) -> dict[str, Any]:
    return {
        **{name: value for name, value in workspace.items() if name not in _INNER},
        "users": _users(world, "WORKSPACE_ADMIN"),
        "projects": [
            {name: project[name] for name in ("id", "title", "type")} for project in _projects(world, workspace["id"])
        ],
    }


def _projects(world: SandboxState, workspace_id: str) -> list[Document]:
    return [project for project in world.store.all("project") if project["workspace"] == workspace_id]


def _show_project(world: SandboxState, project: Document) -> dict[str, Any]:
    return {**project, "users": _users(world, "PROJECT_EDITOR")}


def _known(schema: str) -> dict[str, Any]:
    """The fields of the request's body that its schema knows."""
    body = request_body()
    return {name: body[name] for name in _fields(schema) if name in body}


def _fields(schema: str) -> list[str]:
    return list(contract.document()["components"]["schemas"][schema]["properties"])


def _changed(kept: Document, body: dict[str, Any], possible: tuple[str, ...], schema: str) -> Document:
    """The document with what the body changes; every field that cannot be changed, or not so, is refused."""
    faults = {name: [f"This cannot be changed; {', '.join(possible)} can."] for name in body if name not in possible}
    for name in [known for known in _fields(schema) if known in body and known not in faults]:
        told = list(contract.judge(f"#/components/schemas/{schema}/properties/{name}", body[name]))
        if told:
            faults[name] = [fault.message for fault in told]
    if faults:
        raise HTTPError(400, " ".join(f"{name}: {' '.join(told)}" for name, told in faults.items()), faults)
    return {**kept, **body}


def _check_rate(record: Document) -> None:
    rate = record["naivety_distribution_rate"]
    if rate is not None and not 0 <= rate <= 1:
        sentence = f"naivety_distribution_rate is {rate}, but it lies from 0 to 1. Leave it out if unsure."
        raise HTTPError(400, sentence, {"naivety_distribution_rate": [sentence]})


def _check_project(world: SandboxState, project: Document) -> None:
    _check_rate(project)
    if project["public_details"] is not None and project["type"] != "PUBLIC":
        sentence = "public_details are those of a PUBLIC project. Make it PUBLIC, or leave them out."
        raise HTTPError(400, sentence, {"public_details": [sentence]})
    if project["owner"] != world.user_id:
        sentence = f"There is no user {project['owner']} in this workspace; there is {world.user_id}."
        raise HTTPError(400, sentence, {"owner": [sentence]})


@blueprint.get("/workspaces")
def list_workspaces() -> dict[str, Any]:
    """All workspaces of the account."""
    world = current_state()
    return page(world.store.all("workspace"), lambda each: _show(world, each))


@blueprint.post("/workspaces")
def create_workspace() -> tuple[dict[str, Any], int]:
    """A new workspace, without money and without projects."""
    world = current_state()
    ident = world.ids.hex24("workspace", world.workspace_id, world.store.next("workspace"))
    workspace = _new_workspace(world, ident, _known("CreateWorkspace"))
    _check_rate(workspace)
    world.stamp()
    world.store.put("workspace", ident, workspace)
    return _show(world, workspace), 201


@blueprint.get("/workspaces/<workspace_id>")
def get_workspace(workspace_id: str) -> dict[str, Any]:
    """One workspace."""
    return _show(current_state(), current_state().document("workspace", workspace_id))


@blueprint.patch("/workspaces/<workspace_id>")
def update_workspace(workspace_id: str) -> dict[str, Any]:
    """Another title, description or distribution; the currency stays, since money was counted in it."""
    world = current_state()
    workspace = _changed(world.document("workspace", workspace_id), request_body(), _WORKSPACE_CHANGES, "Workspace")
    _check_rate(workspace)
    world.stamp()
    world.store.put("workspace", workspace_id, workspace)
    return _show(world, workspace)


@blueprint.get("/workspaces/<workspace_id>/balance")
def balance(workspace_id: str) -> dict[str, Any]:
    """The money of a workspace, in minor units: without what was paid; published studies hold some of it."""
    world = current_state()
    total, available = wallet.balance(world, workspace_id), wallet.available(world, workspace_id)
    return {
        "currency_code": wallet.currency(world, workspace_id),
        "total_balance": total,
        "balance_breakdown": vars(pricing.split(total)),
        "available_balance": available,
        "available_balance_breakdown": vars(pricing.split(available)),
    }


@blueprint.get("/workspaces/<workspace_id>/projects")
def list_projects(workspace_id: str) -> dict[str, Any]:
    """The projects of a workspace."""
    world = current_state()
    world.document("workspace", workspace_id)
    return page(_projects(world, workspace_id), lambda each: _show_project(world, each))


@blueprint.post("/workspaces/<workspace_id>/projects")
def create_project(workspace_id: str) -> tuple[dict[str, Any], int]:
    """A new project in a workspace."""
    world = current_state()
    world.document("workspace", workspace_id)
    ident = world.ids.hex24("project", workspace_id, world.store.next("project"))
    project = _new_project(world, ident, workspace_id, _known("CreateProject"))
    _check_project(world, project)
    world.stamp()
    world.store.put("project", ident, project)
    return _show_project(world, project), 201


@blueprint.get("/projects/<project_id>")
def get_project(project_id: str) -> dict[str, Any]:
    """One project."""
    return _show_project(current_state(), current_state().document("project", project_id))


@blueprint.patch("/projects/<project_id>")
def update_project(project_id: str) -> dict[str, Any]:
    """Change a project; it stays in its workspace."""
    world = current_state()
    project = _changed(world.document("project", project_id), request_body(), _PROJECT_CHANGES, "UpdateProject")
    _check_project(world, project)
    world.stamp()
    world.store.put("project", project_id, project)
    return _show_project(world, project)


@blueprint.delete("/projects/<project_id>/studies/<study_id>")
def remove_study(project_id: str, study_id: str) -> Response:
    """Delete a draft by way of its project."""
    world = current_state()
    world.document("project", project_id)
    if world.document("study", study_id)["project"] != project_id:
        raise missing(f"study of project {project_id}", study_id)
    study_routes.delete(study_id)
    return Response(status=204)
