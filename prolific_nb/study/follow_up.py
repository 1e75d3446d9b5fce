"""The plan of a follow-up study: the same plan, closed to participants of the earlier study."""

from __future__ import annotations

from dataclasses import replace

from ..api import Client
from ..errors import ProlificError
from .audience import Filter, FilterGroup, OtherFilter
from .audience.membership import admitted
from .audience.participant_groups import group_named
from .monitor.status import DRAFT, RUNNING
from .plan import StudyPlan


def follow_up_plan(client: Client, key: str, study_id: str, plan: StudyPlan, annotators: int | None) -> StudyPlan:
    """The plan of a follow-up; creates or updates the group of earlier participants.

    Parameters
    ----------
    key, study_id : str
        The earlier run.
    annotators : int or None
        Per row; None for as many as before.

    Raises
    ------
    ProlificError
        The earlier study is a draft or still running, so its participants are not final.
    """
    state = client.studies.get(study_id).status
    if state == DRAFT or state in RUNNING:
        remedy = (
            "Publish it and wait for its end first."
            if state == DRAFT
            else "Wait for its end, pause it or stop it first."
        )
        raise ProlificError(
            f"Study {study_id} is {state}, so its participants are not final and cannot be excluded from the follow-up "
            f"yet. {remedy}"
        )
    participants = sorted({each.participant_id for each in client.studies.submissions(study_id)})
    group = group_named(client, f"Took part in study {study_id} [pnb {key[:12]}]", participants)
    return replace(
        plan,
        name=f"{plan.name} (follow-up)",
        annotators_per_task=plan.annotators_per_task if annotators is None else annotators,
        filters=admitted(_filters(client, plan), None, None, group),
        filter_set_id=None,
        filter_set_version=None,
    )


def _filters(client: Client, plan: StudyPlan) -> list[Filter | FilterGroup | OtherFilter]:
    """The plan's filters; those of its filter set, since a study has either a set or filters of its own."""
    if plan.filter_set_id is None:
        return list(plan.filters)
    saved = client.filter_sets.get(plan.filter_set_id, plan.filter_set_version).get("filters") or ()
    return [Filter.from_api(each) for each in saved]
