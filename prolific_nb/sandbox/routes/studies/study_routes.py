"""Studies: drafts, published studies, and their cost."""

from __future__ import annotations

from math import ceil
from typing import Any

from flask import Blueprint, Response, request

from ...contract import semantic_rules
from ...contract.http_error import HTTPError, invalid
from ...operations import access_details, allocation, eligibility, study_opening, wallet
from ...state.pagination import page
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage import paid_bonuses, pricing, revealed
from ...storage.store import Document

blueprint = Blueprint("studies", __name__, url_prefix="/api/v1")

_INNER = ("run", "ends", "approves", "published", "reviewed", "settled", "test", "groups", "sent_places", "waits")
# Shown with a study, but not to be set by a request: a client may send back a study as it received it.
_READ_ONLY = (
    *("id", "status", "workspace", "date_created", "published_at", "places_taken", "number_of_submissions"),
    *("total_cost", "fees_percentage", "vat_percentage", "currency_code", "average_reward_per_hour"),
    *("is_underpaying", "is_ready_to_publish", "access_details_collection_id"),
)
_PLACES, _ACCESS_DETAILS = "total_available_places", "access_details"
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

# Legacy query parameters for studies in a state; Prolific's own command-line tool still uses them.
_LEGACY = {("published", "0"): "UNPUBLISHED", ("active", "1"): "ACTIVE", ("completed", "1"): "COMPLETED"}

_SUBMISSIONS_CONFIG: Document = {"max_submissions_per_participant": 1, "max_concurrent_submissions": -1}
_UNPUBLISHED: Document = {"status": "UNPUBLISHED", "publish_at": None, "run": None, "published": None, "ends": None}


def show(state: SandboxState, study: Document) -> dict[str, Any]:
    """The study as shown in responses."""
    shown = _show(state, study)
    if not access_details.is_of_batch(study):
        return shown
    collection = access_details.collection_id(state, study)
    return {
        **shown,
        _ACCESS_DETAILS: access_details.of_groups(state, study),
        "access_details_collection_id": collection,
    }


def _show(state: SandboxState, study: Document) -> dict[str, Any]:
    """The study without its task groups, which take time."""
    now = state.wall()
    found = revealed.counts(state.store, study, now)
    done = sum(found.get(status, 0) for status in revealed.FILLED)
    hourly, currency = study["reward"] * 60 / study["estimated_completion_time"], _currency(state, study)
    return {
        **{name: value for name, value in study.items() if name not in _INNER},
        "status": revealed.status(study, now),
        "published_at": None if study["run"] is None else state.calendar.iso(study["published"]),
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


def _currency(state: SandboxState, study: Document) -> str:
    return wallet.currency(state, study["workspace"])


def show_short(state: SandboxState, study: Document) -> dict[str, Any]:
    """The study as shown in lists."""
    shown = _show(state, study)
    # The type is deprecated, but some clients require it.
    return {**{name: shown[name] for name in _SHORT}, "study_type": study.get("study_type") or "SINGLE"}


def _with_defaults(state: SandboxState, body: dict[str, Any]) -> Document:
    """A draft with the server's defaults."""
    draft = {
        "internal_name": None,
        "external_study_url": None,
        "device_compatibility": [],
        "peripheral_requirements": [],
        "filters": [],
        "study_type": "SINGLE",
        "study_labels": [],
        "prolific_id_option": "not_required",
        "project": state.project_id,
        "data_collection_method": None,
        "data_collection_id": None,
        "maximum_allowed_time": ceil(semantic_rules.shortest_time(body["estimated_completion_time"])),
        **body,
        "submissions_config": {**_SUBMISSIONS_CONFIG, **body.get("submissions_config", {})},
    }
    draft["filters"] = draft["filters"] or []  # the contract allows null
    if not draft.get("completion_codes"):
        if draft.get("completion_code") and not state.profile.single_completion_code:
            raise invalid("completion_code", "completion_code alone is not accepted. Send completion_codes.")
        # Older clients send one code in a separate field.
        code = draft.get("completion_code") or state.ids.digest("code", draft["id"])[:8].upper()
        draft["completion_codes"] = [
            {"code": code, "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}], "actor": "participant"}
        ]
    draft["approves"] = state.profile.auto_approve and any(
        action["action"] == "AUTOMATICALLY_APPROVE"
        for code in draft["completion_codes"]
        if code["code_type"] == "COMPLETED" and code.get("actor", "participant") == "participant"
        for action in code["actions"]
    )
    return draft


@blueprint.post("/studies")
def create() -> tuple[dict[str, Any], int]:
    """Create a draft."""
    state, body = current_state(), _settable(request_body())
    semantic_rules.check_study(body)
    body = eligibility.check_study(state, body)
    base = {"id": state.ids.hex24("study", state.store.next("study")), "sent_places": body.get(_PLACES)}
    study = study_opening.with_batch(state, _with_defaults(state, {**body, **base}))
    study |= {"date_created": state.now(), **_UNPUBLISHED, "publish_at": body.get("publish_at")}
    state.store.put("study", study["id"], study)
    return show(state, study), 201


def _settable(body: dict[str, Any]) -> dict[str, Any]:
    """The fields of a request that can be set."""
    return {name: value for name, value in body.items() if name not in (*_INNER, *_READ_ONLY)}


@blueprint.get("/studies")
def list_() -> dict[str, Any]:
    """All studies, or those in the given states: ``state=ACTIVE`` or ``state=(ACTIVE|PAUSED)``."""
    state = current_state()
    return page(_in_states(state, state.store.all("study")), lambda study: show_short(state, study))


def _in_states(state: SandboxState, found: list[Document]) -> list[Document]:
    """The studies in the states given in the query, in its current or its legacy form."""
    wanted = request.args["state"].strip("()").split("|") if "state" in request.args else []
    unknown = [status for status in wanted if status not in _STATES]
    if unknown:
        sentence = f"There is no state {', '.join(map(repr, unknown))}. Use one of {', '.join(_STATES)}."
        raise invalid("state", sentence)
    wanted += [status for parameter, status in _LEGACY.items() if parameter in request.args.items()]
    return [study for study in found if not wanted or revealed.status(study, state.wall()) in wanted]


@blueprint.get("/projects/<project_id>/studies")
def list_of_project(project_id: str) -> dict[str, Any]:
    """The studies of a project."""
    state = current_state()
    state.document("project", project_id)
    found = [study for study in state.store.all("study") if study["project"] == project_id]
    return page(_in_states(state, found), lambda study: show_short(state, study), default=20)


@blueprint.get("/studies/<study_id>")
def get(study_id: str) -> dict[str, Any]:
    """One study."""
    return show(current_state(), current_state().document("study", study_id))


@blueprint.patch("/studies/<study_id>")
def update(study_id: str) -> dict[str, Any]:
    """Change a draft, or those fields of a published study that may still change."""
    state, body = current_state(), _settable(request_body())
    study = state.document("study", study_id)
    body = eligibility.check_study(state, body)
    # Null would remove what a batch study always has, so it is refused like every other field.
    computed = access_details.is_of_batch({**study, **body}) and body.get(_ACCESS_DETAILS) is not None
    sent = body.pop(_ACCESS_DETAILS) if computed else None
    changed = _redrafted(state, study, body) if study["run"] is None else _grown(state, study, body)
    access_details.check_sent(state, changed, sent)
    state.stamp()
    state.store.put("study", study_id, changed)
    return show(state, changed)


def _redrafted(state: SandboxState, study: Document, body: dict[str, Any]) -> Document:
    changed = {**study, **body, "sent_places": body.get(_PLACES, study.get("sent_places"))}
    if "maximum_allowed_time" not in body:
        # If only the estimate was changed, the limit is raised to the minimum for it.
        least = ceil(semantic_rules.shortest_time(changed["estimated_completion_time"]))
        changed["maximum_allowed_time"] = max(study["maximum_allowed_time"], least)
    semantic_rules.check_study(changed)
    return study_opening.with_batch(state, _with_defaults(state, changed))


def _grown(state: SandboxState, study: Document, body: dict[str, Any]) -> Document:
    """The published study with the changes of the body; more annotators open more places."""
    if study.get("test"):
        raise HTTPError(
            400, f"Study {study['id']} is a test study and cannot be changed. Change the draft and test it again."
        )
    changed = allocation.change(study, body)
    if changed["total_available_places"] == study["total_available_places"]:
        return changed
    if allocation.has_sent_places(study):
        before, after = int(study[_PLACES]), int(changed[_PLACES])
        more = allocation.PlaceIncrease(before, occasion=f"{before} to {after} places")
        return study_opening.reopened(state, study, changed, more)
    before, old_groups = allocation.wanted(study), study.get("groups", 1)
    groups = old_groups if study["data_collection_id"] is None else study_opening.group_count(state, study)
    if groups == old_groups:
        return study_opening.reopened(state, study, changed, allocation.PlaceIncrease(before))
    # Places are recomputed: groups that a sync added without places get theirs now.
    changed |= {"groups": groups, "total_available_places": groups * allocation.annotators(changed)}
    late = allocation.PlaceIncrease(first=old_groups, occasion=f"{before} to {allocation.annotators(changed)}")
    return study_opening.reopened(state, study, changed, allocation.PlaceIncrease(before, end=old_groups), late)


@blueprint.delete("/studies/<study_id>")
def delete(study_id: str) -> Response:
    """Delete a draft."""
    state = current_state()
    if state.document("study", study_id)["status"] != "UNPUBLISHED":
        raise HTTPError(400, f"Study {study_id} is not a draft, so it cannot be deleted. Stop it instead.")
    state.stamp()
    state.store.drop("study", study_id)
    return Response()


@blueprint.post("/studies/<study_id>/clone")
def clone(study_id: str) -> dict[str, Any]:
    """Copy a study as a draft, by default excluding the participants of the original."""
    state, body = current_state(), request_body()
    copy = copied(state, state.document("study", study_id))
    if body.get("block_previous_participants", True):
        copy["filters"] = [*copy["filters"], {"filter_id": eligibility.BLOCKED_STUDIES, "selected_values": [study_id]}]
    state.store.put("study", copy["id"], copy)
    return show(state, copy)


def copied(state: SandboxState, source: Document) -> Document:
    """A draft copied from a study, with a new ID and without its history."""
    kept = {name: value for name, value in source.items() if name not in ("reviewed", "settled", "test", "waits")}
    ident, name = state.ids.hex24("study", state.store.next("study")), f"{source['name']} copy"
    return {**kept, "id": ident, "name": name, "date_created": state.now(), **_UNPUBLISHED}


@blueprint.get("/studies/<study_id>/cost")
def study_cost(study_id: str) -> dict[str, Any]:
    """Cost of a study: of all places for drafts and with ``is_projected``, otherwise of taken, unrejected places."""
    state = current_state()
    study = state.document("study", study_id)
    whole = study["run"] is None or request.args.get("is_projected", "").lower() in ("true", "1")
    paid = study["total_available_places"] if whole else wallet.due(state, study)
    bonuses = paid_bonuses.paid(state.store, {study_id})
    currency = _currency(state, study)
    return {"rewards": _breakdown(wallet.cost(study, paid), currency), "bonuses": _breakdown(bonuses, currency)}


def _breakdown(cost: pricing.Cost, currency: str) -> dict[str, Any]:
    parts = {"rewards": cost.rewards, "fees": cost.fees, "tax": cost.vat}
    return {name: {"amount": amount, "currency": currency} for name, amount in parts.items()}


@blueprint.post("/study-cost-calculator")
def calculator() -> dict[str, int]:
    """Cost of a number of places."""
    body = request_body()
    return {"total_cost": pricing.cost(body["reward"], body["total_available_places"]).total}
