"""Participant groups: named lists of participants that studies can include or exclude."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .paging import iter_pages
from .records import Record, require_list
from .shapes import HAS_ID, ID, OBJECT, TEXT, Shape, fetch, patch, post
from .transport import Transport

_PATH = "/api/v1/participant-groups/"
_LISTED = Shape(id=ID, name=TEXT)


class Groups:
    """``client.groups``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, workspace_id: str) -> Iterator[Record]:
        """The groups of a workspace."""
        return iter_pages(self._transport, _PATH, {"workspace_id": workspace_id}, shape=_LISTED)

    def create(self, workspace_id: str, name: str, people: Sequence[str] = (), description: str = "") -> Record:
        """Create a group.

        Parameters
        ----------
        workspace_id, name : str
            Workspace and name of the group.
        people : sequence of str
            Participant IDs.
        description : str
            Shown to researchers only.

        Returns
        -------
        Record
            ``id, name, participant_count, …``.
        """
        body = {"workspace_id": workspace_id, "name": name, "participant_ids": require_list(people, "people")}
        return post(self._transport, HAS_ID, _PATH, {**body, **({"description": description} if description else {})})

    def get(self, group_id: str) -> Record:
        """Read a group."""
        return fetch(self._transport, HAS_ID, f"{_PATH}{group_id}/")

    def rename(self, group_id: str, name: str) -> Record:
        """Rename a group."""
        return patch(self._transport, OBJECT, f"{_PATH}{group_id}/", {"name": name})

    def delete(self, group_id: str) -> None:
        """Delete a group; its participants are not deleted."""
        self._transport.delete(f"{_PATH}{group_id}/")

    def people(self, group_id: str) -> Iterator[Record]:
        """Participants of a group: ``participant_id, datetime_created``."""
        return iter_pages(self._transport, f"{_PATH}{group_id}/participants/", shape=Shape(participant_id=ID))

    def add(self, group_id: str, people: Sequence[str]) -> None:
        """Add participants to a group; existing members are ignored."""
        self._transport.post(f"{_PATH}{group_id}/participants/", {"participant_ids": require_list(people, "people")})

    def replace(self, group_id: str, people: Sequence[str]) -> Record:
        """Replace all members of a group."""
        return patch(
            self._transport, OBJECT, f"{_PATH}{group_id}/", {"participant_ids": require_list(people, "people")}
        )

    def remove(self, group_id: str, people: Sequence[str]) -> None:
        """Remove participants from a group; non-members are ignored."""
        self._transport.delete(f"{_PATH}{group_id}/participants/", {"participant_ids": require_list(people, "people")})
