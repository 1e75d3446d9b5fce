"""Disputed rows one at a time, as participants saw them, to decide on each."""

from __future__ import annotations

from ..judging.bench import Bench
from ..judging.disputes import disputes_of
from ..kit import widgets as w
from .fetched_answers import Answers
from .view import View


class DecideView(View):
    """The bench of the panel `Disagreements`, for the question that is chosen above the tabs."""

    def build(self) -> w.Widget:
        """The bench, which chooses among rows but not the question."""
        self._bench = Bench(self.panel, ask=False)
        return self._bench.box

    def show(self, answers: Answers, question: str) -> None:
        """As of any tab; what code decided meanwhile is put in."""
        same = (answers, question) == (self.answers, self.question)
        super().show(answers, question)
        if same:
            self.renew()

    def renew(self) -> None:
        """Look for what people disagree about on a thread."""
        answers, question = self.answers, self.question
        if answers is not None:
            self.compute(
                ("disputes",),
                lambda: disputes_of(answers.frame, answers.run.codebook),
                lambda disputes: self._bench.show(answers.run, disputes, question),
                "Comparing the answers…",
            )

    def code(self) -> str:
        """The decisions, made again."""
        return self._bench.code()
