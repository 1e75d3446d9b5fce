"""Rows on which people disagree, the worst first, with their text and the answers given."""

from __future__ import annotations

from html import escape

import pandas as pd

from ...common.display import quoted
from ...design.question_types import text_of
from ...report.rows.disagreement_table import disagreement_table
from ..kit import widgets as w
from ..kit.controls import stack
from ..kit.traits import set_if_changed, set_visible
from .answer_table import bars, percent, text
from .fetched_answers import Answers
from .pager import Pager
from .saving import Saving
from .view import View

PAGE = 10


class DisputedView(View):
    """A page of disputed rows."""

    saving: Saving

    def build(self) -> w.Widget:
        """A sentence, the table, and a file to save it to."""
        self._words = w.HTML()
        self._pager = Pager("Disputed rows", PAGE, self.panel.guard, self._cells)
        self.saving = Saving(self.panel, "disputed.csv", lambda: self._table)
        self._table: pd.DataFrame | None = None
        self._below = stack(self._pager.box, self.saving.box)
        set_visible(self._below, False)
        return stack(self._words, self._below)

    def renew(self) -> None:
        """Look for the disputed rows on a thread."""
        answers, question = self.answers, self.question
        if answers is not None:
            self.saving.forget()
            self.compute(
                ("disputed", question),
                lambda: _disputed(answers, question),
                lambda table: self._show(answers, table),
                "Comparing the answers…",
            )

    def _show(self, answers: Answers, table: pd.DataFrame) -> None:
        self._table = table
        set_if_changed(self._words, "value", f"<p>{escape(_sentence(answers, self.question, table))}</p>")
        set_visible(self._below, len(table) > 0)
        self._pager.show(_in_order(table, answers.columns.unit, not self.question))

    def _cells(self, page: pd.DataFrame) -> dict[str, list[str]]:
        """Bars for the labels of the rows of one page."""
        answers = self.answers
        if answers is None or page.empty:
            return {}
        asked = page["question"] if "question" in page else [self.question] * len(page)
        units = page[answers.columns.unit]
        given = [_given(answers, question, unit) for question, unit in zip(asked, units, strict=True)]
        return {"answers": given, **({"agreement": percent(page["agreement"])} if "agreement" in page else {})}

    def code(self) -> str:
        """The table, saved."""
        question = f", {quoted(self.question)}" if self.question else ""
        path = quoted(self.saving.path)
        return f"disputed = pnb.disagreements(answers{question})\nprint(disputed)\npnb.save_table(disputed, {path})\n"


def _disputed(answers: Answers, question: str) -> pd.DataFrame:
    return disagreement_table(answers.report(question), answers.of(question), answers.columns)


def _sentence(answers: Answers, question: str, table: pd.DataFrame) -> str:
    report = answers.report(question)
    if not report.scored:
        reasons = answers.why_not_scored(question)
        return f"No rows can be compared: {reasons}." if reasons else "There are no answers to compare."
    compared = len(report.units)
    if not len(table):
        return f"All people agree on all {compared:,} rows that have two answers or more." if compared else (
            "No row has two answers yet."
        )  # fmt: skip
    what = "rows" if question or len(report.scored) == 1 else "pairs of a row and a question"
    return f"People disagree on {len(table):,} of {compared:,} {what}; the lowest agreement comes first."


def _in_order(table: pd.DataFrame, unit: str, several: bool) -> pd.DataFrame:
    """What is read first: question, the answers, how far they agree, the columns of the row."""
    known = ("question", unit, "n_ratings", "agreement", "majority", "labels", "mean", "sd", "entropy", "answers")
    own = [name for name in table.columns if name not in known and not str(name).startswith("share of ")]
    numbers = [name for name in ("agreement", "sd") if name in table and table[name].notna().any()]
    if "explanations" in table and table["explanations"].isna().all():
        own.remove("explanations")
    return table.assign(answers="")[[*(["question"] if several else []), "answers", *numbers, *own, unit]]


def _given(answers: Answers, question: str, unit: object) -> str:
    """The answers to one question about one row: a bar for each label, or the numbers."""
    asked = answers.run.codebook.find(question)
    frame = answers.frame
    part = frame[(frame["question"] == question) & (frame[answers.columns.unit] == unit)]
    if asked.kind == "number":
        return text(", ".join(f"{number:,.6g}" for number in sorted(part["number"].dropna())))
    counts = part["value"].astype(object).value_counts().to_dict()
    order = [option for option in map(text_of, asked.options) if option in counts]
    given = {str(label): counts[label] for label in [*order, *counts]}
    return bars(given, part["participant_id"].nunique())
