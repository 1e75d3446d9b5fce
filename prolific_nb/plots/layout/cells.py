"""Text of heat maps: names below the columns, numbers in the cells, and a key of the colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .fit import Margins, Size
from .names import escape_mathtext
from .pen import LINE, SMALLEST, SPACING, Pen
from .rows import every, size_in

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

_READABLE = 5.5  # points: numbers in cells are left out or shortened rather than made smaller


@dataclass(eq=False)
class ColumnNames:
    """Names below the columns 0, 1, …: in up to two lines if they fit into their columns whole, else rotated."""

    ax: Axes
    pen: Pen
    names: Sequence[str]
    largest: float = 8.5
    share: float = 0.26
    _chosen: tuple[int, list[str], float, int] = (1, [], SMALLEST, 0)

    def __post_init__(self) -> None:
        self.ax.set_xticks(range(len(self.names)), [escape_mathtext(name) for name in self.names])

    def measure(self, box: Size, room: Size, scale: float) -> Margins:
        """Whole names if they fit beside each other, else rotated ones."""
        wide = box.width / len(self.names)
        size = self.largest * scale
        lines = [self.pen.wrap(name, size, wide - 4, 2) for name in self.names]
        if not any("…" in line for line in lines) and self._are_words(lines):
            self._chosen = 1, lines, size, 0
            return Margins(bottom=LINE * size * (1 + max(line.count("\n") for line in lines)) + 4)
        step, size = every(wide), size_in(wide, size)
        cut = self.pen.cut_names(list(self.names[::step]), size, self.share * room.height)
        self._chosen = step, cut, size, 90
        return Margins(bottom=self.pen.widest(cut, size) + 5)

    def _are_words(self, lines: list[str]) -> bool:
        """Whether names were broken between words only, and are distinct."""
        whole = all(line.split() == name.split() for line, name in zip(lines, self.names, strict=True))
        return whole and len(set(lines)) == len(set(self.names))

    def apply(self, box: Size, margins: Margins) -> None:
        """Write the names."""
        step, shown, size, turned = self._chosen
        names = ["\n".join(map(escape_mathtext, name.split("\n"))) for name in shown]
        self.ax.set_xticks(range(0, len(self.names), step), names, linespacing=SPACING)
        self.ax.tick_params(axis="x", labelsize=size, labelrotation=turned)


@dataclass(eq=False)
class CellWords:
    """Text in the cells of a square table.

    Parameters
    ----------
    ax, pen
        Where, and how text is measured.
    cells : int
        Number of rows and of columns.
    texts : sequence of Text
        As drawn, one for each cell that has any.
    variants : sequence of sequence of str
        What these texts may say, the longest first; without enough room for the last, they are hidden.
    """

    ax: Axes
    pen: Pen
    cells: int
    texts: Sequence[Text]
    variants: Sequence[Sequence[str]]
    largest: float = 9.0

    def measure(self, box: Size, room: Size, scale: float) -> Margins:
        """Numbers in cells take no room beside them."""
        return Margins()

    def apply(self, box: Size, margins: Margins) -> None:
        """Write the longest variant that is readable, or nothing."""
        wide, high = box.width / self.cells, box.height / self.cells
        for words in self.variants:
            lines = 1 + max((word.count("\n") for word in words), default=0)
            size = min(self.largest, 0.9 * high / (LINE * lines), 0.88 * wide / max(self.pen.widest(words, 1), 0.1))
            if size >= _READABLE:
                break
        for text, word in zip(self.texts, words, strict=True):
            text.set(text=word, fontsize=max(size, SMALLEST), visible=size >= _READABLE)


@dataclass(eq=False)
class Key:
    """A bar of colours at the right, from 0 to 100 %."""

    ax: Axes
    pen: Pen
    bar: Any
    _size: float = 8.0

    def measure(self, box: Size, room: Size, scale: float) -> Margins:
        """The bar is a twentieth as wide as the data."""
        self._size = 8 * scale
        return Margins(right=0.05 * box.width + self.pen.width("100 %", self._size) + 6, top=0.5 * self._size)

    def apply(self, box: Size, margins: Margins) -> None:
        """Set the size of its numbers."""
        self.bar.ax.tick_params(labelsize=self._size)
