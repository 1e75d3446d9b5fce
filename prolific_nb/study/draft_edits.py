"""What was edited on a draft since its plan was launched, field by field, before money is spent on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..api import Record
from ..common.findings import Finding, Findings
from ..common.money import Money, minor_units
from .plan import StudyPlan

_WORDS = {
    "name": "the name",
    "description": "the description",
    "reward": "the reward",
    "estimated_completion_time": "the minutes",
    "annotators_per_task": "the annotators per task",
    "total_available_places": "the number of places",
    "filters": "the filters",
    "filter_set": "the filter set",
    "study_type": "the study type",
    "device_compatibility": "the devices",
    "max_submissions_per_participant": "the submissions per participant",
}


def reward_and_places(study: Record) -> tuple[int, int]:
    """Reward in minor units and number of places of a study, checked."""
    what = f"of study {study.get('id')}"
    reward = minor_units(study.get("reward"), f"the reward {what}", least=1)
    return reward, minor_units(study.get("total_available_places"), f"the number of places {what}")


def draft_edits(study: Record, plan: StudyPlan, currency: str, places: int | None = None) -> Findings:
    """One warning for each field in which a study differs from its plan.

    Parameters
    ----------
    study : Record
        As the server has it now.
    plan : StudyPlan
        As it was launched.
    currency : str
        Of the workspace.
    places : int, optional
        The number of places that data and plan give, if known.
    """
    return Findings(_edits(study, plan, currency, places))


def _edits(study: Record, plan: StudyPlan, currency: str, places: int | None) -> Iterator[Finding]:
    there, skipped = _seen(study), set(_not_compared(study, plan))
    planned = {**_seen(plan.to_study("", "", currency)), "total_available_places": places}
    for field, words in _WORDS.items():
        if field in skipped or planned[field] is None or there[field] == planned[field]:
            continue
        now, before = (_shown(field, value, currency) for value in (there[field], planned[field]))
        what = f"On the server study {study.get('id')} has {words} {now}; the plan has {before}."
        remedy = "Change it back on Prolific's page, or open the study as it is now: pnb.open_run(study_id=...)."
        yield Finding("warning", what, remedy, place=field)


def _not_compared(study: Record, plan: StudyPlan) -> Iterator[str]:
    """The fields that may differ without an edit."""
    if "study_type" not in study:  # deprecated, so a server may leave it out
        yield "study_type"
    if plan.filter_set_id:
        yield "filters"  # a server may return those of the set
    if plan.filter_set_version is None and plan.filter_set_id == study.get("filter_set_id"):
        yield "filter_set"  # a server fills in the newest version


def _seen(study: Any) -> dict[str, Any]:
    """The compared fields of a study, or of the request that creates one."""
    metadata, config = study.get("data_collection_metadata") or {}, study.get("submissions_config") or {}
    return {
        **{field: study.get(field) for field in ("name", "reward", "estimated_completion_time")},
        "description": study.get("description") or study.get("name"),  # as a plan without one is sent
        "annotators_per_task": metadata.get("annotators_per_task") or 1,
        "total_available_places": study.get("total_available_places"),
        "filters": sorted(map(_filter, study.get("filters") or ())),
        "filter_set": _filter_set(study),
        "study_type": study.get("study_type") or "SINGLE",
        "device_compatibility": sorted(map(str, study.get("device_compatibility") or ())),
        "max_submissions_per_participant": config.get("max_submissions_per_participant") or 1,
    }


def _filter(chosen: Any) -> str:
    """A filter in one form: the server may add titles, and order values in another way."""
    if not isinstance(chosen, dict):
        return str(chosen)
    ends = {end: value for end, value in (chosen.get("selected_range") or {}).items() if value is not None}
    values = sorted(map(str, chosen.get("selected_values") or ()))
    inner = sorted(map(_filter, chosen.get("selected_filters") or ()))
    weights = chosen.get("weightings") or ""
    return f"{chosen.get('filter_id')} {values or ''}{sorted(ends.items()) or ''}{inner or ''}{weights}".strip()


def _filter_set(study: Any) -> str:
    version = study.get("filter_set_version")
    return f"{study.get('filter_set_id') or 'none'}{f', version {version}' if version else ''}"


def _shown(field: str, value: Any, currency: str) -> str:
    if field == "reward" and isinstance(value, int):
        return str(Money(value, currency))
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else repr(value)
