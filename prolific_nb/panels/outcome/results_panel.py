"""The results panel: answers, charts, disputed rows and decisions on them, labels and agreement, one tab each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape
from typing import Any

import pandas as pd

from ...common.display import Mode
from ...common.plurals import counted
from ...errors import ProlificError
from ...jobs import Debouncer, Job
from ...report.narrative import SIMULATED
from ...responses import times_finding
from ...study.monitor.watch import StatusUpdate, watch
from ...workflow.run import Run
from ...workflow.script import program
from ..kit import widgets as w
from ..kit.controls import button, row, stack
from ..kit.html_table import shorten
from ..kit.observable import Observable, as_observable
from ..kit.panel import Panel
from ..kit.sections import Sections
from ..kit.step_status import StepStatus
from ..kit.traits import set_if_changed, set_visible
from .agreement_view import AgreementView
from .answers_view import AnswersView
from .charts_view import ChartsView
from .decide_view import DecideView
from .disputed_view import DisputedView
from .fetched_answers import Answers, fetch
from .labels_view import LabelsView
from .view import View

REHEARSAL = "Rehearsal: simulated people"
_NOTHING = "It says nothing about real people."
_READING = """run = rehearsal
answers = run.responses()
report = run.agreement()
print(report)
axes = report.plot()
"""
_ALL = "All questions"
_VIEWS: dict[str, type[View]] = {
    "Answers": AnswersView,
    "Charts": ChartsView,
    "Disputed": DisputedView,
    "Decide": DecideView,
    "Labels": LabelsView,
    "Agreement": AgreementView,
}


class Results(Panel):
    """The answers of a run: as a table, as charts, disputed rows, decisions on them, one label per row, agreement.

    Parameters
    ----------
    run : Run or Observable, optional
        The run; its answers are fetched by a click, and automatically when the study has ended.
    client : Client or Observable, optional
        Only determines whether the panel is labelled SANDBOX or LIVE; by default the client of the run.
    rehearsal : Observable, optional
        Holds a rehearsal that is shown in place of the run, or None.

    Attributes
    ----------
    answers : DataFrame or None
        The tidy table, or the part of it that is shown.

    Examples
    --------
    >>> Results().summary()
    {'Answers': 'No study yet. Create a draft first.'}
    """

    name, title = "pnb-results", "Results"

    def __init__(self, run: Any = None, *, client: Any = None, rehearsal: Any = None) -> None:
        run, client = as_observable(run), as_observable(client)
        self.rehearsal: Observable[Any] = as_observable(rehearsal)
        self._own = run.value
        if run.value is not None and client.value is None:
            client.set(run.value.client)
        self._monitored: Run | None = None
        self._unwatch: Callable[[], None] = lambda: None
        self._update = StatusUpdate()
        self._answers: Answers | None = None
        self._agreed = ""
        self._fetching: Job[Any] | None = None
        self._final: int | None = None  # of rejections, when the answers were fetched after the end
        self._computing = Debouncer("the results", pause=0.02)
        self._views: dict[str, View] = {}
        super().__init__(run, client)
        self.watch(self.rehearsal, lambda _: self._renew())
        self._disposers.append(lambda: self._unwatch())

    @property
    def run(self) -> Run | None:
        """The run that is shown: the rehearsal, if there is one, or the value."""
        return self.value if self.rehearsal.value is None else self.rehearsal.value

    @property
    def mode(self) -> Mode:
        """SANDBOX for a rehearsal, whatever the client is."""
        return "SANDBOX" if self._is_rehearsal else super().mode

    @property
    def _is_rehearsal(self) -> bool:
        return self.run is not None and self.run.is_rehearsal

    @property
    def answers(self) -> pd.DataFrame | None:
        """The tidy table, or the part of it that matches the question and the filters."""
        view = self._views["Answers"]
        assert isinstance(view, AnswersView)
        if self._answers is None or not self._has_answers:
            return None if self._answers is None else self._answers.frame
        return view.matching(self._answers, self._question.value)

    # --- the widgets -------------------------------------------------------------------------------------------

    def build(self) -> list[w.Widget]:
        """A button and the status; below, once there are answers, the question and the tabs."""
        self._get = button("Get answers", self._fetch, self.guard, "Fetch the answers so far")
        self._words = w.HTML(layout={"flex": "1 1 300px", "min_width": "0"})
        look: dict[str, Any] = {"layout": {"width": "auto", "max_width": "560px", "min_width": "0"}}
        self._question = w.Dropdown(description="Question", options=[(_ALL, "")], **look)
        self._question.observe(self.guard(lambda _: self._show_section()), names=["value"])
        parts = {name: partial(self._built, name) for name in _VIEWS}
        self._sections = Sections(parts, self.guard, self._tab_chosen)
        self._below = stack(row(self._question), self._sections.box)
        self._return = button("Back to your own study", self._leave, self.guard, "Shows the results of the study")
        self._mark = row(w.HTML(f'<span class="pnb-mode pnb-sandbox">{REHEARSAL}</span>'), self._return)
        return [self._mark, row(self._get, self._words, align_items="flex-start"), self._below]

    def _built(self, name: str) -> w.Widget:
        view = self._views[name] = _VIEWS[name](self, self._computing)
        if view.saving is not None:
            view.saving.of_rehearsal(self._is_rehearsal)
            view.saving.words.observe(self.guard(lambda _: self._highlight()), names=["value"])
        return view.box

    def _tab_chosen(self, name: str) -> None:
        self._shown = self._views[name]
        self._show_section()
        self._highlight()

    def _show_section(self) -> None:
        if self._answers is not None and len(self._answers.frame):
            self._shown.show(self._answers, self._question.value)
            self.renew_code()

    # --- fetching ----------------------------------------------------------------------------------------------

    def _leave(self) -> None:
        self.rehearsal.update(lambda _: None, merge="rehearsal")

    def _fetch(self) -> None:
        run = self.run
        if run is None or self._is_fetching:
            return
        self._fetching = self.start(lambda _: fetch(run), "Getting the answers", self._take)
        self._show()

    def _fetch_when_ended(self) -> None:
        status = self._update.status
        rejected = int(status.counts.get("REJECTED") or 0) if status is not None else 0
        if self._update.ended and self._final != rejected and not self._is_fetching:
            self._final = rejected  # answers of a rejected submission are not usable
            self._fetch()

    def _take(self, answers: Answers) -> None:
        if answers.run is not self.run:
            return
        self._answers, self._agreed = answers, ""
        questions = [(shorten(each.question, 90), each.question) for each in answers.asked("")]
        options = [(_ALL, ""), *questions]
        if list(self._question.options) != options:
            self._question.options = options
        self._renew()
        self._show_section()
        if len(answers.frame):
            self.start(lambda _: prepare(answers), "Scoring the agreement", partial(self._score, answers))
        self._fetch_when_ended()

    def _score(self, answers: Answers, words: str) -> None:
        if answers is self._answers and not self.closed:
            self._agreed = words
            self.announce()

    def progressed(self, job: Job[Any]) -> None:
        """Enable the button when the job ends."""
        self.guard(self._show)()

    def refresh(self) -> None:
        """Monitor the current run, and show its answers."""
        if self.value is not self._own:  # a study of one's own has been made or opened
            self._own = self.value
            self._leave()
        run = self.run
        if run is not self._monitored:
            self._unwatch()
            self._monitored, self._unwatch = run, lambda: None
            self._update, self._answers, self._agreed, self._final = StatusUpdate(), None, "", None
            self._mark_rehearsal()
            if run is not None:
                seen = self.guard(lambda news: self._seen(run, news))
                self._unwatch = watch(run.client, run.study_id).subscribe(seen)
        self._show()

    def _mark_rehearsal(self) -> None:
        """Mark a rehearsal, and propose other files for what is saved of it."""
        set_visible(self._mark, self._is_rehearsal)
        set_visible(self._return, self.rehearsal.value is not None)
        for view in self._views.values():
            if view.saving is not None:
                view.saving.of_rehearsal(self._is_rehearsal)

    def _seen(self, run: Run, news: StatusUpdate) -> None:
        if run is not self._monitored or self.closed:
            return
        self._update = news
        self._fetch_when_ended()
        self._show()
        self.announce()

    @property
    def _is_fetching(self) -> bool:
        return self._fetching is not None and self._fetching.state == "running"

    # --- display -------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        if self.closed:
            return
        set_if_changed(self._get, "disabled", self.run is None or self._is_fetching)
        self._highlight()
        note = f"{REHEARSAL}. {_NOTHING}" if self._is_rehearsal else SIMULATED
        simulated = f' <span class="pnb-muted">{escape(note)}</span>' if self._has_answers else ""
        simulated = simulated if self.mode == "SANDBOX" else ""
        status_line = f'<p><span role="status">{escape(self._sentence())}</span>{simulated}</p>'
        set_if_changed(self._words, "value", status_line + self._warnings_html())
        set_visible(self._below, self._has_answers)

    def _highlight(self) -> None:
        """Fetching what there is, then saving what the tab shows."""
        status = self._update.status
        if self._has_answers:
            saving = self._shown.saving
            self.highlight(saving.following if saving is not None else None)
        else:
            wanted = status is not None and status.state != "UNPUBLISHED" and self._answers is None
            self.highlight(self._get if wanted and not self._is_fetching else None)

    @property
    def _has_answers(self) -> bool:
        return self._answers is not None and len(self._answers.frame) > 0

    def _sentence(self) -> str:
        if self.run is None:
            return "No study yet. Create a draft first."
        if self._is_fetching:
            return "Getting the answers…"
        status = self._update.status
        if self._has_answers:
            so_far = "" if self._update.ended or status is None else " so far; the study is still running"
            return f"{self._counts()}{so_far}."
        if status is not None and status.state == "UNPUBLISHED":
            return "No answers yet: the study is a draft."
        if self._answers is not None:
            return "No answers yet: no participant has finished."
        return "The answers have not been fetched yet."

    def _counts(self) -> str:
        assert self._answers is not None
        frame = self._answers.frame
        names = ("response_id", "participant_id")
        answers, people = self._answers.once("counts", lambda: [int(frame[name].nunique()) for name in names])
        return f"{counted(answers, 'answer')} by {f'{people:,} people' if people != 1 else 'one person'}"

    def _warnings_html(self) -> str:
        if self._answers is None:
            return ""
        words = [("Warning:", words) for words in self._answers.warnings]
        frame = self._answers.frame
        if finding := self._answers.once("times", lambda: times_finding(frame)):
            words.append(("Note:", finding.what))
        if "checks" in frame.attrs:
            words.append(("Note:", frame.attrs["checks"]))
        return "".join(f"<p><b>{level}</b> {escape(each)}</p>" for level, each in words)

    # --- code, state and summary ---------------------------------------------------------------------------------

    def code(self) -> str:
        """The program that creates the study, fetches its answers, and does what the chosen tab shows."""
        run = self.run
        if run is None:
            return program("pnb.connect()", [None, None, None], max_cost=None)
        if run.is_rehearsal:
            shown = f"{_READING}{self._shown.code()}" if self._has_answers else ""
            return f"# {REHEARSAL}\n{run.to_code()}{shown}"
        if self._answers is None:
            return program(run.client.code, [run.data, run.design, run.plan], max_cost=None)
        return run.to_code() + (self._shown.code() if self._has_answers else "")

    def step(self) -> StepStatus:
        """How many answers there are, and how far people agree."""
        if self._is_rehearsal:
            agreed = f"; {self._agreed}" if self._agreed else ""
            return StepStatus("optional", f"{REHEARSAL}. {self._sentence().rstrip('.')}{agreed}")
        if self._has_answers:
            ended = self._update.ended or self._update.status is None
            words = self._counts() + (f"; {self._agreed}" if self._agreed else "")
            return StepStatus("done" if ended else "running", words)
        running = self._update.status is not None and self._update.status.state not in ("UNPUBLISHED",)
        return StepStatus("running" if running or self._is_fetching else "to do", self._sentence())

    def summary(self) -> dict[str, object]:
        """The number of answers, and agreement."""
        marked: dict[str, object] = {"Shown": f"{REHEARSAL}. {_NOTHING}"} if self._is_rehearsal else {}
        found: dict[str, object] = marked | {"Answers": self._sentence()}
        return found | ({"Agreement": self._agreed} if self._agreed else {})


def prepare(answers: Answers) -> str:
    """What `agreed` returns, after loading what the charts need: it takes a second that nobody should wait for."""
    import matplotlib.backends.backend_agg
    import matplotlib.figure  # noqa: F401

    return agreed(answers)


def agreed(answers: Answers) -> str:
    """Agreement in few words, such as “α = .71”; that on the question with the lowest; empty if there is none."""
    try:
        found = [each.lead.value for each in answers.report("").scored if each.lead.value == each.lead.value]
    except ProlificError:  # nobody has asked for agreement yet; its tab says why there is none
        return ""
    if not found:
        return ""
    alpha = f"{min(found):.2f}".replace("0.", ".", 1)
    return f"α = {alpha}" if len(found) == 1 else f"lowest α = {alpha}"
