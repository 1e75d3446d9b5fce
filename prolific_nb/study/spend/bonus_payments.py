"""Paying bonuses: files are paid once, and payments are verified on the submissions if a response is lost.

Prolific pays a bonus file as often as it is requested. Each payment is therefore recorded before its request, with the
bonuses that its submissions had by then, read right before. It is not requested again unless a user states that it was
not paid.
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from threading import Event

from ...api import Client
from ...common.money import Money
from ...errors import ApiError, NotFound, SpendError, TooManyRequests, UnclearPayment
from ..idempotent import UNCERTAIN_OUTCOME
from ..ledger import Ledger, Step
from ..monitor.submissions_table import Shown, shown_of
from .bonus_files import BonusFiles, File, Line

_TRIES = 4
_PAY = "pay "
Look = Callable[[Sequence[Line]], tuple[Sequence[Line], Mapping[str, Shown]]]
"""Reads the submissions of some lines right before they are paid: the lines to pay, and what the server shows."""


@dataclass(frozen=True)
class _Payment:
    """A requested payment as recorded in the ledger; `before` holds its submissions' bonuses before the request."""

    ident: str
    lines: tuple[Line, ...]
    before: Mapping[str, list[int]]

    @classmethod
    def read(cls, step: Step) -> _Payment:
        """The payment of a step; any exception of Python if its record is not one."""
        note = json.loads(step.note)
        lines, before = tuple(Line(*line) for line in note["lines"]), note["before"]
        given = [value for line in lines for value in (line.submission_id, line.again)]
        figures = [line.minor for line in lines] + [amount for amounts in before.values() for amount in amounts]
        figures += [line.on_top for line in lines if line.on_top is not None]
        if not lines or not all(isinstance(value, str) for value in given) or not all(map(_is_amount, figures)):
            raise ValueError("its lines are not bonuses")
        return cls(step.name.removeprefix(_PAY), lines, before)

    @property
    def step(self) -> str:
        return f"{_PAY}{self.ident}"

    @property
    def note(self) -> str:
        return json.dumps({"lines": [astuple(line) for line in self.lines], "before": dict(self.before)})

    def visible(self, now: Mapping[str, Shown]) -> list[Line]:
        """The lines whose payment is visible on the submission."""
        return [line for line in self.lines if _is_paid(self.before.get(line.submission_id, []), now, line)]


def _is_amount(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_paid(before: Sequence[int], now: Mapping[str, Shown], line: Line) -> bool:
    """Whether a bonus of this amount was added, as a separate payment or as part of a sum."""
    new = bonuses_in(now, line.submission_id)
    grown = sum(new) - sum(before)
    for amount in before:
        if amount in new:
            new.remove(amount)
    return line.minor in new or grown == line.minor


def bonuses_in(now: Mapping[str, Shown], submission_id: str) -> list[int]:
    """The bonuses of a submission as the server shows them; none if it shows nothing."""
    shown = now.get(submission_id)
    return list(shown.bonuses or ()) if shown is not None else []


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
        self.files = BonusFiles(client, ledger, key, study_id)

    # --- recorded payments ------------------------------------------------------------------------------------------

    def paid(self) -> set[Line]:
        """All lines that were paid."""
        return {line for step in self._steps("done") for line in self._read(step).lines}

    def open(self) -> list[Line]:
        """All lines for which it is unknown whether they were paid."""
        return [line for step in self._steps("intended") for line in self._read(step).lines]

    def own(self) -> dict[str, tuple[int, ...]]:
        """The amounts of this ledger's payments by submission, unclear ones included."""
        found: dict[str, list[int]] = {}
        for step in (*self._steps("done"), *self._steps("intended")):
            for line in self._read(step).lines:
                found.setdefault(line.submission_id, []).append(line.minor)
        return {each: tuple(amounts) for each, amounts in found.items()}

    def _steps(self, state: str) -> list[Step]:
        steps = self._ledger.steps(self._key)
        return [step for name, step in steps.items() if name.startswith(_PAY) and step.state == state]

    def _read(self, step: Step) -> _Payment:
        try:
            return _Payment.read(step)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as failure:
            reason = f"the payment of bonus file {step.name.removeprefix(_PAY)} is recorded unreadably: {failure!r}"
        raise self._ledger.damaged(reason)

    # --- paying -------------------------------------------------------------------------------------------------

    def pay(self, file: File, look: Look) -> File | None:
        """Pay a file once.

        Parameters
        ----------
        file : File
        look : callable
            Reads the submissions right before each request; lines that it leaves out are not paid.

        Returns
        -------
        File or None
            The one that was paid: another one if lines were left out, None if all were.

        Raises
        ------
        UnclearPayment
            The response was lost and the submissions do not show the payment.
        ApiError
            Prolific refused; nothing was paid.
        """
        for attempt in range(1, _TRIES + 1):
            current, now = self._current(file, look)
            if current is None:
                return None
            ids = [line.submission_id for line in current.lines]
            payment = _Payment(current.ident, current.lines, {each: bonuses_in(now, each) for each in ids})
            self._ledger.intend(self._key, payment.step, payment.note)
            try:
                accepted = self._send(payment)
            except NotFound:  # the file is gone, or its ID was garbled: the next call creates another
                self.files.forget(current.lines)
                raise
            except TooManyRequests as busy:
                if attempt == _TRIES:
                    raise
                self._client.backoff(attempt, busy.retry_after)  # much may change meanwhile: it is all read again
                continue
            self._conclude(payment, accepted)
            return current
        raise AssertionError("every try returns or raises")

    def _current(self, file: File, look: Look) -> tuple[File | None, Mapping[str, Shown]]:
        """A file of the lines that are still to be paid, and what their submissions show after it was made."""
        while True:
            lines, now = look(file.lines)
            if not lines:
                return None, now
            if tuple(lines) == file.lines:
                return file, now
            [made] = self.files.make(lines)
            if made.total > file.total:
                raise SpendError(
                    f"Bonus file {made.ident} has fewer lines than file {file.ident}, but Prolific reports "
                    f"{Money(made.total).major} for it instead of {Money(file.total).major}. It was not paid."
                )
            file = made

    def _send(self, payment: _Payment) -> bool:
        """Whether Prolific accepted the payment; False if its response was lost."""
        try:
            self._client.bonuses.pay(payment.ident)
        except UNCERTAIN_OUTCOME:
            return False
        except ApiError as failure:
            if not _was_refused(failure):
                return False
            self._ledger.withdraw(self._key, payment.step)
            raise
        return True

    def _conclude(self, payment: _Payment, accepted: bool) -> None:
        if not accepted:
            self._resolve(payment)
            return
        self._ledger.done(self._key, payment.step, payment.ident)
        if len(self._wait_until_visible(payment)) < len(payment.lines):
            warnings.warn(
                f"Prolific accepted the payment of bonus file {payment.ident}, but its submissions do not show it yet. "
                "Wait until run.submissions() shows it before proposing more bonuses.",
                stacklevel=5,
            )

    def _wait_until_visible(self, payment: _Payment, sent: float | None = None) -> list[Line]:
        """The lines whose payment is visible, once all are or the grace period is over.

        Parameters
        ----------
        sent : float, optional
            When the payment was requested, in seconds since 1970; by default now.
        """
        # The wall clock only shortens the wait, within the grace period: clocks jump, and other machines' differ.
        grace = self._client.pace.grace
        left = grace if sent is None else min(max(sent + grace - time.time(), 0.0), grace)
        end, visible = time.monotonic() + left, self._visible(payment)
        while len(visible) < len(payment.lines) and time.monotonic() < end:
            Event().wait(self._client.pace.job)
            visible = self._visible(payment)
        return visible

    def _visible(self, payment: _Payment) -> list[Line]:
        ids = [line.submission_id for line in payment.lines]
        try:
            return payment.visible(shown_of(self._client, self._study_id, ids))
        except SpendError:  # figures that cannot be true show no payment
            return []

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
            payment = self._read(step)
            self._resolve(payment, step.at)
            found += payment.lines
        return found

    def _resolve(self, payment: _Payment, sent: float | None = None) -> None:
        visible = self._wait_until_visible(payment, sent)
        if len(visible) < len(payment.lines):
            amounts = {line: str(Money(line.minor, self._client.currency)) for line in payment.lines}
            raise UnclearPayment(
                payment.ident,
                {line.submission_id: amount for line, amount in amounts.items() if line not in visible},
                {line.submission_id: amounts[line] for line in visible},
            )
        self._ledger.done(self._key, payment.step, payment.ident)

    def settle(self, paid: bool) -> None:
        """Record the user's answer for unclear lines; lines whose submissions show the payment count as paid anyway."""
        for step in self._steps("intended"):
            payment = self._read(step)
            settled = payment.lines if paid else tuple(self._visible(payment))
            if settled:
                self._ledger.intend(self._key, step.name, replace(payment, lines=settled).note)
                self._ledger.done(self._key, step.name, payment.ident)
            else:
                self._ledger.withdraw(self._key, step.name)


def _was_refused(failure: ApiError) -> bool:
    """Whether the server certainly did not act; 408 is a gateway's timeout, after which it may have."""
    return 400 <= failure.status < 500 and failure.status != 408
