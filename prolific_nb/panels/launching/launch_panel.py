"""The launch panel: what will be created, the draft, publishing, and the running study."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from typing import Any

from ...common.display import suppress_notices
from ...common.money import Money
from ...common.progress import Progress
from ...data import Dataset
from ...design import Design
from ...errors import SimilarRunError
from ...jobs import Job
from ...study import StudyPlan
from ...study.launch.draft import STEPS
from ...study.monitor.watch import StatusUpdate, Watch, watch
from ...workflow.launch import launch
from ...workflow.run import Run
from ...workflow.script import program
from ..kit import widgets as w
from ..kit.observable import Observable, as_observable
from ..kit.panel import Panel
from ..kit.traits import set_if_changed, set_visible
from ..planning.cost_estimate import Estimator, Inputs
from .draft_summary import existing, to_be_created
from .monitor import STATES, Monitor
from .publishing import Publishing

_STEPS = ("Uploading the data", "Creating the batch", "Creating the tasks", "Creating the study")
_EARLIER = "The draft was created from earlier inputs and is unchanged. “Create draft” uses the current inputs."
_TWICE = "Study {} has exactly these inputs. A second study would recruit and pay participants again."


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
        self._made: list[Run] = []
        self._monitored: Run | None = None
        self._watch: Watch | None = None
        self._unwatch: Callable[[], None] = lambda: None
        self._update, self._interruption = StatusUpdate(), ""
        self._cost: Money | None = None
        self._creating: Job[Run] | None = None
        self._acting: Job[Any] | None = None
        self._cancelling, self._settled = False, True
        self._confirming: Inputs | None = None  # the inputs for which a second draft needs confirmation
        super().__init__(run, client)
        for source in (self.data, self.design, self.plan):
            self.watch(source, lambda _: self._renew())
        self._disposers.append(lambda: self._unwatch())

    # --- the widgets -------------------------------------------------------------------------------------------

    def build(self) -> list[w.Widget]:
        """What will be created, the buttons that create it, what exists, and its publishing and monitoring."""
        self._plan_words, self._words, self._existing_html = w.HTML(), w.HTML(), w.HTML()
        self._create = self._button("Create draft", self._create_or_ask, "Creates the study as a draft; spends nothing")
        self._create.button_style = "primary"
        self._again = self._button("Create another draft", self._make, "Creates a second study with the same inputs")
        self._cancel = self._button("Cancel", self._stop_creating, "Stops after this step; what was created is kept")
        layout = {"width": "100%", "max_width": "480px"}
        look = {"description_width": "initial"}
        self._bar = w.IntProgress(max=len(_STEPS), description="Progress", layout=layout, style=look)
        buttons = w.HBox([self._create, self._again, self._cancel], layout={"flex_flow": "row wrap", "width": "100%"})
        self.publishing = Publishing(self._publish, self.guard)
        self.monitor = Monitor(self._transition, self.guard)
        parts = [self._plan_words, buttons, self._bar, self._words, self._existing_html]
        return [*parts, self.publishing.box, self.monitor.box]

    def _button(self, words: str, act: Callable[[], Any], hint: str) -> w.Button:
        button = w.Button(description=words, tooltip=hint, layout={"width": "auto", "min_width": "8em"})
        button.on_click(self.guard(lambda _: act()))
        return button

    # --- actions -------------------------------------------------------------------------------------------------

    def _create_or_ask(self) -> None:
        if self._same_run() is not None:
            self._confirming = self._inputs()
            self._show()
        else:
            self._make()

    def _make(self) -> None:
        wanted = self._inputs()
        unasked = self._same_run() is not None and not self._needs_confirmation
        if self._is_creating or wanted.missing or unasked:
            return  # a click on a button that the browser does not show
        confirmed = f"confirmed in the Launch panel, {datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"
        again = confirmed if self._needs_confirmation else ""
        self._confirming, self._cancelling = None, False
        self._creating = self.start(lambda report: _launch(wanted, again, report), "Creating the draft", self.held.set)
        self._show()

    def _stop_creating(self) -> None:
        if self._creating is not None:
            self._creating.cancel()
            self._cancelling = True
            self._show()

    def _publish(self, agreed: Money) -> None:
        run = self.value
        self._act(lambda _: run.publish(max_cost=agreed), "Publishing the study")

    def _transition(self, action: str) -> None:
        run = self.value
        self._act(lambda _: getattr(run, action)(), {"pause": "Pausing", "resume": "Resuming"}.get(action, "Stopping"))

    def _act(self, work: Callable[..., Any], name: str) -> None:
        if self._busy:
            return
        self._settled, self._confirming = False, None
        self._acting = self.start(work, name, lambda _: self._poll_now())
        self._show_job()

    def _poll_now(self) -> None:
        if self._watch is not None:
            self._watch.hurry()

    # --- events --------------------------------------------------------------------------------------------------

    def progressed(self, job: Job[Any]) -> None:
        """Show the progress of the draft; at the end, enable the buttons."""
        if job is self._creating and isinstance(job.error, SimilarRunError):
            self._confirming = self._inputs()  # the error names the other study; the button for a second one is shown
        self.guard(self._show_job)()

    def _show_job(self) -> None:
        if self._acting is not None and self._acting.state in ("failed", "cancelled"):
            self._settled = True
        self._show()

    def refresh(self) -> None:
        """Monitor the current run, and show what the current inputs would create."""
        if self.value is not self._monitored:
            self._monitor_run(self.value)
        self.estimator.ask(self._inputs())
        self._show()

    def _monitor_run(self, run: Run | None) -> None:
        self._unwatch()
        self._monitored, self._watch, self._unwatch = run, None, lambda: None
        self._update, self._cost = StatusUpdate(), None
        if run is None:
            return
        self._made.append(run)
        self._price(run)
        self._watch = watch(run.client, run.study_id)
        self._unwatch = self._watch.subscribe(self.guard(lambda news: self._seen(run, news)))

    def _price(self, run: Run) -> None:
        self.start(lambda _: run.cost(), "Loading the cost of publishing", lambda cost: self._priced(run, cost))

    def _priced(self, run: Run, cost: Money) -> None:
        if run is self._monitored:
            self._cost = cost
            self._renew()

    def _seen(self, run: Run, news: StatusUpdate) -> None:
        if run is not self._monitored or self.closed:
            return
        moved = self._state != (news.status.state if news.status is not None else "")
        self._update = news
        self._settled = self._acting is None or self._acting.state != "running"
        self._report_interruption(run, news.error)
        if moved:
            self._renew()
        else:
            self._show()

    def _report_interruption(self, run: Run, error: Exception | None) -> None:
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
        inputs = self._inputs()
        seen, run = self._update.status, self.value
        there = run is not None and _of(run) == inputs
        set_if_changed(self._plan_words, "value", "" if there else to_be_created(inputs, self.estimator.of(inputs)))
        self._show_creating(inputs)
        draft = run is not None and self._state == "UNPUBLISHED"
        set_if_changed(self._existing_html, "value", self._existing(run, there) if run is not None else "")
        mode = self.mode if run is None else run.client.mode
        self.publishing.show(mode, self._cost, draft=draft, busy=self._busy)
        self.monitor.show(seen, busy=self._busy)

    def _show_creating(self, inputs: Inputs) -> None:
        running, job = self._is_creating, self._creating
        set_if_changed(self._create, "disabled", running or bool(inputs.missing))
        set_if_changed(self._create, "button_style", "" if self.value is not None else "primary")
        set_visible(self._again, self._needs_confirmation and not running)
        set_visible(self._cancel, running)
        set_visible(self._bar, running)
        progress = job.progress if running and job is not None else None
        done = progress.done if progress is not None else 0
        set_if_changed(self._bar, "value", done)
        same = self._same_run()
        words = f"Step {done + 1} of {len(_STEPS)}: {_STEPS[done]}" if running else ""
        if running and self._cancelling:
            words += ". Cancelling after this step…"
        if self._needs_confirmation and same is not None:
            words = _TWICE.format(same.study_id)
        set_if_changed(
            self._words, "value", f'<p role="status" style="margin:4px 0">{escape(words)}</p>' if words else ""
        )

    def _existing(self, run: Run, there: bool) -> str:
        words = existing(run, STATES.get(self._state, self._state) or "loading…")
        return words if there else f'{words}<p style="margin:4px 0"><b>Note:</b> {_EARLIER}</p>'

    def _inputs(self) -> Inputs:
        return Inputs(self.client.value, self.data.value, self.design.value, self.plan.value)

    def _same_run(self) -> Run | None:
        """An earlier run with exactly the current inputs."""
        inputs = self._inputs()
        return next((run for run in reversed(self._made) if _of(run) == inputs), None)

    @property
    def _needs_confirmation(self) -> bool:
        return self._confirming is not None and self._confirming == self._inputs()

    @property
    def _is_creating(self) -> bool:
        return self._creating is not None and self._creating.state == "running"

    @property
    def _busy(self) -> bool:
        """Whether an action is running, or its effect on the server has not been read yet."""
        return not self._settled

    @property
    def _state(self) -> str:
        return self._update.status.state if self._update.status is not None else ""

    # --- code and summary ----------------------------------------------------------------------------------------

    def code(self) -> str:
        """The program for what was done here: the draft, or the published study and its answers."""
        run = self.value
        made = _of(run) if run is not None else self._inputs()
        published = run is not None and self._state not in ("", "UNPUBLISHED")
        cap = self._cost.major if published and self._cost is not None else None
        client = made.client.code if made.client is not None else "pnb.connect()"
        return program(client, [made.data, made.design, made.plan], max_cost=cap)

    def summary(self) -> dict[str, object]:
        """Ids, state and cost of the study."""
        run = self.value
        if run is None:
            return {"Study": "not created yet"}
        rows: dict[str, object] = {"Study": run.study_id, "Batch": run.batch_id, "Dataset": run.dataset_id}
        rows |= {"State": STATES.get(self._state, self._state)} if self._state else {}
        return rows | ({"Cost": str(self._cost)} if self._cost is not None else {})


def _launch(wanted: Inputs, again: str, report: Callable[[Progress], None]) -> Run:
    def report_step(progress: Progress) -> None:
        if progress.step == STEPS and not progress.ended:  # after the last step, cancelling would only lose the study
            report(progress)

    parts: Any = (wanted.client, wanted.data, wanted.design, wanted.plan)
    with suppress_notices():
        return launch(*parts, again=again, on_progress=report_step)


def _of(run: Run) -> Inputs:
    return Inputs(run.client, run.data, run.design, run.plan)


def _fill(places: dict[str, Observable[Any]], run: Run) -> None:
    for name, place in places.items():
        if place.value is None:
            place.set(getattr(run, name))
