"""Records about participants: membership of participant groups, and messages sent to them."""

from __future__ import annotations

from ..state.sandbox_state import SandboxState
from ..storage.store import Document


def join_group(state: SandboxState, group_id: str, person: str) -> None:
    """Add one participant to a group; no effect if the group was deleted."""
    group = state.store.get("group", group_id)
    if group is not None:
        add_members(state, group, [person])


def leave_group(state: SandboxState, group_id: str, person: str) -> None:
    """Remove one participant from a group; no effect if the group was deleted."""
    group = state.store.get("group", group_id)
    if group is not None:
        drop_members(state, group, {person})


def add_members(state: SandboxState, group: Document, people: list[str]) -> None:
    """Add participants to a group, each once; records of existing members are unchanged."""
    members = {each["participant_id"] for each in group["members"]}
    new = [each for each in dict.fromkeys(people) if each not in members]
    group["members"] += [{"participant_id": each, "datetime_created": state.now()} for each in new]
    state.store.put("group", group["id"], group)


def drop_members(state: SandboxState, group: Document, people: set[str]) -> None:
    """Remove participants from a group; non-members are ignored."""
    group["members"] = [each for each in group["members"] if each["participant_id"] not in people]
    state.store.put("group", group["id"], group)


def write_message(state: SandboxState, person: str, body: str, study_id: str | None) -> None:
    """Store one message from the researcher to a participant."""
    ident = state.ids.hex24("message", state.store.next("messages"))
    message = {
        "id": ident,
        "sender_id": state.user_id,
        "recipient": person,
        "channel_id": state.ids.hex24("channel", person),
        "body": body,
        "sent_at": state.now(),
        "type": "direct",
        "data": {} if study_id is None else {"study_id": study_id},
    }
    state.store.put("message", ident, message)
