"""Tables as heat maps: one hue from the paper to the ink of a series, with the numbers written in the cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .style import Palette, fold

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = npt.NDArray[np.float64]


def heat(ax: Axes, shares: Floats, words: npt.NDArray[Any], names: Sequence[object], colours: Palette) -> None:
    """Draw a square table of shares from 0 to 1; nan leaves the cell empty, `words` stand in the cells."""
    from matplotlib.colors import LinearSegmentedColormap, to_rgb

    ramp = LinearSegmentedColormap.from_list("share", [to_rgb(colours.paper), to_rgb(colours.series[0])])
    ax.imshow(np.ma.masked_invalid(shares), cmap=ramp, vmin=0, vmax=1, aspect="auto", interpolation="nearest")
    n = len(names)
    _lines(ax, n, colours)
    _names(ax, names)
    size = 9 if n <= 6 else 7 if n <= 12 else 6
    for row, column in np.ndindex(n, n):
        if words[row, column]:
            ink = _contrast(to_rgb(ramp(float(shares[row, column]))))
            ax.text(column, row, str(words[row, column]), ha="center", va="center", fontsize=size, color=ink)


def _contrast(cell: tuple[float, float, float]) -> str:
    """White or near black, whichever can be read on the cell."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in cell]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]  # relative luminance, WCAG 2
    return "#1A1A1A" if light > 0.179 else "#FFFFFF"


def _lines(ax: Axes, n: int, colours: Palette) -> None:
    """Thin lines between the cells, so that empty ones are seen as cells."""
    for spine in ax.spines.values():
        spine.set_visible(False)
    if n <= 20:
        for edge in np.arange(n + 1) - 0.5:
            ax.axhline(edge, color=colours.grid, linewidth=0.6)
            ax.axvline(edge, color=colours.grid, linewidth=0.6)


def _names(ax: Axes, names: Sequence[object]) -> None:
    n = len(names)
    if n > 40:
        ax.set_xticks([])
        ax.set_yticks([])
        return
    size = 8.5 if n <= 12 else 6
    width = max(6, 60 // max(n, 1)) if n <= 6 else 9
    ax.set_yticks(range(n), [fold(name, 16, 2) for name in names], fontsize=size)
    ax.set_xticks(range(n), [fold(name, width, 2) for name in names], fontsize=size, rotation=90 if n > 6 else 0)
