"""Everything that spends: asked for, compared with the cap and the balance, written down, done once, verified."""

from __future__ import annotations

from ...api import Client, Record
from ...common.findings import Finding
from ...common.money import Money
from ...errors import InputError, ProlificError, SpendError, StepFailed
from ..idempotent import IdempotentSteps
from ..ledger import Ledger
from ..monitor.status import DRAFT, SCHEDULED


def refuse_spending(client: Client, cost: Money, max_cost: str | Money | None, call: str) -> None:
    """Refuse a cost above the cap or the balance, and on LIVE one without a cap.

    Parameters
    ----------
    call : str
        How to allow it, with ``{}`` for the figure: ``'run.publish(max_cost="{}")'``.

    Raises
    ------
    SpendError
        Nothing was spent.
    """
    if max_cost is None:
        if client.mode == "LIVE":
            raise SpendError(f"This would cost {cost}. To allow it: {call.format(cost.major)}.")
    elif cost > (cap := Money.parse(max_cost, cost.currency)):
        raise SpendError(f"Prolific asks {cost}, more than the allowed {cap}. Raise max_cost or spend it on less.")
    balance = client.workspaces.balance(client.workspace_id)
    available = Money(int(balance.available_balance), cost.currency)
    if cost > available:
        raise SpendError(f"Prolific asks {cost}; the workspace has {available}. Add money or spend it on less.")


def whole_cost(client: Client, study_id: str) -> Money:
    """What all places of a study cost with fees and VAT, by the server's own figures."""
    study = client.studies.get(study_id)
    total = client.studies.total_cost(int(study.reward), int(study.total_available_places))
    return Money(total, client.currency)


def publish(client: Client, ledger: Ledger, key: str, study_id: str, max_cost: str | Money | None) -> None:
    """Publish a draft once; a study that is published already stays as it is.

    Raises
    ------
    SpendError
        Without `max_cost` on LIVE, above `max_cost`, or above the available balance.
    Unreachable
        The answer was lost and the study is still a draft; run it again, it looks first.
    StepFailed
        The server took the request, and the study is a draft all the same.
    ProlificError
        The study is scheduled.
    """

    def find() -> str | None:
        state = str(client.studies.get(study_id).status)
        return None if state == DRAFT else state

    def make() -> str:
        client.studies.transition(study_id, "PUBLISH")
        return ""

    with ledger.hold(f"publishing study {study_id}"):
        state = find()
        if state == SCHEDULED:
            raise ProlificError(
                f"Study {study_id} is {state}: it is published by itself when its time has come. To publish it now, "
                f'take that back first: client.studies.unschedule("{study_id}").'
            )
        if state is not None:
            ledger.done(key, "publish")
            return
        known = ledger.step(key, "publish")
        if known is not None and known.state == "done":  # it became a draft again, as after a schedule
            ledger.withdraw(key, "publish")
        cost = whole_cost(client, study_id)
        refuse_spending(client, cost, max_cost, 'run.publish(max_cost="{}")')
        steps = IdempotentSteps(client, ledger, key)
        steps.run_once("publish", make, find, note=str(cost))
        if steps.search(find) is None:
            raise StepFailed(f"Study {study_id} is {DRAFT} after PUBLISH. Look at it on Prolific's page first.")


def add_annotators(
    client: Client, ledger: Ledger, key: str, study_id: str, n: int, base: int, max_cost: str | Money | None
) -> None:
    """Let `n` more people than `base` answer each task of a published study.

    Counted from the base and not from what is there now, so that the same call a second time adds nobody.

    Raises
    ------
    SpendError
        As for `publish`, about what the new places cost.
    InputError
        `n` is no number of people, or the study is a draft.
    """
    if not isinstance(n, int) or isinstance(n, bool) or n < 1:
        what = Finding("error", f"{n!r} is no number of people.", "Give a whole number of 1 or more.", place="n")
        raise InputError("add_annotators", [what])
    with ledger.hold(f"adding annotators to study {study_id}"):
        if ledger.step(key, "annotators") is None:
            ledger.done(key, "annotators", str(base))
        base = int(ledger.steps(key)["annotators"].ident)
        _raise_to(client, IdempotentSteps(client, ledger, key), study_id, base + n, max_cost)


def _raise_to(client: Client, steps: IdempotentSteps, study_id: str, wanted: int, max_cost: str | Money | None) -> None:
    study = client.studies.get(study_id)
    if study.status == DRAFT:
        remedy = "Launch again with more annotators_per_task in the plan."
        raise InputError(f"Study {study_id}", [Finding("error", "It is a draft and has no places yet.", remedy)])
    asked, places, reward = _annotators(client, study_id), int(study.total_available_places), int(study.reward)
    if asked >= wanted:
        return
    more = wanted * places // asked
    most = max(more, wanted * _groups(client, study))  # places are computed anew, maybe for groups that had none
    total = client.studies.total_cost
    cost = Money(total(reward, most) - total(reward, places), client.currency)
    refuse_spending(client, cost, max_cost, 'run.add_annotators(..., max_cost="{}")')

    def find() -> str | None:
        return str(wanted) if _annotators(client, study_id) >= wanted else None

    def make() -> str:
        client.studies.update(study_id, {"data_collection_metadata": {"annotators_per_task": wanted}})
        return str(wanted)

    steps.run_once(f"annotators {wanted}", make, find, note=str(cost))
    held = int(client.studies.get(study_id).total_available_places)
    if held not in (more, most):
        raise StepFailed(f"Study {study_id} has {held} places where {more} were meant. Look at Prolific's page first.")


def _groups(client: Client, study: Record) -> int:
    """Task groups of the study's batch by now; 0 for a study without one."""
    batch_id = study.get("data_collection_id")
    return int(client.batches.get(batch_id).get("total_task_groups") or 0) if batch_id else 0


def _annotators(client: Client, study_id: str) -> int:
    return int((client.studies.get(study_id).get("data_collection_metadata") or {}).get("annotators_per_task") or 1)
