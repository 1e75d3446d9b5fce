"""Filters of participants, sets of them, and how many people fit: made-up shares of a made-up pool."""

from __future__ import annotations

from difflib import get_close_matches
from math import isfinite, prod
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ...contract.http_error import HTTPError
from ...operations.pagination import page
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage.store import Document

blueprint = Blueprint("filters", __name__, url_prefix="/api/v1")

POOL = 130_000
"""People in the sandbox's made-up pool."""
_TOLD_FROM = 25  # below, the service answers 0

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
_BY_ID = {each["filter_id"]: each for each in _FILTERS}


@blueprint.get("/filters")
def filters() -> dict[str, Any]:
    """A few filters, enough to try the query and the records; simulated people fit every one."""
    return page(_FILTERS, dict)


@blueprint.post("/eligibility-count")
def count_eligible() -> dict[str, Any]:
    """How many people of the pool fit all filters."""
    chosen = request_body()["filters"]
    judge(chosen)
    found = round(POOL * prod(map(_share, chosen)))
    return {"count": found if found >= _TOLD_FROM else 0}


@blueprint.get("/filter-sets")
def list_sets() -> dict[str, Any]:
    """The sets of a workspace, or of all of them."""
    world = current_state()
    wanted = request.args.get("workspace_id")
    found = [each for each in world.store.all("filter set") if wanted in (None, each["workspace_id"])]
    return page(found if "organisation_id" not in request.args else [], dict)


@blueprint.post("/filter-sets")
def create_set() -> ResponseReturnValue:
    """A new set, version 1."""
    world, body = current_state(), request_body()
    if "workspace_id" not in body:
        sentence = "A set belongs to a workspace here: pass workspace_id."
        raise HTTPError(400, sentence, {"workspace_id": [sentence]})
    world.check_workspace(body["workspace_id"], 400)
    return _keep(
        world, _new(world, body["workspace_id"], body.get("name") or "Filter set", body.get("filters", []))
    ), 201


@blueprint.get("/filter-sets/<set_id>")
def get_set(set_id: str) -> dict[str, Any]:
    """One set, in its newest version or an older one."""
    world = current_state()
    newest = world.document("filter set", set_id)
    wanted = request.args.get("version_number", type=int)
    if wanted in (None, newest["version"]):
        return newest
    return world.document("filter set version", f"{set_id} {wanted}")


@blueprint.patch("/filter-sets/<set_id>")
def update_set(set_id: str) -> dict[str, Any]:
    """Another name or other filters: a new version; the older ones stay for the studies that use them."""
    world, body = current_state(), request_body()
    kept = _unlocked(world, set_id)
    world.store.put("filter set version", f"{set_id} {kept['version']}", kept)
    changes: Document = {name: body[name] for name in ("name", "filters") if name in body}
    return _keep(world, {**kept, **changes, "version": kept["version"] + 1})


@blueprint.delete("/filter-sets/<set_id>")
def delete_set(set_id: str) -> ResponseReturnValue:
    """Gone from the lists."""
    world = current_state()
    _unlocked(world, set_id)
    world.store.drop("filter set", set_id)
    return "", 204


@blueprint.post("/filter-sets/<set_id>/clone")
def clone_set(set_id: str) -> ResponseReturnValue:
    """A new set with the same filters, unlocked."""
    world = current_state()
    source = world.document("filter set", set_id)
    name = request_body().get("new_name") or f"{source['name']} (copy)"
    return _keep(world, _new(world, source["workspace_id"], name, source["filters"])), 201


@blueprint.post("/filter-sets/<set_id>/lock")
def lock_set(set_id: str) -> dict[str, Any]:
    """Nobody can change it until it is unlocked."""
    world = current_state()
    return _keep(world, {**world.document("filter set", set_id), "is_locked": True})


@blueprint.post("/filter-sets/<set_id>/unlock")
def unlock_set(set_id: str) -> dict[str, Any]:
    """It can be changed again."""
    world = current_state()
    return _keep(world, {**world.document("filter set", set_id), "is_locked": False})


def _new(world: SandboxState, workspace_id: str, name: str, chosen: list[Document]) -> Document:
    ident = world.ids.hex24("filter set", world.store.next("filter sets"))
    state = {"version": 1, "is_deleted": False, "is_locked": False, "workspace_id": workspace_id}
    return {"id": ident, "name": name, **state, "organisation_id": None, "filters": chosen}


def _keep(world: SandboxState, made: Document) -> Document:
    judge(made["filters"])
    world.store.put("filter set", made["id"], made)
    return made


def _unlocked(world: SandboxState, set_id: str) -> Document:
    found = world.document("filter set", set_id)
    if found["is_locked"]:
        raise HTTPError(400, f"Filter set {set_id} is locked. Unlock it first.")
    return found


def judge(chosen: list[Document]) -> None:
    """Refuse filters and choices that do not exist, all at once."""
    wrong = [sentence for each in chosen for sentence in _faults(each)]
    if wrong:
        raise HTTPError(400, " ".join(wrong), {"filters": wrong})


def _faults(chosen: Document) -> list[str]:
    ident = chosen["filter_id"]
    if "selected_filters" in chosen:
        return [sentence for each in chosen["selected_filters"] for sentence in _faults(each)]
    if ident not in _BY_ID:
        near = get_close_matches(ident, _BY_ID, n=2, cutoff=0.3) or list(_BY_ID)
        return [f"There is no filter {ident}; the nearest are {', '.join(near)}."]
    known = _BY_ID[ident]
    if ("selected_values" in chosen) != (known["type"] == "select"):
        return [f"Filter {ident} is a {known['type']} filter."]
    if known["type"] == "range":
        wrong = [end for end in chosen["selected_range"].values() if not _is_number(end)]
        return [f"Filter {ident} goes from a number to a number, not {wrong[0]!r}."] if wrong else []
    strange = [each for each in chosen.get("selected_values", []) if each not in known.get("choices", {})]
    return [f"Filter {ident} has no choice {', '.join(strange)}."] if strange else []


def _is_number(end: Any) -> bool:
    try:
        return isfinite(float(end))
    except (TypeError, ValueError):
        return False


def _share(chosen: Document) -> float:
    """Share of the pool that fits: as if choices were equally common and numbers evenly spread."""
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
