"""Agreement per question: a dot for each coefficient and a line for its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..common.plurals import counted
from .layout.colours import Palette
from .layout.fit import Part
from .layout.inside import Legend, Within
from .layout.names import escape_mathtext
from .layout.pen import Pen
from .layout.rows import Column, NamesAbove, rows_that_fit
from .layout.ticks import numbers
from .style import MARKERS, Canvas, Look, require_columns

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

_AXIS = "agreement, with 95 % interval (1: complete; for κ and α, 0: as expected by chance)"
_PITCH = 28  # points for each question, at least


def agreement(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
    note: str | None = None,
    title: str | Literal[True] | None = True,
    palette: ColorType | Sequence[ColorType] | None = None,
) -> Axes:
    """Draw coefficients of agreement with their 95 % intervals, grouped by question.

    Parameters
    ----------
    table : DataFrame
        ``question, coefficient, value, low, high``, one row per question and coefficient, as `AgreementReport.table`.
        A value of nan is shown as undefined. The title speaks of the rows where the optional column ``lead`` is True;
        without that column, of the coefficient in the last row.
    ax, note, title, palette
        As for `prolific_nb.plots.labels`. On Axes that are too small for all questions, those with the lowest agreement
        are drawn, and how many there are is said.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        A column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> row = {"question": "Good?", "coefficient": "Fleiss' κ", "value": 0.43, "low": 0.37, "high": 0.5}
    >>> print(agreement(pd.DataFrame([row]), ax=Figure().add_subplot()).get_title(loc="left"))
    Fleiss' κ is 0.43, 95 % interval 0.37 to 0.50
    Good?
    """
    require_columns(table, ("question", "coefficient", "value", "low", "high"), "AgreementReport.table")
    canvas = Canvas.on(ax, Look(title, note, palette), 1.4 + 0.44 * table["question"].nunique())
    # A single question needs no groups: each coefficient is labelled directly instead of in a legend.
    by = "question" if table["question"].nunique() > 1 else "coefficient"
    most = rows_that_fit(canvas.ax, _PITCH, len(table), fewest=2) if by == "question" else len(table)
    shown = _lowest(table, most)
    pen = canvas.pen([*table["question"], *table["coefficient"]])
    finding, about = _finding(table)
    left = table["question"].nunique() - shown["question"].nunique()
    axis = f"{_AXIS}; not shown: {counted(left, 'question')} with higher agreement" if left else _AXIS
    rows = zip(shown["question"], shown["coefficient"], shown["value"], strict=True)
    values = [f"{question}, {coefficient}: {_number(value)}" for question, coefficient, value in rows]
    parts = _draw(canvas, shown, by, pen)
    return canvas.finish("Dot plot of agreement", finding, axis, parts, pen, about=about, values=values)


def _leading(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the coefficient that the title speaks of."""
    last = table["coefficient"] == table["coefficient"].iloc[-1]
    return table[table["lead"] if "lead" in table and table["lead"].any() else last]


def _lowest(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """Rows of the questions with the lowest agreement, in their order."""
    if table["question"].nunique() <= most:
        return table
    ranked = _leading(table).sort_values("value", kind="stable")["question"]
    kept = list(dict.fromkeys([*ranked, *table["question"]]))[:most]
    return table[table["question"].isin(kept)]


def _number(value: float) -> str:
    return "undefined" if np.isnan(value) else f"{value:.2f}"


def _draw(canvas: Canvas, table: pd.DataFrame, by: str, pen: Pen) -> list[Part]:
    ax, colours = canvas.ax, canvas.colours
    groups = list(dict.fromkeys(table[by]))
    coefficients = list(dict.fromkeys(table["coefficient"]))
    y = _places(table, by, groups, coefficients)
    _background(ax, table, len(groups), colours)
    for place, name in enumerate(coefficients):
        rows = (table["coefficient"] == name).to_numpy()
        _series(ax, table[rows], y[rows], name, place, colours)
    parts: list[Part] = [NamesAbove(ax, pen, groups, colours.paper), numbers(ax, pen)]
    parts += _numbers(ax, table, y, by, pen, colours)
    return [*parts, Legend(ax, pen, coefficients, colours.ink)] if by == "question" else parts


def _places(table: pd.DataFrame, by: str, groups: list[str], coefficients: list[str]) -> npt.NDArray[np.float64]:
    """Where each row is drawn. A group is 1 high and centred on its number: its name on top, its dots below."""
    group = np.array([groups.index(name) for name in table[by]], dtype=float)
    if by == "coefficient":
        return group + 0.12
    turn = np.array([coefficients.index(name) for name in table["coefficient"]], dtype=float)
    return group + 0.4 * turn / max(len(coefficients) - 1, 1)


def _background(ax: Axes, table: pd.DataFrame, n_groups: int, colours: Palette) -> None:
    """Scale from 0, or the lowest value below it, to 1, and lines between groups."""
    lowest = min(0.0, float(np.nanmin(table[["value", "low"]].to_numpy(float), initial=0.0)))
    margin = 0.02 * (1 - lowest)
    ax.set_xlim(lowest - margin, 1 + margin)
    ax.set_ylim(max(n_groups, 1) - 0.42, -0.5)  # the last dot stays clear of the axis
    ax.grid(axis="x", color=colours.grid, linewidth=0.7)
    ax.set_axisbelow(True)
    if lowest < 0:
        ax.axvline(0, color=colours.faint, linewidth=1, zorder=0.4)
    for border in range(1, n_groups):
        ax.axhline(border - 0.5, color=colours.grid, linewidth=0.7, zorder=0.5)
    for side, spine in ax.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(colours.faint)


def _series(ax: Axes, rows: pd.DataFrame, y: npt.NDArray[np.float64], name: str, place: int, colours: Palette) -> None:
    """One coefficient over all questions; distinguished by colour and by shape."""
    colour = colours.series[place % len(colours.series)]
    value, low, high = (rows[column].to_numpy(float) for column in ("value", "low", "high"))
    ax.hlines(y, low, high, color=colour, linewidth=2, alpha=0.75, zorder=2)
    marker = MARKERS[place % len(MARKERS)]
    ax.plot(value, y, marker, color=colour, markersize=5.5, label=escape_mathtext(name), zorder=3)


def _numbers(
    ax: Axes, table: pd.DataFrame, y: npt.NDArray[np.float64], by: str, pen: Pen, colours: Palette
) -> list[Part]:
    """Values at the right, and undefined coefficients once per group."""
    undefined = table["value"].isna().to_numpy()
    known = table["value"].to_numpy(float)[~undefined]
    column = Column(
        ax, pen, y[~undefined].tolist(), [f"{number:.2f}" for number in known], colours.ink, all_or_none=True
    )
    parts: list[Part] = [column] if len(known) else []
    for _, rows in table.assign(y=y)[undefined].groupby(by, sort=False, observed=True):
        names = f"{', '.join(rows['coefficient'])}: undefined" if by == "question" else "undefined"
        parts.append(Within(ax, pen, names, rows["y"].mean(), colours.faint))
    return parts


def _finding(table: pd.DataFrame) -> tuple[str, str]:
    """The result by the leading coefficient, and the question that it is about."""
    if table.empty:
        return "No question could be scored", ""
    leading = _leading(table)
    rows, name = leading[leading["value"].notna()], str(leading["coefficient"].iloc[0])
    if rows.empty:
        return f"{name} is undefined", str(table["question"].iloc[0]) if table["question"].nunique() == 1 else ""
    values, lowest = rows["value"].to_numpy(float), int(rows["value"].to_numpy(float).argmin())
    low, high = float(rows["low"].iloc[lowest]), float(rows["high"].iloc[lowest])
    about = str(rows["question"].iloc[lowest])
    if len(rows) > 1:
        return f"{name} ranges from {values.min():.2f} to {values.max():.2f}", f"lowest: {about}"
    interval = f", 95 % interval {low:.2f} to {high:.2f}" if low <= 1 else ""
    return f"{name} is {values[0]:.2f}{interval}", about
