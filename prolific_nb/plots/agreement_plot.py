"""Agreement per question: a dot for each coefficient and a line for its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .style import MARKERS, Canvas, Palette, escape_mathtext, require_columns, room, wrap_text

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes

_AXIS = "agreement, with 95 % interval (1: complete; for κ and α, 0: as expected by chance)"
# With more rows than this, numbers beside the dots would overlap at 4 inches.
_NUMBERED = 12


def agreement(table: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw coefficients of agreement with their 95 % intervals, grouped by question.

    Parameters
    ----------
    table : DataFrame
        ``question, coefficient, value, low, high``, one row per question and coefficient, as `AgreementReport.table`.
        A value of nan is shown as undefined. The title speaks of the rows where the optional column ``lead`` is True;
        without that column, of the coefficient in the last row.
    ax : Axes, optional
        Where to draw; a new figure without it, 6 × 4 inches, taller from 9 questions on.
        Colours follow its background, light or dark.
    note : str, optional
        Shown below, such as that the people were simulated.

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
    canvas = Canvas.on(ax, note, 1.2 + 0.35 * table["question"].nunique())
    ax, colours = canvas.ax, canvas.colours
    # A single question needs no groups: each coefficient is labelled directly instead of in a legend.
    by = "question" if table["question"].nunique() > 1 else "coefficient"
    groups = list(dict.fromkeys(table[by]))
    coefficients = list(dict.fromkeys(table["coefficient"]))
    y = _places(table, by, groups, coefficients)
    _background(ax, table, len(groups), colours)
    for place, name in enumerate(coefficients):
        rows = (table["coefficient"] == name).to_numpy()
        _series(ax, table[rows], y[rows], name, place, colours)
    _numbers(ax, table, y, by, colours)
    _words(ax, table, groups, by, note, colours)
    return ax


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


def _numbers(ax: Axes, table: pd.DataFrame, y: npt.NDArray[np.float64], by: str, colours: Palette) -> None:
    """Values at the right if there is room, and undefined coefficients once per group."""
    beside = ax.get_yaxis_transform()
    undefined = table["value"].isna().to_numpy()
    for _, rows in table.assign(y=y)[undefined].groupby(by, sort=False, observed=True):
        names = f"{', '.join(rows['coefficient'])}: undefined" if by == "question" else "undefined"
        ax.text(0.5, rows["y"].mean(), escape_mathtext(names), transform=beside, ha="center", va="center",
                color=colours.faint, fontsize=8, zorder=4)  # fmt: skip
    if len(table) > _NUMBERED:
        return
    for number, place in zip(table["value"].to_numpy(float)[~undefined], y[~undefined], strict=True):
        ax.text(1.01, place, f"{number:.2f}", transform=beside, va="center", color=colours.ink, fontsize=8.5)


def _words(ax: Axes, table: pd.DataFrame, groups: list[str], by: str, note: str | None, colours: Palette) -> None:
    """Title with the finding, names of the groups, legend, label of the axis."""
    names = [wrap_text(group, room(ax, 76), 1) for group in groups]
    ax.set_yticks([place - 0.32 for place in range(len(groups))], names)
    ax.tick_params(axis="both", colors=colours.ink, length=0, labelsize=9 if len(groups) <= 5 else 8)
    # Inside, above its dots, a long question has the whole width.
    ax.tick_params(axis="y", pad=-2)
    for label in ax.get_yticklabels():
        label.set_horizontalalignment("left")
        label.set_bbox({"facecolor": colours.paper, "edgecolor": "none", "pad": 0.5})  # no grid behind words
    if by == "question":
        ax.legend(
            loc="lower left",
            bbox_to_anchor=(0, 1),
            ncols=table["coefficient"].nunique(),
            frameon=False,
            labelcolor=colours.ink,
            fontsize=8.5,
            handletextpad=0.1,
            borderaxespad=0,
        )
    title, about = _finding(table)
    title = "\n".join([wrap_text(title, room(ax, 70), 2), wrap_text(about, room(ax, 70), 1)] if about else [title])
    ax.set_title(title, loc="left", color=colours.ink, fontsize=10, pad=24 if by == "question" else 8)
    below = "\n".join(wrap_text(words, room(ax, 95), 3) for words in (_AXIS, note) if words)
    ax.set_xlabel(below, loc="left", color=colours.ink, fontsize=8.5)


def _finding(table: pd.DataFrame) -> tuple[str, str]:
    """The result by the leading coefficient, and the question that it is about."""
    if table.empty:
        return "No question could be scored", ""
    last = table["coefficient"] == table["coefficient"].iloc[-1]
    leading = table[table["lead"] if "lead" in table and table["lead"].any() else last]
    rows, name = leading[leading["value"].notna()], escape_mathtext(leading["coefficient"].iloc[0])
    if rows.empty:
        return f"{name} is undefined", str(table["question"].iloc[0]) if table["question"].nunique() == 1 else ""
    values, lowest = rows["value"].to_numpy(float), int(rows["value"].to_numpy(float).argmin())
    low, high = float(rows["low"].iloc[lowest]), float(rows["high"].iloc[lowest])
    about = str(rows["question"].iloc[lowest])
    if len(rows) > 1:
        return f"{name} ranges from {values.min():.2f} to {values.max():.2f}", f"lowest: {about}"
    interval = f", 95 % interval {low:.2f} to {high:.2f}" if low <= 1 else ""
    return f"{name} is {values[0]:.2f}{interval}", about
