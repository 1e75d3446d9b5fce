"""The quote: places, cost with fees, hourly pay, and all that should be mended before a launch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ..api import Client
from ..common.display import Mode, card, lines
from ..common.findings import Finding, Findings
from ..common.money import Money
from ..data import Dataset
from ..design import Design
from ..errors import PlanError
from .flows import FLOWS, Flow, flow_named
from .plan import StudyPlan

_BY_SERVER = "Prolific's advice for this workspace"


@dataclass(frozen=True)
class Quote:
    """What a study would be and cost.

    Parameters
    ----------
    mode : {"SANDBOX", "LIVE"}
        Whether the money would be real.
    tasks, groups, places : int
        Rows, task groups, and submissions that will be paid.
    reward : Money
        For one submission.
    total : Money
        Rewards, fees and VAT for all places, as the server computes it.
    hourly, floor, recommended : Money
        Pay per hour of the expected minutes; the least Prolific allows; what it advises.
    source : str
        Where floor and recommendation come from.
    findings : Findings
        About the data, the design and the pay, all at once.
    """

    mode: Mode
    tasks: int
    groups: int
    places: int
    reward: Money
    total: Money
    hourly: Money
    floor: Money
    recommended: Money
    source: str
    findings: Findings

    @property
    def per_task(self) -> Decimal:
        """What one answered row earns on average, in major units: the reward over the rows of a mean group."""
        return (Decimal(self.reward.minor) * self.groups / self.tasks / 100).quantize(Decimal("0.001"))

    @property
    def rewards(self) -> Money:
        """What the participants get altogether."""
        return self.reward * self.places

    @property
    def fees(self) -> Money:
        """What is added to the rewards: fees and VAT."""
        return self.total - self.rewards

    def _rows(self) -> dict[str, object]:
        return {
            "tasks": f"{self.tasks} rows in {self.groups} groups",
            "places": f"{self.places} submissions of {self.reward} each, about {self.per_task} for one row",
            "cost": f"{self.total} ({self.rewards} rewards + {self.fees} fees and VAT)",
            "hourly pay": f"{self.hourly} (floor {self.floor}, recommended {self.recommended}: {self.source})",
        }

    def __str__(self) -> str:
        text = lines(f"{self.mode} quote", self._rows())
        return f"{text}\n{self.findings}" if self.findings else text

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return card(self.mode, "quote", self._rows(), self.findings._repr_html_() if self.findings else "")


def quote(client: Client, data: Dataset, design: Design, plan: StudyPlan, *, flow: str = "layout") -> Quote:
    """What a study would be and cost. Creates nothing.

    Parameters
    ----------
    client : Client
        Its server computes the cost.
    data, design, plan
        What would be launched.
    flow : {"layout", "instructions"}
        The way in which it would be; see `launch`.

    Returns
    -------
    Quote
        With every finding about data, design and pay.
    """
    refuse_mixed_up(data, design, plan)
    currency = client.currency
    reward = _reward(plan, currency)
    groups = group_count(data, plan)
    places = groups * plan.annotators_per_task
    floor, recommended, source = _advice(client)
    return Quote(
        mode=client.mode,
        tasks=len(data),
        groups=groups,
        places=places,
        reward=reward,
        total=Money(client.studies.total_cost(reward.minor, places), currency),
        hourly=reward.per_hour(plan.minutes),
        floor=floor,
        recommended=recommended,
        source=source,
        findings=check_content(data, design, flow_named(flow)) + check_pay(client, plan) + _about_truth(client, data),
    )


def refuse_mixed_up(data: object, design: object, plan: object) -> None:
    """Refuse what is no data, design or plan, all of it at once.

    Raises
    ------
    TypeError
        With what was given in place of each.
    """
    wanted = (("data", data, Dataset), ("design", design, Design), ("plan", plan, StudyPlan))
    wrong = [f"{name} is a {type(given).__name__}" for name, given, kind in wanted if not isinstance(given, kind)]
    if wrong:
        raise TypeError(
            f"{'; '.join(wrong)}. Give them in this order: data from pnb.read_data(...), a pnb.Design, a pnb.StudyPlan."
        )


def check_content(data: Dataset, design: Design, flow: Flow = FLOWS["layout"]) -> Findings:
    """Everything about data and design, whether people would have something to look at, and what a flow would lose."""
    shown = [column for column in design.shown if column in data.columns]
    return data.check() + design.check(data) + _about_shown(data, shown) + flow.check(data, design)


def _about_shown(data: Dataset, shown: list[str]) -> Iterator[Finding]:
    cells = [data.cells(column) for column in shown]
    blank = [row for row, seen in zip(data.rows, zip(*cells, strict=True), strict=False) if not any(seen)]
    if blank:
        first = ", ".join(map(str, blank[:10])) + (f" and {len(blank) - 10} more" if len(blank) > 10 else "")
        what = f"{len(blank)} of {len(data)} rows show people nothing (row {first}), and would be paid for."
        yield Finding("error", what, "Fill their cells, leave the rows out, or show another column.", row=blank[0])
    for column, values in zip(shown, cells, strict=True):
        if len(data) > 1 and len(set(values)) == 1 and values[0]:
            what = "Every row shows the same here."
            yield Finding("warning", what, "Check that it is the column you mean.", column=column)


def check_pay(client: Client, plan: StudyPlan) -> Findings:
    """What is to be said of the plan's pay in this workspace."""
    try:
        hourly = _reward(plan, client.currency).per_hour(plan.minutes)
    except PlanError as wrong:
        return wrong.findings
    return Findings(about_pay(hourly, *pay_advice(client)))


def _reward(plan: StudyPlan, currency: str) -> Money:
    if plan.pay.currency not in (None, currency):
        what = f"The reward is {plan.pay}, and the workspace pays in {currency}."
        remedy = f"Write the reward in {currency}; nothing is converted."
        raise PlanError(f"The plan {plan.name!r}", [Finding("error", what, remedy, place="reward")])
    return plan.pay.in_currency(currency)


def _about_truth(client: Client, data: Dataset) -> Iterator[Finding]:
    if client.truth is not None and client.truth not in data.columns:
        what = f"The sandbox's people should follow the column {client.truth!r}, which the data lacks."
        yield Finding("warning", what, f"Connect with truth= one of {', '.join(data.columns)}.", place="truth")


def group_count(data: Dataset, plan: StudyPlan) -> int:
    """Task groups of the data: fixed by a grouping column where there is one, else by the plan."""
    grouping = [column for column, kind in data.kinds.items() if kind == "group"]
    return int(data.frame[grouping[0]].nunique()) if grouping else plan.groups(len(data))


def pay_advice(client: Client) -> tuple[Money, Money]:
    """The least that may be paid for an hour, and what Prolific advises, in the workspace's currency."""
    floor, recommended, _ = _advice(client)
    return floor, recommended


def _advice(client: Client) -> tuple[Money, Money, str]:
    """The least and the advised pay, and who says so: the server, or where it says nothing the client's own figures."""
    currency = client.currency
    advice = client.workspaces.pay_advice(client.workspace_id, currency)
    if advice:
        least, advised = advice.min_reward_per_hour, advice.recommended_reward_per_hour
        return Money(least, currency), Money(advised, currency), _BY_SERVER
    least, advised = (Money.parse(amount, currency) for amount in client.fallback_pay[currency])
    return least, advised, client.fallback_source


def about_pay(hourly: Money, floor: Money, recommended: Money) -> Iterator[Finding]:
    """What is to be said of an hourly pay below the advice."""
    remedy = "Raise the reward or give fewer tasks per group."
    if hourly < floor:
        what = f"{hourly} per hour is below the least that Prolific allows, {floor}."
        yield Finding("error", what, remedy, place="pay")
    elif hourly < recommended:
        what = f"{hourly} per hour is below the {recommended} that Prolific recommends."
        yield Finding("warning", what, remedy, place="pay")
