"""Plots: each takes a frame and an optional Axes, draws, and returns the Axes. Nothing is computed or shown here."""

from .agreement import agreement
from .labels import labels

__all__ = ["agreement", "labels"]
