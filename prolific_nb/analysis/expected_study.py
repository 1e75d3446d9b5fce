"""What a study will show, by the number of annotators: spread of the coefficient and of shares, accuracy, power."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .completed_units import completed_units
from .counts import Counts, Ints
from .crowd_model import Crowd, Drawn
from .expected_accuracy import Aggregation, expected_accuracy
from .expected_precision import UnitSpread, Z, made_counts, shared_variance, unit_spread
from .intervals import Floats, Sums
from .number_crowd import NumberCrowd, completed_numbers

# Units simulated, at least and at most; by unit: where every unit is of a kind of its own, as with sets of options.
_UNITS, _CELLS = (2_000, 20_000), 4_000_000
_BY_UNIT, _CELLS_BY_UNIT = (2_000, 5_000), 1_000_000
_EM_UNITS = 3_000, 20_000  # enough for 60 groups of people, between these
_GROUP = (2, 100)  # units that share their people, at least and at most


@dataclass(frozen=True)
class Expected:
    """What to expect of a study.

    Parameters
    ----------
    spreads : mapping from int to UnitSpread
        Of the coefficient, by annotators per unit.
    share_sd : mapping from int to float
        Standard deviation over units of the share of the label that varies most.
    accuracy : ndarray of float64
        Expected accuracy of the aggregated label with 1, 2, … annotators.
    """

    spreads: Mapping[int, UnitSpread]
    share_sd: Mapping[int, float]
    accuracy: Floats

    def share_half_width(self, m: int, n_units: float) -> float:
        """Expected half-width of the 95 % interval, over units, of the share of a label: the widest of them."""
        return Z * self.share_sd[m] / math.sqrt(n_units)

    def power(self, m: int, n_units: float, per_person: float, against: float) -> float:
        """Chance that the interval over units lies on the side of a threshold where the coefficient truly is.

        The coefficient is taken as normal with the standard error that includes the choice of people, and the interval
        as wide as expected.
        """
        spread = self.spreads[m]
        se = spread.with_people(n_units, per_person) / Z
        clear = abs(spread.value - against) - spread.half_width(n_units, per_person)
        return normal_cdf(clear / se) if se > 0 else float(clear > 0)


@dataclass(frozen=True)
class Question:
    """What is asked of the labels, and how they are scored.

    Parameters
    ----------
    categories : tuple
        The labels offered.
    ordered : bool
        Whether they are ordered.
    by_unit : bool
        Whether the statistic tells every unit apart, as for sets and numbers; fewer are simulated then.
    statistic : callable
        From `Counts` to the sums that the coefficient is made of.
    options : ndarray of float64, shape (q, n_options), or None
        Which options each label contains: the unit matrix, unless labels are sets. None for numbers.
    """

    categories: tuple[Hashable, ...]
    ordered: bool
    by_unit: bool
    statistic: Callable[[Counts], Sums]
    options: Floats | None


def expect(
    question: Question,
    crowd: Crowd | NumberCrowd,
    annotators: Sequence[int],
    *,
    pilot: Counts | None = None,
    per_person: int = 10,
    aggregation: Aggregation = "plurality",
    seed: int = 0,
) -> Expected:
    """Simulate labels by the crowd, and with a pilot by completing its units, for each number of annotators.

    Parameters
    ----------
    question : Question
        How labels are scored.
    crowd : Crowd
        Who labels: assumed, or fitted to the pilot. Accuracy, and how alike the units of one person are, come from it.
    annotators : sequence of int
        Labels per unit, 2 or more.
    pilot : Counts, optional
        The spread over units is that of the pilot's own labels, completed by the model where they do not suffice.
    per_person : int
        Units labelled by one person.
    aggregation : {"plurality", "dawid_skene"}
        How labels are aggregated.
    seed : int
        Seed of the simulation.
    """
    rng = np.random.default_rng(seed)
    most = max(annotators)
    group = int(np.clip(per_person, *_GROUP))
    limits, cells = (_BY_UNIT, _CELLS_BY_UNIT) if question.by_unit else (_UNITS, _CELLS)
    size = int(np.clip(cells // (most * max(1, len(question.categories))), *limits))
    drawn = crowd.draw(size, most + 1, rng, per_person=group)
    pool = drawn.labels if pilot is None else _completed(pilot, crowd, size, most, rng)
    short = 1.0 if pilot is None else math.sqrt(pilot.n_paired / (pilot.n_paired - 1))
    shared = _shared(question, drawn, annotators)
    spreads, share_sd = {}, {}
    for m in annotators:
        _, sums = _scored(question, pool[:, :m])
        found = unit_spread(sums, rng)
        spreads[m] = replace(found, sd=short * found.sd, shared=shared[m])
        share_sd[m] = short * _share_sd(pool[:, :m], question.options)
    return Expected(spreads, share_sd, _accuracy(crowd, drawn, per_person, aggregation, rng))


def _shared(question: Question, drawn: Drawn, annotators: Sequence[int]) -> dict[int, float]:
    """Correlation of the influences of two units of one group, by annotators.

    What a person adds to the influence of each of their units is averaged over the m people of a group, so its
    variance is c/m, with one c for every m: the mean of what each shows, since it is small and uncertain.
    """
    found = {}
    for m in annotators:
        counts, sums = _scored(question, drawn.labels[:, :m])
        found[m] = shared_variance(drawn.group, sums, counts)
    whole = max(0.0, sum(m * covariance for m, (covariance, _) in found.items()) / len(found))
    return {m: min(1.0, whole / (m * variance)) if variance > 0 else 0.0 for m, (_, variance) in found.items()}


def _scored(question: Question, labels: Ints | Floats) -> tuple[Counts, Sums]:
    counts = made_counts(labels, question.categories, question.ordered)
    return counts, question.statistic(counts)


def _completed(pilot: Counts, crowd: Crowd | NumberCrowd, size: int, m: int, rng: np.random.Generator) -> Ints | Floats:
    if isinstance(crowd, NumberCrowd):
        return completed_numbers(pilot, crowd, size, m, rng)
    return completed_units(pilot, crowd, size, m, rng)


def _share_sd(labels: Any, options: Floats | None) -> float:
    """Over units, of the share of their labels with an option; of the option for which it is largest."""
    return math.nan if options is None else float(options[labels].mean(axis=1).std(axis=0).max())


def _accuracy(
    crowd: Crowd | NumberCrowd, drawn: Drawn, per_person: int, aggregation: Aggregation, rng: np.random.Generator
) -> Floats:
    if isinstance(crowd, NumberCrowd):
        return np.full(drawn.labels.shape[1], math.nan)
    if aggregation == "dawid_skene":
        units = int(np.clip(60 * per_person, *_EM_UNITS))
        drawn = crowd.draw(units, drawn.labels.shape[1], rng, per_person=min(per_person, units))
    return expected_accuracy(crowd, drawn, aggregation)


def normal_cdf(z: float) -> float:
    """The standard normal distribution function."""
    return 0.5 * math.erfc(-z / math.sqrt(2))
