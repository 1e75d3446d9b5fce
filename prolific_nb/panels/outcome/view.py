"""View: one tab of the results."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar

from ...jobs import Debouncer
from ..kit import widgets as w
from ..kit.panel import Panel
from .fetched_answers import Answers

T = TypeVar("T")


class View:
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
    """

    def __init__(self, panel: Panel, computing: Debouncer) -> None:
        self.panel, self.computing = panel, computing
        self.answers: Answers | None = None
        self.question = ""
        self._asked = object()
        self.box: w.Widget = self.build()

    def build(self) -> w.Widget:
        """Create the widgets; called once."""
        raise NotImplementedError

    def show(self, answers: Answers, question: str) -> None:
        """Show the answers to a question, or to all for an empty string; nothing if they are shown already."""
        if (answers, question) != (self.answers, self.question):
            self.answers, self.question = answers, question
            self.renew()

    def renew(self) -> None:
        """Show the current answers."""
        raise NotImplementedError

    def code(self) -> str:
        """Python that does the same with the frame ``answers``."""
        raise NotImplementedError

    def compute(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Run `work` on a thread, then `then` with its result, unless something newer has been asked for."""
        asked = self._asked = object()

        def run() -> None:
            try:
                result = work()
            except Exception as failure:  # there is no caller to raise it to
                self.panel.guard(self.panel.report)(failure)
                return
            if asked is self._asked and not self.panel.closed:
                self.panel.guard(then)(result)

        self.computing(run)


def literal(value: str) -> str:
    r"""A string as Python code.

    Examples
    --------
    >>> print(literal('"How?" ä'))
    "\"How?\" ä"
    """
    return json.dumps(value, ensure_ascii=False)


def named(question: str, name: str = "question") -> str:
    """The argument for a question, after others; empty for all of them.

    Examples
    --------
    >>> named("How?"), named("")
    (', question="How?"', '')
    """
    return f", {name}={literal(question)}" if question else ""
