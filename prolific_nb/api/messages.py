"""Messages to participants, and what they wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from .paging import iter_pages
from .records import Record, require_list
from .transport import Transport

_PATH = "/api/v1/messages/"


class Messages:
    """``client.messages``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, user_id: str | None = None, created_after: datetime | None = None) -> Iterator[Record]:
        """Messages with one person, or since a moment at most 30 days back; one of the two is needed.

        Parameters
        ----------
        user_id : str, optional
            A participant's id.
        created_after : datetime, optional
            With a time zone.

        Yields
        ------
        Record
            ``id, sender_id, body, sent_at, …``.

        Raises
        ------
        ValueError
            Neither is given, or the moment has no time zone.
        """
        if user_id is None and created_after is None:
            raise ValueError("Say whose messages, user_id=…, or since when, created_after=….")
        if created_after is not None and created_after.tzinfo is None:
            raise ValueError(f"created_after={created_after} has no time zone; write datetime(…, tzinfo=UTC).")
        asked = {"user_id": user_id, "created_after": created_after and created_after.isoformat()}
        return iter_pages(self._transport, _PATH, {name: value for name, value in asked.items() if value is not None})

    def unread(self) -> Iterator[Record]:
        """What nobody has read yet."""
        return iter_pages(self._transport, f"{_PATH}unread/")

    def send(self, recipient_id: str, body: str, study_id: str) -> None:
        """Write to one participant about a study. Sent once; sending again is a second message."""
        self._transport.post(_PATH, {"recipient_id": recipient_id, "body": body, "study_id": study_id})

    def send_to_all(self, recipient_ids: Sequence[str], body: str, study_id: str) -> None:
        """Write the same to several participants of a study."""
        self._transport.post(
            f"{_PATH}bulk/", {"ids": require_list(recipient_ids, "The recipients"), "body": body, "study_id": study_id}
        )

    def send_to_group(self, group_id: str, body: str, study_id: str | None = None) -> None:
        """Write to everybody in a participant group."""
        asked = {"participant_group_id": group_id, "body": body}
        self._transport.post(f"{_PATH}participant-group/", {**asked, **({"study_id": study_id} if study_id else {})})
