"""Heat maps of tables: one hue on the background colour, with numbers in the cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .style import Palette, shorten_names, wrap_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

Floats = npt.NDArray[np.float64]

_LETTER = 0.08  # width in inches of a letter of 8.5 points
# Share of the initial width and height of the Axes that is left after layout with names and a title.
_LEFT = 0.9, 0.8


def ramp(colours: Palette, faintest: float = 0.0) -> Colormap:
    """Colours for shares from 0 to 1; `faintest` is how much of the hue a share of 0 has."""
    from matplotlib.colors import LinearSegmentedColormap, to_rgb

    paper, full = np.array(to_rgb(colours.paper)), np.array(to_rgb(colours.series[0]))
    return LinearSegmentedColormap.from_list("share", [tuple(paper + faintest * (full - paper)), tuple(full)])


def heat(
    ax: Axes, shares: Floats, words: npt.NDArray[Any], names: Sequence[object], colours: Palette, colour_of: Colormap
) -> None:
    """Draw a square table of shares from 0 to 1; cells of nan stay empty, and `words` are written in the cells."""
    from matplotlib.colors import to_rgb

    ax.imshow(np.ma.masked_invalid(shares), cmap=colour_of, vmin=0, vmax=1, aspect="auto", interpolation="nearest")
    n = len(names)
    grid(ax, n, colours)
    tick_names(ax, names)
    size = 9 if n <= 6 else 7 if n <= 12 else 6
    for row, column in np.ndindex(n, n):
        if words[row, column]:
            ink = _contrast(to_rgb(colour_of(float(shares[row, column]))))
            ax.text(column, row, str(words[row, column]), ha="center", va="center", fontsize=size, color=ink)


def grid(ax: Axes, n: int, colours: Palette) -> None:
    """Thin lines between the cells, so that empty cells are visible."""
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_xlim(-0.5, n - 0.5)
    ax.set_ylim(n - 0.5, -0.5)
    if n <= 20:
        for edge in np.arange(n + 1) - 0.5:
            ax.axhline(edge, color=colours.grid, linewidth=0.6, zorder=1.5)
            ax.axvline(edge, color=colours.grid, linewidth=0.6, zorder=1.5)


def tick_names(ax: Axes, names: Sequence[object]) -> None:
    """Names along both axes: in two lines if cells are large, else in one, and rotated if they are narrow."""
    n = len(names)
    box = ax.get_window_extent()
    inches = np.multiply(_LEFT, (box.width, box.height)) / ax.figure.dpi
    wide, high = inches / n  # of each cell
    size = min(8.5, max(5.0, 72 * 0.9 * min(high, wide)))
    beside = _folded(names, 16) if high > 0.35 else shorten_names(names, 16 if n <= 12 else 12)
    ax.set_yticks(range(n), beside, fontsize=size)
    room = int(wide / _LETTER) - 1
    # Rotated names take room from the data, so names that are short enough are horizontal, in up to two lines.
    below = [wrap_text(name, max(room, 1), 2) for name in names]
    if not any("…" in name for name in below) and len(set(below)) == len(set(names)):
        ax.set_xticks(range(n), below, fontsize=size)
    elif room > 8:
        ax.set_xticks(range(n), _folded(names, room), fontsize=size)
    else:
        ax.set_xticks(range(n), shorten_names(names, 12), fontsize=size, rotation=90)


def _folded(names: Sequence[object], width: int) -> list[str]:
    """Names in two lines, or in one if they would not be distinct in two."""
    lines = [wrap_text(name, width, 2) for name in names]
    return lines if len(set(lines)) == len(set(names)) else shorten_names(names, width)


def _contrast(cell: tuple[float, float, float]) -> str:
    """White or black, whichever is legible on the cell: one of them always has a contrast of at least 4.5."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in cell]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]  # relative luminance, WCAG 2
    return "#000000" if light > 0.179 else "#FFFFFF"
