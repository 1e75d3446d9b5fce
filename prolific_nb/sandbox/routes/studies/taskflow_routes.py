"""Taskflow: how many people each address of a study was given."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle, islice
from typing import Any

from flask import Blueprint, request

from ...contract.http_error import HTTPError
from ...operations import wallet
from ...state.sandbox_state import current_state
from ...storage import revealed

blueprint = Blueprint("taskflow", __name__, url_prefix="/api/v1/studies")


@blueprint.get("/<study_id>/access-details-progress")
def of_study(study_id: str) -> dict[str, Any]:
    """The addresses of a study with their people: dealt in turn, as long as an address has places left."""
    world = current_state()
    study = world.document("study", study_id)
    details = study.get("access_details")
    if not details:
        raise HTTPError(
            404, f"Study {study_id} has no access_details, so it has no Taskflow progress. Make one with them."
        )
    screened_out = revealed.counts(world.store, study, world.wall()).get("SCREENED OUT", 0)
    given = deal(wallet.taken(world, study), [int(each["total_allocation"]) for each in details])
    # Whoever is screened out makes room for one more person at the same address.
    more = deal(screened_out, [screened_out] * len(details))
    rows = [
        {**detail, "allocated": allocated, "capacity_increments": increments}
        for detail, allocated, increments in zip(details, given, more, strict=True)
    ]
    links = {"self": {"href": f"{request.base_url}/", "title": "Current"}}
    return {"id": world.ids.uuid("access details", study_id), "progress": rows, "_links": links}


def deal(people: int, capacities: Sequence[int]) -> list[int]:
    """So many people dealt in turn to places of these capacities.

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
