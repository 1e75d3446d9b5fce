"""The part of a figure that belongs to Axes and the text around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox


def region_of(ax: Axes) -> Bbox:
    """Region in units of the figure: the cell of its grid, or up to the borders and halfway to its neighbours.

    A layout engine gives each Axes a cell without text in mind, since `Fit` reports no text outside of it. Without an
    engine, matplotlib's own gaps and borders are what there is for text.
    """
    own = ax.get_position(original=True)
    if ax.figure.get_layout_engine() is not None and ax.get_subplotspec() is not None:
        return own
    return _grown(own, *_around(ax, own))


def _around(ax: Axes, own: Bbox) -> tuple[list[Bbox], list[Bbox]]:
    """Boxes of the other Axes, and of the text of the figure."""
    figure: Any = ax.figure
    boxes = [other.get_position(original=True) for other in figure.axes if other is not ax and other.get_visible()]
    to_figure = figure.transSubfigure.inverted()
    texts = [text.get_window_extent().transformed(to_figure) for text in figure.texts if text.get_text()]
    return [box for box in boxes if not _overlap(box, own)], [box for box in texts if not _overlap(box, own)]


def _overlap(one: Bbox, other: Bbox) -> bool:
    return bool(
        min(one.x1, other.x1) - max(one.x0, other.x0) > 1e-6 and min(one.y1, other.y1) - max(one.y0, other.y0) > 1e-6
    )


def _grown(own: Bbox, axes: list[Bbox], texts: list[Bbox]) -> Bbox:
    from matplotlib.transforms import Bbox

    x0, y0, x1, y1 = 0.0, 0.0, 1.0, 1.0
    for box, share in [*((box, 0.5) for box in axes), *((box, 0.0) for box in texts)]:
        if min(box.y1, own.y1) > max(box.y0, own.y0):  # beside
            if box.x1 <= own.x0 + 1e-6:
                x0 = max(x0, box.x1 + share * (own.x0 - box.x1))
            elif box.x0 >= own.x1 - 1e-6:
                x1 = min(x1, box.x0 - share * (box.x0 - own.x1))
        elif min(box.x1, own.x1) > max(box.x0, own.x0):  # above or below
            if box.y1 <= own.y0 + 1e-6:
                y0 = max(y0, box.y1 + share * (own.y0 - box.y1))
            elif box.y0 >= own.y1 - 1e-6:
                y1 = min(y1, box.y0 - share * (box.y0 - own.y1))
    return Bbox.from_extents(x0, y0, x1, y1)
