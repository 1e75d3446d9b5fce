"""A chart for each question, of the right kind for its answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape
from typing import Any

from ... import plots
from ...common.display import quoted
from ...common.plurals import counted
from ...design.codebook import Question
from ...report.narrative import SIMULATED
from ..kit import widgets as w
from ..kit.figures import image_html, png
from ..kit.html_table import shorten
from ..kit.traits import set_if_changed
from .fetched_answers import Answers
from .view import View, marked

_STYLE = """<style>
.pnb-charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 12px;
  max-height: 540px; overflow: auto; }
.pnb-charts > * { min-width: 0; margin: 0; }
</style>"""
_PLOTS: dict[str, str] = {
    **dict.fromkeys(("single", "many", "scale"), "labels"),
    "number": "histogram",
    "text": "histogram",
}


class ChartsView(View):
    """The charts of the chosen question, or of all."""

    def build(self) -> w.Widget:
        """The charts."""
        self._charts = w.HTML(layout={"width": "100%"})
        return self._charts

    def renew(self) -> None:
        """Draw on a thread, and show each chart as soon as it is drawn."""
        answers, question = self.answers, self.question
        if answers is None:
            return
        asked = answers.asked(question)

        def draw() -> list[str]:
            charts: list[str] = []
            for each in asked:
                charts.append(answers.once(("chart", each.question), partial(_chart, answers, each)))
                if (answers, question) == (self.answers, self.question) and not self.panel.closed:
                    self._show(charts)
            return charts

        self.compute(("charts", question), draw, self._show, f"Drawing {counted(len(asked), 'chart')}…")

    def _show(self, charts: list[str]) -> None:
        set_if_changed(self._charts, "value", f'{_STYLE}<div class="pnb-charts">{"".join(charts)}</div>')

    def code(self) -> str:
        """A plot for each question."""
        asked = [] if self.answers is None else self.answers.asked(self.question)
        return "".join(
            f"pnb.plots.{_PLOTS[each.kind]}(answers, question={quoted(each.question)})\n"
            for each in asked
            if each.kind in _PLOTS
        )


def _chart(answers: Answers, asked: Question) -> str:
    """The chart of one question, or a sentence where there is nothing to draw."""
    if asked.kind not in _PLOTS:
        number = answers.of(asked.question)["file_name"].notna().sum()
        return f"<p><b>{escape(shorten(asked.question, 90))}</b>: {number:,} files. They are in run.export(folder).</p>"
    draw: Callable[..., Any] = getattr(plots, _PLOTS[asked.kind])
    note = SIMULATED if answers.simulated else None
    words: list[str] = []

    def on(axes: Any) -> None:
        words.append(plots.alt_text(draw(answers.frame, question=asked.question, ax=axes, note=note)))

    image = png(on)
    return f"<div>{image_html(image, marked(words[0], answers))}</div>"
