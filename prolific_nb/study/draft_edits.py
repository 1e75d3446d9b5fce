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
    sent, there = plan.to_study("", "", currency), _seen(study)
    planned = {**_seen(sent), "total_available_places": places}
    for field, words in _WORDS.items():
        if planned[field] is None or there[field] == planned[field]:
            continue
        now, before = (_shown(field, value, currency) for value in (there[field], planned[field]))
        what = f"On the server study {study.get('id')} has {words} {now}; the plan has {before}."
        remedy = "Change it back on Prolific's page, or open the study as it is now: pnb.open_run(study_id=...)."
        yield Finding("warning", what, remedy, place=field)


def _seen(study: Any) -> dict[str, Any]:
    """The compared fields of a study, or of the request that creates one."""
    metadata, config = study.get("data_collection_metadata") or {}, study.get("submissions_config") or {}
    return {
        **{field: study.get(field) for field in ("name", "reward", "estimated_completion_time")},
        "description": study.get("description") or study.get("name"),  # as a plan without one is sent
        "annotators_per_task": metadata.get("annotators_per_task") or 1,
        "total_available_places": study.get("total_available_places"),
        "filters": sorted(map(_filter, study.get("filters") or ())),
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
    return f"{chosen.get('filter_id')} {values or ''}{sorted(ends.items()) or ''}{inner or ''}".strip()


def _shown(field: str, value: Any, currency: str) -> str:
    if field == "reward" and isinstance(value, int):
        return str(Money(value, currency))
    return ", ".join(map(str, value)) or "none" if isinstance(value, list) else repr(value)
