"""More rows for a study: appended to its dataset, made into tasks, and its places read back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..api import Client, Record
from ..api.polling import until
from ..data import ROW_COLUMN, Dataset
from ..display import Mode, card, lines
from ..errors import InputError, StepFailed
from ..findings import Finding
from ..money import Money
from .ledger import Ledger
from .plan import StudyPlan
from .spending import refuse_spending
from .status import DRAFT, ENDED

_SHOWN = 20  # rows in a message


@dataclass(frozen=True)
class Added:
    """What became of rows that were added to a study.

    Parameters
    ----------
    mode : {"SANDBOX", "LIVE"}
    rows : int
        Rows that were sent; those that the study has already are not.
    tasks, groups : int
        Tasks and task groups that came of them.
    places : int
        Places that came.
    places_before : int
        Places that there were.
    remedy : str
        What to do where people will not see all rows; empty where they will.
    """

    mode: Mode
    rows: int
    tasks: int
    groups: int
    places: int
    places_before: int
    remedy: str = ""

    def _rows(self) -> dict[str, object]:
        came = f"{self.places} more, {self.places_before + self.places} in all" if self.places else "none came"
        about = {"rows": self.rows, "tasks": f"{self.tasks} in {self.groups} new groups", "places": came}
        return about | ({"what now": self.remedy} if self.remedy else {})

    def __str__(self) -> str:
        return lines(f"{self.mode} rows added", self._rows())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return card(self.mode, "rows added", self._rows())


@dataclass(frozen=True)
class _State:
    """How large a study is."""

    tasks: int
    groups: int
    places: int
    state: str

    @classmethod
    def of(cls, client: Client, batch_id: str, study_id: str) -> _State:
        batch, study = client.batches.get(batch_id), client.studies.get(study_id)
        places = int(study.get("total_available_places") or 0)
        return cls(int(batch.total_task_count), int(batch.total_task_groups), places, str(study.status))


@dataclass(frozen=True)
class Target:
    """The study that gets the rows."""

    dataset_id: str
    batch_id: str
    study_id: str
    plan: StudyPlan


def add_rows(
    client: Client, ledger: Ledger, key: str, target: Target, rows: Dataset, max_cost: str | Money | None
) -> Added:
    """Append rows, make tasks of them, and see whether places came.

    What was done before is not done again: the ledger knows the rows, and the server stores none of them twice.

    Raises
    ------
    SpendError
        The places that may come would cost more than allowed; nothing was sent.
    InputError
        The study takes nobody any more.
    StepFailed
        Rows were rejected, or no tasks could be made of them.
    """
    step = f"rows {rows.digest[:16]}"
    with ledger.hold(f"adding rows to study {target.study_id}"):
        before = _State.of(client, target.batch_id, target.study_id)
        if before.state in ENDED:
            what = f"Study {target.study_id} is {before.state}: nobody would come to new rows."
            remedy = "Ask about them in a study of their own: run.duplicate(name, data)."
            raise InputError("add_rows", [Finding("error", what, remedy)])
        grown = 0
        if ledger.step(key, step) is None:
            if before.state != DRAFT:
                refuse_spending(client, _most(client, target, rows), max_cost, 'run.add_rows(..., max_cost="{}")')
            _append(client, target.dataset_id, rows)
            grown = _sync(client, target.batch_id)
            ledger.done(key, step)
        after = _State.of(client, target.batch_id, target.study_id)
    return Added(
        client.mode,
        len(rows),
        after.tasks - before.tasks,
        after.groups - before.groups,
        after.places - before.places,
        before.places,
        _remedy(before, after, grown),
    )


def nothing_new(client: Client, batch_id: str, study_id: str) -> Added:
    """What is to be said where all rows are there already."""
    return Added(client.mode, 0, 0, 0, 0, _State.of(client, batch_id, study_id).places)


def _most(client: Client, target: Target, data: Dataset) -> Money:
    """What the places would cost that may come of these rows, at most."""
    grouping = [column for column, kind in data.kinds.items() if kind == "group"]
    groups = len(set(data.cells(grouping[0]))) if grouping else -(-len(data) // target.plan.tasks_per_group)
    study = client.studies.get(target.study_id)
    places, more = int(study.total_available_places), groups * _annotators(study)
    total = client.studies.total_cost
    return Money(total(int(study.reward), places + more) - total(int(study.reward), places), client.currency)


def _annotators(study: Record) -> int:
    return int((study.get("data_collection_metadata") or {}).get("annotators_per_task") or 1)


def _append(client: Client, dataset_id: str, data: Dataset) -> None:
    records = [data.row(index) | {ROW_COLUMN: key} for index, key in enumerate(data.row_keys)]
    answer = client.datasets.append(dataset_id, records)
    if answer.rejected:
        raise StepFailed(
            f"{answer.rejected} of {len(records)} rows were rejected: {_words(answer.errors, data.rows)}. The others "
            "are in the dataset, and are not stored twice: mend these and add all rows again."
        )


def _words(errors: Sequence[dict[str, Any]], rows: Sequence[int]) -> str:
    said = []
    for error in errors[:_SHOWN]:
        place = int(error.get("record_index") or 0) - 1
        row = f"row {rows[place]}" if 0 <= place < len(rows) else "a row"
        said.append(f"{row}, column {error.get('field')!r}: {error.get('reason')}")
    return "; ".join(said + ([f"and {len(errors) - _SHOWN} more"] if len(errors) > _SHOWN else []))


def _sync(client: Client, batch_id: str) -> int:
    """Make tasks of what is new in the dataset; returns how many groups grew that were there before."""
    ident = client.batches.sync(batch_id).sync_id

    def look() -> Record:
        return client.batches.sync_job(batch_id, ident)

    ended = until(
        look, lambda job: job.status in ("complete", "failed"), what="Making the tasks", every=client.pace.job
    )
    if ended.status == "failed":
        raise StepFailed(
            f"The rows are in the dataset, but no tasks were made of them: {ended.get('reason') or 'no reason given'}. "
            "Add them again: they are not stored twice."
        )
    return int(ended.get("groups_expanded") or 0)


def _remedy(before: _State, after: _State, grown: int) -> str:
    if before.state == DRAFT or after.tasks == before.tasks:
        return ""
    if after.places == before.places:
        return (
            "The study has no places for these tasks, so that nobody new is asked about them. "
            "Ask in a study of their own: run.duplicate(name, data)."
        )
    if grown:
        return (
            f"Some tasks went into {'a group that was' if grown == 1 else f'{grown} groups that were'} not full; who "
            "answered it before does not see them. run.responses() shows which rows have too few answers."
        )
    return ""
