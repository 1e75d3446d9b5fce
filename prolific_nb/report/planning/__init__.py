"""How many annotators and units a study needs: designs, their expected precision and cost, and the words for them."""

from .sample_size_value import SampleSize
from .study_size import StudySize

__all__ = ["SampleSize", "StudySize"]
