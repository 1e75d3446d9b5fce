"""Plots: each takes a frame and an optional Axes, draws, and returns the Axes. Nothing is computed or displayed."""

from .agreement_plot import agreement
from .annotators_plot import annotators
from .confusion_plot import confusion
from .disagreement_plot import disagreement
from .histogram_plot import histogram
from .influence_plot import influence
from .labels_plot import labels
from .preference_plot import preference
from .progress_plot import progress
from .time_plot import time_per_task

__all__ = [
    "agreement",
    "annotators",
    "confusion",
    "disagreement",
    "histogram",
    "influence",
    "labels",
    "preference",
    "progress",
    "time_per_task",
]
