"""The plan that a study begins with."""

from __future__ import annotations

from ...design import Design
from ...study import StudyPlan

_UNNAMED = "My study"


def name_of(design: Design | None) -> str:
    """The name of a study of a design."""
    return design.name if design is not None and design.name.strip() else _UNNAMED


def first_plan(design: Design | None) -> StudyPlan:
    """A plan named after the design, with a reward of 1.50 for 6 minutes.

    Examples
    --------
    >>> first_plan(None).name
    'My study'
    """
    return StudyPlan(name_of(design), reward="1.50", minutes=6)
