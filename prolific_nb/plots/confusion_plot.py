"""Confusion of labels as a heat map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..errors import ArgumentError
from .layout.heatmap import Floats, cells_that_fit, grid, heat, ramp
from .layout.names import name_of
from .style import Canvas, Look, require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

Ints = npt.NDArray[np.int64]

# With more labels than the first, only shares above 1 % are written; of more than the second, the worst are drawn.
_NUMBERED, _MOST = 12, 16


def confusion(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    note: str | None = None,
    title: str | Literal[True] | None = True,
    palette: ColorType | Sequence[ColorType] | None = None,
) -> Axes:
    """Draw label × label: given the label of the row, the share of other annotators who gave that of the column.

    Of more than 16 labels, those with the most disagreement are drawn, and how much of it is left out is said.

    Parameters
    ----------
    table : DataFrame
        Labels × labels, as returned by `prolific_nb.analysis.label_confusion`.
    ax, note, title, palette
        As for `prolific_nb.plots.labels`. On small Axes, fewer labels are drawn.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        The table is not square.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> table = pd.DataFrame([[8.0, 2.0], [2.0, 4.0]], index=["good", "bad"], columns=["good", "bad"])
    >>> print(confusion(table, ax=Figure().add_subplot()).get_title(loc="left"))
    “bad” is the least certain label: 67 % of others gave it too
    """
    require_columns(table, (), "analysis.label_confusion")
    if list(table.index) != list(table.columns):
        raise ArgumentError("The table is not labels × labels; pass the result of analysis.label_confusion.")
    canvas = Canvas.on(ax, Look(title, note, palette), 2.2 + 0.24 * min(len(table), _MOST))
    numbers = table.to_numpy(float)
    given = numbers.sum(axis=1, keepdims=True)
    if given.sum() == 0:
        return canvas.empty("No unit has two labels yet, so nothing can be confused.")
    shares = np.divide(numbers, given, out=np.full_like(numbers, np.nan), where=given > 0)
    shown = _worst(numbers, cells_that_fit(canvas.ax, _MOST))
    drawn = shares[np.ix_(shown, shown)]
    least = 0 if len(shown) <= _NUMBERED else 0.01
    words = np.array([[f"{100 * x:.0f}" if x > least else "" for x in row] for row in drawn], dtype=object)
    names = [str(name) for name in table.index[shown]]
    pen = canvas.pen(names)
    parts = [*grid(canvas.ax, names, canvas.colours, pen), heat(canvas.ax, drawn, [words], ramp(canvas.colours), pen)]
    axis = f"label of another annotator of the same unit, % of each row{_left_out(numbers, shown)}"
    return canvas.finish("Heat map of labels", _finding(table, shares), axis, parts, pen, y="label of one annotator")


def _worst(numbers: Floats, most: int) -> Ints:
    """Places of the labels to draw, in their order: all, or those with the most disagreement among them.

    The label with the least disagreement with the labels that are still there is left out, one after the other; the
    two that are confused most often stay, since the title names them.
    """
    apart = numbers + numbers.T
    np.fill_diagonal(apart, 0)
    kept, worst = np.arange(len(numbers)), np.unravel_index(int(apart.argmax()), apart.shape)
    while len(kept) > most:
        among = apart[np.ix_(kept, kept)].sum(axis=1)
        among[np.isin(kept, worst)] = np.inf
        kept = np.delete(kept, int(among.argmin()))
    return kept


def _left_out(numbers: Floats, shown: Ints) -> str:
    if len(shown) == len(numbers):
        return ""
    apart = numbers.sum() - np.trace(numbers)
    drawn = numbers[np.ix_(shown, shown)]
    share = (drawn.sum() - np.trace(drawn)) / apart if apart else 0.0
    return f"; the {len(shown)} of {len(numbers)} labels with the most disagreement, {100 * share:.0f} % of all"


def _finding(table: pd.DataFrame, shares: Floats) -> str:
    own = np.diag(shares)
    apart = np.triu(table.to_numpy(float), 1)
    if apart.sum() == 0:
        return "All labels agree on every unit"
    if len(table) > 2:
        one, other = np.unravel_index(int(apart.argmax()), apart.shape)
        names = " and ".join(name_of(table.index[int(each)], among=table.index) for each in (one, other))
        most = 100 * apart.max() / apart.sum()
        share = f"{most:.{0 if most >= 1 else 1}f} % of the disagreement"
        used = len(table) * (len(table) - 1) / 2
        # One of many pairs is always the largest; it is a finding only if it stands out.
        if used > 3 and apart.max() / apart.sum() < max(0.1, 1.5 / used):
            return f"No two labels stand out: even {names} make only {share}"
        return f"{names} make {share}"
    least = int(np.nanargmin(own))
    name = name_of(table.index[least], among=table.index)
    return f"{name} is the least certain label: {100 * own[least]:.0f} % of others gave it too"
