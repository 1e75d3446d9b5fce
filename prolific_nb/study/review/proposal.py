"""Proposal: the actions of a review and their cost, to check before they are applied."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence

import pandas as pd

from ...api import Client
from ...common.display import card, lines, visible
from ...common.findings import Finding, Findings
from ...common.money import Money
from ...common.plurals import counted
from ...errors import SpendError
from ..idempotent import stable_hash
from ..ledger import Ledger
from ..monitor.watch import changing
from ..spend.allowance import lock_name, refuse_spending
from ..spend.bonus_files import File, Line
from ..spend.bonus_payments import Payments
from .actions import ENDS, ReviewAction
from .approvals import ApprovalExecutor
from .bonus_check import BonusCheck

_COLUMNS = ("submission_id", "participant_id", "status", "action", "bonus", "bonus_had", "category", "message")
_DONE = "What was done before stands and is not repeated."


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
        self._acts = tuple(acts)
        self._payments = Payments(client, ledger, key, study_id)
        self._check = BonusCheck(client, study_id, self._payments, self._acts, self._report)
        self.findings = findings + self._check.findings()
        self._exact = False
        content = [(a.submission_id, a.action, a.category, a.message, str(a.bonus or ""), a.on_top) for a in acts]
        self.id = stable_hash([study_id, content])
        pending = self._pending("")
        self._total = self._payments.files.estimate(pending)
        self._paid_before = len(self._lines("")) - len(pending)

    @property
    def acts(self) -> pd.DataFrame:
        """One row per action: its columns are strings.

        ``submission_id, participant_id, status, action, bonus, bonus_had, category, message``. `bonus_had` is given for
        rows with a bonus: what the submission had when it was last read, for `apply` right before it is paid; empty if
        it had none.
        """
        currency, had = self._client.currency, self._check.had
        rows = [
            {
                **vars(act),
                "bonus": "" if act.bonus is None else str(act.bonus),
                "bonus_had": had[act.submission_id].words(currency) if act.submission_id in had else "",
            }
            for act in self._acts
        ]
        return pd.DataFrame(rows, columns=list(_COLUMNS))

    def _report(self, finding: Finding) -> None:
        """Add what was found while applying, and say it."""
        if finding not in self.findings:
            self.findings += [finding]
        warnings.warn(str(finding), stacklevel=5)

    @property
    def total(self) -> Money:
        """The cost of the bonuses with fees and VAT: an estimate, then Prolific's figure once the files exist."""
        return self._total

    def bonuses(self, again: str = "") -> Money:
        """The bonuses that ``apply(again=again)`` has still to pay, without fees and VAT."""
        return self._money(line.minor for line in self._pending(again))

    def cost(self, again: str = "") -> Money:
        """The cost of these bonuses with fees and VAT, estimated by Prolific's calculator."""
        return self._payments.files.estimate(self._pending(again))

    def _lines(self, again: str) -> list[Line]:
        paid = [act for act in self._acts if act.bonus is not None]
        return [Line(act.submission_id, act.bonus.minor, act.on_top, again) for act in paid if act.bonus]

    def _pending(self, again: str) -> list[Line]:
        known = self._payments.paid()
        return [line for line in self._lines(again) if line not in known]

    @property
    def _lock(self) -> str:
        return lock_name(self._client, self._study_id)

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
            The reason for paying the same bonuses a second time. It covers bonuses that the proposal or an error has
            named, not those that were paid elsewhere since.

        Warns
        -----
        UserWarning
            A submission was rejected, returned or timed out since the proposal was made: it gets no bonus. Or it got
            another bonus elsewhere since, to which this one is added.

        Raises
        ------
        SpendError
            Without `max_cost` on LIVE, above `max_cost`, or above the balance; no bonus was paid. Or submissions have
            the same bonus already, and this ledger did not pay it: nothing was sent, unless it appeared meanwhile. Or
            the server reports other amounts than were asked for: nothing was paid.
        ReviewError
            The status of a submission has changed. Nothing was sent.
        UnclearPayment
            The response to a payment was lost and the submissions do not show it; see `settle`.
        StepFailed
            Prolific accepted a decision but shows a different status, or an approval did not arrive.
        """
        if not isinstance(again, str):
            raise SpendError(f"again={again!r} is not a string, so nothing was sent. Pass the reason in words.")
        with (
            changing(self._study_id),
            self._ledger.hold(f"applying a review of study {self._study_id}", self._lock),
        ):
            self._resolve(again)
            decisions = ApprovalExecutor(self._client, self._ledger, self._key, self._study_id, self._acts, again)
            decisions.refuse_impossible()
            pending, _ = self._check.payable(self._pending(again), "Nothing was sent.")
            self._allow(pending, self._payments.files.estimate(pending), max_cost)
            decisions.carry_out()
            self._pay(pending, max_cost)
        return self

    def _resolve(self, again: str) -> None:
        """Find out about unclear payments; raises if one of them has reached a submission that would get a bonus."""
        # Without bonuses, unclear payments do not matter.
        resolved = self._payments.resolve() if self._lines(again) else []
        late = {line.submission_id for line in resolved} & {line.submission_id for line in self._pending(again)}
        if late:
            raise SpendError(
                f"A bonus with an unclear payment has reached {', '.join(sorted(late))} after all. Nothing "
                "was paid now. Make a new proposal with the bonuses still to be paid."
            )

    def _pay(self, pending: list[Line], max_cost: str | Money | None) -> None:
        files = self._payments.files.make(pending)
        if files:
            self._total, self._exact = self._money(file.total for file in files), True
            self._allow(pending, self._total, max_cost)
        paid: list[File] = []
        for file in files:
            current = self._payments.pay(file, lambda lines: self._check.payable(lines, _DONE))
            paid += [current] if current is not None else []
        if files:
            self._total = self._money(file.total for file in paid)

    def _money(self, minor: Iterable[int]) -> Money:
        return Money(sum(minor), self._client.currency)

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
        rows["bonuses"] = f"{counted(len(amounts), 'bonus', 'bonuses')}, {self._money(amounts)} in total"
        if self._paid_before:
            rows["bonuses"] = f"{rows['bonuses']}; {self._paid_before} of them already paid"
        source = "computed by Prolific" if self._exact else "estimated"
        rows["total"] = f"{self.total} to pay for bonuses with fees and VAT ({source})"
        return rows

    def _shown(self) -> pd.DataFrame:
        """The acts without columns that are empty in all of them."""
        acts = self.acts.map(visible)
        return acts.loc[:, (acts != "").any()]

    def __repr__(self) -> str:
        text = [lines(f"{self._client.mode} proposal {self.id}", self._rows())]
        if self._acts:
            text.append(self._shown().to_string(index=False))
        if self.findings:
            text.append(str(self.findings))
        return "\n".join(text)

    def _repr_html_(self) -> str:
        with pd.option_context("display.max_colwidth", None):  # messages must be readable in full before they are sent
            shown = self._shown()
            wide = {name: "26em" for name in shown if name == "message"}  # a narrow column makes a message very long
            table = shown.to_html(index=False, border=0, col_space=wide) if self._acts else ""
        below = f'<div style="max-height:24em;overflow:auto">{table}</div>' if table else ""
        if self.findings:
            below += self.findings._repr_html_()
        return card(self._client.mode, f"proposal {self.id}", self._rows(), below)
