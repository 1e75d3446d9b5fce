"""Messages, through the client: recipients, lists and refused requests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

import prolific_nb as pnb
from prolific_nb.errors import ApiError

ANNA, BEN = (f"{n:024x}" for n in (1, 2))


def bodies(client: pnb.Client, person: str) -> list[str]:
    return [each.body for each in client.messages.list(person)]


def test_a_message_is_stored_for_its_recipients(answered: Callable[..., pnb.Run]) -> None:
    run = answered()
    client = run.client
    group = client.groups.create(client.workspace_id, "Both", [ANNA, BEN])
    client.messages.send(ANNA, "Thank you.", run.study_id)
    client.messages.send_to_all([ANNA, BEN, BEN], "A second part follows.", run.study_id)
    client.messages.send_to_group(group.id, "It is there.")
    assert bodies(client, ANNA) == ["Thank you.", "A second part follows.", "It is there."]
    assert bodies(client, BEN) == ["A second part follows.", "It is there."]
    first, *_, last = client.messages.list(ANNA)
    assert first.sender_id == client.me().id
    assert first.data == {"study_id": run.study_id}
    assert last.data == {}
    assert list(client.messages.unread()) == []


def test_messages_are_listed_since_a_time(answered: Callable[..., pnb.Run]) -> None:
    run = answered()
    messages = run.client.messages
    messages.send(ANNA, "Now.", run.study_id)
    (found,) = messages.list(ANNA)
    moment = datetime.fromisoformat(found.sent_at)
    assert [each.body for each in messages.list(created_after=moment - timedelta(minutes=1))] == ["Now."]
    assert list(messages.list(created_after=moment + timedelta(minutes=1))) == []
    with pytest.raises(ApiError, match="more than 30 days ago"):
        list(messages.list(created_after=moment - timedelta(days=31)))


def test_invalid_messages_and_queries_are_refused(answered: Callable[..., pnb.Run]) -> None:
    run = answered()
    messages = run.client.messages
    with pytest.raises(ApiError, match="empty"):
        messages.send(ANNA, "  ", run.study_id)
    with pytest.raises(ApiError) as unknown:
        messages.send(ANNA, "Hello.", "0" * 24)
    assert unknown.value.status == 400
    with pytest.raises(ApiError, match="no group"):
        messages.send_to_group("0" * 24, "Hello.")
    assert bodies(run.client, ANNA) == []
    with pytest.raises(ValueError, match="Neither user_id nor created_after is given"):
        messages.list()
    with pytest.raises(ValueError, match="no time zone"):
        messages.list(created_after=datetime(2026, 11, 3))
    assert list(messages.list(created_after=datetime.now(UTC) - timedelta(days=1))) == []
