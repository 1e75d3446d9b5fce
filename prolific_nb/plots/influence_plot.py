"""A coefficient without each annotator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .style import (
    Canvas,
    Palette,
    apply_grid,
    column_heading,
    name_of,
    require_columns,
    shorten_names,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST = 15


def influence(table: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw the coefficient without each of the 15 annotators with the largest change, and a line for all annotators.

    Parameters
    ----------
    table : DataFrame
        ``annotator, n_ratings, without, low, high, change`` as returned by `prolific_nb.analysis.influence`.
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
    >>> table = pd.DataFrame({"annotator": ["d", "a"], "n_ratings": 9, "without": [0.9, 0.4], "low": [0.8, 0.2]})
    >>> table = table.assign(high=[1.0, 0.6], change=[0.4, -0.1])
    >>> print(influence(table, ax=Figure().add_subplot()).get_title(loc="left"))
    Without “d” the coefficient would be 0.90 instead of 0.50
    """
    require_columns(table, ("annotator", "n_ratings", "without", "low", "high", "change"), "analysis.influence")
    known = table.dropna(subset="without")
    shown = known.reindex(known["change"].abs().sort_values(ascending=False, kind="stable").index).head(_MOST)
    canvas = Canvas.on(ax, note, 1.5 + 0.24 * len(shown))
    if shown.empty:
        return canvas.empty("The coefficient is undefined without any of the annotators.")
    everyone = float(shown["without"].iloc[0] - shown["change"].iloc[0])
    _dots(canvas.ax, shown, everyone, canvas.colours)
    less, unknown = len(known) - len(shown), len(table) - len(known)
    rest = f"; {less:,} with less change not shown" if less else ""
    rest += f"; not computed for {unknown:,} more" if unknown else ""
    axis = f"coefficient without one annotator (n of their labels), with 95 % interval; dashed: with all{rest}"
    return canvas.finish(_finding(shown, everyone), axis)


def _dots(ax: Axes, shown: pd.DataFrame, everyone: float, colours: Palette) -> None:
    y = np.arange(len(shown))
    value, low, high = (shown[name].to_numpy(float) for name in ("without", "low", "high"))
    ax.hlines(y, low, high, color=colours.series[0], linewidth=2, alpha=0.7, zorder=2)
    ax.plot(value, y, "o", color=colours.series[0], markersize=5.5, zorder=3)
    ax.axvline(everyone, color=colours.ink, linewidth=1, linestyle="--", zorder=1)
    beside = ax.get_yaxis_transform()
    digits = _digits(shown, everyone)
    for place, change in enumerate(shown["change"].round(digits) + 0.0):  # no −0.00
        words = f"{change:+.{digits}f}".replace("-", "−") if change else f"{0:.{digits}f}"
        ax.text(1.01, place, words, transform=beside, va="center", fontsize=8, color=colours.ink)
    names = [f"{who} ({n:,})" for who, n in zip(shorten_names(shown["annotator"], 16), shown["n_ratings"], strict=True)]
    ax.set_yticks(y, names)
    column_heading(ax, colours, "change", len(shown))
    apply_grid(ax, colours, "x")


def _digits(shown: pd.DataFrame, everyone: float) -> int:
    """Two decimals, or three if two would hide the largest change."""
    first = shown.iloc[0]
    hidden = round(first["without"], 2) == round(everyone, 2) and abs(first["change"]) >= 0.005
    return 3 if hidden else 2


def _finding(shown: pd.DataFrame, everyone: float) -> str:
    first = shown.iloc[0]
    if abs(first["change"]) < 0.005:
        return f"No single annotator changes the coefficient ({everyone:.2f})"
    digits = _digits(shown, everyone)
    moved = f"{first['without']:.{digits}f} instead of {everyone:.{digits}f}"
    return f"Without {name_of(first['annotator'], among=shown['annotator'])} the coefficient would be {moved}"
