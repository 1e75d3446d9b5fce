"""The quote: number of places, cost with fees, hourly pay, and what to fix before a launch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pandas as pd

from ..api import Client
from ..common.display import Mode, card, lines
from ..common.findings import Finding, Findings
from ..common.money import Money
from ..common.plurals import a_type, counted
from ..data import Dataset, Source, arranged, as_dataset, gold_count
from ..data import group_count as count_groups
from ..design import Design
from ..errors import InputError, PlanError, ProlificError
from .audience.audience_check import AudienceReport, read_audience, too_few
from .draft_edits import draft_edits, reward_and_places
from .flows import FLOWS, Flow, flow_named
from .gold.gold_check import check_gold
from .launch_key import LaunchKey
from .monitor.status import DRAFT
from .plan import StudyPlan
from .same_launch import tagged_studies
from .truth_check import check_truth

_SERVER_SOURCE = "Prolific's recommendation for this workspace"


@dataclass(frozen=True)
class Quote:
    """The size and cost of a study before its launch.

    Parameters
    ----------
    mode : {"SANDBOX", "LIVE"}
        LIVE means real money.
    tasks, groups, places : int
        Rows with gold rows, task groups, and submissions to pay for.
    reward : Money
        For one submission.
    total : Money
        Rewards, fees and VAT for all places, computed by the server.
    hourly, floor, recommended : Money
        Pay per hour at the expected duration; Prolific's minimum; Prolific's recommendation.
    source : str
        Source of the minimum and the recommendation.
    findings : Findings
        All findings about the data, the design, the pay and the filters.
    eligible : int or None
        Number of participants that fit the filters, as Prolific counts them; 0 also stands for fewer than 25. None if
        it could not be counted.
    gold : int
        How many of the tasks are about gold rows.
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
    eligible: int | None = None
    gold: int = 0

    @property
    def per_task(self) -> Decimal:
        """The average reward per row in major units: the reward over the mean number of rows in a group."""
        return (Decimal(self.reward.minor) * self.groups / self.tasks / 100).quantize(Decimal("0.001"))

    @property
    def rewards(self) -> Money:
        """The rewards of all participants together."""
        return self.reward * self.places

    @property
    def fees(self) -> Money:
        """Fees and VAT, which are added to the rewards."""
        return self.total - self.rewards

    def _rows(self) -> dict[str, object]:
        return {
            "tasks": f"{self._tasks} in {counted(self.groups, 'group')}",
            "places": f"{self.places} submissions of {self.reward} each, about {self.per_task} for one row",
            "cost": f"{self.total} ({self.rewards} rewards + {self.fees} fees and VAT)",
            "hourly pay": f"{self.hourly} (floor {self.floor}, recommended {self.recommended}: {self.source})",
            "eligible": eligible_text(self.eligible),
        }

    @property
    def _tasks(self) -> str:
        return _rows_words(self.tasks - self.gold, self.gold)

    def __str__(self) -> str:
        text = lines(f"{self.mode} quote", self._rows())
        return f"{text}\n{self.findings}" if self.findings else text

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return card(self.mode, "quote", self._rows(), self.findings._repr_html_() if self.findings else "")


def quote(
    client: Client,
    data: Dataset | Source,
    design: Design,
    plan: StudyPlan,
    *,
    flow: str = "layout",
    only: Any = None,
    keep_out: Any = None,
) -> Quote:
    """The size and cost of a study before its launch. Creates nothing.

    Parameters
    ----------
    client : Client
        Its server computes the cost.
    data, design, plan
        The inputs of `launch`; `data` may be a path, bytes or a DataFrame.
    flow : {"layout", "instructions"}
        As for `launch`.
    only, keep_out : participant group, str, Run, or list of these, optional
        As for `launch`.

    Returns
    -------
    Quote
        With all findings about data, design, pay and filters, and the number of participants that fit.
    """
    data = check_types(client, data, design, plan)
    return quote_of(data, design, plan.admitting(only=only, keep_out=keep_out), client, flow, read_audience_of)


def quote_of(
    data: Dataset,
    design: Design,
    plan: StudyPlan,
    client: Client,
    flow: str,
    read: Callable[[Client, StudyPlan], AudienceReport],
) -> Quote:
    """The quote, with the audience as `read` returns it: a caller may know it already."""
    currency = client.currency
    reward = _reward(plan, currency)
    groups = group_count(data, plan)
    places = groups * plan.annotators_per_task
    floor, recommended, source = _advice(client)
    audience = enough(read(client, plan), plan, places)
    arrangement = arranged(data, plan.tasks_per_group)
    return Quote(
        mode=client.mode,
        tasks=len(arrangement.upload),
        groups=groups,
        places=places,
        reward=reward,
        total=Money(client.studies.total_cost(reward.minor, places), currency),
        hourly=reward.per_hour(plan.minutes),
        floor=floor,
        recommended=recommended,
        source=source,
        findings=check_content(data, design, flow_named(flow))
        + check_gold(data, design, plan)
        + check_pay(client, plan)
        + check_truth(client, data, design)
        + audience.findings
        + _existing_draft_edits(client, data, design, plan, flow, places),
        eligible=audience.eligible,
        gold=len(arrangement.gold),
    )


def check_audience(client: Client, plan: StudyPlan, places: int) -> AudienceReport:
    """How many participants fit the plan's filters, and findings about them. Creates nothing.

    Parameters
    ----------
    places : int
        The number of submissions, by which the participants that are needed are counted.
    """
    return enough(read_audience_of(client, plan), plan, places)


def read_audience_of(client: Client, plan: StudyPlan) -> AudienceReport:
    """How many participants fit the plan's filters, and findings about the filters."""
    return read_audience(client, plan.filters, plan.filter_set_id, plan.filter_set_version)


def enough(found: AudienceReport, plan: StudyPlan, places: int) -> AudienceReport:
    """The report with a warning if fewer participants fit than so many places need."""
    return replace(found, findings=found.findings + too_few(found.eligible, participants_needed(plan, places)))


def participants_needed(plan: StudyPlan, places: int) -> int:
    """The smallest number of different participants that can fill so many places."""
    most = places if plan.max_submissions == -1 else plan.max_submissions
    return max(plan.annotators_per_task, -(-places // most) if places else 0)


def eligible_text(eligible: int | None) -> str:
    """A number of eligible participants in words."""
    if eligible is None:
        return "number of participants not known"
    return counted(eligible, "participant") if eligible else "0 to 24 participants (Prolific reports these as 0)"


def _existing_draft_edits(
    client: Client, data: Dataset, design: Design, plan: StudyPlan, flow: str, places: int
) -> Findings:
    """What was edited on the draft of this very launch, where there is one: that draft would be published."""
    tag = LaunchKey.of(data, design, plan, client.workspace_id, flow=flow)
    drafts = [study for study in tagged_studies(client, tag)[0] if study.get("status") == DRAFT]
    edits = draft_edits(client.studies.get(drafts[0].id), plan, client.currency, places) if drafts else Findings()
    if not edits:
        return edits
    study = client.studies.get(drafts[0].id)
    cost = Money(client.studies.total_cost(*reward_and_places(study)), client.currency)
    what = f"This was launched as study {study.id}, whose draft was edited: as it is now it costs {cost}."
    return Findings([Finding("warning", what, "Its edited fields follow.", place="draft")]) + edits


def check_types(client: object, data: object, design: object, plan: object) -> Dataset:
    """Check the types of the inputs of a launch, all at once, and read the data if it is not a Dataset.

    Raises
    ------
    InputError
        Names each argument of the wrong type.
    DataError
        The data cannot be read.
    """
    wanted = (
        ("client", client, (Client,), "pnb.connect()"),
        (
            "data",
            data,
            (Dataset, str, os.PathLike, bytes, pd.DataFrame),
            "pnb.read_data(...), a path or a DataFrame",
        ),
        ("design", design, (Design,), "a pnb.Design"),
        ("plan", plan, (StudyPlan,), "a pnb.StudyPlan"),
    )
    wrong = [
        Finding("error", f"{name} is {'missing' if given is None else a_type(given)}.", f"Pass {what}.")
        for name, given, kinds, what in wanted
        if not isinstance(given, kinds)
    ]
    if wrong:
        raise InputError("The arguments, in the order client, data, design, plan,", wrong)
    return as_dataset(data)  # type: ignore[arg-type]  # checked above


def check_content(data: Dataset, design: Design, flow: Flow = FLOWS["layout"]) -> Findings:
    """All findings about data and design: their content, rows that show nothing, and what the flow does not support."""
    shown = [column for column in design.shown if column in data.columns]
    return data.check() + design.check(data) + _check_shown(data, shown) + flow.check(data, design)


def _check_shown(data: Dataset, shown: list[str]) -> Iterator[Finding]:
    cells = [data.cells(column) for column in shown]
    # A column without an empty cell shows something in every row.
    may_be_blank = cells if all("" in column for column in cells) else []
    blank = [row for row, seen in zip(data.rows, zip(*may_be_blank, strict=True), strict=False) if not any(seen)]
    if blank:
        first = ", ".join(map(str, blank[:10])) + (f" and {len(blank) - 10} more" if len(blank) > 10 else "")
        what = f"{len(blank)} of {len(data)} rows show participants nothing (row {first}), but would be paid for."
        yield Finding("error", what, "Fill in their cells, leave the rows out, or show another column.", row=blank[0])
    for column, values in zip(shown, cells, strict=True):
        if len(data) > 1 and values[0] and values.count(values[0]) == len(values):
            what = "Every row has the same value in this column."
            yield Finding("warning", what, "Check that this is the intended column.", column=column)


def check_pay(client: Client, plan: StudyPlan) -> Findings:
    """Findings about the plan's pay in this workspace."""
    try:
        hourly = _reward(plan, client.currency).per_hour(plan.minutes)
    except PlanError as wrong:
        return wrong.findings
    return Findings(about_pay(hourly, *pay_advice(client)))


def _reward(plan: StudyPlan, currency: str) -> Money:
    if plan.pay.currency not in (None, currency):
        what = f"The reward is {plan.pay}, but the workspace pays in {currency}."
        remedy = f"Give the reward in {currency}; amounts are not converted."
        raise PlanError(f"The plan {plan.name!r}", [Finding("error", what, remedy, place="reward")])
    return plan.pay.in_currency(currency)


def group_count(data: Dataset, plan: StudyPlan) -> int:
    """The number of task groups: from the grouping column if there is one, otherwise from the plan."""
    return count_groups(data, plan.tasks_per_group)


def rows_words(data: Dataset, plan: StudyPlan) -> str:
    """The rows of the data with those of gold, in words."""
    return _rows_words(len(data), gold_count(data, plan.tasks_per_group))


def _rows_words(own: int, gold: int) -> str:
    return counted(own, "row") + (f" and {counted(gold, 'gold row')}" if gold else "")


def pay_advice(client: Client) -> tuple[Money, Money]:
    """Prolific's minimum and recommended pay per hour in the workspace's currency."""
    floor, recommended, _ = _advice(client)
    return floor, recommended


def _advice(client: Client) -> tuple[Money, Money, str]:
    """Minimum and recommended pay and their source: the server, or if it has none, the client's own figures."""
    currency = client.currency
    advice = client.workspaces.pay_advice(client.workspace_id, currency)
    if advice:
        least, advised = advice.min_reward_per_hour, advice.recommended_reward_per_hour
        return Money(least, currency), Money(advised, currency), _SERVER_SOURCE
    if currency not in client.fallback_pay:
        raise ProlificError(
            f"Prolific recommends no pay for workspaces in {currency}, and client.fallback_pay has none either. Add "
            f'minimum and recommended pay per hour: client.fallback_pay = {{"{currency}": ("6.00", "9.00")}}.'
        )
    least, advised = (Money.parse(amount, currency) for amount in client.fallback_pay[currency])
    return least, advised, client.fallback_source


def about_pay(hourly: Money, floor: Money, recommended: Money) -> Iterator[Finding]:
    """Findings about an hourly pay below the minimum or the recommendation."""
    remedy = "Raise the reward or reduce tasks_per_group."
    if hourly < floor:
        what = f"{hourly} per hour is below Prolific's minimum of {floor}."
        yield Finding("error", what, remedy, place="pay")
    elif hourly < recommended:
        what = f"{hourly} per hour is below the {recommended} that Prolific recommends."
        yield Finding("warning", what, remedy, place="pay")
