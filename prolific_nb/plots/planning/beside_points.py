"""Words above or beside points; those that would touch another word or a mark are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..layout.fit import Margins, Size
from ..layout.names import escape_mathtext
from ..layout.pen import LINE, SMALLEST, Pen

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LARGEST = 8.0
_AWAY = 5.0  # points between a point and its word
_MARK = 4.0  # half the size of a mark in points
_BOLD = 1.12  # width of bold words relative to others


class Named(NamedTuple):
    """A word at a point, in the units of the axes."""

    x: float
    y: float
    word: str
    above: bool
    """Else it stands to the right."""
    bold: bool


@dataclass(eq=False)
class BesidePoints:
    """Words at points.

    Parameters
    ----------
    ax, pen
        Where, and how text is measured.
    named : sequence of Named
        The first have precedence where two would touch.
    marks : sequence of (x, y)
        What words must not cover.
    colour, ink : str
        Of the words, and of bold ones.
    """

    ax: Axes
    pen: Pen
    named: Sequence[Named]
    marks: Sequence[tuple[float, float]]
    colour: str
    ink: str
    _texts: list[Any] = field(default_factory=list)
    _size: float = _LARGEST

    def __post_init__(self) -> None:
        for each in self.named:
            said = self.ax.annotate(
                escape_mathtext(each.word),
                (each.x, each.y),
                (0, _AWAY) if each.above else (_AWAY, 1),
                textcoords="offset points",
                ha="center" if each.above else "left",
                va="bottom",
                color=self.ink if each.bold else self.colour,
                fontweight="bold" if each.bold else "normal",
                annotation_clip=False,
            )
            self._texts.append(said)

    def measure(self, box: Size, room: Size, scale: float) -> Margins:
        """Room for words above the axes."""
        self._size = max(SMALLEST, _LARGEST * scale)
        return Margins(top=LINE * self._size + _AWAY)

    def apply(self, box: Size, margins: Margins) -> None:
        """Show the words that touch nothing."""
        taken = [_around(*self._at(*mark, box)) for mark in self.marks]
        for each, text in zip(self.named, self._texts, strict=True):
            x, y = self._at(each.x, each.y, box)
            wide = (_BOLD if each.bold else 1.0) * self.pen.width(each.word, self._size)
            high = LINE * self._size
            left = x - wide / 2 if each.above else x + _AWAY
            left = min(max(left, 0.0), box.width + margins.right - wide)
            low = y + (_AWAY if each.above else 1)
            area = left, low, left + wide, low + high
            free = not any(_touch(area, other) for other in taken)
            shift = left - (x - wide / 2 if each.above else x + _AWAY)
            text.set(fontsize=self._size, visible=free)
            text.xyann = (shift, _AWAY) if each.above else (shift + _AWAY, 1)
            if free:
                taken.append(area)

    def _at(self, x: float, y: float, box: Size) -> tuple[float, float]:
        """A place in points from the lower left corner of the axes."""
        (left, right), (low, high) = self.ax.get_xlim(), self.ax.get_ylim()
        start, at, end = self.ax.xaxis.get_transform().transform(np.array([left, x, right]))
        return box.width * (at - start) / (end - start), box.height * (y - low) / (high - low)


def _around(x: float, y: float) -> tuple[float, float, float, float]:
    return x - _MARK, y - _MARK, x + _MARK, y + _MARK


def _touch(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
