"""Publishing: check what was edited, other studies, cost, cap and balance; record, send once, check once more."""

from __future__ import annotations

from typing import Any

from ...api import Client, Record
from ...common.display import notify
from ...common.money import Money
from ...errors import ProlificError, SpendError, StepFailed
from ..draft_edits import draft_edits
from ..idempotent import IdempotentSteps, transition_study
from ..ledger import Ledger
from ..monitor.status import DRAFT, SCHEDULED
from ..plan import StudyPlan
from ..same_launch import published_duplicates
from .allowance import lock_name, refuse_spending, usable_cap, whole_cost

_STEP, _CHECKED = "publish", "cap checked"


def publish(
    client: Client,
    ledger: Ledger,
    key: str,
    study_id: str,
    max_cost: Any = None,
    *,
    plan: StudyPlan | None = None,
    again: str = "",
) -> None:
    """Publish a draft once; a published study is not changed.

    Parameters
    ----------
    plan : StudyPlan, optional
        As the study was launched; what was edited on the draft since then is reported before money moves.
    again : str
        The reason for publishing although a study of the same launch or batch is published already.

    Raises
    ------
    SpendError
        Without `max_cost` on LIVE, above `max_cost`, above the available balance, or next to a published study of the
        same launch. If the cost rose above `max_cost` while the study was being published, it is paused at once.
    Unreachable
        The response was lost and the study is still a draft. Calling this again is safe: it checks first.
    StepFailed
        The server accepted the request, but the study is still a draft.
    ProlificError
        The study is scheduled.
    """
    usable_cap(client, max_cost)  # an unusable cap is refused even where nothing is left to publish
    with ledger.hold(f"publishing study {study_id}", lock_name(client, study_id)):
        study, known = client.studies.get(study_id), ledger.step(key, _STEP)
        if study.status == SCHEDULED:
            raise ProlificError(
                f"Study {study_id} is {SCHEDULED} and will be published by itself at the scheduled time. To publish it "
                f'now, unschedule it first: client.studies.unschedule("{study_id}").'
            )
        if study.status == DRAFT:
            if known is not None and known.state == "done":  # it became a draft again, as after a schedule
                ledger.withdraw(key, _STEP, _CHECKED)
            _refuse_duplicates(client, study, again)
            for edit in draft_edits(study, plan, client.currency) if plan is not None else ():
                notify(str(edit))
            _publish_once(client, ledger, key, study_id, max_cost)
        if ledger.step(key, _CHECKED) is None:  # also where a kernel died between PUBLISH and this check
            here = study.status == DRAFT or known is not None
            refuse_above_cap(client, ledger, key, study_id, max_cost, here=here)
        ledger.done(key, _STEP)
        ledger.done(key, _CHECKED)


def cap_is_unchecked(ledger: Ledger, key: str) -> bool:
    """Whether a kernel died between publishing a study and looking at its cost once more; `publish` does it."""
    steps = ledger.steps(key)
    return _STEP in steps and _CHECKED not in steps


def _publish_once(client: Client, ledger: Ledger, key: str, study_id: str, max_cost: Any) -> None:
    def find() -> str | None:
        state = str(client.studies.get(study_id).status)
        return None if state == DRAFT else state

    def make() -> str:
        # Checked again on every try: the reward may have been raised on the website while a busy server was waited for.
        refuse_spending(client, whole_cost(client, study_id), max_cost, 'run.publish(max_cost="{}")')
        client.studies.transition(study_id, "PUBLISH")
        return ""

    refuse_spending(client, whole_cost(client, study_id), max_cost, 'run.publish(max_cost="{}")')
    steps = IdempotentSteps(client, ledger, key)
    steps.run_once(_STEP, make, find)
    if steps.search(find) is None:
        ledger.withdraw(key, _STEP)
        raise StepFailed(
            f"Study {study_id} is still {DRAFT} after PUBLISH. Check it on Prolific's page before you publish it again."
        )


def _refuse_duplicates(client: Client, study: Record, again: str) -> None:
    duplicates = [] if again else published_duplicates(client, study)
    if duplicates:
        named = "; ".join(f"study {each.id} {each.get('name')!r}, {each.get('status')}" for each in duplicates)
        raise SpendError(
            f"A study of the same launch or of the same batch is published already: {named}. Publishing study "
            f"{study.id} too would pay for the same tasks again, so nothing was spent. To continue with that one: "
            f'pnb.open_run(study_id="{duplicates[0].id}", client=client). To publish this one on purpose: '
            'run.publish(max_cost=..., again="reason").'
        )


def refuse_above_cap(
    client: Client, ledger: Ledger, key: str, study_id: str, max_cost: Any, *, here: bool = True, before: int = 0
) -> None:
    """Look at the cost of a published study once more: above the cap it is paused, and the user told.

    Parameters
    ----------
    here : bool
        Whether it was published, or enlarged, by this ledger. Another program's study is reported, not paused.
    before : int
        What was paid for before, in minor units, and does not count.

    Raises
    ------
    SpendError
        The cost is above the cap, or cannot be checked.
    """
    cap = usable_cap(client, max_cost)
    if cap is None:
        return
    try:
        cost = whole_cost(client, study_id) - Money(before, client.currency)
        if cost <= cap:
            return
        reason = f"costs {cost}, above max_cost {cap}: it was changed while it was being published"
    except SpendError as failure:
        reason = f"is published, but what it costs cannot be checked: {failure}"
    if not here:
        notify(f"Study {study_id} was published before, and {reason.partition(':')[0]}. run.pause() pauses it.")
        return
    raise SpendError(f"Study {study_id} {reason}. {_paused(client, ledger, key, study_id)}")


def _paused(client: Client, ledger: Ledger, key: str, study_id: str) -> str:
    """Pause a study at once; what happened, in words."""
    try:
        transition_study(client, ledger, key, study_id, "PAUSE")
    except ProlificError as failure:
        return f"It could not be paused ({failure}): pause or stop it on Prolific's page now."
    return (
        "It was paused at once: nobody else can start, and those at work are paid. To accept the cost: run.resume(). "
        "To end it: run.stop()."
    )
