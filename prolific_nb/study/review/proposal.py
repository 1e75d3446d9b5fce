"""Proposal: the actions of a review and their cost, to check before they are applied."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ...api import Client
from ...common.display import card, lines, visible
from ...common.findings import Findings
from ...common.money import Money
from ...errors import SpendError
from ..idempotent import stable_hash
from ..ledger import Ledger
from ..spend.allowance import lock_name, refuse_spending
from ..spend.bonus_payments import Line, Payments
from .actions import ENDS, ReviewAction
from .approvals import ApprovalExecutor

_COLUMNS = ("submission_id", "participant_id", "status", "action", "bonus", "category", "message")


class Proposal:
    """The actions of a review. Created by `Run.review` and `Run.bonus_to`; ``.apply(max_cost=...)`` carries them out.

    Attributes
    ----------
    id : str
        The same for the same actions in the same study.
    findings : Findings
        Warnings and notes; errors prevent a proposal.
    """

    def __init__(
        self, client: Client, ledger: Ledger, key: str, study_id: str, acts: Sequence[ReviewAction], findings: Findings
    ) -> None:
        self._client, self._ledger, self._key, self._study_id = client, ledger, key, study_id
        self._acts, self.findings = tuple(acts), findings
        self._payments = Payments(client, ledger, key, study_id)
        self._exact = False
        self._lock = lock_name(client, study_id)
        content = [(a.submission_id, a.action, a.category, a.message, str(a.bonus or ""), a.on_top) for a in acts]
        self.id = stable_hash([study_id, content])
        pending = self._pending("")
        self._total = self._payments.estimate(pending)
        self._paid_before = len(self._lines("")) - len(pending)

    @property
    def acts(self) -> pd.DataFrame:
        """One row per action: ``submission_id, participant_id, status, action, bonus, category, message``."""
        rows = [{**vars(act), "bonus": "" if act.bonus is None else str(act.bonus)} for act in self._acts]
        return pd.DataFrame(rows, columns=list(_COLUMNS))

    @property
    def total(self) -> Money:
        """The cost of the bonuses with fees and VAT: an estimate, then Prolific's figure once the files exist."""
        return self._total

    def _lines(self, again: str) -> list[Line]:
        paid = [act for act in self._acts if act.bonus is not None]
        return [Line(act.submission_id, act.bonus.minor, act.on_top, again) for act in paid if act.bonus]

    def _pending(self, again: str) -> list[Line]:
        known = self._payments.paid()
        return [line for line in self._lines(again) if line not in known]

    # --- applying -----------------------------------------------------------------------------------------------

    def apply(self, *, max_cost: str | Money | None = None, again: str = "") -> Proposal:
        """Approve, reject, and pay the bonuses. What any proposal of this run did before is not repeated.

        Called again after a crash or a lost response, it continues where it stopped.

        Parameters
        ----------
        max_cost : str or Money, optional
            The highest allowed cost, with fees and VAT, of the bonuses still to be paid. Required on LIVE if there
            are any.
        again : str
            The reason for paying the same bonuses a second time.

        Raises
        ------
        SpendError
            Without `max_cost` on LIVE, above `max_cost`, or above the balance. No bonus was paid.
        ReviewError
            The status of a submission has changed. Nothing was sent.
        UnclearPayment
            The response to a payment was lost and the submissions do not show it; see `settle`.
        StepFailed
            Prolific accepted a decision but shows a different status.
        """
        with self._ledger.hold(f"applying a review of study {self._study_id}", self._lock):
            pending = self._unpaid(again)
            decisions = ApprovalExecutor(self._client, self._ledger, self._key, self._study_id, self._acts, again)
            decisions.refuse_impossible()
            self._allow(pending, self._payments.estimate(pending), max_cost)
            decisions.carry_out()
            files = self._payments.make(pending)
            if files:
                self._total, self._exact = Money(sum(file.total for file in files), self._client.currency), True
                self._allow(pending, self._total, max_cost)
            for file in files:
                self._payments.pay(file)
        return self

    def _unpaid(self, again: str) -> list[Line]:
        """The bonuses still to be paid; raises if a bonus was paid in the meantime."""
        resolved = (
            self._payments.resolve() if self._lines(again) else []
        )  # without bonuses, unclear payments do not matter
        pending = self._pending(again)
        if paid_late := {line.submission_id for line in resolved} & {line.submission_id for line in pending}:
            raise SpendError(
                f"A bonus with an unclear payment has reached {', '.join(sorted(paid_late))} after all. Nothing "
                "was paid now. Make a new proposal with the bonuses still to be paid."
            )
        self._payments.refuse_stale(pending)
        return pending

    def _allow(self, pending: list[Line], cost: Money, max_cost: str | Money | None) -> None:
        if pending:
            refuse_spending(self._client, cost, max_cost, 'proposal.apply(max_cost="{}")')

    def settle(self, *, paid: bool) -> Proposal:
        """State whether the unclear payments of this run were made, if `apply` could not find out.

        Parameters
        ----------
        paid : bool
            True: they were paid, and are not paid again. False: they were not, and the next `apply` pays them. Bonuses
            that the submissions show count as paid in any case.
        """
        with self._ledger.hold(f"settling bonuses of study {self._study_id}", self._lock):
            self._payments.settle(paid)
        return self

    # --- display ---------------------------------------------------------------------------------------------

    def _rows(self) -> dict[str, object]:
        counts = {action: sum(act.action == action for act in self._acts) for action in ENDS}
        amounts = [line.minor for line in self._lines("")]
        rows: dict[str, object] = {"study": self._study_id, "approvals": counts["approve"]}
        if counts["approve"]:
            rows["approvals"] = f"{counts['approve']}; their rewards are reserved already, so this costs nothing extra"
        rows["rejections"] = counts["reject"]
        rows["bonuses"] = f"{len(amounts)} of {Money(sum(amounts), self._client.currency)} in total"
        if self._paid_before:
            rows["bonuses"] = f"{rows['bonuses']}; {self._paid_before} of them already paid"
        source = "computed by Prolific" if self._exact else "estimated"
        rows["total"] = f"{self.total} to pay for bonuses with fees and VAT ({source})"
        return rows

    def __repr__(self) -> str:
        text = [lines(f"{self._client.mode} proposal {self.id}", self._rows())]
        if self._acts:
            text.append(self.acts.map(visible).to_string(index=False))
        if self.findings:
            text.append(str(self.findings))
        return "\n".join(text)

    def _repr_html_(self) -> str:
        with pd.option_context("display.max_colwidth", None):  # messages must be readable in full before they are sent
            table = self.acts.map(visible).to_html(index=False, border=0) if self._acts else ""
        below = f'<div style="max-height:24em;overflow:auto">{table}</div>' if table else ""
        if self.findings:
            below += self.findings._repr_html_()
        return card(self._client.mode, f"proposal {self.id}", self._rows(), below)
