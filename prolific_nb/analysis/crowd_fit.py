"""The crowd of a pilot: prevalence, mistakes, differences between people and between units, estimated from its labels.

The mistakes of everybody together are estimated from the count patterns, by the EM algorithm of Dawid & Skene (1979)
with one table of errors. Tables of single people would fit noise where each gave a few labels; their differences are
estimated as overdispersion around the common table, and each person's table is shrunk towards it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .counts import Counts, Ints
from .crowd_model import Crowd, dirichlet, mistakes
from .expected_precision import made_counts
from .intervals import Floats
from .unique_rows import joint, row_keys

_ROUNDS, _STILL = 300, 1e-4
_SHRINK = 25.0  # labels per row; from simulated pilots of 100 units with 3 labels, see the benchmark of planning
_CONCENTRATIONS = (float("inf"), 64.0, 32.0, 16.0, 8.0, 4.0, 2.0, 1.0)
_GAIN = 1.92  # log-likelihood that a further parameter must add: half of the 95 % point of χ² with 1 degree of freedom
_PEOPLE, _CELLS = 400, 2**20
_LEAST, _MOST = 0.5, 1e4  # concentration of people around the common table
_TRIED = 5.0  # the concentration whose effect is simulated
_UNITS, _TOGETHER = 6_000, 20


def fit_crowd(counts: Counts, *, seed: int = 0) -> Crowd:
    """Estimate the crowd behind the labels of a pilot.

    Parameters
    ----------
    counts : Counts
        Labels of one question, with some units that have two or more.
    seed : int
        Seed for the people drawn.

    Returns
    -------
    Crowd
    """
    rng = np.random.default_rng(seed)
    patterns, times = counts.patterns, counts.multiplicity.astype(float)
    prevalence, mean = _common(patterns, times, counts.ordered)
    concentration = _difficulty(patterns, times, prevalence, mean)
    given = _by_person(counts, posteriors(patterns, prevalence, mean, concentration))
    crowd = Crowd(prevalence, mean[None], concentration)
    return replace(crowd, people=_people(counts, given, crowd, rng))


def posteriors(patterns: Ints, prevalence: Floats, mean: Floats, concentration: float) -> Floats:
    """Probability of each truth for each pattern, shape (P, q)."""
    log_chances = log_likelihoods(patterns, mean, concentration) + np.log(prevalence)
    chances = np.exp(log_chances - log_chances.max(axis=1, keepdims=True))
    shares: Floats = chances / chances.sum(axis=1, keepdims=True)
    return shares


def log_likelihoods(patterns: Ints, mean: Floats, concentration: float) -> Floats:
    """Logarithm of the probability of each pattern's labels in some order, for each truth; shape (P, q).

    Multinomial, or Dirichlet-multinomial as a product of rising factorials: the r-th label of a kind has a chance of
    (s p + r) / (s + all labels before).
    """
    if not np.isfinite(concentration):
        return np.asarray(patterns @ np.log(mean).T, dtype=np.float64)
    most = int(patterns.sum(axis=1).max(initial=0))
    steps = np.arange(most)
    rising = np.log(concentration * mean[:, :, None] + steps).cumsum(axis=2)  # (truth, label, count - 1)
    rising = np.concatenate([np.zeros((*mean.shape, 1)), rising], axis=2)
    total = np.concatenate([[0.0], np.log(concentration + steps).cumsum()])
    labels = np.arange(patterns.shape[1])
    above = np.array([each[labels[None, :], patterns].sum(axis=1) for each in rising]).T
    below: Floats = above - total[patterns.sum(axis=1)][:, None]
    return below


def _common(patterns: Ints, times: Floats, ordered: bool) -> tuple[Floats, Floats]:
    """Prevalence and the common table of errors.

    Each row is shrunk, by the weight of a few labels, to one of the average skill whose mistakes follow the shares of
    the labels: a label that is rare in the pilot says little about how it is mistaken.
    """
    q = patterns.shape[1]
    overall = times @ patterns + 0.5
    belief: Floats = patterns / patterns.sum(axis=1, keepdims=True)
    mean, prevalence = np.full((q, q), 1 / q), np.full(q, 1 / q)
    for _ in range(_ROUNDS):
        said = (belief * times[:, None]).T @ patterns
        found = said + _SHRINK * _plain(np.trace(said) / said.sum(), overall, ordered)
        found /= found.sum(axis=1, keepdims=True)
        prevalence = times @ belief + 0.5 / q
        prevalence /= prevalence.sum()
        still = np.abs(found - mean).max() < _STILL
        mean = found
        belief = posteriors(patterns, prevalence, mean, float("inf"))
        if still:
            break
    return prevalence, mean


def _plain(skill: float, overall: Floats, ordered: bool) -> Floats:
    """A table of errors in which every truth is recognised equally often, and mistakes follow the shares overall."""
    others = overall * mistakes(len(overall), ordered)
    skill = min(max(skill, 0.01), 0.99)
    table: Floats = skill * np.eye(len(overall)) + (1 - skill) * others / others.sum(axis=1, keepdims=True)
    return table


def _difficulty(patterns: Ints, times: Floats, prevalence: Floats, mean: Floats) -> float:
    """The concentration that fits best; infinite unless the patterns spread clearly more than equal units would."""
    fits = []
    for concentration in _CONCENTRATIONS:
        joint_ = log_likelihoods(patterns, mean, concentration) + np.log(prevalence)
        top = joint_.max(axis=1)
        fits.append(float(times @ (top + np.log(np.exp(joint_ - top[:, None]).sum(axis=1)))))
    best = int(np.argmax(fits))
    return _CONCENTRATIONS[best] if fits[best] > fits[0] + _GAIN else _CONCENTRATIONS[0]


def _by_person(counts: Counts, belief: Floats) -> Floats:
    """Expected labels of each person by truth and label, shape (n_annotators, q, q)."""
    q, n = len(counts.categories), counts.n_annotators
    cells = joint(counts.units, q, counts.labels)
    table = np.bincount(cells, minlength=counts.n_units * q).reshape(counts.n_units, q)
    pattern = np.unique(row_keys(table)[0], return_inverse=True)[1]  # patterns are in this order
    which = joint(counts.annotators, q, counts.labels)
    weights = belief[pattern][counts.units]
    given: Floats = np.stack([np.bincount(which, weights=each, minlength=n * q).reshape(n, q) for each in weights.T])
    return given.transpose(1, 0, 2)


def _people(counts: Counts, given: Floats, crowd: Crowd, rng: np.random.Generator) -> Floats:
    """Tables of people drawn from those of the pilot, each uncertain as far as their labels leave it."""
    apart = consistency(counts)
    people = max(2, min(_PEOPLE, _CELLS // crowd.mean.size))
    who = rng.integers(len(given), size=people)
    if not apart > 0:
        return crowd.mean[None]
    tried = replace(crowd, people=dirichlet(rng, np.broadcast_to(_TRIED * crowd.mean, (people, *crowd.mean.shape))))
    m = max(2, round(counts.n_ratings / counts.n_units))
    drawn = tried.draw(_UNITS, m, rng, per_person=_TOGETHER)
    made = made_counts(drawn.labels, counts.categories, counts.ordered)
    group = np.arange(len(drawn.labels), dtype=np.int32) // np.int32(_TOGETHER)
    made = replace(made, annotators=np.repeat(group, m) * np.int32(m) + made.annotators)
    alike = (_TRIED + 1) * consistency(made) / apart - 1
    return dirichlet(rng, given[who] + min(_MOST, max(_LEAST, alike)) * crowd.mean)


def consistency(counts: Counts) -> float:
    """How consistently people agree more or less with the others than the others do among themselves.

    Per label, the share of the other labels of the unit that are the same, less the mean of that over the unit; then
    the mean product of two different units of one person. It is 0 on average if people do not differ, and grows with
    the variance between them.
    """
    q = len(counts.categories)
    table = np.bincount(joint(counts.units, q, counts.labels), minlength=counts.n_units * q).reshape(-1, q)
    m = counts.per_unit[counts.units]
    same = (table[counts.units, counts.labels] - 1) / np.maximum(m - 1, 1)
    middle = np.bincount(counts.units, weights=same, minlength=counts.n_units) / counts.per_unit
    apart = (same - middle[counts.units]) * (m > 1)
    total, squares, n = (
        np.bincount(counts.annotators, weights=each) for each in (apart, apart**2, (m > 1).astype(float))
    )
    pairs = float((n * (n - 1)).sum())
    return float((total**2 - squares).sum()) / pairs if pairs > 0 else 0.0
