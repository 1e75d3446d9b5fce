"""A crowd that answers with numbers: units differ, people lean to one side, and each answer has an error of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .completed_units import shuffled_labels
from .counts import Counts
from .crowd_model import Drawn
from .distances import numbers
from .intervals import Floats


@dataclass(frozen=True)
class NumberCrowd:
    """Normal random effects of units and people, in the units of the answers.

    Parameters
    ----------
    mean : float
        Of all answers.
    unit_sd, person_sd, error_sd : float
        Standard deviation of what the units are, of how far people lean to one side, and of single answers.
    """

    mean: float
    unit_sd: float
    person_sd: float
    error_sd: float

    def draw(self, n_units: int, m: int, rng: np.random.Generator, *, per_person: int = 1) -> Drawn:
        """Answers about units by `m` people each; as `Crowd.draw`, but the labels are numbers."""
        groups = -(-n_units // per_person)
        truth = rng.normal(self.mean, self.unit_sd, (groups, per_person))
        lean = rng.normal(0, self.person_sd, (groups, 1, m))
        answers = truth[:, :, None] + lean + rng.normal(0, self.error_sd, (groups, per_person, m))
        return Drawn(answers.reshape(-1, m), truth.ravel(), per_person)


def fit_numbers(counts: Counts) -> NumberCrowd:
    """Variance components of a pilot by moments (Searle, Casella & McCulloch 1992, chapter 2, one-way layout).

    The variance between people is the mean product of the deviations of one person from the means of two different
    units, which is (1 - 1/m) times that variance.
    """
    x = numbers(counts, "A question that asks for numbers")[counts.labels]
    m = counts.per_unit
    middle = np.bincount(counts.units, weights=x) / m
    rest = x - middle[counts.units]
    within = float((rest**2).sum() / max(1, (m - 1).sum()))
    between = float(middle[m > 1].var(ddof=1) - within * (1 / m[m > 1]).mean())
    total, squares, n = (np.bincount(counts.annotators, weights=each) for each in (rest, rest**2, np.ones(len(x))))
    pairs = float((n * (n - 1)).sum())
    lean = float((total**2 - squares).sum() / pairs) / (1 - 1 / m[m > 1].mean()) if pairs else 0.0
    lean = min(max(lean, 0.0), within)
    return NumberCrowd(float(x.mean()), max(between, 0.0) ** 0.5, lean**0.5, (within - lean) ** 0.5)


def completed_numbers(counts: Counts, crowd: NumberCrowd, n_units: int, m: int, rng: np.random.Generator) -> Floats:
    """Units of the pilot with `m` answers each; see `completed_units`.

    The answers that a unit lacks are drawn from the normal distribution predicted for it, given its own.
    """
    values = np.append(numbers(counts, "A question that asks for numbers"), np.nan)
    own = values[shuffled_labels(counts, n_units, m, rng)]
    given = (~np.isnan(own)).sum(axis=1)
    noise = crowd.person_sd**2 + crowd.error_sd**2
    weight = crowd.unit_sd**2 / np.maximum(crowd.unit_sd**2 + noise / given, np.finfo(float).tiny)
    centre = crowd.mean + weight * (np.nanmean(own, axis=1) - crowd.mean)
    centre = centre + rng.standard_normal(len(own)) * crowd.unit_sd * np.sqrt(1 - weight)
    predicted = centre[:, None] + rng.normal(0, noise**0.5, own.shape)
    answers: Floats = np.where(np.isnan(own), predicted, own)[:, :m]
    return answers
