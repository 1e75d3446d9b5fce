"""Who agrees with whom: a heat map of few annotators, one dot each of many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from .heat import heat
from .style import Palette, begun, fold, name_of, need, nothing, ruled, told

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEAT, _NUMBERED, _NAMED = 30, 12, 30


def annotators(pairs: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw the agreement of each two annotators, or of each with all others where there are more than 30.

    Parameters
    ----------
    pairs : DataFrame
        ``annotator_1, annotator_2, n_units, agreement`` as `prolific_nb.analysis.pairwise_agreement` gives it.
    ax, note
        As for `prolific_nb.plots.confusion`.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        A column is missing.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> pairs = pd.DataFrame({"annotator_1": ["a", "a", "b"], "annotator_2": ["b", "c", "c"], "n_units": [10, 10, 5]})
    >>> ax = annotators(pairs.assign(agreement=[0.9, 0.5, 0.6]), ax=Figure().add_subplot())
    >>> print(ax.get_title(loc="left"))
    “c” agrees least with the others: 53 %, against 68 % for all
    """
    need(pairs, ("annotator_1", "annotator_2", "n_units", "agreement"), "analysis.pairwise_agreement")
    each = _each(pairs)
    ax, colours = begun(ax, 2 + 0.16 * min(len(each), _HEAT) if len(each) <= _HEAT else 4)
    if not len(each):
        return nothing(ax, colours, "No two people have labelled the same unit yet.", note)
    if len(each) <= _HEAT:
        _heat(ax, pairs, each.index, colours)
        axis = (
            "agreement in %, and the units that both labelled"
            if len(each) <= _NUMBERED
            else "agreement: the stronger the colour, the more"
        )
        told(ax, colours, _finding(pairs, each), axis, note)
    else:
        _dots(ax, each, colours)
        told(ax, colours, _finding(pairs, each), "agreement with the others, % of the units labelled together", note)
    return ax


def _each(pairs: pd.DataFrame) -> pd.DataFrame:
    """Agreement of each annotator with all others, weighted by the units they share; the lowest first."""
    agreed = pairs["agreement"] * pairs["n_units"]
    ends = [
        pd.DataFrame({"who": pairs[name].astype(object), "n": pairs["n_units"], "agreed": agreed})
        for name in ("annotator_1", "annotator_2")
    ]
    sums = pd.concat(ends).groupby("who", sort=False)[["n", "agreed"]].sum()
    return sums.assign(share=sums["agreed"] / sums["n"]).sort_values("share", kind="stable")


def _heat(ax: Axes, pairs: pd.DataFrame, order: pd.Index, colours: Palette) -> None:
    n = len(order)
    names = (pairs[name].astype(object).to_numpy() for name in ("annotator_1", "annotator_2"))
    one, other = (order.get_indexer(pd.Index(each)) for each in names)
    shares = np.full((n, n), np.nan)
    words: npt.NDArray[Any] = np.full((n, n), "", dtype=object)
    shares[one, other] = shares[other, one] = pairs["agreement"]
    if n <= _NUMBERED:
        units = [f"{100 * a:.0f}\n{m} u." for a, m in zip(pairs["agreement"], pairs["n_units"], strict=True)]
        words[one, other] = words[other, one] = units
    heat(ax, shares, words, list(order), colours)


def _dots(ax: Axes, each: pd.DataFrame, colours: Palette) -> None:
    size = 8 + 60 * (each["n"] / each["n"].max()).to_numpy(float)
    ax.scatter(100 * each["share"], range(len(each)), s=size, color=colours.series[0], alpha=0.7, linewidths=0)
    all_in_all = 100 * each["agreed"].sum() / each["n"].sum()
    ax.axvline(all_in_all, color=colours.faint, linewidth=1, linestyle="--")
    ax.set_xlim(-2, 102)
    ax.set_ylim(len(each) - 0.5, -0.5)
    ax.set_yticks([0, len(each) - 1], [fold(each.index[0], 14, 1), fold(each.index[-1], 14, 1)])
    ruled(ax, colours, "x")
    ax.text(0.01, 0.02, "a larger dot: more units\nlabelled with others", transform=ax.transAxes, va="bottom",
            fontsize=8, color=colours.faint)  # fmt: skip


def _finding(pairs: pd.DataFrame, each: pd.DataFrame) -> str:
    together = f"{100 * (pairs['agreement'] * pairs['n_units']).sum() / pairs['n_units'].sum():.0f} %"
    if len(each) == 2:
        return f"{name_of(each.index[0])} and {name_of(each.index[1])} agree {together} of the time"
    if each["share"].iloc[-1] - each["share"].iloc[0] < 0.01:
        return f"Everybody agrees with the others equally often: {together} of the time"
    least = f"{100 * each['share'].iloc[0]:.0f} %"
    return f"{name_of(each.index[0])} agrees least with the others: {least}, against {together} for all"
