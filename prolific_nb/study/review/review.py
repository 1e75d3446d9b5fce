"""Proposals of a review: from a DataFrame of decisions, or bonuses up to an hourly rate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pandas as pd

from ...api import Client
from ...common.findings import Finding, Findings
from ...common.money import Money
from ...common.plurals import a_type
from ...errors import ReviewError
from ..ledger import Ledger
from ..monitor.status import PAID
from ..monitor.submissions_table import by_id, submissions_frame
from ..spend.bonus_payments import Payments
from .actions import ReviewAction, parse_review
from .approvals import step_of
from .proposal import Proposal

_HOUR = 3_600_000_000  # microseconds


def propose(client: Client, ledger: Ledger, key: str, study_id: str, frame: pd.DataFrame) -> Proposal:
    """The proposal for a DataFrame of decisions. Changes nothing on the server.

    Parameters
    ----------
    client : Client
    ledger : Ledger
    key : str
        The run in the ledger.
    study_id : str
    frame : pandas.DataFrame
        One row per submission. ``submission_id``; ``action``: ``"approve"``, ``"reject"``, ``"bonus"`` or empty;
        ``category`` and ``message`` (at least 100 characters) for rejections; ``bonus``: string, Decimal or Money in
        major units, also allowed with an approval. Other columns are ignored, unless they look like one of these.

    Returns
    -------
    Proposal

    Raises
    ------
    ReviewError
        With all findings about the frame.
    """
    if not isinstance(frame, pd.DataFrame):
        what, remedy = f"It is {a_type(frame)}.", "Pass a pandas.DataFrame, such as run.submissions()."
        raise ReviewError(f"The review of study {study_id}", [Finding("error", what, remedy, place="frame")])
    acts, found = parse_review(client, study_id, frame, by_id(client, study_id))
    if Findings(found).errors:
        raise ReviewError(f"The review of study {study_id}", found)
    found += [*_check_bonuses(Payments(client, ledger, key, study_id), acts), *_check_reversed(ledger, key, acts)]
    return Proposal(client, ledger, key, study_id, acts, Findings(found))


def bonus_to(client: Client, ledger: Ledger, key: str, study_id: str, hourly: str | Money) -> Proposal:
    """Bonuses that raise the actual pay of all completed submissions, rejected ones excepted, to an hourly rate.

    Parameters
    ----------
    hourly : str or Money
        Major units per hour, ``"9.00"``.

    Returns
    -------
    Proposal
        For each submission ``hourly * minutes / 60 - reward - bonuses so far``, rounded up to a whole minor unit,
        if that is above 0.

    Raises
    ------
    ReviewError
        The rate is not above 0.
    TypeError, ValueError
        The rate is not a valid amount of money, or is in another currency.
    """
    rate = Money.parse(hourly, client.currency)
    if rate.minor <= 0:
        what = Finding(
            "error", f"{rate} per hour raises no one's pay.", 'Pass a rate above 0, for example "9.00".', place="hourly"
        )
        raise ReviewError(f"The review of study {study_id}", [what])
    acts = sorted(_raises(submissions_frame(client, study_id), rate), key=lambda act: act.submission_id)
    before = Findings(_check_bonuses(Payments(client, ledger, key, study_id), acts))
    return Proposal(client, ledger, key, study_id, acts, before)


def _raises(frame: pd.DataFrame, rate: Money) -> Iterator[ReviewAction]:
    done = frame[frame["status"].isin(PAID) & frame["completed_at"].notna()]
    for row in done.to_dict("records"):
        duration = (row["completed_at"] - row["started_at"]) // timedelta(microseconds=1)
        due = -(-rate.minor * duration // _HOUR)  # rounded up
        bonus = Money(due - row["reward_minor"] - row["bonus_minor"], rate.currency)
        if bonus.minor > 0:
            submission = (row["submission_id"], row["participant_id"], row["status"])
            had = (row["bonus_minor"],) if row["bonus_minor"] else ()
            yield ReviewAction(*submission, bonus=bonus, on_top=row["bonus_minor"], had=had)


def _check_bonuses(payments: Payments, acts: Sequence[ReviewAction]) -> Iterator[Finding]:
    """Findings about earlier bonuses of this run to the same submissions."""
    wanted = {act.submission_id: act.bonus for act in acts if act.bonus is not None}
    for line in payments.open():
        if line.submission_id in wanted:
            what = "It is unclear whether an earlier bonus was paid."
            yield Finding(
                "warning", what, "apply() checks this before it pays.", place=f"submission {line.submission_id}"
            )
    for line in sorted(payments.paid(), key=lambda line: (line.submission_id, line.minor)):
        bonus = wanted.get(line.submission_id)
        if bonus is None:
            continue
        what = f"{Money(line.minor, bonus.currency)} was paid as a bonus before."
        same = line.minor == bonus.minor and line.on_top is None and not line.again
        remedy = (
            'It is not paid twice; to pay it again: proposal.apply(again="reason").'
            if same
            else "This bonus is paid in addition."
        )
        yield Finding("note", what, remedy, place=f"submission {line.submission_id}")


def _check_reversed(ledger: Ledger, key: str, acts: Sequence[ReviewAction]) -> Iterator[Finding]:
    """Findings about rejections that this run made before and that were reversed."""
    done = {name for name, step in ledger.steps(key).items() if step.state == "done"}
    for act in acts:
        if act.action == "reject" and act.status != "REJECTED" and step_of(act) in done:
            what, remedy = (
                "It was rejected for the same reason before, and that was reversed.",
                'proposal.apply(again="reason")',
            )
            place = f"submission {act.submission_id}"
            yield Finding("warning", what, f"It is not rejected again; to reject it again: {remedy}.", place=place)
