"""The plan panel: reward, minutes, annotators and cost, recomputed while the user types."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

from ...common.findings import Finding
from ...data import Dataset
from ...design import Design
from ...errors import PlanError
from ...study import StudyPlan
from ..kit import widgets as w
from ..kit.findings_list import findings_html
from ..kit.observable import Observable, as_observable
from ..kit.panel import Panel
from ..kit.traits import set_if_changed, set_visible
from .cost_estimate import Estimator, Inputs, rows, table

_UNNAMED = "My study"
_ABOUT = "Each participant answers one group of rows for this reward, in about this many minutes."
_LOOK: dict[str, Any] = {"style": {"description_width": "initial"}, "continuous_update": True}
_WIDE, _NARROW = {"flex": "1 1 320px"}, {"flex": "1 1 215px"}
_BOX = {"min_width": "0", "margin": "0 10px 0 0"}


class Plan(Panel):
    """The plan of a study as a form, with its places, cost and hourly pay.

    Parameters
    ----------
    plan : StudyPlan or Observable, optional
        By default named after the design, with a reward of 1.50 for 6 minutes.
    client, data, design : values or Observable, optional
        Needed for the cost; the panel says which are missing.

    Examples
    --------
    >>> from prolific_nb.study import StudyPlan
    >>> Plan(StudyPlan("Reviews", reward="1.50", minutes=6)).value.minutes
    6
    """

    name, title = "pnb-plan", "Plan"
    undoable = True

    def __init__(self, plan: Any = None, *, client: Any = None, data: Any = None, design: Any = None) -> None:
        self.data: Observable[Dataset | None] = as_observable(data)
        self.design: Observable[Design | None] = as_observable(design)
        self.estimator = Estimator(self.guard(self._show), self._failed)
        self._fields: dict[str, Any] = {}
        self._notes: dict[str, w.HTML] = {}
        self._shown: StudyPlan | None = None
        self._setting = False
        self._followed = ""  # the design's name, as long as the study has the same one
        super().__init__(as_observable(plan), as_observable(client))
        self.watch(self.data, lambda _: self._renew())
        self.watch(self.design, lambda _: self._renew())

    def build(self) -> list[w.Widget]:
        """The fields, each with a place for its error, and the estimate."""
        words = [self._field("name", w.Text, "Name", _WIDE), self._field("description", w.Text, "Description", _WIDE)]
        numbers = [
            self._field("reward", w.Text, "Reward", _NARROW, placeholder="e.g. 1.50"),
            self._field("minutes", w.FloatText, "Minutes", _NARROW),
            self._field("annotators_per_task", w.IntText, "Annotators per task", _NARROW),
            self._field("tasks_per_group", w.IntText, "Tasks per group", _NARROW),
        ]
        about = w.HTML(f'<span class="pnb-muted">{_ABOUT}</span>')
        self._quote = w.HTML()
        row = {"flex_flow": "row wrap", "width": "100%"}
        return [w.HBox(words, layout=row), w.HBox(numbers, layout=row), about, self._quote]

    def _field(self, name: str, kind: Any, words: str, room: dict[str, str], **options: Any) -> w.Widget:
        field = kind(description=words, layout={"width": "auto", "min_width": "0"}, **_LOOK, **options)
        field.observe(self.guard(lambda _: self._typed(name)), names=["value"])
        note = w.HTML(layout={"display": "none", "margin": "0 2px"})
        self._fields[name], self._notes[name] = field, note
        return w.VBox([field, note], layout={**_BOX, **room})

    # --- typing --------------------------------------------------------------------------------------------------

    def _typed(self, name: str) -> None:
        if self._setting:
            return
        plan = self._read_fields()
        if plan is not None and plan != self.value:
            self._shown = plan
            self.held.update(lambda _: plan, merge=name)

    def _read_fields(self) -> StudyPlan | None:
        """The plan from the fields; None if one is not valid, in which case its error is shown beside it."""
        typed = {name: _plain(field.value) for name, field in self._fields.items()}
        try:
            plan: StudyPlan = replace(self.value, **typed)
        except PlanError as wrong:
            self._show_errors({finding.place or "name": finding for finding in wrong.findings})
            return None
        self._show_errors({})
        return plan

    def _show_errors(self, wrong: dict[str, Finding]) -> None:
        """Show the errors beside their fields; the plan stays unchanged."""
        for name, note in self._notes.items():
            finding = wrong.get(name)
            set_if_changed(note, "value", _sentence(finding, self.value) if finding else "")
            set_visible(note, finding is not None)

    # --- display -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show a plan that was set elsewhere, and its estimate; the field being typed in is left alone."""
        name = self._design_name()
        if self.value is None:
            self._followed = name
            self.held.set(StudyPlan(name, reward="1.50", minutes=6))
            return  # `set` has called refresh
        if self._followed and self.value.name == self._followed != name:
            self._followed = name
            self.held.update(lambda plan: replace(plan, name=name), merge="design")
            return
        if self.value != self._shown:
            self._fill(self.value)
        self.estimator.ask(self._inputs())
        self._show()

    def _fill(self, plan: StudyPlan) -> None:
        before, self._shown = self._shown, plan
        self._setting = True
        try:
            for name, field in self._fields.items():
                value = _of(plan, name)
                if before is None or value != _of(before, name):
                    set_if_changed(field, "value", value)
        finally:
            self._setting = False
        self._read_fields()

    def _show(self) -> None:
        if self.closed:
            return
        inputs = self._inputs()
        known = self.estimator.of(inputs)
        facts = table(rows(inputs, known, self.estimator.failed))
        found = findings_html(known.findings, "") if known is not None and known.findings else ""
        set_if_changed(self._quote, "value", f'<div role="status">{facts}</div>{found}')

    def _failed(self, failure: BaseException) -> None:
        if not self.closed:
            self.report(failure)

    def _inputs(self) -> Inputs:
        return Inputs(self.client.value, self.data.value, self.design.value, self.value)

    def _design_name(self) -> str:
        design = self.design.value
        return design.name if design is not None and design.name.strip() else _UNNAMED

    # --- code and summary ----------------------------------------------------------------------------------------

    def code(self) -> str:
        """Python code that creates the plan."""
        return f"import prolific_nb as pnb\n\n{self.value.to_code()}\n"

    def summary(self) -> dict[str, object]:
        """The plan with places, cost and hourly pay."""
        plan, inputs = self.value, self._inputs()
        asked = {"Study": plan.name, "Reward": f"{plan.pay} for {plan.minutes} minutes"}
        return {**asked, **rows(inputs, self.estimator.of(inputs))}


def _plain(value: Any) -> Any:
    """A whole number as an int, so that the code reads ``minutes=6``."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _of(plan: StudyPlan, name: str) -> Any:
    return str(plan.pay) if name == "reward" else getattr(plan, name)


def _sentence(finding: Finding, kept: StudyPlan) -> str:
    name = finding.place or "name"
    stays = f"Until then the plan uses {_of(kept, name)}." if _of(kept, name) else ""
    words = escape(" ".join(part for part in (finding.what, finding.remedy, stays) if part))
    return f'<p role="alert" style="margin:0 0 6px;overflow-wrap:anywhere"><b>Error:</b> {words}</p>'
