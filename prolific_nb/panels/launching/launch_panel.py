"""Launch: what will be created, the draft step by step, publishing, and the study while answers arrive."""

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
from .cost_estimate import Estimator, Inputs
from .draft_summary import existing, to_be_created
from .monitor import STATES, Fieldwork
from .publishing import Publishing

_STEPS = ("Uploading the data", "Making the batch", "Making the tasks", "Making the study")
_EARLIER = "The draft was made from earlier inputs and stays as it is. “Create draft” makes another from those of now."
_TWICE = "Exactly this has been created already, as study {}. A second one would ask and pay people again."


class Launch(Panel):
    """From a plan to a study that runs.

    Parameters
    ----------
    run : Run or Observable, optional
        A study to look after, with its own client, data, design and plan unless others are given.
    client, data, design, plan : values or Observable, optional
        What the next draft is made of.

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
        self._looked_at: Run | None = None
        self._watch: Watch | None = None
        self._unwatch: Callable[[], None] = lambda: None
        self._news, self._blip = StatusUpdate(), ""
        self._cost: Money | None = None
        self._creating: Job[Run] | None = None
        self._acting: Job[Any] | None = None
        self._cancelling, self._settled = False, True
        self._asked: Inputs | None = None  # what was asked about: another draft of just this?
        super().__init__(run, client)
        for source in (self.data, self.design, self.plan):
            self.watch(source, lambda _: self._renew())
        self._disposers.append(lambda: self._unwatch())

    # --- the widgets -------------------------------------------------------------------------------------------

    def build(self) -> list[w.Widget]:
        """What will be, the buttons that make it, what is, and its publishing and running."""
        self._plan_words, self._words, self._exists = w.HTML(), w.HTML(), w.HTML()
        self._create = self._button("Create draft", self._create_or_ask, "Nothing is spent")
        self._create.button_style = "primary"
        self._again = self._button("Create another draft", self._make, "Although exactly this exists already")
        self._cancel = self._button("Cancel", self._stop_creating, "What was begun at the server stays there")
        layout = {"width": "100%", "max_width": "480px"}
        look = {"description_width": "initial"}
        self._bar = w.IntProgress(max=len(_STEPS), description="Progress", layout=layout, style=look)
        buttons = w.HBox([self._create, self._again, self._cancel], layout={"flex_flow": "row wrap", "width": "100%"})
        self.publishing = Publishing(self._publish, self.guard)
        self.fieldwork = Fieldwork(self._transition, self.guard)
        parts = [self._plan_words, buttons, self._bar, self._words, self._exists]
        return [*parts, self.publishing.box, self.fieldwork.box]

    def _button(self, words: str, act: Callable[[], Any], hint: str) -> w.Button:
        button = w.Button(description=words, tooltip=hint, layout={"width": "auto", "min_width": "8em"})
        button.on_click(self.guard(lambda _: act()))
        return button

    # --- what the user does ------------------------------------------------------------------------------------

    def _create_or_ask(self) -> None:
        if self._twin() is not None:
            self._asked = self._inputs()
            self._show()
        else:
            self._make()

    def _make(self) -> None:
        wanted = self._inputs()
        unasked = self._twin() is not None and not self._asking
        if self._is_creating or wanted.missing or unasked:
            return  # a click from elsewhere than the buttons that the browser shows
        again = f"asked for in the panel, {datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f} UTC" if self._asking else ""
        self._asked, self._cancelling = None, False
        self._creating = self.start(lambda tell: _launch(wanted, again, tell), "Creating the draft", self.held.set)
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
        self._settled, self._asked = False, None
        self._acting = self.start(work, name, lambda _: self._hurry())
        self._show_job()

    def _hurry(self) -> None:
        if self._watch is not None:
            self._watch.hurry()

    # --- what becomes of it ------------------------------------------------------------------------------------

    def progressed(self, job: Job[Any]) -> None:
        """Show how far the draft is, and free the buttons at the end."""
        if job is self._creating and isinstance(job.error, SimilarRunError):
            self._asked = self._inputs()  # the error says what is there; the button for a second one stands beside it
        self.guard(self._show_job)()

    def _show_job(self) -> None:
        if self._acting is not None and self._acting.state in ("failed", "cancelled"):
            self._settled = True
        self._show()

    def refresh(self) -> None:
        """Look after the held run, and say what the inputs of now would make."""
        if self.value is not self._looked_at:
            self._look_after(self.value)
        self.estimator.ask(self._inputs())
        self._show()

    def _look_after(self, run: Run | None) -> None:
        self._unwatch()
        self._looked_at, self._watch, self._unwatch = run, None, lambda: None
        self._news, self._cost = StatusUpdate(), None
        if run is None:
            return
        self._made.append(run)
        self._price(run)
        self._watch = watch(run.client, run.study_id)
        self._unwatch = self._watch.subscribe(self.guard(lambda news: self._seen(run, news)))

    def _price(self, run: Run) -> None:
        self.start(lambda _: run.cost(), "Asking what publishing costs", lambda cost: self._priced(run, cost))

    def _priced(self, run: Run, cost: Money) -> None:
        if run is self._looked_at:
            self._cost = cost
            self._renew()

    def _seen(self, run: Run, news: StatusUpdate) -> None:
        if run is not self._looked_at or self.closed:
            return
        moved = self._state != (news.status.state if news.status is not None else "")
        self._news = news
        self._settled = self._acting is None or self._acting.state != "running"
        self._tell_blip(run, news.error)
        if moved:
            self._renew()
        else:
            self._show()

    def _tell_blip(self, run: Run, error: Exception | None) -> None:
        blip = str(error) if error is not None else ""
        if error is not None and blip != self._blip:
            self.report(error)
        elif self._blip and not blip:
            self.clear_error()
            if self._cost is None:
                self._price(run)
        self._blip = blip

    def _failed(self, failure: BaseException) -> None:
        if not self.closed:
            self.report(failure)

    # --- what is shown -----------------------------------------------------------------------------------------

    def _show(self) -> None:
        if self.closed:
            return
        inputs = self._inputs()
        seen, run = self._news.status, self.value
        there = run is not None and _of(run) == inputs
        set_if_changed(self._plan_words, "value", "" if there else to_be_created(inputs, self.estimator.of(inputs)))
        self._show_creating(inputs)
        draft = run is not None and self._state == "UNPUBLISHED"
        set_if_changed(self._exists, "value", self._existing(run, there) if run is not None else "")
        mode = self.mode if run is None else run.client.mode
        self.publishing.show(mode, self._cost, draft=draft, busy=self._busy)
        self.fieldwork.show(seen, busy=self._busy)

    def _show_creating(self, inputs: Inputs) -> None:
        running, job = self._is_creating, self._creating
        set_if_changed(self._create, "disabled", running or bool(inputs.missing))
        set_if_changed(self._create, "button_style", "" if self.value is not None else "primary")
        set_visible(self._again, self._asking and not running)
        set_visible(self._cancel, running)
        set_visible(self._bar, running)
        progress = job.progress if running and job is not None else None
        done = progress.done if progress is not None else 0
        set_if_changed(self._bar, "value", done)
        twin = self._twin()
        words = f"Step {done + 1} of {len(_STEPS)}: {_STEPS[done]}" if running else ""
        if running and self._cancelling:
            words += ". Cancelling after this step…"
        if self._asking and twin is not None:
            words = _TWICE.format(twin.study_id)
        set_if_changed(
            self._words, "value", f'<p role="status" style="margin:4px 0">{escape(words)}</p>' if words else ""
        )

    def _existing(self, run: Run, there: bool) -> str:
        words = existing(run, STATES.get(self._state, self._state) or "asking the server…")
        return words if there else f'{words}<p style="margin:4px 0"><b>Note:</b> {_EARLIER}</p>'

    def _inputs(self) -> Inputs:
        return Inputs(self.client.value, self.data.value, self.design.value, self.plan.value)

    def _twin(self) -> Run | None:
        """A run that was made of exactly what is there now."""
        inputs = self._inputs()
        return next((run for run in reversed(self._made) if _of(run) == inputs), None)

    @property
    def _asking(self) -> bool:
        return self._asked is not None and self._asked == self._inputs()

    @property
    def _is_creating(self) -> bool:
        return self._creating is not None and self._creating.state == "running"

    @property
    def _busy(self) -> bool:
        """Whether an act is under way, or what it changed at the server has not been seen yet."""
        return not self._settled

    @property
    def _state(self) -> str:
        return self._news.status.state if self._news.status is not None else ""

    # --- what stands for it --------------------------------------------------------------------------------------

    def code(self) -> str:
        """The program up to what was done here: the draft, or the published study and its answers."""
        run = self.value
        made = _of(run) if run is not None else self._inputs()
        published = run is not None and self._state not in ("", "UNPUBLISHED")
        cap = self._cost.major if published and self._cost is not None else None
        client = made.client.code if made.client is not None else "pnb.connect()"
        return program(client, [made.data, made.design, made.plan], max_cost=cap)

    def summary(self) -> dict[str, object]:
        """What exists and where it stands."""
        run = self.value
        if run is None:
            return {"Study": "not created yet"}
        rows: dict[str, object] = {"Study": run.study_id, "Batch": run.batch_id, "Dataset": run.dataset_id}
        rows |= {"State": STATES.get(self._state, self._state)} if self._state else {}
        return rows | ({"Cost": str(self._cost)} if self._cost is not None else {})


def _launch(wanted: Inputs, again: str, tell: Callable[[Progress], None]) -> Run:
    def heed(progress: Progress) -> None:
        if progress.step == STEPS and not progress.ended:  # after the last step a cancel would only lose the study
            tell(progress)

    parts: Any = (wanted.client, wanted.data, wanted.design, wanted.plan)
    with suppress_notices():
        return launch(*parts, again=again, on_progress=heed)


def _of(run: Run) -> Inputs:
    return Inputs(run.client, run.data, run.design, run.plan)


def _fill(places: dict[str, Observable[Any]], run: Run) -> None:
    for name, place in places.items():
        if place.value is None:
            place.set(getattr(run, name))
