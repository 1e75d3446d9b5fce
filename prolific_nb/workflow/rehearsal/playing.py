"""Carrying out a study in a private sandbox: launched, published, and answered, without waiting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ...api.polling import SANDBOX_PACE, PollIntervals
from ...common.display import suppress_notices
from ...common.plurals import counted
from ...common.progress import silent
from ...sandbox import Sandbox
from ...study.draft_edits import draft_edits
from ...study.monitor.status import RUNNING
from ..connect import client_of
from ..launch import launch
from ..run import Run
from .asked import Asked
from .jumping_clock import JumpingClock
from .private_ledger import PrivateLedger
from .scenario import ORDINARY, Scenario

START = "2026-01-05"
"""When the calendar of every rehearsal begins, so that its times do not depend on the day."""
_LATER = 300.0  # seconds for each request, of which a wait sends a few in a second
_NO_WAITING = PollIntervals(job=0.0, study=0.0, grace=0.0)


@dataclass(frozen=True)
class Played:
    """A study that was carried out.

    Parameters
    ----------
    run : Run
    sandbox : Sandbox
        It serves the run.
    clock : JumpingClock
    events : tuple of str
        What happened to it, in sentences.
    """

    run: Run
    sandbox: Sandbox
    clock: JumpingClock
    events: tuple[str, ...]

    def grow(self, to: int) -> bool:
        """Let so many annotators answer each task; False if the study has ended before its places were filled."""
        if self.run.status().state != "AWAITING REVIEW":
            return False
        with suppress_notices():
            self.run.add_annotators(to=to)
        return not _finish(self.run, self.clock, ORDINARY)

    def keep(self) -> None:
        """Let time pass as in any sandbox from now on, for what is done with the run later."""
        self.clock.step, self.run.client.pace = _LATER, SANDBOX_PACE


def play(asked: Asked) -> Played:
    """Launch, publish and finish a study in a sandbox of its own, which the caller closes.

    Raises
    ------
    InputError, SpendError
        As `launch` and `Run.publish`.
    """
    sandbox, clock = _private_sandbox(asked)
    try:
        client = client_of(sandbox, code="pnb.connect()", truth=asked.truth)
        client.pace, client.ledger = _NO_WAITING, PrivateLedger()
        with suppress_notices():
            options = {**asked.options, "ledger": client.ledger, "on_progress": silent}
            run = launch(client, asked.data, asked.design, asked.local_plan, **options)
            edits = tuple(_edited(run, asked.scenario))
            run.publish(max_cost=asked.max_cost)
            events = (*edits, *_finish(run, clock, asked.scenario))
    except BaseException:
        sandbox.close()
        raise
    return Played(run, sandbox, clock, events)


@contextmanager
def played(asked: Asked) -> Iterator[Played]:
    """As `play`, and close the sandbox."""
    found = play(asked)
    try:
        yield found
    finally:
        found.sandbox.close()


def _private_sandbox(asked: Asked) -> tuple[Sandbox, JumpingClock]:
    """A sandbox in memory, whose time passes only as the clock jumps."""
    clock = JumpingClock()
    sandbox = Sandbox(
        seed=asked.seed,
        people=asked.scenario.changed(asked.people),
        truth=asked.truth,
        start=START,
        speed=1.0,
        wall=clock,
        answer_times=asked.scenario.answer_times,
    )
    return sandbox, clock


def _edited(run: Run, scenario: Scenario) -> Iterator[str]:
    """Edit the draft as the scenario says; what the next publication will list."""
    if scenario.edit is None:
        return
    scenario.edit(run)
    study = run.client.studies.get(run.study_id)
    yield from (edit.what for edit in draft_edits(study, run.plan, run.client.currency))


def _finish(run: Run, clock: JumpingClock, scenario: Scenario) -> tuple[str, ...]:
    """Let all the time pass that the study needs, and stop it if it is still running; what happened."""
    looks = [_look(run, clock, seconds) for seconds in scenario.jumps]
    clock.jump(scenario.patience)
    status = run.status()
    if status.state not in RUNNING:
        return tuple(looks)
    run.stop()
    missing = counted(status.places - status.filled, "place")
    days = scenario.patience / 86_400
    return (*looks, f"After {days:g} days the study was stopped; {missing} of {status.places:,} had not been filled.")


def _look(run: Run, clock: JumpingClock, seconds: float) -> str:
    clock.jump(seconds)
    status = run.status()
    minutes = abs(seconds) / 60
    span = f"{minutes:g} minutes" if minutes < 60 else f"{counted(round(minutes / 60), 'hour')}"
    where = "ahead" if seconds > 0 else "back"
    return f"The clock went {where} by {span}: {status.filled} of {status.places:,} places were filled."
