"""Time per task."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from .style import Canvas, Palette, apply_grid, require_columns, whole_numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# If a task takes more than this many times the median, a linear axis would squeeze most tasks together.
_SKEWED = 6
# Columns that identify a submission, the best first.
_WHO = "submission_id", "participant_id"
_MINUTES = 120  # from this many seconds on, times are shown in minutes


def time_per_task(frame: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw a histogram of the time per task; each task of a submission counts once, however many questions it has.

    Parameters
    ----------
    frame : DataFrame
        Answers with ``task_id, seconds`` and ``submission_id`` or ``participant_id``, as `run.responses()` returns
        them.
    ax, note
        As for `prolific_nb.plots.confusion`.

    Returns
    -------
    Axes
        In seconds, or in minutes if the median is at least two minutes, with a logarithmic axis if some tasks took
        more than 6 times the median.

    Raises
    ------
    ValueError
        A column is missing.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> frame = pd.DataFrame({"submission_id": "s", "task_id": [1, 2, 3], "seconds": [8.0, 12.0, 30.0]})
    >>> print(time_per_task(frame, ax=Figure().add_subplot()).get_title(loc="left"))
    Half of the 3 tasks took 12 seconds or less
    """
    seconds = tasks(frame, "seconds")["seconds"].astype("Float64").astype(float).to_numpy()
    seconds = seconds[seconds >= 0]
    canvas = Canvas.on(ax, note)
    if not len(seconds):
        return canvas.empty("There are no times of tasks yet.")
    middle = float(np.median(seconds))
    unit, by = ("minutes", 60) if middle >= _MINUTES else ("seconds", 1)
    skewed = _bars(canvas.ax, seconds / by, middle / by, canvas.colours)
    if len(seconds) == 1:
        finding = f"The only task took {_long(middle)}"
    else:
        finding = f"Half of the {len(seconds):,} tasks took {_long(middle)} or less"
    return canvas.finish(finding, f"{unit} per task{', logarithmic' if skewed else ''}", y="tasks")


def tasks(frame: pd.DataFrame, value: str) -> pd.DataFrame:
    """One row per task of a submission, with the largest value of its answers."""
    who = next((name for name in _WHO if name in frame.columns), _WHO[0])
    require_columns(frame, (who, "task_id", value), "run.responses()")
    known = frame[[who, "task_id", value]].dropna()
    return known.groupby([who, "task_id"], observed=True, sort=False)[[value]].max().reset_index()


def _bars(ax: Axes, times: npt.NDArray[np.float64], middle: float, colours: Palette) -> bool:
    """Draw bars and the median; return whether the axis is logarithmic."""
    from matplotlib.ticker import LogLocator, NullFormatter

    skewed = bool(times.max() > _SKEWED * middle)
    # A logarithmic axis has no 0: shorter times are drawn at a thousandth of the median.
    lowest = max(times.min(), (middle or times.max()) / 1000) if skewed else 0.0
    top = float(times.max()) or 1.0
    edges = np.geomspace(lowest, 1.0001 * top, 25) if skewed else np.linspace(0, top, 25)
    often, _, _ = ax.hist(np.maximum(times, lowest), bins=edges.tolist(), color=colours.series[0],
                          edgecolor=colours.paper, linewidth=0.5, zorder=2)  # fmt: skip
    if skewed:
        ax.set_xscale("log")
        ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if top < 10_000 * lowest else (1,)))
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.xaxis.set_major_formatter(lambda x, _: f"{x:,g}")
    ax.set_xlim(edges[0] if skewed else 0, 1.06 * top)
    ax.set_ylim(0, 1.14 * float(np.max(often)))  # room for the word above the bars
    if len(times) > 1:
        middle = max(middle, lowest)
        ax.axvline(middle, color=colours.series[1], linewidth=1.5, zorder=3)
        ax.annotate("median", (middle, 0.99), (4, 0), ax.get_xaxis_transform(), "offset points", va="top",
                    fontsize=8.5, color=colours.ink)  # fmt: skip
    apply_grid(ax, colours, "y")
    whole_numbers(ax)
    return skewed


def _long(seconds: float) -> str:
    if seconds < _MINUTES:
        return f"{seconds:.0f} seconds" if seconds >= 10 else f"{seconds:.1f} seconds"
    return f"{seconds / 60:.1f} minutes"
