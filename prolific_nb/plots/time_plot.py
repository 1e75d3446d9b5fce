"""Time per task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..common.findings import Finding
from ..common.plurals import counted
from ..errors import DataError
from .layout.fit import Part
from .layout.inside import BesideLine
from .layout.pen import Pen
from .layout.ticks import Ticks, numbers
from .style import Canvas, Look, apply_grid, require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

# If a task takes more than this many times the median, a linear axis would squeeze most tasks together.
_SKEWED = 6
# Columns that identify a submission, the best first.
_WHO = "submission_id", "participant_id"
_KIND = "Histogram of the time per task"
_MINUTES = 120  # from this many seconds on, times are shown in minutes


def time_per_task(
    frame: pd.DataFrame,
    *,
    submissions: pd.DataFrame | None = None,
    ax: Axes | None = None,
    note: str | None = None,
    title: str | Literal[True] | None = True,
    palette: ColorType | Sequence[ColorType] | None = None,
) -> Axes:
    """Draw a histogram of the time per task; each task of a submission counts once, however many questions it has.

    Where all answers of a submission were stored together, single tasks have no time: pass `submissions` for the
    average time per task of each submission.

    Parameters
    ----------
    frame : DataFrame
        Answers with ``task_id, seconds`` and ``submission_id`` or ``participant_id``, as `run.responses()` returns
        them.
    submissions : DataFrame, optional
        ``submission_id, minutes``, as `run.submissions()` returns them. The minutes of each completed submission,
        its introduction included, are divided by the number of its tasks; `seconds` is not used.
    ax, note, title, palette
        As for `prolific_nb.plots.labels`.

    Returns
    -------
    Axes
        In seconds, or in minutes if the median is at least two minutes, with a logarithmic axis if some tasks took
        more than 6 times the median.

    Raises
    ------
    ValueError
        A column is missing.
    DataError
        There are answers, but no times of tasks; or no answer is of any of the `submissions`.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> frame = pd.DataFrame({"submission_id": "s", "task_id": [1, 2, 3], "seconds": [8.0, 12.0, 30.0]})
    >>> print(time_per_task(frame, ax=Figure().add_subplot()).get_title(loc="left"))
    Half of the 3 tasks took 12 seconds or less
    >>> submissions = pd.DataFrame({"submission_id": ["s"], "minutes": [1.0]})
    >>> print(time_per_task(frame, submissions=submissions, ax=Figure().add_subplot()).get_title(loc="left"))
    The only submission took 20 seconds per task
    """
    seconds = _of_tasks(frame) if submissions is None else _of_submissions(frame, submissions)
    canvas = Canvas.on(ax, Look(title, note, palette))
    if not len(seconds):
        return canvas.empty("There are no times of tasks yet.")
    middle = float(np.median(seconds))
    unit, by = ("minutes", 60) if middle >= _MINUTES else ("seconds", 1)
    skewed = bool(seconds.max() > _SKEWED * middle)
    pen = canvas.pen()
    parts = _bars(canvas, seconds / by, middle / by, skewed, pen)
    scale = ", logarithmic" if skewed else ""
    if submissions is not None:
        finding = _finding(len(seconds), "submission", f"{_long(middle)} per task")
        axis = f"{unit} per task, average of each submission{scale}"
        return canvas.finish(_KIND, finding, axis, parts, pen, y="submissions")
    known = "" if len(seconds) == _count(frame) else " with a known time"
    finding = _finding(len(seconds), "task", _long(middle), known)
    return canvas.finish(_KIND, finding, f"{unit} per task{scale}", parts, pen, y="tasks")


def _finding(n: int, what: str, middle: str, known: str = "") -> str:
    return (
        f"The only {what}{known} took {middle}" if n == 1 else f"Half of the {n:,} {what}s{known} took {middle} or less"
    )


def _who(frame: pd.DataFrame) -> str:
    return next((name for name in _WHO if name in frame.columns), _WHO[0])


def _count(frame: pd.DataFrame) -> int:
    """Number of tasks, those of unknown time included."""
    return len(frame[[_who(frame), "task_id"]].dropna().drop_duplicates())


def _of_tasks(frame: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Seconds of each task whose time is known."""
    known = tasks(frame, "seconds")["seconds"].astype("Float64").astype(float)
    seconds: npt.NDArray[np.float64] = np.asarray(known)
    if not len(seconds) and (n := _count(frame)):
        what = (
            f"None of the {counted(n, 'task')} has a time: seconds is missing (NA), as where all answers of a "
            "submission were stored together."
        )
        remedy = "For the average time per task of each submission, pass submissions=run.submissions()."
        raise DataError("The frame", [Finding("error", what, remedy, column="seconds")])
    return seconds[seconds >= 0]


def _of_submissions(frame: pd.DataFrame, submissions: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Average seconds per task of each completed submission with answers."""
    require_columns(frame, ("submission_id", "task_id"), "run.responses()")
    require_columns(submissions, ("submission_id", "minutes"), "run.submissions()")
    answered = frame[["submission_id", "task_id"]].dropna().drop_duplicates()
    n_tasks = answered["submission_id"].astype(object).value_counts()
    minutes = submissions.set_index("submission_id")["minutes"]
    if len(n_tasks) and not minutes.index.isin(n_tasks.index).any():
        what = f"None of the {counted(len(minutes), 'submission')} has an answer in the frame."
        remedy = "Pass run.submissions() and run.responses() of the same run."
        raise DataError("submissions", [Finding("error", what, remedy, column="submission_id")])
    seconds: npt.NDArray[np.float64] = np.asarray(60 * minutes / n_tasks.reindex(minutes.index), dtype=float)
    return seconds[seconds >= 0]


def tasks(frame: pd.DataFrame, value: str) -> pd.DataFrame:
    """One row per task of a submission, with the largest value of its answers."""
    require_columns(frame, (), "run.responses()")
    who = _who(frame)
    require_columns(frame, (who, "task_id", value), "run.responses()")
    known = frame[[who, "task_id", value]].dropna()
    return known.groupby([who, "task_id"], observed=True, sort=False)[[value]].max().reset_index()


def _bars(canvas: Canvas, times: npt.NDArray[np.float64], middle: float, skewed: bool, pen: Pen) -> list[Part]:
    """Draw bars and the median, along a logarithmic axis if times are skewed."""
    ax, colours = canvas.ax, canvas.colours
    # A logarithmic axis has no 0: shorter times are drawn at a thousandth of the median.
    lowest = max(times.min(), (middle or times.max()) / 1000) if skewed else 0.0
    top = float(times.max()) or 1.0
    edges = np.geomspace(lowest, 1.0001 * top, 25) if skewed else np.linspace(0, top, 25)
    often, _, _ = ax.hist(np.maximum(times, lowest), bins=edges.tolist(), color=colours.series[0],
                          edgecolor=colours.paper, linewidth=0.5, zorder=2)  # fmt: skip
    if skewed:
        ax.set_xscale("log")
    ax.set_xlim(edges[0] if skewed else 0, 1.06 * top)
    ax.set_ylim(0, 1.14 * float(np.max(often)))  # room for the word above the bars
    apply_grid(ax, colours, "y")
    below = _powers(ax, pen, top < 10_000 * lowest) if skewed else numbers(ax, pen)
    parts: list[Part] = [below, numbers(ax, pen, "y", whole=True)]
    if len(times) > 1:
        middle = max(middle, lowest)
        colour = colours.series[1] if len(colours.series) > 1 else colours.ink
        ax.axvline(middle, color=colour, linewidth=1.5, zorder=3)
        word = ax.annotate("median", (middle, 0.99), (4, 0), ax.get_xaxis_transform(), "offset points", va="top",
                           fontsize=8.5, color=colours.ink)  # fmt: skip
        parts.append(BesideLine(ax, pen, word, middle))
    return parts


def _powers(ax: Axes, pen: Pen, few: bool) -> Ticks:
    """Times along a logarithmic axis; 1, 2, 5, 10, … over few powers of ten."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    ax.xaxis.set_minor_formatter(NullFormatter())
    formatter = FuncFormatter(lambda x, _: f"{x:,g}")
    every = [(1, 2, 5), (1, 3), (1,)] if few else [(1,)]
    choices = [(LogLocator(subs=subs), formatter) for subs in every]
    return Ticks(ax, pen, "x", [*choices, *((LogLocator(numticks=n), formatter) for n in (4, 3, 2))])


def _long(seconds: float) -> str:
    if seconds < _MINUTES:
        return f"{seconds:.0f} seconds" if seconds >= 10 else f"{seconds:.1f} seconds"
    return f"{seconds / 60:.1f} minutes"
