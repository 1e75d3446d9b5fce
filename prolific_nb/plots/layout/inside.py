"""Text among the data: a legend, a list in an empty corner, numbers above bars, a word beside a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from .fit import Margins, Size
from .names import escape_mathtext
from .pen import LINE, SMALLEST, Pen

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text


@dataclass(eq=False)
class Statement:
    """A sentence in place of data."""

    ax: Axes
    pen: Pen
    texts: Sequence[str]
    colour: str
    _chosen: tuple[Sequence[str], float] = ((), SMALLEST)
    _drawn: Text | None = None

    def __post_init__(self) -> None:
        self.ax.set_axis_off()
        words = "\n".join(map(escape_mathtext, self.texts))
        self._drawn = self.ax.text(0, 0.5, words, transform=self.ax.transAxes, va="center", color=self.colour)

    def measure(self, box: Size, room: Size, scale: float) -> Margins:
        """As many lines as there is room for."""
        size = 10 * scale
        most = max(1, int(box.height / (LINE * size * len(self.texts))))
        self._chosen = [self.pen.wrap(text, size, box.width, most) for text in self.texts], size
        return Margins()

    def apply(self, box: Size, margins: Margins) -> None:
        """Write the sentences."""
        words, size = self._chosen
        if self._drawn is not None:
            lines = "\n".join(words).split("\n")
            self._drawn.set(text="\n".join(map(escape_mathtext, lines)), fontsize=size)


@dataclass(eq=False)
class Legend:
    """Names of the series above the data, in as many columns as fit."""

    ax: Axes
    pen: Pen
    names: Sequence[str]
    colour: str
    _chosen: tuple[int, float] = (1, 8.5)

    def __post_init__(self) -> None:
        self._chosen = len(self.names), 8.5
        self.apply(Size(1, 1), Margins())

    def measure(self, box: Size, room: Size, scale: float) -> Margins:
        """As many columns as fit."""
        choices = ((n, part * 8.5 * scale) for n in range(len(self.names), 1, -1) for part in (1.0, 0.88))
        fits = (choice for choice in choices if self._width(*choice) <= room.width)
        self._chosen = columns, size = next(fits, (1, 8.5 * scale))
        return Margins(top=-(-len(self.names) // columns) * 1.35 * size + 2)

    def _width(self, columns: int, size: float) -> float:
        rows = -(-len(self.names) // columns)
        return sum(
            self.pen.widest(self.names[start : start + rows], size) + 2.6 * size
            for start in range(0, len(self.names), rows)
        )

    def apply(self, box: Size, margins: Margins) -> None:
        """Draw the legend anew."""
        columns, size = self._chosen
        handles, names = self.ax.get_legend_handles_labels()
        self.ax.legend(
            handles,
            names,
            loc="lower left",
            bbox_to_anchor=(-margins.left / box.width, 1),
            ncols=columns,
            frameon=False,
            labelcolor=self.colour,
            prop={"family": list(self.pen.family), "size": size},
            handlelength=1,
            handletextpad=0.3,
            columnspacing=1,
            labelspacing=0.2,
            borderaxespad=0,
            borderpad=0.1,
        )


@dataclass(eq=False)
class Corner:
    """Lines in the lower left corner, as many as cover no dot.

    Parameters
    ----------
    ax, pen
        Where, and how text is measured.
    lines : sequence of str
        A heading, and the lines below it.
    dots : array of shape (n, 2)
        In the units of the axes.
    """

    ax: Axes
    pen: Pen
    lines: Sequence[str]
    dots: Any
    colour: str
    _size: float = SMALLEST
    _drawn: Text | None = None

    def __post_init__(self) -> None:
        words = "\n".join(map(escape_mathtext, self.lines))
        self._drawn = self.ax.text(0.02, 0.04, words, transform=self.ax.transAxes, va="bottom", color=self.colour)

    def measure(self, box: Size, room: Size, scale: float) -> Margins:
        """A list in a corner takes no room beside the data."""
        self._size = 8 * scale
        return Margins()

    def apply(self, box: Size, margins: Margins) -> None:
        """Write as many lines as cover no dot."""
        if self._drawn is None:
            return
        n = next((n for n in range(len(self.lines), 1, -1) if self._is_free(n, box)), 0)
        words = "\n".join(map(escape_mathtext, self.lines[:n]))
        self._drawn.set(text=words, fontsize=self._size, visible=n > 0)

    def _is_free(self, n: int, box: Size) -> bool:
        (left, right), (bottom, top) = self.ax.get_xlim(), self.ax.get_ylim()
        x = box.width * (self.dots[:, 0] - left) / (right - left)
        y = box.height * (self.dots[:, 1] - bottom) / (top - bottom)
        wide = 0.02 * box.width + self.pen.widest(self.lines[:n], self._size) + 6
        high = 0.04 * box.height + LINE * self._size * n + 6
        return wide <= box.width and high <= box.height and not bool(np.any((x <= wide) & (y <= high)))


@dataclass(eq=False)
class AboveBars:
    """Numbers above vertical bars; left out if they would touch, since the axis shows them too."""

    ax: Axes
    pen: Pen
    texts: Sequence[Text]
    _size: float = field(default=8.5)

    def measure(self, box: Size, room: Size, scale: float) -> Margins:
        """The size at which neighbours do not touch."""
        left, right = self.ax.get_xlim()
        places = sorted(text.get_position()[0] for text in self.texts)
        apart = min((b - a for a, b in pairwise(places)), default=right - left) * box.width / (right - left)
        wide = self.pen.widest([text.get_text() for text in self.texts], 1)
        self._size = min(8.5 * scale, 0.95 * apart / max(wide, 0.1))
        return Margins()

    def apply(self, box: Size, margins: Margins) -> None:
        """Write the numbers, or hide them."""
        for text in self.texts:
            text.set(fontsize=max(self._size, SMALLEST), visible=self._size >= SMALLEST)


@dataclass(eq=False)
class BesideLine:
    """A word at the top of a vertical line, on the side where there is room."""

    ax: Axes
    pen: Pen
    text: Any
    at: float
    _size: float = 8.5

    def measure(self, box: Size, room: Size, scale: float) -> Margins:
        """A word inside takes no room beside the data."""
        self._size = 8.5 * scale
        return Margins()

    def apply(self, box: Size, margins: Margins) -> None:
        """Write it on the side where it fits."""
        start, at, end = self.ax.xaxis.get_transform().transform(
            np.array([self.ax.get_xlim()[0], self.at, self.ax.get_xlim()[1]])
        )
        free = box.width * (end - at) / (end - start)
        right = free >= self.pen.width(self.text.get_text(), self._size) + 6
        self.text.set(fontsize=self._size, ha="left" if right else "right", position=(4 if right else -4, 0))


@dataclass(eq=False)
class Within:
    """A word in the middle of a row without data, shortened to the width of the data."""

    ax: Axes
    pen: Pen
    text: str
    place: float
    colour: str
    _chosen: tuple[str, float] = ("", 8.0)
    _drawn: Text | None = None

    def __post_init__(self) -> None:
        transform = self.ax.get_yaxis_transform()
        words = escape_mathtext(self.text)
        self._drawn = self.ax.text(
            0.5, self.place, words, transform=transform, ha="center", va="center", color=self.colour
        )

    def measure(self, box: Size, room: Size, scale: float) -> Margins:
        """Shorten the words to the width of the data."""
        size = 8 * scale
        self._chosen = self.pen.cut(self.text, size, box.width), size
        return Margins()

    def apply(self, box: Size, margins: Margins) -> None:
        """Write them."""
        words, size = self._chosen
        if self._drawn is not None:
            self._drawn.set(text=escape_mathtext(words), fontsize=size, zorder=4)
