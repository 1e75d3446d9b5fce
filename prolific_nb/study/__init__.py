"""Launching a study: what it will be, what it costs, and the steps that create it."""

from .plan import Filter, StudyPlan
from .quote import Quote, quote

__all__ = ["Filter", "Quote", "StudyPlan", "quote"]
