"""View: one tab of the results."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from html import escape
from typing import TypeVar

from ...common.display import quoted
from ...jobs import Debouncer
from ...report.narrative import SIMULATED
from ..kit import widgets as w
from ..kit.controls import stack
from ..kit.panel import Panel
from ..kit.traits import set_if_changed
from .fetched_answers import Answers
from .saving import Saving

T = TypeVar("T")


class View(ABC):
    """One tab: what it shows of the answers to a question, and the Python that does the same.

    Parameters
    ----------
    panel : Panel
        Shows the errors.
    computing : Debouncer
        Runs the newest computation of the panel; one for all tabs, since only one of them is seen.

    Attributes
    ----------
    box : ipywidgets.Widget
    busy : ipywidgets.HTML
        What is being computed.
    saving : Saving or None
        Saves its table.
    """

    saving: Saving | None = None

    def __init__(self, panel: Panel, computing: Debouncer) -> None:
        self.panel, self.computing = panel, computing
        self.answers: Answers | None = None
        self.question = ""
        self._asked = object()
        self.busy = w.HTML()
        self.box: w.Widget = stack(self.busy, self.build())

    @abstractmethod
    def build(self) -> w.Widget:
        """Create the widgets; called once."""

    def show(self, answers: Answers, question: str) -> None:
        """Show the answers to a question, or to all for an empty string; nothing if they are shown already."""
        if (answers, question) != (self.answers, self.question):
            self.answers, self.question = answers, question
            self.renew()

    @abstractmethod
    def renew(self) -> None:
        """Show the current answers."""

    @abstractmethod
    def code(self) -> str:
        """Python that does the same with the frame ``answers``."""

    def compute(self, key: Hashable, make: Callable[[], T], then: Callable[[T], None], doing: str) -> None:
        """Call `then` with the result of `make`, which is kept under `key`; at once if it is there already.

        Otherwise it is made on a thread, `doing` is shown meanwhile, and a result is dropped if something newer has
        been asked for.
        """
        answers, asked = self.answers, object()
        self._asked = asked
        if answers is None:
            return
        if answers.has(key):
            set_if_changed(self.busy, "value", "")
            then(answers.once(key, make))
            return
        set_if_changed(self.busy, "value", f'<span class="pnb-muted" role="status">{escape(doing)}</span>')

        def run() -> None:
            try:
                result = answers.once(key, make)
            except Exception as failure:  # there is no caller to raise it to
                self.panel.guard(self._fail)(failure)
                return
            if asked is self._asked and not self.panel.closed:
                set_if_changed(self.busy, "value", "")
                self.panel.guard(then)(result)

        self.computing(run)

    def _fail(self, failure: Exception) -> None:
        set_if_changed(self.busy, "value", "")
        self.panel.report(failure)


def marked(words: str, answers: Answers) -> str:
    """Alternative text, which says that the participants were simulated where they were."""
    return f"{words} {SIMULATED}" if answers.simulated and SIMULATED not in words else words


def named(question: str, name: str = "question") -> str:
    """The argument for a question, after others; empty for all of them.

    Examples
    --------
    >>> named("How?"), named("")
    (', question="How?"', '')
    """
    return f", {name}={quoted(question)}" if question else ""
