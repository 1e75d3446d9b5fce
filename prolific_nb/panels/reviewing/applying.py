"""Checking and applying decisions, on a worker thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...common.display import collected_warnings
from ...common.findings import Finding, Findings
from ...common.money import Money
from ...common.plurals import counted
from ...errors import ProlificError, ReviewError
from ...study.idempotent import UNCERTAIN_OUTCOME
from ...study.review.proposal import Proposal
from ...workflow.run import Run
from .decisions import Decision, Decisions, messages, review_frame


@dataclass(frozen=True)
class Checked:
    """Decisions compared with the server: the proposal and its cost, or why there is none.

    Parameters
    ----------
    decisions : tuple of Decision
    again : str
        The reason for repeating bonuses or rejections; empty if there is none.
    proposal : Proposal or None
        None if a finding is an error, or if there are only messages.
    findings : Findings
    bonuses, cost : Money
        Still to be paid: without, and with fees and VAT.
    """

    decisions: Decisions
    again: str
    proposal: Proposal | None
    findings: Findings
    bonuses: Money
    cost: Money

    @property
    def wrong(self) -> list[str]:
        """The submissions about which a finding is an error."""
        places = [finding.place or "" for finding in self.findings.errors]
        return list(dict.fromkeys(each.removeprefix("submission ") for each in places if each.startswith("submission")))


def check(run: Run, decisions: Decisions, again: str) -> Checked:
    """The proposal for decisions; changes nothing on the server."""
    frame, nothing = review_frame(decisions), Money(0, run.client.currency)
    if frame.empty:
        return Checked(decisions, again, None, Findings(), nothing, nothing)
    try:
        proposal = run.review(frame)
    except ReviewError as refused:
        return Checked(decisions, again, None, refused.findings, nothing, nothing)
    return Checked(decisions, again, proposal, proposal.findings, proposal.bonuses(again), proposal.cost(again))


@dataclass(frozen=True)
class Applied:
    """What was applied, and what kept the rest from it.

    Parameters
    ----------
    done : tuple of Decision
    findings : Findings
        What was found while applying.
    failure : Exception or None
    """

    done: Decisions = ()
    findings: Findings = field(default_factory=Findings)
    failure: Exception | None = None


def apply(run: Run, checked: Checked, people: Mapping[str, str], max_cost: Money) -> Applied:
    """Apply the proposal, then send the messages; a failure is returned with what was done before it."""
    done: Decisions = ()
    found: Findings = Findings()
    failure: Exception | None = None
    with collected_warnings() as words:
        try:
            if checked.proposal is not None:
                checked.proposal.apply(max_cost=max_cost, again=checked.again)
                done = tuple(each for each in checked.decisions if each.action != "message")
            for text, decision in messages(checked.decisions):
                found += _send(run, [people[each] for each in decision.ids], text)
                done = (*done, decision)
        except Exception as raised:  # returned with what was done before it
            failure = raised
    return Applied(done, found + [Finding("warning", said, "") for said in words], failure)


def _send(run: Run, people: list[str], text: str) -> list[Finding]:
    """Send a message once; it is sent as often as it is requested, so a lost response is not repeated."""
    to = list(dict.fromkeys(people))
    try:
        run.client.messages.send_to_all(to, text, run.study_id)
    except UNCERTAIN_OUTCOME as lost:
        what = f"No response arrived to the message to {counted(len(to), 'participant')} ({lost}); it may have arrived."
        return [Finding("warning", what, "It is not sent again: compare with the messages on Prolific's page.")]
    return []


def lift(run: Run, hourly: str, ids: list[str]) -> Decision:
    """The bonuses that raise the actual pay of some submissions to an hourly rate; with no submission if none needs it.

    Raises
    ------
    ProlificError
        The rate is not a valid amount of money.
    """
    try:
        acts = run.bonus_to(hourly).acts
    except (TypeError, ValueError) as wrong:
        reason = str(wrong)
    else:
        wanted = acts[acts["submission_id"].isin(ids)]
        amounts = [Money.parse(amount).major for amount in wanted["bonus"]]
        return Decision("bonus", tuple(zip(wanted["submission_id"], amounts, strict=True)))
    raise ProlificError(reason)
