"""The audience of a plan before money is spent: whether its filters exist, and how many participants they leave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ...api import Client, Record
from ...common.findings import Finding, Findings
from ...common.plurals import counted
from ...errors import ApiError
from .catalogue import UNREADABLE, Catalogue, reason
from .filter_check import PLACE, filter_findings
from .participant_filter import AnyFilter, Filter, single_filters
from .reference_check import filter_set, reference_findings, reference_kind

_MOST_FILTERS = 50
_FLOOR = 25
_REFUSED = (400, 422)


@dataclass(frozen=True)
class AudienceReport:
    """What the server knows about an audience.

    Parameters
    ----------
    eligible : int or None
        Number of participants that fit; 0 also stands for fewer than 25; None if it could not be read.
    findings : Findings
        Filters, choices, studies, groups and sets that do not exist, ranges that are empty, what was not checked.
    """

    eligible: int | None = None
    findings: Findings = field(default_factory=Findings)


def read_audience(
    client: Client, filters: Sequence[AnyFilter], set_id: str | None, version: int | None
) -> AudienceReport:
    """Compare filters with the catalogue and count who fits, with a bounded number of requests. Creates nothing."""
    findings: list[Finding] = []
    if set_id is not None:
        found, wrong = _filters_of_set(client, set_id, version)
        if found is None:
            return AudienceReport(None, Findings(wrong))
        filters = found  # checked by Prolific when the set was saved
    else:
        findings += _filter_findings(client, filters)
    if any(each.level == "error" for each in findings):
        return AudienceReport(None, Findings(findings))
    eligible, refused = _count(client, filters)
    return AudienceReport(eligible, Findings([*findings, *refused]))


def too_few(eligible: int | None, needed: int) -> Iterator[Finding]:
    """A warning if fewer participants fit than the study needs."""
    if eligible is None or eligible >= needed:
        return
    wanted = f"the study needs {counted(needed, 'different participant')}"
    remedy = "Relax the filters, or reduce annotators_per_task or the number of rows."
    if eligible:
        what = f"Only {counted(eligible, 'participant')} fit the filters, but {wanted}."
    else:
        what = f"Prolific reports 0 participants that fit the filters, which stands for 0 to {_FLOOR - 1}; {wanted}."
    yield Finding("warning", what, remedy, place=PLACE)


def _filters_of_set(client: Client, set_id: str, version: int | None) -> tuple[list[AnyFilter] | None, list[Finding]]:
    try:
        found, wrong = filter_set(client, set_id, version)
    except UNREADABLE as failure:
        return None, [_unchecked(f"The filter set {set_id!r}", reason(failure), place="filter_set_id")]
    return (None if found is None else [Filter.from_api(each) for each in found.get("filters") or ()]), wrong


def _filter_findings(client: Client, filters: Sequence[AnyFilter]) -> Iterator[Finding]:
    single = list(single_filters(filters))
    known = [each for each in single if isinstance(each, Filter)][:_MOST_FILTERS]
    catalogue, definitions = Catalogue(client), dict[str, Record]()
    if known:
        try:
            definitions = catalogue.definitions
            why = "" if definitions else "the list of filters is empty"
        except UNREADABLE as failure:
            why = reason(failure)
        if why:
            yield _unchecked("The filters", why)
    for chosen in known:
        yield from _findings_of(client, catalogue, definitions, chosen)
    if len(known) < len(single):
        what = f"{counted(len(single) - len(known), 'filter')} could not be checked: too many, or of an unknown form."
        yield Finding("note", what, "Check them on Prolific's page.", place=PLACE)


def _findings_of(client: Client, catalogue: Catalogue, definitions: dict[str, Record], chosen: Filter) -> list[Finding]:
    """The findings about a filter, or a note that it could not be checked: that must not prevent a launch."""
    kind = reference_kind(chosen, definitions)
    try:
        if kind:
            return list(reference_findings(client, chosen, kind))
        return list(filter_findings(catalogue, chosen)) if definitions else []
    except UNREADABLE as failure:
        return [_unchecked(f"Filter {chosen.id!r}", reason(failure))]


def _count(client: Client, filters: Sequence[AnyFilter]) -> tuple[int | None, list[Finding]]:
    try:
        return client.eligible(filters, client.workspace_id), []
    except UNREADABLE as failure:
        if isinstance(failure, ApiError) and failure.status in _REFUSED and filters:
            what = f"Prolific refuses the filters: {failure.detail}"
            return None, [Finding("error", what, "Change the filters.", place=PLACE)]
        return None, [_unchecked("The number of participants that fit", reason(failure))]


def _unchecked(what: str, why: str, place: str = PLACE) -> Finding:
    remedy = "It is not needed for a launch; check the audience on Prolific's page."
    return Finding("note", f"{what} could not be checked: {why}.", remedy, place=place)
