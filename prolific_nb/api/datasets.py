"""Datasets: rows on the server, and the files that bring them there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import IO, Any

from .records import Record
from .transport import Transport

_PATH = "/api/v1/data-collection/datasets"
_MOST_APPENDED = 1000


class Datasets:
    """``client.datasets``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, name: str, workspace_id: str, schema: dict[str, Any] | None = None) -> Record:
        """Make an empty dataset; a `schema` makes it a typed one (V4)."""
        body = {"name": name, "workspace_id": workspace_id} | ({"schema": schema} if schema else {})
        return Record(self._transport.post(_PATH, body))

    def get(self, dataset_id: str) -> Record:
        """Read a dataset."""
        return Record(self._transport.get(f"{_PATH}/{dataset_id}"))

    def upload_address(self, dataset_id: str, filename: str) -> Record:
        """Where a file is to be sent: ``upload_url, content_type`` and the ``import_id`` to wait for (V4)."""
        return Record(self._transport.get(f"{_PATH}/{dataset_id}/upload-url/{filename}"))

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
