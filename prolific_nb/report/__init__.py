"""How far people agree, question by question: numbers, words and picture put together."""

from .build import agreement
from .report import AgreementReport

__all__ = ["AgreementReport", "agreement"]
