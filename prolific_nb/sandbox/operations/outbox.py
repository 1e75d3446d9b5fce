"""Messages of the researcher, which the sandbox keeps."""

from __future__ import annotations

from ..state.sandbox_state import SandboxState


def write(world: SandboxState, person: str, words: str, study_id: str | None) -> None:
    """Keep one message from the researcher."""
    ident = world.ids.hex24("message", world.store.next("messages"))
    message = {
        "id": ident,
        "sender_id": world.user_id,
        "recipient": person,
        "channel_id": world.ids.hex24("channel", person),
        "body": words,
        "sent_at": world.now(),
        "type": "direct",
        "data": {} if study_id is None else {"study_id": study_id},
    }
    world.store.put("message", ident, message)
