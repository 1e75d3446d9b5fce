"""Review: proposals first, money last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pandas as pd

from ...api import Client
from ...common.findings import Finding, Findings
from ...common.money import Money
from ...errors import ReviewError
from ..ledger import Ledger
from ..monitor.submissions_table import PAID, by_id, submissions_frame
from ..spend.bonus_payments import Payments
from .actions import ReviewAction, parse_review
from .approvals import step_of
from .proposal import Proposal

_HOUR = 3_600_000_000  # microseconds


def propose(client: Client, ledger: Ledger, key: str, study_id: str, frame: pd.DataFrame) -> Proposal:
    """What a frame of decisions asks for. Nothing is sent that changes anything.

    Parameters
    ----------
    client : Client
    ledger : Ledger
    key : str
        The run in the ledger.
    study_id : str
    frame : pandas.DataFrame
        One row per submission. ``submission_id``; ``action``: ``"approve"``, ``"reject"``, ``"bonus"`` or empty;
        ``category`` and ``message`` (100 characters or more) for rejections; ``bonus``: text, Decimal or Money in
        major units, which may stand beside an approval. Other columns are left alone.

    Returns
    -------
    Proposal

    Raises
    ------
    ReviewError
        With everything that is wrong with the frame.
    """
    acts, found = parse_review(client, study_id, frame, by_id(client, study_id))
    if Findings(found).errors:
        raise ReviewError(f"The review of study {study_id}", found)
    found += [*_about_bonuses(Payments(client, ledger, key, study_id), acts), *_about_taken_back(ledger, key, acts)]
    return Proposal(client, ledger, key, study_id, acts, Findings(found))


def bonus_to(client: Client, ledger: Ledger, key: str, study_id: str, hourly: str | Money) -> Proposal:
    """Bonuses that lift the real pay of everybody who has finished, and was not rejected, to an hourly rate.

    Parameters
    ----------
    hourly : str or Money
        Major units per hour, ``"9.00"``.

    Returns
    -------
    Proposal
        For each submission ``hourly * minutes / 60 - reward - bonuses so far``, rounded up to a whole minor unit,
        where that is above nothing.

    Raises
    ------
    ReviewError
        The rate is not above nothing.
    TypeError, ValueError
        The rate is no amount of money, or in another currency.
    """
    rate = Money.parse(hourly, client.currency)
    if rate.minor <= 0:
        what = Finding(
            "error", f"{rate} an hour lifts nobody's pay.", 'Give a rate, for example "9.00".', place="hourly"
        )
        raise ReviewError(f"The review of study {study_id}", [what])
    acts = sorted(_lifting(submissions_frame(client, study_id), rate), key=lambda act: act.submission_id)
    before = Findings(_about_bonuses(Payments(client, ledger, key, study_id), acts))
    return Proposal(client, ledger, key, study_id, acts, before)


def _lifting(frame: pd.DataFrame, rate: Money) -> Iterator[ReviewAction]:
    done = frame[frame["status"].isin(PAID) & frame["completed_at"].notna()]
    for row in done.to_dict("records"):
        took = (row["completed_at"] - row["started_at"]) // timedelta(microseconds=1)
        due = -(-rate.minor * took // _HOUR)  # rounded up
        bonus = Money(due - row["reward_minor"] - row["bonus_minor"], rate.currency)
        if bonus.minor > 0:
            who = (row["submission_id"], row["participant_id"], row["status"])
            yield ReviewAction(*who, bonus=bonus, on_top=row["bonus_minor"])


def _about_bonuses(payments: Payments, acts: Sequence[ReviewAction]) -> Iterator[Finding]:
    """What this run's ledger knows of bonuses to the same submissions."""
    wanted = {act.submission_id: act.bonus for act in acts if act.bonus is not None}
    for line in payments.open():
        if line.submission_id in wanted:
            what = "Whether an earlier bonus was paid is unclear."
            yield Finding(
                "warning", what, "apply() finds out before it pays.", place=f"submission {line.submission_id}"
            )
    for line in sorted(payments.paid(), key=lambda line: (line.submission_id, line.minor)):
        bonus = wanted.get(line.submission_id)
        if bonus is None:
            continue
        what = f"{Money(line.minor, bonus.currency)} were paid as a bonus before."
        same = line.minor == bonus.minor and line.on_top is None and not line.again
        remedy = 'They are not paid twice; to do so: proposal.apply(again="reason").' if same else "These come on top."
        yield Finding("note", what, remedy, place=f"submission {line.submission_id}")


def _about_taken_back(ledger: Ledger, key: str, acts: Sequence[ReviewAction]) -> Iterator[Finding]:
    """Rejections that this run has made before, and that somebody took back."""
    done = {name for name, step in ledger.steps(key).items() if step.state == "done"}
    for act in acts:
        if act.action == "reject" and act.status != "REJECTED" and step_of(act) in done:
            what, remedy = "It was rejected so before, and that was taken back.", 'proposal.apply(again="reason")'
            place = f"submission {act.submission_id}"
            yield Finding("warning", what, f"It is not rejected again; to do so: {remedy}.", place=place)
