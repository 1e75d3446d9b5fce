"""Studies: drafts, what they cost, and their way from draft to filled places."""

from __future__ import annotations

from math import ceil
from typing import Any

from flask import Blueprint, Response, request

from ...contract import semantic_rules
from ...contract.http_error import HTTPError
from ...operations import allocation, study_opening, wallet
from ...operations.pagination import page
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage import paid_bonuses, pricing, revealed
from ...storage.clock import iso
from ...storage.store import Document

blueprint = Blueprint("studies", __name__, url_prefix="/api/v1")

_INNER = ("run", "ends", "approves", "published", "reviewed", "settled", "test", "groups")
_STATES = ("UNPUBLISHED", "SCHEDULED", "PUBLISHING", "ACTIVE", "AWAITING REVIEW", "PAUSED", "COMPLETED", "UNKNOWN")
_SHORT = (
    "id",
    "name",
    "internal_name",
    "status",
    "estimated_completion_time",
    "total_available_places",
    "places_taken",
    "number_of_submissions",
    "reward",
    "total_cost",
    "published_at",
    "publish_at",
    "date_created",
    "is_ready_to_publish",
)

# The older way to ask for studies in a state, which Prolific's own command still uses.
_OLDER = {("published", "0"): "UNPUBLISHED", ("active", "1"): "ACTIVE", ("completed", "1"): "COMPLETED"}

_UNBEGUN: Document = {"status": "UNPUBLISHED", "publish_at": None, "run": None, "published": None, "ends": None}


def show(world: SandboxState, study: Document) -> dict[str, Any]:
    """The study as answers show it."""
    now = world.wall()
    found = revealed.counts(world.store, study, now)
    done = sum(found.get(status, 0) for status in revealed.FILLED)
    hourly, currency = study["reward"] * 60 / study["estimated_completion_time"], _currency(world, study)
    return {
        **{name: value for name, value in study.items() if name not in _INNER},
        "status": revealed.status(study, now),
        "published_at": None if study["run"] is None else iso(study["published"]),
        "places_taken": done + found.get("ACTIVE", 0),
        "number_of_submissions": done,
        "total_cost": wallet.cost(study, study["total_available_places"]).total,
        "fees_percentage": pricing.FEE_PER_MILLE / 10,
        "vat_percentage": pricing.VAT_PERCENT,
        "currency_code": currency,
        "average_reward_per_hour": round(hourly),
        "is_underpaying": hourly < pricing.LEAST_PER_HOUR[currency],
        "is_ready_to_publish": True,
    }


def _currency(world: SandboxState, study: Document) -> str:
    return wallet.currency(world, study["workspace"])


def show_short(world: SandboxState, study: Document) -> dict[str, Any]:
    """The study as lists show it."""
    shown = show(world, study)
    # Out of use, but some clients read it without asking whether it is there.
    return {**{name: shown[name] for name in _SHORT}, "study_type": "SINGLE"}


def _with_defaults(world: SandboxState, body: dict[str, Any]) -> Document:
    """A draft with everything that the server fills in."""
    draft = {
        "internal_name": None,
        "external_study_url": None,
        "device_compatibility": [],
        "peripheral_requirements": [],
        "filters": [],
        "project": world.project_id,
        "submissions_config": {"max_submissions_per_participant": 1, "max_concurrent_submissions": -1},
        "data_collection_method": None,
        "data_collection_id": None,
        "maximum_allowed_time": ceil(semantic_rules.shortest_time(body["estimated_completion_time"])),
        **body,
    }
    draft["filters"] = draft["filters"] or []  # the contract takes null for none
    if not draft.get("completion_codes"):
        # Older programs give one code in a field of its own.
        code = draft.get("completion_code") or world.ids.digest("code", draft["id"])[:8].upper()
        draft["completion_codes"] = [
            {"code": code, "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}], "actor": "participant"}
        ]
    draft["approves"] = any(
        action["action"] == "AUTOMATICALLY_APPROVE"
        for code in draft["completion_codes"]
        if code["code_type"] == "COMPLETED" and code.get("actor", "participant") == "participant"
        for action in code["actions"]
    )
    return draft


@blueprint.post("/studies")
def create() -> tuple[dict[str, Any], int]:
    """A draft."""
    world, body = current_state(), request_body()
    semantic_rules.check_study(body)
    base = {"id": world.ids.hex24("study", world.store.next("study"))}
    study = study_opening.with_batch(world, _with_defaults(world, {**body, **base}))
    study |= {"date_created": world.now(), **_UNBEGUN, "publish_at": body.get("publish_at")}
    world.store.put("study", study["id"], study)
    return show(world, study), 201


@blueprint.get("/studies")
def list_() -> dict[str, Any]:
    """All studies, or those in the states asked for: ``state=ACTIVE`` or ``state=(ACTIVE|PAUSED)``."""
    world = current_state()
    return page(_in_states(world, world.store.all("study")), lambda study: show_short(world, study))


def _in_states(world: SandboxState, found: list[Document]) -> list[Document]:
    """Those of the studies that the query's states, or their older forms, ask for."""
    wanted = request.args["state"].strip("()").split("|") if "state" in request.args else []
    unknown = [state for state in wanted if state not in _STATES]
    if unknown:
        sentence = f"There is no state {', '.join(map(repr, unknown))}. Use {', '.join(_STATES)}."
        raise HTTPError(400, sentence, {"state": [sentence]})
    wanted += [state for asked, state in _OLDER.items() if asked in request.args.items()]
    return [study for study in found if not wanted or revealed.status(study, world.wall()) in wanted]


@blueprint.get("/projects/<project_id>/studies")
def list_of_project(project_id: str) -> dict[str, Any]:
    """The studies of a project."""
    world = current_state()
    world.document("project", project_id)
    found = [study for study in world.store.all("study") if study["project"] == project_id]
    return page(_in_states(world, found), lambda study: show_short(world, study), default=20)


@blueprint.get("/studies/<study_id>")
def get(study_id: str) -> dict[str, Any]:
    """One study."""
    return show(current_state(), current_state().document("study", study_id))


@blueprint.patch("/studies/<study_id>")
def update(study_id: str) -> dict[str, Any]:
    """Change a draft, or the little of a published study that may still change."""
    world, body = current_state(), request_body()
    study = world.document("study", study_id)
    changed = _redrafted(world, study, body) if study["run"] is None else _grown(world, study, body)
    world.stamp()
    world.store.put("study", study_id, changed)
    return show(world, changed)


def _redrafted(world: SandboxState, study: Document, body: dict[str, Any]) -> Document:
    changed = {**study, **body}
    if "maximum_allowed_time" not in body:
        # The limit rises with the estimate where it must: who changed only the estimate never chose the limit.
        least = ceil(semantic_rules.shortest_time(changed["estimated_completion_time"]))
        changed["maximum_allowed_time"] = max(study["maximum_allowed_time"], least)
    semantic_rules.check_study(changed)
    return study_opening.with_batch(world, _with_defaults(world, changed))


def _grown(world: SandboxState, study: Document, body: dict[str, Any]) -> Document:
    """The published study with what the body changes; more annotators open more places."""
    if study.get("test"):
        raise HTTPError(
            400, f"Study {study['id']} is a test study and stays as it is. Change the draft and test it again."
        )
    changed = allocation.change(study, body)
    if changed["total_available_places"] == study["total_available_places"]:
        return changed
    before, had = allocation.wanted(study), study.get("groups", 1)
    groups = had if study["data_collection_id"] is None else study_opening.group_count(world, study)
    if groups == had:
        return study_opening.reopened(world, study, changed, allocation.PlaceIncrease(before))
    # Places are computed anew: groups that a sync added without places get theirs now.
    changed |= {"groups": groups, "total_available_places": groups * allocation.annotators(changed)}
    late = allocation.PlaceIncrease(first=had, occasion=f"{before} to {allocation.annotators(changed)}")
    return study_opening.reopened(world, study, changed, allocation.PlaceIncrease(before, end=had), late)


@blueprint.delete("/studies/<study_id>")
def delete(study_id: str) -> Response:
    """Delete a draft."""
    world = current_state()
    if world.document("study", study_id)["status"] != "UNPUBLISHED":
        raise HTTPError(400, "Only drafts can be deleted; this study was published. Stop it instead.")
    world.stamp()
    world.store.drop("study", study_id)
    return Response()


@blueprint.post("/studies/<study_id>/clone")
def clone(study_id: str) -> dict[str, Any]:
    """A new draft like this study; by default it is kept from the people who took part in this one."""
    world, body = current_state(), request_body()
    copy = copied(world, world.document("study", study_id))
    if body.get("block_previous_participants", True):
        copy["filters"] = [*copy["filters"], {"filter_id": allocation.BLOCKED_STUDIES, "selected_values": [study_id]}]
    world.store.put("study", copy["id"], copy)
    return show(world, copy)


def copied(world: SandboxState, source: Document) -> Document:
    """A draft like a study, with an id of its own; nothing has happened in it."""
    kept = {name: value for name, value in source.items() if name not in ("reviewed", "settled", "test")}
    ident, name = world.ids.hex24("study", world.store.next("study")), f"{source['name']} copy"
    return {**kept, "id": ident, "name": name, "date_created": world.now(), **_UNBEGUN}


@blueprint.get("/studies/<study_id>/cost")
def study_cost(study_id: str) -> dict[str, Any]:
    """What the study costs: all its places for drafts and with ``is_projected``, else those taken and not rejected."""
    world = current_state()
    study = world.document("study", study_id)
    whole = study["run"] is None or request.args.get("is_projected", "").lower() in ("true", "1")
    paid = study["total_available_places"] if whole else wallet.due(world, study)
    bonuses = paid_bonuses.paid(world.store, {study_id})
    currency = _currency(world, study)
    return {"rewards": _breakdown(wallet.cost(study, paid), currency), "bonuses": _breakdown(bonuses, currency)}


def _breakdown(cost: pricing.Cost, currency: str) -> dict[str, Any]:
    parts = {"rewards": cost.rewards, "fees": cost.fees, "tax": cost.vat}
    return {name: {"amount": amount, "currency": currency} for name, amount in parts.items()}


@blueprint.post("/study-cost-calculator")
def calculator() -> dict[str, int]:
    """What so many rewards would cost."""
    body = request_body()
    return {"total_cost": pricing.cost(body["reward"], body["total_available_places"]).total}
