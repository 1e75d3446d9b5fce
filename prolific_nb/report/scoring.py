"""Which coefficients each kind of question is scored by: one table that the numbers, words, methods and plots share.

To add a coefficient to reports, give it a `Coefficient.kind` and a `Coefficient.reference` in `prolific_nb.analysis`
and add an `Entry` below; table, words, methods and plot then include it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..analysis import (
    Coefficient,
    Counts,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac,
    icc,
    krippendorff_alpha,
    percent_agreement,
)


@dataclass(frozen=True)
class Entry:
    """A coefficient as reports use it.

    Parameters
    ----------
    kind : str
        Its `Coefficient.kind`.
    name : str
        Its name in sentences, without weights or level of measurement.
    function : callable
        From `Counts`, ``draws=`` and ``seed=`` to a `Coefficient`.
    options : mapping, optional
        Further arguments of `function`.
    annotators : int, optional
        Computed only for questions with exactly so many annotators.
    uses_single : bool
        Whether units with one label count too, such as in the chance term.
    weighted : bool
        Whether it can be computed from answers with weights.
    """

    kind: str
    name: str
    function: Callable[..., Coefficient]
    options: Mapping[str, Any] = field(default_factory=dict)
    annotators: int | None = None
    uses_single: bool = False
    weighted: bool = True


@dataclass(frozen=True)
class Scoring:
    """The coefficients of one kind of question.

    Parameters
    ----------
    lead : str
        `Coefficient.kind` of the one that headline, words and title of the plot speak of.
    entries : tuple of Entry
        All of them, in the order of the table; their kinds differ.
    """

    lead: str
    entries: tuple[Entry, ...]

    def score(self, counts: Counts, draws: int, seed: int) -> tuple[Coefficient, ...]:
        """Every coefficient from the same counts."""
        return tuple(
            each.function(counts, draws=draws, seed=seed, **each.options)
            for each in self.entries
            if each.annotators in (None, counts.n_annotators) and (each.weighted or counts.weights is None)
        )

    def entry(self, kind: str) -> Entry:
        """The entry of a coefficient."""
        return next(each for each in self.entries if each.kind == kind)


def _alpha(level: str) -> Entry:
    return Entry("krippendorff_alpha", "Krippendorff's α", krippendorff_alpha, {"level": level})


_PERCENT = Entry("percent_agreement", "Percent agreement", percent_agreement)

SCORED_BY: Mapping[str, Scoring] = {
    "single": Scoring(
        lead="krippendorff_alpha",
        entries=(
            _PERCENT,
            Entry("cohen_kappa", "Cohen's κ", cohen_kappa, annotators=2, weighted=False),
            Entry("fleiss_kappa", "Fleiss' κ", fleiss_kappa, uses_single=True),
            Entry("gwet_ac1", "Gwet's AC1", gwet_ac, uses_single=True),
            _alpha("nominal"),
        ),
    ),
    "scale": Scoring(
        lead="krippendorff_alpha",
        entries=(
            _PERCENT,
            Entry("cohen_kappa", "Cohen's κ", cohen_kappa, {"weights": "quadratic"}, annotators=2, weighted=False),
            Entry("gwet_ac2", "Gwet's AC2", gwet_ac, {"weights": "ordinal"}, uses_single=True),
            _alpha("ordinal"),
        ),
    ),
    "many": Scoring(lead="krippendorff_alpha", entries=(_PERCENT, _alpha("set"))),
    "number": Scoring(
        lead="krippendorff_alpha",
        entries=(Entry("icc(1,1)", "ICC(1,1)", icc, weighted=False), _alpha("interval")),
    ),
}
"""By `Question.kind`."""

COMPARABLE: Mapping[str, str] = {"percent_agreement": "Percent agreement", "krippendorff_alpha": "Krippendorff's α"}
"""Kind and name of those drawn where one plot shows several questions, since most kinds of question have them."""
