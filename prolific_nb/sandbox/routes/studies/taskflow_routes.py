"""Taskflow: the number of participants assigned to each URL of a study."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from typing import Any

from flask import Blueprint, request

from ...contract.http_error import HTTPError
from ...operations import access_details, wallet
from ...state.sandbox_state import current_state
from ...storage import revealed

blueprint = Blueprint("taskflow", __name__, url_prefix="/api/v1/studies")


@blueprint.get("/<study_id>/access-details-progress")
def of_study(study_id: str) -> dict[str, Any]:
    """The URLs of a study with their numbers of participants, assigned in turn to URLs with places left."""
    state = current_state()
    study = state.document("study", study_id)
    of_batch = access_details.is_of_batch(study)
    details = access_details.of_groups(state, study) if of_batch else study.get("access_details")
    if not details:
        raise HTTPError(404, f"Study {study_id} has no access_details, so it has no Taskflow progress.")
    screened_out = revealed.counts(state.store, study, state.wall()).get("SCREENED OUT", 0)
    assigned = (
        [each["allocated"] for each in details]
        if of_batch
        else deal(wallet.taken(state, study), [int(each["total_allocation"]) for each in details])
    )
    # Each screened-out participant frees one more place at the same URL.
    increments = deal(screened_out, [screened_out] * len(details))
    rows = [
        {**detail, "allocated": allocated, "capacity_increments": increment}
        for detail, allocated, increment in zip(details, assigned, increments, strict=True)
    ]
    links = {"self": {"href": f"{request.base_url}/", "title": "Current"}}
    return {"id": access_details.collection_id(state, study), "progress": rows, "_links": links}


def deal(people: int, capacities: Sequence[int]) -> list[int]:
    """Numbers of people assigned in turn to URLs with these capacities.

    Examples
    --------
    >>> deal(7, [1, 5, 3])
    [1, 3, 3]
    """
    given = [0] * len(capacities)
    for place in islice(cycle(range(len(capacities))), len(capacities) * max(capacities)):
        if sum(given) < people and given[place] < capacities[place]:
            given[place] += 1
    return given
