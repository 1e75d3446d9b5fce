"""Number of answered tasks over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from .layout.pen import Pen
from .layout.ticks import Ticks, numbers
from .style import Canvas, Look, apply_grid
from .time_plot import tasks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

_FEW = 4  # tasks, or moments, too few for a rate
# Fewest and most dates: matplotlib has intervals for every length of time only if the most are twice the fewest.
_TICKS = (3, 7), (2, 6), (2, 5), (1, 4), (1, 3)
_MOMENT = 1.0  # seconds; the answers of one submission may be stored within less


def progress(
    frame: pd.DataFrame,
    *,
    ax: Axes | None = None,
    note: str | None = None,
    title: str | Literal[True] | None = True,
    palette: ColorType | Sequence[ColorType] | None = None,
) -> Axes:
    """Draw the cumulative number of answered tasks.

    Parameters
    ----------
    frame : DataFrame
        Answers with ``created_at, task_id`` and ``submission_id`` or ``participant_id``, as `run.responses()` returns
        them. A task counts from the time at which its last answer was stored, which may be when its submission ended.
    ax, note, title, palette
        As for `prolific_nb.plots.labels`.

    Returns
    -------
    Axes
        Times in UTC.

    Raises
    ------
    ValueError
        A column is missing.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> times = pd.to_datetime(["2026-11-03T09:00Z", "2026-11-03T09:30Z", "2026-11-03T11:00Z"])
    >>> frame = pd.DataFrame({"participant_id": "a", "task_id": [1, 2, 3], "created_at": times})
    >>> print(progress(frame, ax=Figure().add_subplot()).get_title(loc="left"))
    3 tasks answered in 2.0 hours
    """
    times = pd.to_datetime(tasks(frame, "created_at")["created_at"], utc=True).sort_values().dt.tz_localize(None)
    canvas = Canvas.on(ax, Look(title, note, palette))
    ax, colours = canvas.ax, canvas.colours
    if times.empty:
        return canvas.empty("There are no answers yet.")
    ax.step(times.to_numpy(), np.arange(1, len(times) + 1), where="post", color=colours.series[0], linewidth=2)
    # A step needs two times; the dot marks the last one, and shows a single one.
    ax.plot(times.iloc[-1:].to_numpy(), [len(times)], "o", color=colours.series[0], markersize=5, clip_on=False)
    ax.set_ylim(0, 1.06 * len(times))
    apply_grid(ax, colours, "y")
    pen = canvas.pen()
    parts = [_dates(ax, times, pen), numbers(ax, pen, "y", whole=True)]
    day, until = f"{times.iloc[0]:%Y-%m-%d}", f"{times.iloc[-1]:%Y-%m-%d}"
    axis = f"time (UTC), {day if day == until else f'{day} to {until}'}"
    return canvas.finish("Line of answered tasks over time", _pace(times), axis, parts, pen, y="tasks answered")


def _dates(ax: Axes, times: pd.Series, pen: Pen) -> Ticks:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    if times.iloc[-1] - times.iloc[0] < pd.Timedelta(1, "s"):
        around = pd.Timedelta(30, "min")
        ax.set_xlim(times.iloc[0] - around, times.iloc[0] + around)
    formats = ["%Y", "%b %Y", "%d %b", "%H:%M", "%H:%M", "%H:%M:%S"]
    zeros = ["", "%Y", "%d %b", "%d %b", "%H:%M", "%H:%M"]
    choices = []
    for fewest, most in _TICKS:
        locator = AutoDateLocator(minticks=fewest, maxticks=most)  # type: ignore[no-untyped-call]
        shown = ConciseDateFormatter(locator, formats=formats, zero_formats=zeros, show_offset=False)  # type: ignore[no-untyped-call]
        choices.append((locator, shown))
    return Ticks(ax, pen, "x", choices)


def _pace(times: pd.Series) -> str:
    hours = (times - times.iloc[0]).dt.total_seconds().to_numpy() / 3600
    n = len(times)
    if n == 1:
        return "1 task answered so far"
    whole, half = float(hours[-1]), float(hours[(n + 1) // 2 - 1])
    if 3600 * whole < _MOMENT:
        return f"{n:,} tasks answered at once"
    unit, by = ("hours", 1.0) if whole < 48 else ("days", 24.0)
    if whole < 1:
        unit, by = "minutes", 1 / 60
    total = f"{n:,} tasks answered in {whole / by:.1f} {unit}"
    # The first half shows the pace; later tasks wait for the last places to be taken.
    moments = 1 + int((np.diff(hours) * 3600 >= _MOMENT).sum())
    few = moments < _FEW or 3600 * half < _MOMENT
    return total if few else f"{total}, half of them in the first {half / by:.1f} ({_rate(n, half)})"


def _rate(n: int, half: float) -> str:
    """Tasks per hour, or per day where that is few, until half of them were answered."""
    hourly = ((n + 1) // 2) / half
    per, rate = ("an hour", hourly) if hourly >= 1 else ("a day", 24 * hourly)
    return f"{rate:,.0f} {per}" if rate >= 10 else f"{rate:.1f} {per}"
