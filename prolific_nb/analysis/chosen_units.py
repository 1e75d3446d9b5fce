"""Which units are asked again: those with the highest gain, and a random share of the others."""

from __future__ import annotations

from math import ceil
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from .counts import Ints
from .intervals import Floats


class Allocation(NamedTuple):
    """Units to be asked again.

    Parameters
    ----------
    chosen : ndarray of int64, shape (n,)
        Codes of the units: those by gain, the highest first, then the random ones in their own order.
    probability : ndarray of float64, shape (n,)
        With which each was selected, given the answers so far: 1 by gain, else the share of the others that was drawn.
    drawn : int
        How many of them were drawn at random.
    """

    chosen: Ints
    probability: Floats
    drawn: int


def allocate(
    order: Ints, below: npt.NDArray[np.bool_], most: int, random_share: float, rng: np.random.Generator
) -> Allocation:
    """The units below the target from the front of `order`, and a simple random sample of all other units.

    `random_share` of the selected units are drawn at random without replacement from the units that are not selected
    by gain, so every unit has a known probability above 0 (Cochran 1977, section 2.9).

    Parameters
    ----------
    order : ndarray of int64, shape (n_units,)
        All units, the most useful first.
    below : ndarray of bool, shape (n_units,)
        Which units are below the target; only these are selected by gain.
    most : int
        The most units that are selected.
    random_share : float
        From 0 to below 1.
    rng : Generator
        Draws the random units.
    """
    candidates = order[below[order]]
    n, most = len(order), min(most, len(order))
    by_gain = min(len(candidates), most - min(_up(most * random_share), max(most - 1, 0)))
    whole = most if by_gain < len(candidates) else min(_up(by_gain / (1 - random_share)), most)
    chosen = candidates[:by_gain]
    others = np.setdiff1d(order, chosen)
    number = whole - by_gain if random_share else 0
    drawn = np.sort(rng.choice(others, size=number, replace=False)) if number else others[:0]
    chance = np.full(number, number / max(n - by_gain, 1))
    return Allocation(np.concatenate([chosen, drawn]), np.concatenate([np.ones(by_gain), chance]), number)


def _up(number: float) -> int:
    """Rounded up, but for the rounding of floats."""
    return ceil(round(number, 9))
