"""Who is in a participant group."""

from __future__ import annotations

from ..state.sandbox_state import SandboxState
from ..storage.store import Document


def join(world: SandboxState, group_id: str, person: str) -> None:
    """Put one person into a group; a group that is gone takes nobody."""
    group = world.store.get("group", group_id)
    if group is not None:
        add(world, group, [person])


def leave(world: SandboxState, group_id: str, person: str) -> None:
    """Take one person out of a group, if both are there."""
    group = world.store.get("group", group_id)
    if group is not None:
        drop(world, group, {person})


def drop(world: SandboxState, group: Document, gone: set[str]) -> None:
    """Take people out of a group; those who are not in it do not matter."""
    group["members"] = [each for each in group["members"] if each["participant_id"] not in gone]
    world.store.put("group", group["id"], group)


def add(world: SandboxState, group: Document, people: list[str]) -> None:
    """Put people into a group, each once; the record of those who are in it stays."""
    inside = {each["participant_id"] for each in group["members"]}
    new = [each for each in dict.fromkeys(people) if each not in inside]
    group["members"] += [{"participant_id": each, "datetime_created": world.now()} for each in new]
    world.store.put("group", group["id"], group)
