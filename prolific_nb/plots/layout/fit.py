"""The layout of a plot inside the part of a figure that belongs to its Axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from .names import escape_mathtext
from .pen import LINE, SPACING, Pen
from .region import region_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.transforms import Bbox

# Sizes relative to the largest, tried in turn until this share of the width and of the height is left for the data.
_SCALES = (1.0, 0.92, 0.85, 0.8, 0.75, 0.7)
_DATA = 0.33, 0.42
_GROWTH = 1.8  # the largest size relative to that of the Axes, if both are 1 at 6 × 4 inches
_TITLE, _LABEL = 10.0, 8.5  # largest sizes in points
_THINNEST = 0.55  # smallest marks, relative to those of the largest size
_EDGE = 3.0  # points between the text and the border of the region
_GAP = 6.0  # points between the title and what is below it
_PAD = 4.0  # points between an axis and its label, as in matplotlib


@dataclass(frozen=True)
class Size:
    """Width and height in points."""

    width: float
    height: float


_LARGE = Size(6.0 * 72, 4.0 * 72)


@dataclass(frozen=True)
class Margins:
    """Room in points that text takes beside the data."""

    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0

    def or_more(self, other: Margins) -> Margins:
        """The larger of both on each side."""
        pairs = ((getattr(self, side), getattr(other, side)) for side in ("left", "right", "top", "bottom"))
        return Margins(*map(max, pairs))


class Marks:
    """Dots and lines that become smaller and thinner on small Axes."""

    def __init__(self, artists: Sequence[Any]) -> None:
        names = "linewidth", "markersize", "sizes"
        self._first = [
            (artist, {name: getattr(artist, f"get_{name}")() for name in names if hasattr(artist, f"get_{name}")})
            for artist in artists
        ]

    def resize(self, share: float) -> None:
        """Set the sizes for Axes of this share of the largest size."""
        factor = max(_THINNEST, min(1.0, share))
        for artist, first in self._first:
            for name, value in first.items():
                artist.set(**{name: np.multiply(value, factor**2 if name == "sizes" else factor)})


class Part(Protocol):
    """Text of one kind, such as the names of the rows."""

    def measure(self, box: Size, room: Size, scale: float) -> Margins:
        """Choose how the text is shown if the data have the area `box`; return the room that it needs beside them."""
        ...

    def apply(self, box: Size, margins: Margins) -> None:
        """Show the text as chosen."""
        ...


@dataclass(frozen=True)
class Words:
    """What a plot says in sentences.

    Parameters
    ----------
    kind : str
        What is drawn, such as "Bar chart of labels".
    finding : tuple of str
        The finding, and what it is about.
    title : tuple of str
        What is shown above: the finding, another text, or nothing.
    below : tuple of str
        The label of the x axis, and the note.
    beside : str
        The label of the y axis.
    values : tuple of str
        What is drawn, row by row, for the alternative text.
    """

    kind: str
    finding: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    beside: str = ""
    values: tuple[str, ...] = ()


@dataclass(eq=False)
class Fit:
    """Locator of Axes that leaves room for their text; matplotlib calls it before each drawing.

    Text that was changed after the plot was made stays as it is.
    """

    ax: Axes
    words: Words
    pen: Pen
    ink: str
    parts: Sequence[Part] = ()
    _marks: Marks = field(default_factory=lambda: Marks(()))
    _key: Any = None
    _margins: Margins = field(default_factory=Margins)
    _shown: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Show all text in full, and the layout from the first drawing on."""
        self._write("title", "\n".join(map(escape_mathtext, self.words.title)), _TITLE)
        self._write("below", "\n".join(map(escape_mathtext, self.words.below)), _LABEL)
        self._write("beside", escape_mathtext(self.words.beside), _LABEL)
        if len(self.pen.family) > 1:
            for text in (self.ax._left_title, self.ax.xaxis.label, self.ax.yaxis.label, *self.ax.texts):  # type: ignore[attr-defined]
                text.set_fontfamily(list(self.pen.family))
            self.ax.tick_params(labelfontfamily=list(self.pen.family))
        self._marks = Marks([*self.ax.lines, *self.ax.collections])
        for text in self.ax.texts:
            text.set_linespacing(SPACING)
        self.ax.set_axes_locator(self)

    def __call__(self, ax: Any, renderer: Any = None) -> Bbox:
        """Where the data are drawn, in units of the figure."""
        from matplotlib.transforms import Bbox

        region = region_of(ax)
        inches = ax.figure.bbox.width / ax.figure.dpi, ax.figure.bbox.height / ax.figure.dpi
        wide, high = 72 * inches[0], 72 * inches[1]
        room = Size(region.width * wide - 2 * _EDGE, region.height * high - 2 * _EDGE)
        key = round(room.width, 1), round(room.height, 1), float(ax.figure.dpi)
        if key != self._key:
            self._key, self.pen.dpi = key, key[2]
            self._margins = self._fit(room)
        margins = self._margins
        return Bbox.from_extents(
            region.x0 + (_EDGE + margins.left) / wide,
            region.y0 + (_EDGE + margins.bottom) / high,
            region.x1 - (_EDGE + margins.right) / wide,
            region.y1 - (_EDGE + margins.top) / high,
        )

    def get_subplotspec(self) -> Any:
        """The cell of the grid; ``tight_layout`` asks the locator for it."""
        return self.ax.get_subplotspec()

    def _fit(self, room: Size) -> Margins:
        share = min(room.width / _LARGE.width, room.height / _LARGE.height)
        for scale in [each for each in _SCALES if each <= max(0.8, _GROWTH * share)]:
            box, inner, texts = self._try(room, scale)
            if box.width >= _DATA[0] * room.width and box.height >= _DATA[1] * room.height:
                break
        self._marks.resize(share)
        left = room.width - box.width - inner.right
        for part in self.parts:
            part.apply(box, Margins(left, inner.right, inner.top, inner.bottom))
        title, below, beside = texts
        self._write("title", title, _TITLE * scale, x=-left / box.width, pad=inner.top + _GAP * scale)
        self._write("below", below, _LABEL * scale, x=self._start_of(below, _LABEL * scale, box, inner, left))
        self._write("beside", beside, _LABEL * scale)
        top = inner.top + self._high(title, _TITLE * scale, _GAP * scale)
        return Margins(left, inner.right, top, room.height - box.height - top)

    def _try(self, room: Size, scale: float) -> tuple[Size, Margins, tuple[str, str, str]]:
        """The area of the data, the room for the parts beside it, and the wrapped sentences."""
        box = Size(0.6 * room.width, 0.55 * room.height)
        title = self._wrapped("title", self.words.title, _TITLE * scale, room.width, 0.36 * room.height)
        below = self._wrapped("below", self.words.below, _LABEL * scale, room.width, 0.3 * room.height)
        above = self._high(title, _TITLE * scale, _GAP * scale)
        under = self._high(below, _LABEL * scale, _PAD)
        for _ in range(3):
            beside = self._wrapped("beside", (self.words.beside,), _LABEL * scale, box.height, 0.16 * room.width)
            inner = Margins(top=2, right=2)
            for part in self.parts:
                inner = inner.or_more(part.measure(box, room, scale))
            left = inner.left + self._high(beside, _LABEL * scale, _PAD)
            box = Size(
                max(room.width - left - inner.right, 0.1 * room.width),
                max(room.height - above - inner.top - inner.bottom - under, 0.1 * room.height),
            )
        return box, inner, (title, below, beside)

    def _wrapped(self, name: str, texts: Sequence[str], size: float, room: float, high: float) -> str:
        """The texts as lines; the first has as many as there is room for, the others up to two of those left."""
        if self._is_changed(name):
            return str(self._artist(name).get_text())
        lines: list[str] = []
        left = max(1, int(high / (LINE * size)))
        for later, text in enumerate(texts, 1 - len(texts)):
            if text and left > 0:
                most = left + later if not lines else min(2, left + later)
                wrapped = self.pen.wrap(text, size, room, max(1, most))
                lines += wrapped.split("\n")
                left -= wrapped.count("\n") + 1
        return "\n".join(map(escape_mathtext, lines))

    def _start_of(self, below: str, size: float, box: Size, inner: Margins, left: float) -> float:
        """Where the label of the x axis begins, in units of the axis: with the axis if it fits there."""
        over = self.pen.width(below, size) - box.width - inner.right
        return -min(max(over, 0.0), left) / box.width

    def _high(self, text: str, size: float, gap: float) -> float:
        return gap + LINE * size * (text.count("\n") + 1) if text else 0.0

    def _artist(self, name: str) -> Any:
        ax: Any = self.ax
        return {"title": ax._left_title, "below": ax.xaxis.label, "beside": ax.yaxis.label}[name]

    def _is_changed(self, name: str) -> bool:
        return bool(self._artist(name).get_text() != self._shown[name])

    def _write(self, name: str, text: str, size: float, *, x: float = 0.0, pad: float = _GAP) -> None:
        if name in self._shown and self._is_changed(name):
            return
        self._shown[name] = text
        if name == "title":
            self.ax.set_title(text, loc="left", color=self.ink, fontsize=size, linespacing=SPACING, pad=pad, x=x)
        elif name == "below":
            self.ax.set_xlabel(text, loc="left", color=self.ink, fontsize=size, linespacing=SPACING)
            self.ax.xaxis.label.set_x(x)
        else:
            self.ax.set_ylabel(text, color=self.ink, fontsize=size, linespacing=SPACING)
