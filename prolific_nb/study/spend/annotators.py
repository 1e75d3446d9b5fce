"""More annotators for each task: up to a number that means the same on every machine."""

from __future__ import annotations

from typing import Any

from ...api import Client, Record
from ...common.findings import Finding
from ...common.money import Money
from ...errors import InputError, StepFailed
from ..draft_edits import reward_and_places
from ..idempotent import IdempotentSteps
from ..ledger import Ledger
from ..monitor.status import DRAFT
from .allowance import lock_name, refuse_spending
from .growth import Growth
from .publish import refuse_above_cap

BASE = "annotators"
"""The step of the ledger that holds how many annotators per task a run was launched with."""
_CALL = 'run.add_annotators(..., max_cost="{}")'


def add_annotators(
    client: Client, ledger: Ledger, key: str, study_id: str, n: int | None, to: int | None, max_cost: Any
) -> bool:
    """Raise the annotators per task of a published study, once.

    Parameters
    ----------
    n : int or None
        More than at the launch, which only the ledger of the launch knows.
    to : int or None
        Annotators per task afterwards; means the same wherever it runs, and however often.

    Returns
    -------
    bool
        Whether there are more now; False if the study had as many already.

    Raises
    ------
    SpendError
        As for `publish`, for the cost of the new places.
    InputError
        Not exactly one of `n` and `to` is a whole number of 1 or more, the study is a draft, or `n` was given where
        the ledger does not know the launch.
    """
    given = [(name, value) for name, value in (("to", to), ("n", n)) if value is not None]
    if len(given) != 1:
        raise _unusable(f"{len(given)} of to and n were given.", "Pass to=, the annotators per task afterwards.", "to")
    [(name, value)] = given
    _require_number(name, value)
    with ledger.hold(f"adding annotators to study {study_id}", lock_name(client, study_id)):
        study = _published(client, study_id)
        wanted = value if name == "to" else _base(ledger, key, study, value) + value
        return _raise_to(client, ledger, key, study, wanted, max_cost)


def annotators_growth(client: Client, study_id: str, to: int) -> Growth:
    """The places that `add_annotators` would add, and their cost. Nothing is spent or changed.

    Raises
    ------
    InputError
        `to` is not a whole number of 1 or more, or the study is a draft.
    """
    _require_number("to", to)
    study = _published(client, study_id)
    reward, places = reward_and_places(study)
    asked = annotators_of(study)
    added = max(_places_for(client, study, to)) - places if to > asked else 0
    cost = client.studies.total_cost(reward, places + added) - client.studies.total_cost(reward, places) if added else 0
    return Growth(client.mode, 0, 0, max(to, asked), asked, added, places, Money(cost, client.currency))


def _require_number(name: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        what = f"{value!r} is not a valid number of annotators."
        raise _unusable(what, "Pass a whole number of 1 or more.", name)


def _published(client: Client, study_id: str) -> Record:
    study = client.studies.get(study_id)
    if study.status == DRAFT:
        remedy = "Launch again with a larger annotators_per_task in the plan."
        raise InputError(f"Study {study_id}", [Finding("error", "It is a draft and has no places yet.", remedy)])
    return study


def _places_for(client: Client, study: Record, wanted: int) -> tuple[int, int]:
    """The expected and the highest number of places: Prolific may give places to groups that had none."""
    more = wanted * reward_and_places(study)[1] // annotators_of(study)
    return more, max(more, wanted * _groups(client, study))


def _unusable(what: str, remedy: str, place: str) -> InputError:
    return InputError("add_annotators", [Finding("error", what, remedy, place=place)])


def _base(ledger: Ledger, key: str, study: Record, n: int) -> int:
    """The annotators per task at the launch."""
    known = ledger.step(key, BASE)
    if known is not None and known.ident.isdigit():
        return int(known.ident)
    now = annotators_of(study)
    raise _unusable(
        f"n counts from the annotators per task at the launch, which this ledger did not see. Study {study.id} has "
        f"{now} now.",
        f"Pass the number afterwards, which is the same on every machine: run.add_annotators(to={now + n}).",
        "n",
    )


def _raise_to(client: Client, ledger: Ledger, key: str, study: Record, wanted: int, max_cost: Any) -> bool:
    reward, places = reward_and_places(study)
    if annotators_of(study) >= wanted:
        return False
    more, most = _places_for(client, study, wanted)
    before = client.studies.total_cost(reward, places)

    def find() -> str | None:
        return str(wanted) if annotators_of(client.studies.get(study.id)) >= wanted else None

    def make() -> str:
        now, _ = reward_and_places(client.studies.get(study.id))  # the reward may have changed while this waited
        cost = Money(client.studies.total_cost(now, most) - before, client.currency)
        refuse_spending(client, cost, max_cost, _CALL)
        client.studies.update(study.id, {"data_collection_metadata": {"annotators_per_task": wanted}})
        return str(wanted)

    cost = Money(client.studies.total_cost(reward, most) - before, client.currency)
    refuse_spending(client, cost, max_cost, _CALL)
    IdempotentSteps(client, ledger, key).run_once(f"annotators {wanted}", make, find)
    refuse_above_cap(client, ledger, key, study.id, max_cost, before=before)
    _, held = reward_and_places(client.studies.get(study.id))
    if held not in (more, most):
        raise StepFailed(f"Study {study.id} has {held} places instead of {more}. Check it on Prolific's page.")
    return True


def annotators_of(study: Record) -> int:
    """Annotators per task of a study."""
    return int((study.get("data_collection_metadata") or {}).get("annotators_per_task") or 1)


def _groups(client: Client, study: Record) -> int:
    """The number of task groups in the study's batch now; 0 for a study without a batch."""
    batch_id = study.get("data_collection_id")
    return int(client.batches.get(batch_id).get("total_task_groups") or 0) if batch_id else 0
