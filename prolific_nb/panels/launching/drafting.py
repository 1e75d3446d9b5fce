"""Creating the draft: its buttons and progress, and the confirmation that a second study needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ...common.display import suppress_notices
from ...common.progress import Progress
from ...errors import SimilarRunError
from ...jobs import Job
from ...study.launch.draft import STEPS
from ...workflow.launch import launch
from ...workflow.run import Run
from ..kit import controls
from ..kit import widgets as w
from ..kit.html_table import status_html
from ..kit.traits import set_if_changed, set_visible
from ..planning.cost_estimate import Inputs

_STEPS = ("Uploading the data", "Creating the batch", "Creating the tasks", "Creating the study")
_TWICE = "Study {} has exactly these inputs. A second study would recruit and pay participants again."
_FIRST, _CHANGED = "Create draft", "Create draft of the changed inputs"


class Drafting:
    """The button "Create draft", which is gone as long as the study of the current inputs is shown.

    Parameters
    ----------
    start : callable
        `Panel.start`.
    inputs : callable
        Returns the current inputs.
    made : callable
        Called with the new run, on the worker thread.
    changed : callable
        Called when a click has changed what is shown.
    guard : callable
        `Panel.guard`.
    """

    def __init__(
        self,
        start: Callable[..., Job[Run]],
        inputs: Callable[[], Inputs],
        made: Callable[[Run], Any],
        changed: Callable[[], Any],
        guard: Callable[..., Any],
    ) -> None:
        self._start, self._inputs, self._made, self._changed = start, inputs, made, changed
        self.job: Job[Run] | None = None
        self._known: list[tuple[Run, Inputs]] = []
        self._cancelling = False
        self._confirming: Inputs | None = None  # the inputs for which a second study needs confirmation
        hint = "Creates the study as a draft; spends nothing"
        self.create = controls.button(_FIRST, self._create_or_ask, guard, hint)
        again = "Creates a second study with the same inputs"
        self.again = controls.button("Create another draft", self._make, guard, again)
        self._cancel = controls.button("Cancel", self._stop, guard, "Stops after this step; what was created is kept")
        layout = {"width": "100%", "max_width": "480px"}
        look = {"description_width": "initial"}
        self._bar = w.IntProgress(max=len(_STEPS), description="Progress", layout=layout, style=look)
        self._words = w.HTML()
        buttons = controls.row(self.create, self.again, self._cancel)
        self.box = controls.stack(self._bar, self._words, buttons)

    # --- what was created ----------------------------------------------------------------------------------------

    def know(self, run: Run) -> None:
        """Remember a run with the inputs that it was made of, which rows added later do not change."""
        if all(run is not known for known, _ in self._known):
            self._known.append((run, Inputs(run.client, run.data, run.design, run.plan)))

    def forget(self, run: Run) -> None:
        """A study that no longer exists does not stand in the way of another."""
        self._known = [each for each in self._known if each[0] is not run]

    def inputs_of(self, run: Run) -> Inputs:
        """The inputs that a run was made of."""
        made = next((made for known, made in self._known if known is run), None)
        return made or Inputs(run.client, run.data, run.design, run.plan)

    @property
    def running(self) -> bool:
        """Whether a draft is being created."""
        return self.job is not None and self.job.state == "running"

    @property
    def step_words(self) -> str:
        """The step that is being done."""
        done = self._done
        words = f"Step {done + 1} of {len(_STEPS)}: {_STEPS[done]}"
        return f"{words}. Cancelling after this step…" if self._cancelling else words

    @property
    def _done(self) -> int:
        progress = self.job.progress if self.job is not None and self.running else None
        return progress.done if progress is not None else 0

    def _same(self) -> Run | None:
        """An earlier run of exactly the current inputs."""
        inputs = self._inputs()
        return next((run for run, made in reversed(self._known) if made == inputs), None)

    @property
    def _needs_confirmation(self) -> bool:
        return self._confirming is not None and self._confirming == self._inputs()

    # --- actions -------------------------------------------------------------------------------------------------

    def _create_or_ask(self) -> None:
        if self._same() is not None:
            self._confirming = self._inputs()
            self._changed()
        else:
            self._make()

    def _make(self) -> None:
        wanted = self._inputs()
        unasked = self._same() is not None and not self._needs_confirmation
        if self.running or wanted.missing or unasked:
            return  # a click on a button that the browser does not show
        confirmed = f"confirmed in the Launch panel, {datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"
        again = confirmed if self._needs_confirmation else ""
        self._confirming, self._cancelling = None, False
        self.job = self._start(lambda report: _launch(wanted, again, report), "Creating the draft", self._made)
        self._changed()

    def _stop(self) -> None:
        if self.job is not None:
            self.job.cancel()
            self._cancelling = True
            self._changed()

    def withdraw(self) -> None:
        """Take back the question whether to create a second study, and forget that creating one failed."""
        self._confirming = None
        if not self.running:
            self.job = None

    def follow(self, job: Job[Any]) -> None:
        """After an error that names another study of the same data, offer to create a second one."""
        if job is self.job and isinstance(job.error, SimilarRunError):
            self._confirming = self._inputs()

    # --- display -------------------------------------------------------------------------------------------------

    def show(self, run: Run | None, *, there: bool) -> w.Button | None:
        """Bring the widgets up to date, and return the button to press next.

        Parameters
        ----------
        run : Run or None
            The study that is shown.
        there : bool
            Whether it was made of the current inputs and exists.
        """
        running, same = self.running, self._same()
        asking = self._needs_confirmation and not running
        possible = not running and not self._inputs().missing
        set_if_changed(self.create, "description", _FIRST if run is None else _CHANGED)
        set_if_changed(self.create, "disabled", not possible)
        set_visible(self.create, not asking)
        set_visible(self.again, asking)
        set_visible(self._cancel, running)
        set_visible(self._bar, running)
        set_if_changed(self._bar, "value", self._done)
        words = self.step_words if running else ""
        if asking and same is not None:
            words = _TWICE.format(same.study_id)
        set_if_changed(self._words, "value", status_html(words))
        set_visible(self.box, not there)
        return self.create if possible and run is None else None


def _launch(wanted: Inputs, again: str, report: Callable[[Progress], None]) -> Run:
    def report_step(progress: Progress) -> None:
        if progress.step == STEPS and not progress.ended:  # after the last step, cancelling would only lose the study
            report(progress)

    parts: Any = (wanted.client, wanted.data, wanted.design, wanted.plan)
    with suppress_notices():
        return launch(*parts, again=again, on_progress=report_step)
