"""How far people agree, question by question: numbers, words and picture put together."""

from .build import agreement
from .report import AgreementReport
from .scoring import SCORED_BY

__all__ = ["SCORED_BY", "AgreementReport", "agreement"]
