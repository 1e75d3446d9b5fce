"""The plan panel: reward, minutes, annotators, audience and cost, recomputed while the user types."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...common.findings import Findings
from ...common.money import Money
from ...common.plurals import counted
from ...data import Dataset
from ...design import Design
from ...study import StudyPlan
from ...study.quote import group_count, participants_needed
from ..kit import widgets as w
from ..kit.controls import Fold, button, row
from ..kit.html_table import shorten
from ..kit.observable import Observable, as_observable
from ..kit.panel import Panel
from ..kit.step_status import StepStatus
from ..kit.traits import set_if_changed, set_visible
from .audience.audience_section import AudienceSection
from .audience.audience_words import audience_line
from .cost_estimate import Estimate, Estimator, Inputs
from .cost_table import cost_rows, cost_table, lifted, minutes_words
from .first_plan import first_plan, name_of
from .more_settings import MoreSettings
from .plan_fields import PlanField, PlanFields, as_number
from .plan_findings import TOO_FEW, findings_line, own_findings
from .plan_style import STYLE

if TYPE_CHECKING:
    from .precision.precision_section import PrecisionSection

_ABOUT = "Each participant answers one group of rows for this reward, in about this many minutes."
_LOOK: dict[str, Any] = {
    "style": {"description_width": "initial"},
    "layout": {"width": "auto", "min_width": "0"},
    "continuous_update": True,
}
_WIDE, _NARROW = "3 1 300px", "1 1 120px"


class Plan(Panel):
    """The plan of a study as a form, with its audience, places, cost and hourly pay.

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
        self.fields = PlanFields(self.guard, self._typed)
        self._followed = ""  # the design's name, as long as the study has the same one
        self._more: MoreSettings | None = None
        self._precision: PrecisionSection | None = None
        self._refused = False  # whether the reward is too low to publish
        super().__init__(as_observable(plan), as_observable(client))
        self._disposers.append(self.estimator.stop)
        self.watch(self.data, lambda _: self._renew())
        self.watch(self.design, lambda _: self._renew())

    def build(self) -> list[w.Widget]:
        """The fields, the audience, and the estimate."""
        self.audience = AudienceSection(self)
        for card in (self.audience.card.box, self.audience.sets.box):
            card.layout.observe(self.guard(lambda _: self._highlight()), names=["display"])
        self._count, self._table, self._found = w.HTML(), w.HTML(), w.HTML()
        self.lift = button("Lift the reward", self._lift, self.guard)
        self.enough = Fold("How many are enough?", self._build_enough, self.guard)
        self.more = Fold("More settings", self._build_more, self.guard)
        folds = row(self.enough.box, self.more.box, align_items="flex-start")
        folds.add_class("pnb-plan-folds")
        return [
            self._numbers(),
            w.HTML(f'{STYLE}<div class="pnb-muted">{_ABOUT}</div>'),
            self._count,
            self.audience.box,
            self._table,
            row(self._found, self.lift),
            folds,
        ]

    def _numbers(self) -> w.Widget:
        add, text = self.fields.add, w.Text
        made = row(
            add(PlanField("name", text(description="Name", **_LOOK)), _WIDE),
            add(PlanField("reward", text(description="Reward", placeholder="e.g. 1.50", **_LOOK), show=str), _NARROW),
            add(PlanField("minutes", w.FloatText(description="Minutes", **_LOOK), as_number), _NARROW),
            add(PlanField("annotators_per_task", w.IntText(description="Annotators per task", **_LOOK)), _NARROW),
            add(PlanField("tasks_per_group", w.IntText(description="Tasks per group", **_LOOK)), _NARROW),
            align_items="flex-start",
            grid_gap="6px 12px",
        )
        made.add_class("pnb-plan-fields")
        return made

    def _build_more(self) -> w.Widget:
        with w.sharing():
            self._more = MoreSettings(self.fields, self.guard)
        self.audience.load()
        self._more.refresh(self.value, self.audience.known)
        return self._more.box

    def _build_enough(self) -> w.Widget:
        from .precision.precision_section import PrecisionSection  # simulation and plots are loaded when first needed

        with w.sharing():
            self._precision = PrecisionSection(self, self._inputs)
        self.enough.button.observe(self.guard(lambda _: self._follow_precision(again=True)), names=["value"])
        self._precision.refresh()
        return self._precision.box

    def _follow_precision(self, *, again: bool = False) -> None:
        if self._precision is not None and self.enough.open:
            (self._precision.look if again else self._precision.refresh)()

    # --- changing ------------------------------------------------------------------------------------------------

    def _typed(self, plan: StudyPlan, name: str) -> None:
        self.fields.accept(plan)
        self.held.update(lambda _: plan, merge=name)

    def _lift(self) -> None:
        target = self._target()
        if target is not None:
            self.held.update(lambda plan: replace(plan, reward=lifted(plan, target)))

    def _target(self) -> Money | None:
        """The recommended hourly pay, if the plan pays less."""
        known = self.estimator.of(self._inputs())
        if known is None or known.advice is None or self.value.pay.currency not in (None, known.advice[1].currency):
            return None
        recommended = known.advice[1]
        hourly = self.value.pay.in_currency(recommended.currency or "").per_hour(self.value.minutes)
        return recommended if hourly < recommended else None

    # --- display -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show a plan that was set elsewhere, and its estimate; the field being typed in is left alone."""
        name = name_of(self.design.value)
        if self.value is None:
            self._followed = name
            self.held.set(first_plan(self.design.value))
            return  # `set` has called refresh
        if self._followed and self.value.name == self._followed != name:
            self._followed = name
            self.held.update(lambda plan: replace(plan, name=name), merge="design")
            return
        self.fields.fill(self.value)
        self.estimator.ask(self._inputs())
        self.audience.refresh()
        self._follow_precision()
        self._show()

    def _show(self) -> None:
        if self.closed or self.value is None:
            return
        inputs = self._inputs()
        known = self.estimator.of(inputs)
        set_if_changed(self._count, "value", _heading(self._fit(known)))
        set_if_changed(
            self._table, "value", f'<div role="status">{cost_table(inputs, known, self.estimator.failed)}</div>'
        )
        found = own_findings(known.findings) if known is not None else Findings()
        set_if_changed(self._found, "value", findings_line(found, known.findings if known is not None else Findings()))
        self._show_lift(any(each.place == "pay" and each.level == "error" for each in found))
        if self._more is not None:
            self._more.refresh(self.value, self.audience.known)
        self.announce()

    def _show_lift(self, refused: bool) -> None:
        target = self._target()
        if target is not None:
            label = f"Lift the reward to {lifted(self.value, target).in_currency(target.currency or ''):,}"
            set_if_changed(self.lift, "description", label)
            set_if_changed(self.lift, "tooltip", f"{label}: pays the recommended {target:,} an hour")
        set_visible(self.lift, target is not None)
        self._refused = refused and target is not None
        self._highlight()

    def _highlight(self) -> None:
        self.highlight(self.audience.following or (self.lift if self._refused else None))

    def _fit(self, known: Estimate | None) -> str:
        """How many participants fit, and how many are needed."""
        if self.client.value is None:
            return "The number of participants that fit is known once there is a connection."
        if known is None or known.audience is None:
            return "Not known." if self.estimator.failed else "Counting the participants that fit…"
        return _fit_words(known.audience.eligible, participants_needed(self.value, self._places()))

    def _places(self) -> int:
        data = self.data.value
        return group_count(data, self.value) * self.value.annotators_per_task if data is not None else 0

    def _failed(self, failure: BaseException) -> None:
        if not self.closed:
            self.report(failure)

    def _inputs(self) -> Inputs:
        return Inputs(self.client.value, self.data.value, self.design.value, self.value)

    # --- code, state and summary ---------------------------------------------------------------------------------

    def code(self) -> str:
        """Python code that creates the plan, and asks for its precision if that was looked at."""
        if self._precision is not None and self.enough.open:
            return self._precision.asked().code()
        return f"import prolific_nb as pnb\n\n{self.value.to_code()}\n"

    def step(self) -> StepStatus:
        """The cost and the audience, or what is wrong with the plan."""
        if self.value is None:
            return StepStatus()
        inputs = self._inputs()
        known = self.estimator.of(inputs)
        errors = own_findings(known.findings).errors if known is not None else Findings()
        if errors:
            return StepStatus("needs attention", errors[0].what)
        audience = audience_line(self.value, self.audience.known)
        places = counted(self._places(), "place") if self.data.value is not None else "places not known"
        cost = f", {known.quote.total:,}" if known is not None and known.quote is not None else ""
        pay = f"{self.value.pay:,} for {minutes_words(self.value.minutes)}"
        words = shorten(f"{places}{cost}; {pay}; {audience}", 200)
        return StepStatus("to do" if inputs.missing else "done", words)

    def facts(self) -> dict[str, str]:
        """Study, places and cost for the studio's bar."""
        known = self.estimator.of(self._inputs())
        if self.value is None:
            return {}
        found = {"Study": self.value.name}
        if self.data.value is not None:
            found["Places"] = f"{self._places():,}"
        return {
            **found,
            **({"Cost": f"{known.quote.total:,}"} if known is not None and known.quote is not None else {}),
        }

    def summary(self) -> dict[str, object]:
        """The plan with its audience, places, cost and hourly pay."""
        plan, inputs = self.value, self._inputs()
        asked = {"Study": plan.name, "Reward": f"{plan.pay} for {plan.minutes} minutes"}
        who = {"Audience": audience_line(plan, self.audience.known)}
        return {**asked, **who, **cost_rows(inputs, self.estimator.of(inputs), self.estimator.failed)}


def _fit_words(eligible: int | None, needed: int) -> str:
    """How many participants fit the audience, with a warning if they are too few, as HTML."""
    if eligible is None:
        return "The number of participants that fit is not known."
    fits = f"<b>{counted(eligible, 'participant')}</b> fit" if eligible else "<b>Fewer than 25 participants</b> fit"
    if eligible >= needed:
        return f"{fits}; at least {needed:,} are needed."
    return f"{fits}. <b>Warning:</b> the study needs at least {needed:,}. {TOO_FEW}"


def _heading(words: str) -> str:
    return f'<h4 class="pnb-heading">Audience</h4><div class="pnb-plan-fit" role="status">{words}</div>'
