"""Bonuses: creating a bonus file, which is free, and paying it, which is not idempotent."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from flask import Blueprint

from ...contract.http_error import HTTPError
from ...operations import wallet
from ...state.sandbox_state import SandboxState, current_state, request_body
from ...storage import paid_bonuses, pricing
from ...storage.store import Document

blueprint = Blueprint("bonuses", __name__, url_prefix="/api/v1")

_MOST = 200  # ids in one file
_LINE = re.compile(r"(?P<who>[^,]+),(?P<amount>\d{1,9}(\.\d{1,2})?)")
_SHOWN = ("id", "study", "amount", "fees", "vat", "total_amount")


@blueprint.post("/submissions/bonus-payments")
def create() -> tuple[dict[str, Any], int]:
    """Create a bonus file; nothing is paid yet. Which submissions can get a bonus is undocumented: here all can."""
    state, body = current_state(), request_body()
    study = state.store.get("study", body["study_id"])
    if study is None:
        raise HTTPError(400, f"There is no study {body['study_id']} in this sandbox. Check study_id.")
    lines = _lines(state, study["id"], body["csv_bonuses"])
    cost = pricing.cost(sum(amount for _, amount in lines), 1)
    bonus = {
        "id": state.ids.hex24("bonus", state.store.next("bonus")),
        "study": study["id"],
        "amount": cost.rewards,
        "fees": cost.fees,
        "vat": cost.vat,
        "total_amount": cost.total,
        "lines": lines,
        "paid": [],
    }
    state.stamp()
    state.store.put("bonus", bonus["id"], bonus)
    return {name: bonus[name] for name in _SHOWN}, 201


def _lines(state: SandboxState, study_id: str, text: str) -> list[tuple[str, int]]:
    """Submission and amount in pence of every line; all invalid lines and unknown IDs are refused at once."""
    found, faults = list[tuple[str, int]](), list[str]()
    known = _known(state, study_id)
    written = text.splitlines()
    for number, line in enumerate(written, 1):
        match = _LINE.fullmatch(line)
        amount = 0 if match is None else int(Decimal(match["amount"]) * 100)
        if match is None or not amount:
            faults.append(
                f"line {number}: {line!r} is not valid. Write an ID, a comma and an amount above 0, such as 1.50."
            )
        elif match["who"] not in known:
            faults.append(f"line {number}: {match['who']} is not a submission or participant of study {study_id}.")
        else:
            found.append((known[match["who"]], amount))
    if len(written) > _MOST:
        faults.append(f"The file has {len(written)} lines. Send at most {_MOST} in one file.")
    if faults:
        raise HTTPError(400, " ".join(faults), {"csv_bonuses": faults})
    return found


def _known(state: SandboxState, study_id: str) -> dict[str, str]:
    """Submissions of a study by submission ID and participant ID; for several of one participant, the first."""
    rows = state.store.rows(
        "SELECT id, participant_id FROM submissions WHERE study_id = ? ORDER BY started DESC", study_id
    )
    return {**{row["participant_id"]: row["id"] for row in rows}, **{row["id"]: row["id"] for row in rows}}


@blueprint.post("/bulk-bonus-payments/<bonus_id>/pay")
def pay(bonus_id: str) -> tuple[str, int, dict[str, str]]:
    """Pay a bonus file. Not idempotent: the contract does not promise that a repeated request has no effect."""
    state = current_state()
    bonus: Document = state.document("bonus", bonus_id)
    payer = state.document("study", bonus["study"])["workspace"]
    wallet.check_funds(state, payer, bonus["total_amount"], "The bonuses cost")
    state.stamp()
    paid_bonuses.pay(state.store, bonus, state.wall())
    return '"The bonuses are being paid."', 202, {"Content-Type": "application/json"}
