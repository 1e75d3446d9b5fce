"""Agreement on the chosen question: coefficients, what they mean, and a paragraph for a paper."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from ... import plots
from ...analysis import dawid_skene, plurality, weighted_vote
from ...common.display import quoted, visible
from ...report import AgreementReport
from ..kit import widgets as w
from ..kit.controls import Fold, row, stack
from ..kit.figures import image_html, png
from ..kit.traits import set_if_changed, set_visible
from .answer_table import STYLE, text
from .fetched_answers import Answers
from .view import View, marked, named

_MADE_BY = {"plurality": plurality, "weighted_vote": weighted_vote, "dawid_skene": dawid_skene}
_CHOICES = [("Leave it open", ""), ("Plurality", "plurality"), ("Weighted vote", "weighted_vote"),
            ("Dawid-Skene", "dawid_skene")]  # fmt: skip

_NUMBER = ' class="pnb-number"'
_HEADINGS = (("Coefficient", ""), ("Value", _NUMBER), ("95 % interval", _NUMBER), ("Units", _NUMBER))


class AgreementView(View):
    """The table of coefficients, a plot, the report in words, and the methods paragraph."""

    def build(self) -> w.Widget:
        """The report, and the methods paragraph behind a fold."""
        self._report = w.HTML(layout={"width": "100%"})
        self._made_by: w.Dropdown | None = None
        self._methods = Fold("Methods paragraph", self._open, self.panel.guard)
        return stack(self._report, self._methods.box)

    def _open(self) -> w.Widget:
        self._paragraph = w.HTML(layout={"width": "100%"})
        self._made_by = w.Dropdown(
            description="One label per row was made by", options=_CHOICES, layout={"width": "auto"}
        )
        self._made_by.observe(self.panel.guard(lambda _: self.renew()), names=["value"])
        self.renew()
        return stack(row(self._made_by), self._paragraph)

    def renew(self) -> None:
        """Score, draw and write on a thread."""
        answers, question = self.answers, self.question
        if answers is None:
            return
        made_by = None if self._made_by is None else self._made_by.value

        def make() -> tuple[str, str, bool]:
            html = answers.once(("agreement, shown", question), lambda: agreement_html(answers, question))
            paragraph = "" if made_by is None else methods_html(answers, question, made_by)
            return html, paragraph, answers.one_label(question)

        self.compute(("agreement", question, made_by), make, lambda made: self._show(*made), "Scoring the agreement…")

    def _show(self, report: str, paragraph: str, one_label: bool) -> None:
        set_if_changed(self._report, "value", report)
        if self._made_by is not None:
            set_if_changed(self._paragraph, "value", paragraph)
            set_visible(self._made_by, one_label)
        self.panel.announce()

    def code(self) -> str:
        """The report, its plot and the paragraph."""
        lines = [f"report = pnb.agreement(answers{named(self.question, 'questions')})", "print(report)"]
        lines += ["axes = report.plot()"]
        if self._methods.open and self._made_by is not None and self.answers is not None:
            made_by, asked = self._made_by.value, self.answers.asked(self.question)
            if made_by and len(asked) == 1:
                lines += [f"part = run.responses(question={quoted(asked[0].question)})"]
                lines += [f"print(report.to_methods(pnb.analysis.{made_by}(part)))"]
            else:
                lines += ["print(report.to_methods())"]
        return "\n".join([*lines, ""])


def methods_html(answers: Answers, question: str, made_by: str) -> str:
    """The methods paragraph, which a click selects."""
    report = answers.report(question)
    aggregate = None
    if made_by and answers.one_label(question):
        counts = report.scored[0].reading.counts
        aggregate = answers.once(("aggregate", question, made_by), lambda: _MADE_BY[made_by](counts))
    return (
        '<pre class="pnb-words" tabindex="0" role="region" aria-label="Methods paragraph" '
        'style="user-select:all;padding:8px 10px;background:var(--pnb-soft);border-radius:4px">'
        f"{escape(visible(report.to_methods(aggregate)))}</pre>"
        '<p class="pnb-muted">A click selects the whole paragraph. Fill in or delete what is in square brackets.</p>'
    )


def agreement_html(answers: Answers, question: str) -> str:
    """The coefficients as a table beside their plot, and the report in words."""
    report = answers.report(question)
    words = "".join(f'<p style="margin:4px 0">{escape(visible(words))}</p>' for words in report.words.split("\n\n"))
    if not len(report.table):
        return words
    short = len(report.scored) == 1  # the words stand where there is room for them
    drawn: list[str] = []
    image = png(lambda axes: drawn.append(plots.alt_text(report.plot(axes))))
    picture = image_html(image, marked(drawn[0], answers))
    return (
        f'{STYLE}<div style="display:flex;flex-wrap:wrap;gap:12px;align-items:flex-start;max-height:500px;'
        f'overflow:auto"><div style="flex:1 1 420px;min-width:0">{_table(report)}{words if short else ""}</div>'
        f'<div style="flex:1 1 380px;min-width:0">{picture}{"" if short else words}</div></div>'
    )


def _table(report: AgreementReport) -> str:
    """A body for each question, so that a long question takes no room from the numbers."""
    table = report.table
    head = "".join(f'<th scope="col"{kind}>{name}</th>' for name, kind in _HEADINGS)
    bodies = [(question, table[table["question"] == question]) for question in table["question"].unique()]
    several = len(bodies) > 1
    body = "".join(f"<tbody>{_asked(question) if several else ''}{_lines(part)}</tbody>" for question, part in bodies)
    return (
        '<div class="pnb-scroll" tabindex="0" role="region" aria-label="Coefficients of agreement">'
        f'<table class="pnb-answers" aria-label="Coefficients of agreement"><thead><tr>{head}</tr></thead>{body}'
        "</table></div>"
    )


def _asked(question: str) -> str:
    return f'<tr><th class="pnb-group" scope="rowgroup" colspan="{len(_HEADINGS)}">{text(question, 90)}</th></tr>'


def _lines(part: pd.DataFrame) -> str:
    return "".join(f"<tr>{_cells(each)}</tr>" for _, each in part.iterrows())


def _cells(each: pd.Series[Any]) -> str:
    name = each["coefficient"] if pd.isna(each["option"]) else f"{each['coefficient']} · {each['option']}"
    interval = "none" if pd.isna(each["low"]) else f"{each['low']:.2f} to {each['high']:.2f}"
    value = "undefined" if pd.isna(each["value"]) else f"{each['value']:.2f}"
    numbers = "".join(f"<td{_NUMBER}>{cell}</td>" for cell in (value, interval, f"{each['n_units']:,}"))
    return f"<td>{text(name)}</td>{numbers}"
