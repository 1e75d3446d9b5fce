"""Places filled over time as a small SVG chart: a line, a dashed forecast, axes with units, and a text alternative.

The lines are in a nested SVG that stretches with the page; texts stay outside of it, so they keep their size in any
width.
"""

from __future__ import annotations

from datetime import datetime
from html import escape

from ...common.plurals import counted
from ...study.monitor.status import Status
from .forecast import Forecast, Point, course, duration

STYLE = """<style>
.pnb-chart { margin: 0; padding: 26px 14px 40px 40px; color: var(--pnb-text); }
.pnb-chart > svg { display: block; width: 100%; height: 150px; overflow: visible; font-size: 12px; }
.pnb-chart text { fill: var(--jp-ui-font-color2, GrayText); }
.pnb-chart .pnb-grid { stroke: var(--pnb-line); stroke-width: 1; }
.pnb-chart path { fill: none; stroke: var(--pnb-accent); stroke-width: 2.5; vector-effect: non-scaling-stroke;
  stroke-linejoin: round; }
.pnb-chart .pnb-forecast { stroke-dasharray: 6 5; stroke-width: 2; }
.pnb-chart circle { fill: var(--pnb-accent); }
</style>"""
_WIDTH, _HEIGHT = 1000, 100  # units of the nested SVG
_MOST_POINTS = 200
_MOST_TICKS = 5
_UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60))
_STEPS = (1, 2, 5, 10, 15, 20, 30, 50, 100, 200, 300, 500)


def chart(status: Status, ahead: Forecast | None, seen: tuple[Point, ...] = ()) -> str:
    """The chart as HTML; empty before the first participant started."""
    points = _thinned(course(status, seen))
    if not points:
        return ""
    first, last = points[0][0], ahead.end if ahead is not None else points[-1][0]
    span = max((last - first).total_seconds(), 60.0)
    unit, size = next((each for each in _UNITS if span >= 2 * each[1]), _UNITS[-1])
    lines = _lines(points, ahead, status.places, span)
    axis = f"{unit} since the first start"
    axis = f"Sandbox {axis}" if status.mode == "SANDBOX" else axis.capitalize()
    inside = _rows(status.places) + _columns(span / size, axis) + lines
    label = escape(_alternative(points, ahead, status), quote=True)
    return f'<figure class="pnb-chart"><svg role="img" aria-label="{label}">{inside}</svg></figure>'


def _alternative(points: list[Point], ahead: Forecast | None, status: Status) -> str:
    passed = duration(points[-1][0] - points[0][0])
    said = f"Line chart: {status.filled:,} of {counted(status.places, 'place')} filled after {passed}."
    if ahead is None:
        return said
    return f"{said} Dashed line: all are filled after {duration(ahead.end - points[0][0])}, if the rate stays the same."


def _thinned(points: list[Point]) -> list[Point]:
    step = -(-len(points) // _MOST_POINTS) or 1
    return [*points[:-1:step], points[-1]] if points else []


def _rows(places: int) -> str:
    """Horizontal lines with the number of places beside them."""
    step = _step(places, _MOST_TICKS - 1)
    ticks = [*range(0, places - step // 2, step), places] if places > step else [0, places]
    title = '<text x="-40" y="0" dy="-14">Places filled</text>'
    return title + "".join(_row(tick, _percent(1 - tick / places)) for tick in dict.fromkeys(ticks))


def _row(tick: int, y: str) -> str:
    line = f'<line class="pnb-grid" x1="0" x2="100%" y1="{y}" y2="{y}"/>'
    return f'{line}<text x="-8" y="{y}" dy="4" text-anchor="end">{tick:,}</text>'


def _columns(length: float, axis: str) -> str:
    """The time below the chart."""
    step = _step(length, _MOST_TICKS)
    ticks = range(0, int(length) + 1, step)
    marks = "".join(
        f'<text x="{_percent(tick / length)}" y="100%" dy="18" text-anchor="middle">{tick:,}</text>' for tick in ticks
    )
    return f'{marks}<text x="50%" y="100%" dy="35" text-anchor="middle">{axis}</text>'


def _lines(points: list[Point], ahead: Forecast | None, places: int, span: float) -> str:
    first = points[0][0]

    def x(when: datetime) -> float:
        return (when - first).total_seconds() / span

    def y(number: int) -> float:
        return 1 - number / places

    # Steps: a place is filled at once, not little by little.
    path = f"M0 {y(points[0][1]) * _HEIGHT:.1f}" + "".join(
        f"H{x(when) * _WIDTH:.1f}V{y(number) * _HEIGHT:.1f}" for when, number in points
    )
    end, number = points[-1]
    dashed = f'<path class="pnb-forecast" d="M{x(end) * _WIDTH:.1f} {y(number) * _HEIGHT:.1f}L{_WIDTH} 0"/>'
    stretched = f'<path d="{path}"/>{dashed if ahead is not None else ""}'
    box = f'width="100%" height="100%" viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" overflow="visible"'
    return f'<svg {box}>{stretched}</svg><circle cx="{_percent(x(end))}" cy="{_percent(y(number))}" r="4"/>'


def _step(length: float, most: int) -> int:
    """The distance of at most so many marks, as a round number."""
    wanted = length / most
    scale = 1
    while wanted > _STEPS[-1] * scale:
        scale *= 10
    return next(step * scale for step in _STEPS if step * scale >= wanted)


def _percent(share: float) -> str:
    return f"{share * 100:.2f}%"
