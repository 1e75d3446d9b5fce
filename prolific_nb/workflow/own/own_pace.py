"""How long a task takes its own researcher, and the minutes and the reward that follow for participants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass, replace
from html import unescape
from math import ceil

from ...api.client import FALLBACK_PAY
from ...common.arguments import require_number, require_whole
from ...common.findings import Finding
from ...common.money import Money
from ...common.plurals import counted
from ...design import Design
from ...design.items import RichText
from ...errors import PlanError
from ...study import StudyPlan

FACTOR = 1.3
LEAST = 3
"""Timed tasks without which no figure is given."""
_WORDS_PER_MINUTE = 238  # silent reading of English non-fiction: Brysbaert 2019, the mean of 190 studies


@dataclass(frozen=True)
class Pace:
    """The time per task of one annotator, and what follows for the plan of a study.

    ``minutes`` are those of one task group: `factor` times the median seconds per task times the number of tasks, and
    the time to read the texts around the tasks, at 238 words a minute (Brysbaert 2019, the mean for English non-fiction
    read in silence), rounded up to whole minutes, as Prolific takes them.

    Parameters
    ----------
    seconds : float or None
        Median over the timed tasks; None if there are fewer than three.
    timed : int
        The number of timed tasks.
    reading : int
        Words of the introduction, the steps, and the pages that are shown once.
    tasks_per_group : int
        Tasks in one submission.
    factor : float
        How much longer participants need than this annotator. **The default of 1.3 is an assumption**, for which no
        published figure is known. Its direction is: who knows a task underestimates the time of who does not (Hinds
        1999, Journal of Experimental Psychology: Applied 5). It also has to cover that times are skewed, so that ten
        tasks take longer than ten medians. Ten people of a pilot study tell the real time.

    Examples
    --------
    >>> Pace(24.0, 12, reading=60).minutes
    6
    >>> print(Pace(None, 2).words)
    2 tasks were timed. Take at least 3, then the minutes of a study can be proposed.
    """

    seconds: float | None
    timed: int
    _: KW_ONLY
    reading: int = 0
    tasks_per_group: int = StudyPlan.tasks_per_group
    factor: float = FACTOR

    def __post_init__(self) -> None:
        require_number("factor", self.factor, 0.1)
        require_whole("tasks_per_group", self.tasks_per_group, 1)

    @property
    def minutes(self) -> int | None:
        """Minutes of one submission; None if fewer than three tasks were timed."""
        if self.seconds is None:
            return None
        answering = self.factor * self.seconds * self.tasks_per_group / 60
        return max(1, ceil(round(answering + self.reading / _WORDS_PER_MINUTE, 6)))

    @property
    def words(self) -> str:
        """Sentences on what was measured, what is assumed, and what follows."""
        if self.seconds is None or self.minutes is None:
            done = f"{counted(self.timed, 'task')} {'was' if self.timed == 1 else 'were'} timed."
            return f"{done} Take at least {LEAST}, then the minutes of a study can be proposed."
        return " ".join([*self._measured(self.seconds), *_assumed(self.factor, self.minutes)])

    def __str__(self) -> str:
        return self.words

    def _measured(self, seconds: float) -> Iterator[str]:
        group = f"{counted(self.tasks_per_group, 'task')} {'is' if self.tasks_per_group == 1 else 'are'}"
        own = _minutes(seconds * self.tasks_per_group / 60)
        each = "1 second" if seconds == 1 else f"{_figure(seconds)} seconds"
        yield f"You took {each} a task (median of {self.timed:,}); {group} {own}."
        if self.reading:
            once, seconds = counted(self.reading, "word"), ceil(60 * self.reading / _WORDS_PER_MINUTE)
            yield f"Reading the texts that are shown once ({once}) takes {counted(seconds, 'second')}."

    def plan(self, plan: StudyPlan, *, hourly: str | Money | None = None) -> StudyPlan:
        """The plan with the minutes for its tasks per group, and a reward that is fair for them.

        Parameters
        ----------
        plan : StudyPlan
            Its hourly pay is kept if it is higher than `hourly`.
        hourly : str or Money, optional
            The least pay per hour, such as ``pnb.quote(…).recommended``. By default what Prolific recommends (9.00 GBP
            or 12.00 USD, its help centre in September 2026), in pounds where the reward of the plan has no currency.

        Raises
        ------
        PlanError
            Fewer than three tasks were timed, or `hourly` is missing for the currency of the plan, or in another one.
        """
        minutes = replace(self, tasks_per_group=plan.tasks_per_group).minutes
        if minutes is None:
            raise PlanError("The time per task", [Finding("error", self.words, "", place="minutes")])
        least = _least(plan, hourly)
        own = plan.pay.per_hour(plan.minutes)
        reward = max(least.minor, own.minor)
        return replace(plan, minutes=minutes, reward=Money(reward, plan.pay.currency).for_minutes(minutes))


def _assumed(factor: float, minutes: int) -> Iterator[str]:
    yield f"Participants are assumed to need {factor:g} times your time a task: {_minutes(minutes)} in all."
    hourly = " or ".join(map(str, _advised()))
    rewards = " or ".join(str(each.for_minutes(minutes)) for each in _advised())
    yield f"At the {hourly} an hour that Prolific recommends, the reward is {rewards}."
    yield "A pilot study shows the real time."


def words_around(design: Design) -> int:
    """The number of words that are read once: introduction, steps, and the pages before and after the tasks."""
    texts = [design.introduction, design.steps, *_once(design)]
    return sum(len(unescape(re.sub(r"<[^>]*>", " ", text)).split()) for text in texts)


def _once(design: Design) -> Iterator[str]:
    pages = (page for page in design.pages if page.display_position != "body")
    items = (item for page in pages for row in page.rows for column in row.columns for item in column.items)
    return (item.content for item in items if isinstance(item, RichText))


def _least(plan: StudyPlan, hourly: str | Money | None) -> Money:
    currency = plan.pay.currency
    known = {each.currency: each for each in _advised()}
    if hourly is not None:
        given = Money.parse(hourly)
        if None in (given.currency, currency) or given.currency == currency:
            return given
        what = f"The reward of the plan is in {currency}, and hourly= is {given}."
        raise PlanError(f"The plan {plan.name!r}", [Finding("error", what, f"Pass it in {currency}.", place="reward")])
    if currency is None or currency in known:
        return known[currency or "GBP"]
    what = f"No hourly pay is recommended in {currency}."
    raise PlanError(f"The plan {plan.name!r}", [Finding("error", what, 'Pass hourly="9.00".', place="reward")])


def _advised() -> list[Money]:
    """What Prolific recommends per hour, in each currency."""
    return [Money.parse(advised, currency) for currency, (_, advised) in FALLBACK_PAY.items()]


def _minutes(number: float) -> str:
    return "1 minute" if number == 1 else f"{_figure(number)} minutes"


def _figure(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 or number == round(number) else f"{number:.1f}"
