"""Win rates of items."""

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
    wrap_text,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST = 20


def preference(table: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw the win rate of each item with its interval, and a line at one half.

    Parameters
    ----------
    table : DataFrame
        ``item, n, wins, ties, losses, win_rate, low, high`` as `prolific_nb.analysis.Preference.table`; of more than
        20 items the 10 highest and the 10 lowest win rates are drawn.
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
    >>> table = pd.DataFrame({"item": ["new", "old"], "n": 10, "wins": [7, 2], "ties": 1, "losses": [2, 7]})
    >>> table = table.assign(win_rate=[0.75, 0.25], low=[0.55, 0.1], high=[0.9, 0.45])
    >>> print(preference(table, ax=Figure().add_subplot()).get_title(loc="left"))
    “new” wins 75 % of its comparisons, 95 % interval 55 to 90 %
    """
    require_columns(
        table, ("item", "n", "wins", "ties", "losses", "win_rate", "low", "high"), "analysis.preference().table"
    )
    known = table.dropna(subset="win_rate").sort_values("win_rate", ascending=False, kind="stable")
    shown = known if len(known) <= _MOST else pd.concat([known.head(_MOST // 2), known.tail(_MOST // 2)])
    canvas = Canvas.on(ax, note, 1.5 + 0.25 * len(shown))
    if shown.empty:
        return canvas.empty("There are no comparisons yet.")
    left = len(known) - len(shown)
    _dots(canvas.ax, shown, left, canvas.colours)
    rest = f"; {left:,} in the middle not shown" if left else ""
    return canvas.finish(_finding(known), f"comparisons won, %, ties as half, with 95 % interval{rest}")


def _dots(ax: Axes, shown: pd.DataFrame, left: int, colours: Palette) -> None:
    """A dot and an interval for each item; a gap in the middle if `left` items are not shown."""
    gap = len(shown) // 2 if left else len(shown)
    y = np.arange(len(shown)) + np.where(np.arange(len(shown)) >= gap, 1, 0)
    rate, low, high = (100 * shown[name].to_numpy(float) for name in ("win_rate", "low", "high"))
    ax.axvline(50, color=colours.ink, linewidth=1, linestyle="--", zorder=1)
    ax.hlines(y, low, high, color=colours.series[0], linewidth=2, alpha=0.7, zorder=2)
    ax.plot(rate, y, "o", color=colours.series[0], markersize=6, zorder=3)
    beside = ax.get_yaxis_transform()
    for place, row in zip(y, shown.itertuples(), strict=True):
        words = f"{row.wins:,} · {row.ties:,} · {row.losses:,}"
        ax.text(1.01, place, words, transform=beside, va="center", fontsize=8.5, color=colours.ink)
    lines = [wrap_text(name, 22, 2) for name in shown["item"]]
    roomy = len(shown) <= 8 and len(set(lines)) == len(lines)
    ax.set_yticks(y, lines if roomy else shorten_names(shown["item"], 22))
    if left:
        ax.axhline(gap, color=colours.grid, linewidth=0.7, zorder=0.5)
    column_heading(ax, colours, "won · tied · lost", int(y[-1]) + 1)
    ax.set_xlim(-2, 102)
    apply_grid(ax, colours, "x")


def _finding(known: pd.DataFrame) -> str:
    best = known.iloc[0]
    interval = "" if np.isnan(best["low"]) else f", 95 % interval {100 * best['low']:.0f} to {100 * best['high']:.0f} %"
    if best["low"] <= 0.5 <= best["high"] and len(known) > 1:
        return f"No item is clearly preferred: {name_of(best['item'])} wins {100 * best['win_rate']:.0f} %{interval}"
    return f"{name_of(best['item'])} wins {100 * best['win_rate']:.0f} % of its comparisons{interval}"
