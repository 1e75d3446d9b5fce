"""Datasets: rows on the server, and the files that bring them there."""

from __future__ import annotations

from typing import IO, Any

from .records import Record
from .transport import Transport

_PATH = "/api/v1/data-collection/datasets"


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
