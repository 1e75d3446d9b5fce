"""Units whose label is not certain enough, and where further votes help most."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from ..common.arguments import listed, require_number, require_whole
from ..common.findings import Finding
from ..errors import ArgumentError, DataError
from .build_coefficient import read
from .chosen_units import allocate
from .counts import Counts, Ints
from .expected_gain import expected_gain
from .intervals import Floats
from .label_codes import index_of
from .label_text import is_missing
from .shrunken_skill import shrunken_skill


def needs_more(
    data: pd.DataFrame | Counts,
    *,
    target: float = 0.9,
    votes: int = 1,
    most: int | None = None,
    random_share: float = 0.1,
    units: Sequence[Hashable] | None = None,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """The units to ask more people about: the least certain, in the order of the expected gain, and some at random.

    Posteriors are those of Dawid & Skene (1979) with error rates that are shrunken to one common accuracy, since there
    are few labels per annotator; a further annotator is assumed to be like all of them together. Those who asked only
    about disputed units could not estimate anything about all units: therefore a share is random, and `probability`
    is kept for `prolific_nb.combine` (``weights=True``).

    Parameters
    ----------
    data : DataFrame or Counts
        Labels of one question, one per row; or `count` of such a frame.
    target : float
        Probability of the label from which a unit needs no more votes; between 0 and 1.
    votes : int
        Votes proposed for each selected unit, the same for all, so that one study can ask for them. Small numbers in
        several rounds use the votes best.
    most : int, optional
        The most units that are proposed; by default all below the target, and the random ones.
    random_share : float
        Share of the proposed units that are drawn at random from all others, from 0 to below 1. With 0 nothing about
        all units can be estimated from the further answers.
    units : sequence, optional
        All units, including those without a label so far. They are the least certain.
    unit, annotator, label, categories
        How to read a frame, as in `count`; ignored if `data` are `Counts`.
    seed : int
        Seed of the random draw; the same seed and data give the same units.

    Returns
    -------
    DataFrame
        One row per proposed unit, the most useful first, the random ones last: ``unit``; ``label``, the most probable
        so far, missing where there is no vote; ``posterior``, its probability; ``entropy`` of the posteriors in bits;
        ``votes`` so far and ``proposed`` (int64); ``gain``, the expected increase of the probability that the label is
        right, per further vote (`expected_gain`); ``probability`` of being selected, given the answers so far;
        ``reason``, ``"gain"`` or ``"random"``.

    Raises
    ------
    DataError
        The frame cannot be read as labels of one question; see `count`.
    ValueError
        A number is out of its range.

    Examples
    --------
    >>> votes = {1: "xxx", 2: "xxy", 3: "yyy", 4: "xyx", 5: "yyx", 6: "yyy"}
    >>> rows = [(unit, who, x) for unit, labels in votes.items() for who, x in enumerate(labels)]
    >>> frame = pd.DataFrame(rows, columns=["row", "participant_id", "value"])
    >>> needs_more(frame, target=0.95)[["unit", "label", "votes", "proposed", "reason"]]
       unit label  votes  proposed  reason
    0     4     x      3         1    gain
    1     5     y      3         1    gain
    2     2     x      3         1    gain
    3     6     y      3         1  random
    """
    if most is not None:
        require_whole("most", most, 1, ", or None for all below the target")
    ranking = rank_units(read(data, unit, annotator, label, categories), target, units)
    return ranking.proposed(votes=votes, most=most, random_share=random_share, seed=seed)


@dataclass(frozen=True, eq=False)
class Ranking:
    """All units, to propose any number of them without estimating anything again.

    Parameters
    ----------
    names : Index, shape (n_units,)
        Of the units, in the order of all arrays.
    label : Categorical, shape (n_units,)
        The most probable label, missing where there is no vote.
    posterior, entropy, gain : ndarray of float64, shape (n_units,)
        As in `needs_more`.
    votes : ndarray of int64, shape (n_units,)
        So far.
    target : float
        Only units with a lower posterior are proposed for their gain.
    """

    names: pd.Index
    label: pd.Categorical
    posterior: Floats
    entropy: Floats
    gain: Floats
    votes: Ints
    target: float

    @cached_property
    def order(self) -> Ints:
        """All units by gain, the highest first; of equal ones those with the highest entropy first."""
        return np.lexsort((np.arange(len(self.names)), -self.entropy, -self.gain))

    def proposed(self, *, votes: int, most: int | None, random_share: float, seed: int) -> pd.DataFrame:
        """The table of `needs_more`."""
        require_whole("votes", votes, 1)
        require_whole("seed", seed, 0)
        require_number("random_share", random_share, 0)
        if random_share >= 1:
            raise ArgumentError(f"random_share is {random_share}; use a share from 0 to below 1, such as 0.1.")
        limit, rng = len(self.names) if most is None else most, np.random.default_rng(seed)
        taken = allocate(self.order, self.posterior < self.target, limit, random_share, rng)
        chosen = taken.chosen
        return pd.DataFrame(
            {
                "unit": self.names[chosen],
                "label": self.label[chosen],
                "posterior": self.posterior[chosen],
                "entropy": self.entropy[chosen],
                "votes": self.votes[chosen],
                "proposed": np.full(len(chosen), votes, dtype=np.int64),
                "gain": self.gain[chosen],
                "probability": taken.probability,
                "reason": np.repeat(["gain", "random"], [len(chosen) - taken.drawn, taken.drawn]).astype(object),
            }
        )


def rank_units(counts: Counts, target: float, units: Sequence[Hashable] | None = None) -> Ranking:
    """Estimate the posteriors and the gain of every unit; parameters and errors are those of `needs_more`."""
    require_number("target", target, 0)
    if target > 1:
        raise ArgumentError(f"target is {target}; use a probability from 0 to 1, such as 0.9.")
    if not counts.categories:
        remedy = "Wait for answers, or pass the options that were offered: categories=[...]."
        raise DataError("The frame", [Finding("error", "It has no label, and no options are known.", remedy)])
    skill = shrunken_skill(counts)
    given = [] if units is None else listed("units", units)
    if wrong := [each for each in given if not isinstance(each, Hashable) or is_missing(each)]:
        raise ArgumentError(f"units contains {wrong[0]!r:.80}, which is not the name of a unit.")
    every = pd.Index(list(dict.fromkeys(given)))
    more = every[~every.isin(counts.unit_names)]
    lists = [each for each in (counts.unit_names, more) if len(each)] or [counts.unit_names]
    names = lists[0].append(lists[1:])
    # A unit without a vote is as probable to have each truth as that is common.
    posteriors = np.concatenate([skill.posteriors, np.tile(skill.prevalence, (len(more), 1))])
    votes = np.concatenate([counts.per_unit, np.zeros(len(more), dtype=np.int64)])
    best = np.where(votes > 0, posteriors.argmax(axis=1), -1)
    return Ranking(
        names=names,
        label=pd.Categorical.from_codes(best, index_of(counts.categories), counts.ordered),
        posterior=posteriors.max(axis=1),
        entropy=entropy(posteriors),
        gain=expected_gain(posteriors, skill.confusion),
        votes=votes,
        target=target,
    )


def entropy(posteriors: Floats) -> Floats:
    """Entropy of each row in bits (Shannon 1948); 0 for a certain label."""
    logs = np.log2(posteriors, out=np.zeros_like(posteriors), where=posteriors > 0)
    bits: Floats = np.maximum(-(posteriors * logs).sum(axis=1), 0.0)
    return bits
