"""Participant groups: lists of people by name, which studies can be offered to or kept from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .paging import iter_pages
from .records import Record, require_list
from .transport import Transport

_PATH = "/api/v1/participant-groups/"


class Groups:
    """``client.groups``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, workspace_id: str) -> Iterator[Record]:
        """The groups of a workspace."""
        return iter_pages(self._transport, _PATH, {"workspace_id": workspace_id})

    def create(self, workspace_id: str, name: str, people: Sequence[str] = (), description: str = "") -> Record:
        """Make a group.

        Parameters
        ----------
        workspace_id, name : str
            Where it belongs, and its name.
        people : sequence of str
            Ids of its participants.
        description : str
            For researchers.

        Returns
        -------
        Record
            ``id, name, participant_count, …``.
        """
        body = {"workspace_id": workspace_id, "name": name, "participant_ids": require_list(people, "The people")}
        return Record(self._transport.post(_PATH, {**body, **({"description": description} if description else {})}))

    def get(self, group_id: str) -> Record:
        """One group."""
        return Record(self._transport.get(f"{_PATH}{group_id}/"))

    def rename(self, group_id: str, name: str) -> Record:
        """Give a group another name."""
        return Record(self._transport.patch(f"{_PATH}{group_id}/", {"name": name}))

    def delete(self, group_id: str) -> None:
        """Delete a group; its people stay."""
        self._transport.delete(f"{_PATH}{group_id}/")

    def people(self, group_id: str) -> Iterator[Record]:
        """Its participants: ``participant_id, datetime_created``."""
        return iter_pages(self._transport, f"{_PATH}{group_id}/participants/")

    def add(self, group_id: str, people: Sequence[str]) -> None:
        """Put participants into a group; who is in already stays."""
        self._transport.post(
            f"{_PATH}{group_id}/participants/", {"participant_ids": require_list(people, "The people")}
        )

    def replace(self, group_id: str, people: Sequence[str]) -> Record:
        """Let these participants be the whole group."""
        return Record(
            self._transport.patch(f"{_PATH}{group_id}/", {"participant_ids": require_list(people, "The people")})
        )

    def remove(self, group_id: str, people: Sequence[str]) -> None:
        """Take participants out of a group; who is not in is no error."""
        self._transport.delete(
            f"{_PATH}{group_id}/participants/", {"participant_ids": require_list(people, "The people")}
        )
