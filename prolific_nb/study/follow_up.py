"""The plan of a study that follows another one: the same, kept from the people who took part before."""

from __future__ import annotations

from dataclasses import replace

from ..api import Client
from ..errors import ProlificError
from .monitor.status import DRAFT, RUNNING
from .plan import Filter, StudyPlan

_BLOCK = "participant_group_blocklist"


def follow_up_plan(client: Client, key: str, study_id: str, plan: StudyPlan, annotators: int | None) -> StudyPlan:
    """The plan of a follow-up; makes the group of those who took part, or brings it up to date.

    Parameters
    ----------
    key, study_id : str
        The run that is followed.
    annotators : int or None
        Per row; None for as many as before.

    Raises
    ------
    ProlificError
        People still come to the study, who could not be kept from the second one; or nobody came so far.
    """
    state = client.studies.get(study_id).status
    if state == DRAFT or state in RUNNING:
        raise ProlificError(
            f"Study {study_id} is {state}, so it is not known yet who takes part in it, and those people could not be "
            "kept from the second study. Publish it and wait for its end, pause it or stop it first."
        )
    people = sorted({each.participant_id for each in client.studies.submissions(study_id)})
    earlier = [each for each in plan.filters if each.id != _BLOCK]
    blocked = [ident for each in plan.filters if each.id == _BLOCK for ident in each.any_of or ()]
    group = _group(client, f"Took part in study {study_id} [pnb {key[:12]}]", people)
    chosen = Filter(_BLOCK, any_of=list(dict.fromkeys([*blocked, group])))
    return replace(
        plan,
        name=f"{plan.name} (follow-up)",
        annotators_per_task=plan.annotators_per_task if annotators is None else annotators,
        filters=[*earlier, chosen],
    )


def _group(client: Client, name: str, people: list[str]) -> str:
    """The group of that name with these people: the one there is, so that asking again makes no second one."""
    for each in client.groups.list(client.workspace_id):
        if each.name == name:
            client.groups.add(each.id, people)
            return str(each.id)
    return str(client.groups.create(client.workspace_id, name, people).id)
