"""Units by how far people disagree about them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .style import (
    Palette,
    annotate,
    apply_grid,
    counted,
    draw_empty,
    name_of,
    prepare_axes,
    require_columns,
    shorten_names,
    wrap_text,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NAMED = 20
_LABEL = re.compile(r"(.+?)( ×\d+(?:, |$))")


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
    require_columns(units, ("unit", "agreement", "labels"), "analysis.unit_disagreement")
    units = units.dropna(subset="agreement").sort_values("agreement", kind="stable")
    ax, colours = prepare_axes(ax, 1.4 + 0.22 * len(units) if len(units) <= _NAMED else 4)
    if units.empty:
        return draw_empty(ax, colours, "No unit has two labels yet.", note)
    if len(units) <= _NAMED:
        _each(ax, units, colours)
    else:
        _spread(ax, units, colours)
    annotate(ax, colours, _finding(units), "agreeing pairs of labels, % of a unit's pairs", note,
         y="" if len(units) <= _NAMED else "units")  # fmt: skip
    return ax


def _each(ax: Axes, units: pd.DataFrame, colours: Palette) -> None:
    """A dot per unit with its labels in words."""
    y, share = np.arange(len(units)), 100 * units["agreement"].to_numpy(float)
    ax.hlines(y, 0, share, color=colours.grid, linewidth=1.5, zorder=1)
    ax.plot(share, y, "o", color=colours.series[0], markersize=5.5, zorder=3)
    beside = ax.get_yaxis_transform()
    for place, labels in enumerate(units["labels"]):
        words = wrap_text(_short(str(labels), 30), 36, 1)
        ax.text(1.02, place, words, transform=beside, va="center", fontsize=8, color=colours.ink)
    ax.set_yticks(y, shorten_names(units["unit"], 22))
    ax.set_xlim(-2, 104)
    ax.set_ylim(len(units) - 0.4, -0.8)
    apply_grid(ax, colours, "x")


def _short(labels: str, width: int) -> str:
    """Labels in words, where they are too long with each name cut, so that the numbers of all are seen."""
    found = _LABEL.findall(labels)
    if len(labels) <= width or "".join(name + times for name, times in found) != labels:
        return labels
    first = found[: width // 9]
    room = max(4, width // len(first) - 5)
    cut = "".join((name if len(name) <= room else name[: room - 1] + "…") + times for name, times in first)
    return cut if len(first) == len(found) else f"{cut}{len(found) - len(first)} more"


def _spread(ax: Axes, units: pd.DataFrame, colours: Palette) -> None:
    """How many units have which agreement: a bar for each value where they lie apart, else for each tenth."""
    share = 100 * units["agreement"].to_numpy(float).round(6)
    values, often = np.unique(share, return_counts=True)
    width = 8.0
    if np.diff(values).min(initial=100) < 1.1 * width:
        # Complete agreement has a bar of its own: it is not the same as nearly.
        often, edges = np.histogram(share, bins=np.linspace(0, 110, 12))
        values, width = edges[:-1] + 5, 9.2
        ax.set_xticks([*range(0, 100, 20), 105], [*map(str, range(0, 100, 20)), "100"])
    ax.bar(values, often, width=width, color=colours.series[0], zorder=2)
    for at, number in zip(values, often, strict=True):
        if number:
            ax.text(at, number, f"{number:,}", ha="center", va="bottom", fontsize=8.5, color=colours.ink, zorder=3)
    ax.set_xlim(min(-6, values.min() - 6), max(106, values.max() + 6))
    counted(ax)
    ax.set_ylim(0, 1.12 * often.max())
    apply_grid(ax, colours, "y")


def _finding(units: pd.DataFrame) -> str:
    apart = int((units["agreement"] < 1).sum())
    if not apart:
        return f"Everybody agrees on {'the unit' if len(units) == 1 else f'all {len(units):,} units'}"
    worst, level = units.iloc[0], int((units["agreement"] == units["agreement"].iloc[0]).sum()) - 1
    labels = name_of(_short(str(worst["labels"]), 56), 60)[1:-1]
    if len(units) == 1:
        return f"People disagree on {name_of(worst['unit'])} ({labels})"
    most = f"most on {name_of(worst['unit'])}"
    if level:  # which of these comes first says nothing
        most += f" and {level:,} {'other' if level == 1 else 'others'} as much"
    return f"People disagree on {apart:,} of {len(units):,} units, {most} ({labels})"
