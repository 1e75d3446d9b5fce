"""Confusion of labels as a heat map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .heatmap import heat, ramp
from .style import Canvas, name_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# With more labels than this, only shares above 5 % are written.
_NUMBERED, _MOST = 12, 40


def confusion(table: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw label × label: given the label of the row, the share of other annotators who gave that of the column.

    Parameters
    ----------
    table : DataFrame
        Labels × labels, as returned by `prolific_nb.analysis.label_confusion`; at most 40 labels.
    ax : Axes, optional
        Where to draw; a new figure without it, 6 × 4 inches or taller. Colours follow its background.
    note : str, optional
        Shown below, such as that the people were simulated.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        The table is not square, or has too many labels for a plot.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> table = pd.DataFrame([[8.0, 2.0], [2.0, 4.0]], index=["good", "bad"], columns=["good", "bad"])
    >>> print(confusion(table, ax=Figure().add_subplot()).get_title(loc="left"))
    “bad” is the least certain label: 67 % of others gave it too
    """
    if list(table.index) != list(table.columns):
        raise ValueError("The table is not labels × labels; pass the result of analysis.label_confusion.")
    if len(table) > _MOST:
        raise ValueError(f"{len(table)} labels are too many for a plot; group them into at most {_MOST}.")
    canvas = Canvas.on(ax, note, 2.2 + 0.24 * len(table))
    numbers = table.to_numpy(float)
    given = numbers.sum(axis=1, keepdims=True)
    if given.sum() == 0:
        return canvas.empty("No unit has two labels yet, so nothing can be confused.")
    shares = np.divide(numbers, given, out=np.full_like(numbers, np.nan), where=given > 0)
    least = 0 if len(table) <= _NUMBERED else 0.05
    words = np.array([[f"{100 * x:.0f}" if x > least else "" for x in row] for row in shares], dtype=object)
    heat(canvas.ax, shares, words, list(table.index), canvas.colours, ramp(canvas.colours))
    return canvas.finish(
        _finding(table, shares),
        "label of another annotator of the same unit, % of each row",
        y="label of one annotator",
    )


def _finding(table: pd.DataFrame, shares: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> str:
    own = np.diag(shares)
    apart = np.triu(table.to_numpy(float), 1)
    if apart.sum() == 0:
        return "All labels agree on every unit"
    if len(table) > 2:
        one, other = np.unravel_index(int(apart.argmax()), apart.shape)
        names = f"{name_of(table.index[int(one)])} and {name_of(table.index[int(other)])}"
        share = f"{100 * apart.max() / apart.sum():.0f} % of the disagreement"
        used = len(table) * (len(table) - 1) / 2
        # One of many pairs is always the largest; it is a finding only if it stands out.
        if used > 3 and apart.max() / apart.sum() < max(0.1, 1.5 / used):
            return f"No two labels stand out: even {names} make only {share}"
        return f"{names} make {share}"
    least = int(np.nanargmin(own))
    return f"{name_of(table.index[least])} is the least certain label: {100 * own[least]:.0f} % of others gave it too"
