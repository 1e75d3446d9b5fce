"""A study: its plan, its cost, and the steps that create, monitor and review it."""

from .plan import Filter, StudyPlan
from .quote import Quote, quote

__all__ = ["Filter", "Quote", "StudyPlan", "quote"]
