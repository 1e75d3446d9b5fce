"""How long tasks take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from .style import Palette, annotate, apply_grid, counted, draw_empty, prepare_axes
from .tasks import tasks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# From this many times the median on, a linear axis would squeeze most tasks together.
_SKEWED = 6
_MINUTES = 120  # seconds from which on they are given as minutes


def time_per_task(frame: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw how many tasks took how long; each task of a sitting counts once, however many questions it has.

    Parameters
    ----------
    frame : DataFrame
        Answers with ``task_id, seconds`` and ``submission_id`` or ``participant_id``, as `run.responses()` gives them.
    ax, note
        As for `prolific_nb.plots.confusion`.

    Returns
    -------
    Axes
        In seconds, or minutes where the median is above two, with a logarithmic axis where some tasks took more than
        6 times the median.

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
    ax, colours = prepare_axes(ax)
    if not len(seconds):
        return draw_empty(ax, colours, "No task has a time yet.", note)
    middle = float(np.median(seconds))
    unit, by = ("minutes", 60) if middle >= _MINUTES else ("seconds", 1)
    skewed = _bars(ax, seconds / by, middle / by, colours)
    if len(seconds) == 1:
        finding = f"The only task took {_long(middle)}"
    else:
        finding = f"Half of the {len(seconds):,} tasks took {_long(middle)} or less"
    annotate(ax, colours, finding, f"{unit} per task{', logarithmic' if skewed else ''}", note, y="tasks")
    return ax


def _bars(ax: Axes, times: npt.NDArray[np.float64], middle: float, colours: Palette) -> bool:
    """Bars and the median; whether the axis had to be logarithmic."""
    from matplotlib.ticker import LogLocator, NullFormatter

    skewed = bool(times.max() > _SKEWED * middle)
    # A logarithm has no 0: what took less than a thousandth of the median is drawn there.
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
    counted(ax)
    return skewed


def _long(seconds: float) -> str:
    if seconds < _MINUTES:
        return f"{seconds:.0f} seconds" if seconds >= 10 else f"{seconds:.1f} seconds"
    return f"{seconds / 60:.1f} minutes"
