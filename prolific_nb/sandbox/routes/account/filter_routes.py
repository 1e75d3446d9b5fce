"""The catalogue of participant filters, and counts of eligible participants in a fictitious pool."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from ...contract import filter_catalogue
from ...contract.http_error import missing
from ...operations import eligibility
from ...state.pagination import page
from ...state.sandbox_state import current_state, request_body
from ...storage.store import Document

blueprint = Blueprint("filters", __name__, url_prefix="/api/v1")

_SEARCHED = 25  # results of a search, unless the query says otherwise


@blueprint.get("/filters")
def filters() -> dict[str, Any]:
    """The catalogue. Simulated participants match all filters; excluded ones stay out, listed ones come first."""
    return page(filter_catalogue.DEFINITIONS, filter_catalogue.listed)


@blueprint.get("/filters/search")
def search() -> dict[str, Any]:
    """The filters with all words of the query, each with at most three matching choices."""
    return page(filter_catalogue.matching(request.args["q"]), dict, default=_SEARCHED)


@blueprint.get("/filters/<filter_id>/choices")
def choices(filter_id: str) -> dict[str, Any]:
    """All choices of a filter."""
    return page(filter_catalogue.choices(_definition(filter_id)), dict, default=_SEARCHED)


@blueprint.get("/filters/<filter_id>/choices/search")
def search_choices(filter_id: str) -> dict[str, Any]:
    """The choices with all words of the query in their label."""
    found = filter_catalogue.matching_choices(_definition(filter_id), request.args["q"])
    return page(found, dict, default=_SEARCHED)


def _definition(filter_id: str) -> Document:
    if filter_id not in filter_catalogue.BY_ID:
        raise missing("filter", filter_id)
    return filter_catalogue.BY_ID[filter_id]


@blueprint.post("/eligibility-count")
def count_eligible() -> dict[str, Any]:
    """Number of participants in the pool that match all filters."""
    return {"count": eligibility.count(current_state(), request_body()["filters"])}
