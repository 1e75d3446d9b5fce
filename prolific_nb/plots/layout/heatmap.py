"""Heat maps of tables: one hue on the background colour, with numbers in the cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .cells import CellWords, ColumnNames
from .colours import Palette, luminance
from .fit import Part
from .pen import Pen
from .rows import RowNames

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap
    from matplotlib.typing import ColorType

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[Any]


def ramp(colours: Palette, faintest: float = 0.0) -> Colormap:
    """Colours for shares from 0 to 1; `faintest` is how much of the hue a share of 0 has."""
    from matplotlib.colors import LinearSegmentedColormap, to_rgb

    paper, full = np.array(to_rgb(colours.paper)), np.array(to_rgb(colours.series[0]))
    return LinearSegmentedColormap.from_list("share", [tuple(paper + faintest * (full - paper)), tuple(full)])


def cells_that_fit(ax: Axes, most: int) -> int:
    """How many rows and columns of a heat map these Axes have room for, next to the names below it."""
    high = 72 * ax.get_window_extent().height / ax.figure.dpi
    return max(4, min(most, int((high - 83) / 4.6)))


def heat(ax: Axes, shares: Floats, variants: Sequence[Words], colour_of: Colormap, pen: Pen) -> Part:
    """Draw a square table of shares from 0 to 1; cells of nan stay empty.

    `variants` are tables of the text in the cells, the longest first; the first that fits is shown.
    """
    ax.imshow(np.ma.masked_invalid(shares), cmap=colour_of, vmin=0, vmax=1, aspect="auto", interpolation="nearest")
    filled = [(row, column) for row, column in np.ndindex(*shares.shape) if variants[0][row, column]]
    texts = []
    for row, column in filled:
        ink = _contrast(colour_of(float(shares[row, column])))
        words = str(variants[0][row, column])
        texts.append(ax.text(column, row, words, ha="center", va="center", color=ink))
    shown = [[str(table[cell]) for cell in filled] for table in variants]
    return CellWords(ax, pen, len(shares), texts, shown)


def grid(ax: Axes, names: Sequence[str], colours: Palette, pen: Pen) -> list[Part]:
    """Thin lines between the cells, so that empty cells are visible, and names along both axes."""
    n = len(names)
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_xlim(-0.5, n - 0.5)
    ax.set_ylim(n - 0.5, -0.5)
    if n <= 20:
        for edge in np.arange(n + 1) - 0.5:
            ax.axhline(edge, color=colours.grid, linewidth=0.6, zorder=1.5)
            ax.axvline(edge, color=colours.grid, linewidth=0.6, zorder=1.5)
    return [RowNames(ax, pen, range(n), names, 8.5, 0.3), ColumnNames(ax, pen, names)]


def _contrast(cell: ColorType) -> str:
    """White or black, whichever is legible on the cell: one of them always has a contrast of at least 4.5."""
    return "#000000" if luminance(cell) > 0.179 else "#FFFFFF"
