"""A picture over annotators and rows with a point that is moved by mouse, touch or arrow keys."""

from __future__ import annotations

from pathlib import Path

import anywidget
import traitlets

_STATIC = Path(__file__).parent / "static"


class MovablePoint(anywidget.AnyWidget):
    """A drawn plot, and a point on it.

    The browser moves the point at once, and sends `at` when it comes to rest. By mouse and keys it stands on one of
    `annotators` and one of `units`; Python may put it on any number of units.

    Parameters
    ----------
    light, dark : str
        The plot as SVG, for either theme.
    label : str
        Its alternative text.
    frame : list of float
        Left, top, right and bottom of the axes, as shares of the width and height of the plot.
    limits : list of float
        Units at the left and right, on a logarithmic axis, and annotators at the bottom and top.
    annotators, units : list of int
        Where the point may stand, ascending.
    at : list of int
        Annotators and units of the point.

    Examples
    --------
    >>> MovablePoint(annotators=[2, 3], units=[100, 200], at=[3, 100]).at
    [3, 100]
    """

    # Strings, not Paths: anywidget watches the file of a Path, and a watched widget is never garbage-collected
    # (https://github.com/manzt/anywidget/issues/929).
    _esm = (_STATIC / "movable_point.js").read_text(encoding="utf-8")
    _css = (_STATIC / "movable_point.css").read_text(encoding="utf-8")

    light = traitlets.Unicode("").tag(sync=True)
    dark = traitlets.Unicode("").tag(sync=True)
    label = traitlets.Unicode("").tag(sync=True)
    frame = traitlets.List(traitlets.Float()).tag(sync=True)
    limits = traitlets.List(traitlets.Float()).tag(sync=True)
    annotators = traitlets.List(traitlets.Int()).tag(sync=True)
    units = traitlets.List(traitlets.Int()).tag(sync=True)
    at = traitlets.List(traitlets.Int()).tag(sync=True)
