"""Adding rows to a study: append them to its dataset, create their tasks, and read the number of places back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import astuple, dataclass

from ..api import Client, Record
from ..api.polling import wait_until
from ..common.display import Mode, card, lines
from ..common.findings import Finding
from ..common.money import Money
from ..data import ROW_COLUMN, Dataset
from ..errors import ApiError, InputError, StepFailed, Unreachable, WaitTimeout
from .draft_edits import reward_and_places
from .flows import describe_rejected
from .ledger import Ledger
from .monitor.status import DRAFT, ENDED
from .spend.allowance import lock_name, refuse_spending
from .spend.annotators import annotators_of
from .spend.growth import Growth
from .spend.publish import refuse_above_cap


@dataclass(frozen=True)
class AddRowsResult:
    """The result of adding rows to a study.

    Parameters
    ----------
    mode : {"SANDBOX", "LIVE"}
    rows : int
        Rows that were added; 0 if the study had all of them already.
    tasks, groups : int
        Tasks and task groups that were created for them.
    places : int
        Places that were added.
    places_before : int
        Places before the rows were added.
    remedy : str
        What to do if some of the rows may not be annotated; empty otherwise.
    """

    mode: Mode
    rows: int
    tasks: int
    groups: int
    places: int
    places_before: int
    remedy: str = ""

    def _rows(self) -> dict[str, object]:
        places = f"{self.places} new, {self.places_before + self.places} in total" if self.places else "none added"
        groups = "1 new group" if self.groups == 1 else f"{self.groups} new groups"
        about = {"rows": self.rows, "tasks": f"{self.tasks} in {groups}", "places": places}
        return about | ({"next step": self.remedy} if self.remedy else {})

    def __str__(self) -> str:
        return lines(f"{self.mode} rows added", self._rows())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return card(self.mode, "rows added", self._rows())


@dataclass(frozen=True)
class _StudySize:
    """The number of tasks, task groups and places of a study, and its state."""

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
    """The study to which rows are added."""

    dataset_id: str
    batch_id: str
    study_id: str
    tasks_per_group: int


def add_rows(
    client: Client, ledger: Ledger, key: str, target: StudyTarget, rows: Dataset, max_cost: str | Money | None
) -> AddRowsResult:
    """Append rows, create their tasks, and read back whether the number of places grew.

    Idempotent: the ledger records the rows, and the server stores each row once.

    Raises
    ------
    SpendError
        The places that Prolific may add would cost more than `max_cost`; nothing was sent.
    InputError
        The study has ended.
    StepFailed
        Rows were rejected, their tasks were not created, a response was lost, or more places were added than expected.
    """
    step = f"rows {rows.digest[:16]}"
    with ledger.hold(f"adding rows to study {target.study_id}", lock_name(client, target.study_id)):
        now, known = _StudySize.of(client, target.batch_id, target.study_id), ledger.step(key, step)
        if known is not None and known.state == "done":
            return nothing_new(client, target.batch_id, target.study_id)
        _refuse_ended(target, now)
        # After an interrupted call, compare with the size that the study had before that call.
        before = _StudySize(*json.loads(known.note)) if known is not None else now
        grouping = _grouping(client, target)
        most = _places(client, target, now, _groups(rows, grouping, target))
        # Also where places were added since: they may be those of add_annotators(), or of other rows.
        spends = now.state != DRAFT
        paid = client.studies.total_cost(*reward_and_places(client.studies.get(target.study_id))) if spends else 0

        def check() -> None:
            if spends:
                refuse_spending(client, _cost(client, target, most), max_cost, 'run.add_rows(..., max_cost="{}")')

        check()
        ledger.intend(key, step, json.dumps(astuple(before)))
        expanded_groups = _append_and_sync(client, target, rows, check)
        after = _StudySize.of(client, target.batch_id, target.study_id)
        if spends:
            refuse_above_cap(client, ledger, key, target.study_id, max_cost, before=paid)
        ledger.done(key, step)
    if spends:
        _refuse_more_places(target, after.places - before.places, most)
    expanded = expanded_groups or (grouping is None and _overflows(before, after, target))
    return AddRowsResult(
        client.mode,
        len(rows),
        after.tasks - before.tasks,
        after.groups - before.groups,
        after.places - before.places,
        before.places,
        f"{_fewer_tasks(len(rows), after.tasks - before.tasks)} {_remedy(before, after, expanded)}".strip(),
    )


def rows_growth(client: Client, target: StudyTarget, rows: Dataset | None) -> Growth:
    """The places that `add_rows` may add, and their cost; None for rows that the study has already. Nothing is changed.

    Raises
    ------
    InputError
        The study has ended.
    """
    now = _StudySize.of(client, target.batch_id, target.study_id)
    _refuse_ended(target, now)
    annotators = annotators_of(client.studies.get(target.study_id))
    if rows is None:
        return Growth(client.mode, 0, 0, annotators, annotators, 0, now.places, Money(0, client.currency))
    groups = _groups(rows, _grouping(client, target), target)
    most = _places(client, target, now, groups)
    cost = _cost(client, target, most) if now.state != DRAFT else Money(0, client.currency)
    return Growth(client.mode, len(rows), groups, annotators, annotators, most, now.places, cost)


def nothing_new(client: Client, batch_id: str, study_id: str, remedy: str = "") -> AddRowsResult:
    """The result if the study has all rows already."""
    return AddRowsResult(client.mode, 0, 0, 0, 0, _StudySize.of(client, batch_id, study_id).places, remedy)


def _append_and_sync(client: Client, target: StudyTarget, rows: Dataset, check: Callable[[], None]) -> int:
    """Append and sync; returns the number of existing groups that were expanded.

    Only the sync can add places, so the cost is checked again right before it: appending may have taken long.
    """
    try:
        _append(client, target.dataset_id, rows)
        check()
        return _sync(client, target.batch_id)
    except (ApiError, Unreachable, WaitTimeout) as failure:
        message = str(failure)
    raise StepFailed(
        f"{message}\nRun the same call again: rows that are stored already are not added a second time, and each row "
        "gets its tasks once."
    )


def _refuse_ended(target: StudyTarget, now: _StudySize) -> None:
    if now.state in ENDED:
        what = f"Study {target.study_id} is {now.state}, so new rows would not be annotated."
        remedy = "Create a separate study for them: run.duplicate(name, data)."
        raise InputError("add_rows", [Finding("error", what, remedy)])


def _refuse_more_places(target: StudyTarget, added: int, most: int) -> None:
    if added > most:
        raise StepFailed(
            f"{added} places were added to study {target.study_id}, at most {most} were expected. Check the study on "
            "Prolific's page, and pause it if that is too many: run.pause()."
        )


def _grouping(client: Client, target: StudyTarget) -> str | None:
    """The dataset's grouping column according to the server; None if rows are grouped by number."""
    fields = (client.datasets.get(target.dataset_id).get("schema") or {}).get("fields") or {}
    return next((name for name, field in fields.items() if field.get("type") == "task_group_id"), None)


def _groups(rows: Dataset, grouping: str | None, target: StudyTarget) -> int:
    """The largest number of new groups that the rows may form."""
    if grouping is None:
        return -(-len(rows) // target.tasks_per_group)
    if grouping not in rows.columns:
        return len(rows)
    cells = rows.cells(grouping)
    return len(set(filter(None, cells))) + cells.count("")  # a row with an empty cell is a group of its own


def _places(client: Client, target: StudyTarget, now: _StudySize, groups: int) -> int:
    """The most places that Prolific may add for so many new groups and for earlier groups without places."""
    annotators = annotators_of(client.studies.get(target.study_id))
    return max(groups * annotators, (now.groups + groups) * annotators - now.places)


def _cost(client: Client, target: StudyTarget, more: int) -> Money:
    study, total = client.studies.get(target.study_id), client.studies.total_cost
    places, reward = int(study.total_available_places), int(study.reward)
    return Money(total(reward, places + more) - total(reward, places), client.currency)


def _overflows(before: _StudySize, after: _StudySize, target: StudyTarget) -> bool:
    """Whether there are more new tasks than new groups can hold: an automatic sync does not report expanded groups."""
    return after.tasks - before.tasks > (after.groups - before.groups) * target.tasks_per_group


def _append(client: Client, dataset_id: str, data: Dataset) -> None:
    records = [data.row(index) | {ROW_COLUMN: key} for index, key in enumerate(data.row_keys)]
    response = client.datasets.append(dataset_id, records)
    if response.rejected:
        raise StepFailed(
            f"{response.rejected} of {len(records)} rows were rejected: "
            f"{describe_rejected(response.errors, data.rows, first_index=1)}. The other rows are in the dataset. "
            "Fix the rejected rows and add all rows again: no row is stored twice."
        )


def _sync(client: Client, batch_id: str) -> int:
    """Create tasks for the new rows of the dataset; returns the number of existing groups that were expanded."""
    sync_id = client.batches.sync(batch_id).sync_id

    def sync_job() -> Record:
        return client.batches.sync_job(batch_id, sync_id)

    ended = wait_until(
        sync_job, lambda job: job.status in ("complete", "failed"), what="Creating the tasks", every=client.pace.job
    )
    if ended.status == "failed":
        reason = ended.get("reason") or "no reason given"
        raise StepFailed(
            f"The rows are in the dataset, but creating their tasks failed: {reason}. "
            "Call add_rows again: no row is stored twice."
        )
    return int(ended.get("groups_expanded") or 0)


def _fewer_tasks(rows: int, tasks: int) -> str:
    if tasks >= rows:
        return ""
    return (
        f"Prolific created {tasks} tasks for {rows} rows: it has the others already, or took them for duplicates of "
        "other rows. Those get no task of their own."
    )


def _remedy(before: _StudySize, after: _StudySize, expanded_groups: int | bool) -> str:
    if before.state == DRAFT and after.tasks > before.tasks and after.places == before.places:
        return "No action needed: the study is a draft, and participants get these tasks in a group that was not full."
    if before.state == DRAFT or after.tasks == before.tasks:
        return ""
    if after.places == before.places:
        return (
            "The study got no places for these tasks, so they will not be annotated. Create a separate study for them: "
            "run.duplicate(name, data)."
        )
    if expanded_groups:
        where = "a group that was" if expanded_groups == 1 else f"{expanded_groups} groups that were"
        return (
            f"Some tasks were added to {where} not full. No places were added for them, so they may not be annotated. "
            "When the study has ended, find the rows without responses, set(run.data.row_keys) - "
            "set(run.responses()['row']), and create a study of run.data.select(...) with run.duplicate(name, data)."
        )
    return ""
