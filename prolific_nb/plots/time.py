"""How long tasks take, and how answers come in over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .style import begun, need, nothing, ruled, told

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WHO = "submission_id", "participant_id"
# From this many times the median on, a linear axis would squeeze most tasks together.
_SKEWED = 6


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
        In seconds, with a logarithmic axis where some tasks took more than 6 times the median.

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
    seconds = _tasks(frame, "seconds")["seconds"].astype("Float64").astype(float).to_numpy()
    seconds = seconds[seconds > 0]
    ax, colours = begun(ax)
    if not len(seconds):
        return nothing(ax, colours, "No task has a time yet.", note)
    middle = float(np.median(seconds))
    skewed = seconds.max() > _SKEWED * middle
    lowest, highest = max(seconds.min(), 0.5), max(seconds.max(), 1.0)
    edges = np.geomspace(lowest, highest * 1.0001, 25) if skewed else np.linspace(0, highest, 25)
    ax.hist(
        np.maximum(seconds, lowest),
        bins=edges.tolist(),
        color=colours.series[0],
        edgecolor=colours.paper,
        linewidth=0.5,
    )
    ax.axvline(middle, color=colours.series[1], linewidth=1.5)
    ax.text(middle, 1.0, " median", transform=ax.get_xaxis_transform(), va="top", fontsize=8.5, color=colours.ink)
    if skewed:
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter(lambda x, _: f"{x:g}")
    ruled(ax, colours, "y")
    finding = f"Half of the {len(seconds):,} tasks took {_long(middle)} or less"
    told(ax, colours, finding, f"seconds per task{', logarithmic' if skewed else ''}", note, y="tasks")
    return ax


def progress(frame: pd.DataFrame, *, ax: Axes | None = None, note: str | None = None) -> Axes:
    """Draw how many tasks had been answered by when.

    Parameters
    ----------
    frame : DataFrame
        Answers with ``created_at, task_id`` and ``submission_id`` or ``participant_id``, as `run.responses()` gives
        them. A task counts when its last answer came.
    ax, note
        As for `prolific_nb.plots.confusion`.

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
    3 tasks answered in 2.0 hours, half of them in the first 0.5
    """
    times = pd.to_datetime(_tasks(frame, "created_at")["created_at"], utc=True).sort_values().dt.tz_localize(None)
    ax, colours = begun(ax)
    if times.empty:
        return nothing(ax, colours, "Nobody has answered yet.", note)
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    ax.step(times.to_numpy(), np.arange(1, len(times) + 1), where="post", color=colours.series[0], linewidth=2)
    locator = AutoDateLocator(maxticks=7)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))  # type: ignore[no-untyped-call]
    ax.set_ylim(0, 1.06 * len(times))
    ruled(ax, colours, "y")
    day = f"{times.iloc[0]:%Y-%m-%d}"
    until = f"{times.iloc[-1]:%Y-%m-%d}"
    told(ax, colours, _pace(times), f"time (UTC), {day if day == until else f'{day} to {until}'}", note,
         y="tasks answered")  # fmt: skip
    return ax


def _tasks(frame: pd.DataFrame, value: str) -> pd.DataFrame:
    """One row per task of a sitting, with the largest value of its answers."""
    who = next((name for name in _WHO if name in frame.columns), _WHO[0])
    need(frame, (who, "task_id", value), "run.responses()")
    known = frame[[who, "task_id", value]].dropna()
    return known.groupby([who, "task_id"], observed=True, sort=False)[[value]].max().reset_index()


def _pace(times: pd.Series) -> str:
    hours = (times - times.iloc[0]).dt.total_seconds() / 3600
    n = len(times)
    if hours.iloc[-1] == 0:
        return f"{n:,} {'task' if n == 1 else 'tasks'} answered at once"
    whole, half = hours.iloc[-1], hours.iloc[(n + 1) // 2 - 1]
    unit, by = ("hours", 1.0) if whole < 48 else ("days", 24.0)
    if whole < 1:
        unit, by = "minutes", 1 / 60
    return f"{n:,} tasks answered in {whole / by:.1f} {unit}, half of them in the first {half / by:.1f}"


def _long(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} seconds" if seconds >= 10 else f"{seconds:.1f} seconds"
    return f"{seconds / 60:.1f} minutes"
