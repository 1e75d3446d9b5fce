"""Studies: drafts, what they cost, and their way from draft to filled places."""

from __future__ import annotations

import re
from math import ceil
from typing import Any

from flask import Blueprint, Response, request

from . import batches, payments, places, pricing, progress, rules
from .clock import iso
from .paging import page
from .refusal import Refusal
from .store import Document
from .world import World, here, sent

blueprint = Blueprint("studies", __name__, url_prefix="/api/v1")

_INNER = ("run", "ends", "approves", "published", "reviewed")
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

_UNBEGUN: Document = {"status": "UNPUBLISHED", "publish_at": None, "run": None, "published": None, "ends": None}


def show(world: World, study: Document) -> dict[str, Any]:
    """The study as answers show it."""
    now = world.wall()
    found = progress.counts(world.store, study, now)
    done = sum(found.get(status, 0) for status in progress.FILLED)
    hourly = study["reward"] * 60 / study["estimated_completion_time"]
    return {
        **{name: value for name, value in study.items() if name not in _INNER},
        "status": progress.status(study, now),
        "published_at": None if study["run"] is None else iso(study["published"]),
        "places_taken": done + found.get("ACTIVE", 0),
        "number_of_submissions": done,
        "total_cost": pricing.cost(study["reward"], study["total_available_places"]).total,
        "fees_percentage": pricing.FEE_PER_MILLE / 10,
        "vat_percentage": pricing.VAT_PERCENT,
        "currency_code": pricing.CURRENCY,
        "average_reward_per_hour": round(hourly),
        "is_underpaying": hourly < pricing.LEAST_PER_HOUR[pricing.CURRENCY],
        "is_ready_to_publish": True,
    }


def show_short(world: World, study: Document) -> dict[str, Any]:
    """The study as lists show it."""
    shown = show(world, study)
    return {name: shown[name] for name in _SHORT}


def _with_defaults(world: World, body: dict[str, Any]) -> Document:
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
        "maximum_allowed_time": ceil(rules.shortest_time(body["estimated_completion_time"])),
        **body,
    }
    draft["filters"] = draft["filters"] or []  # the contract takes null for none
    if not draft.get("completion_codes"):
        code = world.ids.digest("code", draft["id"])[:8].upper()
        draft["completion_codes"] = [
            {"code": code, "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}], "actor": "participant"}
        ]
    draft["approves"] = any(
        action["action"] == "AUTOMATICALLY_APPROVE"
        for code in draft["completion_codes"]
        if code["code_type"] == "COMPLETED"
        for action in code["actions"]
    )
    return draft


def with_batch(world: World, study: Document) -> Document:
    """The study with its places computed from its batch; the project checked."""
    if study["project"] != world.project_id:
        raise Refusal(400, f"There is no project {study['project']} in this workspace; it has {world.project_id}.")
    if study["data_collection_method"] == "AI_TASK_BUILDER_COLLECTION":
        raise Refusal(501, "Studies of collections are not part of the sandbox. Use AI_TASK_BUILDER_BATCH.")
    if study["data_collection_method"] is None:
        return study
    batch = world.store.get("batch", study["data_collection_id"])
    if batch is None:
        raise Refusal(
            400, f"There is no batch {study['data_collection_id']} in this sandbox. Check data_collection_id."
        )
    if batches.state(world, batch) != "READY":
        state = batches.state(world, batch)
        raise Refusal(400, f"Batch {batch['id']} is {state}, not READY. Set it up and wait before attaching it.")
    groups = {task["group_id"] for task in batches.tasks(world, batch)}
    return {**study, "total_available_places": len(groups) * places.annotators(study)}


@blueprint.post("/studies")
def create() -> tuple[dict[str, Any], int]:
    """A draft."""
    world, body = here(), sent()
    rules.check_study(body)
    base = {"id": world.ids.hex24("study", world.store.next("study")), "workspace": world.workspace_id}
    study = with_batch(world, _with_defaults(world, {**body, **base}))
    study |= {"date_created": world.now(), **_UNBEGUN}
    world.store.put("study", study["id"], study)
    return show(world, study), 201


@blueprint.get("/studies")
def list_() -> dict[str, Any]:
    """All studies, or those in the states asked for: ``state=ACTIVE`` or ``state=(ACTIVE|PAUSED)``."""
    world, wanted = here(), re.findall(r"[A-Z][A-Z ]*[A-Z]", request.args.get("state", ""))
    studies = world.store.all("study")
    found = [study for study in studies if not wanted or progress.status(study, world.wall()) in wanted]
    return page(found, lambda study: show_short(world, study))


@blueprint.get("/projects/<project_id>/studies")
def list_of_project(project_id: str) -> dict[str, Any]:
    """The studies of a project."""
    world = here()
    found = [study for study in world.store.all("study") if study["project"] == project_id]
    return page(found, lambda study: show_short(world, study), default=20)


@blueprint.get("/studies/<study_id>")
def get(study_id: str) -> dict[str, Any]:
    """One study."""
    return show(here(), here().document("study", study_id))


@blueprint.patch("/studies/<study_id>")
def update(study_id: str) -> dict[str, Any]:
    """Change a draft, or the little of a published study that may still change."""
    world, body = here(), sent()
    study = world.document("study", study_id)
    changed = _redrafted(world, study, body) if study["run"] is None else _grown(world, study, body)
    world.stamp()
    world.store.put("study", study_id, changed)
    return show(world, changed)


def _redrafted(world: World, study: Document, body: dict[str, Any]) -> Document:
    changed = {**study, **body}
    if "maximum_allowed_time" not in body:
        # The limit rises with the estimate where it must: who changed only the estimate never chose the limit.
        least = ceil(rules.shortest_time(changed["estimated_completion_time"]))
        changed["maximum_allowed_time"] = max(study["maximum_allowed_time"], least)
    rules.check_study(changed)
    return with_batch(world, _with_defaults(world, changed))


def _grown(world: World, study: Document, body: dict[str, Any]) -> Document:
    """The published study with more places, open again unless it is paused; what has happened in it stays."""
    changed, now = places.change(study, body), world.wall()
    if changed["total_available_places"] == study["total_available_places"]:
        return changed
    whole = pricing.cost(changed["reward"], changed["total_available_places"]).total
    check_funds(world, whole - _held(world, study), "The new places cost")
    begun, paused = progress.elapsed(study, now), progress.status(study, now) == "PAUSED"
    ends = max(study["ends"], places.fill(world, changed, places.wanted(study), begun))
    changed["status"] = "PAUSED" if paused else "ACTIVE"
    return {**changed, "ends": ends, "run": run_clock(world, begun, None if paused else now)}


def run_clock(world: World, before: float, since: float | None) -> Document:
    """The study's clock: sandbox seconds that have passed, and the wall time from which it runs on."""
    return {"before": before, "since": since, "speed": world.speed}


@blueprint.delete("/studies/<study_id>")
def delete(study_id: str) -> Response:
    """Delete a draft."""
    world = here()
    if world.document("study", study_id)["status"] != "UNPUBLISHED":
        raise Refusal(400, "Only drafts can be deleted; this study was published. Stop it instead.")
    world.stamp()
    world.store.drop("study", study_id)
    return Response(status=204)


@blueprint.post("/studies/<study_id>/clone")
def clone(study_id: str) -> dict[str, Any]:
    """A new draft like this study; by default it is kept from the people who took part in this one."""
    world, body = here(), sent()
    source = world.document("study", study_id)
    blocked = {"filter_id": places.BLOCKED_STUDIES, "selected_values": [study_id]}
    copy = {
        **source,
        "id": world.ids.hex24("study", world.store.next("study")),
        "name": f"{source['name']} copy",
        "filters": [*source["filters"], *([blocked] if body.get("block_previous_participants", True) else [])],
        "date_created": world.now(),
        **_UNBEGUN,
    }
    copy.pop("reviewed", None)
    world.store.put("study", copy["id"], copy)
    return show(world, copy)


def check_funds(world: World, needed: int, what: str) -> None:
    """Refuse to spend what is not there, or what the sandbox was asked not to find.

    Parameters
    ----------
    needed : int
        Pence.
    what : str
        What costs it, and the verb: ``"The study costs"``.

    Raises
    ------
    Refusal
        400.
    """
    lost, available = world.trouble("no funds"), available_balance(world)
    if lost or needed > available:
        short = "which cannot be paid" if lost else f"but only {available} are available"
        raise Refusal(
            400,
            f"{what} {needed} pence, {short} in workspace {world.workspace_id}. Add funds, or spend less.",
        )


def available_balance(world: World) -> int:
    """The money that no published study holds and no bonus took, in pence."""
    free = pricing.BALANCE - payments.paid(world.store).total
    return free - sum(_held(world, study) for study in world.store.all("study"))


def _held(world: World, study: Document) -> int:
    """The money that a study holds, in pence: for all its places, or once it has ended for those taken."""
    if study["run"] is None:
        return 0
    ended = progress.status(study, world.wall()) == "COMPLETED"
    taken = show(world, study)["places_taken"] if ended else study["total_available_places"]
    return pricing.cost(study["reward"], taken).total


@blueprint.get("/studies/<study_id>/cost")
def study_cost(study_id: str) -> dict[str, Any]:
    """What the study costs: all its places for drafts and with ``is_projected``, else the places taken so far."""
    world = here()
    study = world.document("study", study_id)
    whole = study["run"] is None or request.args.get("is_projected", "").lower() in ("true", "1")
    paid = study["total_available_places"] if whole else show(world, study)["places_taken"]
    bonuses = payments.paid(world.store, study_id)
    return {"rewards": _breakdown(pricing.cost(study["reward"], paid)), "bonuses": _breakdown(bonuses)}


def _breakdown(cost: pricing.Cost) -> dict[str, Any]:
    parts = {"rewards": cost.rewards, "fees": cost.fees, "tax": cost.vat}
    return {name: {"amount": amount, "currency": pricing.CURRENCY} for name, amount in parts.items()}


@blueprint.post("/study-cost-calculator")
def calculator() -> dict[str, int]:
    """What so many rewards would cost."""
    body = sent()
    return {"total_cost": pricing.cost(body["reward"], body["total_available_places"]).total}
