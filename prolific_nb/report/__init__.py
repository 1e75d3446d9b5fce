"""Agreement per question: numbers, words, plot and a paragraph for a paper."""

from .build import agreement
from .report import AgreementReport
from .scoring import SCORED_BY

__all__ = ["SCORED_BY", "AgreementReport", "agreement"]
