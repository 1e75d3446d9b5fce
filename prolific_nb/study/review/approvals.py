"""Approvals and rejections: checked on the server before they are sent, and verified afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from ...api import Client
from ...api.polling import wait_until
from ...api.submissions import MOST_APPROVED
from ...common.findings import Findings
from ...errors import ProlificError, ReviewError, StepFailed, WaitTimeout
from ..idempotent import UNCERTAIN_OUTCOME, retry_until_answered, stable_hash
from ..ledger import Ledger
from ..monitor.submissions_table import by_id
from .actions import ENDS, ReviewAction, check_state

_PATIENCE = 900  # seconds
_WAITING = "AWAITING REVIEW"


def step_of(act: ReviewAction, again: str = "") -> str:
    """The name of a rejection in the ledger; a different message makes a different rejection."""
    return f"reject {stable_hash([act.submission_id, act.category, act.message, again])}"


class ApprovalExecutor:
    """The approvals and rejections of a proposal.

    Parameters
    ----------
    client : Client
    ledger : Ledger
        Held by the caller.
    key : str
        The run.
    study_id : str
    acts : sequence of ReviewAction
    again : str
        The reason for repeating a decision that was reversed.
    """

    def __init__(
        self, client: Client, ledger: Ledger, key: str, study_id: str, acts: Sequence[ReviewAction], again: str
    ) -> None:
        self._client, self._ledger, self._key, self._study_id = client, ledger, key, study_id
        approvals = [act.submission_id for act in acts if act.action == "approve"]
        self._approval = f"approve {stable_hash([*approvals, again])}"
        self._rejections = {step_of(act, again): act for act in acts if act.action == "reject"}
        done = {name for name, step in ledger.steps(key).items() if step.state == "done"}
        self._approve = [] if self._approval in done else approvals
        self._reject = {step: act for step, act in self._rejections.items() if step not in done}

    def refuse_impossible(self) -> None:
        """Raise if the state of a submission no longer allows its action; nothing is sent."""
        pending = [(each, "approve") for each in self._approve]
        pending += [(act.submission_id, "reject") for act in self._reject.values()]
        now = self._statuses() if pending else {}
        states = [(each, action, _state(now, each)) for each, action in pending]
        found = Findings(finding for state in states for finding in check_state(*state))
        if found.errors:
            raise ReviewError(f"The review of study {self._study_id}", found.errors)

    def carry_out(self) -> None:
        """Approve in bulk, then reject one by one.

        Raises
        ------
        StepFailed
            Prolific accepted a decision but shows a different status.
        """
        now = self._statuses() if self._approve or self._reject else {}
        if self._approve:
            self._ledger.intend(self._key, self._approval)
            self._approve_all([each for each in self._approve if _state(now, each) != ENDS["approve"]])
            self._ledger.done(self._key, self._approval)
        for step, act in self._reject.items():
            self._ledger.intend(self._key, step)
            if _state(now, act.submission_id) != ENDS["reject"]:
                self._reject_one(act)
            self._ledger.done(self._key, step)

    def _statuses(self) -> dict[str, str]:
        return {each: str(record.status) for each, record in by_id(self._client, self._study_id).items()}

    def _approve_all(self, ids: list[str]) -> None:
        lost: ProlificError | None = None
        for start in range(0, len(ids), MOST_APPROVED):
            part = ids[start : start + MOST_APPROVED]
            try:
                retry_until_answered(self._client, partial(self._client.submissions.bulk_approve, part))
            except UNCERTAIN_OUTCOME as failure:
                lost = failure
        now = self._settled(ids, lost) if ids else {}
        if wrong := [f"{each} is {_state(now, each)}" for each in ids if _state(now, each) != ENDS["approve"]]:
            raise StepFailed(f"Not all submissions were approved: {', '.join(wrong)}. Check them on Prolific's page.")

    def _settled(self, ids: list[str], lost: ProlificError | None) -> dict[str, str]:
        """The statuses once none of these awaits review: Prolific approves some time after its response."""
        patience = _PATIENCE if lost is None else self._client.pace.grace
        seen: dict[str, str] = {}

        def look() -> dict[str, str]:
            seen.update(self._statuses())
            return seen

        def done(now: dict[str, str]) -> bool:
            return all(_state(now, each) != _WAITING for each in ids)

        try:
            return wait_until(look, done, what="An approval", every=self._client.pace.job, timeout=patience)
        except WaitTimeout:
            waiting = [each for each in ids if _state(seen, each) == _WAITING]
        answer = f"Prolific accepted it {patience:g} s ago" if lost is None else f"No response arrived ({lost})"
        raise StepFailed(
            f"The approval of {len(ids)} submissions has not arrived. {answer}, and these are still {_WAITING}: "
            f"{', '.join(waiting)}. No bonus of this call was paid. Run proposal.apply(...) again: it approves those "
            "that still wait and repeats nothing that was done."
        ) from lost

    def _reject_one(self, act: ReviewAction) -> None:
        reject = partial(self._client.submissions.transition, act.submission_id, "REJECT")
        send = partial(reject, message=act.message, category=act.category)
        seen = retry_until_answered(self._client, send).status
        if seen != ENDS["reject"]:
            what = f"Submission {act.submission_id} is {seen} after REJECT."
            raise StepFailed(f"{what} Check it on Prolific's page.")


def _state(statuses: Mapping[str, str], submission_id: str) -> str:
    return statuses.get(submission_id, "missing from the study")
