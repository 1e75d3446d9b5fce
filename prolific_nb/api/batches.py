"""Batches: tasks made from a dataset and a layout, and their responses."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from .paging import iter_pages, whole
from .records import Record
from .shapes import (
    COUNT,
    HAS_ID,
    ID,
    OBJECT,
    TEXT,
    URL,
    WORD,
    Each,
    Maybe,
    Shape,
    checked,
    fetch,
    patch,
    post,
)
from .studies import in_utc
from .transport import Transport

_PATH = "/api/v1/data-collection/batches"
_PAGE = Shape(rows=Each(Shape(columns=Each(Shape(items=Each(OBJECT))))))
_REPEATED = ("batch_id", "participant_id", "submission_id", "task_id", "instruction_id", "type")
"""What many responses have in common."""
_BATCH = Shape(
    id=ID,
    name=TEXT,
    status=Maybe(WORD),
    created_at=Maybe(TEXT),
    task_details=Maybe(Shape(task_name=Maybe(TEXT), task_introduction=Maybe(TEXT), task_steps=Maybe(TEXT))),
    batch_items=Maybe(Each(_PAGE)),
    datasets=Maybe(Each(HAS_ID)),
    tasks_per_group=Maybe(COUNT),
    total_task_count=Maybe(COUNT, null=False),
    total_task_groups=Maybe(COUNT, null=False),
)
_LISTED = Shape(id=ID, name=TEXT, status=Maybe(WORD))
_INSTRUCTION = Shape(id=Maybe(ID), type=WORD)
_JOB = Shape(status=WORD, export_id=Maybe(ID), url=Maybe(URL))
_SYNC = Shape(status=WORD, groups_expanded=Maybe(COUNT))


class Batches:
    """``client.batches``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, name: str, workspace_id: str, dataset_id: str | None, task: dict[str, Any]) -> Record:
        """Create a batch.

        Parameters
        ----------
        dataset_id : str or None
            None to attach a dataset later, at the latest when the batch is set up.
        task : dict
            ``task_details`` and ``batch_items``, as `Design.to_api` returns them. Without ``batch_items`` the batch
            belongs to the legacy flow and needs `create_instructions`.
        """
        body = {"name": name, "workspace_id": workspace_id, **task}
        body |= {"dataset_id": dataset_id} if dataset_id else {}
        return post(self._transport, HAS_ID, _PATH, body)

    def get(self, batch_id: str) -> Record:
        """Read a batch with its layout and counts."""
        return fetch(self._transport, _BATCH, f"{_PATH}/{batch_id}")

    def list(self, workspace_id: str) -> Iterator[Record]:
        """All batches of a workspace."""
        return iter_pages(self._transport, _PATH, {"workspace_id": workspace_id}, shape=_LISTED)

    def update(self, batch_id: str, changes: dict[str, Any]) -> Record:
        """Change a batch.

        Parameters
        ----------
        changes : dict
            Any of ``name, task_details, dataset_id, batch_items, auto_sync_enabled``. A layout replaces the previous
            one as a whole; parts with an existing ``id`` keep their identity.
        """
        return patch(self._transport, OBJECT, f"{_PATH}/{batch_id}", changes)

    def duplicate(self, batch_id: str, name: str | None = None, *, new_dataset: bool = False) -> Record:
        """Copy a batch; the copy is not set up.

        Parameters
        ----------
        name : str, optional
            By default the original name followed by "(Copy)".
        new_dataset : bool
            If True, the copy has no dataset, so that another one can be attached; otherwise both share one.
        """
        body = {"upload_new_dataset": new_dataset} | ({"name": name} if name is not None else {})
        return post(self._transport, HAS_ID, f"{_PATH}/{batch_id}/duplicate", body)

    def tasks(self, batch_id: str) -> builtins.list[str]:
        """IDs of the tasks."""
        return self._ids(f"{_PATH}/{batch_id}/tasks")

    def task_groups(self, batch_id: str) -> builtins.list[str]:
        """IDs of the task groups; one submission answers one task group."""
        return self._ids(f"{_PATH}/{batch_id}/task-groups")

    def _ids(self, path: str) -> builtins.list[str]:
        answer: builtins.list[str] = checked(self._transport, Each(WORD), "GET", path, self._transport.get(path))
        return answer

    def instructions(self, batch_id: str) -> Iterator[Record]:
        """The instructions of a legacy-flow batch, in order."""
        return iter_pages(self._transport, f"{_PATH}/{batch_id}/instructions", shape=_INSTRUCTION)

    def create_instructions(self, batch_id: str, instructions: Sequence[dict[str, Any]]) -> builtins.list[Record]:
        """Add instructions to a batch without a layout (legacy flow). Prolific announced its sunset for 2026-09-01.

        Parameters
        ----------
        instructions : sequence of dict
            As returned by `Design.to_instructions`.

        Returns
        -------
        list of Record
            The same instructions with their IDs.
        """
        path, body = self._instructions_request(batch_id, instructions)
        return self._made("POST", path, self._transport.post(path, body))

    def replace_instructions(self, batch_id: str, instructions: Sequence[dict[str, Any]]) -> builtins.list[Record]:
        """Replace all instructions; those sent with an existing ``id`` keep it."""
        path, body = self._instructions_request(batch_id, instructions)
        return self._made("PUT", path, self._transport.put(path, body))

    def _made(self, method: str, path: str, answer: Any) -> builtins.list[Record]:
        return [*map(Record, checked(self._transport, Each(_INSTRUCTION), method, path, answer))]

    def _instructions_request(
        self, batch_id: str, instructions: Sequence[dict[str, Any]]
    ) -> tuple[str, dict[str, Any]]:
        return f"{_PATH}/{batch_id}/instructions", {"instructions": [*instructions]}

    def set_up(self, batch_id: str, tasks_per_group: int, *, dataset_id: str | None = None) -> None:
        """Start the set-up, which creates the tasks; the batch becomes READY some time later."""
        body = {"tasks_per_group": tasks_per_group} | ({"dataset_id": dataset_id} if dataset_id else {})
        self._transport.post(f"{_PATH}/{batch_id}/setup", body)

    def sync(self, batch_id: str) -> Record:
        """Create tasks for rows added since the set-up; the response contains a ``sync_id``."""
        return post(self._transport, Shape(sync_id=ID), f"{_PATH}/{batch_id}/sync")

    def sync_job(self, batch_id: str, sync_id: str) -> Record:
        """Status of a sync; once complete, with ``tasks_created, groups_created, groups_expanded``."""
        return fetch(self._transport, _SYNC, f"{_PATH}/{batch_id}/syncs/{sync_id}")

    def status(self, batch_id: str) -> str:
        """``UNINITIALISED``, ``PROCESSING``, ``READY`` or ``ERROR``."""
        return str(fetch(self._transport, Shape(status=WORD), f"{_PATH}/{batch_id}/status").status)

    def responses(self, batch_id: str) -> Record:
        """All responses so far: ``results``, plain dicts, and ``meta``, whose ``count`` is their expected number.

        Sends one request, and more only if the server returned fewer results than it counts or links to another page.
        """
        found = whole(self._transport, f"{_PATH}/{batch_id}/responses")
        _share_texts(found["results"])
        return found

    def report(self, batch_id: str) -> bytes:
        """The report as the bytes of a CSV file."""
        return self._transport.download(fetch(self._transport, Shape(url=URL), f"{_PATH}/{batch_id}/report/").url)

    def request_export(
        self, batch_id: str, *, study_id: str | None = None, since: datetime | None = None, to: datetime | None = None
    ) -> Record:
        """Request an export; the response is either complete or contains an ``export_id``.

        Parameters
        ----------
        study_id : str, optional
            Only responses of this study.
        since, to : datetime, optional
            Only responses in this period; both need a time zone.

        Raises
        ------
        ValueError
            If `since` or `to` has no time zone.
        """
        filters = {"study_id": study_id, "from": since and in_utc(since), "to": to and in_utc(to)}
        query = {name: value for name, value in filters.items() if value}
        return post(self._transport, _JOB, f"{_PATH}/{batch_id}/export", params=query)

    def exports(self, batch_id: str) -> Iterator[Record]:
        """The exports of a batch, newest first: ``export_id, status, created_at, filter``."""
        return iter_pages(self._transport, f"{_PATH}/{batch_id}/export", shape=OBJECT)

    def delete_export(self, batch_id: str, export_id: str) -> None:
        """Delete an export and its archive permanently; Prolific keeps at most ten exports for a batch."""
        self._transport.delete(f"{_PATH}/{batch_id}/export/{export_id}")

    def export_job(self, batch_id: str, export_id: str) -> Record:
        """Status of an export, and its ``url`` once it is complete."""
        return fetch(self._transport, _JOB, f"{_PATH}/{batch_id}/export/{export_id}")

    def download_export(self, job: Record) -> bytes:
        """The ZIP file of a complete export."""
        done = checked(self._transport, Shape(url=URL), "GET", f"{_PATH}/…/export", job)
        return self._transport.download(done["url"])


def _share_texts(responses: builtins.list[Any]) -> None:
    """Let equal texts of many responses be one string: parsed JSON has one for each, six for a response."""
    known: dict[str, str] = {}
    parts = (part for each in responses if isinstance(each, dict) for part in (each, each.get("response")))
    for part in parts:
        if not isinstance(part, dict):
            continue
        for name in _REPEATED:
            if isinstance(text := part.get(name), str):
                part[name] = known.setdefault(text, text)
