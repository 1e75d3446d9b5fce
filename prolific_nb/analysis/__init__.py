"""Numbers from frames: counts of labels and coefficients of agreement, each with its interval."""

from .agreement import brennan_prediger, fleiss_kappa, gwet_ac, percent_agreement
from .alpha import krippendorff_alpha
from .coefficient import Coefficient
from .conger import conger_kappa
from .counts import Counts, count, unit_column
from .reliability import icc
from .two_raters import cohen_kappa, scott_pi

__all__ = [
    "Coefficient",
    "Counts",
    "brennan_prediger",
    "cohen_kappa",
    "conger_kappa",
    "count",
    "fleiss_kappa",
    "gwet_ac",
    "icc",
    "krippendorff_alpha",
    "percent_agreement",
    "scott_pi",
    "unit_column",
]
