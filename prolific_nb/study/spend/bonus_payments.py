"""Bonuses on their way: made into files, paid once, and looked for on the submissions where an answer was lost.

Prolific pays a file as often as it is asked to. So every payment is written down before it is asked for, with the
bonuses that its submissions had; it is never asked for a second time unless a person has said that it was not made.
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from hashlib import sha256
from threading import Event
from typing import Any, TypeVar

from ...api import Client
from ...api.bonuses import MOST_LINES
from ...common.money import Money
from ...errors import ApiError, SpendError, TooManyRequests, UnclearPayment
from ..idempotent import UNCERTAIN_OUTCOME
from ..ledger import Ledger, Step
from ..monitor.submissions_table import bonuses_of

_TRIES = 4
_PAY = "pay "
T = TypeVar("T")


@dataclass(frozen=True)
class Line:
    """One bonus of one submission. A line that was paid is not paid again; `again` makes it another one.

    Parameters
    ----------
    submission_id : str
    minor : int
        Minor units, without fees.
    on_top : int or None
        The bonuses, in minor units, that this one was computed to come on top of.
    again : str
        The reason for paying the same once more.

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
    """A bonus file on the server: its id, what paying it costs with fees and VAT in minor units, and its lines."""

    ident: str
    total: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class _Payment:
    """A file that was asked to be paid, as the ledger has it; `before` are its submissions' bonuses until then."""

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

    def told(self, now: Mapping[str, list[int]]) -> list[Line]:
        """The lines whose submissions show the payment."""
        return [line for line in self.lines if _grew(self.before.get(line.submission_id, []), now, line)]


def _grew(before: Sequence[int], now: Mapping[str, list[int]], line: Line) -> bool:
    """Whether a bonus of this amount was added, as one more payment or to a sum of them."""
    new = list(now.get(line.submission_id, []))
    grown = sum(new) - sum(before)
    for amount in before:
        if amount in new:
            new.remove(amount)
    return line.minor in new or grown == line.minor


def retry_when_busy(client: Client, send: Callable[[], T]) -> T:
    """Send what does no harm twice, again and again until there is an answer, or four tries have failed."""
    for attempt in range(1, _TRIES):
        try:
            return send()
        except (TooManyRequests, *UNCERTAIN_OUTCOME) as failure:
            asked_for = getattr(failure, "retry_after", None)
        client.backoff(attempt, asked_for)
    return send()


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

    # --- what is known ------------------------------------------------------------------------------------------

    def paid(self) -> set[Line]:
        """Every line that was paid."""
        return {line for step in self._steps("done") for line in _Payment.read(step).lines}

    def open(self) -> list[Line]:
        """Every line of which nobody knows yet whether it was paid."""
        return [line for step in self._steps("intended") for line in _Payment.read(step).lines]

    def _steps(self, state: str) -> list[Step]:
        steps = self._ledger.steps(self._key)
        return [step for name, step in steps.items() if name.startswith(_PAY) and step.state == state]

    def _money(self, minor: int) -> Money:
        return Money(minor, self._client.currency)

    # --- what it costs ------------------------------------------------------------------------------------------

    def estimate(self, lines: Sequence[Line]) -> Money:
        """What paying would cost by Prolific's calculator, which is meant for rewards; files tell it exactly."""
        sums = [sum(line.minor for line in part) for part in _parts(lines)]
        return self._money(sum(self._client.studies.total_cost(amount, 1) for amount in sums))

    def make(self, lines: Sequence[Line]) -> list[File]:
        """Bonus files on the server, which cost nothing until they are paid; those that were made before are taken."""
        return [self._make(tuple(part)) for part in _parts(lines)]

    def _make(self, lines: tuple[Line, ...]) -> File:
        step = f"bonus {stable_hash([astuple(line) for line in lines])}"
        known = self._ledger.step(self._key, step)
        if known is not None and known.state == "done":
            return File(known.ident, int(known.note), lines)
        csv = "".join(f"{line.submission_id},{self._money(line.minor).major}\n" for line in lines)
        self._ledger.intend(self._key, step)
        made = retry_when_busy(self._client, lambda: self._client.bonuses.create(self._study_id, csv))
        self._ledger.intend(self._key, step, note=str(round(made.total_amount)))
        self._ledger.done(self._key, step, made.id)
        return File(made.id, round(made.total_amount), lines)

    def refuse_stale(self, lines: Sequence[Line]) -> None:
        """Refuse lines that were computed before another bonus came."""
        counted = {line.submission_id: line.on_top for line in lines if line.on_top is not None}
        now = bonuses_of(self._client, self._study_id, counted) if counted else {}
        changed = [ident for ident, bonuses in now.items() if sum(bonuses) != counted[ident]]
        if changed:
            raise SpendError(
                f"The bonuses of {', '.join(changed)} have changed since this was computed. Nothing was paid; call "
                "run.bonus_to(...) once more and look at what it proposes now."
            )

    # --- paying -------------------------------------------------------------------------------------------------

    def pay(self, file: File) -> None:
        """Pay a file, once.

        Raises
        ------
        UnclearPayment
            The answer was lost, and the submissions do not show the payment.
        ApiError
            Prolific refused; nothing was paid.
        """
        ids = [line.submission_id for line in file.lines]
        payment = _Payment(file.ident, file.lines, bonuses_of(self._client, self._study_id, ids))
        self._ledger.intend(self._key, payment.step, payment.note)
        if not self._send(payment):
            self._resolve(payment, time.time())
            return
        self._ledger.done(self._key, payment.step, payment.ident)
        if len(self._look(payment, time.time())) < len(payment.lines):
            warnings.warn(
                f"Prolific accepted to pay bonus file {payment.ident}, and does not show it on the submissions yet. "
                "Wait until it does before you propose more bonuses.",
                stacklevel=4,
            )

    def _send(self, payment: _Payment) -> bool:
        """Whether Prolific said that it pays; False where its answer was lost."""
        for attempt in range(1, _TRIES + 1):
            try:
                self._client.bonuses.pay(payment.ident)
            except TooManyRequests as busy:
                if attempt == _TRIES:
                    self._ledger.withdraw(self._key, payment.step)
                    raise
                asked_for = busy.retry_after
            except UNCERTAIN_OUTCOME:
                return False
            except ApiError as failure:
                if not _refused(failure):
                    return False
                self._ledger.withdraw(self._key, payment.step)
                raise
            else:
                return True
            self._client.backoff(attempt, asked_for)
        raise AssertionError("every try returns or raises")

    def _look(self, payment: _Payment, sent: float) -> list[Line]:
        """The lines that show their payment, once all do or the time is over in which they should."""
        end, told = sent + self._client.pace.grace, self._see(payment)
        while len(told) < len(payment.lines) and time.time() < end:
            Event().wait(self._client.pace.job)
            told = self._see(payment)
        return told

    def _see(self, payment: _Payment) -> list[Line]:
        ids = [line.submission_id for line in payment.lines]
        return payment.told(bonuses_of(self._client, self._study_id, ids))

    # --- what is unclear ----------------------------------------------------------------------------------------

    def resolve(self) -> list[Line]:
        """Find out about every payment whose answer was lost; returns the lines that turn out to be paid.

        Raises
        ------
        UnclearPayment
            For the first one that the submissions do not tell of.
        """
        found: list[Line] = []
        for step in self._steps("intended"):
            payment = _Payment.read(step)
            self._resolve(payment, step.at)
            found += payment.lines
        return found

    def _resolve(self, payment: _Payment, sent: float) -> None:
        told = self._look(payment, sent)
        if len(told) < len(payment.lines):
            amounts = {line: str(self._money(line.minor)) for line in payment.lines}
            raise UnclearPayment(
                payment.ident,
                {line.submission_id: amount for line, amount in amounts.items() if line not in told},
                {line.submission_id: amounts[line] for line in told},
            )
        self._ledger.done(self._key, payment.step, payment.ident)

    def settle(self, paid: bool) -> None:
        """Take a person's word for the lines of lost payments that no submission shows; shown ones are paid anyway."""
        for step in self._steps("intended"):
            payment = _Payment.read(step)
            kept = payment.lines if paid else tuple(self._see(payment))
            if kept:
                self._ledger.intend(self._key, step.name, _Payment(payment.ident, kept, payment.before).note)
                self._ledger.done(self._key, step.name, payment.ident)
            else:
                self._ledger.withdraw(self._key, step.name)


def _refused(failure: ApiError) -> bool:
    """Whether the server has certainly not acted; 408 is a gateway's way to say that it lost patience."""
    return 400 <= failure.status < 500 and failure.status != 408


def _parts(lines: Sequence[Line]) -> Iterable[Sequence[Line]]:
    return (lines[start : start + MOST_LINES] for start in range(0, len(lines), MOST_LINES))


def stable_hash(value: Any) -> str:
    """12 hex digits of a JSON value."""
    return sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:12]
