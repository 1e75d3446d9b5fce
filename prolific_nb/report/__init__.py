"""Agreement per question: numbers, words, plot and a paragraph for a paper."""

from .build import agreement
from .disputed_rows import disputed
from .one_label import aggregate_labels
from .report import AgreementReport
from .scoring import SCORED_BY

__all__ = ["SCORED_BY", "AgreementReport", "aggregate_labels", "agreement", "disputed"]
