"""A researcher completes a submission with a code of the study, and what the code's actions say is carried out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..contract.http_error import HTTPError
from ..state.sandbox_state import SandboxState
from ..storage import pricing, revealed
from ..storage.store import Document
from . import allocation, group_members, outbox, submission_flags, wallet

_STATUS = {
    "FIXED_SCREEN_OUT_PAYMENT": "SCREENED OUT",
    "DYNAMIC_PAYMENT": "PARTIALLY APPROVED",
    "AUTOMATICALLY_APPROVE": "APPROVED",
}
"""By action the state it leads to, the strongest first; without any of these the submission waits for its review."""


def complete(world: SandboxState, study: Document, submission: dict[str, Any], body: Document) -> Document:
    """End a submission that is at work, now.

    Who is screened out leaves the place to somebody else; every other end fills it.

    Returns
    -------
    dict
        The study, with its end and what is paid for it.

    Raises
    ------
    HTTPError
        400: no such code, data that do not fit it, or no money.
    """
    code = _code(study, body["completion_code"])
    actions = {action["action"]: action for action in code["actions"]}
    data = body.get("completion_code_data") or {}
    faults = [*_data_faults(code, actions, data), *_slot_faults(world, study, actions)]
    if faults:
        raise HTTPError(400, " ".join(faults), {"completion_code": faults})
    status = next((state for action, state in _STATUS.items() if action in actions), "AWAITING REVIEW")
    changed = {**study, "settled": study.get("settled", 0) + _difference(world, study, actions, data)}
    _end(world, study, submission["id"], status)
    _act(world, study, submission, code, data)
    last = world.store.rows("SELECT MAX(ended) AS ended FROM submissions WHERE study_id = ?", study["id"])
    return {**changed, "ends": last[0]["ended"]}


def _code(study: Document, given: str) -> Document:
    own = [code for code in study["completion_codes"] if code.get("actor") == "researcher"]
    for code in own:
        if code["code"] == given:
            return dict(code)
    known = ", ".join(str(code["code"]) for code in own) or "none"
    sentence = f"{given} is no code of this study for researchers; those (actor researcher) are: {known}."
    raise HTTPError(400, sentence, {"completion_code": [sentence]})


def _data_faults(code: Document, actions: Document, data: Document) -> Iterator[str]:
    partly, told = "DYNAMIC_PAYMENT" in actions, "percentage_of_reward" in data
    if partly and not told:
        yield f"Code {code['code']} pays a part of the reward. Send completion_code_data.percentage_of_reward, 8 to 99."
    if told and not partly:
        yield f"Code {code['code']} pays no part of the reward. Leave completion_code_data out."


def _slot_faults(world: SandboxState, study: Document, actions: Document) -> Iterator[str]:
    limits = actions.get("FIXED_SCREEN_OUT_PAYMENT")
    used = revealed.counts(world.store, study, world.wall()).get("SCREENED OUT", 0)
    if limits and used >= limits["slots"]:
        yield f"All {limits['slots']} slots for screen-outs of this study are used."


def _difference(world: SandboxState, study: Document, actions: Document, data: Document) -> int:
    """By how much the rewards of the study differ from a whole one for each place taken, in minor units."""
    if "FIXED_SCREEN_OUT_PAYMENT" in actions:
        paid = int(actions["FIXED_SCREEN_OUT_PAYMENT"]["fixed_screen_out_reward"])
        wallet.check_funds(world, study["workspace"], pricing.cost(paid, 1).total, "The screen-out costs")
        return paid
    if "DYNAMIC_PAYMENT" in actions:
        return int(round(study["reward"] * data["percentage_of_reward"] / 100) - study["reward"])
    return 0


def _end(world: SandboxState, study: Document, submission_id: str, status: str) -> None:
    """Rewrite what will happen: the submission ends now, and its place is filled by as many people as before."""
    now = revealed.elapsed(study, world.wall())
    planned = dict(world.store.rows("SELECT * FROM submissions WHERE id = ?", submission_id)[0])
    leaves = planned["outcome"] in ("RETURNED", "TIMED-OUT")
    world.store.change("UPDATE submissions SET ended = ?, outcome = ? WHERE id = ?", now, status, submission_id)
    world.store.change("DELETE FROM responses WHERE submission_id = ? AND moment > ?", submission_id, now)
    if status == "SCREENED OUT" and not leaves:
        allocation.refill(world, study, planned["group_id"], submission_id, now)
    elif status != "SCREENED OUT" and leaves:
        _call_off(world, study, planned["group_id"], now)


def _call_off(world: SandboxState, study: Document, group_id: str, now: float) -> None:
    """Take back the last one who was to come for a group: nobody leaves a place to him or her any more."""
    coming = """SELECT id FROM submissions WHERE study_id = ? AND group_id = ? AND started > ?
                AND outcome NOT IN ('RETURNED', 'TIMED-OUT') ORDER BY started DESC LIMIT 1"""
    for row in world.store.rows(coming, study["id"], group_id, now):
        world.store.change("DELETE FROM submissions WHERE id = ?", row["id"])
        world.store.change("DELETE FROM responses WHERE submission_id = ?", row["id"])


def _act(world: SandboxState, study: Document, submission: dict[str, Any], code: Document, data: Document) -> None:
    """The rest of what a code does: groups, a request to return, a message."""
    person = submission["participant_id"]
    submission_flags.add(world, submission, code=code["code"])
    for action in code["actions"]:
        if action["action"] == "REQUEST_RETURN":
            submission_flags.add(world, submission, return_requested=world.now(), reasons=[action["return_reason"]])
        if action["action"] == "ADD_TO_PARTICIPANT_GROUP":
            group_members.join(world, action["participant_group"], person)
        if action["action"] == "REMOVE_FROM_PARTICIPANT_GROUP":
            group_members.leave(world, action["participant_group"], person)
    if data.get("message_to_participant"):
        outbox.write(world, person, data["message_to_participant"], study["id"])
