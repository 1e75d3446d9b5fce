"""The coefficients as the books print them, in plain loops over exact fractions; None where a denominator is 0.

A table is a list of units, and a unit is a dict from annotator to label. Nothing here is shared with the package.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, permutations
from typing import Any

Table = list[dict[str, Any]]
Near = Callable[[Any, Any], Fraction]


def equal(a: Any, b: Any) -> Fraction:
    return Fraction(int(a == b))


def weights(kind: str | None, categories: list[Any]) -> Near:
    """Gwet 2014, section 3.5: agreement of two categories by their ranks."""
    rank, far = {name: place for place, name in enumerate(categories)}, len(categories) - 1

    def near(a: Any, b: Any) -> Fraction:
        apart = abs(rank[a] - rank[b])
        if kind is None or not apart:
            return equal(a, b)
        if kind == "linear":
            return 1 - Fraction(apart, far)
        if kind == "quadratic":
            return 1 - Fraction(apart, far) ** 2
        return 1 - Fraction(apart * (apart + 1), far * (far + 1))

    return near


def over(above: Fraction, below: Fraction) -> Fraction | None:
    return above / below if below > 0 else None


def corrected(observed: Fraction | None, expected: Fraction | None) -> Fraction | None:
    if observed is None or expected is None:
        return None
    return over(observed - expected, 1 - expected)


def observed(table: Table, near: Near = equal) -> Fraction | None:
    """Mean over units with two labels or more of the mean agreement of their pairs."""
    shares = []
    for unit in table:
        pairs = [near(a, b) for a, b in permutations(unit.values(), 2)]
        if pairs:
            shares.append(sum(pairs, Fraction(0)) / len(pairs))
    return sum(shares, Fraction(0)) / len(shares) if shares else None


def shares(table: Table, categories: list[Any]) -> dict[Any, Fraction]:
    """Share of each category in a unit, averaged over the units with a label."""
    units = [list(unit.values()) for unit in table if unit]
    return {name: sum((Fraction(unit.count(name), len(unit)) for unit in units), Fraction(0)) / len(units)
            for name in categories}  # fmt: skip


def fleiss(table: Table, categories: list[Any]) -> Fraction | None:
    return corrected(observed(table), sum((p * p for p in shares(table, categories).values()), Fraction(0)))


def brennan_prediger(table: Table, categories: list[Any], near: Near) -> Fraction | None:
    q = len(categories)
    total = sum((near(a, b) for a in categories for b in categories), Fraction(0))
    return corrected(observed(table, near), total / q**2)


def gwet(table: Table, categories: list[Any], near: Near) -> Fraction | None:
    q = len(categories)
    if q < 2:
        return None
    total = sum((near(a, b) for a in categories for b in categories), Fraction(0))
    unlike = sum((p * (1 - p) for p in shares(table, categories).values()), Fraction(0))
    return corrected(observed(table, near), total / (q * (q - 1)) * unlike)


def conger(table: Table, categories: list[Any]) -> Fraction | None:
    """Mean over pairs of annotators of the product of their own shares."""
    given: dict[str, list[Any]] = {}
    for unit in table:
        for who, label in unit.items():
            given.setdefault(who, []).append(label)
    own = [{name: Fraction(labels.count(name), len(labels)) for name in categories} for labels in given.values()]
    pairs = [sum((one[name] * other[name] for name in categories), Fraction(0)) for one, other in combinations(own, 2)]
    return corrected(observed(table), sum(pairs, Fraction(0)) / len(pairs)) if pairs else None


def cohen(table: Table, categories: list[Any], near: Near) -> Fraction | None:
    both = [(unit["p0"], unit["p1"]) for unit in table if {"p0", "p1"} <= set(unit)]
    if not both:
        return None
    n, one, other = len(both), [a for a, _ in both], [b for _, b in both]
    chance = sum((near(a, b) * one.count(a) * other.count(b) for a in categories for b in categories), Fraction(0))
    return corrected(sum((near(a, b) for a, b in both), Fraction(0)) / n, chance / n**2)


def scott(table: Table, categories: list[Any]) -> Fraction | None:
    both = [unit for unit in table if {"p0", "p1"} <= set(unit)]
    if not both:
        return None
    labels = [label for unit in both for label in (unit["p0"], unit["p1"])]
    chance = sum((Fraction(labels.count(name), len(labels)) ** 2 for name in categories), Fraction(0))
    return corrected(Fraction(sum(unit["p0"] == unit["p1"] for unit in both), len(both)), chance)


def alpha(table: Table, level: str, masi: Callable[[Any, Any], Fraction] | None = None) -> Fraction | None:
    """Krippendorff 2011: 1 less the observed over the expected disagreement, pair by pair."""
    paired = [list(unit.values()) for unit in table if len(unit) > 1]
    labels = [label for unit in paired for label in unit]

    def distance(a: Any, b: Any) -> Fraction:
        if level == "set":
            assert masi is not None
            return masi(a, b)
        if level == "nominal" or a == b:
            return 1 - equal(a, b)
        if level == "ordinal":
            low, high = min(a, b), max(a, b)
            between = sum(low <= label <= high for label in labels)
            return (between - Fraction(labels.count(a) + labels.count(b), 2)) ** 2
        return Fraction(a - b) ** 2 if level == "interval" else (Fraction(a - b) / Fraction(a + b)) ** 2

    n = len(labels)
    within = sum((distance(a, b) / (len(unit) - 1) for unit in paired for a, b in permutations(unit, 2)), Fraction(0))
    everywhere = sum((distance(a, b) for a, b in permutations(labels, 2)), Fraction(0))
    ratio = over(within * (n - 1), everywhere)
    return None if ratio is None else 1 - ratio


def masi(a: frozenset[Any], b: frozenset[Any]) -> Fraction:
    """Distance of Passonneau 2006."""
    if a == b:
        return Fraction(0)
    part = Fraction(2, 3) if a <= b or b <= a else Fraction(1, 3) if a & b else Fraction(0)
    return 1 - Fraction(len(a & b), len(a | b)) * part


def icc(table: Table, form: str) -> Fraction | None:
    """Shrout & Fleiss 1979, from mean squares as deviations from means; one-way with Donner's n0."""
    units = [[Fraction(x) for x in unit.values()] for unit in table if unit]
    everything = [x for unit in units for x in unit]
    n, total = len(units), len(everything)
    grand = sum(everything, Fraction(0)) / total
    means = [sum(unit, Fraction(0)) / len(unit) for unit in units]
    if n < 2 or total == n:
        return None
    between = sum((len(u) * (m - grand) ** 2 for u, m in zip(units, means, strict=True)), Fraction(0)) / (n - 1)
    inside = sum(((x - m) ** 2 for u, m in zip(units, means, strict=True) for x in u), Fraction(0))
    if form[0] == "1":
        within = inside / (total - n)
        k = (total - Fraction(sum(len(u) ** 2 for u in units), total)) / (n - 1)
        return over(between - within, between + (k - 1) * within if form == "1,1" else between)
    k = Fraction(len(units[0]))
    columns = list(zip(*units, strict=True))
    if k < 2:
        return None
    judges = n * sum(((sum(c, Fraction(0)) / n - grand) ** 2 for c in columns), Fraction(0))
    error, bias = (inside - judges) / ((n - 1) * (k - 1)), judges / (k - 1)
    below = {
        "2,1": between + (k - 1) * error + k * (bias - error) / n,
        "2,k": between + (bias - error) / n,
        "3,1": between + (k - 1) * error,
        "3,k": between,
    }
    return over(between - error, below[form])


def fleiss_of(table: Table, category: Any) -> Fraction | None:
    """Fleiss 1971, equation 23: one category against all others."""
    return fleiss([{who: label == category for who, label in unit.items()} for unit in table], [False, True])


def pairwise(table: Table, categories: list[Any]) -> dict[tuple[str, str], tuple[int, Fraction, Fraction | None]]:
    """Shared units, share of equal labels and Cohen's kappa of each two annotators who share a unit."""
    found = {}
    for one, other in combinations(sorted({who for unit in table for who in unit}), 2):
        both = [{"p0": unit[one], "p1": unit[other]} for unit in table if {one, other} <= set(unit)]
        if both:
            same = Fraction(sum(unit["p0"] == unit["p1"] for unit in both), len(both))
            found[one, other] = (len(both), same, cohen(both, categories, equal))
    return found


def coincidences(table: Table, a: Any, b: Any) -> Fraction:
    """Krippendorff 2011, section B: ordered pairs of labels (a, b) of a unit with m labels, each over m - 1."""
    total = Fraction(0)
    for unit in table:
        pairs = [pair for pair in permutations(unit.values(), 2) if pair == (a, b)]
        total += Fraction(len(pairs), max(len(unit) - 1, 1))
    return total


def votes(unit: dict[str, Any]) -> tuple[Any, ...]:
    """All labels that a unit was given most often."""
    given = list(unit.values())
    most = max(map(given.count, given))
    return tuple(sorted(label for label in set(given) if given.count(label) == most))
