"""Messages to participants. The sandbox stores them; simulated participants never reply."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from ...contract import semantic_rules
from ...contract.http_error import invalid
from ...operations import participant_records
from ...state.pagination import page
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage.store import Document

blueprint = Blueprint("messages", __name__, url_prefix="/api/v1/messages")

_BACK = timedelta(days=30)
_MOST_EXCLUDED = 10


@blueprint.get("")
def list_messages() -> dict[str, Any]:
    """Messages with one participant, or since a given time."""
    state = current_state()
    person, after = request.args.get("user_id"), request.args.get("created_after")
    if person is None and after is None:
        raise invalid("user_id", "The query has neither user_id nor created_after. Send one of them.")
    excluded = [ident for text in request.args.getlist("excluded_sender_ids") for ident in text.split(",")]
    if len(excluded) > _MOST_EXCLUDED:
        raise invalid("excluded_sender_ids", f"{len(excluded)} sender IDs were sent. Send at most {_MOST_EXCLUDED}.")
    since = _since(state, after) if after is not None else ""
    found = [
        each
        for each in state.store.all("message")
        if (person is None or each["recipient"] == person)
        and each["sent_at"] >= since
        and each["sender_id"] not in excluded
    ]
    return page(found, _show)


@blueprint.get("/unread")
def list_unread() -> dict[str, Any]:
    """Always empty: simulated participants never send messages."""
    return page([], _show)


@blueprint.post("")
def send() -> ResponseReturnValue:
    """Send a message about a study to one participant."""
    body = request_body()
    return _send([body["recipient_id"]], body)


@blueprint.post("/bulk")
def send_bulk() -> ResponseReturnValue:
    """Send a message about a study to several participants."""
    body = request_body()
    return _send(body["ids"], body)


@blueprint.post("/participant-group")
def send_to_group() -> ResponseReturnValue:
    """Send a message to all members of a participant group."""
    body = request_body()
    group = _known(current_state(), "group", "participant_group_id", body)
    return _send([each["participant_id"] for each in group["members"]], body)


def _send(people: list[str], body: Document) -> ResponseReturnValue:
    state = current_state()
    if not body["body"].strip():
        raise invalid("body", "The message is empty. Send the text for the participant.")
    study_id = body.get("study_id")
    if study_id is not None:
        _known(state, "study", "study_id", body)
    for person in dict.fromkeys(people):
        participant_records.write_message(state, person, body["body"], study_id)
    return "", 204


def _known(state: SandboxState, kind: str, field: str, body: Document) -> Document:
    """The object that the body refers to; 400 if it does not exist, since the contract has no 404 here."""
    found = state.store.get(kind, body[field])
    if found is None:
        raise invalid(field, f"There is no {kind} {body[field]} in this sandbox. Check {field}.")
    return found


def _show(message: Document) -> dict[str, Any]:
    # Prolific's own command line reads the sender and the time under these other names.
    other = {"sender": message["sender_id"], "datetime_created": message["sent_at"]}
    return {**{name: value for name, value in message.items() if name != "recipient"}, **other}


def _since(state: SandboxState, text: str) -> str:
    text = text.replace(" ", "+")  # a plus sign that was not percent-encoded
    moment = semantic_rules.read_timestamp("created_after", text, "2026-11-03T09:00:00Z")
    if datetime.fromisoformat(state.now()) - moment > _BACK:
        raise invalid("created_after", f"{text} is more than 30 days ago. Send a later time.")
    return semantic_rules.timestamp_as_stored(moment)
