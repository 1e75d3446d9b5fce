"""Per rule: whom it concerns, the size of the effect, and how probable it is for an honest person."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .answer_codes import Mask
from .counts import Ints
from .fellow_annotators import have_fellows
from .flag_rules import Rules
from .intervals import Floats, ratio
from .known_answers import Scored
from .others_agreement import GRID, dependence
from .people_facts import Facts
from .proportions import NORMAL, at_least, at_most, chi_square_above, wilson
from .straight_lines import improbability

_DEPENDS = 0.15  # labels that vary with the unit at this level are not those of somebody who did not read
_LEAST_GOLD = 3  # gold rows
_MOST = 0.5  # of the tasks
_CAUTIOUS = 0.5  # of the labels
_RARE = 0.05  # shares of honest people are not taken to be nearer to 0 or 1
_CHECK_ERROR = 0.05  # assumed share of checks that honest people fail, for the number expected by chance only


@dataclass(frozen=True, eq=False)
class Evidence:
    """One rule; one entry per person.

    Parameters
    ----------
    tested : ndarray of bool, shape (n_people,)
        People with enough answers for the rule.
    effect : ndarray of bool
        Those of them beyond the threshold.
    p : ndarray of float64
        Probability of such answers at the threshold, or a bound on it.
    value, threshold, n : ndarray of float64
        What the flag reports.
    expected : ndarray of float64
        What typical people show, for the sentence; nan where the sentence does not have it.
    by_chance : ndarray of float64, optional
        Probability that an honest person is flagged, where it does not follow from the limit on `p`.
    """

    tested: Mask
    effect: Mask
    p: Floats
    value: Floats
    threshold: Floats
    n: Floats
    expected: Floats
    by_chance: Floats | None = None


def evidence(facts: Facts, rules: Rules) -> dict[str, Evidence]:
    """The evidence for each flag that is not left out."""
    return {name: gather(facts, rules) for name, gather in _GATHER.items() if name not in rules.without}


def _too_fast(facts: Facts, rules: Rules) -> Evidence:
    speed = facts.speed
    n = speed.n
    share = ratio(speed.quick, n)
    tested = n >= rules.least
    effect = tested & (wilson(np.nan_to_num(share), n)[0] > _MOST)
    p = _where(effect, at_least, speed.quick, n, np.full(len(n), _usual(share, tested)))
    return Evidence(tested, effect, p, share, np.full(len(n), _MOST), n, speed.needed)


def _outlier(facts: Facts, rules: Rules) -> Evidence:
    speed = facts.speed
    tested = (speed.n >= rules.least) & ~np.isnan(speed.z)
    tail = NORMAL.cdf(-rules.z)
    p = np.where(speed.z_high <= -rules.z, 0.0, 1.0)
    typical = np.full(len(p), float(np.nanmedian(speed.seconds)) if tested.any() else np.nan)
    effect = tested & (speed.z_high <= -rules.z)
    limits, by_chance = np.full(len(p), -rules.z), np.full(len(p), tail)
    return Evidence(tested, effect, p, speed.z, limits, speed.n, typical, by_chance)


def _straight(facts: Facts, rules: Rules) -> Evidence:
    lines = facts.lines
    size = len(lines.n)
    tested = lines.n >= rules.least
    long = np.nan_to_num(lines.run) >= rules.run * lines.n
    effect = tested & (long | (np.nan_to_num(lines.same) >= rules.same))
    p, expected = np.ones(size), np.full(size, np.nan)
    for place, (labels, crowd) in enumerate(zip(facts.answers.questions, facts.typical, strict=True)):
        people = effect & (lines.question == place)
        rows = np.flatnonzero(people[labels.who])
        if len(rows):
            bound, mean = improbability(labels, crowd, rows, lines.option, lines.run)
            p[people], expected[people] = bound[people], mean[people]
    # A run of somebody whose other labels vary with what was shown is no habit. Nearly one option for all of them is,
    # unless half of the labels may depend on what was shown: somebody who sees little of a rare label is only cautious.
    nearly = lines.same >= rules.same
    suspects = effect & (p <= rules.chance) & ~nearly
    effect &= ~(suspects & _depends(facts, suspects))
    effect &= ~(nearly & (np.nan_to_num(facts.others.informative()[2]) >= _CAUTIOUS))
    given = np.round(lines.same * lines.n)
    value = np.where(long, lines.run, given)
    threshold = np.where(long, np.ceil(rules.run * lines.n), np.ceil(rules.same * lines.n))
    return Evidence(tested, effect, p, value, threshold, lines.n, expected)


def _repeated(facts: Facts, rules: Rules) -> Evidence:
    texts = facts.texts
    tested = texts.n >= max(1, math.ceil(rules.least / 2))
    share = ratio(texts.repeated, texts.n)
    usual = np.full(len(share), _usual(share, tested))
    limits = np.maximum(rules.repeated, usual)
    effect = tested & (wilson(np.nan_to_num(share), texts.n)[0] > limits)
    p = _where(effect, at_least, texts.repeated, texts.n, usual)
    return Evidence(tested, effect, p, share, limits, texts.n, usual)


def _low_agreement(facts: Facts, rules: Rules) -> Evidence:
    others = facts.others
    tested = others.n >= rules.least
    best, *_ = others.informative()
    at = np.interp(rules.informative, GRID, np.arange(len(GRID)))
    low, part = int(at), at - int(at)
    there = (1 - part) * others.likelihood[:, low] + part * others.likelihood[:, min(low + 1, len(GRID) - 1)]
    root = np.sqrt(np.maximum(2 * (others.likelihood.max(axis=1) - there), 0))
    p = np.where(best < rules.informative, [1 - NORMAL.cdf(each) for each in root.tolist()], 1.0)
    effect = tested & (best < rules.informative)
    suspects = effect & (p <= rules.chance)
    # A minority with a view of its own does not agree with the others, but its labels depend on what was shown.
    effect &= ~(suspects & _depends(facts, suspects))
    suspects &= effect
    if suspects.any():
        effect &= ~have_fellows(facts.answers.questions, suspects)
    typical = np.full(len(p), float(np.nanmedian(others.agreement)) if tested.any() else np.nan)
    return Evidence(tested, effect, p, best, np.full(len(p), rules.informative), others.n, typical)


def _depends(facts: Facts, people: Mask) -> Mask:
    """Whose labels vary with those of the others on the same units, in whatever direction."""
    statistic, df = np.zeros((2, len(people)))
    for labels, crowd in zip(facts.answers.questions, facts.typical, strict=True):
        rows = np.flatnonzero(people[labels.who])
        if len(rows):
            found = dependence(labels, crowd, rows, len(people))
            statistic, df = statistic + found[0], df + found[1]
    return (df > 0) & (chi_square_above(statistic, df) <= _DEPENDS)


def _failed_gold(facts: Facts, rules: Rules) -> Evidence:
    gold = facts.gold
    limit = np.minimum(rules.gold, np.nan_to_num(gold.others, nan=1.0))
    share = ratio(gold.right, gold.n)
    tested = gold.n >= _LEAST_GOLD
    effect = tested & (wilson(np.nan_to_num(share), gold.n)[1] < limit)
    p = _where(effect, at_most, gold.right, gold.n, np.clip(np.nan_to_num(gold.others), limit, 1 - _RARE))
    return Evidence(tested, effect, p, share, limit, gold.n, gold.others)


def _failed_check(facts: Facts, rules: Rules) -> Evidence:
    checks: Scored = facts.checks
    failed = checks.n - checks.right
    tested = checks.n >= rules.checks
    effect = tested & (failed >= rules.checks) & (checks.right < rules.gold * checks.n)
    least = np.maximum(rules.checks, np.floor((1 - rules.gold) * checks.n) + 1)
    honest = at_least(least, checks.n, _CHECK_ERROR)
    return Evidence(tested, effect, np.zeros(len(failed)), failed, np.full(len(failed), float(rules.checks)), checks.n,
                    np.full(len(failed), np.nan), np.where(tested, honest, 0))  # fmt: skip


def _usual(share: Floats, tested: Mask) -> float:
    """Share that half of the people do not exceed, and at least 5 %."""
    return max(float(np.median(share[tested])), _RARE) if tested.any() else _RARE


def _where(effect: Mask, tail: Callable[..., Floats], k: Floats, n: Floats, p: Floats) -> Floats:
    """The tail of those beyond the threshold, 1 for the others."""
    found = np.ones(len(k))
    found[effect] = tail(k[effect], n[effect], p[effect])
    return found


_GATHER: dict[str, Callable[[Facts, Rules], Evidence]] = {
    "too fast": _too_fast,
    "outlier in speed": _outlier,
    "straight-lining": _straight,
    "repeated text": _repeated,
    "low agreement": _low_agreement,
    "failed gold": _failed_gold,
    "failed check": _failed_check,
}


def raised(found: Evidence, rules: Rules) -> tuple[Ints, float]:
    """The people with a flag, and how many honest ones are expected among all by chance.

    The limit on p is `chance`, or that of Benjamini & Hochberg (1995) if it is lower.
    """
    p = np.where(found.effect, found.p, 1.0)[found.tested]
    if found.by_chance is not None:
        return np.flatnonzero(found.effect), float(found.by_chance[found.tested].sum())
    ranked = np.sort(p)
    limits = rules.false_share * np.arange(1, len(p) + 1) / max(len(p), 1)
    passed = np.flatnonzero(ranked <= limits)
    # Nobody passes: the limit that a single person would have had to reach.
    limit = min(rules.chance, float(limits[passed[-1]] if len(passed) else limits[0]) if len(p) else rules.chance)
    return np.flatnonzero(found.tested & found.effect & (found.p <= limit)), limit * len(p)
