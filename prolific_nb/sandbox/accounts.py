"""The account behind the token: its user, workspace, project and money."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from . import payments, pricing
from .paging import page
from .refusal import missing
from .studies import available_balance
from .world import World, here

blueprint = Blueprint("accounts", __name__, url_prefix="/api/v1")


@blueprint.get("/users/me")
def me() -> dict[str, Any]:
    """The researcher."""
    world = here()
    return {
        "id": world.user_id,
        "email": "researcher@sandbox.invalid",
        "name": "Sandbox Researcher",
        "currency_code": pricing.CURRENCY,
        "balance": pricing.BALANCE - payments.paid(world.store).total,
        "available_balance": available_balance(world),
    }


def _workspace(world: World) -> dict[str, Any]:
    return {
        "id": world.workspace_id,
        "title": "Sandbox",
        "description": "A local sandbox with simulated participants; no money is real.",
        "owner": world.user_id,
        "users": [{"id": world.user_id, "name": "Sandbox Researcher", "roles": ["WORKSPACE_ADMIN"]}],
        "projects": [_project(world)],
    }


def _project(world: World) -> dict[str, Any]:
    return {
        "id": world.project_id,
        "title": "Sandbox project",
        "description": None,
        "owner": world.user_id,
        "type": "PRIVATE",
        "workspace": world.workspace_id,
        "is_longitudinal": False,
    }


def _own(world: World, workspace_id: str) -> None:
    """A workspace of somebody else looks as if it did not exist."""
    if workspace_id != world.workspace_id:
        raise missing("workspace", workspace_id)


@blueprint.get("/workspaces")
def list_workspaces() -> dict[str, Any]:
    """The sandbox's only workspace."""
    return page([here()], _workspace)


@blueprint.get("/workspaces/<workspace_id>")
def get_workspace(workspace_id: str) -> dict[str, Any]:
    """One workspace."""
    _own(here(), workspace_id)
    return _workspace(here())


@blueprint.get("/workspaces/<workspace_id>/balance")
def balance(workspace_id: str) -> dict[str, Any]:
    """The money of the workspace, in pence: without what paid bonuses took; published studies hold some of it."""
    world = here()
    _own(world, workspace_id)
    total, available = pricing.BALANCE - payments.paid(world.store).total, available_balance(world)
    return {
        "currency_code": pricing.CURRENCY,
        "total_balance": total,
        "balance_breakdown": vars(pricing.split(total)),
        "available_balance": available,
        "available_balance_breakdown": vars(pricing.split(available)),
    }


@blueprint.get("/workspaces/<workspace_id>/projects")
def list_projects(workspace_id: str) -> dict[str, Any]:
    """The workspace's only project."""
    _own(here(), workspace_id)
    return page([here()], _project)


@blueprint.get("/projects/<project_id>")
def get_project(project_id: str) -> dict[str, Any]:
    """One project."""
    if project_id != here().project_id:
        raise missing("project", project_id)
    return _project(here())


@blueprint.get("/reward-recommendations")
def reward_recommendations() -> list[dict[str, Any]]:
    """The floor and the advice for an hourly reward, in minor units."""
    currency = request.args["currency"]
    return [
        {
            "currency": currency,
            "min_reward_per_hour": pricing.LEAST_PER_HOUR[currency],
            "recommended_reward_per_hour": pricing.ADVISED_PER_HOUR[currency],
        }
    ]
