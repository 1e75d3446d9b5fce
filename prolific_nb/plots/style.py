"""Shared by all plots: the Axes with their colours, their words, and the layout that follows their size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from weakref import WeakSet

from ..common.plurals import a_type
from ..errors import ArgumentError, ArgumentTypeError
from .layout.colours import Palette, colours_on
from .layout.fit import Fit, Part, Words
from .layout.inside import Statement
from .layout.pen import Pen

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

SIZE = (6.0, 4.0)  # inches
MARKERS = ("o", "s", "D", "^", "v")

growing: WeakSet[Any] = WeakSet()
"""Figures that become as high as the plot in them needs; they contain nothing else."""


@dataclass(frozen=True)
class Look:
    """What the caller chose: the title, the note, and the colours."""

    title: str | Literal[True] | None = True
    note: str | None = None
    palette: ColorType | Sequence[ColorType] | None = None

    def __post_init__(self) -> None:
        if not (self.title is None or self.title is True or isinstance(self.title, str)):
            raise ArgumentTypeError(
                f"title={self.title!r} is {a_type(self.title)}. Pass a string, None for no title, or omit it."
            )

    def heading(self, *finding: str) -> tuple[str, ...]:
        """What is shown above the plot."""
        if self.title is True:
            return finding
        return (self.title,) if self.title else ()


@dataclass(frozen=True)
class Canvas:
    """The Axes that a plot draws on, and the colours for their background."""

    ax: Axes
    colours: Palette
    look: Look

    @classmethod
    def on(cls, ax: Axes | None, look: Look, height: float | None = None) -> Canvas:
        """On the Axes given, or on those of a new figure that is at least so many inches high."""
        if ax is not None and not hasattr(ax, "get_facecolor"):
            raise ArgumentTypeError(f"ax={ax!r} is not matplotlib Axes. Omit it, or pass Axes of a figure of your own.")
        if ax is None:
            from matplotlib import pyplot as plt

            _, ax = plt.subplots(figsize=(SIZE[0], max(SIZE[1], height or 0)), layout="constrained")
        elif ax.figure in growing:
            _grow(ax.figure, height)
        colours = colours_on(ax, look.palette)
        ax.tick_params(axis="both", which="both", colors=colours.ink, length=0, labelsize=8.5)
        for spine in ax.spines.values():
            spine.set_color(colours.faint)
        return cls(ax, colours, look)

    def pen(self, texts: Iterable[object] = ()) -> Pen:
        """Measures text in the fonts that these texts, title and note need."""
        return Pen.for_text([*texts, self.look.title, self.look.note])

    def empty(self, words: str) -> Axes:
        """State why there is nothing to draw."""
        said = tuple(filter(None, (words, self.look.note)))
        pen = self.pen()
        title = () if self.look.title is True else self.look.heading()
        statement = Statement(self.ax, pen, said, self.colours.ink)
        self._fit(Words("Plot without data", said, title), [statement], pen)
        return self.ax

    def finish(
        self,
        kind: str,
        finding: str,
        axis: str,
        parts: Sequence[Part],
        pen: Pen,
        *,
        about: str = "",
        y: str = "",
        values: Sequence[str] = (),
    ) -> Axes:
        """Title with the finding, labels of the axes, and the note below; each plot ends with it."""
        words = tuple(filter(None, (finding, about)))
        below = tuple(filter(None, (axis, self.look.note)))
        self._fit(Words(kind, words, self.look.heading(*words), below, y, tuple(values)), parts, pen)
        return self.ax

    def _fit(self, words: Words, parts: Sequence[Part], pen: Pen) -> None:
        Fit(self.ax, words, pen, self.colours.ink, parts).start()


def _grow(figure: Any, height: float | None) -> None:
    """Make the figure as high as its rows need, or of the usual shape; narrow figures wrap text in more lines."""
    width = figure.get_figwidth()
    needed = width * SIZE[1] / SIZE[0] if height is None else height + 0.15 * max(0.0, SIZE[0] - width)
    figure.set_figheight(max(figure.get_figheight(), needed))


def apply_grid(ax: Axes, colours: Palette, axis: Literal["x", "y"], keep: tuple[str, ...] = ("bottom",)) -> None:
    """Grid lines behind the data along one axis; spines other than `keep` are hidden."""
    ax.grid(axis=axis, color=colours.grid, linewidth=0.7)
    ax.set_axisbelow(True)
    for side, spine in ax.spines.items():
        spine.set_visible(side in keep)


def require_columns(table: pd.DataFrame, columns: tuple[str, ...], made_by: str) -> None:
    """Raise if this is not a table with all of these columns; `made_by` names what returns such a table."""
    if not hasattr(table, "columns"):
        raise ArgumentError(f"{table!r:.80} is {a_type(table)}, not a table. Pass the result of {made_by}.")
    if repeated := [name for name in columns if list(table.columns).count(name) > 1]:
        names = ", ".join(map(repr, repeated))
        raise ArgumentError(f"The table has several columns named {names}. Rename all but one of them.")
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise ArgumentError(f"The table has no column {', '.join(map(repr, missing))}; pass the result of {made_by}.")
