"""Units by agreement of their labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from .layout.fit import Part
from .layout.inside import AboveBars
from .layout.names import cut_names, flat, name_of
from .layout.pen import Pen
from .layout.rows import Column, RowNames, rows_that_fit
from .layout.ticks import Ticks, numbers
from .style import Canvas, Look, apply_grid, require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

_NAMED = 20
_PITCH = 6.5  # points from unit to unit, at least
_LABEL = re.compile(r"(.+?)( ×\d+(?:, |$))")


def disagreement(
    units: pd.DataFrame,
    *,
    ax: Axes | None = None,
    note: str | None = None,
    title: str | Literal[True] | None = True,
    palette: ColorType | Sequence[ColorType] | None = None,
) -> Axes:
    """Draw the agreement on each unit, lowest first; for more than 20 units, the distribution of agreement.

    Parameters
    ----------
    units : DataFrame
        ``unit, agreement, labels`` as returned by `prolific_nb.analysis.unit_disagreement`. Units are named by the
        column ``text`` if there is one, as in ``report.units``.
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
    >>> units = pd.DataFrame({"unit": [2, 1], "agreement": [1 / 3, 1.0], "labels": ["y ×2, x ×1", "x ×2"]})
    >>> print(disagreement(units, ax=Figure().add_subplot()).get_title(loc="left"))
    Annotators disagree on 1 of 2 units, most on “2” (y ×2, x ×1)
    """
    require_columns(units, ("unit", "agreement", "labels"), "analysis.unit_disagreement")
    named = units.assign(unit=units["text"]) if "text" in units.columns else units
    units = named.dropna(subset="agreement").sort_values("agreement", kind="stable")
    canvas = Canvas.on(ax, Look(title, note, palette), 1.4 + 0.22 * len(units) if len(units) <= _NAMED else None)
    if units.empty:
        return canvas.empty("No unit has two labels yet.")
    each = len(units) <= rows_that_fit(canvas.ax, _PITCH, _NAMED)
    rows = units.head(_NAMED)
    names, given = [flat(unit) for unit in rows["unit"]], [flat(labels) for labels in rows["labels"]]
    pen = canvas.pen([*names, *given])
    parts = _each(canvas, units, names, given, pen) if each else _spread(canvas, units, pen)
    kind = "Dot plot of the agreement on units" if each else "Histogram of the agreement on units"
    shares = 100 * rows["agreement"].to_numpy(float)
    values = [f"{one}: {share:.0f} % ({labels})" for one, share, labels in zip(names, shares, given, strict=True)]
    axis = "agreeing pairs of labels, % of a unit's pairs"
    return canvas.finish(kind, _finding(units), axis, parts, pen, y="" if each else "units", values=values)


def _each(canvas: Canvas, units: pd.DataFrame, names: list[str], given: list[str], pen: Pen) -> list[Part]:
    """A dot per unit, with its labels beside it."""
    ax, colours = canvas.ax, canvas.colours
    y, share = np.arange(len(units)), 100 * units["agreement"].to_numpy(float)
    ax.hlines(y, 0, share, color=colours.grid, linewidth=1.5, zorder=1)
    ax.plot(share, y, "o", color=colours.series[0], markersize=min(5.5, 60 / len(units)), zorder=3)
    ax.set_xlim(-2, 104)
    ax.set_ylim(len(units) - 0.4, -0.6)
    apply_grid(ax, colours, "x")
    return [
        RowNames(ax, pen, y.tolist(), names, 8.5, 0.3),
        Column(ax, pen, y.tolist(), given, colours.ink, shorten=_short, share=0.36),
        numbers(ax, pen),
    ]


def _short(labels: str, width: int) -> str:
    """Labels as a string; names are shortened if it is too long, so that all counts stay visible."""
    found = _LABEL.findall(labels)
    if len(labels) <= width or "".join(name + times for name, times in found) != labels:
        return labels
    first = found[: max(1, width // 9)]
    room = max(4, width // len(first) - 5)
    names = cut_names([name for name, _ in first], room)
    cut = "".join(name + times for name, (_, times) in zip(names, first, strict=True))
    return cut if len(first) == len(found) else f"{cut}{len(found) - len(first)} more"


def _spread(canvas: Canvas, units: pd.DataFrame, pen: Pen) -> list[Part]:
    """Number of units by agreement: a bar per value if values are far enough apart, else per tenth."""
    ax, colours = canvas.ax, canvas.colours
    share = 100 * units["agreement"].to_numpy(float).round(6)
    values, often = np.unique(share, return_counts=True)
    width, below = 8.0, numbers(ax, pen)
    if np.diff(values).min(initial=100) < 1.1 * width:
        # Complete agreement has its own bar, apart from nearly complete agreement.
        often, edges = np.histogram(share, bins=np.linspace(0, 110, 12))
        values, width = edges[:-1] + 5, 9.2
        below = _tenths(ax, pen)
    ax.bar(values, often, width=width, color=colours.series[0], zorder=2)
    texts = [
        ax.text(at, number, f"{number:,}", ha="center", va="bottom", color=colours.ink, zorder=3)
        for at, number in zip(values, often, strict=True)
        if number
    ]
    ax.set_xlim(min(-6, values.min() - 6), max(106, values.max() + 6))
    ax.set_ylim(0, 1.15 * often.max())
    apply_grid(ax, colours, "y")
    return [AboveBars(ax, pen, texts), below, numbers(ax, pen, "y", whole=True)]


def _tenths(ax: Axes, pen: Pen) -> Ticks:
    """The bars of tenths begin at 0, 10, … 90; that of complete agreement is beyond."""
    from matplotlib.ticker import FixedFormatter, FixedLocator

    choices = [([*range(0, 100, step), 105], [*map(str, range(0, 100, step)), "100"]) for step in (20, 50)]
    return Ticks(ax, pen, "x", [(FixedLocator(places), FixedFormatter(words)) for places, words in choices])


def _finding(units: pd.DataFrame) -> str:
    apart = int((units["agreement"] < 1).sum())
    if not apart:
        return f"All annotators agree on {'the unit' if len(units) == 1 else f'all {len(units):,} units'}"
    worst, tied = units.iloc[0], int((units["agreement"] == units["agreement"].iloc[0]).sum()) - 1
    labels = name_of(_short(str(worst["labels"]), 56), 60)[1:-1]
    if len(units) == 1:
        return f"Annotators disagree on {name_of(worst['unit'])} ({labels})"
    most = f"most on {name_of(worst['unit'])}"
    if tied:  # their order is arbitrary
        most += f" and {tied:,} {'other' if tied == 1 else 'others'} as much"
    return f"Annotators disagree on {apart:,} of {len(units):,} units, {most} ({labels})"
