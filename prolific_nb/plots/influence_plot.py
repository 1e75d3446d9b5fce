"""A coefficient without each annotator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from .layout.fit import Part
from .layout.names import flat, name_of
from .layout.pen import Pen
from .layout.rows import Column, RowNames, rows_that_fit
from .layout.ticks import numbers
from .style import Canvas, Look, apply_grid, require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

_MOST = 15
_PITCH = 6.5  # points from row to row, at least


def influence(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    note: str | None = None,
    title: str | Literal[True] | None = True,
    palette: ColorType | Sequence[ColorType] | None = None,
) -> Axes:
    """Draw the coefficient without each of the 15 annotators with the largest change, and a line for all annotators.

    Parameters
    ----------
    table : DataFrame
        ``annotator, n_ratings, without, low, high, change`` as returned by `prolific_nb.analysis.influence`.
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
    >>> table = pd.DataFrame({"annotator": ["d", "a"], "n_ratings": 9, "without": [0.9, 0.4], "low": [0.8, 0.2]})
    >>> table = table.assign(high=[1.0, 0.6], change=[0.4, -0.1])
    >>> print(influence(table, ax=Figure().add_subplot()).get_title(loc="left"))
    Without “d” the coefficient would be 0.90 instead of 0.50
    """
    require_columns(table, ("annotator", "n_ratings", "without", "low", "high", "change"), "analysis.influence")
    known = table.dropna(subset="without")
    shown = known.reindex(known["change"].abs().sort_values(ascending=False, kind="stable").index)
    canvas = Canvas.on(ax, Look(title, note, palette), 1.5 + 0.24 * min(_MOST, len(shown)))
    shown = shown.head(rows_that_fit(canvas.ax, _PITCH, _MOST))
    if shown.empty:
        return canvas.empty("The coefficient is undefined without any of the annotators.")
    everyone = float(shown["without"].iloc[0] - shown["change"].iloc[0])
    names, changes = [flat(who) for who in shown["annotator"]], _changes(shown, everyone)
    pen = canvas.pen(names)
    parts = _dots(canvas, shown, everyone, changes, pen)
    less, unknown = len(known) - len(shown), len(table) - len(known)
    rest = f"; {less:,} with less change not shown" if less else ""
    rest += f"; not computed for {unknown:,} more" if unknown else ""
    axis = f"coefficient without one annotator (n of their labels), with 95 % interval; dashed: with all{rest}"
    values = [f"without {name}: {change}" for name, change in zip(names, changes, strict=True)]
    finding = _finding(shown, everyone)
    return canvas.finish("Dot plot of a coefficient without each annotator", finding, axis, parts, pen, values=values)


def _dots(canvas: Canvas, shown: pd.DataFrame, everyone: float, changes: list[str], pen: Pen) -> list[Part]:
    ax, colours, y = canvas.ax, canvas.colours, np.arange(len(shown))
    value, low, high = (shown[name].to_numpy(float) for name in ("without", "low", "high"))
    ax.hlines(y, low, high, color=colours.series[0], linewidth=2, alpha=0.7, zorder=2)
    ax.plot(value, y, "o", color=colours.series[0], markersize=5.5, zorder=3)
    ax.axvline(everyone, color=colours.ink, linewidth=1, linestyle="--", zorder=1)
    names = [flat(who) for who in shown["annotator"]]
    ax.set_ylim(len(shown) - 0.4, -0.6)
    apply_grid(ax, colours, "x")
    return [
        RowNames(ax, pen, y.tolist(), names, 8.5, 0.34, suffixes=[f" ({n:,})" for n in shown["n_ratings"]]),
        Column(ax, pen, y.tolist(), changes, colours.ink, "change", colours.faint),
        numbers(ax, pen),
    ]


def _changes(shown: pd.DataFrame, everyone: float) -> list[str]:
    digits = _digits(shown, everyone)
    changes = shown["change"].round(digits) + 0.0  # no −0.00
    return [f"{each:+.{digits}f}".replace("-", "−") if each else f"{0:.{digits}f}" for each in changes]


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
