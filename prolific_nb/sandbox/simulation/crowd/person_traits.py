"""What one person of a kind is like: drawn once, the same in every study of a seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from random import Random
from statistics import NormalDist

from .person_kind import PersonKind
from .weighted_draw import drawn

_NORMAL = NormalDist()
PHONE_TYPING = 36.2 / 51.56
"""Typing on a phone, as a share of typing on a keyboard: Palin et al. 2019 and Dhakal et al. 2018."""


@dataclass(frozen=True)
class Traits:
    """One person of a kind.

    Parameters
    ----------
    kind : PersonKind
    skill : float
        Share of all rows on which the intended answer is recognised.
    words_per_minute : float
        Reading.
    pace : float
        Time to decide, as a multiple of the kind's.
    characters_per_minute : float
        Typing, on this person's device.
    leaning : float
        In [0, 1): the favourite option, and what is pasted.
    device : str
    """

    kind: PersonKind
    skill: float
    words_per_minute: float
    pace: float
    characters_per_minute: float
    leaning: float
    device: str


def normal(rng: Random) -> float:
    """A standard normal number from one uniform number, within about ±3.7."""
    return _NORMAL.inv_cdf(min(max(rng.random(), 1e-4), 1 - 1e-4))


def factor(rng: Random, spread: float) -> float:
    """A log-normal number with the mean 1."""
    return exp(spread * normal(rng) - spread**2 / 2)


def traits_of(kind: PersonKind, seed: int, number: int) -> Traits:
    """The traits of the person with this number."""
    rng = Random(f"{seed}/traits/{number}/{kind.name}")
    device = _device(kind.devices, rng)
    typing = 5 * kind.typing_words_per_minute * (PHONE_TYPING if device == "mobile" else 1.0)
    return Traits(
        kind,
        min(max(kind.skill + kind.skill_spread * normal(rng), 0.05), 0.99),
        kind.words_per_minute * factor(rng, kind.reading_spread),
        factor(rng, kind.pace_spread),
        typing * factor(rng, kind.typing_spread),
        rng.random(),
        device,
    )


def _device(shares: Mapping[str, float], rng: Random) -> str:
    found = drawn(shares.items(), rng.random() * sum(shares.values()))
    return found or [name for name, share in shares.items() if share][-1]  # by a rounding error
