"""Participant filters, filter sets, and counts of eligible participants, computed from a fictitious pool."""

from __future__ import annotations

from difflib import get_close_matches
from math import isfinite, prod
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ...contract.http_error import HTTPError, invalid
from ...operations.pagination import page
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage.store import Document

blueprint = Blueprint("filters", __name__, url_prefix="/api/v1")

POOL = 130_000
"""Size of the sandbox's fictitious participant pool."""
_SHOWN_FROM = 25  # smaller counts are returned as 0

_FILTERS: list[dict[str, Any]] = [
    {
        "filter_id": "age",
        "title": "Age",
        "type": "range",
        "question": "What is your date of birth?",
        "data_type": "integer",
        "min": 18,
        "max": 100,
    },
    {
        "filter_id": "current-country-of-residence",
        "title": "Current country of residence",
        "type": "select",
        "question": "In what country do you currently live?",
        "data_type": "ChoiceID",
        "choices": {"0": "United Kingdom", "1": "United States", "2": "Ireland", "3": "Germany", "4": "Australia"},
    },
    {
        "filter_id": "fluent-languages",
        "title": "Fluent languages",
        "type": "select",
        "question": "Which of these languages are you fluent in?",
        "data_type": "ChoiceID",
        "choices": {"0": "English", "1": "German", "2": "French", "3": "Spanish", "4": "Polish"},
    },
    {
        "filter_id": "approval_rate",
        "title": "Approval rate",
        "type": "range",
        "question": "Which share of your submissions was approved?",
        "data_type": "integer",
        "min": 0,
        "max": 100,
    },
]
_VALUES = {"select": "selected_values", "range": "selected_range"}
_BY_ID = {each["filter_id"]: each for each in _FILTERS}


@blueprint.get("/filters")
def filters() -> dict[str, Any]:
    """A few filters for trying the API; simulated participants match all of them."""
    return page(_FILTERS, dict)


@blueprint.post("/eligibility-count")
def count_eligible() -> dict[str, Any]:
    """Number of participants in the pool that match all filters."""
    chosen = request_body()["filters"]
    check_filters(chosen)
    found = round(POOL * prod(map(_share, chosen)))
    return {"count": found if found >= _SHOWN_FROM else 0}


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
    return _keep(
        state, _new(state, body["workspace_id"], body.get("name") or "Filter set", body.get("filters", []))
    ), 201


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
    check_filters(made["filters"])
    state.store.put("filter set", made["id"], made)
    return made


def _unlocked(state: SandboxState, set_id: str) -> Document:
    found = state.document("filter set", set_id)
    if found["is_locked"]:
        raise HTTPError(400, f"Filter set {set_id} is locked. Unlock it first.")
    return found


def check_filters(chosen: list[Document]) -> None:
    """Refuse unknown filters and invalid choices, with all faults."""
    wrong = [sentence for each in chosen for sentence in _faults(each)]
    if wrong:
        raise HTTPError(400, " ".join(wrong), {"filters": wrong})


def _faults(chosen: Document) -> list[str]:
    ident = chosen["filter_id"]
    if "selected_filters" in chosen:
        return [sentence for each in chosen["selected_filters"] for sentence in _faults(each)]
    if ident not in _BY_ID:
        near = get_close_matches(ident, _BY_ID, n=2, cutoff=0.3) or list(_BY_ID)
        return [f"There is no filter {ident}. Did you mean {' or '.join(near)}?"]
    known = _BY_ID[ident]
    if ("selected_values" in chosen) != (known["type"] == "select"):
        return [f"Filter {ident} is a {known['type']} filter. Send {_VALUES[known['type']]}."]
    if known["type"] == "range":
        wrong = [end for end in chosen["selected_range"].values() if not _is_number(end)]
        return [f"The range of filter {ident} must be numbers, not {wrong[0]!r}."] if wrong else []
    choices = known.get("choices", {})
    unknown = [each for each in chosen.get("selected_values", []) if each not in choices]
    return [f"Filter {ident} has no choice {', '.join(unknown)}. Use one of {', '.join(choices)}."] if unknown else []


def _is_number(end: Any) -> bool:
    try:
        return isfinite(float(end))
    except (TypeError, ValueError):
        return False


def _share(chosen: Document) -> float:
    """Share of the pool that matches, assuming equally frequent choices and uniformly distributed numbers."""
    if "selected_filters" in chosen:
        shares = [_share(each) for each in chosen["selected_filters"]]
        return prod(shares) if chosen["filter_id"] == "and" else 1 - prod(1 - each for each in shares)
    known = _BY_ID[chosen["filter_id"]]
    if known["type"] == "select":
        return len(set(chosen["selected_values"])) / len(known["choices"])
    ends = chosen["selected_range"]
    low, high = float(ends.get("lower", known["min"])), float(ends.get("upper", known["max"]))
    width = min(high, known["max"]) - max(low, known["min"])
    return float(max(width, 0) / (known["max"] - known["min"]))
