"""Paired comparisons: win rates, position bias, and a Bradley-Terry score per item."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..common.plurals import counted
from .bradley_terry import reached, strengths
from .build_coefficient import MIN_UNITS, require_draws
from .coefficient import rounded
from .comparisons import Comparisons, Items, comparisons, draw_units
from .intervals import Floats, ratio
from .label_text import quoted

_NAN = float("nan")
_CELLS = 2**21  # numbers held at once


class Share(NamedTuple):
    """A share with its 95 % interval from resampling units; nan where undefined."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        if np.isnan(self.value):
            return "undefined"
        interval = "no interval" if np.isnan(self.low) else f"95 % interval {rounded(self.low)} to {rounded(self.high)}"
        return f"{rounded(self.value)}, {interval}"


@dataclass(frozen=True, eq=False)
class Preference:
    """Results of paired comparisons of items.

    Parameters
    ----------
    table : DataFrame
        One row per item, the highest win rate first: ``item``; ``n``, ``wins``, ``ties``, ``losses`` (comparisons);
        ``win_rate``, wins and half the ties over `n`, with ``low`` and ``high`` of its 95 % interval; ``score``, as in
        `scores`.
    scores : DataFrame
        Bradley-Terry log-strengths, in the order of `table`: ``item, score, low, high``. Their mean is 0; the
        difference of two is the log-odds that one is preferred to the other, ties counting half. nan if undefined.
    side_bias : Share
        Position bias: share of the choices other than ties that went to the left side; 0.5 without bias, if the
        sides were random.
    ties : Share
        Share of the comparisons that are ties.
    n_units, n_annotators, n_ratings : int
        Units, annotators and comparisons.
    note : str
        Caveats.
    """

    table: pd.DataFrame
    scores: pd.DataFrame
    side_bias: Share
    ties: Share
    n_units: int
    n_annotators: int
    n_ratings: int
    note: str = ""

    def __repr__(self) -> str:
        sizes = f"{counted(self.n_ratings, 'comparison')} of {counted(self.n_units, 'unit')}"
        if not len(self.table):
            return f"Preference: {sizes}. {self.note}".rstrip()
        return f"Preference: {self._first()}; {sizes}. {self.note}".rstrip()

    def _first(self) -> str:
        """The item with the highest win rate, and whether the comparisons tell it from the others."""
        rates = self.table["win_rate"]
        first = self.table.iloc[0]
        rate = Share(first["win_rate"], first["low"], first["high"])
        best = self.table["item"][rates >= rates.max() - 1e-12]
        if len(best) > 1:
            what = f"{quoted(best.to_numpy())} have the same win rate, {rate}"
        else:
            what = f"{first['item']!r} has the highest win rate, {rate}"
        if not rate.low <= 0.5 <= rate.high:
            return what
        if len(self.table) == 2:
            both = " and ".join(map(repr, self.table["item"]))
            return f"{what}; the interval contains 0.5, so {both} cannot be told apart"
        return f"{what}; the interval contains 0.5, so it cannot be told apart from the average of the others"

    def _repr_html_(self) -> str:
        sides = f"<p>Left side chosen: {self.side_bias}. Ties: {self.ties}.</p>"
        return f"<p>{escape(repr(self))}</p>{self.table.round(3).to_html(index=False)}{sides}"


def preference(
    frame: pd.DataFrame,
    *,
    left: str,
    right: str,
    items: Items = "columns",
    unit: str | None = None,
    annotator: str = "participant_id",
    label: str = "value",
    draws: int = 1000,
    seed: int = 0,
) -> Preference:
    """Win rates, position bias and Bradley-Terry scores of items that were shown side by side.

    A tie counts as half a win for both sides. All comparisons have equal weight; the intervals resample units, so they
    do not cover the choice of annotators.

    Parameters
    ----------
    frame : DataFrame
        One row per answer to one question made with ``design.compare``; `label` is ``"left"``, ``"right"`` or
        ``"tie"``, or is missing.
    left, right : str
        Columns shown on the left and on the right, or with ``items="values"`` the columns that name the items there.
    items : {"columns", "values"}
        ``"columns"``: the items are the columns themselves, ``left="model_a"`` and ``right="model_b"``, as in
        ``design.compare(question, "model_a", "model_b")``; the frame need not have them. ``"values"``: the items are
        named in the two columns of the frame, row by row; they may change sides, and there may be more than two.
    unit, annotator, label
        Columns, as in `count`. An annotator may compare different pairs of one unit, but none of them twice.
    draws : int
        Resamples of units for the intervals.
    seed : int
        Seed of the resampling; the same seed gives the same intervals.

    Returns
    -------
    Preference

    Raises
    ------
    DataError
        The frame cannot be read as labels of one question (see `count`), a label is not one of the three, a row lacks
        an item or has the same one twice, or an annotator compared a pair of a unit twice.
    ValueError
        `left` and `right` are the same, `items` is unknown, or `draws` is less than 1.

    Examples
    --------
    >>> frame = pd.DataFrame({"row": range(4), "participant_id": "p", "value": ["left", "left", "tie", "right"]})
    >>> frame["by_left"], frame["by_right"] = ["old", "new", "new", "old"], ["new", "old", "old", "new"]
    >>> preference(frame, left="by_left", right="by_right", items="values").table.iloc[:, :6]
      item  n  wins  ties  losses  win_rate
    0  new  4     2     1       1     0.625
    1  old  4     1     1       2     0.375
    >>> preference(frame, left="model_a", right="model_b").table["item"].tolist()
    ['model_a', 'model_b']
    """
    require_draws(draws, seed)
    found = comparisons(frame, left, right, items, unit, annotator, label)
    wins = found.wins(np.ones((1, found.n_units)))
    scores = strengths(wins)[0]
    drawn = _drawn(found, scores, draws, seed)
    table = _table(found, wins[0], scores, drawn)
    order = np.argsort(-table["win_rate"].to_numpy(), kind="stable")
    low, high = _edges(drawn.scores)
    scored = pd.DataFrame({"item": table["item"], "score": scores, "low": low, "high": high})
    return Preference(
        table=table.iloc[order].reset_index(drop=True),
        scores=scored.iloc[order].reset_index(drop=True),
        side_bias=_share(found.left_of_choices(np.ones((1, found.n_units))), drawn.left),
        ties=_share(found.ties_of_all(np.ones((1, found.n_units))), drawn.ties),
        n_units=found.n_units,
        n_annotators=found.n_annotators,
        n_ratings=found.n_ratings,
        note=" ".join(_notes(found, wins[0], drawn)),
    )


class _Drawn(NamedTuple):
    """The numbers in each resample of the units."""

    rates: Floats  # (draws, k)
    scores: Floats  # (draws, k)
    left: Floats  # (draws,)
    ties: Floats  # (draws,)


def _drawn(found: Comparisons, scores: Floats, draws: int, seed: int) -> _Drawn:
    k = len(found.items)
    if found.n_units < 2:  # a single unit cannot be resampled
        return _Drawn(np.full((draws, k), _NAN), np.full((draws, k), _NAN), np.full(draws, _NAN), np.full(draws, _NAN))
    rng = np.random.default_rng(seed)
    step = max(1, _CELLS // max(found.n_units, k * k))
    parts = []
    for start in range(0, draws, step):
        weights = draw_units(rng, found.n_units, min(step, draws - start))
        wins = found.wins(weights)
        scored = np.full(wins.shape[:2], _NAN) if np.isnan(scores).any() else strengths(wins, scores)
        parts.append(_Drawn(_rates(wins), scored, found.left_of_choices(weights), found.ties_of_all(weights)))
    return _Drawn(*(np.concatenate(each) for each in zip(*parts, strict=True)))


def _rates(wins: Floats) -> Floats:
    won, lost = wins.sum(axis=2), wins.sum(axis=1)
    return ratio(won, won + lost)


def _table(found: Comparisons, wins: Floats, scores: Floats, drawn: _Drawn) -> pd.DataFrame:
    low, high = _edges(drawn.rates)
    counts = found.per_item()
    return pd.DataFrame(
        {
            "item": pd.Series(list(found.items), dtype=object),
            "n": counts.sum(axis=0),
            "wins": counts[0],
            "ties": counts[1],
            "losses": counts[2],
            "win_rate": _rates(wins[None])[0],
            "low": low,
            "high": high,
            "score": scores,
        }
    )


def _edges(drawn: Floats) -> tuple[Floats, Floats]:
    """Ends of the 95 % percentile interval of each column, from the resamples in which it is defined."""
    low, high = np.full((2, drawn.shape[1]), _NAN)
    some = ~np.isnan(drawn).all(axis=0)
    if some.any():
        low[some], high[some] = np.nanquantile(drawn[:, some], [0.025, 0.975], axis=0)
    return low, high


def _share(value: Floats, drawn: Floats) -> Share:
    low, high = _edges(drawn[:, None])
    return Share(float(value[0]), float(low[0]), float(high[0]))


def _notes(found: Comparisons, wins: Floats, drawn: _Drawn) -> list[str]:
    if not found.n_ratings:
        return ["There is no comparison.", *found.notes]
    notes = [*_no_scores(found, wins), *found.notes]
    if found.n_units < 2:
        return [*notes, "There is no interval: a single unit cannot be resampled."]
    dropped = int(np.isnan(drawn.scores).any(axis=1).sum())
    if 0.01 * len(drawn.scores) < dropped < len(drawn.scores):
        what = f"{dropped} of {len(drawn.scores)} resamples excluded from the intervals of the scores"
        notes.append(f"{what}, which are undefined there, so these intervals are likely to be too narrow.")
    if found.n_units < MIN_UNITS:
        notes.append(f"The intervals are likely to be too narrow: only {counted(found.n_units, 'unit')}.")
    return notes


def _no_scores(found: Comparisons, wins: Floats) -> list[str]:
    """Why there are no scores: some items never lost to the others, or were never compared with them."""
    way = reached(wins[None])[0]
    if way.all():
        return []
    names = np.array(found.items, dtype=object)
    won, lost = wins.sum(axis=0) == 0, wins.sum(axis=1) == 0
    why = [f"{quoted(names[which])} {word} everything" for which, word in ((won, "won"), (lost, "lost")) if which.any()]
    if not why:
        linked = reached((wins + wins.T)[None])[0]
        side = linked[0] if not linked.all() else way[way.sum(axis=1).argmin()]
        word = "never compared with" if not linked.all() else "never won over"
        why = [f"{quoted(names[side])} {word} {quoted(names[~side])}"]
    remedy = "Leave such items out to score the others." if len(names) > 2 else "Use the win rate instead."
    return [f"The scores are undefined: {', and '.join(why)}, so no finite scores fit. {remedy}"]
