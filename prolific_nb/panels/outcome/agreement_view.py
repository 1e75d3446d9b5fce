"""Agreement on the chosen question: coefficients, what they mean, and a paragraph for a paper."""

from __future__ import annotations

from html import escape

import pandas as pd

from ...analysis import dawid_skene, plurality, weighted_vote
from ...common.display import visible
from ...report import AgreementReport
from ..kit import widgets as w
from ..kit.controls import Fold, row, stack
from ..kit.figures import image_html, png
from ..kit.traits import set_if_changed, set_visible
from .answer_table import STYLE, text
from .fetched_answers import Answers
from .view import View, literal, named

_MADE_BY = {"plurality": plurality, "weighted_vote": weighted_vote, "dawid_skene": dawid_skene}
_CHOICES = [("Leave it open", ""), ("Plurality", "plurality"), ("Weighted vote", "weighted_vote"),
            ("Dawid-Skene", "dawid_skene")]  # fmt: skip


class AgreementView(View):
    """The table of coefficients, a plot, the report in words, and the methods paragraph."""

    def build(self) -> w.Widget:
        """The report, and the methods paragraph behind a fold."""
        self._report, self._paragraph = w.HTML(layout={"width": "100%"}), w.HTML(layout={"width": "100%"})
        self._made_by = w.Dropdown(
            description="One label per row was made by", options=_CHOICES, layout={"width": "auto"}
        )
        self._made_by.observe(self.panel.guard(lambda _: self.renew()), names=["value"])
        self._methods = Fold("Methods paragraph", self._open, self.panel.guard)
        return stack(self._report, self._methods.box)

    def _open(self) -> w.Widget:
        self.renew()
        return stack(row(self._made_by), self._paragraph)

    def renew(self) -> None:
        """Score, draw and write on a thread."""
        answers, question = self.answers, self.question
        if answers is None:
            return
        written, made_by = self._methods.open, self._made_by.value

        def work() -> tuple[str, str, bool]:
            html = answers.once(("agreement, shown", question), lambda: agreement_html(answers, question))
            return html, methods_html(answers, question, made_by) if written else "", answers.one_label(question)

        self.compute(work, lambda made: self._show(*made))

    def _show(self, report: str, paragraph: str, one_label: bool) -> None:
        set_if_changed(self._report, "value", report)
        set_if_changed(self._paragraph, "value", paragraph)
        set_visible(self._made_by, one_label)
        self.panel.announce()

    def code(self) -> str:
        """The report, its plot and the paragraph."""
        lines = [f"report = pnb.agreement(answers{named(self.question, 'questions')})", "print(report)"]
        lines += ["axes = report.plot()"]
        if self._methods.open and self.answers is not None:
            made_by, asked = self._made_by.value, self.answers.asked(self.question)
            if made_by and len(asked) == 1:
                lines += [f"part = run.responses(question={literal(asked[0].question)})"]
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
    picture = image_html(png(report.plot), f"Plot of agreement. {report.headline}")
    return (
        f'{STYLE}<div style="display:flex;flex-wrap:wrap;gap:12px;align-items:flex-start;max-height:600px;'
        f'overflow:auto"><div style="flex:1 1 420px;min-width:0">{_table(report)}{words}</div>'
        f'<div style="flex:1 1 380px;min-width:0">{picture}</div></div>'
    )


def _table(report: AgreementReport) -> str:
    table = report.table
    several = table["question"].nunique() > 1
    asked = '<th scope="col">Question</th>' if several else ""
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Coefficient", "Value", "95 % interval", "Units"))
    body = "".join(_line(each, several) for _, each in table.iterrows())
    return (
        '<div class="pnb-scroll" tabindex="0" role="region" aria-label="Coefficients of agreement">'
        '<table class="pnb-answers" aria-label="Coefficients of agreement">'
        f"<thead><tr>{asked}{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _line(each: pd.Series, several: bool) -> str:
    name = each["coefficient"] if pd.isna(each["option"]) else f"{each['coefficient']} · {each['option']}"
    interval = "none" if pd.isna(each["low"]) else f"{each['low']:.2f} to {each['high']:.2f}"
    value = "undefined" if pd.isna(each["value"]) else f"{each['value']:.2f}"
    cells = [f"<td>{text(each['question'], 60)}</td>"] if several else []
    cells += [f"<td>{text(name)}</td>"]
    cells += [f'<td class="pnb-number">{cell}</td>' for cell in (value, interval, f"{each['n_units']:,}")]
    return f"<tr>{''.join(cells)}</tr>"
