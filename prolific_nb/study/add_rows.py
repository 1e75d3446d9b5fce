"""More rows for a study: appended to its dataset, made into tasks, and its places read back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

from ..api import Client, Record
from ..api.polling import wait_until
from ..common.display import Mode, card, lines
from ..common.findings import Finding
from ..common.money import Money
from ..data import ROW_COLUMN, Dataset
from ..errors import ApiError, InputError, StepFailed, Unreachable, WaitTimeout
from .ledger import Ledger
from .monitor.status import DRAFT, ENDED
from .spend.publish import refuse_spending

_SHOWN = 20  # rows in a message


@dataclass(frozen=True)
class AddRowsResult:
    """What became of rows that were added to a study.

    Parameters
    ----------
    mode : {"SANDBOX", "LIVE"}
    rows : int
        Rows that were added; 0 where the study had them all.
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
        groups = "1 new group" if self.groups == 1 else f"{self.groups} new groups"
        about = {"rows": self.rows, "tasks": f"{self.tasks} in {groups}", "places": came}
        return about | ({"what now": self.remedy} if self.remedy else {})

    def __str__(self) -> str:
        return lines(f"{self.mode} rows added", self._rows())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return card(self.mode, "rows added", self._rows())


@dataclass(frozen=True)
class _StudySize:
    """How large a study is."""

    tasks: int
    groups: int
    places: int
    state: str

    @classmethod
    def of(cls, client: Client, batch_id: str, study_id: str) -> _StudySize:
        batch, study = client.batches.get(batch_id), client.studies.get(study_id)
        places = int(study.get("total_available_places") or 0)
        return cls(int(batch.total_task_count), int(batch.total_task_groups), places, str(study.status))


@dataclass(frozen=True)
class StudyTarget:
    """The study that gets the rows."""

    dataset_id: str
    batch_id: str
    study_id: str
    tasks_per_group: int


def add_rows(
    client: Client, ledger: Ledger, key: str, target: StudyTarget, rows: Dataset, max_cost: str | Money | None
) -> AddRowsResult:
    """Append rows, make tasks of them, and see whether places came.

    What was done before is not done again: the ledger knows the rows, and the server stores none of them twice.

    Raises
    ------
    SpendError
        The places that may come would cost more than allowed; nothing was sent.
    InputError
        The study takes nobody any more.
    StepFailed
        Rows were rejected, no tasks could be made of them, an answer was lost, or more places came than could.
    """
    step = f"rows {rows.digest[:16]}"
    with ledger.hold(f"adding rows to study {target.study_id}"):
        now, known = _StudySize.of(client, target.batch_id, target.study_id), ledger.step(key, step)
        if known is not None and known.state == "done":
            return nothing_new(client, target.batch_id, target.study_id)
        if now.state in ENDED:
            what = f"Study {target.study_id} is {now.state}: nobody would come to new rows."
            remedy = "Ask about them in a study of their own: run.duplicate(name, data)."
            raise InputError("add_rows", [Finding("error", what, remedy)])
        # What an interrupted call brought counts too: it is compared with what there was before that one.
        before = _StudySize(*json.loads(known.note)) if known is not None else now
        grouping = _grouping(client, target)
        most = _places(client, target, now, _groups(rows, grouping, target))
        if now.state != DRAFT and now.places == before.places:
            refuse_spending(client, _cost(client, target, most), max_cost, 'run.add_rows(..., max_cost="{}")')
        ledger.intend(key, step, json.dumps(astuple(before)))
        grown = _carried_out(client, target, rows)
        after = _StudySize.of(client, target.batch_id, target.study_id)
        ledger.done(key, step)
    if now.state != DRAFT and after.places - before.places > most:
        raise StepFailed(
            f"{after.places - before.places} places came where {most} could have been expected. Look at study "
            f"{target.study_id} on Prolific's page, and pause it if that is too many: run.pause()."
        )
    return AddRowsResult(
        client.mode,
        len(rows),
        after.tasks - before.tasks,
        after.groups - before.groups,
        after.places - before.places,
        before.places,
        _remedy(before, after, grown or (grouping is None and _overflows(before, after, target))),
    )


def nothing_new(client: Client, batch_id: str, study_id: str, remedy: str = "") -> AddRowsResult:
    """What is to be said where all rows are there already."""
    return AddRowsResult(client.mode, 0, 0, 0, 0, _StudySize.of(client, batch_id, study_id).places, remedy)


def _carried_out(client: Client, target: StudyTarget, rows: Dataset) -> int:
    """Append and sync; returns how many groups grew that were there before."""
    try:
        _append(client, target.dataset_id, rows)
        return _sync(client, target.batch_id)
    except (ApiError, Unreachable, WaitTimeout) as failure:
        said = str(failure)
    raise StepFailed(
        f"{said}\nNothing was asked twice: run the same call again. Rows are not stored a second time, and tasks are "
        "made of each of them once."
    )


def _grouping(client: Client, target: StudyTarget) -> str | None:
    """The column that groups the rows, by the server's own description of them; None where their number does."""
    fields = (client.datasets.get(target.dataset_id).get("schema") or {}).get("fields") or {}
    return next((name for name, field in fields.items() if field.get("type") == "task_group_id"), None)


def _groups(rows: Dataset, grouping: str | None, target: StudyTarget) -> int:
    """How many new groups may come of the rows, at most."""
    if grouping is None:
        return -(-len(rows) // target.tasks_per_group)
    if grouping not in rows.columns:
        return len(rows)
    cells = rows.cells(grouping)
    return len(set(filter(None, cells))) + cells.count("")  # a row without a group's name stands alone


def _places(client: Client, target: StudyTarget, now: _StudySize, groups: int) -> int:
    """How many places may come of so many new groups, at most: those of groups that had none so far may come too."""
    metadata = client.studies.get(target.study_id).get("data_collection_metadata") or {}
    annotators = int(metadata.get("annotators_per_task") or 1)
    return max(groups * annotators, (now.groups + groups) * annotators - now.places)


def _cost(client: Client, target: StudyTarget, more: int) -> Money:
    study, total = client.studies.get(target.study_id), client.studies.total_cost
    places, reward = int(study.total_available_places), int(study.reward)
    return Money(total(reward, places + more) - total(reward, places), client.currency)


def _overflows(before: _StudySize, after: _StudySize, target: StudyTarget) -> bool:
    """Whether there are more new tasks than new groups can hold: a sync that ran by itself tells nobody so."""
    return after.tasks - before.tasks > (after.groups - before.groups) * target.tasks_per_group


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

    ended = wait_until(
        look, lambda job: job.status in ("complete", "failed"), what="Making the tasks", every=client.pace.job
    )
    if ended.status == "failed":
        raise StepFailed(
            f"The rows are in the dataset, but no tasks were made of them: {ended.get('reason') or 'no reason given'}. "
            "Add them again: they are not stored twice."
        )
    return int(ended.get("groups_expanded") or 0)


def _remedy(before: _StudySize, after: _StudySize, grown: int | bool) -> str:
    if before.state == DRAFT and after.tasks > before.tasks and after.places == before.places:
        return "Nothing: the study is a draft, and its people will see these tasks in a group that was not full."
    if before.state == DRAFT or after.tasks == before.tasks:
        return ""
    if after.places == before.places:
        return (
            "The study has no places for these tasks, so that nobody new is asked about them. "
            "Ask in a study of their own: run.duplicate(name, data)."
        )
    if grown:
        return (
            f"Some tasks went into {'a group that was' if grown == 1 else f'{grown} groups that were'} not full, and "
            "no places came for these: whether anybody sees them is not sure. When the study has ended, look for rows "
            "without answers: set(run.data.row_keys) - set(run.responses()['row']), and ask about run.data.select(...) "
            "of them by run.duplicate(name, data)."
        )
    return ""
