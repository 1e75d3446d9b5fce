"""Studies: drafts, what they cost, and their way from draft to filled places."""

from __future__ import annotations

from math import ceil
from typing import Any

from flask import Blueprint, Response, request

from . import batches, payments, places, pricing, progress, rules, wallet
from .clock import iso
from .paging import page
from .refusal import Refusal
from .store import Document
from .world import World, here, sent

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


def show(world: World, study: Document) -> dict[str, Any]:
    """The study as answers show it."""
    now = world.wall()
    found = progress.counts(world.store, study, now)
    done = sum(found.get(status, 0) for status in progress.FILLED)
    hourly, currency = study["reward"] * 60 / study["estimated_completion_time"], _currency(world, study)
    return {
        **{name: value for name, value in study.items() if name not in _INNER},
        "status": progress.status(study, now),
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


def _currency(world: World, study: Document) -> str:
    return wallet.currency(world, study["workspace"])


def show_short(world: World, study: Document) -> dict[str, Any]:
    """The study as lists show it."""
    shown = show(world, study)
    # Out of use, but some clients read it without asking whether it is there.
    return {**{name: shown[name] for name in _SHORT}, "study_type": "SINGLE"}


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


def with_batch(world: World, study: Document) -> Document:
    """The study in the workspace of its project, with its places computed from its batch."""
    project = world.store.get("project", study["project"])
    if project is None:
        known = ", ".join(each["id"] for each in world.store.all("project"))
        raise Refusal(400, f"This account has no project {study['project']}; it has {known}.")
    study = {**study, "workspace": project["workspace"]}
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
    if batch["workspace_id"] != study["workspace"]:
        sentence = f"Batch {batch['id']} is in workspace {batch['workspace_id']}, project {study['project']} in"
        raise Refusal(400, f"{sentence} {study['workspace']}. Use a batch of the project's workspace.")
    groups = batches.group_count(world, batch)
    return {**study, "groups": groups, "total_available_places": groups * places.annotators(study)}


@blueprint.post("/studies")
def create() -> tuple[dict[str, Any], int]:
    """A draft."""
    world, body = here(), sent()
    rules.check_study(body)
    base = {"id": world.ids.hex24("study", world.store.next("study"))}
    study = with_batch(world, _with_defaults(world, {**body, **base}))
    study |= {"date_created": world.now(), **_UNBEGUN, "publish_at": body.get("publish_at")}
    world.store.put("study", study["id"], study)
    return show(world, study), 201


@blueprint.get("/studies")
def list_() -> dict[str, Any]:
    """All studies, or those in the states asked for: ``state=ACTIVE`` or ``state=(ACTIVE|PAUSED)``."""
    world = here()
    return page(_in_states(world, world.store.all("study")), lambda study: show_short(world, study))


def _in_states(world: World, found: list[Document]) -> list[Document]:
    """Those of the studies that the query's states, or their older forms, ask for."""
    wanted = request.args["state"].strip("()").split("|") if "state" in request.args else []
    unknown = [state for state in wanted if state not in _STATES]
    if unknown:
        sentence = f"There is no state {', '.join(map(repr, unknown))}. Use {', '.join(_STATES)}."
        raise Refusal(400, sentence, {"state": [sentence]})
    wanted += [state for asked, state in _OLDER.items() if asked in request.args.items()]
    return [study for study in found if not wanted or progress.status(study, world.wall()) in wanted]


@blueprint.get("/projects/<project_id>/studies")
def list_of_project(project_id: str) -> dict[str, Any]:
    """The studies of a project."""
    world = here()
    world.document("project", project_id)
    found = [study for study in world.store.all("study") if study["project"] == project_id]
    return page(_in_states(world, found), lambda study: show_short(world, study), default=20)


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
    """The published study with what the body changes; more annotators open more places."""
    if study.get("test"):
        raise Refusal(
            400, f"Study {study['id']} is a test study and stays as it is. Change the draft and test it again."
        )
    changed = places.change(study, body)
    if changed["total_available_places"] == study["total_available_places"]:
        return changed
    before, had = places.wanted(study), study.get("groups", 1)
    groups = had if study["data_collection_id"] is None else _group_count(world, study)
    if groups == had:
        return reopened(world, study, changed, places.Opening(before))
    # Places are computed anew: groups that a sync added without places get theirs now.
    changed |= {"groups": groups, "total_available_places": groups * places.annotators(changed)}
    late = places.Opening(first=had, occasion=f"{before} to {places.annotators(changed)}")
    return reopened(world, study, changed, places.Opening(before, end=had), late)


def _group_count(world: World, study: Document) -> int:
    return batches.group_count(world, world.document("batch", study["data_collection_id"]))


def reopened(world: World, study: Document, changed: Document, *openings: places.Opening) -> Document:
    """The published study with more places, open again unless it is paused; what has happened in it stays.

    Raises
    ------
    Refusal
        400 if the new places cannot be paid.
    """
    now = world.wall()
    whole = wallet.cost(changed, changed["total_available_places"]).total
    wallet.check_funds(world, study["workspace"], whole - wallet.committed(world, study), "The new places cost")
    begun, paused = progress.elapsed(study, now), progress.status(study, now) == "PAUSED"
    ends = max(study["ends"], *(places.fill(world, changed, opening, begun) for opening in openings))
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
    return Response()


@blueprint.post("/studies/<study_id>/clone")
def clone(study_id: str) -> dict[str, Any]:
    """A new draft like this study; by default it is kept from the people who took part in this one."""
    world, body = here(), sent()
    copy = copied(world, world.document("study", study_id))
    if body.get("block_previous_participants", True):
        copy["filters"] = [*copy["filters"], {"filter_id": places.BLOCKED_STUDIES, "selected_values": [study_id]}]
    world.store.put("study", copy["id"], copy)
    return show(world, copy)


def copied(world: World, source: Document) -> Document:
    """A draft like a study, with an id of its own; nothing has happened in it."""
    kept = {name: value for name, value in source.items() if name not in ("reviewed", "settled", "test")}
    ident, name = world.ids.hex24("study", world.store.next("study")), f"{source['name']} copy"
    return {**kept, "id": ident, "name": name, "date_created": world.now(), **_UNBEGUN}


@blueprint.get("/studies/<study_id>/cost")
def study_cost(study_id: str) -> dict[str, Any]:
    """What the study costs: all its places for drafts and with ``is_projected``, else those taken and not rejected."""
    world = here()
    study = world.document("study", study_id)
    whole = study["run"] is None or request.args.get("is_projected", "").lower() in ("true", "1")
    paid = study["total_available_places"] if whole else wallet.due(world, study)
    bonuses = payments.paid(world.store, {study_id})
    currency = _currency(world, study)
    return {"rewards": _breakdown(wallet.cost(study, paid), currency), "bonuses": _breakdown(bonuses, currency)}


def _breakdown(cost: pricing.Cost, currency: str) -> dict[str, Any]:
    parts = {"rewards": cost.rewards, "fees": cost.fees, "tax": cost.vat}
    return {name: {"amount": amount, "currency": currency} for name, amount in parts.items()}


@blueprint.post("/study-cost-calculator")
def calculator() -> dict[str, int]:
    """What so many rewards would cost."""
    body = sent()
    return {"total_cost": pricing.cost(body["reward"], body["total_available_places"]).total}
