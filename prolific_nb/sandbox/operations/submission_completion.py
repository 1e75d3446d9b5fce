"""Completing a submission with a researcher's code, whose actions are carried out, and the flags that this leaves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..contract.http_error import HTTPError, invalid
from ..simulation import schedule
from ..state.sandbox_state import SandboxState
from ..storage import pricing, revealed
from ..storage.store import Document
from . import allocation, participant_records, wallet
from .participation import given_answers, places, sittings

_FLAGS = "mark"  # kind of the documents

_STATUS = {
    "FIXED_SCREEN_OUT_PAYMENT": "SCREENED OUT",
    "DYNAMIC_PAYMENT": "PARTIALLY APPROVED",
    "AUTOMATICALLY_APPROVE": "APPROVED",
}
"""The final status by action, in order of precedence; without any of these actions the submission awaits review."""


def complete(state: SandboxState, study: Document, submission: dict[str, Any], body: Document) -> Document:
    """End an active submission now.

    A screen-out frees the place for another participant; every other status fills it.

    Returns
    -------
    dict
        The study, with its new end and settled rewards.

    Raises
    ------
    HTTPError
        400 for an unknown code, data that do not match it, or lack of funds.
    """
    code = _researcher_code(study, body["completion_code"])
    actions = {action["action"]: action for action in code["actions"]}
    data = body.get("completion_code_data") or {}
    faults = [*_data_faults(code, actions, data), *_slot_faults(state, study, actions)]
    if faults:
        raise HTTPError(400, " ".join(faults), {"completion_code": faults})
    status = next((status for action, status in _STATUS.items() if action in actions), "AWAITING REVIEW")
    if status == "APPROVED" and not state.profile.auto_approve:
        status = "AWAITING REVIEW"
    changed = {**study, "settled": study.get("settled", 0) + _difference(state, study, actions, data)}
    _end(state, study, submission["id"], status)
    carry_out(state, study, submission, code, data)
    sitting = sittings.find(state, submission["id"])
    if sitting is not None:
        changed = given_answers.close(state, changed, sitting, state.wall())
    return {**changed, "ends": places.end_of(state, study["id"])}


def _researcher_code(study: Document, given: str) -> Document:
    own = [code for code in study["completion_codes"] if code.get("actor") == "researcher"]
    for code in own:
        if code["code"] == given:
            return dict(code)
    known = ", ".join(str(code["code"]) for code in own) or "none"
    sentence = f"{given} is not a researcher's code of this study. Codes with actor researcher: {known}."
    raise invalid("completion_code", sentence)


def _data_faults(code: Document, actions: Document, data: Document) -> Iterator[str]:
    partial, has_share = "DYNAMIC_PAYMENT" in actions, "percentage_of_reward" in data
    if partial and not has_share:
        yield f"Code {code['code']} pays a share. Send completion_code_data.percentage_of_reward, 8 to 99."
    if has_share and not partial:
        yield f"Code {code['code']} does not pay a share of the reward. Omit completion_code_data."


def _slot_faults(state: SandboxState, study: Document, actions: Document) -> Iterator[str]:
    limits = actions.get("FIXED_SCREEN_OUT_PAYMENT")
    used = revealed.counts(state.store, study, state.wall()).get("SCREENED OUT", 0)
    if limits and used >= limits["slots"]:
        yield f"All {limits['slots']} screen-out slots of this study are used."


def _difference(state: SandboxState, study: Document, actions: Document, data: Document) -> int:
    """Difference of the reward from a full reward for the place taken, in minor units."""
    if "FIXED_SCREEN_OUT_PAYMENT" in actions:
        paid = int(actions["FIXED_SCREEN_OUT_PAYMENT"]["fixed_screen_out_reward"])
        wallet.check_funds(state, study["workspace"], pricing.cost(paid, 1).total, "The screen-out costs")
        return paid
    if "DYNAMIC_PAYMENT" in actions:
        return int(round(study["reward"] * data["percentage_of_reward"] / 100) - study["reward"])
    return 0


def _end(state: SandboxState, study: Document, submission_id: str, status: str) -> None:
    """End the submission now, and adjust the simulated future so that its place is filled exactly once."""
    now = revealed.elapsed(study, state.wall())
    planned = dict(state.store.rows("SELECT * FROM submissions WHERE id = ?", submission_id)[0])
    leaves = planned["outcome"] in ("RETURNED", "TIMED-OUT")
    state.store.change("UPDATE submissions SET ended = ?, outcome = ? WHERE id = ?", now, status, submission_id)
    together = state.profile.per_submission
    schedule.end_now(state.store, state.ids, study, submission_id, now, per_submission=together)
    if status == "SCREENED OUT" and not leaves:
        allocation.refill(state, study, planned["group_id"], submission_id, now)
    elif status != "SCREENED OUT" and leaves:
        places.drop_surplus(state, study, planned["group_id"])  # the place is not freed any more


def participant_code(study: Document) -> Document | None:
    """The code of a study with which participants complete it."""
    codes = [code for code in study["completion_codes"] if code.get("actor", "participant") == "participant"]
    return next((dict(code) for code in codes if code["code_type"] == "COMPLETED"), None)


def carry_out(state: SandboxState, study: Document, submission: dict[str, Any], code: Document, data: Document) -> None:
    """Carry out the other actions of a code: groups, a request to return, a message."""
    person = submission["participant_id"]
    flag(state, submission, code=code["code"])
    for action in code["actions"]:
        if action["action"] == "REQUEST_RETURN":
            flag(state, submission, return_requested=state.now(), reasons=[action["return_reason"]])
        if action["action"] == "ADD_TO_PARTICIPANT_GROUP":
            participant_records.join_group(state, action["participant_group"], person)
        if action["action"] == "REMOVE_FROM_PARTICIPANT_GROUP":
            participant_records.leave_group(state, action["participant_group"], person)
    if data.get("message_to_participant"):
        participant_records.write_message(state, person, data["message_to_participant"], study["id"])


def flag(state: SandboxState, submission: dict[str, Any], **flags: Any) -> None:
    """Set flags of a submission, such as its code or a request to return it; other flags are unchanged."""
    known = {"id": submission["id"], **flags_of(state, submission["id"])}
    state.store.put(_FLAGS, submission["id"], {**known, **flags}, parent=submission["study_id"])


def flags_of(state: SandboxState, submission_id: str) -> Document:
    """The flags of one submission; {} if there are none."""
    return state.store.get(_FLAGS, submission_id) or {}


def flags_of_study(state: SandboxState, study_id: str) -> dict[str, Document]:
    """The flags of a study's submissions by submission ID."""
    return {flags["id"]: flags for flags in state.store.all(_FLAGS, parent=study_id)}
