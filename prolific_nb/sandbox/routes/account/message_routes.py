"""Messages to participants. The sandbox keeps them; its people read everything and never write back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ...contract.http_error import HTTPError
from ...operations import outbox
from ...operations.pagination import page
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage.store import Document

blueprint = Blueprint("messages", __name__, url_prefix="/api/v1/messages")

_BACK = timedelta(days=30)
_MOST_EXCLUDED = 10


@blueprint.get("")
def list_messages() -> dict[str, Any]:
    """Messages with one person, or those of the last days."""
    world = current_state()
    person, after = request.args.get("user_id"), request.args.get("created_after")
    if person is None and after is None:
        raise _at("user_id", "Say whose messages, user_id=…, or since when, created_after=….")
    excluded = [ident for text in request.args.getlist("excluded_sender_ids") for ident in text.split(",")]
    if len(excluded) > _MOST_EXCLUDED:
        raise _at("excluded_sender_ids", f"{len(excluded)} senders are more than {_MOST_EXCLUDED}.")
    since = _since(world, after) if after is not None else ""
    found = [
        each
        for each in world.store.all("message")
        if (person is None or each["recipient"] == person)
        and each["sent_at"] >= since
        and each["sender_id"] not in excluded
    ]
    return page(found, _show)


@blueprint.get("/unread")
def list_unread() -> dict[str, Any]:
    """Nothing: the sandbox's people never write."""
    return page([], _show)


@blueprint.post("")
def send() -> ResponseReturnValue:
    """To one person, about a study."""
    body = request_body()
    return _send([body["recipient_id"]], body)


@blueprint.post("/bulk")
def send_bulk() -> ResponseReturnValue:
    """To several people, about a study."""
    body = request_body()
    return _send(body["ids"], body)


@blueprint.post("/participant-group")
def send_to_group() -> ResponseReturnValue:
    """To everybody in a participant group."""
    body = request_body()
    group = _known(current_state(), "group", "participant_group_id", body)
    return _send([each["participant_id"] for each in group["members"]], body)


def _send(people: list[str], body: Document) -> ResponseReturnValue:
    world = current_state()
    if not body["body"].strip():
        raise _at("body", "The message is empty. Write what the participant is to read.")
    study_id = body.get("study_id")
    if study_id is not None:
        _known(world, "study", "study_id", body)
    for person in dict.fromkeys(people):
        outbox.write(world, person, body["body"], study_id)
    return "", 204


def _known(world: SandboxState, kind: str, field: str, body: Document) -> Document:
    """What the body names; the contract knows no 404 here."""
    found = world.store.get(kind, body[field])
    if found is None:
        raise _at(field, f"There is no {kind} {body[field]} in this sandbox.")
    return found


def _show(message: Document) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name != "recipient"}


def _since(world: SandboxState, text: str) -> str:
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))  # a plus sign that was not quoted
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):  # the second for a day that is in no year of UTC's
        raise _at("created_after", f"{text} is no time. Write one such as 2026-11-03T09:00:00Z.") from None
    now = datetime.fromisoformat(world.now())
    if now - moment > _BACK:
        raise _at("created_after", f"{text} is more than 30 days back.")
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _at(field: str, sentence: str) -> HTTPError:
    return HTTPError(400, sentence, {field: [sentence]})
