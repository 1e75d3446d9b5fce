"""Units by agreement of their labels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .style import (
    Canvas,
    Palette,
    apply_grid,
    cut_names,
    name_of,
    require_columns,
    shorten_names,
    whole_numbers,
    wrap_text,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NAMED = 20
_LABEL = re.compile(r"(.+?)( ×\d+(?:, |$))")


def disagreement(units: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw the agreement on each unit, lowest first; for more than 20 units, the distribution of agreement.

    Parameters
    ----------
    units : DataFrame
        ``unit, agreement, labels`` as returned by `prolific_nb.analysis.unit_disagreement`.
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
    Annotators disagree on 1 of 2 units, most on “2” (y ×2, x ×1)
    """
    require_columns(units, ("unit", "agreement", "labels"), "analysis.unit_disagreement")
    units = units.dropna(subset="agreement").sort_values("agreement", kind="stable")
    canvas = Canvas.on(ax, note, 1.4 + 0.22 * len(units) if len(units) <= _NAMED else 4)
    if units.empty:
        return canvas.empty("No unit has two labels yet.")
    if len(units) <= _NAMED:
        _each(canvas.ax, units, canvas.colours)
    else:
        _spread(canvas.ax, units, canvas.colours)
    return canvas.finish(
        _finding(units), "agreeing pairs of labels, % of a unit's pairs", y="" if len(units) <= _NAMED else "units"
    )


def _each(ax: Axes, units: pd.DataFrame, colours: Palette) -> None:
    """A dot per unit, with its labels beside it."""
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
    """Labels as a string; names are shortened if it is too long, so that all counts stay visible."""
    found = _LABEL.findall(labels)
    if len(labels) <= width or "".join(name + times for name, times in found) != labels:
        return labels
    first = found[: width // 9]
    room = max(4, width // len(first) - 5)
    names = cut_names([name for name, _ in first], room)
    cut = "".join(name + times for name, (_, times) in zip(names, first, strict=True))
    return cut if len(first) == len(found) else f"{cut}{len(found) - len(first)} more"


def _spread(ax: Axes, units: pd.DataFrame, colours: Palette) -> None:
    """Number of units by agreement: a bar per value if values are far enough apart, else per tenth."""
    share = 100 * units["agreement"].to_numpy(float).round(6)
    values, often = np.unique(share, return_counts=True)
    width = 8.0
    if np.diff(values).min(initial=100) < 1.1 * width:
        # Complete agreement has its own bar, apart from nearly complete agreement.
        often, edges = np.histogram(share, bins=np.linspace(0, 110, 12))
        values, width = edges[:-1] + 5, 9.2
        ax.set_xticks([*range(0, 100, 20), 105], [*map(str, range(0, 100, 20)), "100"])
    ax.bar(values, often, width=width, color=colours.series[0], zorder=2)
    for at, number in zip(values, often, strict=True):
        if number:
            ax.text(at, number, f"{number:,}", ha="center", va="bottom", fontsize=8.5, color=colours.ink, zorder=3)
    ax.set_xlim(min(-6, values.min() - 6), max(106, values.max() + 6))
    whole_numbers(ax)
    ax.set_ylim(0, 1.12 * often.max())
    apply_grid(ax, colours, "y")


def _finding(units: pd.DataFrame) -> str:
    apart = int((units["agreement"] < 1).sum())
    if not apart:
        return f"All annotators agree on {'the unit' if len(units) == 1 else f'all {len(units):,} units'}"
    worst, tied = units.iloc[0], int((units["agreement"] == units["agreement"].iloc[0]).sum()) - 1
    labels = name_of(_short(str(worst["labels"]), 56), 60)[1:-1]
    if len(units) == 1:
        return f"Annotators disagree on {name_of(worst['unit'])} ({labels})"
    most = f"most on {name_of(worst['unit'])}"
    if tied:  # their order is arbitrary
        most += f" and {tied:,} {'other' if tied == 1 else 'others'} as much"
    return f"Annotators disagree on {apart:,} of {len(units):,} units, {most} ({labels})"
