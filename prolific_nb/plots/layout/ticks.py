"""Numbers or dates along an axis: as many as fit beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from .fit import Margins, Size
from .pen import LINE, SMALLEST, Pen

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_APART = 0.7  # least distance of neighbours along x, in units of their size
_BELOW = 0.6  # distance from the x axis, in units of their size: the 0 of the y axis reaches half a line below it
_BETWEEN = 4.0  # points between labels and the axis


@dataclass(eq=False)
class Ticks:
    """Labels of an axis of numbers.

    Parameters
    ----------
    ax, pen
        Where, and how text is measured.
    which : {"x", "y"}
        The axis.
    choices : sequence of (locator, formatter)
        The densest first; the first whose labels are apart is used.
    """

    ax: Axes
    pen: Pen
    which: Literal["x", "y"]
    choices: Sequence[tuple[Any, Any]]
    largest: float = 8.5
    _size: float = SMALLEST
    _own: Any = None

    def __post_init__(self) -> None:
        self._use(*self.choices[0])

    @property
    def _axis(self) -> Any:
        return self.ax.xaxis if self.which == "x" else self.ax.yaxis

    def _use(self, locator: Any, formatter: Any) -> None:
        self._axis.set_major_locator(locator)
        self._axis.set_major_formatter(formatter)
        self._own = locator

    def measure(self, box: Size, room: Size, scale: float) -> Margins:
        """The densest ticks whose labels are apart."""
        self._size = size = max(SMALLEST, self.largest * scale)
        if self._axis.get_major_locator() is self._own:  # not changed by the caller
            for choice in self.choices:
                self._use(*choice)
                if self._are_apart(box):
                    break
        places, labels = self._labels(box)
        if not labels:
            return Margins()
        if self.which == "y":
            return Margins(left=self.pen.widest(labels, size) + _BETWEEN, top=0.5 * size)
        half = [self.pen.width(label, size) / 2 for label in labels]
        over = max(place + half_wide for place, half_wide in zip(places, half, strict=True)) - box.width
        under = max(half_wide - place for place, half_wide in zip(places, half, strict=True))
        return Margins(left=max(under, 0), right=max(over, 0), bottom=(LINE + _BELOW) * size + 1)

    def _labels(self, box: Size) -> tuple[list[float], list[str]]:
        """Places in points from the start of the axis, and labels there."""
        axis = self._axis
        low, high = axis.get_view_interval()
        ticks = np.asarray(axis.get_majorticklocs(), dtype=float)
        slack = 1e-9 * abs(high - low)
        ticks = ticks[(ticks >= min(low, high) - slack) & (ticks <= max(low, high) + slack)]
        labels = [str(label).replace("\\$", "$") for label in axis.get_major_formatter().format_ticks(ticks)]
        start, *places, end = axis.get_transform().transform(np.array([low, *ticks, high]))
        length = box.width if self.which == "x" else box.height
        along = [length * (place - start) / (end - start) for place in places]
        return [place for place, label in zip(along, labels, strict=True) if label], [each for each in labels if each]

    def _are_apart(self, box: Size) -> bool:
        places, labels = self._labels(box)
        if self.which == "y":
            return bool(np.all(np.abs(np.diff(places)) >= LINE * self._size))
        half = [self.pen.width(label, self._size) / 2 + _APART * self._size / 2 for label in labels]
        ends = sorted((place - wide, place + wide) for place, wide in zip(places, half, strict=True))
        return all(one[1] <= other[0] for one, other in pairwise(ends))

    def apply(self, box: Size, margins: Margins) -> None:
        """Set their size."""
        self.ax.tick_params(axis=self.which, labelsize=self._size)
        if self.which == "x":
            self.ax.tick_params(axis="x", pad=_BELOW * self._size)


def numbers(ax: Axes, pen: Pen, which: Literal["x", "y"] = "x", *, whole: bool = False) -> Ticks:
    """Numbers with thousands separators, of 7 or fewer ticks."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator, ScalarFormatter

    formatter = FuncFormatter(lambda at, _: f"{at:,.0f}") if whole else ScalarFormatter()
    steps = [1, 2, 2.5, 5, 10]
    return Ticks(ax, pen, which, [(MaxNLocator(n, integer=whole, steps=steps), formatter) for n in range(6, 0, -1)])
