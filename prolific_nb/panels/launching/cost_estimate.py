"""What a plan comes to: places, cost and hourly pay, as far as they are known, recomputed while someone types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from html import escape

from ...api import Client
from ...common.findings import Finding, Findings
from ...common.money import Money
from ...common.plurals import counted
from ...data import Dataset
from ...design import Design
from ...jobs import Debouncer
from ...study import Quote, StudyPlan, quote
from ...study.quote import about_pay, group_count, pay_advice

_NEEDED = {"client": "a connection", "data": "the data", "design": "a design", "plan": "a plan"}


@dataclass(frozen=True)
class Inputs:
    """What a study is made of; None for what is not there yet."""

    client: Client | None = None
    data: Dataset | None = None
    design: Design | None = None
    plan: StudyPlan | None = None

    @property
    def missing(self) -> list[str]:
        """What is not there yet, in words."""
        return [_NEEDED[one.name] for one in fields(self) if getattr(self, one.name) is None]


@dataclass(frozen=True)
class Estimate:
    """What the server said of some inputs.

    Parameters
    ----------
    inputs : Inputs
        What was asked about.
    quote : Quote or None
        Where everything was there.
    advice : tuple of Money or None
        Least and advised pay for an hour, where at least the connection was there.
    findings : Findings
        About whatever was there.
    """

    inputs: Inputs
    quote: Quote | None = None
    advice: tuple[Money, Money] | None = None
    findings: Findings = field(default_factory=Findings)


def estimate(inputs: Inputs) -> Estimate:
    """Ask the server; everything that can be said of incomplete inputs is said."""
    client, data, design, plan = inputs.client, inputs.data, inputs.design, inputs.plan
    if client is None or plan is None:
        return Estimate(inputs)
    if plan.pay.currency not in (None, client.currency):
        what = f"The reward is {plan.pay}, and the workspace pays in {client.currency}."
        remedy = f"Write the amount in {client.currency}; nothing is converted."
        return Estimate(inputs, findings=Findings([Finding("error", what, remedy, place="reward")]))
    if data is not None and design is not None:
        whole = quote(client, data, design, plan)
        return Estimate(inputs, whole, (whole.floor, whole.recommended), whole.findings)
    floor, recommended = pay_advice(client)
    hourly = plan.pay.in_currency(client.currency).per_hour(plan.minutes)
    return Estimate(inputs, None, (floor, recommended), Findings(about_pay(hourly, floor, recommended)))


class Estimator:
    """Keeps the newest estimate, asked on a worker thread; requests that are overtaken are left out.

    Parameters
    ----------
    tell : callable
        Called without arguments, on the worker's thread, when there is a new estimate.
    fail : callable
        Called with what went wrong.
    """

    def __init__(self, tell: Callable[[], None], fail: Callable[[BaseException], None]) -> None:
        self._tell, self._fail = tell, fail
        self._latest = Debouncer("the quote")
        self._wanted: Inputs | None = None
        self._known = Estimate(Inputs())
        self.failed = False

    def ask(self, inputs: Inputs) -> None:
        """See to it that there will be an estimate of these inputs."""
        if inputs != self._wanted:
            self._wanted, self.failed = inputs, False
            self._latest(lambda: self._run(inputs))

    def of(self, inputs: Inputs) -> Estimate | None:
        """The estimate of these inputs, or None while it is being asked for.

        No cost depends on the design's words, so the last estimate stands until that of the next design is there.
        """
        known = self._known
        if self.failed or known.quote is None or inputs.design is None:
            return known if known.inputs == inputs else None
        return known if replace(known.inputs, design=inputs.design) == inputs else None

    def join(self, timeout: float) -> None:
        """Wait until nothing is being asked for, at most `timeout` seconds."""
        self._latest.join(timeout)

    def _run(self, inputs: Inputs) -> None:
        if inputs != self._wanted:
            return
        try:
            self._known = estimate(inputs)
        except Exception as failure:  # shown in the panel; the next keystroke asks again
            self.failed, self._wanted = True, None
            self._fail(failure)
        self._tell()


def rows(inputs: Inputs, known: Estimate | None, failed: bool = False) -> dict[str, str]:
    """Places, cost and hourly pay in words; what is not known says what it waits for."""
    if inputs.plan is None:
        return {}
    return {
        "Places": _places(inputs.plan, inputs.data),
        "Cost": _cost(inputs, known, failed),
        "Hourly pay": _hourly(inputs.plan, known),
    }


def _places(plan: StudyPlan, data: Dataset | None) -> str:
    people = "one person" if plan.annotators_per_task == 1 else f"{plan.annotators_per_task:,} different people"
    if data is None:
        per_group = "Each row" if plan.tasks_per_group == 1 else f"Each group of {plan.tasks_per_group:,} rows"
        return f"{per_group} is answered by {people}. How many places that makes depends on the data."
    groups = group_count(data, plan)
    places = counted(groups * plan.annotators_per_task, "place")
    return f"{places}: {counted(len(data), 'row')} in {counted(groups, 'group')}, each answered by {people}"


def _cost(inputs: Inputs, known: Estimate | None, failed: bool) -> str:
    if inputs.missing:
        return f"Known once there is {listed(inputs.missing)}."
    if known is None:
        return "Not known: the server did not answer." if failed else "Asking the server…"
    if known.quote is None:
        return "Not known; see below."
    found = known.quote
    return f"{found.total}: {found.rewards} rewards and {found.fees} fees and VAT"


def _hourly(plan: StudyPlan, known: Estimate | None) -> str:
    advice = known.advice if known is not None else None
    if advice is None:
        return f"{plan.pay.per_hour(plan.minutes)} an hour"
    floor, recommended = advice
    hourly = plan.pay.in_currency(floor.currency or "").per_hour(plan.minutes)
    if hourly < floor:
        verdict = f"below the floor of {floor}; {recommended} is recommended"
    elif hourly < recommended:
        verdict = f"above the floor of {floor}, but below the recommended {recommended}"
    else:
        verdict = f"at least the recommended {recommended}; the floor is {floor}"
    return f"{hourly} an hour: {verdict}"


def listed(words: list[str]) -> str:
    """Words as a list in a sentence."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def table(named: dict[str, str]) -> str:
    """Names and values as a small table; both are escaped."""
    lines = "".join(
        f'<tr><th scope="row" style="text-align:left;vertical-align:top;padding:1px 1em 1px 0;white-space:nowrap">'
        f'{escape(name)}</th><td style="text-align:left;overflow-wrap:anywhere"><bdi>{escape(value)}</bdi></td></tr>'
        for name, value in named.items()
    )
    return f'<table class="pnb-facts" style="border-collapse:collapse;line-height:1.5">{lines}</table>'
