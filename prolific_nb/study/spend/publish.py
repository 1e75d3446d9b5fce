"""Publishing and adding annotators: check the cost against cap and balance, record, send once, verify."""

from __future__ import annotations

from ...api import Client, Record
from ...common.findings import Finding
from ...common.money import Money
from ...errors import InputError, ProlificError, SpendError, StepFailed
from ..idempotent import IdempotentSteps
from ..ledger import Ledger
from ..monitor.status import DRAFT, SCHEDULED


def refuse_spending(client: Client, cost: Money, max_cost: str | Money | None, call: str) -> None:
    """Refuse a cost above the cap or the balance, and on LIVE any cost without a cap.

    Parameters
    ----------
    call : str
        The call that allows the cost, with ``{}`` for the amount: ``'run.publish(max_cost="{}")'``.

    Raises
    ------
    SpendError
        Nothing was spent.
    """
    fewer = "reduce the number of places or bonuses"
    if max_cost is None:
        if client.mode == "LIVE":
            raise SpendError(f"This would cost {cost}. To allow it, call {call.format(cost.major)}.")
    elif cost > (cap := Money.parse(max_cost, cost.currency)):
        raise SpendError(f"The cost is {cost}, above max_cost {cap}. Raise max_cost or {fewer}.")
    balance = client.workspaces.balance(client.workspace_id)
    available = Money(int(balance.available_balance), cost.currency)
    if cost > available:
        raise SpendError(
            f"The cost is {cost}, but the workspace has {available}. Add money to the workspace or {fewer}."
        )


def whole_cost(client: Client, study_id: str) -> Money:
    """The cost of all places of a study with fees and VAT, computed by the server."""
    study = client.studies.get(study_id)
    total = client.studies.total_cost(int(study.reward), int(study.total_available_places))
    return Money(total, client.currency)


def publish(client: Client, ledger: Ledger, key: str, study_id: str, max_cost: str | Money | None) -> None:
    """Publish a draft once; a published study is not changed.

    Raises
    ------
    SpendError
        Without `max_cost` on LIVE, above `max_cost`, or above the available balance.
    Unreachable
        The response was lost and the study is still a draft. Calling this again is safe: it checks first.
    StepFailed
        The server accepted the request, but the study is still a draft.
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
                f"Study {study_id} is {state}: Prolific publishes it at the scheduled time. To publish it now, cancel "
                f'the schedule first: client.studies.unschedule("{study_id}").'
            )
        if state is not None:
            ledger.done(key, "publish")
            return
        known = ledger.step(key, "publish")
        if known is not None and known.state == "done":  # a draft again, for example after a cancelled schedule
            ledger.withdraw(key, "publish")
        cost = whole_cost(client, study_id)
        refuse_spending(client, cost, max_cost, 'run.publish(max_cost="{}")')
        steps = IdempotentSteps(client, ledger, key)
        steps.run_once("publish", make, find, note=str(cost))
        if steps.search(find) is None:
            raise StepFailed(
                f"Study {study_id} is still {DRAFT} after PUBLISH. Check it on Prolific's page, then publish it again."
            )


def add_annotators(
    client: Client, ledger: Ledger, key: str, study_id: str, n: int, base: int, max_cost: str | Money | None
) -> None:
    """Let `n` more participants than `base` annotate each task of a published study.

    Counted from `base`, not from the current number, so that repeating the call adds no one.

    Raises
    ------
    SpendError
        As for `publish`, for the cost of the new places.
    InputError
        `n` is not a whole number of at least 1, or the study is a draft.
    """
    if not isinstance(n, int) or isinstance(n, bool) or n < 1:
        what = Finding(
            "error", f"{n!r} is not a valid number of annotators.", "Pass a whole number of at least 1.", place="n"
        )
        raise InputError("add_annotators", [what])
    with ledger.hold(f"adding annotators to study {study_id}"):
        if ledger.step(key, "annotators") is None:
            ledger.done(key, "annotators", str(base))
        base = int(ledger.steps(key)["annotators"].ident)
        _raise_to(client, IdempotentSteps(client, ledger, key), study_id, base + n, max_cost)


def _raise_to(client: Client, steps: IdempotentSteps, study_id: str, wanted: int, max_cost: str | Money | None) -> None:
    study = client.studies.get(study_id)
    if study.status == DRAFT:
        remedy = "Launch again with a larger annotators_per_task in the plan."
        raise InputError(f"Study {study_id}", [Finding("error", "It is a draft and has no places yet.", remedy)])
    current, places, reward = _annotators(client, study_id), int(study.total_available_places), int(study.reward)
    if current >= wanted:
        return
    expected = wanted * places // current
    most = max(expected, wanted * _groups(client, study))  # Prolific may add places for groups that had none
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
    if held not in (expected, most):
        raise StepFailed(
            f"Study {study_id} has {held} places, {expected} were expected. Check it on Prolific's page first."
        )


def _groups(client: Client, study: Record) -> int:
    """The number of task groups in the study's batch; 0 for a study without a batch."""
    batch_id = study.get("data_collection_id")
    return int(client.batches.get(batch_id).get("total_task_groups") or 0) if batch_id else 0


def _annotators(client: Client, study_id: str) -> int:
    return int((client.studies.get(study_id).get("data_collection_metadata") or {}).get("annotators_per_task") or 1)
