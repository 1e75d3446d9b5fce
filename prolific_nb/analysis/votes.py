"""Majority votes: every annotator with the same weight, or weighted by agreement with the others."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from numbers import Real

import numpy as np
import pandas as pd

from ..common.arguments import require_whole
from ..common.plurals import a_type, counted
from ..errors import ArgumentError, ArgumentTypeError
from .aggregate import Aggregate, Ties, aggregated, leading, refuse_unknown, shares, tally
from .build_coefficient import read
from .counts import Counts
from .intervals import Floats
from .label_text import quoted


def plurality(
    data: pd.DataFrame | Counts,
    *,
    ties: Ties = "all",
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
    seed: int = 0,
) -> Aggregate:
    """The label that most annotators of each unit gave (majority vote).

    Parameters
    ----------
    data : DataFrame or Counts
        Labels of one question, one per row; or `count` of such a frame. Where an annotator labelled a unit several
        times, ``count(frame, duplicates="keep")`` lets each label count.
    ties : {"all", "first", "random", "none"}
        Label of a tied unit: the tuple of all tied labels, the first in the order of the categories, one at random,
        or missing. "first" always favours the earlier category; "all" hides nothing and is the default.
    unit, annotator, label, categories
        How to read a frame, as in `count`; ignored if `data` are `Counts`.
    seed : int
        Seed for ``ties="random"``.

    Returns
    -------
    Aggregate
        With the shares of the labels of each unit as posteriors.

    Raises
    ------
    DataError
        The frame cannot be read as labels of one question; see `count`.
    ValueError
        `ties` is not one of the four.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": [1, 1, 2, 2], "participant_id": ["a", "b"] * 2, "value": ["x", "x", "x", "y"]})
    >>> plurality(frame).labels.tolist()
    ['x', ('x', 'y')]
    >>> plurality(frame, ties="none").labels.tolist()
    ['x', nan]
    >>> plurality(frame).posteriors.loc[2].tolist()
    [0.5, 0.5]
    """
    refuse_unknown(ties, seed)
    counts = read(data, unit, annotator, label, categories)
    return aggregated(counts, shares(tally(counts)), method="Plurality", ties=ties, seed=seed)


def weighted_vote(
    data: pd.DataFrame | Counts,
    *,
    weights: Mapping[Hashable, float] | pd.Series | None = None,
    ties: Ties = "all",
    max_iterations: int = 100,
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    categories: Sequence[Hashable] | None = None,
    seed: int = 0,
) -> Aggregate:
    """The label with the most votes, weighted by annotator.

    Parameters
    ----------
    data, ties, unit, annotator, label, categories, seed
        As for `plurality`.
    weights : mapping or Series from annotator to float, optional
        Weight of each annotator, 0 or more, such as a score on control questions. By default, the share of the
        annotator's labels that match the aggregate: of the plurality first, then of the weighted vote, repeated until
        no weight changes. The first iteration is known as Wawa, worker agreement with aggregate (Appen). Where k
        labels are tied, giving one of them counts as 1 / k of a match.
    max_iterations : int
        Maximum number of iterations for weights that are not given; 1 is Wawa.

    Returns
    -------
    Aggregate
        With the weighted shares of each unit as posteriors, and the `weights` of the annotators.

    Raises
    ------
    DataError
        The frame cannot be read as labels of one question; see `count`.
    ValueError
        `weights` lacks an annotator, a weight is below 0 or not finite, `ties` is not one of the four, or
        `max_iterations` is less than 1.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": [1, 1, 1, 2, 2], "participant_id": list("abcac"), "value": list("xxyxy")})
    >>> weighted_vote(frame, weights={"a": 0.9, "b": 0.2, "c": 0.6}).labels.tolist()
    ['x', 'x']
    >>> vote = weighted_vote(frame)
    >>> vote.labels.tolist(), vote.weights.to_dict()
    (['x', 'x'], {'a': 1.0, 'b': 1.0, 'c': 0.0})
    """
    refuse_unknown(ties, seed)
    require_whole("max_iterations", max_iterations, 1)
    counts = read(data, unit, annotator, label, categories)
    if weights is None:
        found, rounds, converged = _agreement(counts, max_iterations)
    else:
        found, rounds, converged = _given(counts, weights), 0, True
    notes = [] if converged else [f"Not converged after {counted(rounds, 'iteration')}; raise max_iterations."]
    return aggregated(
        counts,
        shares(tally(counts, found[counts.annotators])),
        method="Weighted vote",
        ties=ties,
        seed=seed,
        converged=converged,
        iterations=rounds,
        weights=pd.Series(found, index=counts.annotator_names.rename("annotator"), name="weight"),
        notes=[*notes, *_unweighted(counts, found)],
    )


def _agreement(counts: Counts, max_iterations: int) -> tuple[Floats, int, bool]:
    """Weight of each annotator, iterations, and whether the weights have converged."""
    weights = np.ones(counts.n_annotators)
    for done in range(1, max_iterations + 1):
        ahead = leading(shares(tally(counts, weights[counts.annotators])))
        right = (ahead / ahead.sum(axis=1, keepdims=True))[counts.units, counts.labels]
        total = np.bincount(counts.annotators, weights=right, minlength=counts.n_annotators)
        before, weights = weights, total / np.bincount(counts.annotators, minlength=counts.n_annotators)
        if np.allclose(before, weights, rtol=0, atol=1e-12):
            return weights, done, True
    return weights, max_iterations, not counts.n_annotators


def _given(counts: Counts, weights: Mapping[Hashable, float] | pd.Series) -> Floats:
    """Weights in the order of the annotators."""
    if not isinstance(weights, Mapping | pd.Series):
        raise ArgumentTypeError(
            f"weights is {weights!r:.80}, {a_type(weights)}. Pass a dictionary from annotator to weight."
        )
    known = dict(weights.items())
    lacking = [who for who in counts.annotator_names if who not in known]
    if lacking:
        what = f"weights lacks {len(lacking)} of {counted(counts.n_annotators, 'annotator')}: {quoted(lacking)}."
        raise ArgumentError(f"{what} Give each annotator a weight; 0 excludes an annotator.")
    others = [who for who in counts.annotator_names if not isinstance(known[who], Real)]
    if others:
        raise ArgumentTypeError(f"The weight of {quoted(others)} is {known[others[0]]!r:.80}, which is not a number.")
    found = np.array([known[who] for who in counts.annotator_names], dtype=np.float64)
    wrong = np.flatnonzero(~(np.isfinite(found) & (found >= 0)))
    if len(wrong):
        named = ", ".join(f"{quoted(counts.annotator_names[[place]])}: {found[place]:g}" for place in wrong[:5])
        raise ArgumentError(f"A weight must be a finite number of at least 0, which is not true of {named}.")
    return found


def _unweighted(counts: Counts, weights: Floats) -> list[str]:
    heard = np.bincount(counts.units, weights=weights[counts.annotators], minlength=counts.n_units) > 0
    number = int(np.count_nonzero(~heard))
    return (
        [f"All votes on {number} of {counts.n_units} units have weight 0, so all categories are tied there."]
        if number
        else []
    )
