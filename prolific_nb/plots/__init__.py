"""Plots: each takes a frame and an optional Axes, draws, and returns the Axes. Nothing is computed or displayed.

Text fits Axes of any size. `gallery` draws all plots; `svg`, `image` and `alt_text` are for documents and web pages.
"""

from .agreement_plot import agreement
from .annotators_plot import annotators
from .confusion_plot import confusion
from .disagreement_plot import disagreement
from .gallery import gallery
from .histogram_plot import histogram
from .influence_plot import influence
from .labels_plot import labels
from .pictures import alt_text, image, svg
from .planning.precision_plot import precision
from .planning.rehearsals_plot import rehearsals
from .planning.sample_size_plot import sample_size
from .preference_plot import preference
from .progress_plot import progress
from .time_plot import time_per_task

__all__ = [
    "agreement",
    "alt_text",
    "annotators",
    "confusion",
    "disagreement",
    "gallery",
    "histogram",
    "image",
    "influence",
    "labels",
    "precision",
    "preference",
    "progress",
    "rehearsals",
    "sample_size",
    "svg",
    "time_per_task",
]
