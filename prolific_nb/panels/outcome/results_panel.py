"""The results panel: the tidy table, saving it as CSV, agreement, and how often each label was given."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from typing import Any

import pandas as pd

from ...common.plurals import counted
from ...jobs import Debouncer, Job
from ...study.monitor.watch import StatusUpdate, watch
from ...workflow.run import Run
from ...workflow.script import program
from ..kit import widgets as w
from ..kit.html_table import shorten
from ..kit.observable import as_observable
from ..kit.panel import Panel
from ..kit.traits import set_if_changed, set_visible
from .agreement_view import Answers, agreement_html, fetch, labels_html
from .answer_table import PAGE, in_view, place, table_html
from .save_csv import Saving

_ALL = "All questions"


class Results(Panel):
    """The answers of a run.

    Parameters
    ----------
    run : Run or Observable, optional
        The run; its answers are fetched by a click, and automatically when the study has ended.
    client : Client or Observable, optional
        Only determines whether the panel is labelled SANDBOX or LIVE; by default the client of the run.

    Attributes
    ----------
    answers : DataFrame or None
        The tidy table that is shown.

    Examples
    --------
    >>> Results().summary()
    {'Answers': 'No study yet. Create a draft first.'}
    """

    name, title = "pnb-results", "Results"

    def __init__(self, run: Any = None, *, client: Any = None) -> None:
        run, client = as_observable(run), as_observable(client)
        if run.value is not None and client.value is None:
            client.set(run.value.client)
        self._monitored: Run | None = None
        self._unwatch: Callable[[], None] = lambda: None
        self._update = StatusUpdate()
        self._answers: Answers | None = None
        self._fetching: Job[Any] | None = None
        self._start, self._final = 0, False
        self._drawing = Debouncer("the plots", pause=0.02)
        super().__init__(run, client)
        self._disposers.append(lambda: self._unwatch())

    @property
    def answers(self) -> pd.DataFrame | None:
        """The tidy table, or the part of it about the chosen question."""
        if self._answers is None:
            return None
        frame, question = self._answers.frame, self._question.value
        return frame[frame["question"] == question] if question else frame

    # --- the widgets -------------------------------------------------------------------------------------------

    def build(self) -> list[w.Widget]:
        """A button and the status; below, once there are answers: table, CSV, agreement, labels."""
        self._get = self._button("Get answers", self._fetch, "Fetch the answers so far")
        self._get.button_style = "primary"
        self._words = w.HTML()
        look: dict[str, Any] = {"style": {"description_width": "initial"}}
        one_line = {"width": "auto", "max_width": "560px", "flex_flow": "row nowrap"}
        self._question = w.Dropdown(description="Question", options=[(_ALL, "")], layout=one_line, **look)
        self._question.observe(self.guard(lambda _: self._question_chosen()), names=["value"])
        half = {"flex": "1 1 420px", "min_width": "0", "max_width": "640px", "margin": "2px 16px 2px 2px"}
        self._agreement, self._labels = w.HTML(layout=half), w.HTML(layout=half)
        self._saving = Saving(lambda: self.answers, self.start, self.guard)
        plots_row = w.HBox([self._agreement, self._labels], layout={"flex_flow": "row wrap", "width": "100%"})
        self._below = w.VBox([self._question, *self._paged(), self._saving.box, plots_row], layout={"width": "100%"})
        return [w.HBox([self._get, self._words], layout={"flex_flow": "row wrap", "width": "100%"}), self._below]

    def _paged(self) -> list[w.Widget]:
        self._table, self._position = w.HTML(layout={"width": "100%"}), w.HTML()
        self._previous = self._button("Previous rows", lambda: self._turn(-PAGE), "The previous 50 rows")
        self._next = self._button("Next rows", lambda: self._turn(PAGE), "The next 50 rows")
        row = {"flex_flow": "row wrap", "width": "100%", "align_items": "center"}
        return [self._table, w.HBox([self._previous, self._next, self._position], layout=row)]

    def _button(self, words: str, act: Callable[[], Any], hint: str) -> w.Button:
        button = w.Button(description=words, tooltip=hint, layout={"width": "auto", "min_width": "8em"})
        button.on_click(self.guard(lambda _: act()))
        return button

    # --- fetching ----------------------------------------------------------------------------------------------

    def _fetch(self) -> None:
        run = self.value
        if run is None or self._is_fetching:
            return
        self._fetching = self.start(lambda _: fetch(run), "Getting the answers", self._take)
        self._show()

    def _fetch_when_ended(self) -> None:
        if self._update.ended and not self._final and not self._is_fetching:
            self._final = True
            self._fetch()

    def _take(self, answers: Answers) -> None:
        if answers.run is not self.value:
            return
        self._answers, self._start = answers, 0
        questions = [(shorten(each.question, 90), each.question) for each in answers.run.codebook]
        options = [(_ALL, ""), *questions]
        if list(self._question.options) != options:
            self._question.options = options
        self._renew()
        self._draw()
        self._fetch_when_ended()

    def progressed(self, job: Job[Any]) -> None:
        """Enable the button when the job ends."""
        self.guard(self._show)()

    def refresh(self) -> None:
        """Monitor the current run, and show its answers."""
        run = self.value
        if run is not self._monitored:
            self._unwatch()
            self._monitored, self._unwatch = run, lambda: None
            self._update, self._answers, self._final = StatusUpdate(), None, False
            self._saving.forget()
            if run is not None:
                seen = self.guard(lambda news: self._seen(run, news))
                self._unwatch = watch(run.client, run.study_id).subscribe(seen)
        self._show()

    def _seen(self, run: Run, news: StatusUpdate) -> None:
        if run is not self._monitored or self.closed:
            return
        self._update = news
        self._fetch_when_ended()
        self._show()

    # --- display -------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        if self.closed:
            return
        set_if_changed(self._get, "disabled", self.value is None or self._is_fetching)
        status_line = f'<p role="status" style="margin:4px 8px">{escape(self._sentence())}</p>'
        set_if_changed(self._words, "value", status_line + self._warnings_html())
        frame = self.answers
        has_answers = frame is not None and self._answers is not None and len(self._answers.frame) > 0
        set_visible(self._below, has_answers)
        if frame is not None and has_answers:
            self._show_rows(frame)

    def _show_rows(self, frame: pd.DataFrame) -> None:
        set_if_changed(self._table, "value", table_html(in_view(frame), self._start, PAGE, "Answers"))
        set_if_changed(
            self._position, "value", f'<span style="margin:0 8px">{place(self._start, PAGE, len(frame))}</span>'
        )
        set_if_changed(self._previous, "disabled", self._start == 0)
        set_if_changed(self._next, "disabled", self._start + PAGE >= len(frame))

    def _sentence(self) -> str:
        if self.value is None:
            return "No study yet. Create a draft first."
        if self._is_fetching:
            return "Getting the answers…"
        status = self._update.status
        if self._answers is not None and len(self._answers.frame):
            frame = self._answers.frame
            people = frame["participant_id"].nunique()
            by = f"{people:,} people" if people != 1 else "one person"
            return f"{counted(frame['response_id'].nunique(), 'answer')} by {by}{self._so_far()}."
        if status is not None and status.state == "UNPUBLISHED":
            return "No answers yet: the study is a draft."
        if self._answers is not None:
            return "No answers yet: no participant has finished."
        return "The answers have not been fetched yet."

    def _so_far(self) -> str:
        return "" if self._update.ended or self._update.status is None else " so far; the study is still running"

    def _warnings_html(self) -> str:
        if self._answers is None:
            return ""
        said = [("Warning", words) for words in self._answers.warnings]
        said += [("Note", self._answers.frame.attrs["times"])] if "times" in self._answers.frame.attrs else []
        return "".join(f'<p style="margin:4px 8px"><b>{kind}:</b> {escape(words)}</p>' for kind, words in said)

    def _question_chosen(self) -> None:
        self._start = 0
        self._saving.forget()
        self._show()
        self._draw()

    def _turn(self, by: int) -> None:
        frame = self.answers
        if frame is not None and 0 <= self._start + by < len(frame):
            self._start += by
            self._show()

    # --- agreement and labels --------------------------------------------------------------------------------------

    def _draw(self) -> None:
        """Draw the plots of the chosen question on a worker thread; of several quick choices only the last."""
        answers, question = self._answers, self._question.value
        if answers is not None and len(answers.frame):
            self._drawing(lambda: self._drawn(answers, question))

    def _drawn(self, answers: Answers, question: str) -> None:
        for part, words in ((self._agreement, agreement_html), (self._labels, labels_html)):
            try:
                html = words(answers, question)
            except Exception as failure:  # there is no caller to raise it to
                self.guard(self.report)(failure)
                html = ""
            if answers is self._answers and not self.closed:
                set_if_changed(part, "value", html)

    @property
    def _is_fetching(self) -> bool:
        return self._fetching is not None and self._fetching.state == "running"

    # --- code and summary ----------------------------------------------------------------------------------------

    def code(self) -> str:
        """The program that creates the study and fetches its answers."""
        run = self.value
        if run is None:
            return program("pnb.connect()", [None, None, None], max_cost=None)
        if self._answers is None:
            return program(run.client.code, [run.data, run.design, run.plan], max_cost=None)
        lines = [run.to_code()]
        if self._question.value:
            name = json.dumps(self._question.value, ensure_ascii=False)
            lines.append(f"pnb.plots.labels(answers, question={name})\n")
        return "".join([*lines, 'pnb.save_table(answers, "responses.csv")\n'])

    def summary(self) -> dict[str, object]:
        """The number of answers."""
        return {"Answers": self._sentence()}
