"""Win rates of items."""

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

_MOST = 20
_PITCH = 6.5  # points from row to row, at least


def preference(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    note: str | None = None,
    title: str | Literal[True] | None = True,
    palette: ColorType | Sequence[ColorType] | None = None,
) -> Axes:
    """Draw the win rate of each item with its interval, and a line at one half.

    Parameters
    ----------
    table : DataFrame
        ``item, n, wins, ties, losses, win_rate, low, high`` as `prolific_nb.analysis.Preference.table`; of more than
        20 items the 10 highest and the 10 lowest win rates are drawn.
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
    >>> table = pd.DataFrame({"item": ["new", "old"], "n": 10, "wins": [7, 2], "ties": 1, "losses": [2, 7]})
    >>> table = table.assign(win_rate=[0.75, 0.25], low=[0.55, 0.1], high=[0.9, 0.45])
    >>> print(preference(table, ax=Figure().add_subplot()).get_title(loc="left"))
    “new” wins 75 % of its comparisons, 95 % interval 55 to 90 %
    """
    require_columns(
        table, ("item", "n", "wins", "ties", "losses", "win_rate", "low", "high"), "analysis.preference().table"
    )
    known = table.dropna(subset="win_rate").sort_values("win_rate", ascending=False, kind="stable")
    canvas = Canvas.on(ax, Look(title, note, palette), 1.5 + 0.25 * min(_MOST, len(known)))
    most = rows_that_fit(canvas.ax, _PITCH, _MOST + 1, fewest=5) - 1  # one is for the gap
    shown = known if len(known) <= most else pd.concat([known.head(most // 2), known.tail(most // 2)])
    if shown.empty:
        return canvas.empty("There are no comparisons yet.")
    left = len(known) - len(shown)
    pen = canvas.pen(shown["item"])
    parts = _dots(canvas, shown, left, pen)
    rest = f"; {left:,} in the middle not shown" if left else ""
    values = [f"{item}: {100 * rate:.0f} %" for item, rate in zip(shown["item"], shown["win_rate"], strict=True)]
    axis = f"comparisons won, %, ties as half, with 95 % interval{rest}"
    return canvas.finish("Dot plot of win rates", _finding(known), axis, parts, pen, values=values)


def _dots(canvas: Canvas, shown: pd.DataFrame, left: int, pen: Pen) -> list[Part]:
    """A dot and an interval for each item; a gap in the middle if `left` items are not shown."""
    ax, colours = canvas.ax, canvas.colours
    gap = len(shown) // 2 if left else len(shown)
    y = np.arange(len(shown)) + np.where(np.arange(len(shown)) >= gap, 1, 0)
    rate, low, high = (100 * shown[name].to_numpy(float) for name in ("win_rate", "low", "high"))
    ax.axvline(50, color=colours.ink, linewidth=1, linestyle="--", zorder=1)
    ax.hlines(y, low, high, color=colours.series[0], linewidth=2, alpha=0.7, zorder=2)
    ax.plot(rate, y, "o", color=colours.series[0], markersize=6, zorder=3)
    if left:
        ax.axhline(gap, color=colours.grid, linewidth=0.7, zorder=0.5)
    ax.set_xlim(-2, 102)
    ax.set_ylim(y[-1] + 0.6, -0.6)
    apply_grid(ax, colours, "x")
    counts = [f"{row.wins:,} · {row.ties:,} · {row.losses:,}" for row in shown.itertuples()]
    return [
        RowNames(ax, pen, y.tolist(), [flat(item) for item in shown["item"]], 8.5),
        Column(ax, pen, y.tolist(), counts, colours.ink, "won · tied · lost", colours.faint),
        numbers(ax, pen),
    ]


def _finding(known: pd.DataFrame) -> str:
    best = known.iloc[0]
    interval = "" if np.isnan(best["low"]) else f", 95 % interval {100 * best['low']:.0f} to {100 * best['high']:.0f} %"
    if best["low"] <= 0.5 <= best["high"] and len(known) > 1:
        return f"No item is clearly preferred: {name_of(best['item'])} wins {100 * best['win_rate']:.0f} %{interval}"
    return f"{name_of(best['item'])} wins {100 * best['win_rate']:.0f} % of its comparisons{interval}"
