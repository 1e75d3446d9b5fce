"""The launch panel: what will be created, the draft, publishing, and the running study."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ...common.money import Money
from ...data import Dataset
from ...design import Design
from ...errors import NotFound, ProlificError
from ...jobs import Job
from ...study import StudyPlan
from ...study.monitor.status import ENDED, Status
from ...study.monitor.watch import StatusUpdate, Watch, watch
from ...study.quote import pay_advice
from ...workflow.run import Run
from ...workflow.script import program
from ..kit import widgets as w
from ..kit.observable import Observable, as_observable
from ..kit.panel import Panel
from ..kit.spending.confirm_amount import AmountWords, ConfirmAmount
from ..kit.step_status import StepStatus
from ..kit.traits import set_if_changed
from ..planning.cost_estimate import Estimator, Inputs
from .draft_summary import existing, to_be_created
from .drafting import Drafting
from .forecast import Point
from .last_answers import LastAnswers
from .monitor import STYLE, Monitor
from .study_words import Known, card_rows, state_words, step_of

_ACTS = {"pause": "Pausing the study", "resume": "Resuming the study", "stop": "Stopping the study"}
_PUBLISH = AmountWords("Publish", "Show the study to participants", "publish", "published")
_SOON = 2.0  # seconds
_MOST_SEEN = 1000  # points of the course of a study


class Launch(Panel):
    """Create, publish and monitor a study.

    Parameters
    ----------
    run : Run or Observable, optional
        The study to show; its client, data, design and plan are used unless others are given.
    client, data, design, plan : values or Observable, optional
        The inputs of the next draft.

    Examples
    --------
    >>> Launch().summary()
    {'Study': 'not created yet'}
    """

    name, title = "pnb-launch", "Launch"

    def __init__(
        self, run: Any = None, *, client: Any = None, data: Any = None, design: Any = None, plan: Any = None
    ) -> None:
        run, client = as_observable(run), as_observable(client)
        self.data: Observable[Dataset | None] = as_observable(data)
        self.design: Observable[Design | None] = as_observable(design)
        self.plan: Observable[StudyPlan | None] = as_observable(plan)
        if run.value is not None:
            _fill({"client": client, "data": self.data, "design": self.design, "plan": self.plan}, run.value)
        self.estimator = Estimator(self.guard(self._show), self._failed)
        self.last_answers = LastAnswers(self.guard(self._show))
        self._monitored: Run | None = None
        self._watch: Watch | None = None
        self._unwatch: Callable[[], None] = lambda: None
        self._acting: Job[Any] | None = None
        self._settled = True
        self._forget_study()
        super().__init__(run, client)
        for source in (self.data, self.design, self.plan):
            self.watch(source, lambda _: self._renew())
        self._disposers += [lambda: self._unwatch()]

    def close(self) -> None:
        """Close the panel; a collection that ends with it is said."""
        self.monitor.until.close()
        super().close()

    def _forget_study(self) -> None:
        self._update, self._deleted, self._interruption = StatusUpdate(), False, ""
        self._cost: Money | None = None
        self._price_at_first: Money | None = None
        self._floor: Money | None = None
        self._read_at: datetime | None = None
        self._seen: tuple[Point, ...] = ()
        self._grown: list[str] = []

    # --- the widgets -------------------------------------------------------------------------------------------

    def build(self) -> list[w.Widget]:
        """What will be created, the buttons that create it, what exists, and its publishing and monitoring."""
        self._plan_words, self._existing_html = w.HTML(), w.HTML()
        self.drafting = Drafting(self._start_draft, self._inputs, self.held.set, self._show, self.guard)
        self.publishing = ConfirmAmount(self._publish, _PUBLISH, self.surface, self.guard)
        parts = (self._transition, self.start, self._spend, self._note_growth, self.guard, self.surface)
        self.monitor = Monitor(*parts)
        boxes = [self.drafting.box, self.publishing.box, self.monitor.box]
        style = w.HTML(STYLE, layout={"display": "none"})  # hidden, it applies, and takes no room
        return [style, self._existing_html, self._plan_words, *boxes]

    # --- actions -------------------------------------------------------------------------------------------------

    def _start_draft(self, work: Callable[..., Run], name: str, then: Callable[[Run], Any]) -> Job[Run]:
        self._acting = None
        return self.start(work, name, then)

    def _publish(self, agreed: Money) -> None:
        run = self.value
        self._act(lambda _: run.publish(max_cost=agreed), "Publishing the study")

    def _transition(self, action: str) -> None:
        run = self.value
        if run is not None:  # otherwise a click on a button that the browser does not show
            self._act(lambda _: getattr(run, action)(), _ACTS[action])

    def _spend(self, work: Callable[..., Any], name: str, then: Callable[[Any], Any]) -> None:
        self._act(work, name, then)

    def _act(self, work: Callable[..., Any], name: str, then: Callable[[Any], Any] = lambda _: None) -> None:
        if self._busy:
            return
        self._settled = False
        self.drafting.withdraw()

        def done(result: Any) -> None:
            then(result)
            if self._watch is not None:
                self._watch.hurry()

        self._acting = self.start(work, name, done)
        self._show_job(self._acting)

    def _note_growth(self, code: str) -> None:
        self._grown.append(code)
        if self._monitored is not None:
            self._price(self._monitored)

    # --- events --------------------------------------------------------------------------------------------------

    def progressed(self, job: Job[Any]) -> None:
        """Show the progress of the draft; at the end, enable the buttons."""
        # Waits for the click that started the job: only then is it known which job this is.
        self.guard(self._show_job)(job)

    def _show_job(self, job: Job[Any]) -> None:
        self.drafting.follow(job)
        if self._acting is not None and self._acting.state in ("failed", "cancelled"):
            self._settled = True
        self._show()
        self.announce()

    def refresh(self) -> None:
        """Monitor the current run, and show what the current inputs would create."""
        if self.value is not self._monitored:
            self._monitor_run(self.value)
        self.estimator.ask(self._inputs())
        self._show()

    def _monitor_run(self, run: Run | None) -> None:
        self._unwatch()
        self._monitored, self._watch, self._unwatch = run, None, lambda: None
        self._forget_study()
        self.last_answers.show(run)
        if run is None:
            return
        self.drafting.know(run)
        self._price(run)
        self._watch = watch(run.client, run.study_id)
        self._unwatch = self._watch.subscribe(self.guard(lambda news: self._hear(run, news)))

    def _price(self, run: Run) -> None:
        self.start(lambda _: _prices(run), "Loading the cost of publishing", lambda found: self._priced(run, *found))

    def _priced(self, run: Run, cost: Money, floor: Money | None) -> None:
        if run is self._monitored:
            self._cost, self._floor = cost, floor
            self._price_at_first = self._price_at_first or cost
            self._renew()

    def _hear(self, run: Run, news: StatusUpdate) -> None:
        if run is not self._monitored or self.closed:
            return
        before, self._update = self._update.status, news
        busy, self._settled = self._busy, self._acting is None or self._acting.state != "running"
        self._report_interruption(run, news.error)
        if news.status is not None and news.error is None:
            self._keep(run, news.status)
        self._ring(before.state if before is not None else "")
        # The status may have been read before the action had ended: then only its end is new.
        if _facts(before) != _facts(news.status) or news.error is not None or busy != self._busy:
            self._renew()
        else:
            self._show()

    def _keep(self, run: Run, status: Status) -> None:
        """Keep what was seen of the course of the study, and read the last answers if it has proceeded."""
        self._read_at = datetime.now(UTC)
        if not self._seen or self._seen[-1][1] != status.filled:
            self._seen = (*self._seen, (status.as_of or self._read_at, status.filled))[-_MOST_SEEN:]
        if self._known().is_published:
            self.last_answers.follow(run, status)

    def _ring(self, before: str) -> None:
        """Ring the bell when a study that was watched while it was running has ended."""
        known = self._known()
        if before not in ("", *ENDED) and known.state in ENDED and known.status is not None and self.value is not None:
            filled = f"{known.status.filled:,} of {known.status.places:,} places filled"
            self.monitor.bell.ring(f"{self.value.plan.name}: {state_words(known)}, {filled}.")

    def _report_interruption(self, run: Run, error: Exception | None) -> None:
        gone = isinstance(error, NotFound) and error.request == f"GET /api/v1/studies/{run.study_id}/"
        self._deleted = gone
        if gone:
            self.drafting.forget(run)
            return
        interruption = str(error) if error is not None else ""
        if error is not None and interruption != self._interruption:
            self.report(error)
        elif self._interruption and not interruption:
            self.clear_error()
            if self._cost is None:
                self._price(run)
        self._interruption = interruption

    def _failed(self, failure: BaseException) -> None:
        if not self.closed:
            self.report(failure)

    # --- display -------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        if self.closed:
            return
        inputs, run, known = self._inputs(), self.value, self._known()
        there = run is not None and self.drafting.inputs_of(run) == inputs and not known.deleted
        set_if_changed(self._plan_words, "value", "" if there else to_be_created(inputs, self.estimator.of(inputs)))
        create = self.drafting.show(run if not known.deleted else None, there=there)
        of_earlier = not there and not known.deleted
        words = existing(run, known, of_earlier=of_earlier) if run is not None else ""
        set_if_changed(self._existing_html, "value", words)
        self.publishing.show(known.mode, self._cost, "publishing", shown=known.is_draft, busy=self._busy)
        answers = self.last_answers.html
        self.monitor.show(run, known, busy=self._busy, seen=self._seen, answers=answers)
        self._highlight(create, known)

    def _highlight(self, create: w.Button | None, known: Known) -> None:
        if self.publishing.ready and known.is_draft:
            self.highlight(self.publishing.button, style="danger" if known.mode == "LIVE" else "primary")
        elif known.state == "PAUSED" and not self._busy:
            self.highlight(self.monitor.pause)
        else:
            self.highlight(create)

    def _inputs(self) -> Inputs:
        return Inputs(self.client.value, self.data.value, self.design.value, self.plan.value)

    def _known(self) -> Known:
        run = self._monitored
        return Known(
            mode=run.client.mode if run is not None else self.mode,
            status=self._update.status,
            cost=self._cost,
            cap=run.cap if run is not None else None,
            floor=self._floor,
            deleted=self._deleted,
            trouble=self._interruption,
        )

    @property
    def _failure(self) -> str:
        """What failed last, in one line."""
        failed = [job for job in (self.drafting.job, self._acting) if job is not None and job.state == "failed"]
        return "".join(f"{job.name} failed: {str(job.error).partition(chr(10))[0]}" for job in failed[-1:])

    @property
    def _busy(self) -> bool:
        """Whether an action is running, or its effect on the server has not been read yet."""
        return not self._settled

    # --- state, code and summary ---------------------------------------------------------------------------------

    def _await_news(self) -> None:
        """Wait a moment for the status that follows what a cell did to the study."""
        if self._watch is not None:
            self._watch.settle(_SOON)

    def step(self) -> StepStatus:
        """What is being done, what failed, or the state of the study."""
        if self.drafting.running:
            return StepStatus("running", f"Creating the draft. {self.drafting.step_words}.")
        if self._busy and self._acting is not None:
            return StepStatus("running", f"{self._acting.name}…")
        if self._failure:
            return StepStatus("needs attention", self._failure)
        if self.value is not None:
            return step_of(self._known())
        missing = self._inputs().missing
        return StepStatus("to do", "Complete the steps before." if missing else "Create the draft; it costs nothing.")

    def facts(self) -> dict[str, str]:
        """The state of the study, its places and money, for the studio's bar."""
        known, seen = self._known(), self._known().status
        if self.value is None:
            return {}
        told = {"State": re.split("[:;]", state_words(known))[0]}
        if not known.is_published or seen is None:
            return told
        return told | {"Places": f"{seen.filled:,} of {seen.places:,} filled", "Cost": f"{seen.spent:,} spent"}

    def code(self) -> str:
        """The program for what was done here: the draft, or the published study and its answers."""
        run = self.value
        made = self.drafting.inputs_of(run) if run is not None else self._inputs()
        published = run is not None and self._known().is_published
        cap = self._price_at_first.major if published and self._price_at_first is not None else None
        client = made.client.code if made.client is not None else "pnb.connect()"
        parts, flow = [made.data, made.design, made.plan], run.flow if run is not None else "layout"
        return program(client, parts, max_cost=cap, flow=flow, more=self._grown)

    def summary(self) -> dict[str, object]:
        """Ids, state, places and money of the study, and the time of these."""
        run = self.value
        failure = {"Failed": self._failure} if self._failure else {}
        if run is None:
            creating = {"Draft": f"being created, {self.drafting.step_words}"} if self.drafting.running else {}
            return {"Study": "not created yet", **creating, **failure}
        rows: dict[str, object] = {"Study": run.study_id, "Batch": run.batch_id, "Dataset": run.dataset_id}
        known = self._known()
        if self._busy and known.is_draft and known.status is not None:
            known = replace(known, status=replace(known.status, state="PUBLISHING"))  # as far as anybody knows
        rows |= card_rows(known) | failure
        read = self._read_at
        return rows | ({"As of": f"{read:%Y-%m-%d %H:%M} UTC"} if read is not None else {})


def _facts(status: Status | None) -> Status | None:
    """What the saved card and the step say; the expected end changes with every request."""
    return replace(status, expected=None) if status is not None else None


def _prices(run: Run) -> tuple[Money, Money | None]:
    """The cost of all places, and Prolific's minimum pay where it is known."""
    cost = run.cost()
    try:
        return cost, pay_advice(run.client)[0]
    except ProlificError:  # shown as "not known": the cost must not depend on it
        return cost, None


def _fill(places: dict[str, Observable[Any]], run: Run) -> None:
    for name, place in places.items():
        if place.value is None:
            place.set(getattr(run, name))
