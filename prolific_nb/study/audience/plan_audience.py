"""The fields of a plan that say who may take part: checked, sent, and read from a study on the server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from ...common.findings import Finding
from .participant_filter import AnyFilter, Filter, FilterGroup, OtherFilter

_POLITICAL = "REP_SAMPLE_{}_ENGLISH_AGE_POLITICAL_AFFILIATION"
SAMPLES = tuple(
    name
    for country in ("UK", "US")
    for name in (
        f"{country}_REP_SAMPLE",
        f"{country}_REGIONAL_REP_SAMPLE",
        _POLITICAL.format(country),
        f"{_POLITICAL.format(country)}_ETHNICITY",
    )
)
"""The representative samples that Prolific documents."""
_ORDINARY = "SINGLE"
_EXAMPLE = 'pnb.Filter("age", between=(18, 30))'


def audience_errors(
    filters: Any, set_id: Any, version: Any, study_type: Any, extra: Mapping[str, Any]
) -> Iterator[Finding]:
    """What is wrong with these fields without asking the server."""
    yield from _filter_errors(filters)
    if set_id is not None and (not isinstance(set_id, str) or not set_id.strip()):
        what = f"{set_id!r} is not a valid filter set ID."
        remedy = "Pass the ID of a set in client.filter_sets.list(client.workspace_id)."
        yield Finding("error", what, remedy, place="filter_set_id")
    elif set_id is not None and filters:
        what = "Both filters= and filter_set_id= are given; Prolific accepts one of them."
        yield Finding("error", what, "Leave one out, or add the filters to the filter set.", place="filter_set_id")
    if version is not None and set_id is None:
        what = "filter_set_version= is given without filter_set_id=."
        yield Finding("error", what, "Pass filter_set_id= too.", place="filter_set_version")
    elif version is not None and (not isinstance(version, int) or isinstance(version, bool) or version < 1):
        what = f"{version!r} is not a valid version of a filter set."
        yield Finding("error", what, "Pass a whole number of at least 1.", place="filter_set_version")
    yield from _type_errors(study_type, extra)


def _filter_errors(filters: Any) -> Iterator[Finding]:
    kinds = (Filter, FilterGroup, OtherFilter)
    if isinstance(filters, kinds):
        what = "filters= is a single filter."
        yield Finding("error", what, f"Pass a list: filters=[{filters.to_code()}].", place="filters")
    elif isinstance(filters, str | Mapping) or not isinstance(filters, Sequence):
        what = f"filters={filters!r} is not a list of filters."
        yield Finding("error", what, f"Pass a list: filters=[{_EXAMPLE}].", place="filters")
    else:
        for each in filters:
            if not isinstance(each, kinds):
                what = f"{each!r} is not a Filter."
                call = "pnb.Filter.from_api({...})" if isinstance(each, Mapping) else _EXAMPLE
                yield Finding("error", what, f"Pass filters such as {call}.", place="filters")


def _type_errors(study_type: Any, extra: Mapping[str, Any]) -> Iterator[Finding]:
    if study_type is None or study_type == _ORDINARY:
        return
    if study_type not in SAMPLES:
        near = get_close_matches(str(study_type).upper(), SAMPLES, n=2, cutoff=0.6)
        what = f"{study_type!r} is not a representative sample.{_did_you_mean(near)}"
        remedy = f"Use one of {', '.join(SAMPLES)}, or extra={{'study_type': ...}} for another type such as QUOTA."
        yield Finding("error", what, remedy, place="study_type")
    elif "study_type" in extra:
        what = "Both study_type= and extra={'study_type': ...} are given."
        yield Finding("error", what, "Leave one out.", place="study_type")


def _did_you_mean(near: Sequence[str]) -> str:
    return f" Did you mean {' or '.join(map(repr, near))}?" if near else ""


def sent_audience(
    filters: Sequence[AnyFilter], set_id: str | None, version: int | None, study_type: str | None
) -> dict[str, Any]:
    """The fields of the request that creates the study."""
    body: dict[str, Any] = {} if set_id else {"filters": [each.to_api() for each in filters]}
    if set_id:
        body["filter_set_id"] = set_id
        body |= {} if version is None else {"filter_set_version": version}
    return body | ({"study_type": study_type} if study_type else {})


def audience_of(study: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a plan for a study on the server; a study type unknown here is kept in ``extra``."""
    found: dict[str, Any] = {}
    if study.get("filter_set_id"):
        found |= {name: study.get(name) for name in ("filter_set_id", "filter_set_version")}
    else:
        found["filters"] = [Filter.from_api(each) for each in study.get("filters") or ()]
    kind = study.get("study_type")
    if kind in SAMPLES:
        found["study_type"] = kind
    elif kind not in (None, "", _ORDINARY):
        found["extra"] = {"study_type": kind}
    return found
