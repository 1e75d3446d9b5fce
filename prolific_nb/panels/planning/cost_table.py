"""Places, cost and hourly pay as an aligned table, and the reward that reaches an hourly pay."""

from __future__ import annotations

from html import escape

from ...common.money import Money
from ...common.plurals import counted
from ...data import Dataset
from ...study import StudyPlan
from ...study.quote import eligible_text, group_count, rows_words
from .cost_estimate import Estimate, Inputs, listed


def cost_table(inputs: Inputs, known: Estimate | None, failed: bool = False) -> str:
    """The table as HTML: what, how it is computed, and the figure."""
    lines = _lines(inputs, known, failed)
    if not lines:
        return ""
    body = "".join(
        f'<tr class="pnb-figure-{name.split()[0].lower()}"><th scope="row">{escape(name)}</th>'
        f"<td>{escape(basis)}</td><td>{escape(figure)}</td></tr>"
        for name, basis, figure in lines
    )
    head = '<tr><th scope="col">Item</th><th scope="col">Computed from</th><th scope="col">Amount</th></tr>'
    return f'<table class="pnb-figures" aria-label="Places, cost and pay"><thead>{head}</thead>{body}</table>'


def cost_rows(inputs: Inputs, known: Estimate | None, failed: bool = False) -> dict[str, str]:
    """The same in words, by name, with the number of participants that fit an audience."""
    found = {name: f"{figure} ({basis})" if basis else figure for name, basis, figure in _lines(inputs, known, failed)}
    chosen = inputs.plan is not None and (inputs.plan.filters or inputs.plan.filter_set_id)
    if chosen and known is not None and known.quote is not None:
        found["Eligible"] = eligible_text(known.quote.eligible)
    return found


def _lines(inputs: Inputs, known: Estimate | None, failed: bool) -> list[tuple[str, str, str]]:
    """What, how it is computed, and the figure."""
    plan = inputs.plan
    if plan is None:
        return []
    return [_places(plan, inputs.data), *_cost(inputs, known, failed), _hourly(plan, known)]


def lifted(plan: StudyPlan, hourly: Money) -> Money:
    """The smallest reward that pays at least so much an hour, in the form in which the plan gives its reward.

    Examples
    --------
    >>> lifted(StudyPlan("R", reward="0.50", minutes=7), Money.parse("9.00 GBP"))
    Money('1.05')
    """
    return Money(hourly.for_minutes(plan.minutes).minor, plan.pay.currency)


def minutes_words(minutes: float) -> str:
    """A number of minutes with its noun."""
    return "1 minute" if minutes == 1 else f"{minutes:,} minutes"


def _places(plan: StudyPlan, data: Dataset | None) -> tuple[str, str, str]:
    people = "one person" if plan.annotators_per_task == 1 else f"{plan.annotators_per_task:,} different people"
    if data is None:
        per_group = "each row" if plan.tasks_per_group == 1 else f"each group of {plan.tasks_per_group:,} rows"
        return "Places", f"{per_group} is answered by {people}; their number depends on the data", "–"
    groups = group_count(data, plan)
    basis = f"{rows_words(data, plan)} in {counted(groups, 'group')}, each answered by {people}"
    return "Places", basis, f"{groups * plan.annotators_per_task:,}"


def _cost(inputs: Inputs, known: Estimate | None, failed: bool) -> list[tuple[str, str, str]]:
    if inputs.missing:
        return [("Total", f"known once there is {listed(inputs.missing)}", "–")]
    if known is None:
        words = "the server did not answer; change a field to ask again" if failed else "asking the server…"
        return [("Rewards", "", "–"), ("Fees and VAT", "", "–"), ("Total", words, "–")]
    if known.quote is None:
        return [("Total", "unknown; see below", "–")]
    found = known.quote
    return [
        ("Rewards", f"{counted(found.places, 'place')} at {found.reward:,}", f"{found.rewards:,}"),
        (
            "Fees and VAT",
            f"computed by Prolific{' (simulated)' if found.mode == 'SANDBOX' else ''}",
            f"{found.fees:,}",
        ),
        ("Total", "", f"{found.total:,}"),
    ]


def _hourly(plan: StudyPlan, known: Estimate | None) -> tuple[str, str, str]:
    worked = f"{plan.pay:,} for {minutes_words(plan.minutes)}"
    advice = known.advice if known is not None else None
    if advice is None:
        return "Hourly pay", worked, f"{plan.pay.per_hour(plan.minutes):,}"
    floor, recommended = advice
    hourly = plan.pay.in_currency(floor.currency or "").per_hour(plan.minutes)
    if hourly < floor:
        verdict = f"below the minimum of {floor:,}; {recommended:,} is recommended"
    elif hourly < recommended:
        verdict = f"above the minimum of {floor:,}, below the recommended {recommended:,}"
    else:
        verdict = f"at least the recommended {recommended:,}; the minimum is {floor:,}"
    return "Hourly pay", f"{worked}: {verdict}", f"{hourly:,}"
