"""Batches: a dataset and a layout made into tasks, and the answers to them."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from .paging import iter_pages, whole
from .records import Record
from .studies import in_utc
from .transport import Transport

_PATH = "/api/v1/data-collection/batches"


class Batches:
    """``client.batches``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, name: str, workspace_id: str, dataset_id: str | None, task: dict[str, Any]) -> Record:
        """Make a batch.

        Parameters
        ----------
        dataset_id : str or None
            None to attach a dataset later, at the latest in the set-up.
        task : dict
            ``task_details`` and ``batch_items``, as `Design.to_api` gives them; without ``batch_items`` the batch is
            one of the older kind, which takes `create_instructions`.
        """
        body = {"name": name, "workspace_id": workspace_id, **task}
        body |= {"dataset_id": dataset_id} if dataset_id else {}
        return Record(self._transport.post(_PATH, body))

    def get(self, batch_id: str) -> Record:
        """Read a batch with its layout and counts."""
        return Record(self._transport.get(f"{_PATH}/{batch_id}"))

    def list(self, workspace_id: str) -> Iterator[Record]:
        """All batches of a workspace."""
        return iter_pages(self._transport, _PATH, {"workspace_id": workspace_id})

    def update(self, batch_id: str, changes: dict[str, Any]) -> Record:
        """Change a batch.

        Parameters
        ----------
        changes : dict
            Any of ``name, task_details, dataset_id, batch_items, auto_sync_enabled``. A layout replaces the whole one:
            parts that keep their ``id`` stay the same parts.
        """
        return Record(self._transport.patch(f"{_PATH}/{batch_id}", changes))

    def duplicate(self, batch_id: str, name: str | None = None, *, new_dataset: bool = False) -> Record:
        """Copy a batch; the copy is not set up.

        Parameters
        ----------
        name : str, optional
            By default the old name with "(Copy)".
        new_dataset : bool
            Leave the copy without a dataset, to attach another; else both share one.
        """
        body = {"upload_new_dataset": new_dataset} | ({"name": name} if name is not None else {})
        return Record(self._transport.post(f"{_PATH}/{batch_id}/duplicate", body))

    def tasks(self, batch_id: str) -> builtins.list[str]:
        """Ids of the tasks."""
        return [str(each) for each in self._transport.get(f"{_PATH}/{batch_id}/tasks")]

    def task_groups(self, batch_id: str) -> builtins.list[str]:
        """Ids of the task groups; one submission answers one of them."""
        return [str(each) for each in self._transport.get(f"{_PATH}/{batch_id}/task-groups")]

    def instructions(self, batch_id: str) -> Iterator[Record]:
        """The instructions of a batch of the older kind, in order."""
        return iter_pages(self._transport, f"{_PATH}/{batch_id}/instructions")

    def create_instructions(self, batch_id: str, instructions: Sequence[dict[str, Any]]) -> builtins.list[Record]:
        """Give instructions to a batch that has no layout. Prolific has announced the end of this for 2026-09-01.

        Parameters
        ----------
        instructions : sequence of dict
            As `Design.to_instructions` gives them.

        Returns
        -------
        list of Record
            The same with their ids.
        """
        return [Record(made) for made in self._transport.post(*self._asking(batch_id, instructions))]

    def replace_instructions(self, batch_id: str, instructions: Sequence[dict[str, Any]]) -> builtins.list[Record]:
        """Replace all instructions; those that are sent with their ``id`` stay the same ones."""
        return [Record(made) for made in self._transport.put(*self._asking(batch_id, instructions))]

    def _asking(self, batch_id: str, instructions: Sequence[dict[str, Any]]) -> tuple[str, dict[str, Any]]:
        return f"{_PATH}/{batch_id}/instructions", {"instructions": [*instructions]}

    def set_up(self, batch_id: str, tasks_per_group: int, *, dataset_id: str | None = None) -> None:
        """Start making tasks; the batch is READY some time later."""
        body = {"tasks_per_group": tasks_per_group} | ({"dataset_id": dataset_id} if dataset_id else {})
        self._transport.post(f"{_PATH}/{batch_id}/setup", body)

    def sync(self, batch_id: str) -> Record:
        """Make tasks of the rows that came since the set-up; the answer names a ``sync_id``."""
        return Record(self._transport.post(f"{_PATH}/{batch_id}/sync"))

    def sync_job(self, batch_id: str, sync_id: str) -> Record:
        """How far a sync is; once complete with ``tasks_created, groups_created, groups_expanded``."""
        return Record(self._transport.get(f"{_PATH}/{batch_id}/syncs/{sync_id}"))

    def status(self, batch_id: str) -> str:
        """``UNINITIALISED``, ``PROCESSING``, ``READY`` or ``ERROR``."""
        return str(self._transport.get(f"{_PATH}/{batch_id}/status")["status"])

    def responses(self, batch_id: str) -> Record:
        """All answers so far: ``results``, plain dicts, and ``meta``; ``meta.count`` says how many there should be.

        One request; more only where the answer holds fewer than it counts, or links to another page.
        """
        return whole(self._transport, f"{_PATH}/{batch_id}/responses")

    def report(self, batch_id: str) -> bytes:
        """The report as the bytes of a CSV file."""
        return self._transport.download(self._transport.get(f"{_PATH}/{batch_id}/report/")["url"])

    def request_export(
        self, batch_id: str, *, study_id: str | None = None, since: datetime | None = None, to: datetime | None = None
    ) -> Record:
        """Ask for the export; the answer is complete at once or names an ``export_id``.

        Parameters
        ----------
        study_id : str, optional
            Only the answers of one study.
        since, to : datetime, optional
            Only answers from and until then; with a time zone.

        Raises
        ------
        ValueError
            A moment has no time zone, so that nobody could tell when it is.
        """
        asked = {"study_id": study_id, "from": since and in_utc(since), "to": to and in_utc(to)}
        chosen = {name: value for name, value in asked.items() if value}
        return Record(self._transport.post(f"{_PATH}/{batch_id}/export", params=chosen))

    def exports(self, batch_id: str) -> Iterator[Record]:
        """The exports of a batch, newest first: ``export_id, status, created_at, filter``."""
        return iter_pages(self._transport, f"{_PATH}/{batch_id}/export")

    def delete_export(self, batch_id: str, export_id: str) -> None:
        """Drop an export and its archive for good; Prolific keeps at most ten for a batch."""
        self._transport.delete(f"{_PATH}/{batch_id}/export/{export_id}")

    def export_job(self, batch_id: str, export_id: str) -> Record:
        """How far an export is; its ``url`` once it is complete."""
        return Record(self._transport.get(f"{_PATH}/{batch_id}/export/{export_id}"))

    def download_export(self, job: Record) -> bytes:
        """The ZIP file of a complete export."""
        return self._transport.download(job.url)
