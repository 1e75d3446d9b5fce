"""A study: its plan, its cost, and the steps that create, monitor and review it."""

from .audience import Filter
from .plan import StudyPlan
from .quote import Quote, quote

__all__ = ["Filter", "Quote", "StudyPlan", "quote"]
