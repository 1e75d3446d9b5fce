"""How far people agree, question by question: numbers, words and picture put together."""

from .report import AgreementReport
from .reporting import agreement

__all__ = ["AgreementReport", "agreement"]
