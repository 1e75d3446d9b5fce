"""Bonuses: files of amounts that cost nothing until they are paid, and are paid as often as they are asked to be."""

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
    """A bonus file; nothing is paid yet. Which states of a submission take a bonus is not published: here all do."""
    world, body = current_state(), request_body()
    study = world.store.get("study", body["study_id"])
    if study is None:
        raise HTTPError(400, f"There is no study {body['study_id']} in this sandbox. Check study_id.")
    lines = _lines(world, study["id"], body["csv_bonuses"])
    cost = pricing.cost(sum(amount for _, amount in lines), 1)
    bonus = {
        "id": world.ids.hex24("bonus", world.store.next("bonus")),
        "study": study["id"],
        "amount": cost.rewards,
        "fees": cost.fees,
        "vat": cost.vat,
        "total_amount": cost.total,
        "lines": lines,
        "paid": [],
    }
    world.stamp()
    world.store.put("bonus", bonus["id"], bonus)
    return {name: bonus[name] for name in _SHOWN}, 201


def _lines(world: SandboxState, study_id: str, text: str) -> list[tuple[str, int]]:
    """Submission and pence of every line; all bad lines and unknown ids are refused at once."""
    found, faults = list[tuple[str, int]](), list[str]()
    known = _known(world, study_id)
    written = text.splitlines()
    for number, line in enumerate(written, 1):
        match = _LINE.fullmatch(line)
        amount = 0 if match is None else int(Decimal(match["amount"]) * 100)
        if match is None or not amount:
            faults.append(f"line {number}: {line!r} is not an id, a comma and an amount above 0 with two decimals.")
        elif match["who"] not in known:
            faults.append(f"line {number}: {match['who']} is no submission or participant of study {study_id}.")
        else:
            found.append((known[match["who"]], amount))
    if len(written) > _MOST:
        faults.append(f"There are {len(written)} lines; send at most {_MOST} in one file.")
    if faults:
        raise HTTPError(400, " ".join(faults), {"csv_bonuses": faults})
    return found


def _known(world: SandboxState, study_id: str) -> dict[str, str]:
    """Submissions of a study by their own and their participants' ids; of several of one person the first counts."""
    rows = world.store.rows(
        "SELECT id, participant_id FROM submissions WHERE study_id = ? ORDER BY started DESC", study_id
    )
    return {**{row["participant_id"]: row["id"] for row in rows}, **{row["id"]: row["id"] for row in rows}}


@blueprint.post("/bulk-bonus-payments/<bonus_id>/pay")
def pay(bonus_id: str) -> tuple[str, int, dict[str, str]]:
    """Pay a bonus file. Asked again it pays again: nothing in the contract promises otherwise."""
    world = current_state()
    bonus: Document = world.document("bonus", bonus_id)
    payer = world.document("study", bonus["study"])["workspace"]
    wallet.check_funds(world, payer, bonus["total_amount"], "The bonuses cost")
    world.stamp()
    paid_bonuses.pay(world.store, bonus, world.wall())
    return '"The bonuses are being paid."', 202, {"Content-Type": "application/json"}
