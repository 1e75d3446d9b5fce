"""Collecting until the interval is narrow enough: publish within the cap, look, pause, and go on after a restart.

What a pause was for is noted in the ledger before it is asked for, so that the same cell, run again in another kernel,
neither lets people into a study that is precise nor leaves one waiting that is not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Any

from ...analysis import Precision
from ...analysis.precision import reached
from ...api import Client
from ...api.polling import wait_until
from ...common.display import notify
from ...common.money import Money
from ...common.progress import OnProgress, Progress
from ...errors import LedgerError, ProlificError, SpendError, StepFailed
from ...study import StudyPlan
from ...study.idempotent import IdempotentSteps, retry_until_answered, transition_study
from ...study.ledger import Ledger
from ...study.monitor.status import DRAFT, ENDED, RUNNING, SCHEDULED, Status, StatusReader
from ...study.monitor.watch import changing
from ...study.spend.allowance import usable_cap, whole_cost
from ...study.spend.publish import cap_is_unchecked, publish
from .collected import Collected, Reason
from .running_answers import PacedAnswers

STEP = "collect"
_PAUSED = "PAUSED"
_TRIES = 20  # of a pause that fails; then it is an error
_LONGEST = 60.0  # seconds between two of them


@dataclass(frozen=True)
class Goal:
    """What a collection is to reach, and how often it looks.

    Parameters
    ----------
    target : float
        Half-width of the interval.
    max_cost : str, Decimal, Money or None
        The highest cost of the whole study.
    every : float or None
        Seconds between two readings of the answers.
    timeout : float or None
        Seconds for the whole wait.
    """

    target: float
    max_cost: Any
    every: float | None
    timeout: float | None


@dataclass(frozen=True)
class _Look:
    """The study at one moment."""

    status: Status
    precision: Precision | None
    over: bool  # its cost is above the cap


class Collection:
    """One call of `run.collect_until`.

    Parameters
    ----------
    client, ledger, key, study_id, plan
        As a `Run` has them.
    answers : PacedAnswers
    goal : Goal
    report : callable
        Called with the progress.
    """

    def __init__(
        self,
        client: Client,
        ledger: Ledger,
        key: str,
        study_id: str,
        plan: StudyPlan,
        answers: PacedAnswers,
        goal: Goal,
        report: OnProgress,
    ) -> None:
        self._client, self._ledger, self._key, self._study_id = client, ledger, key, study_id
        self._plan, self._answers, self._goal, self._report = plan, answers, goal, report
        self._reader = StatusReader(client, study_id)
        self._what = f"Study {study_id}"
        self._cap: Money | None = None
        self.cap: Money | None = None
        """What was allowed, once the study is published within it."""
        self._priced: tuple[Any, ...] = ()
        self._over = False
        self._warned: set[str] = set()

    def collect(self) -> Collected:
        """Publish, watch, pause; see `Run.collect_until`."""
        self._cap = usable_cap(self._client, self._goal.max_cost)
        noted = self._ledger.step(self._key, STEP)  # before the state: another notebook may be pausing the study
        state = str(self._client.studies.get(self._study_id).status)
        unchecked = self._cap is not None and cap_is_unchecked(self._ledger, self._key)
        if state in (DRAFT, SCHEDULED) or unchecked:
            with self._saying("may be running", KeyboardInterrupt), changing(self._study_id):
                publish(self._client, self._ledger, self._key, self._study_id, self._goal.max_cost, plan=self._plan)
        if state not in (DRAFT, SCHEDULED):
            self._refuse_cost(state)
            if state == _PAUSED and (end := self._go_on()) is not None:
                return end
        self.cap = self._cap
        if state != _PAUSED and self._ledger.step(self._key, STEP) == noted:
            self._ledger.withdraw(self._key, STEP)  # a note of an earlier pause, which somebody has ended
        return self._end(self._watch())

    @contextmanager
    def _saying(self, goes: str, *kinds: type[BaseException]) -> Iterator[None]:
        """At such a failure, say what the study does on the server."""
        try:
            yield
        except kinds as failure:
            most = f", at most {self._cap} in all" if self._cap is not None else ""
            interrupted = isinstance(failure, KeyboardInterrupt)
            how = "Interrupted" if interrupted else f"Collecting ended ({type(failure).__name__})"
            notify(
                f"{how}. {self._what} {goes} on the server{most}; nobody looks at its precision now, so nothing pauses "
                "it before its places are filled. Run this cell again to go on; run.pause() pauses it, run.stop() ends "
                "it."
            )
            raise

    # --- before ------------------------------------------------------------------------------------------------

    def _refuse_cost(self, state: str) -> None:
        """A published study is within the cap, or nothing is done."""
        cost = whole_cost(self._client, self._study_id)
        if self._cap is None and self._client.mode == "LIVE":
            raise SpendError(
                f"{self._what} costs up to {cost}. To collect within that amount, call "
                f'run.collect_until(..., max_cost="{cost.major}").'
            )
        if self._cap is not None and cost > self._cap and state not in ENDED:
            now = f"It is {state}, and was not changed. " + ("run.pause() pauses it." if state in RUNNING else "")
            raise SpendError(f"{self._what} costs {cost}, above max_cost {self._cap}. {now}".rstrip())

    def _go_on(self) -> Collected | None:
        """Resume a study that was paused here and is to go on; its end if it is precise."""
        note = self._note()
        if note is None:
            raise ProlificError(
                f"{self._what} is paused, but not because its answers were precise: somebody paused it. It stays "
                "paused. To let people take part again, call run.resume(), then run this again."
            )
        if self._says_precise(note) or reached(self._answers.answers.read(), self._goal.target):
            return self._finished("precise")
        with self._saying("may be running", KeyboardInterrupt, Exception):
            with changing(self._study_id):
                transition_study(self._client, self._ledger, self._key, self._study_id, "START")
            self._ledger.withdraw(self._key, STEP)
        return None

    def _says_precise(self, note: dict[str, Any] | None) -> bool:
        """Whether the study was paused because the answers were as precise as they are to be now."""
        if note is None or note["reason"] != "precise" or note["question"] != self._question:
            return False
        return bool(note["target"] <= self._goal.target)

    def _note(self) -> dict[str, Any] | None:
        """Why the study was paused here; also where a kernel died between the request and its answer."""
        step = self._ledger.step(self._key, STEP)
        try:
            note = json.loads(step.note) if step is not None else None
        except ValueError:
            raise self._ledger.damaged(f"the note of step {STEP!r} is not readable") from None
        return note if isinstance(note, dict) and {"reason", "question", "target"} <= note.keys() else None

    @property
    def _question(self) -> str:
        return self._answers.answers.question.question

    # --- meanwhile ---------------------------------------------------------------------------------------------

    def _watch(self) -> _Look:
        every, most = self._client.pace.study, self._goal.timeout
        with self._saying("continues", KeyboardInterrupt, Exception):
            return wait_until(self._look, self._is_over, what=self._what, every=every, timeout=most)

    def _look(self) -> _Look:
        status = self._reader.read(pay=False)
        found = self._answers.follow(status, self._goal.every)
        words = f"Collecting: {found.words}" if found is not None else "Collecting submissions"
        if self._answers.error is not None:
            words = "The answers could NOT be read, so nothing pauses the study; trying again"
            self._warn(self._answers.error)
        self._report(Progress(words, status.filled, status.places))
        return _Look(status, found, self._is_above_cap(status))

    def _warn(self, failure: ProlificError) -> None:
        """Say once that answers which cannot be read cannot pause the study."""
        if str(failure) not in self._warned:
            self._warned.add(str(failure))
            notify(
                f"WARNING: The answers could not be read ({failure}). Trying again; until then nothing pauses "
                f"{self._what}, and its places are filled and paid. run.pause() pauses it."
            )

    def _is_above_cap(self, status: Status) -> bool:
        """Whether the cost of the study, which is asked for again when places or reward have changed, is too high."""
        now = (status.places, status.reward)
        if self._cap is not None and now != self._priced:
            self._over, self._priced = whole_cost(self._client, self._study_id) > self._cap, now
        return self._over

    def _is_over(self, look: _Look) -> bool:
        precise = look.precision is not None and reached(look.precision, self._goal.target)
        return precise or look.over or look.status.state not in RUNNING

    # --- at the end --------------------------------------------------------------------------------------------

    def _end(self, look: _Look) -> Collected:
        state = look.status.state
        if state in RUNNING:
            reason: Reason = "cap" if look.over else "precise"
            return self._finished(reason if self._pause(reason) else "filled")
        if state == _PAUSED:  # by another notebook that runs the same cell, or by somebody else
            return self._finished("precise" if self._says_precise(self._note()) else "paused")
        return self._finished("filled" if look.status.filled >= look.status.places else "stopped")

    def _pause(self, reason: Reason) -> bool:
        """Pause, and try again until it succeeds; False if the study has ended meanwhile."""
        with self._saying("may be running", KeyboardInterrupt):
            self._record(reason)
            for attempt in range(1, _TRIES + 1):
                try:
                    with changing(self._study_id):
                        transition_study(self._client, self._ledger, self._key, self._study_id, "PAUSE")
                    self._require_pause()
                except ProlificError as failure:
                    if self._has_ended():
                        self._ledger.withdraw(self._key, STEP)
                        return False
                    self._complain(failure, attempt)
                else:
                    self._record(reason, done=True)
                    return True
        raise AssertionError("the last try returns or raises")

    def _record(self, reason: Reason, *, done: bool = False) -> None:
        """Note why the study is paused; that this fails, as on a full disk, must not keep it running."""
        note = {"reason": reason, "target": self._goal.target, "question": self._question}
        try:
            # Afterwards once more: another notebook may have taken the first note for that of an earlier pause.
            self._ledger.intend(self._key, STEP, json.dumps(note, ensure_ascii=False))
            if done:
                self._ledger.done(self._key, STEP, reason)
        except LedgerError as failure:
            notify(
                f"WARNING: Why {self._what} is paused could not be noted ({failure}). This cell will not resume it in "
                "another kernel: run.resume() does."
            )

    def _require_pause(self) -> None:
        """Look whether the study, whose pause was accepted, is paused."""

        def find() -> str | None:
            state = str(self._client.studies.get(self._study_id).status)
            return None if state in RUNNING else state

        if IdempotentSteps(self._client, self._ledger, self._key).search(find) is None:
            raise StepFailed("Prolific accepted PAUSE, and the study still runs")

    def _complain(self, failure: ProlificError, attempt: int) -> None:
        """Say that the study is not paused, and wait before the next try."""
        on_page = "Pause it on Prolific's page now"
        if attempt == _TRIES:
            raise StepFailed(
                f"{self._what} is still RUNNING: it could not be paused in {_TRIES} tries ({failure}). {on_page}, or "
                "run this cell again."
            ) from failure
        pause = min(self._client.pace.job * 2 ** (attempt - 1), _LONGEST)
        self._report(Progress("The study could NOT be paused and is still running; trying again", attempt, _TRIES))
        notify(
            f"WARNING: {self._what} could NOT be paused ({failure}). It is still running and taking participants. "
            f"Trying again in {pause:.1f} s. {on_page} if this message repeats."
        )
        Event().wait(pause)

    def _has_ended(self) -> bool:
        try:
            return str(self._client.studies.get(self._study_id).status) in ENDED
        except ProlificError:  # the next try asks again
            return False

    def _finished(self, reason: Reason) -> Collected:
        """The end with figures of this moment."""
        status = retry_until_answered(self._client, self._reader.read)
        return Collected(
            mode=self._client.mode,
            study_id=self._study_id,
            question=self._question,
            reason=reason,
            precision=retry_until_answered(self._client, self._answers.answers.read),
            target=self._goal.target,
            spent=status.spent,
            cap=self._cap,
            at_work=sum(int(status.counts.get(name) or 0) for name in ("RESERVED", "ACTIVE")),
        )
