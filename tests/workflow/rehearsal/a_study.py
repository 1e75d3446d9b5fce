"""A small study to rehearse: 24 of the bundled reviews in eight groups, three annotators each."""

from __future__ import annotations

from functools import cache
from typing import Any

import prolific_nb as pnb
from prolific_nb import Rehearsal

FEELS = "How does the writer feel?"
SAYS = "REHEARSAL: the people are simulated, so this says nothing about real people."


def study(**settings: Any) -> tuple[pnb.Dataset, pnb.Design, pnb.StudyPlan]:
    """Data, design and plan."""
    reviews = pnb.sample_data()
    design = pnb.Design("Reviews", introduction="<p>Read.</p>", steps="<p>Choose.</p>").show("review")
    design = design.choose(FEELS, ["good", "bad", "mixed"]).write("Why?")
    plan = pnb.StudyPlan("Reviews", **{"reward": "1.50", "minutes": 6, "tasks_per_group": 3, **settings})
    return reviews.select(reviews.row_keys[:24]), design, plan


@cache
def rehearsed(scenario: str | None = None) -> Rehearsal:
    """The study rehearsed, once for all tests of a process."""
    return pnb.rehearse(*study(), truth="sentiment", scenario=scenario)
