"""Changing a draft: its texts, its pay, and who may take part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from difflib import get_close_matches
from typing import Any

from ...api import Client
from ...common.findings import Finding, Findings
from ...design import Design
from ...errors import InputError, PlanError
from ..ledger import Ledger
from ..monitor.status import DRAFT
from ..plan import StudyPlan
from ..quote import check_audience
from .launch_checks import pay_errors

_TEXTS = ("introduction", "steps")
_FIXED = ("annotators_per_task", "tasks_per_group", "internal_name", "project", "extra")
"""Settings that the tasks were created from, or by which a study is found again."""
_CLEARED: dict[str, Any] = {
    "filters": [],
    "filter_set_id": None,
    "filter_set_version": None,
    "study_type": "SINGLE",
    "study_labels": [],
}
"""The value of a field that a plan does not send; a request that leaves it out would keep the old one."""


def update_draft(
    client: Client,
    ledger: Ledger,
    key: str,
    ids: tuple[str, str],
    asked: tuple[Design, StudyPlan],
    changes: Mapping[str, Any],
    allow_low_pay: str,
) -> tuple[Design, StudyPlan]:
    """Change a draft on the server, and return its design and plan afterwards.

    Parameters
    ----------
    ids : pair of str
        Study and batch.
    asked : pair of Design and StudyPlan
        As they are now.
    changes : mapping
        New values by argument of `StudyPlan`, and ``introduction`` and ``steps`` of the design.
    allow_low_pay : str
        As for `launch`.

    Raises
    ------
    InputError
        The study is published, or a change cannot be made; with all findings. Nothing was sent.
    """
    (study_id, batch_id), (design, plan) = ids, asked
    found = Findings(_unknown(changes, plan))
    state = client.studies.get(study_id).status
    if state != DRAFT:
        remedy = "Change what may still change on Prolific's page, or launch another study: run.duplicate(name)."
        found += [Finding("error", f"Study {study_id} is {state}, not a draft.", remedy)]
    if found:
        raise InputError("The update", found)
    texts = {name: value for name, value in changes.items() if name in _TEXTS}
    new_plan = replace(plan, **{name: value for name, value in changes.items() if name not in _TEXTS})
    new_design = replace(design, **texts)
    errors = pay_errors(client, new_plan, allow_low_pay)
    if _audience(new_plan) != _audience(plan):
        errors += check_audience(client, new_plan, 0).findings.errors
    if errors:
        raise PlanError(f"The plan {new_plan.name!r}", errors)
    body = _differing(client, plan, new_plan)
    if texts:
        client.batches.update(batch_id, {"task_details": new_design.to_api()["task_details"]})
        ledger.redesign(key, new_design.to_json())
    if body:
        client.studies.update(study_id, body)
    return new_design, new_plan


def _differing(client: Client, plan: StudyPlan, new: StudyPlan) -> dict[str, Any]:
    """The fields of the API in which two plans differ."""
    before, after = (_CLEARED | each.to_study("", "", client.currency) for each in (plan, new))
    changed = {name for name, value in after.items() if before.get(name) != value}
    if "filter_set_id" in changed:  # the version is that of the other set
        changed.add("filter_set_version")
    return {name: value for name, value in after.items() if name in changed}


def _audience(plan: StudyPlan) -> tuple[object, ...]:
    return plan.filters, plan.filter_set_id, plan.filter_set_version


def _unknown(changes: Mapping[str, Any], plan: StudyPlan) -> list[Finding]:
    known = [*_TEXTS, *(each.name for each in fields(StudyPlan) if not each.name.startswith("_"))]
    found = []
    for name in changes:
        if name in _FIXED:
            what = f"{name} cannot be changed: the tasks of this draft were created with it."
            found.append(Finding("error", what, "Launch a second study with another plan.", place=name))
        elif name not in known:
            near = get_close_matches(name, known, n=1)
            remedy = (
                f"Did you mean {near[0]}?" if near else f"Use one of {', '.join(n for n in known if n not in _FIXED)}."
            )
            found.append(Finding("error", f"There is no setting {name!r}.", remedy, place=name))
    if plan.completion_codes and "completion_codes" in changes and changes["completion_codes"] is None:
        what = "Completion codes cannot be removed from a draft."
        found.append(Finding("error", what, "Pass other ones.", place="completion_codes"))
    return found
