"""The quote: places, cost with fees, hourly pay, and all that should be mended before a launch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..api import Client
from ..data import Dataset
from ..design import Design
from ..display import Mode, card, lines
from ..findings import Finding, Findings
from ..money import Money
from .plan import StudyPlan

# Prolific's help centre, read in September 2026; used only where the server gives no advice of its own.
_FALLBACK_PER_HOUR = {"GBP": (600, 900), "USD": (800, 1200)}


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
    findings: Findings

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
            "places": f"{self.places} submissions of {self.reward} each",
            "cost": f"{self.total} ({self.rewards} rewards + {self.fees} fees and VAT)",
            "hourly pay": f"{self.hourly} (floor {self.floor}, recommended {self.recommended})",
        }

    def __str__(self) -> str:
        text = lines(f"{self.mode} quote", self._rows())
        return f"{text}\n{self.findings}" if self.findings else text

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return card(self.mode, "quote", self._rows(), self.findings._repr_html_() if self.findings else "")


def quote(client: Client, data: Dataset, design: Design, plan: StudyPlan) -> Quote:
    """What a study would be and cost. Creates nothing.

    Parameters
    ----------
    client : Client
        Its server computes the cost.
    data, design, plan
        What would be launched.

    Returns
    -------
    Quote
        With every finding about data, design and pay.
    """
    currency = client.currency
    reward = plan.pay.in_currency(currency)
    groups = group_count(data, plan)
    places = groups * plan.annotators_per_task
    floor, recommended = _pay_advice(client, currency)
    hourly = reward.per_hour(plan.minutes)
    return Quote(
        mode=client.mode,
        tasks=len(data),
        groups=groups,
        places=places,
        reward=reward,
        total=Money(client.studies.total_cost(reward.minor, places), currency),
        hourly=hourly,
        floor=floor,
        recommended=recommended,
        findings=data.check() + design.check(data) + Findings(_about_pay(hourly, floor, recommended)),
    )


def group_count(data: Dataset, plan: StudyPlan) -> int:
    """Task groups of the data: fixed by a grouping column where there is one, else by the plan."""
    grouping = [column for column, kind in data.kinds.items() if kind == "group"]
    return int(data.frame[grouping[0]].nunique()) if grouping else plan.groups(len(data))


def _pay_advice(client: Client, currency: str) -> tuple[Money, Money]:
    advice = client.workspaces.pay_advice(client.workspace_id, currency)
    if advice:
        least, advised = advice.min_reward_per_hour, advice.recommended_reward_per_hour
    else:
        least, advised = _FALLBACK_PER_HOUR[currency]
    return Money(least, currency), Money(advised, currency)


def _about_pay(hourly: Money, floor: Money, recommended: Money) -> Iterator[Finding]:
    remedy = "Raise the reward or give fewer tasks per group."
    if hourly < floor:
        what = f"{hourly} per hour is below the least that Prolific allows, {floor}."
        yield Finding("error", what, remedy, place="pay")
    elif hourly < recommended:
        what = f"{hourly} per hour is below the {recommended} that Prolific recommends."
        yield Finding("warning", what, remedy, place="pay")
