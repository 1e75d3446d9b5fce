"""A crowd as a model: how often each label is right, how people mistake it, and how hard the units are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from .counts import Ints
from .intervals import Floats

_PEOPLE = 400  # people of an assumed crowd
_CELLS = 2**22  # probabilities held at once


class Drawn(NamedTuple):
    """Labels of simulated units; the units of one group are labelled by the same people."""

    labels: Any  # (n_units, m): places among the categories, or numbers
    truth: Any  # (n_units,)
    group: int  # units of each group, one group after the other


@dataclass(frozen=True, eq=False)
class Crowd:
    """People who label, and the units that they label.

    A unit has one true label, drawn by prevalence. A person answers by the row of their own table for that truth, as in
    Dawid & Skene (1979). Where units differ in difficulty, the table is tilted per unit: the shares of its labels are
    drawn from a Dirichlet distribution around the mean of the people.

    Parameters
    ----------
    prevalence : ndarray of float64, shape (q,)
        Share of each true label.
    people : ndarray of float64, shape (n_people, q, q)
        Probability of each label, by person and truth. Simulated people are drawn from them with replacement.
    concentration : float
        Of the Dirichlet distribution; infinite if all units are equally hard.
    """

    prevalence: Floats
    people: Floats
    concentration: float = float("inf")

    @property
    def mean(self) -> Floats:
        """Probability of each label by truth, for a person drawn at random; shape (q, q)."""
        average: Floats = self.people.mean(axis=0)
        return average

    def draw(self, n_units: int, m: int, rng: np.random.Generator, *, per_person: int = 1) -> Drawn:
        """Label units by `m` people each; whoever labels one unit of a group labels all of it.

        Parameters
        ----------
        n_units : int
            At least so many units; the last group is whole.
        m : int
            Labels per unit.
        rng : Generator
            Source of the random numbers.
        per_person : int
            Units in a group.
        """
        groups = -(-n_units // per_person)
        step = max(1, _CELLS // (per_person * m * len(self.prevalence)))
        parts = [self._groups(min(step, groups - start), per_person, m, rng) for start in range(0, groups, step)]
        labels, truth = (np.concatenate(each) for each in zip(*parts, strict=True))
        return Drawn(labels, truth, per_person)

    def _groups(self, groups: int, size: int, m: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
        q = len(self.prevalence)
        truth = rng.choice(q, size=(groups, size), p=self.prevalence)
        who = rng.integers(len(self.people), size=(groups, m))
        chances = self.people[who[:, None, :], truth[:, :, None]]
        if np.isfinite(self.concentration):
            mean = np.maximum(self.mean[truth], 1e-12)
            chances = chances * (dirichlet(rng, self.concentration * mean) / mean)[:, :, None, :]
        return chosen(rng, chances).reshape(-1, m), truth.ravel()


def chosen(rng: np.random.Generator, chances: Floats) -> Ints:
    """One place along the last axis for each distribution along it; they need not sum to 1."""
    edges = chances.cumsum(axis=-1)
    edges /= edges[..., -1:]
    place: Ints = (rng.random(chances.shape[:-1])[..., None] >= edges[..., :-1]).sum(axis=-1)
    return place


def dirichlet(rng: np.random.Generator, weights: Floats) -> Floats:
    """One draw for each row of positive weights along the last axis."""
    drawn = np.maximum(rng.standard_gamma(weights), 1e-300)
    shares: Floats = drawn / drawn.sum(axis=-1, keepdims=True)
    return shares


def assumed_crowd(prevalence: Floats, skill: float, skill_sd: float, *, ordered: bool = False, seed: int = 0) -> Crowd:
    """A crowd from assumptions, for a study without a pilot.

    Parameters
    ----------
    prevalence : ndarray of float64, shape (q,)
        Share of each true label.
    skill, skill_sd : float
        Mean and standard deviation over people of the probability to give the right label, which has a Beta
        distribution.
    ordered : bool
        Whether mistakes are near misses: each further point of a scale is half as likely. Otherwise every wrong label
        is equally likely.
    seed : int
        Seed for the people.
    """
    q = len(prevalence)
    rng = np.random.default_rng(seed)
    skills = np.full(1, skill)
    if skill_sd and 0 < skill < 1:
        size = skill * (1 - skill) / skill_sd**2 - 1
        # Stratified, so that the mean of the people is the skill that was asked for.
        skills = np.sort(rng.beta(skill * size, (1 - skill) * size, 20 * _PEOPLE)).reshape(_PEOPLE, 20).mean(axis=1)
    wrong = mistakes(q, ordered)
    wrong /= wrong.sum(axis=1, keepdims=True)
    people = skills[:, None, None] * np.eye(q) + (1 - skills)[:, None, None] * wrong
    return Crowd(prevalence, people)


def mistakes(q: int, ordered: bool) -> Floats:
    """How likely each wrong label is, relative to the others, by truth: equally, or half for each point further."""
    apart = np.abs(np.subtract.outer(np.arange(q), np.arange(q)))
    return np.where(apart > 0, 0.5**apart if ordered else 1.0, 0.0)
