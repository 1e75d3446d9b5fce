"""Workspaces, their projects and money, and what pay is advised."""

from __future__ import annotations

from collections.abc import Iterator

from .paging import each
from .records import Record
from .transport import Transport

_PATH = "/api/v1/workspaces/"


class Workspaces:
    """``client.workspaces``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> Iterator[Record]:
        """The workspaces of this account."""
        return each(self._transport, _PATH)

    def projects(self, workspace_id: str) -> Iterator[Record]:
        """The projects of a workspace."""
        return each(self._transport, f"{_PATH}{workspace_id}/projects/")

    def balance(self, workspace_id: str) -> Record:
        """Money of a workspace, minor units: ``available_balance``, ``currency_code``."""
        return Record(self._transport.get(f"{_PATH}{workspace_id}/balance/"))

    def pay_advice(self, workspace_id: str, currency: str) -> Record | None:
        """Lowest and advised pay per hour, minor units; None where the server has no advice."""
        asked = {"workspace_id": workspace_id, "currency": currency}
        newest_first = self._transport.get("/api/v1/reward-recommendations/", asked)
        return Record(newest_first[0]) if newest_first else None
