"""Predicting the recruitment time of a study with the arrival model of the simulated participants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from flask import Blueprint

from ....common.plurals import counted
from ...contract.http_error import HTTPError
from ...contract.semantic_rules import shortest_time
from ...operations import eligibility
from ...simulation.recruiting import probability_filled
from ...state.sandbox_state import SandboxState, current_state, request_body

blueprint = Blueprint("recruitment", __name__, url_prefix="/api/v1/studies")

LIMIT = 10
"""Hours from which predictions are displayed as "10 hours+"."""
_LONGEST = 1e9  # seconds; upper limit of the search
_LEVELS = {"lower_bound_hours": 0.05, "precise_recruitment_time_hours": 0.5, "upper_bound_hours": 0.95}


@blueprint.get("/<study_id>/predicted-recruitment-time")
def of_study(study_id: str) -> dict[str, Any]:
    """Prediction for all places of a study, from its publication."""
    state = current_state()
    return _predict(state, state.document("study", study_id))


@blueprint.post("/predicted-recruitment-time")
def before_a_draft() -> dict[str, Any]:
    """Prediction before a draft exists. Filters are validated, but simulated participants match all of them."""
    state, body = current_state(), request_body()
    faults = {
        name: [f"{name} is {body[name]}, but must be above 0."]
        for name in ("total_available_places", "estimated_completion_time")
        if body[name] <= 0
    }
    if faults:
        raise HTTPError(400, " ".join(message for [message] in faults.values()), faults)
    state.check_workspace(body["workspace_id"], 400)
    eligibility.check(state, body["filters"])
    return _predict(state, body)


def _predict(state: SandboxState, study: Mapping[str, Any]) -> dict[str, Any]:
    """The times by which all places are filled with a probability of 5, 50 and 95 %."""
    places, minutes = study["total_available_places"], study["estimated_completion_time"]
    limit = study.get("maximum_allowed_time", shortest_time(minutes))
    taken = partial(probability_filled, state.people, minutes, limit, places)
    hours = {name: round(_when(taken, level ** (1 / places)) / 3600, 4) for name, level in _LEVELS.items()}
    return {**hours, "display_string": _words(hours["precise_recruitment_time_hours"]), "limit_at": LIMIT}


def _when(chance: Callable[[float], float], wanted: float) -> float:
    """The time in seconds at which an increasing probability reaches `wanted`, by bisection."""
    low, high = 0.0, 1.0
    while chance(high) < wanted and high < _LONGEST:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) / 2
        low, high = (middle, high) if chance(middle) < wanted else (low, middle)
    return high


def _words(hours: float) -> str:
    """The time in words.

    Examples
    --------
    >>> _words(0.71), _words(1.38), _words(12)
    ('43 minutes', '1 hour 23 minutes', '10 hours+')
    """
    if hours >= LIMIT:
        return f"{LIMIT} hours+"
    whole, minutes = divmod(max(round(hours * 60), 1), 60)
    parts = [(whole, "hour"), (minutes, "minute")]
    return " ".join(counted(number, name) for number, name in parts if number)
