"""Datasets: rows on the server, and uploading files of rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from .polling import wait_until
from .records import Record
from .shapes import (
    COUNT,
    HEADER,
    ID,
    OBJECT,
    TEXT,
    URL,
    WHOLE,
    WORD,
    Each,
    Kind,
    Maybe,
    Shape,
    checked,
    fetch,
    patch,
    post,
)
from .transport import Transport

_PATH = "/api/v1/data-collection/datasets"
_FIELDS = Kind(
    "an object of objects",
    lambda value: isinstance(value, dict) and all(isinstance(each, dict) for each in value.values()),
)
_DATASET = Shape(
    id=ID,
    name=Maybe(TEXT),
    status=Maybe(WORD),
    schema_version=Maybe(WHOLE),
    schema=Maybe(Shape(fields=Maybe(_FIELDS))),
    total_datapoint_count=Maybe(COUNT),
)
_CREATED = Shape(id=ID, schema_version=Maybe(WHOLE))
_TARGET = Shape(upload_url=URL, content_type=Maybe(HEADER), import_id=Maybe(ID))
_IMPORT = Shape(status=WORD, errors=Maybe(Each(Shape(record_index=Maybe(WHOLE)))))
_APPENDED = Shape(accepted=COUNT, rejected=COUNT, errors=Each(Shape(record_index=WHOLE)))
_MOST_APPENDED = 1000
_ENDED = ("complete", "partial", "failed", "pending_schema", "READY", "ERROR")


class Datasets:
    """``client.datasets``."""

    def __init__(self, transport: Transport, pace: Callable[[], float] = lambda: 3.0) -> None:
        self._transport = transport
        self._pace = pace  # polling interval of an upload, seconds

    def create(
        self, name: str, workspace_id: str, schema: dict[str, Any] | None = None, *, typed: bool = False
    ) -> Record:
        """Create an empty dataset, untyped (V3) unless there is a schema.

        Parameters
        ----------
        schema : dict, optional
            Creates a typed dataset (V4), which the workspace must be enabled for.
        typed : bool
            Whether to create a typed dataset whose schema follows: uploads end with ``pending_schema`` until
            `update_schema` sets it.
        """
        body: dict[str, Any] = {"name": name, "workspace_id": workspace_id}
        body |= {"schema": schema or None} if schema or typed else {}
        return post(self._transport, _CREATED, _PATH, body)

    def get(self, dataset_id: str) -> Record:
        """Read a dataset."""
        return fetch(self._transport, _DATASET, f"{_PATH}/{dataset_id}")

    def status(self, dataset_id: str) -> str:
        """Status of an untyped dataset (V3): ``UNINITIALISED``, ``PROCESSING``, ``READY`` or ``ERROR``."""
        return str(fetch(self._transport, Shape(status=WORD), f"{_PATH}/{dataset_id}/status").status)

    def update_schema(self, dataset_id: str, schema: dict[str, Any]) -> Record:
        """Set or change the schema of a typed dataset; the response to a change contains a ``migration_job_id``.

        Setting the first schema resumes imports that were waiting for it. A change validates all rows again, and
        invalid cells become null.
        """
        return patch(self._transport, OBJECT, f"{_PATH}/{dataset_id}", {"schema": schema})

    def migration(self, dataset_id: str, job_id: str) -> Record:
        """Status of a schema change: ``status``, and once finished ``reprocessed_count`` and ``errors``."""
        return fetch(self._transport, OBJECT, f"{_PATH}/{dataset_id}/schema-migrations/{job_id}")

    def upload(self, dataset_id: str, path: str | PathLike[str], *, timeout: float | None = 900) -> Record:
        """Upload a file and wait until the server has imported it.

        Parameters
        ----------
        path : path
            ``.csv`` or ``.jsonl`` for a typed dataset, ``.csv`` or ``.zip`` for an untyped one.
        timeout : float or None
            Seconds to wait; None to wait without limit.

        Returns
        -------
        Record
            For a typed dataset the import, whose ``status`` is ``complete``, ``partial``, ``failed`` (with counts,
            errors or a reason) or ``pending_schema``: then the file arrived, and `wait_for_import` returns its import
            once `update_schema` has set the schema; do not upload it again. ``duplicate_count`` of the accepted records
            were not stored, since the dataset holds them already. For an untyped dataset the dataset, ``READY`` or
            ``ERROR``.

        Raises
        ------
        WaitTimeout
            After `timeout` seconds; the server continues the import.
        """
        untyped = self.get(dataset_id).get("schema_version") == 3  # its uploads may be imports too
        address = self.upload_address(dataset_id, Path(path).name)
        with Path(path).open("rb") as file:
            self.send(address, file)
        ident = None if untyped else address.get("import_id")
        look = partial(self.import_job, dataset_id, ident) if ident else partial(self.get, dataset_id)
        return self._ended(look, f"The upload of {Path(path).name}", timeout)

    def wait_for_import(self, dataset_id: str, import_id: str, *, timeout: float | None = 900) -> Record:
        """Wait until an import has ended: ``complete``, ``partial``, ``failed`` or ``pending_schema``.

        Parameters
        ----------
        timeout : float or None
            Seconds to wait; None to wait without limit.

        Raises
        ------
        WaitTimeout
            After `timeout` seconds; the server continues the import.
        """
        return self._ended(partial(self.import_job, dataset_id, import_id), f"Import {import_id}", timeout)

    def _ended(self, look: Callable[[], Record], what: str, timeout: float | None) -> Record:
        return wait_until(
            look, lambda record: record.get("status") in _ENDED, what=what, every=self._pace(), timeout=timeout
        )

    def upload_address(self, dataset_id: str, filename: str) -> Record:
        """URL for uploading a file: ``upload_url, content_type`` and, for typed datasets (V4), ``import_id``."""
        return fetch(self._transport, _TARGET, f"{_PATH}/{dataset_id}/upload-url/{quote(filename, safe='')}")

    def send(self, address: Record, file: IO[bytes]) -> None:
        """Send a file to an upload URL, streamed from disk."""
        self._transport.upload(address.upload_url, file, address.get("content_type") or "text/csv")

    def import_job(self, dataset_id: str, import_id: str) -> Record:
        """Status of the import of one file."""
        return fetch(self._transport, _IMPORT, f"{_PATH}/{dataset_id}/imports/{import_id}")

    def append(self, dataset_id: str, records: Iterable[Mapping[str, Any]]) -> Record:
        """Append records to a typed dataset (V4), in requests of at most 1,000. Identical records are stored once.

        Parameters
        ----------
        records : iterable of mapping
            Flat records with the keys of the schema.

        Returns
        -------
        Record
            ``accepted, rejected`` and ``errors``, whose ``record_index`` counts the records of this call from 1.

        Raises
        ------
        Conflict
            An import of the dataset is running. Records already appended stay; append all records again later.
        """
        total: dict[str, Any] = {"accepted": 0, "rejected": 0, "errors": []}
        given = iter(records)
        sent = 0
        while portion := list(islice(given, _MOST_APPENDED)):
            lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in portion)
            path = f"{_PATH}/{dataset_id}/datapoints"
            answer = checked(self._transport, _APPENDED, "POST", path, self._transport.post_lines(path, lines))
            total["accepted"] += answer["accepted"]
            total["rejected"] += answer["rejected"]
            total["errors"] += [{**each, "record_index": each["record_index"] + sent} for each in answer["errors"]]
            sent += len(portion)
        return Record(total)
