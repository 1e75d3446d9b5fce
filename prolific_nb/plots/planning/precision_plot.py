"""How the interval of α narrows while answers arrive, and when it will be narrow enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from ...common.arguments import require_number
from ...common.plurals import counted
from ..layout.ticks import numbers
from ..style import Canvas, Look, apply_grid, require_columns

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

_COLUMNS = ("answers", "value", "low", "high")
_FARTHEST = 4.0  # times the answers so far, up to which a forecast is drawn
_STEPS = 60
_EARLY = 4  # the first of so many parts of the course does not decide the height of the axis


def precision(
    course: pd.DataFrame,
    *,
    target: float | None = None,
    ax: Axes | None = None,
    note: str | None = None,
    title: str | Literal[True] | None = True,
    palette: ColorType | Sequence[ColorType] | None = None,
) -> Axes:
    """Draw a coefficient with its 95 % interval against the number of answers.

    With `target`, the interval that is asked for is drawn around the last value, and a forecast of when it is reached:
    the width of an interval falls with the square root of the number of answers.

    Parameters
    ----------
    course : DataFrame
        ``answers, value, low, high`` as `run.precision()` and `prolific_nb.analysis.precision_course` return them. The
        column ``safe_half_width``, if there is one, decides whether the target is reached, as `run.collect_until` does.
    target : float, optional
        Half the width of the interval asked for.
    ax, note, title, palette
        As for `prolific_nb.plots.labels`.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        A column is missing, or `target` is not a number above 0.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> course = pd.DataFrame({"answers": [100, 200], "value": [0.6, 0.7], "low": [0.4, 0.6], "high": [0.8, 0.8]})
    >>> print(precision(course, target=0.05, ax=Figure().add_subplot()).get_title(loc="left"))
    α 0.70 ± 0.10 after 200 answers; ± 0.05 needs about 800
    """
    require_columns(course, _COLUMNS, "run.precision()")
    if target is not None:
        require_number("target", target, np.nextafter(0, 1))
    known = course.dropna(subset=list(_COLUMNS)).sort_values("answers", kind="stable")
    canvas = Canvas.on(ax, Look(title, note, palette))
    if known.empty:
        return canvas.empty("There is no interval yet: two labels on several units are needed.")
    needed = None if target is None else _needed(known.iloc[-1], target)
    _draw(canvas, known, target, needed)
    pen = canvas.pen()
    parts = [numbers(canvas.ax, pen, whole=True), numbers(canvas.ax, pen, "y")]
    axis = "answers; band: 95 % interval"
    if target is not None:
        axis += f"; dashed: ± {target:g}" + ("; dotted: forecast" if _is_ahead(known, needed) else "")
    values = [f"{row.answers:,.0f} answers: {row.value:.2f}, {row.low:.2f} to {row.high:.2f}" for row in _few(known)]
    finding = _finding(known.iloc[-1], target, needed)
    return canvas.finish("Line of α with its interval", finding, axis, parts, pen, y="α", values=values)


def _needed(last: pd.Series, target: float) -> float:
    """Answers at which half of the interval is the target: the width falls with the square root of their number."""
    half = float(last.get("safe_half_width", np.nan))
    half = (last["high"] - last["low"]) / 2 if np.isnan(half) else half
    return float(last["answers"] * (half / target) ** 2)


def _is_ahead(known: pd.DataFrame, needed: float | None) -> bool:
    return needed is not None and needed > known["answers"].iloc[-1]


def _draw(canvas: Canvas, known: pd.DataFrame, target: float | None, needed: float | None) -> None:
    ax, colours = canvas.ax, canvas.colours
    answers, value, low, high = (known[name].to_numpy(float) for name in _COLUMNS)
    ax.fill_between(answers, low, high, color=colours.series[0], alpha=0.22, linewidth=0, zorder=2)
    ax.plot(answers, value, color=colours.series[0], linewidth=2, zorder=3)
    end: dict[str, Any] = {"color": colours.series[0], "linestyle": "", "zorder": 4}
    ax.vlines(answers[-1], low[-1], high[-1], color=colours.series[0], linewidth=1.5, zorder=4)
    ax.plot([answers[-1]] * 2, [low[-1], high[-1]], marker="_", markersize=6, markeredgewidth=1.5, **end)
    ax.plot([answers[-1]], [value[-1]], marker="o", markersize=5, **end)
    ends = [low[len(low) // _EARLY :].min(), high[len(high) // _EARLY :].max()]
    last, far = answers[-1], answers[-1]
    if target is not None:
        ax.axhline(value[-1] - target, color=colours.ink, linewidth=1, linestyle="--", zorder=1)
        ax.axhline(value[-1] + target, color=colours.ink, linewidth=1, linestyle="--", zorder=1)
        ends += [value[-1] - target, value[-1] + target]
    if needed is not None and needed > last:
        far = min(needed, _FARTHEST * last)
        later = np.linspace(last, far, _STEPS)
        for edge in (low[-1], high[-1]):
            narrowing = value[-1] + (edge - value[-1]) * np.sqrt(last / later)
            ax.plot(later, narrowing, color=colours.series[0], linewidth=1.5, linestyle=":", zorder=3)
    room = 0.06 * (max(ends) - min(ends)) or 0.05
    ax.set_ylim(min(ends) - room, min(max(ends) + room, 1.02))
    ax.set_xlim(min(answers[0], 0.5 * far) if len(answers) > 1 else 0, far + 0.03 * (far - answers[0]) + 1)
    apply_grid(ax, colours, "y")


def _few(known: pd.DataFrame) -> list[pd.Series]:
    """Up to six moments, the last among them."""
    places = np.unique(np.linspace(0, len(known) - 1, min(6, len(known))).round().astype(int))
    return [known.iloc[place] for place in places]


def _finding(last: pd.Series, target: float | None, needed: float | None) -> str:
    half = (last["high"] - last["low"]) / 2
    answers = int(last["answers"])
    now = f"α {last['value']:.2f} ± {half:.{2 if half >= 0.01 else 3}f} after {counted(answers, 'answer')}"
    if target is None or needed is None:
        return now
    if needed <= answers:
        return f"{now}: within ± {target:g}"
    return f"{now}; ± {target:g} needs about {_rounded(needed):,}"


def _rounded(number: float) -> int:
    """Two digits: a forecast does not deserve more."""
    size = max(0, len(str(int(number))) - 2)
    return int(round(number, -size))
