"""The bonuses of a proposal, compared with what the server shows of their submissions right before they are paid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from ...api import Client
from ...common.findings import Finding
from ...errors import SpendError
from ..monitor.status import PAID
from ..monitor.submissions_table import Shown, shown_of
from ..spend.bonus_files import Line
from ..spend.bonus_payments import Payments, bonuses_in
from ..spend.bonus_record import ELSEWHERE, Had, amounts
from .actions import ReviewAction

_OPEN = (*PAID, "RESERVED", "ACTIVE")  # a submission in another state may have lost its claim to a bonus
_INSIST = 'proposal.apply(..., again="reason")'


class BonusCheck:
    """Decides which bonuses of a proposal may still be paid.

    Parameters
    ----------
    client : Client
    study_id : str
    payments : Payments
        Those of this ledger.
    acts : sequence of ReviewAction
    report : callable
        Called with each finding that the proposal did not show.

    Attributes
    ----------
    had : dict of str to Had
        By submission: the bonuses that it had when it was last read.
    """

    def __init__(
        self,
        client: Client,
        study_id: str,
        payments: Payments,
        acts: Sequence[ReviewAction],
        report: Callable[[Finding], None],
    ) -> None:
        self._client, self._study_id, self._payments, self._report = client, study_id, payments, report
        self._acts = {act.submission_id: act for act in acts if act.bonus is not None}
        own = payments.own()
        self.had = {each: Had(act.had, own.get(each, ())) for each, act in self._acts.items()}
        self._named = dict(self.had)  # what the user was told of, and `again` is about

    def findings(self) -> Iterator[Finding]:
        """What a user should know about the bonuses that this ledger did not pay."""
        for each, act in self._acts.items():
            finding = self._finding(act, self.had[each])
            if finding is not None:
                yield finding

    def payable(self, lines: Sequence[Line], stands: str) -> tuple[list[Line], Mapping[str, Shown]]:
        """The lines that may be paid now, and what the server shows of their submissions.

        Parameters
        ----------
        lines : sequence of Line
        stands : str
            What was done so far, for the error: ``"Nothing was sent."``

        Raises
        ------
        SpendError
            A submission has this bonus already, and this ledger did not pay it; or it got another one after
            `bonus_to` computed this one.
        """
        now = shown_of(self._client, self._study_id, [line.submission_id for line in lines]) if lines else {}
        kept = [line for line in lines if self._may_have(line, now.get(line.submission_id))]
        self._refuse_stale(kept, now, stands)
        own = self._payments.own()
        read = {line: Had(now[line.submission_id].bonuses, own.get(line.submission_id, ())) for line in kept}
        self._refuse_repeated(read, stands)
        for line, had in read.items():
            act, before = self._acts[line.submission_id], self.had[line.submission_id]
            self.had[line.submission_id] = had
            finding = self._finding(act, had)
            if finding is not None and Counter(before.elsewhere) != Counter(had.elsewhere):
                self._report(finding)
        return kept, now

    def _may_have(self, line: Line, shown: Shown | None) -> bool:
        act = self._acts[line.submission_id]
        status = "missing from the study" if shown is None else shown.status
        if shown is not None and (status in _OPEN or status == act.status):
            return True
        if shown is not None and status == "REJECTED" and act.action == "reject":
            return True
        what = f"It is {status} now and was {act.status} when this was proposed, so it gets no bonus of {act.bonus}."
        remedy = "To pay it all the same, propose it again: the new proposal starts from the present state."
        self._report(Finding("warning", what, remedy, place=f"submission {line.submission_id}"))
        return False

    def _refuse_stale(self, lines: Sequence[Line], now: Mapping[str, Shown], stands: str) -> None:
        """Refuse lines that were computed before another bonus was paid."""
        counted = {line.submission_id: line.on_top for line in lines if line.on_top is not None}
        changed = [each for each, on_top in counted.items() if sum(bonuses_in(now, each)) != on_top]
        if changed:
            raise SpendError(
                f"The bonuses of {', '.join(changed)} have changed since this proposal was made. {stands} "
                "Call run.bonus_to(...) again and check the new proposal."
            )
        own = self._payments.own()
        unseen = [each for each in counted if sum(own.get(each, ())) > sum(bonuses_in(now, each))]
        if unseen:
            raise SpendError(
                f"This ledger paid bonuses to {', '.join(unseen)} that Prolific does not show yet, so this proposal "
                f"was computed without them. {stands} Wait until run.submissions() shows them, then call "
                "run.bonus_to(...) again."
            )

    def _refuse_repeated(self, read: Mapping[Line, Had], stands: str) -> None:
        named = []
        for line, had in read.items():
            reason = self._reason(line, had)
            if reason and not (line.again and self._is_named(line, had)):
                named.append(f"\n- submission {line.submission_id}: {reason}")
                self.had[line.submission_id] = self._named[line.submission_id] = had
        if named:
            raise SpendError(
                f"These submissions may have their bonus already: this ledger did not pay it, but it may have been "
                f"paid {ELSEWHERE}.{''.join(named)}\n{stands} Leave these rows out of the frame and review again. To "
                f"pay them once more on purpose: {_INSIST}."
            )

    def _is_named(self, line: Line, had: Had) -> bool:
        """Whether the user knows of these bonuses; `again` does not cover those that were paid since."""
        named = self._named[line.submission_id]
        return (named.shown is None) == (had.shown is None) and Counter(named.elsewhere) == Counter(had.elsewhere)

    def _reason(self, line: Line, had: Had) -> str:
        """Why a line may be a second payment; empty if it is none."""
        proposed = self._acts[line.submission_id].bonus
        if had.shown is None:
            return f"Prolific does not report its bonuses, so {proposed} may be a second payment"
        if line.on_top is None and had.repeats(line.minor):
            return f"it has {had.words(self._client.currency)}{self._share(had)}; proposed is {proposed}"
        return ""

    def _share(self, had: Had) -> str:
        return f", of which this ledger paid {amounts(had.own, self._client.currency)}" if had.own else ""

    def _finding(self, act: ReviewAction, had: Had) -> Finding | None:
        place, shown = f"submission {act.submission_id}", had.words(self._client.currency)
        if had.shown is None:
            what = "Prolific does not report the bonuses of this submission."
            return Finding("warning", what, f"apply() refuses to pay more. To insist: {_INSIST}.", place=place)
        if not had.elsewhere or act.bonus is None:
            return None
        what = f"It has {shown} as bonuses already{self._share(had)}; the rest was paid {ELSEWHERE}."
        if not had.own:
            what = f"It has {shown} as bonuses already, paid {ELSEWHERE}."
        if act.on_top is not None:
            return Finding("note", what, f"{act.bonus} was computed with them and comes on top.", place=place)
        if had.repeats(act.bonus.minor):
            remedy = f"apply() refuses to pay {act.bonus} once more: leave the row out, or insist with {_INSIST}."
            if act.bonus.minor in had.own:
                remedy = f"This ledger paid {act.bonus} before, and does not pay it again."
            return Finding("warning", what, remedy, place=place)
        return Finding("warning", what, f"{act.bonus} would be paid on top of them.", place=place)
