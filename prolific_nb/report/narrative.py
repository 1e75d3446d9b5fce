"""The results of a report in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..analysis import Coefficient, conger_kappa
from ..analysis.coefficient import rounded
from ..common.plurals import counted
from .disagreement import hardest_options, where
from .formatting import as_percent, quote_list, share_interval, with_interval
from .question_agreement import QuestionAgreement
from .question_selection import NotScored

SIMULATED = "SANDBOX: the people are simulated, so this says nothing about real annotators."
_UNITS_ONLY = (
    "The intervals come from resampling units: they show how the numbers would vary with other units like these, "
    "not with other annotators."
)
# The words mention a gap between percent agreement and α, and a width of an interval, above these.
_APART, _COMMON, _WIDE = 0.3, 0.7, 0.3
# Annotators' label shares are reported as different if they lower expected agreement by this much, and only with
# enough labels per annotator on average.
_LOWERED, _ENOUGH = 0.02, 20
_OWN_SENTENCE = ("percent_agreement", "icc(1,1)")
_DISTANCE = {
    "scale": "By the distance between points of the scale, ",
    "many": "With partial credit for sets that overlap (MASI), ",
    "number": "By the squared difference between numbers, ",
}


def words_of(
    scored: Sequence[QuestionAgreement], not_scored: Sequence[NotScored], mode: str | None, left_out: str = ""
) -> str:
    """One paragraph per question, what the intervals cover, and what is not scored or was left out."""
    parts = [SIMULATED] if mode == "SANDBOX" else []
    parts += [" ".join(_sentences(each)) for each in scored]
    if any(not np.isnan(result.low) for each in scored for result in each.coefficients):
        parts.append(_UNITS_ONLY)
    if not_scored:
        parts.append("Not scored: " + "; ".join(f"“{each.question}” ({each.why})" for each in not_scored) + ".")
    if left_out:
        parts.append(left_out)
    return "\n\n".join(parts) or "There is no question to score."


def headline_of(scored: Sequence[QuestionAgreement], mode: str | None) -> str:
    """The question with the lowest α; where none is defined, the first reason."""
    who = "Simulated people: " if mode == "SANDBOX" else ""
    if not scored:
        return f"{who}no question could be scored; see not_scored for the reasons."
    defined = [each for each in scored if not np.isnan(each.lead.value)]
    if not defined:
        return f"{who}“{scored[0].question}” has no score. {scored[0].lead.note}"
    weakest = min(defined, key=lambda each: each.lead.value)
    least = "agreement is lowest on" if len(defined) > 1 else "agreement on"
    number = with_interval(weakest.lead_name, weakest.lead)
    return f"{who}{least} “{weakest.question}”, {number}: {meaning(weakest.lead)}"


def meaning(alpha: Coefficient) -> str:
    """α as the reduction of disagreement below chance; no verdict, since what is enough depends on the use."""
    if alpha.low <= 0 <= alpha.high:
        return "this is not distinguishable from chance."
    if alpha.value < 0:
        return "annotators disagree more than expected by chance."
    return f"observed disagreement is {as_percent(alpha.value)} lower than expected by chance."


def _sentences(scored: QuestionAgreement) -> Iterator[str]:
    """What was counted, what the numbers mean, where annotators disagree, and caveats."""
    counts, lead = scored.reading.counts, scored.lead
    single = f", {counts.n_single:,} of them with a single answer" if counts.n_single else ""
    yield (
        f"“{scored.question}”: {counted(counts.n_ratings, 'answer')} by "
        f"{counted(counts.n_annotators, 'person', 'people')} on {counted(counts.n_units, 'unit')}{single}."
    )
    yield from _percent(scored)
    if not np.isnan(lead.value):
        yield f"{_DISTANCE.get(scored.reading.kind, '')}{_numbers(scored)}: {meaning(lead)}"
        yield from _between_units(scored)
        yield from hardest_options({option: result.value for option, result in scored.options.items()})
        yield from where(scored.reading)
        yield from _cautions(scored)
    yield from scored.reading.notes
    if lead.note:
        yield lead.note


def _percent(scored: QuestionAgreement) -> Iterator[str]:
    percent = scored.get("percent_agreement")
    if percent is None or np.isnan(percent.value):
        return
    same = "picked exactly the same options" if scored.reading.kind == "many" else "agreed"
    observed = f"Two annotators of the same unit {same} {as_percent(percent.value)} of the time"
    chance = f"; expected by chance: {as_percent(scored.lead.expected)}" if scored.reading.kind == "single" else ""
    yield f"{observed} ({share_interval(percent)}){chance}."


def _numbers(scored: QuestionAgreement) -> str:
    elsewhere = {scored.scoring.lead, *_OWN_SENTENCE}
    others = [(entry.name, each.value) for entry, each in scored.in_order() if entry.kind not in elsewhere]
    shown = [f"{name} = {rounded(value)}" for name, value in others if not np.isnan(value)]
    return ", ".join([with_interval(scored.lead_name, scored.lead), *shown])


def _between_units(scored: QuestionAgreement) -> Iterator[str]:
    icc = scored.get("icc(1,1)")
    if icc is not None and icc.value > 0:
        number = with_interval(scored.scoring.entry(icc.kind).name, icc)
        yield f"{number}: {as_percent(icc.value)} of the variance is between units, not annotators."


def _cautions(scored: QuestionAgreement) -> Iterator[str]:
    counts, percent, alpha = scored.reading.counts, scored.get("percent_agreement"), scored.lead
    most = counts.totals.max() / counts.n_ratings
    if percent is not None and percent.value - alpha.value > _APART and most > _COMMON:
        commonest = quote_list([counts.categories[int(counts.totals.argmax())]])
        yield (
            f"Percent agreement and α differ because {as_percent(most)} of the answers are {commonest}: agreement on a "
            "common label is likely by chance, and α corrects for it."
        )
        if ac1 := scored.get("gwet_ac1"):
            yield (
                f"AC1 ({rounded(ac1.value)}) corrects little where one label prevails, so it stays near percent "
                "agreement; report the coefficient that you chose before seeing the results."
            )
    if scored.reading.kind == "single":
        yield from _label_shares(scored)
    if alpha.high - alpha.low > _WIDE:
        yield "The interval is wide; more units would narrow it."


def _label_shares(scored: QuestionAgreement) -> Iterator[str]:
    """Whether annotators differ in how often they give each label: Conger's κ allows for it, Fleiss' κ does not."""
    counts, fleiss = scored.reading.counts, scored.get("fleiss_kappa")
    if fleiss is None or counts.n_ratings < _ENOUGH * counts.n_annotators:
        return
    if counts.weights is not None and (counts.weights != 1).any():  # Conger's κ has no weighted form
        return
    own = conger_kappa(counts, draws=1)
    if fleiss.expected - own.expected > _LOWERED:
        yield (
            "Annotators differ in how often they give each label: with the label shares of each, expected agreement is "
            f"{as_percent(own.expected)} instead of {as_percent(fleiss.expected)} (Conger's κ = {rounded(own.value)}). "
            "Part of the disagreement comes from different thresholds."
        )
