"""Approvals and rejections: looked up on the server before they are sent, and verified after."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ...api import Client
from ...api.polling import wait_until
from ...api.submissions import MOST_APPROVED
from ...common.findings import Findings
from ...errors import ProlificError, ReviewError, StepFailed, WaitTimeout
from ..idempotent import UNCERTAIN_OUTCOME
from ..ledger import Ledger
from ..monitor.submissions_table import by_id
from ..spend.bonus_payments import retry_when_busy, stable_hash
from .actions import ENDS, ReviewAction, about_state

_PATIENCE = 900  # seconds


def step_of(act: ReviewAction, again: str = "") -> str:
    """The name of a rejection in the ledger; another message is another rejection."""
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
        The reason for deciding once more what was decided, and taken back, before.
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
        """Raise if a submission has come into a state in which what is left to do cannot be done; nothing is sent."""
        left = [(ident, "approve") for ident in self._approve]
        left += [(act.submission_id, "reject") for act in self._reject.values()]
        now = self._statuses() if left else {}
        found = Findings(finding for ident, action in left for finding in about_state(ident, action, now[ident]))
        if found.errors:
            raise ReviewError(f"The review of study {self._study_id}", found.errors)

    def carry_out(self) -> None:
        """Approve in bulk, then reject one by one.

        Raises
        ------
        StepFailed
            Prolific took a decision and shows another one.
        """
        now = self._statuses() if self._approve or self._reject else {}
        if self._approve:
            self._ledger.intend(self._key, self._approval)
            self._approve_all([ident for ident in self._approve if now[ident] != ENDS["approve"]])
            self._ledger.done(self._key, self._approval)
        for step, act in self._reject.items():
            self._ledger.intend(self._key, step)
            if now[act.submission_id] != ENDS["reject"]:
                self._reject_one(act)
            self._ledger.done(self._key, step)

    def _statuses(self) -> dict[str, str]:
        return {ident: str(record.status) for ident, record in by_id(self._client, self._study_id).items()}

    def _approve_all(self, ids: list[str]) -> None:
        lost: ProlificError | None = None
        for start in range(0, len(ids), MOST_APPROVED):
            part = ids[start : start + MOST_APPROVED]
            try:
                retry_when_busy(self._client, partial(self._client.submissions.bulk_approve, part))
            except UNCERTAIN_OUTCOME as failure:
                lost = failure
        now = self._settled(ids, lost) if ids else {}
        if wrong := [f"{ident} is {now[ident]}" for ident in ids if now[ident] != ENDS["approve"]]:
            raise StepFailed(f"Not all were approved: {', '.join(wrong)}. Look at them on Prolific's page.")

    def _settled(self, ids: list[str], lost: ProlificError | None) -> dict[str, str]:
        """The statuses once none of these waits any more: approvals are made some time after their answer."""
        try:
            return wait_until(
                self._statuses,
                lambda seen: all(seen[ident] != "AWAITING REVIEW" for ident in ids),
                what=f"The approval of {len(ids)} submissions",
                every=self._client.pace.job,
                timeout=_PATIENCE if lost is None else self._client.pace.grace,
            )
        except WaitTimeout:
            if lost is None:
                raise
        raise lost

    def _reject_one(self, act: ReviewAction) -> None:
        reject = partial(self._client.submissions.transition, act.submission_id, "REJECT")
        send = partial(reject, message=act.message, category=act.category)
        seen = retry_when_busy(self._client, send).status
        if seen != ENDS["reject"]:
            what = f"Submission {act.submission_id} is {seen} after REJECT."
            raise StepFailed(f"{what} Look at it on Prolific's page.")
