"""The width of an interval over annotators and rows, with the cheapest design that is precise enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..layout.colours import Palette
from ..layout.fit import Part
from ..layout.pen import Pen
from ..layout.ticks import Ticks
from ..style import Canvas, Look, require_columns
from .beside_points import BesidePoints, Named

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

Floats = npt.NDArray[np.float64]

_LEVELS = (0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.12, 0.15, 0.2, 0.25, 0.3, 0.4)
_APART = 1.22  # least ratio of the half-widths of two neighbouring lines
_COLUMNS = ("annotators", "units", "half_width", "half_width_people", "cost", "extrapolated")


def sample_size(
    table: pd.DataFrame,
    *,
    precision: float = 0.05,
    name: str = "the coefficient",
    people: bool = False,
    planned: tuple[int, int] | None = None,
    ax: Axes | None = None,
    note: str | None = None,
    title: str | Literal[True] | None = True,
    palette: ColorType | Sequence[ColorType] | None = None,
) -> Axes:
    """Draw lines of equal half-width over annotators and rows; the cheapest design on or right of the target is marked.

    Parameters
    ----------
    table : DataFrame
        ``annotators, units, half_width, half_width_people, cost, extrapolated`` as `SampleSize.table`: every number of
        annotators with every number of units. Costs may be missing; then the design with the fewest labels is marked.
    precision : float
        The half-width to reach: a thick line.
    name : str
        What the interval is of.
    people : bool
        Whether to draw the half-width that also covers the choice of people.
    planned : tuple of int, optional
        Annotators and units of a plan, marked with a square.
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
    >>> grid = pd.DataFrame([(m, n) for m in (2, 3, 4) for n in (100, 200, 400)], columns=["annotators", "units"])
    >>> grid["half_width"] = grid["half_width_people"] = 1.8 / (grid["annotators"] * grid["units"] ** 0.5)
    >>> ax = sample_size(grid.assign(cost=None, extrapolated=False), name="α", ax=Figure().add_subplot())
    >>> print(ax.get_title(loc="left"))
    4 annotators on 100 rows give α ± 0.045
    """
    require_columns(table, _COLUMNS, "pnb.sample_size().table")
    canvas = Canvas.on(ax, Look(title, note, palette))
    width = "half_width_people" if people else "half_width"
    known = table[np.isfinite(table[width].astype(float))]
    if known.empty:
        return canvas.empty("There is no design to compare yet.")
    best = _cheapest(known, width, precision)
    pen = canvas.pen([name])
    named = _lines(canvas, known, width, precision)
    marks = _points(canvas, best, planned)
    words = BesidePoints(canvas.ax, pen, named, marks, canvas.colours.faint, canvas.colours.ink)
    parts = [words, *_ticks(canvas.ax, known, pen)]
    cost = "" if known["cost"].isna().any() else " with its cost"
    axis = f"rows; lines: half-width of the 95 % interval, thick: ± {precision:g}{cost}, dot: cheapest"
    axis += "; square: the plan" if planned else ""
    axis += "; dashed: more labels than in the pilot" if known["extrapolated"].any() else ""
    values = _values(known, width, precision)
    finding = _finding(known, best, width, precision, name)
    return canvas.finish("Contour plot of precision", finding, axis, parts, pen, y="annotators", values=values)


def _cheapest(known: pd.DataFrame, width: str, precision: float) -> Any:
    """The row with the lowest cost among those that are precise enough; None if there is none."""
    fits = known[known[width] <= precision * (1 + 1e-9)]
    return None if fits.empty else fits.loc[_price(fits).sort_values(kind="stable").index[0]]


def _price(rows: pd.DataFrame) -> pd.Series:
    """Costs in minor units, or the number of labels where there are none."""
    if rows["cost"].isna().any():
        return rows["annotators"] * rows["units"]
    return rows["cost"].map(lambda cost: cost.minor)


def _crossings(known: pd.DataFrame, width: str, level: float) -> tuple[Floats, Floats]:
    """Where each number of annotators reaches a half-width: units, nan outside of the table, and annotators.

    Between two numbers of units, half-widths follow a power of them, so logarithms are interpolated.
    """
    numbers = np.unique(known["annotators"].to_numpy())
    units = np.full(len(numbers), np.nan)
    for place, m in enumerate(numbers):
        rows = known[known["annotators"] == m].sort_values("units")
        wide, n = np.log(rows[width].to_numpy(float)), np.log(rows["units"].to_numpy(float))
        units[place] = np.exp(np.interp(-np.log(level), -wide, n, left=np.nan, right=np.nan))
    return units, numbers.astype(float)


def _lines(canvas: Canvas, known: pd.DataFrame, width: str, precision: float) -> list[Named]:
    """A line for each half-width, named at its upper end, and the costs along the target."""
    ends, costs = [], []
    for level in _levels(known, width, precision):
        target = level == precision
        units, numbers = _crossings(known, width, level)
        inside = np.flatnonzero(np.isfinite(units))
        if len(inside) < (1 if target else 2):  # a line needs two ends; the target is shown as a dot where it has one
            continue
        _line(canvas.ax, known, units, numbers, canvas.colours, target)
        top = inside[-1]
        ends.append(Named(float(units[top]), float(numbers[top]), f"± {level:g}", True, target))
        if target:
            costs = [Named(n, m, _cost_at(known, m, n), False, False) for n, m in zip(units, numbers, strict=True)]
    _axes(canvas.ax, known, canvas.colours)
    ends.sort(key=lambda each: not each.bold)
    return [*ends, *(each for each in costs if each.word)]


def _cost_at(known: pd.DataFrame, m: float, units: float) -> str:
    """The cost between two designs of the table in whole pounds or dollars, as a string; empty if it is not known."""
    rows = known[known["annotators"] == m].sort_values("units")
    if rows["cost"].isna().any() or np.isnan(units):
        return ""
    minor = np.interp(units, rows["units"].to_numpy(float), [cost.minor for cost in rows["cost"]])
    return f"{minor / 100:,.0f}"


def _levels(known: pd.DataFrame, width: str, precision: float) -> list[float]:
    """The target, and rounded half-widths in the table that are far enough from it and from each other."""
    least, most = float(known[width].min()), float(known[width].max())
    chosen = [precision]
    for level in sorted(_LEVELS, key=lambda each: abs(np.log(each / precision))):
        apart = min(max(level / other, other / level) for other in chosen)
        if least <= level <= most and apart >= _APART:
            chosen.append(level)
    return sorted(chosen)


def _line(ax: Axes, known: pd.DataFrame, units: Floats, numbers: Floats, colours: Palette, target: bool) -> None:
    """Solid up to the most labels of the pilot, dashed from there on."""
    style: dict[str, Any] = {"color": colours.series[0] if target else colours.faint, "linewidth": 2.4 if target else 1}
    if np.isfinite(units).sum() == 1:
        style |= {"marker": ".", "markersize": 6}
    far = known.loc[known["extrapolated"].astype(bool), "annotators"]
    last = int((numbers < far.min()).sum()) if len(far) else len(numbers)
    ax.plot(units[:last], numbers[:last], "-", zorder=2, **style)
    if last < len(numbers):
        ax.plot(units[max(0, last - 1) :], numbers[max(0, last - 1) :], linestyle=(0, (3, 2)), zorder=2, **style)


def _points(canvas: Canvas, best: Any, planned: tuple[int, int] | None) -> list[tuple[float, float]]:
    ax, colours = canvas.ax, canvas.colours
    second = colours.series[1 % len(colours.series)]
    marks = []
    if best is not None:
        marks.append((float(best["units"]), float(best["annotators"])))
        ax.plot([best["units"]], [best["annotators"]], "o", color=second, markersize=9, zorder=4, clip_on=False)
    if planned is not None:
        marks.append((float(planned[1]), float(planned[0])))
        ax.plot([planned[1]], [planned[0]], "s", color=colours.ink, markersize=7, zorder=3, clip_on=False)
        (low, high), (left, right) = ax.get_ylim(), ax.get_xlim()
        ax.set_ylim(min(low, planned[0] - 0.4), max(high, planned[0] + 0.4))
        ax.set_xlim(min(left, planned[1] / 1.1), max(right, planned[1] * 1.1))
    return marks


def _axes(ax: Axes, known: pd.DataFrame, colours: Palette) -> None:
    ax.set_xscale("log")
    units, numbers = known["units"].to_numpy(float), known["annotators"].to_numpy(float)
    ax.set_xlim(units.min() / 1.05, units.max() * 1.05)
    ax.set_ylim(numbers.min() - 0.4, numbers.max() + 0.4)
    ax.grid(axis="both", color=colours.grid, linewidth=0.7)
    ax.set_axisbelow(True)
    for side, spine in ax.spines.items():
        spine.set_visible(side in ("left", "bottom"))


def _ticks(ax: Axes, known: pd.DataFrame, pen: Pen) -> list[Part]:
    from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator

    ax.xaxis.set_minor_locator(NullLocator())
    whole = FuncFormatter(lambda at, _: f"{at:,.0f}")
    subs = ((1.0, 1.5, 2.0, 3.0, 5.0, 7.0), (1.0, 2.0, 3.0, 5.0), (1.0, 2.0, 5.0), (1.0, 3.0), (1.0,))
    numbers = sorted(set(known["annotators"]))
    along = [(LogLocator(subs=each, numticks=20), whole) for each in subs]
    up = [(FixedLocator(numbers[::step]), whole) for step in (1, 2, 3)]
    return [Ticks(ax, pen, "x", along), Ticks(ax, pen, "y", up)]


def _values(known: pd.DataFrame, width: str, precision: float) -> list[str]:
    """Of each number of annotators, the fewest rows in the table that are precise enough."""
    said = []
    for m, rows in known.groupby("annotators"):
        fits = rows[rows[width] <= precision * (1 + 1e-9)].sort_values("units")
        if fits.empty:
            said.append(f"{m} annotators: ± {rows[width].min():.3f} at best")
            continue
        row = fits.iloc[0]
        said.append(f"{m} annotators on {row['units']:,} rows: ± {row[width]:.3f}{_for(row)}")
    return said


def _for(row: Any) -> str:
    return "" if row["cost"] is None or pd.isna(row["cost"]) else f" for {row['cost']:,}"


def _finding(known: pd.DataFrame, best: Any, width: str, precision: float, name: str) -> str:
    if best is None:
        closest = known.iloc[int(known[width].argmin())]
        where = f"{closest['annotators']} annotators on {closest['units']:,} rows"
        return f"No design reaches ± {precision:g}: {where} give {name} ± {closest[width]:.3f}"
    return f"{best['annotators']} annotators on {best['units']:,} rows give {name} ± {best[width]:.3f}{_for(best)}"
