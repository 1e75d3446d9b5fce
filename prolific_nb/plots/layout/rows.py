"""Text of plots with one row per name: the names, a column beside the data, and numbers at the ends of bars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING

from .fit import Margins, Size
from .names import escape_mathtext
from .pen import LINE, SMALLEST, SPACING, Pen, one_line

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text
    from matplotlib.typing import ColorType

_TWO_LINES = 6.0  # points: names in two lines are not made smaller
_BETWEEN = 5.0  # points between names or columns and the data


def rows_that_fit(ax: Axes, points: float, most: int, fewest: int = 3) -> int:
    """How many rows of so many points the Axes have room for, next to the text above and below."""
    high = 72 * ax.get_window_extent().height / ax.figure.dpi
    return max(fewest, min(most, int((1.16 * high - 62) / points)))


def pitch_of(ax: Axes, places: Sequence[float], high: float) -> float:
    """Points between neighbouring rows."""
    top, bottom = ax.get_ylim()
    ordered = sorted(places)
    nearest = min((b - a for a, b in pairwise(ordered)), default=1.0)
    return max(0.01, nearest * high / abs(top - bottom))


def every(pitch: float) -> int:
    """Text is shown for each first, second, third … row, so that it never overlaps."""
    return max(1, ceil(LINE * SMALLEST / pitch - 0.02))


def size_in(pitch: float, largest: float, lines: int = 1) -> float:
    """Largest size in points at which text of so many lines fits into its row."""
    return max(SMALLEST, min(largest, every(pitch) * pitch / (LINE * lines)))


@dataclass(eq=False)
class RowNames:
    """Names at the left, in one or two lines.

    Parameters
    ----------
    ax, pen
        Where, and how text is measured.
    places : sequence of float
        Of the rows, along the y axis.
    names : sequence of str
        As in the data.
    largest : float
        Size in points.
    share : float
        Of the width of all that the names may take.
    suffixes : sequence of str
        What follows each name, and is never shortened.
    """

    ax: Axes
    pen: Pen
    places: Sequence[float]
    names: Sequence[str]
    largest: float = 9.0
    share: float = 0.36
    suffixes: Sequence[str] = ()
    _chosen: tuple[int, list[str], float] = (1, [], SMALLEST)

    def __post_init__(self) -> None:
        names = self._with_suffixes(list(self.names), 1)
        self.ax.set_yticks(list(self.places), [escape_mathtext(name) for name in names])

    def _with_suffixes(self, names: list[str], step: int) -> list[str]:
        if not self.suffixes:
            return names
        return [f"{name}{suffix}" for name, suffix in zip(names, self.suffixes[::step], strict=True)]

    def measure(self, box: Size, room: Size, scale: float) -> Margins:
        """In one line if they fit, else in two, else shortened."""
        pitch = pitch_of(self.ax, self.places, box.height)
        step = every(pitch)
        limit = self.share * room.width
        limit -= self.pen.widest(self.suffixes, size_in(pitch, self.largest * scale))
        shown, size = self._folded(list(self.names[::step]), step * pitch, self.largest * scale, limit)
        shown = self._with_suffixes(shown, step)
        self._chosen = step, shown, size
        return Margins(left=self.pen.widest(shown, size) + _BETWEEN)

    def _folded(self, names: list[str], pitch: float, largest: float, limit: float) -> tuple[list[str], float]:
        size = size_in(pitch, largest)
        if self.pen.widest(names, size) <= limit:
            return names, size
        small = size_in(pitch, largest, lines=2)
        if pitch >= LINE * 2 * _TWO_LINES:
            lines = [self.pen.wrap(name, small, limit, 2) for name in names]
            if len(set(lines)) == len(set(names)):
                return lines, small
        size = max(SMALLEST, min(size, 0.9 * largest))
        return self.pen.cut_names(names, size, limit), size

    def apply(self, box: Size, margins: Margins) -> None:
        """Write the names."""
        step, shown, size = self._chosen
        names = ["\n".join(map(escape_mathtext, name.split("\n"))) for name in shown]
        self.ax.set_yticks(list(self.places[::step]), names, linespacing=SPACING)
        self.ax.tick_params(axis="y", labelsize=size)


@dataclass(eq=False)
class NamesAbove:
    """Names of the rows 0, 1, … inside the data area, above what is drawn, with its whole width."""

    ax: Axes
    pen: Pen
    names: Sequence[str]
    paper: ColorType
    largest: float = 9.0
    _chosen: tuple[int, list[str], float] = (1, [], SMALLEST)

    def __post_init__(self) -> None:
        self._show(1, list(self.names))

    def measure(self, box: Size, room: Size, scale: float) -> Margins:
        """One line each, at most as wide as the data."""
        pitch = pitch_of(self.ax, range(len(self.names)), box.height)
        step, size = every(pitch), min(size_in(pitch, self.largest * scale), max(SMALLEST, 0.33 * pitch))
        self._chosen = step, self.pen.cut_names([one_line(name) for name in self.names[::step]], size, box.width), size
        return Margins()

    def apply(self, box: Size, margins: Margins) -> None:
        """Write the names."""
        step, shown, size = self._chosen
        self._show(step, shown)
        self.ax.tick_params(axis="y", labelsize=size)

    def _show(self, step: int, names: list[str]) -> None:
        places = [place - 0.32 for place in range(0, len(self.names), step)]
        self.ax.set_yticks(places, [escape_mathtext(name) for name in names], linespacing=SPACING)
        self.ax.tick_params(axis="y", pad=-2)
        for label in self.ax.get_yticklabels():
            label.set_horizontalalignment("left")
            label.set_bbox({"facecolor": self.paper, "edgecolor": "none", "pad": 0.5})  # no grid behind words


@dataclass(eq=False)
class Column:
    """Text at the right of the data, beside its row, under a heading.

    Parameters
    ----------
    ax, pen, places
        As for `RowNames`.
    texts : sequence of str
        Beside each row.
    colour : str
        Of the text.
    heading, faint : str
        What the column contains, and the colour of this.
    shorten : callable, optional
        Makes a text of about so many characters; without it, texts stay whole.
    share : float
        Of the width of all that the column may take.
    all_or_none : bool
        Whether no text is shown unless there is room for all.
    """

    ax: Axes
    pen: Pen
    places: Sequence[float]
    texts: Sequence[str]
    colour: str
    heading: str = ""
    faint: str = ""
    shorten: Callable[[str, int], str] | None = None
    share: float = 0.3
    largest: float = 8.5
    all_or_none: bool = False
    _drawn: list[Text] = field(default_factory=list)
    _head: Text | None = None
    _chosen: tuple[int, list[str], float] = (1, [], SMALLEST)

    def __post_init__(self) -> None:
        beside = self.ax.get_yaxis_transform()
        for place, words in zip(self.places, self.texts, strict=True):
            text = self.ax.text(1, place, escape_mathtext(words), transform=beside, va="center", color=self.colour)
            self._drawn.append(text)
        if self.heading:
            self._head = self.ax.text(1, 1, self.heading, transform=self.ax.transAxes, va="bottom", color=self.faint)

    def measure(self, box: Size, room: Size, scale: float) -> Margins:
        """Smaller, then shortened; left out if neither is enough."""
        pitch = pitch_of(self.ax, self.places, box.height)
        step, limit = every(pitch), self.share * room.width
        shown, size = list(self.texts[::step]), size_in(pitch, self.largest * scale)
        least = SMALLEST if self.shorten is None else max(SMALLEST, 0.75 * size)
        size = max(least, min(size, size * limit / max(self.pen.widest([*shown, self.heading], size), 1)))
        shown = self._shortened(shown, size, limit)
        if (self.shorten is None and self.pen.widest(shown, size) > limit + 1) or (self.all_or_none and step > 1):
            shown = []
        self._chosen = step, shown, size
        if not shown:
            return Margins()
        wide = self.pen.widest([*shown, self.heading], size) + _BETWEEN
        return Margins(right=wide, top=1.3 * size if self.heading else 0.0)

    def _shortened(self, texts: list[str], size: float, limit: float) -> list[str]:
        if self.shorten is None or self.pen.widest(texts, size) <= limit:
            return texts
        low, high = 6, max(map(len, texts))
        while low < high:
            middle = (low + high + 1) // 2
            fits = self.pen.widest([self.shorten(text, middle) for text in texts], size) <= limit
            low, high = (middle, high) if fits else (low, middle - 1)
        return [self.pen.cut(self.shorten(text, low), size, limit) for text in texts]

    def apply(self, box: Size, margins: Margins) -> None:
        """Write the texts and the heading, or hide them."""
        step, shown, size = self._chosen
        gap = 1 + _BETWEEN / box.width
        for place, text in enumerate(self._drawn):
            visible = bool(shown) and place % step == 0
            text.set_visible(visible)
            if visible:
                text.set(text=escape_mathtext(shown[place // step]), fontsize=size, x=gap)
        if self._head is not None:
            self._head.set(visible=bool(shown), fontsize=size, x=gap, y=1 + 0.15 * size / box.height)


@dataclass(eq=False)
class Ends:
    """Numbers at the ends of horizontal bars from 0; the axis is as long as they need.

    Parameters
    ----------
    ax, pen, places
        As for `RowNames`.
    lengths : sequence of float
        Of the bars.
    variants : sequence of sequence of str
        Texts of all bars, the longest first; shorter ones are used if there is less room.
    """

    ax: Axes
    pen: Pen
    places: Sequence[float]
    lengths: Sequence[float]
    variants: Sequence[Sequence[str]]
    colour: str
    largest: float = 9.0
    _drawn: list[Text] = field(default_factory=list)
    _chosen: tuple[int, Sequence[str], float] = (1, [], SMALLEST)
    _limit: float = 0.0

    def __post_init__(self) -> None:
        for place, length, words in zip(self.places, self.lengths, self.variants[0], strict=True):
            self._drawn.append(self.ax.text(length, place, words, va="center", color=self.colour, zorder=3))
        self._extend(1.22 * max([*self.lengths, 1]))

    def measure(self, box: Size, room: Size, scale: float) -> Margins:
        """Choose a variant, and make the axis long enough for it."""
        pitch = pitch_of(self.ax, self.places, box.height)
        size = size_in(pitch, self.largest * scale)
        for words in self.variants:
            self._chosen = every(pitch), words, size
            ends = [
                (length, self.pen.width(f" {word} ", size)) for length, word in zip(self.lengths, words, strict=True)
            ]
            if all(wide <= 0.5 * box.width for _, wide in ends):
                break
        most = max([*self.lengths, 1])
        self._extend(max(most, *(length / (1 - min(wide / box.width, 0.8)) for length, wide in ends)))
        return Margins()

    def _extend(self, limit: float) -> None:
        if not self._limit or self.ax.get_xlim() == (0, self._limit):  # not changed by the caller
            self.ax.set_xlim(0, limit)
            self._limit = limit

    def apply(self, box: Size, margins: Margins) -> None:
        """Write the numbers."""
        step, words, size = self._chosen
        for place, text in enumerate(self._drawn):
            text.set(text=f" {words[place]}", fontsize=size, visible=place % step == 0)
