"""The agreement of several rehearsals, each with its interval, in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ...common.plurals import counted
from ..layout.ticks import numbers
from ..style import Canvas, Look, apply_grid, require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

MANY = 20
"""Rehearsals of which a tenth lie outside the quantiles 5 and 95 %; of fewer it would be two in any case."""
_COLUMNS = ("value", "low", "high")


def rehearsals(
    table: pd.DataFrame,
    *,
    name: str = "agreement",
    ax: Axes | None = None,
    note: str | None = None,
    title: str | Literal[True] | None = True,
    palette: ColorType | Sequence[ColorType] | None = None,
) -> Axes:
    """Draw the agreement of each rehearsal with its 95 % interval, the lowest first.

    The points show how much the coefficient varies from one group of simulated people to the next; each line what one
    study alone would say about that.

    Parameters
    ----------
    table : DataFrame
        ``value, low, high``, one row per rehearsal.
    name : str
        Of the coefficient.
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
    >>> table = pd.DataFrame({"value": [0.7, 0.6], "low": [0.6, 0.5], "high": [0.8, 0.7]})
    >>> print(rehearsals(table, name="α", ax=Figure().add_subplot()).get_title(loc="left"))
    Simulated people: α 0.60 to 0.70 in 2 rehearsals
    """
    require_columns(table, _COLUMNS, "pnb.rehearse(..., times=50).plot()")
    known = table.dropna(subset=["value"]).sort_values("value", kind="stable")
    canvas = Canvas.on(ax, Look(title, note, palette))
    if known.empty:
        return canvas.empty("No rehearsal has a score: two answers to several tasks are needed.")
    places = np.arange(1, len(known) + 1)
    value, low, high = (known[column].to_numpy(float) for column in _COLUMNS)
    canvas.ax.vlines(places, low, high, color=canvas.colours.series[0], alpha=0.4, linewidth=1.5, zorder=2)
    canvas.ax.plot(places, value, "o", color=canvas.colours.series[0], markersize=4, zorder=3)
    canvas.ax.set_xlim(0, len(known) + 1)
    apply_grid(canvas.ax, canvas.colours, "y")
    pen = canvas.pen()
    ends, among = ((0.05, 0.95), "nine of ten of ") if len(known) >= MANY else ((0.0, 1.0), "")
    least, most = (float(np.quantile(value, share)) for share in ends)
    finding = f"Simulated people: {name} {least:.2f} to {most:.2f} in {among}{counted(len(known), 'rehearsal')}"
    parts = [numbers(canvas.ax, pen, whole=True), numbers(canvas.ax, pen, "y")]
    axis = "rehearsals, in order; lines: 95 % interval of each"
    return canvas.finish("Agreement of rehearsals", finding, axis, parts, pen, y=name, values=[finding])
