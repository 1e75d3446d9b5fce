"""Statistics of labels: counts, coefficients of agreement with intervals, and one label per unit from several."""

from .aggregate import Aggregate
from .agreement import brennan_prediger, fleiss_kappa, gwet_ac, percent_agreement
from .alpha import krippendorff_alpha
from .annotator_table import annotators
from .coefficient import Coefficient
from .conger import conger_kappa
from .counts import Counts, count, unit_column
from .dawid_skene import dawid_skene
from .flag_rules import Rules
from .flags import Flags, flags
from .icc import icc
from .influence import influence
from .label_shares import Mean, mean, share
from .needs_more import needs_more
from .pairwise import label_confusion, pairwise_agreement, unit_disagreement
from .precision import Precision
from .precision_course import precision_course
from .preference import Preference, preference
from .running_alpha import RunningAlpha
from .two_raters import cohen_kappa, scott_pi
from .votes import plurality, weighted_vote

__all__ = [
    "Aggregate",
    "Coefficient",
    "Counts",
    "Flags",
    "Mean",
    "Precision",
    "Preference",
    "Rules",
    "RunningAlpha",
    "annotators",
    "brennan_prediger",
    "cohen_kappa",
    "conger_kappa",
    "count",
    "dawid_skene",
    "flags",
    "fleiss_kappa",
    "gwet_ac",
    "icc",
    "influence",
    "krippendorff_alpha",
    "label_confusion",
    "mean",
    "needs_more",
    "pairwise_agreement",
    "percent_agreement",
    "plurality",
    "precision_course",
    "preference",
    "scott_pi",
    "share",
    "unit_column",
    "unit_disagreement",
    "weighted_vote",
]
