"""Numbers from frames: counts of labels and coefficients of agreement, each with its interval."""

from .agreement import fleiss_kappa, krippendorff_alpha, percent_agreement
from .coefficient import Coefficient
from .counts import Counts, count, unit_column

__all__ = ["Coefficient", "Counts", "count", "fleiss_kappa", "krippendorff_alpha", "percent_agreement", "unit_column"]
