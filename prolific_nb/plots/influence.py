"""What a coefficient would be without each annotator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .style import Palette, begun, fold, name_of, need, nothing, ruled, told

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST = 15


def influence(table: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw the coefficient without each of the 15 annotators who change it most, and a line where it is with all.

    Parameters
    ----------
    table : DataFrame
        ``annotator, n_ratings, without, low, high, change`` as `prolific_nb.analysis.influence` gives it.
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
    Without “d” it would be 0.90 instead of 0.50, the largest change
    """
    need(table, ("annotator", "n_ratings", "without", "low", "high", "change"), "analysis.influence")
    known = table.dropna(subset="without")
    shown = known.reindex(known["change"].abs().sort_values(ascending=False, kind="stable").index).head(_MOST)
    ax, colours = begun(ax, 1.5 + 0.24 * len(shown))
    if shown.empty:
        return nothing(ax, colours, "The coefficient is undefined without any of the annotators.", note)
    _dots(ax, shown, colours)
    left = len(table) - len(shown)
    rest = f"; {left:,} who change it less are not shown" if left else ""
    axis = f"coefficient without this annotator, with 95 % interval; dashed: with all{rest}"
    told(ax, colours, _finding(shown), axis, note)
    return ax


def _dots(ax: Axes, shown: pd.DataFrame, colours: Palette) -> None:
    y = np.arange(len(shown))
    value, low, high = (shown[name].to_numpy(float) for name in ("without", "low", "high"))
    ax.hlines(y, low, high, color=colours.series[0], linewidth=2, alpha=0.7, zorder=2)
    ax.plot(value, y, "o", color=colours.series[0], markersize=5.5, zorder=3)
    ax.axvline(_with_all(shown), color=colours.ink, linewidth=1, linestyle="--", zorder=1)
    for place, (at, change) in enumerate(zip(value, shown["change"], strict=True)):
        ax.text(1.01, place, f"{change:+.2f}".replace("-", "−"), transform=ax.get_yaxis_transform(), va="center",
                fontsize=8, color=colours.ink) if np.isfinite(at) else None  # fmt: skip
    names = [f"{fold(name, 20, 1)} ({n:,})" for name, n in zip(shown["annotator"], shown["n_ratings"], strict=True)]
    ax.set_yticks(y, names)
    ax.set_ylim(len(shown) - 0.4, -0.6)
    ruled(ax, colours, "x")


def _with_all(shown: pd.DataFrame) -> float:
    return float(shown["without"].iloc[0] - shown["change"].iloc[0])


def _finding(shown: pd.DataFrame) -> str:
    first = shown.iloc[0]
    if abs(first["change"]) < 0.005:
        return f"Nobody alone changes the coefficient ({_with_all(shown):.2f})"
    moved = (
        f"Without {name_of(first['annotator'])} it would be {first['without']:.2f} instead of {_with_all(shown):.2f}"
    )
    return moved + (", the largest change" if len(shown) > 1 else "")
