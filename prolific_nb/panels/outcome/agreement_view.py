"""Agreement and labels of the chosen question, as text and plots."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from ... import plots
from ...common.display import suppress_notices
from ...report import agreement
from ...report.narrative import SIMULATED
from ...workflow.run import Run
from ..kit.figures import image_html, png

_LABELLED = ("single", "many", "scale")


@dataclass(frozen=True)
class Answers:
    """The fetched answers: the tidy table, and the warnings raised while fetching.

    A note on missing times is in ``frame.attrs["times"]``.
    """

    run: Run
    frame: pd.DataFrame
    warnings: tuple[str, ...]


def fetch(run: Run) -> Answers:
    """Fetch the usable answers so far, with the warnings."""
    run.cost()  # cached, so that showing the code sends no request
    with _collect_warnings() as caught, suppress_notices():
        frame = run.responses()
    return Answers(run, frame, tuple(caught))


@contextmanager
def _collect_warnings() -> Iterator[list[str]]:
    """Collect warnings as strings; on a worker thread they would only be logged."""
    words: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        yield words
    words += dict.fromkeys(str(one.message) for one in caught if issubclass(one.category, UserWarning))


def agreement_html(answers: Answers, question: str) -> str:
    """The agreement report as a plot and text."""
    frame = answers.frame
    wanted = [each for each in answers.run.codebook if not question or each.question == question]
    part = frame[frame["question"].isin([each.question for each in wanted])]
    part.attrs = dict(frame.attrs)
    report = agreement(part, questions=wanted)
    paragraphs = "".join(f'<p style="margin:4px 0">{escape(words)}</p>' for words in report.words.split("\n\n"))
    picture = image_html(png(report.plot), f"Plot of agreement. {report.headline}") if len(report.table) else ""
    return f'<h4 style="margin:10px 0 2px">Agreement</h4>{picture}{paragraphs}'


def labels_html(answers: Answers, question: str) -> str:
    """A plot of how often each label was given to the chosen question."""
    title = '<h4 style="margin:10px 0 2px">Labels</h4>'
    if not question:
        return f'{title}<p class="pnb-muted">Choose a question above to see how often each label was given.</p>'
    if answers.run.codebook.find(question).kind not in _LABELLED:
        return f'{title}<p class="pnb-muted">This question has no fixed labels to count.</p>'
    note = SIMULATED if answers.run.client.mode == "SANDBOX" else None
    drawn: list[str] = []

    def draw(axes: Any) -> None:
        plots.labels(answers.frame, question=question, ax=axes, note=note)
        drawn.append(axes.get_title(loc="left").replace("\n", " ").replace(r"\$", "$"))

    image = png(draw)
    return f"{title}{image_html(image, f'Plot of labels. {drawn[0]}')}"
