"""Participant groups by name, so that creating one twice gives one."""

from __future__ import annotations

from collections.abc import Sequence

from ...api import Client


def group_named(client: Client, name: str, participants: Sequence[str], *, exact: bool = False) -> str:
    """The ID of the participant group of that name, with these participants; an existing group is reused.

    Parameters
    ----------
    participants : sequence of str
        They are added to an existing group.
    exact : bool
        Whether others are removed from an existing group.
    """
    for each in client.groups.list(client.workspace_id):
        if each.name == name:
            change = client.groups.replace if exact else client.groups.add
            change(each.id, participants)
            return str(each.id)
    return str(client.groups.create(client.workspace_id, name, participants).id)
