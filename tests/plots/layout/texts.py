"""The text that is visible in a figure, and whether it can be read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg

SMALLEST = 5.0  # points
TOLERANCE = 1.5  # pixels


def visible(figure: Any) -> list[Any]:
    """All text with letters, after a drawing."""
    found = [*figure.texts, *(text for ax in figure.axes for text in _of(ax))]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def _of(ax: Any) -> Iterator[Any]:
    yield from ax.texts
    yield from (ax.title, ax._left_title, ax._right_title)
    if ax.get_legend():
        yield from ax.get_legend().get_texts()
    for child in ax.child_axes:
        yield from _of(child)
    if ax.axison:
        for axis in (ax.xaxis, ax.yaxis):
            yield from (axis.label, axis.offsetText)
            low, high = sorted(axis.get_view_interval())
            slack = 1e-6 * (high - low)
            for tick in axis.get_major_ticks():
                if low - slack <= tick.get_loc() <= high + slack:
                    yield tick.label1


def faults(figure: Any) -> list[str]:
    """What cannot be read: text beyond the figure, on other text, or too small."""
    if not hasattr(figure.canvas, "get_renderer"):
        FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    boxes = [(text, text.get_window_extent()) for text in visible(figure)]
    edge = figure.bbox
    found = [
        f"beyond the figure: {text.get_text()!r} {box.extents.round(1)}"
        for text, box in boxes
        if box.x0 < -TOLERANCE or box.y0 < -TOLERANCE or box.x1 > edge.x1 + TOLERANCE or box.y1 > edge.y1 + TOLERANCE
    ]
    found += [
        f"{one.get_text()!r} {a.extents.round(1)} is on {other.get_text()!r} {b.extents.round(1)}"
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > TOLERANCE and min(a.y1, b.y1) - max(a.y0, b.y0) > TOLERANCE
    ]
    sizes = [f"too small: {text.get_text()!r}" for text, _ in boxes if text.get_fontsize() < SMALLEST - 0.01]
    return found + sizes
