"""How many annotators are enough: assumptions, the picture with its point, and the button that takes it over."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any

import pandas as pd

from ....common.plurals import counted
from ....errors import ProlificError
from ....jobs import Debouncer
from ....study import StudyPlan
from ...kit import widgets as w
from ...kit.controls import button, row, stack
from ...kit.html_table import shorten, status_html
from ...kit.panel import Panel
from ...kit.traits import set_if_changed, set_visible
from ...kit.wording.panel_words import in_panel_words, without_code
from ..cost_estimate import Inputs
from .asked_precision import Answer, Asked, questions_of
from .movable_point import MovablePoint
from .pilots import pilots
from .precision_words import finding_words, point_words

_PAUSE = 0.3  # seconds without another change before anything is computed
_ASSUMED = "assumptions"
_SUPPOSED = 2  # labels, where no question has any
_LOOK: dict[str, Any] = {"style": {"description_width": "initial"}, "layout": {"width": "auto", "min_width": "0"}}
_LEGEND = "The ring is the point: click, drag it, use its arrow keys, or type. The plan takes only its annotators."


class PrecisionSection:
    """The content of the fold.

    Parameters
    ----------
    panel : Panel
        Holds the plan, and shows errors.
    inputs : callable
        Returns what the study has so far.
    """

    def __init__(self, panel: Panel, inputs: Callable[[], Inputs]) -> None:
        self.panel, self._inputs = panel, inputs
        self._computing = Debouncer("the precision", _PAUSE)
        self._telling = Debouncer("the precision of a point")
        self._wanted: Hashable = None
        self._answer: Answer | None = None
        self._planned: Hashable = None
        self._setting = False
        self._fetched: dict[str, pd.DataFrame] = {}
        self._pilots: dict[str, tuple[str, frozenset[str]]] = {}
        self._looked: Hashable = None
        self.box = self._build()

    # --- widgets -----------------------------------------------------------------------------------------------------

    def _build(self) -> w.Widget:
        self.point = MovablePoint()
        self._busy, self._told, self._words = w.HTML(), w.HTML(), w.HTML()
        self.annotators = w.BoundedIntText(min=2, max=7, description="Annotators", **_LOOK)
        self.rows = w.BoundedIntText(min=2, max=1_000_000, description="Rows", **_LOOK)
        self.use = button("Use 2 annotators", self._use, self.panel.guard, "Puts the annotators into the plan")
        self.use.layout.align_self = "flex-start"
        for field in (self.annotators, self.rows):
            field.observe(self.panel.guard(lambda _: self._typed()), names=["value"])
        self.point.observe(self.panel.guard(lambda _: self._moved()), names=["at"])
        beside = stack(
            row(self.annotators, self.rows), self._told, self.use, self._words, flex="1 1 260px", width="auto"
        )
        picture = stack(self.point, w.HTML(f'<div class="pnb-muted">{_LEGEND}</div>'), flex="2 1 380px", width="auto")
        self._shown = row(picture, beside, align_items="flex-start", grid_gap="8px 20px")
        self._shown.layout.display = "none"
        made = stack(self._assumptions(), self._busy, self._shown)
        made.add_class("pnb-plan-fields")
        made.add_class("pnb-plan-precision")
        return made

    def _assumptions(self) -> w.Widget:
        self.question = w.Dropdown(description="Question", **_LOOK)
        self.basis = w.Dropdown(description="Based on", options=[(_ASSUMED, "")], **_LOOK)
        self.basis.layout.display = "none"
        self.skill = w.BoundedIntText(value=80, min=60, max=95, step=5, description="Right answers (%)", **_LOOK)
        self.frequent = w.BoundedIntText(min=1, max=95, step=5, description="Most frequent label (%)", **_LOOK)
        self.precision = w.BoundedFloatText(value=0.05, min=0.01, max=0.3, step=0.01, description="Target ±", **_LOOK)
        self.basis.observe(self.panel.guard(lambda _: self._based()), names=["value"])
        self.question.observe(self.panel.guard(lambda _: self._chosen()), names=["index"])
        for field in (self.skill, self.frequent, self.precision):
            field.observe(self.panel.guard(lambda _: self._ask()), names=["value"])
        flexes = ("3 1 220px", "2 1 200px", "1 1 150px", "1 1 150px", "1 1 90px")
        fields = self.question, self.basis, self.skill, self.frequent, self.precision
        for field, flex in zip(fields, flexes, strict=True):
            field.layout.flex = flex
        return row(*fields, align_items="flex-end", grid_gap="6px 12px")

    # --- asking ------------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Look for pilots again: there may be newer runs, and newer answers."""
        self._looked = None
        self._fetched.clear()
        if self.basis.value:
            self._wanted = None
        self.refresh()

    def refresh(self) -> None:
        """Follow the design and the plan."""
        inputs = self._inputs()
        asked = questions_of(inputs.design)
        if self._looked != (inputs.client, *asked):
            self._looked = inputs.client, *asked
            self._pilots = pilots(inputs.client, asked)
        options = [(f"{shorten(each.question, 60)} ({_kind(each.kind, len(each.options))})", each) for each in asked]
        names = [name for name, _ in options] or [f"none yet: supposing {_SUPPOSED} labels"]
        if list(self.question.options) != names:
            self._setting = True
            self.question.options, self.question.index = names, 0
            self._setting = False
            self._chosen()
        self._offer()
        self._ask()

    def _offer(self) -> None:
        """The runs that asked the chosen question."""
        asked, at = questions_of(self._inputs().design), self.question.index or 0
        chosen = asked[at].question if at < len(asked) else ""
        options = [(_ASSUMED, ""), *((line, key) for key, (line, same) in self._pilots.items() if chosen in same)]
        if list(self.basis.options) != options:
            kept = self.basis.value if self.basis.value in [key for _, key in options] else ""
            self._setting = True
            self.basis.options = options
            self.basis.value = kept
            self._setting = False
        set_visible(self.basis, len(options) > 1)
        self._show_assumptions()

    def _show_assumptions(self) -> None:
        assumed = not self.basis.value
        set_visible(self.skill, assumed)
        set_visible(self.frequent, assumed and not self._labels()[1])

    def _based(self) -> None:
        if not self._setting:
            self._show_assumptions()
            self._ask()

    def _chosen(self) -> None:
        """A chosen question starts with labels that are equally common."""
        if self._setting:
            return
        labels, _ = self._labels()
        self._setting = True
        equal = -(-100 // labels)
        self.frequent.min = min(self.frequent.min, equal)
        self.frequent.value = equal
        self.frequent.min = equal
        self._setting = False
        self._offer()
        self._ask()

    def _labels(self) -> tuple[int, bool]:
        """The number of labels of the question, and whether they are points of a scale."""
        asked = questions_of(self._inputs().design)
        at = self.question.index or 0
        return (len(asked[at].options), asked[at].kind == "scale") if at < len(asked) else (_SUPPOSED, False)

    def asked(self) -> Asked:
        """What the fields ask."""
        inputs, (labels, scale) = self._inputs(), self._labels()
        assert inputs.plan is not None
        common = None if scale or self.frequent.value <= -(-100 // labels) else self.frequent.value / 100
        precision = round(self.precision.value, 4)
        given = self.skill.value / 100, labels, common, scale, precision
        pilot = str(self.basis.value or "")
        question = questions_of(inputs.design)[self.question.index or 0].question if pilot else ""
        return Asked(*given, inputs.plan, inputs.data, inputs.client, pilot, question)

    def _ask(self) -> None:
        if self._setting or self.panel.value is None:
            return
        asked = self.asked()
        if asked.key == self._wanted:
            return
        self._wanted = asked.key
        self._say("Computing…")
        self._computing(lambda: self._run(asked))

    def _run(self, asked: Asked) -> None:
        if self.panel.closed or asked.key != self._wanted:
            return
        try:
            answer = asked.answer(self._fetched)
        except ProlificError as failure:
            self.panel.guard(self._failed)(asked, failure)
        except Exception as failure:  # there is no caller to raise it to
            self.panel.guard(self._failed)(asked, None)
            self.panel.report(failure)
        else:
            self.panel.guard(self._show)(answer)

    def _failed(self, asked: Asked, failure: ProlificError | None) -> None:
        if asked.key == self._wanted:
            self._wanted = self._answer = None  # the next change asks again
            set_visible(self._shown, False)
            self._say(without_code(in_panel_words(str(failure))) if failure is not None else "")

    # --- showing -----------------------------------------------------------------------------------------------------

    def _show(self, answer: Answer) -> None:
        if self.panel.closed or answer.asked.key != self._wanted:
            return
        self._answer = answer
        self._say("")
        planned = answer.asked.plan.annotators_per_task, answer.asked.rows
        at = self.point.at
        if planned != self._planned or not at or at[0] not in answer.annotators:
            self._planned, at = planned, answer.start
        names = ("light", "dark", "label", "frame", "limits", "annotators", "units")
        with self.point.hold_sync():
            for name in names:
                set_if_changed(self.point, name, getattr(answer, name))
            self.annotators.max = answer.annotators[-1]
            set_if_changed(self.point, "at", at)
        set_if_changed(self._words, "value", finding_words(answer))
        self._moved()
        set_visible(self._shown)
        self.panel.renew_code()

    def _moved(self) -> None:
        """The point is somewhere else: show the fields, and compute what it gives."""
        answer = self._answer
        if answer is None or not self.point.at:
            return
        m, n = self.point.at
        self._setting = True
        set_if_changed(self.annotators, "value", m)
        set_if_changed(self.rows, "value", n)
        self._setting = False
        set_if_changed(self.use, "description", f"Use {counted(m, 'annotator')}")
        set_visible(self.use, m != self.panel.value.annotators_per_task)
        self._telling(lambda: self._tell(answer, m, n))

    def _tell(self, answer: Answer, m: int, n: int) -> None:
        """On a thread: the server may be asked for a cost."""
        if self.panel.closed or answer is not self._answer or [m, n] != self.point.at:
            return
        try:
            words = point_words(answer, answer.found.at(m, n))
        except Exception as failure:  # there is no caller to raise it to
            self.panel.report(failure)
            return
        set_if_changed(self._told, "value", f'<div role="status">{words}</div>')

    def _typed(self) -> None:
        if self._setting or self._answer is None:
            return
        numbers = self._answer.annotators
        m = min(numbers, key=lambda each: abs(each - self.annotators.value))
        set_if_changed(self.point, "at", [m, self.rows.value])

    def _use(self) -> None:
        if not self.point.at:  # nothing has been computed yet
            return
        m = self.point.at[0]

        def changed(plan: StudyPlan) -> StudyPlan:
            return replace(plan, annotators_per_task=m)

        self.panel.held.update(changed)

    def _say(self, words: str) -> None:
        set_if_changed(self._busy, "value", status_html(words))

    def join(self, timeout: float) -> None:
        """Wait until nothing is being computed, at most `timeout` seconds."""
        self._computing.join(timeout)
        self._telling.join(timeout)


def _kind(kind: str, options: int) -> str:
    return f"scale of {options} points" if kind == "scale" else counted(options, "label")
