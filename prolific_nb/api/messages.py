"""Messages to and from participants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from ..errors import ArgumentError
from .paging import iter_pages
from .records import Record, require_list
from .transport import Transport

_PATH = "/api/v1/messages/"


class Messages:
    """``client.messages``."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, user_id: str | None = None, created_after: datetime | None = None) -> Iterator[Record]:
        """Messages with one participant, or since a time at most 30 days ago; one of the two is required.

        Parameters
        ----------
        user_id : str, optional
            Participant ID.
        created_after : datetime, optional
            With a time zone.

        Yields
        ------
        Record
            ``id, sender_id, body, sent_at, …``.

        Raises
        ------
        ValueError
            If neither is given, or `created_after` has no time zone.
        """
        if user_id is None and created_after is None:
            raise ArgumentError("Neither user_id nor created_after is given. Pass user_id=… or created_after=….")
        if created_after is not None and created_after.tzinfo is None:
            raise ArgumentError(f"created_after={created_after} has no time zone. Add one: datetime(…, tzinfo=UTC).")
        query = {"user_id": user_id, "created_after": created_after and created_after.isoformat()}
        return iter_pages(self._transport, _PATH, {name: value for name, value in query.items() if value is not None})

    def unread(self) -> Iterator[Record]:
        """Unread messages."""
        return iter_pages(self._transport, f"{_PATH}unread/")

    def send(self, recipient_id: str, body: str, study_id: str) -> None:
        """Send a message about a study to one participant. Not idempotent: each call sends a new message."""
        self._transport.post(_PATH, {"recipient_id": recipient_id, "body": body, "study_id": study_id})

    def send_to_all(self, recipient_ids: Sequence[str], body: str, study_id: str) -> None:
        """Send the same message to several participants of a study."""
        self._transport.post(
            f"{_PATH}bulk/", {"ids": require_list(recipient_ids, "recipient_ids"), "body": body, "study_id": study_id}
        )

    def send_to_group(self, group_id: str, body: str, study_id: str | None = None) -> None:
        """Send a message to all members of a participant group."""
        message = {"participant_group_id": group_id, "body": body}
        self._transport.post(f"{_PATH}participant-group/", {**message, **({"study_id": study_id} if study_id else {})})
