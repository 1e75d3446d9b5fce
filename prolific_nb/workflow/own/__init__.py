"""Labels that researchers and colleagues give themselves: stored at once, tidy like those of a study, and timed."""

from .own_labels import OwnLabels
from .own_pace import Pace

__all__ = ["OwnLabels", "Pace"]
