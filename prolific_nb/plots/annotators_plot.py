"""Agreement between annotators: a heat map for few, one dot each for many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from .heatmap import Floats, grid, heat, ramp, tick_names
from .style import (
    SIZE,
    Canvas,
    Palette,
    apply_grid,
    name_of,
    require_columns,
    room,
    shorten_names,
    size_of_names,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

# Largest numbers of annotators for cells, for a number in each cell, and for two numbers in each.
_HEAT, _NUMBERED, _BOTH = 30, 12, 6
_NAMED = 60  # annotators with a name beside each dot
_LEGIBLE = 5  # the smallest size of their names, in points
_LOWEST = 5  # of more annotators, these are named


def annotators(pairs: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw the agreement of each two annotators, or of each with all others if there are more than 30.

    Up to 60 annotators are named; of more, the five with the lowest agreement. On Axes that are too small for these
    names, fewer are named.

    Parameters
    ----------
    pairs : DataFrame
        ``annotator_1, annotator_2, n_units, agreement`` as returned by `prolific_nb.analysis.pairwise_agreement`.
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
    “c” agrees least with the others: 53 % of 15 comparisons, against 68 % for all
    """
    require_columns(pairs, ("annotator_1", "annotator_2", "n_units", "agreement"), "analysis.pairwise_agreement")
    each = _each(pairs)
    canvas = Canvas.on(ax, note, 2 + 0.16 * len(each) if len(each) <= _NAMED else SIZE[1])
    if not len(each):
        return canvas.empty("No two annotators have labelled the same unit yet.")
    axis = (
        _heat(canvas.ax, pairs, each.index, canvas.colours)
        if len(each) <= _HEAT
        else _dots(canvas.ax, each, canvas.colours)
    )
    return canvas.finish(_finding(pairs, each), axis, y="" if len(each) <= _HEAT else f"{len(each):,} annotators")


def _each(pairs: pd.DataFrame) -> pd.DataFrame:
    """Agreement of each annotator with all others, weighted by the units they share; lowest first."""
    agreed = pairs["agreement"] * pairs["n_units"]
    ends = [
        pd.DataFrame({"who": pairs[name].astype(object), "n": pairs["n_units"], "agreed": agreed})
        for name in ("annotator_1", "annotator_2")
    ]
    sums = pd.concat(ends).groupby("who", sort=False)[["n", "agreed"]].sum()
    return sums.assign(share=sums["agreed"] / sums["n"]).sort_values("share", kind="stable")


def _heat(ax: Axes, pairs: pd.DataFrame, order: pd.Index, colours: Palette) -> str:
    """Draw cells with numbers, or squares sized by the number of units; return the label of the axis."""
    n = len(order)
    names = (pairs[name].astype(object).to_numpy() for name in ("annotator_1", "annotator_2"))
    one, other = (order.get_indexer(pd.Index(each)) for each in names)
    units, agreed = pairs["n_units"].to_numpy(), pairs["agreement"].to_numpy(float)
    colour_of = ramp(colours, 0.12)  # so that 0 % agreement differs from no unit in common
    empty = "; empty: no unit in common" if len(pairs) < n * (n - 1) / 2 else ""
    if n > _NUMBERED:
        _squares(ax, one, other, agreed, units, colour_of, colours)
        grid(ax, n, colours)
        tick_names(ax, list(order))
        return f"a larger square: more units that both labelled, up to {units.max():,}{empty}"
    shares = np.full((n, n), np.nan)
    words: npt.NDArray[Any] = np.full((n, n), "", dtype=object)
    shares[one, other] = shares[other, one] = agreed
    # Both numbers in each cell where they fit; else one above the diagonal, the other below it.
    both = n <= _BOTH
    above, below = np.minimum(one, other), np.maximum(one, other)
    words[above, below] = [f"{100 * a:.0f} %\n{m:,} units" if both else f"{100 * a:.0f}"
                           for a, m in zip(agreed, units, strict=True)]  # fmt: skip
    words[below, above] = words[above, below] if both else [f"n={m:,}" for m in units]
    heat(ax, shares, words, list(order), colours, colour_of)
    if both:
        return f"agreement on the units that both labelled{empty}"
    return f"above: agreement in %; below: n units that both labelled{empty}"


def _squares(
    ax: Axes, one: Any, other: Any, agreed: Floats, units: npt.NDArray[Any], colour_of: Colormap, colours: Palette
) -> None:
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    side = np.sqrt(units / units.max())
    places = [*zip(one, other, side, strict=True), *zip(other, one, side, strict=True)]
    drawn = PatchCollection([Rectangle((x - s / 2, y - s / 2), s, s) for x, y, s in places], cmap=colour_of)
    drawn.set_array(np.tile(agreed, 2))
    drawn.set_clim(0, 1)
    ax.add_collection(drawn)
    # Without numbers in the cells the colours need a key; as inset Axes it takes no room from other Axes.
    bar = ax.figure.colorbar(drawn, cax=ax.inset_axes((1.02, 0.0, 0.03, 1.0)), ticks=[0, 0.5, 1])
    bar.ax.set_yticklabels(["0 %", "50 %", "100 %"])
    bar.ax.tick_params(colors=colours.ink, length=0, labelsize=8)
    bar.outline.set_visible(False)


def _dots(ax: Axes, each: pd.DataFrame, colours: Palette) -> str:
    """Draw each annotator by rank, a larger dot for more units; return the label of the axis."""
    n = len(each)
    size = max(0.1, min(1, 100 / n)) * (8 + 60 * (each["n"] / each["n"].max()).to_numpy(float))
    ax.scatter(100 * each["share"], range(n), s=size, color=colours.series[0], alpha=0.7, linewidths=0, zorder=2)
    ax.axvline(100 * each["agreed"].sum() / each["n"].sum(), color=colours.ink, linewidth=1, linestyle="--", zorder=1)
    ax.set_xlim(-2, 102)
    ax.set_ylim(1.03 * n, -0.03 * n)
    if n <= _NAMED and size_of_names(ax, n, 7) >= _LEGIBLE:
        ax.set_yticks(range(n), shorten_names(each.index, 14), fontsize=7)
    else:
        ax.set_yticks([0, n - 1], shorten_names([each.index[0], each.index[-1]], 14))
        if room(ax, 68) == 68:  # on narrower Axes the list would cover dots
            _name_lowest(ax, each.head(_LOWEST), colours)
    apply_grid(ax, colours, "x")
    return "agreement with the others, %; a larger dot: more comparisons; dashed: all"


def _name_lowest(ax: Axes, lowest: pd.DataFrame, colours: Palette) -> None:
    """List the first annotators in the corner that the dots leave empty: the lowest rank has the highest agreement."""
    names = shorten_names(lowest.index, 20)
    numbers = zip(names, 100 * lowest["share"].to_numpy(float), lowest["n"].to_numpy(int), strict=True)
    lines = [f"{name}: {share:.0f} % of {n:,}" for name, share, n in numbers]
    words = "\n".join(["lowest agreement", *lines])
    ax.text(0.02, 0.04, words, transform=ax.transAxes, va="bottom", fontsize=8, color=colours.ink)


def _finding(pairs: pd.DataFrame, each: pd.DataFrame) -> str:
    together = f"{100 * (pairs['agreement'] * pairs['n_units']).sum() / pairs['n_units'].sum():.0f} %"
    if len(each) == 2:
        return f"{name_of(each.index[0])} and {name_of(each.index[1])} agree {together} of the time"
    if each["share"].iloc[-1] - each["share"].iloc[0] < 0.01:
        return f"All annotators agree with the others equally often: {together} of the time"
    # An annotator with few comparisons easily ranks last, so their number is shown.
    first = each.iloc[0]
    least = f"{100 * first['share']:.0f} % of {first['n']:,.0f} comparisons"
    return f"{name_of(each.index[0])} agrees least with the others: {least}, against {together} for all"
