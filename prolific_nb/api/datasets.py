"""Datasets: rows on the server, and the files that bring them there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from .polling import wait_until
from .records import Record
from .transport import Transport

_PATH = "/api/v1/data-collection/datasets"
_MOST_APPENDED = 1000
_ENDED = ("complete", "partial", "failed", "pending_schema", "READY", "ERROR")


class Datasets:
    """``client.datasets``."""

    def __init__(self, transport: Transport, pace: Callable[[], float] = lambda: 3.0) -> None:
        self._transport = transport
        self._pace = pace  # seconds between two looks at an upload

    def create(self, name: str, workspace_id: str, schema: dict[str, Any] | None = None) -> Record:
        """Make an empty dataset; a `schema` makes it a typed one (V4), for which the workspace must be enabled."""
        body = {"name": name, "workspace_id": workspace_id} | ({"schema": schema} if schema else {})
        return Record(self._transport.post(_PATH, body))

    def get(self, dataset_id: str) -> Record:
        """Read a dataset."""
        return Record(self._transport.get(f"{_PATH}/{dataset_id}"))

    def status(self, dataset_id: str) -> str:
        """Of an untyped dataset (V3): ``UNINITIALISED``, ``PROCESSING``, ``READY`` or ``ERROR``."""
        return str(self._transport.get(f"{_PATH}/{dataset_id}/status")["status"])

    def update_schema(self, dataset_id: str, schema: dict[str, Any]) -> Record:
        """Set the schema of a typed dataset, or change it; the answer to a change names a ``migration_job_id``.

        A first schema lets the imports go on that waited for one. A change judges all rows anew: cells that do not
        fit become null.
        """
        return Record(self._transport.patch(f"{_PATH}/{dataset_id}", {"schema": schema}))

    def migration(self, dataset_id: str, job_id: str) -> Record:
        """How far a change of the schema is: ``status``, and at its end ``reprocessed_count`` and ``errors``."""
        return Record(self._transport.get(f"{_PATH}/{dataset_id}/schema-migrations/{job_id}"))

    def upload(self, dataset_id: str, path: str | PathLike[str], *, timeout: float | None = 900) -> Record:
        """Send a file and wait until the server has read it.

        Parameters
        ----------
        path : path
            ``.csv`` or ``.jsonl`` for a typed dataset, ``.csv`` or ``.zip`` for an untyped one.
        timeout : float or None
            Seconds to wait; None for no limit.

        Returns
        -------
        Record
            The import of a typed dataset: ``status`` is ``complete``, ``partial`` or ``failed``, with counts, errors
            or a reason, or ``pending_schema``. For an untyped one the dataset, ``READY`` or ``ERROR``.

        Raises
        ------
        WaitTimeout
            After `timeout`; the server goes on.
        """
        address = self.upload_address(dataset_id, Path(path).name)
        with Path(path).open("rb") as file:
            self.send(address, file)
        ident = address.get("import_id")
        return wait_until(
            lambda: self.import_job(dataset_id, ident) if ident else self.get(dataset_id),
            lambda seen: seen.get("status") in _ENDED,
            what=f"The upload of {Path(path).name}",
            every=self._pace(),
            timeout=timeout,
        )

    def upload_address(self, dataset_id: str, filename: str) -> Record:
        """Where a file is to be sent: ``upload_url, content_type`` and the ``import_id`` to wait for (V4)."""
        return Record(self._transport.get(f"{_PATH}/{dataset_id}/upload-url/{quote(filename, safe='')}"))

    def send(self, address: Record, file: IO[bytes]) -> None:
        """Send a file to an upload address, streamed from disk."""
        self._transport.upload(address.upload_url, file, address.get("content_type") or "text/csv")

    def import_job(self, dataset_id: str, import_id: str) -> Record:
        """How far the import of one file is."""
        return Record(self._transport.get(f"{_PATH}/{dataset_id}/imports/{import_id}"))

    def append(self, dataset_id: str, records: Iterable[Mapping[str, Any]]) -> Record:
        """Add records to a typed dataset (V4), in calls of at most 1,000. Identical ones are not stored twice.

        Parameters
        ----------
        records : iterable of mapping
            Flat, by the keys of the schema.

        Returns
        -------
        Record
            ``accepted, rejected`` and ``errors``, whose ``record_index`` counts all records of this call from 1.

        Raises
        ------
        Conflict
            An import is at work on the dataset. What earlier portions brought stays; append all again later.
        """
        total: dict[str, Any] = {"accepted": 0, "rejected": 0, "errors": []}
        given = iter(records)
        sent = 0
        while portion := list(islice(given, _MOST_APPENDED)):
            lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in portion)
            answer = self._transport.post_lines(f"{_PATH}/{dataset_id}/datapoints", lines)
            total["accepted"] += answer["accepted"]
            total["rejected"] += answer["rejected"]
            total["errors"] += [{**each, "record_index": each["record_index"] + sent} for each in answer["errors"]]
            sent += len(portion)
        return Record(total)
