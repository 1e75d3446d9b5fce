"""Agreement between annotators: a heat map for few, one dot each for many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from .layout.cells import Key
from .layout.colours import Palette
from .layout.fit import Part
from .layout.heatmap import Floats, cells_that_fit, grid, heat, ramp
from .layout.inside import Corner
from .layout.names import cut_names, name_of
from .layout.pen import Pen
from .layout.rows import RowNames, rows_that_fit
from .layout.ticks import numbers
from .style import Canvas, Look, apply_grid, require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.typing import ColorType

# Largest numbers of annotators for cells, for a number in each cell, and for two numbers in each.
_HEAT, _NUMBERED, _BOTH = 30, 12, 6
# What is said above and below the diagonal: of the agreement in %, and of the number of units.
_CELLS = ("{0:.0f} %\n{1:,} units",) * 2, ("{0:.0f}", "n={1:,}"), ("{0:.0f}", "{0:.0f}")
_NAMED = 60  # annotators with a name beside each dot
_PITCH = 6.0  # points from name to name, at least
_LOWEST = 5  # of more annotators, these are named


def annotators(
    pairs: pd.DataFrame,
    *,
    ax: Axes | None = None,
    note: str | None = None,
    title: str | Literal[True] | None = True,
    palette: ColorType | Sequence[ColorType] | None = None,
) -> Axes:
    """Draw the agreement of each two annotators, or of each with all others if there are more than 30.

    Up to 60 annotators are named; of more, the five with the lowest agreement. On Axes that are too small for these
    names, fewer are named.

    Parameters
    ----------
    pairs : DataFrame
        ``annotator_1, annotator_2, n_units, agreement`` as returned by `prolific_nb.analysis.pairwise_agreement`.
    ax, note, title, palette
        As for `prolific_nb.plots.labels`.

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
    canvas = Canvas.on(ax, Look(title, note, palette), 2 + 0.16 * len(each) if len(each) <= _NAMED else None)
    if not len(each):
        return canvas.empty("No two annotators have labelled the same unit yet.")
    pen = canvas.pen(each.index)
    cells = len(each) <= cells_that_fit(canvas.ax, _HEAT)
    axis, parts = _heat(canvas, pairs, each.index, pen) if cells else _dots(canvas, each, pen)
    kind = "Heat map of the agreement of annotators" if cells else "Dot plot of the agreement of annotators"
    rows = zip(each.index, 100 * each["share"], each["n"], strict=True)
    values = [f"{who}: {share:.0f} % of {n:,.0f}" for who, share, n in rows]
    y = "" if cells else f"{len(each):,} annotators"
    return canvas.finish(kind, _finding(pairs, each), axis, parts, pen, y=y, values=values)


def _each(pairs: pd.DataFrame) -> pd.DataFrame:
    """Agreement of each annotator with all others, weighted by the units they share; lowest first."""
    agreed = pairs["agreement"] * pairs["n_units"]
    ends = [
        pd.DataFrame({"who": pairs[name].astype(object), "n": pairs["n_units"], "agreed": agreed})
        for name in ("annotator_1", "annotator_2")
    ]
    sums = pd.concat(ends).groupby("who", sort=False)[["n", "agreed"]].sum()
    return sums.assign(share=sums["agreed"] / sums["n"]).sort_values("share", kind="stable")


def _heat(canvas: Canvas, pairs: pd.DataFrame, order: pd.Index, pen: Pen) -> tuple[str, list[Part]]:
    """Draw cells with numbers, or squares sized by the number of units; return the label of the axis."""
    ax, colours, n = canvas.ax, canvas.colours, len(order)
    ends = (pairs[name].astype(object).to_numpy() for name in ("annotator_1", "annotator_2"))
    one, other = (order.get_indexer(pd.Index(each)) for each in ends)
    units, agreed = pairs["n_units"].to_numpy(), pairs["agreement"].to_numpy(float)
    colour_of = ramp(colours, 0.12)  # so that 0 % agreement differs from no unit in common
    empty = "; empty: no unit in common" if len(pairs) < n * (n - 1) / 2 else ""
    names = [str(name) for name in order]
    if n > _NUMBERED:
        key = _squares(ax, one, other, agreed, units, colour_of, colours, pen)
        axis = f"a larger square: more units that both labelled, up to {units.max():,}{empty}"
        return axis, [*grid(ax, names, colours, pen), key]
    shares = np.full((n, n), np.nan)
    shares[one, other] = shares[other, one] = agreed
    above, below = np.minimum(one, other), np.maximum(one, other)
    # Both numbers in each cell where they fit; else one above the diagonal, the other below it.
    both = n <= _BOTH
    tables = []
    for first, second in _CELLS if both else _CELLS[1:2]:
        words: npt.NDArray[Any] = np.full((n, n), "", dtype=object)
        words[above, below] = [first.format(a, m) for a, m in zip(100 * agreed, units, strict=True)]
        words[below, above] = [second.format(a, m) for a, m in zip(100 * agreed, units, strict=True)]
        tables.append(words)
    parts = [*grid(ax, names, colours, pen), heat(ax, shares, tables, colour_of, pen)]
    if both:
        return f"agreement in %, and units in common where there is room{empty}", parts
    return f"above: agreement in %; below: n units that both labelled{empty}", parts


def _squares(
    ax: Axes,
    one: Any,
    other: Any,
    agreed: Floats,
    units: npt.NDArray[Any],
    colour_of: Colormap,
    colours: Palette,
    pen: Pen,
) -> Part:
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
    return Key(ax, pen, bar)


def _dots(canvas: Canvas, each: pd.DataFrame, pen: Pen) -> tuple[str, list[Part]]:
    """Draw each annotator by rank, a larger dot for more units; return the label of the axis."""
    ax, colours, n = canvas.ax, canvas.colours, len(each)
    size = max(0.1, min(1, 100 / n)) * (8 + 60 * (each["n"] / each["n"].max()).to_numpy(float))
    share = 100 * each["share"].to_numpy(float)
    ax.scatter(share, range(n), s=size, color=colours.series[0], alpha=0.7, linewidths=0, zorder=2)
    ax.axvline(100 * each["agreed"].sum() / each["n"].sum(), color=colours.ink, linewidth=1, linestyle="--", zorder=1)
    ax.set_xlim(-2, 102)
    ax.set_ylim(1.03 * n, -0.03 * n)
    apply_grid(ax, colours, "x")
    parts: list[Part] = [numbers(ax, pen)]
    if n <= _NAMED and rows_that_fit(ax, _PITCH, n) == n:
        parts.append(RowNames(ax, pen, range(n), list(map(str, each.index)), 7, 0.3))
    else:
        parts.append(RowNames(ax, pen, [0, n - 1], [str(each.index[0]), str(each.index[-1])], 8.5, 0.3))
        dots = np.column_stack([share, np.arange(n)])
        parts.append(Corner(ax, pen, _lowest(each.head(_LOWEST)), dots, colours.ink))
    return "agreement with the others, %; a larger dot: more comparisons; dashed: all", parts


def _lowest(lowest: pd.DataFrame) -> list[str]:
    """The first annotators, for the corner that the dots leave empty: the lowest rank has the highest agreement."""
    names = cut_names([" ".join(str(name).split()) for name in lowest.index], 20)
    shares = zip(names, 100 * lowest["share"].to_numpy(float), lowest["n"].to_numpy(int), strict=True)
    return ["lowest agreement", *(f"{name}: {share:.0f} % of {n:,}" for name, share, n in shares)]


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
