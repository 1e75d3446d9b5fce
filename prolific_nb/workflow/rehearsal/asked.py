"""What is rehearsed: a study, the people who take part in it, and what happens to it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from ...common.display import quoted
from ...common.money import Money
from ...data import Dataset
from ...design import Design
from ...sandbox import People
from ...study import StudyPlan
from .scenario import ORDINARY, Scenario


@dataclass(frozen=True)
class Asked:
    """The arguments of `rehearse`, checked.

    Parameters
    ----------
    data, design, plan
        The study.
    people : People
    truth : str or None
        The column with the intended answers.
    scenario : Scenario
    seed : int
    max_cost : str, Decimal, Money or None
    options : mapping
        Further arguments of `launch`.
    """

    data: Dataset
    design: Design
    plan: StudyPlan
    people: People
    truth: str | None = None
    scenario: Scenario = ORDINARY
    seed: int = 0
    max_cost: str | Money | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def local_plan(self) -> StudyPlan:
        """The plan without what refers to an account: project and filters, which all simulated people match anyway."""
        if not isinstance(self.plan, StudyPlan):
            return self.plan  # refused by the launch, with everything else
        return replace(self.plan, project=None, filters=(), filter_set_id=None, filter_set_version=None)

    @property
    def has_filters(self) -> bool:
        """Whether the plan says who may take part."""
        return bool(self.plan.filters or self.plan.filter_set_id)

    def ordinary(self) -> Self:
        """The same without a scenario, and whatever it costs: for comparison."""
        return replace(self, scenario=ORDINARY, max_cost=None)

    def nth(self, number: int) -> Self:
        """The same with the seed of the nth of several rehearsals, which is known from this one's seed."""
        digest = hashlib.sha256(f"{self.seed}/rehearsal/{number}".encode()).digest()
        return replace(self, seed=int.from_bytes(digest[:4], "big"))

    def to_code(self) -> str:
        """The program that rehearses the same."""
        given = {"people": None if self.people == People() else self.people.to_code(), "truth": _quoted(self.truth)}
        given["scenario"] = _quoted(self.scenario.name or None)
        given |= {"seed": str(self.seed) if self.seed else None, "max_cost": _quoted(self.max_cost)}
        given |= {name: repr(value) for name, value in self.options.items()}
        arguments = "".join(f", {name}={code}" for name, code in given.items() if code is not None)
        parts = [part.to_code().strip("\n") for part in (self.data, self.design, self.plan)]
        call = f"rehearsal = pnb.rehearse(data, design, plan{arguments})"
        return "\n".join(["import prolific_nb as pnb", "", *parts, "", call, "print(rehearsal.words)", ""])


def _quoted(value: object) -> str | None:
    return None if value is None else quoted(str(value))
