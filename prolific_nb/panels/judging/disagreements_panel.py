"""The panel of disagreements: its run, its answers, and the bench."""

from __future__ import annotations

from html import escape
from typing import Any

from ...common.display import collected_warnings, suppress_notices
from ...jobs import Job
from ...workflow.run import Run
from ..kit import widgets as w
from ..kit.controls import button, row
from ..kit.observable import as_observable
from ..kit.panel import Panel
from ..kit.step_status import StepStatus
from ..kit.traits import set_if_changed, set_visible
from .bench import Bench
from .disputes import Disputes, disputes_of
from .shown_dispute import progress_words


class Disagreements(Panel):
    """The rows on which people disagree, one at a time as participants saw them, and a judge's decision on each.

    Decisions are stored at once in ``run.adjudications``. By default the judge is blind: each answer is shown once,
    without names and in random order.

    Parameters
    ----------
    run : Run or Observable, optional
        The study; its answers are fetched when the panel is created.
    client : Client or Observable, optional
        Only determines whether the panel is labelled SANDBOX or LIVE; by default the client of the run.

    Attributes
    ----------
    bench : Bench
        Its `decisions` are the judge's, its `desk` is what is shown.

    Examples
    --------
    >>> Disagreements().summary()
    {'Decided': 'No study yet.'}
    """

    name, title = "pnb-disagreements", "Disagreements"

    def __init__(self, run: Any = None, *, client: Any = None) -> None:
        run, client = as_observable(run), as_observable(client)
        if run.value is not None and client.value is None:
            client.set(run.value.client)
        self._shown_run: Run | None = None
        self._fetching: Job[Any] | None = None
        self._answers: int | None = None
        self._warnings: tuple[str, ...] = ()
        super().__init__(run, client)

    def build(self) -> list[w.Widget]:
        """The status with a button to reload, and the bench."""
        self._words = w.HTML(layout={"flex": "1 1 300px", "min_width": "0"})
        self._reload = button("Reload", self._fetch, self.guard, "Fetch the answers again")
        self.bench = Bench(self, ask=True)
        set_visible(self.bench.box, False)
        return [row(self._words, self._reload, align_items="flex-start"), self.bench.box]

    def refresh(self) -> None:
        """Fetch the answers of another run."""
        if self.value is not self._shown_run:
            self._shown_run, self._answers = self.value, None
            set_visible(self.bench.box, False)
            self._fetch()
        self._show()

    def _fetch(self) -> None:
        run = self.value
        if run is not None and not self._is_fetching:
            self._fetching = self.start(lambda _: _read(run), "Getting the answers", lambda got: self._take(run, *got))
            self._show()

    def _take(self, run: Run, disputes: Disputes, answers: int, warnings: tuple[str, ...]) -> None:
        if run is not self.value or self.closed:
            return
        if answers:
            self.bench.show(run, disputes)
        self._answers, self._warnings = answers, warnings
        set_visible(self.bench.box, answers > 0)
        self._show()
        self.announce()

    def progressed(self, job: Job[Any]) -> None:
        """Enable the button when the job ends."""
        self.guard(self._show)()

    @property
    def _is_fetching(self) -> bool:
        return self._fetching is not None and self._fetching.state == "running"

    def _show(self) -> None:
        if self.closed:
            return
        set_if_changed(self._reload, "disabled", self._is_fetching)
        set_visible(self._reload, self.value is not None)
        warnings = "".join(f"<p><b>Warning:</b> {escape(each)}</p>" for each in self._warnings)
        set_if_changed(self._words, "value", f'<p role="status">{escape(self._sentence())}</p>{warnings}')

    def _sentence(self) -> str:
        if self.value is None:
            return "No study yet."
        if self._is_fetching:
            return "Getting the answers…"
        if self._answers is None:
            return "The answers have not been fetched yet."
        if not self._answers:
            return "No answers yet."
        return "Decide on each row what its label is. Every decision is stored at once."

    def code(self) -> str:
        """The program that makes the same decisions."""
        run = self.value
        if run is None:
            return "import prolific_nb as pnb\n\npnb.panels.Disagreements(run)\n"
        opened = f'run = pnb.open_run(study_id="{run.study_id}", client=client)'
        without_data = f"import prolific_nb as pnb\n\nclient = {run.client.code}\n{opened}\n"
        start = run.to_code() if run.data is not None else without_data
        return start + self.bench.code()

    def step(self) -> StepStatus:
        """How many rows are decided."""
        if not self._answers:
            return StepStatus("to do", self._sentence())
        decided, total = self.bench.decided, self.bench.total
        words = progress_words(decided, total) or "Nothing to decide"
        return StepStatus("done" if decided == total else "running", words)

    def summary(self) -> dict[str, object]:
        """How many rows are decided."""
        return {"Decided": self.step().words}


def _read(run: Run) -> tuple[Disputes, int, tuple[str, ...]]:
    """The disputes, the number of answers, and the warnings."""
    run.cost()  # cached, so that showing the code sends no request
    with collected_warnings() as caught, suppress_notices():
        frame = run.responses()
    return disputes_of(frame, run.codebook), len(frame), tuple(caught)
