"""Units by how far people disagree about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .style import Palette, begun, fold, name_of, need, nothing, ruled, told

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NAMED = 20


def disagreement(units: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw the agreement on each unit, the least first; of more than 20 units, how many have which agreement.

    Parameters
    ----------
    units : DataFrame
        ``unit, agreement, labels`` as `prolific_nb.analysis.unit_disagreement` gives it.
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
    >>> units = pd.DataFrame({"unit": [2, 1], "agreement": [1 / 3, 1.0], "labels": ["y ×2, x ×1", "x ×2"]})
    >>> print(disagreement(units, ax=Figure().add_subplot()).get_title(loc="left"))
    People disagree on 1 of 2 units, most on “2” (y ×2, x ×1)
    """
    need(units, ("unit", "agreement", "labels"), "analysis.unit_disagreement")
    units = units.dropna(subset="agreement").sort_values("agreement", kind="stable")
    ax, colours = begun(ax, 1.4 + 0.22 * min(len(units), _NAMED))
    if units.empty:
        return nothing(ax, colours, "No unit has two labels yet.", note)
    if len(units) <= _NAMED:
        _each(ax, units, colours)
    else:
        _spread(ax, units, colours)
    told(ax, colours, _finding(units), "agreeing pairs of labels, % of a unit's pairs", note,
         y="" if len(units) <= _NAMED else "units")  # fmt: skip
    return ax


def _each(ax: Axes, units: pd.DataFrame, colours: Palette) -> None:
    """A dot per unit with its labels in words."""
    y, share = np.arange(len(units)), 100 * units["agreement"].to_numpy(float)
    ax.hlines(y, 0, share, color=colours.grid, linewidth=1.5, zorder=1)
    ax.plot(share, y, "o", color=colours.series[0], markersize=5.5, zorder=3)
    beside = ax.get_yaxis_transform()
    for place, labels in enumerate(units["labels"]):
        ax.text(1.02, place, fold(labels, 30, 1), transform=beside, va="center", fontsize=8, color=colours.ink)
    ax.set_yticks(y, [fold(name, 22, 1) for name in units["unit"]])
    ax.set_xlim(-2, 104)
    ax.set_ylim(len(units) - 0.4, -0.8)
    ruled(ax, colours, "x")


def _spread(ax: Axes, units: pd.DataFrame, colours: Palette) -> None:
    """How many units have which agreement: a bar for each value where there are few, else for each tenth."""
    share = 100 * units["agreement"].to_numpy(float).round(6)
    values, often = np.unique(share, return_counts=True)
    if len(values) > 12:
        often, edges = np.histogram(share, bins=np.linspace(0, 100, 11))
        values = (edges[:-1] + edges[1:]) / 2
    width = min(8.0, 0.7 * float(np.diff(values).min(initial=100)))
    ax.bar(values, often, width=width, color=colours.series[0], zorder=2)
    for at, number in zip(values, often, strict=True):
        if number:
            ax.text(at, number, f"{number:,}", ha="center", va="bottom", fontsize=8.5, color=colours.ink, zorder=3)
    ax.set_xlim(-6, 106)
    ax.set_ylim(0, 1.12 * often.max())
    ruled(ax, colours, "y")


def _finding(units: pd.DataFrame) -> str:
    apart = int((units["agreement"] < 1).sum())
    if not apart:
        return f"Everybody agrees on {'the unit' if len(units) == 1 else f'all {len(units):,} units'}"
    worst = units.iloc[0]
    least = f"most on {name_of(worst['unit'])} ({name_of(worst['labels'], 40).strip('“”')})"
    return f"People disagree on {apart:,} of {len(units):,} units, {least}"
