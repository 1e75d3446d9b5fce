"""Plots: each takes a frame and an optional Axes, draws, and returns the Axes. Nothing is computed or shown here."""

from .agreement import agreement
from .annotators import annotators
from .confusion import confusion
from .disagreement import disagreement
from .influence import influence
from .labels import labels
from .preference import preference
from .progress import progress
from .time import time_per_task

__all__ = [
    "agreement",
    "annotators",
    "confusion",
    "disagreement",
    "influence",
    "labels",
    "preference",
    "progress",
    "time_per_task",
]
