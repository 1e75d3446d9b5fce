"""Paying bonuses: files are created, paid once, and verified on the submissions if a response is lost.

Prolific pays a bonus file as often as it is requested. Each payment is therefore recorded before its request, with the
bonuses that its submissions had by then. It is not requested again unless a user states that it was not paid.
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from threading import Event

from ...api import Client
from ...api.bonuses import MOST_LINES
from ...common.money import Money
from ...errors import ApiError, NotFound, SpendError, TooManyRequests, UnclearPayment
from ..idempotent import UNCERTAIN_OUTCOME, retry_until_answered, stable_hash
from ..ledger import Ledger, Step
from ..monitor.submissions_table import bonuses_of

_TRIES = 4
_PAY = "pay "


@dataclass(frozen=True)
class Line:
    """One bonus for one submission. A line is paid once; another `again` makes it a different line.

    Parameters
    ----------
    submission_id : str
    minor : int
        Minor units, without fees.
    on_top : int or None
        The bonuses paid so far, in minor units, that this one was computed to add to.
    again : str
        The reason for paying the same amount once more.

    Examples
    --------
    >>> Line("5d0c", 50) == Line("5d0c", 50), Line("5d0c", 50) == Line("5d0c", 50, again="For the interview")
    (True, False)
    """

    submission_id: str
    minor: int
    on_top: int | None = None
    again: str = ""


@dataclass(frozen=True)
class File:
    """A bonus file on the server: its ID, its cost with fees and VAT in minor units, and its lines."""

    ident: str
    total: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class _Payment:
    """A requested payment as recorded in the ledger; `before` holds its submissions' bonuses before the request."""

    ident: str
    lines: tuple[Line, ...]
    before: Mapping[str, list[int]]

    @classmethod
    def read(cls, step: Step) -> _Payment:
        note = json.loads(step.note)
        return cls(step.name.removeprefix(_PAY), tuple(Line(*line) for line in note["lines"]), note["before"])

    @property
    def step(self) -> str:
        return f"{_PAY}{self.ident}"

    @property
    def note(self) -> str:
        return json.dumps({"lines": [astuple(line) for line in self.lines], "before": dict(self.before)})

    def shown(self, now: Mapping[str, list[int]]) -> list[Line]:
        """The lines whose payment is visible on the submission."""
        return [line for line in self.lines if _is_paid(self.before.get(line.submission_id, []), now, line)]


def _is_paid(before: Sequence[int], now: Mapping[str, list[int]], line: Line) -> bool:
    """Whether a bonus of this amount was added, as a separate payment or as part of a sum."""
    new = list(now.get(line.submission_id, []))
    grown = sum(new) - sum(before)
    for amount in before:
        if amount in new:
            new.remove(amount)
    return line.minor in new or grown == line.minor


def _file_step(lines: Sequence[Line]) -> str:
    """The name in the ledger of the file with these lines."""
    return f"bonus {stable_hash([astuple(line) for line in lines])}"


class Payments:
    """The bonuses of one run.

    Parameters
    ----------
    client : Client
    ledger : Ledger
        Held by the caller of everything that writes.
    key : str
        The run.
    study_id : str
    """

    def __init__(self, client: Client, ledger: Ledger, key: str, study_id: str) -> None:
        self._client, self._ledger, self._key, self._study_id = client, ledger, key, study_id

    # --- recorded payments ------------------------------------------------------------------------------------------

    def paid(self) -> set[Line]:
        """All lines that were paid."""
        return {line for step in self._steps("done") for line in _Payment.read(step).lines}

    def open(self) -> list[Line]:
        """All lines for which it is unknown whether they were paid."""
        return [line for step in self._steps("intended") for line in _Payment.read(step).lines]

    def _steps(self, state: str) -> list[Step]:
        steps = self._ledger.steps(self._key)
        return [step for name, step in steps.items() if name.startswith(_PAY) and step.state == state]

    def _money(self, minor: int) -> Money:
        return Money(minor, self._client.currency)

    # --- cost ------------------------------------------------------------------------------------------

    def estimate(self, lines: Sequence[Line]) -> Money:
        """Estimated cost from Prolific's calculator for rewards; bonus files state the exact cost."""
        sums = [sum(line.minor for line in part) for part in _parts(lines)]
        return self._money(sum(self._client.studies.total_cost(amount, 1) for amount in sums))

    def make(self, lines: Sequence[Line]) -> list[File]:
        """Create bonus files on the server, or reuse existing ones; a file costs nothing until it is paid."""
        return [self._make(tuple(part)) for part in _parts(lines)]

    def _make(self, lines: tuple[Line, ...]) -> File:
        step = _file_step(lines)
        known = self._ledger.step(self._key, step)
        if known is not None and known.state == "done":
            return File(known.ident, int(known.note), lines)
        csv = "".join(f"{line.submission_id},{self._money(line.minor).major}\n" for line in lines)
        self._ledger.intend(self._key, step)
        made = retry_until_answered(self._client, lambda: self._client.bonuses.create(self._study_id, csv))
        self._ledger.intend(self._key, step, note=str(round(made.total_amount)))
        self._ledger.done(self._key, step, made.id)
        return File(made.id, round(made.total_amount), lines)

    def refuse_stale(self, lines: Sequence[Line]) -> None:
        """Refuse lines that were computed before another bonus was paid."""
        counted = {line.submission_id: line.on_top for line in lines if line.on_top is not None}
        now = bonuses_of(self._client, self._study_id, counted) if counted else {}
        changed = [each for each, bonuses in now.items() if sum(bonuses) != counted[each]]
        if changed:
            raise SpendError(
                f"The bonuses of {', '.join(changed)} have changed since this proposal was made. Nothing was paid. "
                "Call run.bonus_to(...) again and check the new proposal."
            )

    # --- paying -------------------------------------------------------------------------------------------------

    def pay(self, file: File) -> None:
        """Pay a file once.

        Raises
        ------
        UnclearPayment
            The response was lost and the submissions do not show the payment.
        ApiError
            Prolific refused; nothing was paid.
        """
        ids = [line.submission_id for line in file.lines]
        payment = _Payment(file.ident, file.lines, bonuses_of(self._client, self._study_id, ids))
        self._ledger.intend(self._key, payment.step, payment.note)
        try:
            accepted = self._send(payment)
        except NotFound:  # the file is gone, or its ID was garbled: the next call creates another
            self._ledger.withdraw(self._key, _file_step(file.lines))
            raise
        if not accepted:
            self._resolve(payment, time.time())
            return
        self._ledger.done(self._key, payment.step, payment.ident)
        if len(self._wait_until_shown(payment, time.time())) < len(payment.lines):
            warnings.warn(
                f"Prolific accepted the payment of bonus file {payment.ident}, but its submissions do not show it yet. "
                "Wait until run.submissions() shows it before proposing more bonuses.",
                stacklevel=4,
            )

    def _send(self, payment: _Payment) -> bool:
        """Whether Prolific accepted the payment; False if its response was lost."""
        for attempt in range(1, _TRIES + 1):
            try:
                self._client.bonuses.pay(payment.ident)
            except TooManyRequests as busy:
                if attempt == _TRIES:
                    self._ledger.withdraw(self._key, payment.step)
                    raise
                retry_after = busy.retry_after
            except UNCERTAIN_OUTCOME:
                return False
            except ApiError as failure:
                if not _was_refused(failure):
                    return False
                self._ledger.withdraw(self._key, payment.step)
                raise
            else:
                return True
            self._client.backoff(attempt, retry_after)
        raise AssertionError("every try returns or raises")

    def _wait_until_shown(self, payment: _Payment, sent: float) -> list[Line]:
        """The lines whose payment is visible, once all are or the grace period is over."""
        end, shown = sent + self._client.pace.grace, self._shown(payment)
        while len(shown) < len(payment.lines) and time.time() < end:
            Event().wait(self._client.pace.job)
            shown = self._shown(payment)
        return shown

    def _shown(self, payment: _Payment) -> list[Line]:
        ids = [line.submission_id for line in payment.lines]
        return payment.shown(bonuses_of(self._client, self._study_id, ids))

    # --- unclear payments ----------------------------------------------------------------------------------------

    def resolve(self) -> list[Line]:
        """Check every payment whose response was lost; returns the lines that were paid after all.

        Raises
        ------
        UnclearPayment
            For the first payment that its submissions do not show.
        """
        found: list[Line] = []
        for step in self._steps("intended"):
            payment = _Payment.read(step)
            self._resolve(payment, step.at)
            found += payment.lines
        return found

    def _resolve(self, payment: _Payment, sent: float) -> None:
        shown = self._wait_until_shown(payment, sent)
        if len(shown) < len(payment.lines):
            amounts = {line: str(self._money(line.minor)) for line in payment.lines}
            raise UnclearPayment(
                payment.ident,
                {line.submission_id: amount for line, amount in amounts.items() if line not in shown},
                {line.submission_id: amounts[line] for line in shown},
            )
        self._ledger.done(self._key, payment.step, payment.ident)

    def settle(self, paid: bool) -> None:
        """Record the user's answer for unclear lines; lines whose submissions show the payment count as paid anyway."""
        for step in self._steps("intended"):
            payment = _Payment.read(step)
            settled = payment.lines if paid else tuple(self._shown(payment))
            if settled:
                self._ledger.intend(self._key, step.name, _Payment(payment.ident, settled, payment.before).note)
                self._ledger.done(self._key, step.name, payment.ident)
            else:
                self._ledger.withdraw(self._key, step.name)


def _was_refused(failure: ApiError) -> bool:
    """Whether the server certainly did not act; 408 is a gateway's timeout, after which it may have."""
    return 400 <= failure.status < 500 and failure.status != 408


def _parts(lines: Sequence[Line]) -> Iterable[Sequence[Line]]:
    return (lines[start : start + MOST_LINES] for start in range(0, len(lines), MOST_LINES))
