"""What a plan is based on: the crowd and its labels, from a pilot or from assumptions, and what is to be measured."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ...analysis import Counts
from ...analysis.crowd_fit import fit_crowd
from ...analysis.crowd_model import Crowd
from ...analysis.intervals import Floats
from ...analysis.number_crowd import NumberCrowd, fit_numbers
from ...common.plurals import counted
from ...errors import ArgumentError
from .assumptions import Assumptions
from .pilot import Measure, measure_of, read_pilot, win_rate_measure

_KINDS = {False: "single", True: "scale"}


@dataclass(frozen=True, eq=False)
class Basis:
    """What is known before the study.

    Parameters
    ----------
    crowd : Crowd or NumberCrowd
        Who will label.
    measure : Measure
        What the interval is of.
    counts : Counts or None
        The labels of the pilot.
    own : Counts or None
        The same, if the spread over units is to be that of the pilot's own units. With a win rate it is not: units are
        simulated that differ from the pilot's in how often the left side is better.
    words : str
        Where the numbers come from.
    """

    crowd: Crowd | NumberCrowd
    measure: Measure
    counts: Counts | None
    own: Counts | None
    words: str


def assumed(assumptions: Assumptions, coefficient: str | None, win_rate: float | None, seed: int) -> Basis:
    """From assumptions."""
    crowd, names = assumptions.crowd(win_rate, seed)
    words = assumptions.words(len(names))
    if win_rate is not None:
        return _of_win_rate(crowd, names, win_rate, None, words)
    measure = measure_of(_KINDS[assumptions.scale], names, assumptions.scale, coefficient)
    return Basis(crowd, measure, None, None, words)


def of_pilot(
    frame: pd.DataFrame,
    question: str | None,
    columns: tuple[str | None, str, str],
    coefficient: str | None,
    win_rate: float | None,
    seed: int,
) -> Basis:
    """From the answers of a pilot."""
    reading = read_pilot(frame, question, *columns)
    counts = reading.counts
    size = f"{counted(counts.n_paired, 'row')} with {counted(counts.n_ratings, 'label')}"
    words = f"a pilot of {size} on {reading.question!r}"
    if win_rate is not None:
        return _of_win_rate(fit_crowd(counts, seed=seed), counts.categories, win_rate, counts, words)
    measure = measure_of(reading.kind, counts.categories, counts.ordered, coefficient, reading.options)
    crowd = fit_numbers(counts) if reading.kind == "number" else fit_crowd(counts, seed=seed)
    return Basis(crowd, measure, counts, counts, words)


def _of_win_rate(
    crowd: Crowd, names: tuple[Hashable, ...], win_rate: float, counts: Counts | None, words: str
) -> Basis:
    measure, scores = win_rate_measure(names)
    moved = replace(crowd, prevalence=_prevalence(crowd, scores, win_rate))
    return Basis(moved, measure, counts, None, f"{words}, a win rate of {win_rate:g}")


def _prevalence(crowd: Crowd, scores: Floats, win_rate: float) -> Floats:
    """Shares of the units on which the left side, the right side and neither is better, for this win rate.

    The win rate is linear in them: each truth contributes its share times the mean score of its labels. Ties stay as
    frequent as they are.
    """
    mean, tie = crowd.mean @ scores, scores == 0.5
    prevalence = np.where(tie, crowd.prevalence, 0.0)
    decided = 1 - prevalence.sum()
    left, right = int((scores == 1).argmax()), int((scores == 0).argmax())
    low, high = (float(prevalence @ mean + decided * mean[side]) for side in (right, left))
    if not low < win_rate < high:
        what = f"win_rate is {win_rate:g}, but as often as these people err it lies between {low:.2f} and {high:.2f}."
        raise ArgumentError(f"{what} Use a win rate in this range{'' if high > low else ', or other answers'}.")
    share = (win_rate - low) / (high - low)
    prevalence[left], prevalence[right] = decided * share, decided * (1 - share)
    shares: Floats = prevalence / prevalence.sum()
    return shares
