"""Workspaces and their projects. The first of each exists from the start and is the default."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response
from flask.blueprints import BlueprintSetupState

from ...contract import contract
from ...contract.http_error import HTTPError, invalid, missing
from ...operations import wallet
from ...state.pagination import page
from ...state.sandbox_state import EXTENSION, SandboxState, current_state, request_body
from ...storage import pricing
from ...storage.store import Document
from ..studies import study_routes

blueprint = Blueprint("workspaces", __name__, url_prefix="/api/v1")

EMAIL = "researcher@sandbox.invalid"
_INNER = ("funds", "currency_code")
_WORKSPACE_CHANGES = ("title", "description", "naivety_distribution_rate")
_PROJECT_CHANGES = ("title", "description", "owner", "position", "hidden", "type", "public_details", "is_sequential")


def _create_first(setup: BlueprintSetupState) -> None:
    """Create the first workspace and its project, unless the store has them."""
    state: SandboxState = setup.app.extensions[EXTENSION]
    state.store.begin()
    try:
        if state.store.get("workspace", state.workspace_id) is None:
            description = "A local sandbox with simulated participants; no money is real."
            first = {"title": "Sandbox", "description": description, "funds": pricing.BALANCE}
            state.store.put("workspace", state.workspace_id, _new_workspace(state, state.workspace_id, first))
            project = _new_project(state, state.project_id, state.workspace_id, {"title": "Sandbox project"})
            state.store.put("project", state.project_id, project)
            state.store.commit()
    finally:
        state.store.end()


blueprint.record(_create_first)


def _new_workspace(state: SandboxState, ident: str, body: dict[str, Any]) -> Document:
    # Funds can only be added on Prolific's website, which the sandbox lacks: a new workspace has none.
    empty = {"description": None, "naivety_distribution_rate": None, "currency_code": pricing.CURRENCY, "funds": 0}
    return {"id": ident, **empty, "owner": state.user_id, **body}


def _new_project(state: SandboxState, ident: str, workspace_id: str, body: dict[str, Any]) -> Document:
    return {
        "id": ident,
        "description": None,
        "owner": state.user_id,
        "type": "PRIVATE",
        "public_details": None,
        "workspace": workspace_id,
        "naivety_distribution_rate": None,
        "is_longitudinal": False,
        "longitudinal": None,
        **body,
    }


def _users(state: SandboxState, role: str) -> list[dict[str, Any]]:
    return [{"id": state.user_id, "name": "Sandbox Researcher", "email": EMAIL, "roles": [role]}]


def _show(state: SandboxState, workspace: Document) -> dict[str, Any]:
    return {
        **{name: value for name, value in workspace.items() if name not in _INNER},
        "users": _users(state, "WORKSPACE_ADMIN"),
        "projects": [
            {name: project[name] for name in ("id", "title", "type")} for project in _projects(state, workspace["id"])
        ],
    }


def _projects(state: SandboxState, workspace_id: str) -> list[Document]:
    return [project for project in state.store.all("project") if project["workspace"] == workspace_id]


def _show_project(state: SandboxState, project: Document) -> dict[str, Any]:
    return {**project, "users": _users(state, "PROJECT_EDITOR")}


def _known(schema: str) -> dict[str, Any]:
    """The fields of the request's body that are in its schema."""
    body = request_body()
    return {name: body[name] for name in _fields(schema) if name in body}


def _fields(schema: str) -> list[str]:
    return list(contract.document()["components"]["schemas"][schema]["properties"])


def _changed(kept: Document, body: dict[str, Any], possible: tuple[str, ...], schema: str) -> Document:
    """The document with the changes of the body; read-only fields and invalid values are refused."""
    faults = {
        name: [f"This cannot be changed. Only {', '.join(possible)} can."] for name in body if name not in possible
    }
    for name in [known for known in _fields(schema) if known in body and known not in faults]:
        found = list(contract.validate(f"#/components/schemas/{schema}/properties/{name}", body[name]))
        if found:
            faults[name] = [fault.message for fault in found]
    if faults:
        raise HTTPError(400, " ".join(f"{name}: {' '.join(messages)}" for name, messages in faults.items()), faults)
    return {**kept, **body}


def _check_rate(record: Document) -> None:
    rate = record["naivety_distribution_rate"]
    if rate is not None and not 0 <= rate <= 1:
        sentence = f"naivety_distribution_rate is {rate}, but must be from 0 to 1. Omit it if unsure."
        raise invalid("naivety_distribution_rate", sentence)


def _check_project(state: SandboxState, project: Document) -> None:
    _check_rate(project)
    if project["public_details"] is not None and project["type"] != "PUBLIC":
        sentence = "public_details are for projects of type PUBLIC only. Change the type, or omit them."
        raise invalid("public_details", sentence)
    if project["owner"] != state.user_id:
        sentence = f"There is no user {project['owner']} in this workspace. Its only user is {state.user_id}."
        raise invalid("owner", sentence)


@blueprint.get("/workspaces")
def list_workspaces() -> dict[str, Any]:
    """All workspaces of the account."""
    state = current_state()
    return page(state.store.all("workspace"), lambda each: _show(state, each))


@blueprint.post("/workspaces")
def create_workspace() -> tuple[dict[str, Any], int]:
    """Create a workspace, without funds and projects."""
    state = current_state()
    ident = state.ids.hex24("workspace", state.workspace_id, state.store.next("workspace"))
    workspace = _new_workspace(state, ident, _known("CreateWorkspace"))
    _check_rate(workspace)
    state.stamp()
    state.store.put("workspace", ident, workspace)
    return _show(state, workspace), 201


@blueprint.get("/workspaces/<workspace_id>")
def get_workspace(workspace_id: str) -> dict[str, Any]:
    """One workspace."""
    return _show(current_state(), current_state().document("workspace", workspace_id))


@blueprint.patch("/workspaces/<workspace_id>")
def update_workspace(workspace_id: str) -> dict[str, Any]:
    """Change title, description or distribution; the currency cannot change, since amounts are stored in it."""
    state = current_state()
    workspace = _changed(state.document("workspace", workspace_id), request_body(), _WORKSPACE_CHANGES, "Workspace")
    _check_rate(workspace)
    state.stamp()
    state.store.put("workspace", workspace_id, workspace)
    return _show(state, workspace)


@blueprint.get("/workspaces/<workspace_id>/balance")
def balance(workspace_id: str) -> dict[str, Any]:
    """Total and available balance in minor units; the available one excludes funds committed to studies."""
    state = current_state()
    total, available = wallet.balance(state, workspace_id), wallet.available(state, workspace_id)
    return {
        "currency_code": wallet.currency(state, workspace_id),
        "total_balance": total,
        "balance_breakdown": vars(pricing.split(total)),
        "available_balance": available,
        "available_balance_breakdown": vars(pricing.split(available)),
    }


@blueprint.get("/workspaces/<workspace_id>/projects")
def list_projects(workspace_id: str) -> dict[str, Any]:
    """The projects of a workspace."""
    state = current_state()
    state.document("workspace", workspace_id)
    return page(_projects(state, workspace_id), lambda each: _show_project(state, each))


@blueprint.post("/workspaces/<workspace_id>/projects")
def create_project(workspace_id: str) -> tuple[dict[str, Any], int]:
    """Create a project in a workspace."""
    state = current_state()
    state.document("workspace", workspace_id)
    ident = state.ids.hex24("project", workspace_id, state.store.next("project"))
    project = _new_project(state, ident, workspace_id, _known("CreateProject"))
    _check_project(state, project)
    state.stamp()
    state.store.put("project", ident, project)
    return _show_project(state, project), 201


@blueprint.get("/projects/<project_id>")
def get_project(project_id: str) -> dict[str, Any]:
    """One project."""
    return _show_project(current_state(), current_state().document("project", project_id))


@blueprint.patch("/projects/<project_id>")
def update_project(project_id: str) -> dict[str, Any]:
    """Change a project; its workspace cannot change."""
    state = current_state()
    project = _changed(state.document("project", project_id), request_body(), _PROJECT_CHANGES, "UpdateProject")
    _check_project(state, project)
    state.stamp()
    state.store.put("project", project_id, project)
    return _show_project(state, project)


@blueprint.delete("/projects/<project_id>/studies/<study_id>")
def remove_study(project_id: str, study_id: str) -> Response:
    """Delete a draft of a project."""
    state = current_state()
    state.document("project", project_id)
    if state.document("study", study_id)["project"] != project_id:
        raise missing(f"study of project {project_id}", study_id)
    study_routes.delete(study_id)
    return Response(status=204)
