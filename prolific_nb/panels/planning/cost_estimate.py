"""Places, cost and hourly pay of a plan, as far as they are known, recomputed while the user types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace

from ...api import Client
from ...common.findings import Finding, Findings
from ...common.money import Money
from ...data import Dataset
from ...design import Design
from ...jobs import Debouncer
from ...study import Quote, StudyPlan
from ...study.audience.audience_check import AudienceReport
from ...study.quote import about_pay, enough, pay_advice, quote_of
from .audience.audience_reader import audience_key, cached_audience

_PAUSE = 0.4  # seconds without another change before participants are counted, or a design is looked at
_NEEDED = {"client": "a connection", "data": "the data", "design": "a design", "plan": "a plan"}


@dataclass(frozen=True)
class Inputs:
    """The inputs of a study; None for those that are still missing."""

    client: Client | None = None
    data: Dataset | None = None
    design: Design | None = None
    plan: StudyPlan | None = None

    @property
    def missing(self) -> list[str]:
        """The missing inputs, as words."""
        return [_NEEDED[one.name] for one in fields(self) if getattr(self, one.name) is None]


@dataclass(frozen=True)
class Estimate:
    """The server's answer about some inputs.

    Parameters
    ----------
    inputs : Inputs
        The inputs that it is about.
    quote : Quote or None
        None if an input was missing.
    advice : tuple of Money or None
        Minimum and recommended hourly pay; None without a connection.
    findings : Findings
        Findings about the inputs that were given.
    audience : AudienceReport or None
        How many participants fit; None without a connection.
    """

    inputs: Inputs
    quote: Quote | None = None
    advice: tuple[Money, Money] | None = None
    findings: Findings = field(default_factory=Findings)
    audience: AudienceReport | None = None


def estimate(inputs: Inputs) -> Estimate:
    """Ask the server, with as many of the inputs as are there; an audience that is known is not counted again."""
    client, data, design, plan = inputs.client, inputs.data, inputs.design, inputs.plan
    if client is None or plan is None:
        return Estimate(inputs)
    if plan.pay.currency not in (None, client.currency):
        what = f"The reward is {plan.pay}, but the workspace pays in {client.currency}."
        remedy = f"Enter the amount in {client.currency}; it is not converted."
        return Estimate(inputs, findings=Findings([Finding("error", what, remedy, place="reward")]))
    audience = cached_audience(client, plan)
    if data is not None and design is not None:
        whole = quote_of(data, design, plan, client, "layout", cached_audience)
        return Estimate(inputs, whole, (whole.floor, whole.recommended), whole.findings, audience)
    floor, recommended = pay_advice(client)
    hourly = plan.pay.in_currency(client.currency).per_hour(plan.minutes)
    found = Findings(about_pay(hourly, floor, recommended)) + enough(audience, plan, 0).findings
    return Estimate(inputs, None, (floor, recommended), found, audience)


class Estimator:
    """Keeps the newest estimate, made on a worker thread; only the latest of several requests is run.

    Parameters
    ----------
    notify : callable
        Called without arguments, on the worker thread, when there is a new estimate.
    fail : callable
        Called with the exception if the estimate fails.
    """

    def __init__(self, notify: Callable[[], None], fail: Callable[[BaseException], None]) -> None:
        self._notify, self._fail = notify, fail
        self._latest = Debouncer("the quote")
        self._later = Debouncer("the audience", _PAUSE)
        self._wanted: Inputs | None = None
        self._known = Estimate(Inputs())
        self.failed = False

    def ask(self, inputs: Inputs) -> None:
        """Request an estimate of these inputs."""
        before = self._wanted
        if inputs != before:
            self._wanted, self.failed = inputs, False
            at_once = before is None or (_same_audience(before, inputs) and not _other_design(before, inputs))
            (self._latest if at_once else self._later)(lambda: self._run(inputs))

    def of(self, inputs: Inputs) -> Estimate | None:
        """The estimate of these inputs, or None while it is being made.

        The cost does not depend on the design, so the last estimate is returned until that of a new design is there.
        """
        known = self._known
        if self.failed or known.quote is None or inputs.design is None:
            return known if known.inputs == inputs else None
        return known if replace(known.inputs, design=inputs.design) == inputs else None

    def stop(self) -> None:
        """Leave out requests that are still pending."""
        self._wanted = None

    def join(self, timeout: float) -> None:
        """Wait until no request is pending, at most `timeout` seconds."""
        self._later.join(timeout)
        self._latest.join(timeout)

    def _run(self, inputs: Inputs) -> None:
        if inputs != self._wanted:
            return
        try:
            known = estimate(inputs)
            if inputs == self._wanted:  # the other debouncer may be ahead
                self._known = known
        except Exception as failure:  # shown in the panel; the next keystroke requests it again
            if inputs == self._wanted:  # the failure of an older request must not drop a newer one
                self.failed, self._wanted = True, None
                self._fail(failure)
        self._notify()


def _other_design(one: Inputs, other: Inputs) -> bool:
    """Whether only the design differs, on which the cost does not depend."""
    return one.design is not None and replace(one, design=other.design) == other


def _same_audience(one: Inputs, other: Inputs) -> bool:
    if one.client is not other.client or one.plan is None or other.plan is None:
        return one.client is other.client and one.plan is other.plan
    return audience_key(one.plan) == audience_key(other.plan)


def listed(words: list[str]) -> str:
    """Words joined by commas and “and”."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
