"""Agreement per question: numbers, words, plot and a paragraph for a paper."""

from .build import agreement
from .one_label import aggregate_labels
from .report import AgreementReport
from .rows.blind_labels import blind
from .rows.disagreement_table import disagreements
from .scoring import SCORED_BY

__all__ = ["SCORED_BY", "AgreementReport", "aggregate_labels", "agreement", "blind", "disagreements"]
