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
from ..quote import check_audience, check_pay

_TEXTS = ("introduction", "steps")
_FIXED = ("annotators_per_task", "tasks_per_group", "internal_name", "project", "extra")
"""Settings that the tasks were created from, or by which a study is found again."""


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
    found = Findings(_unknown(changes))
    state = client.studies.get(study_id).status
    if state != DRAFT:
        remedy = "Change what may still change on Prolific's page, or launch another study: run.duplicate(name)."
        found += [Finding("error", f"Study {study_id} is {state}, not a draft.", remedy)]
    if found:
        raise InputError("The update", found)
    texts = {name: value for name, value in changes.items() if name in _TEXTS}
    new_plan = replace(plan, **{name: value for name, value in changes.items() if name not in _TEXTS})
    new_design = replace(design, **texts)
    unfair = Findings(each for each in check_pay(client, new_plan) if each.level == "error" and not allow_low_pay)
    if new_plan.filters != plan.filters:
        unfair += check_audience(client, new_plan, 0).findings.errors
    if unfair:
        raise PlanError(f"The plan {new_plan.name!r}", unfair)
    if texts:
        client.batches.update(batch_id, {"task_details": new_design.to_api()["task_details"]})
        ledger.redesign(key, new_design.to_json())
    if body := _differing(client, plan, new_plan):
        client.studies.update(study_id, body)
    return new_design, new_plan


def _differing(client: Client, plan: StudyPlan, new: StudyPlan) -> dict[str, Any]:
    """The fields of the API in which two plans differ."""
    before, after = (each.to_study("", "", client.currency) for each in (plan, new))
    return {name: value for name, value in after.items() if before.get(name) != value}


def _unknown(changes: Mapping[str, Any]) -> list[Finding]:
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
    return found
