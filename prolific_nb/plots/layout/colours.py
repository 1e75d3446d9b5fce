"""Colours of plots for light and dark backgrounds, with enough contrast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ...errors import ArgumentError, ArgumentTypeError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

# Okabe & Ito (2008), distinguishable with all common kinds of colour vision; per background those with enough contrast.
_ON_LIGHT = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8A6A00")
_ON_DARK = ("#56B4E9", "#E69F00", "#2BC49A", "#E59BC4", "#F0E442")
_LEAST = 3.0  # of graphical objects, WCAG 2.1, 1.4.11


@dataclass(frozen=True)
class Palette:
    """Colours that are legible on a background.

    Parameters
    ----------
    paper : color
        The background.
    ink, faint, grid : str
        For text, for secondary text, and for lines behind the data.
    series : tuple of color
        For the data; the default is safe for colour-blind readers.
    """

    paper: ColorType
    ink: str
    faint: str
    grid: str
    series: tuple[ColorType, ...]


def colours_on(ax: Axes, chosen: ColorType | Sequence[ColorType] | None = None) -> Palette:
    """Colours for the background of `ax`: its own face, or the figure's where that is transparent."""
    from matplotlib.colors import to_rgba

    own, behind = ax.get_facecolor(), ax.figure.get_facecolor()
    paper = own if to_rgba(own)[3] > 0.5 else behind
    if luminance(paper) < 0.214:  # of a grey in the middle, #808080
        colours = Palette(paper, "#F2F2F2", "#B8B8B8", "#4A4A4A", _ON_DARK)
    else:
        colours = Palette(paper, "#1A1A1A", "#595959", "#D9D9D9", _ON_LIGHT)
    return colours if chosen is None else replace(colours, series=_checked(chosen, paper))


def _checked(chosen: ColorType | Sequence[ColorType], paper: ColorType) -> tuple[ColorType, ...]:
    from matplotlib.colors import is_color_like, to_hex

    series: Any = (chosen,) if isinstance(chosen, str) or is_color_like(chosen) else chosen
    if not isinstance(series, Sequence) or not series:
        raise ArgumentTypeError(f"palette={chosen!r} is not a list of colours. Pass one or more, such as ['#0072B2'].")
    for colour in series:
        if not is_color_like(colour):
            raise ArgumentError(f"palette contains {colour!r}, which is not a colour. Pass names or codes (#0072B2).")
        if contrast(colour, paper) < _LEAST:
            raise ArgumentError(
                f"palette: {colour!r} has a contrast of {contrast(colour, paper):.1f}:1 with the background "
                f"{to_hex(paper)}; marks need {_LEAST:.0f}:1. Pass a colour that differs more, or other Axes."
            )
    return tuple(series)


def contrast(one: ColorType, other: ColorType) -> float:
    """Ratio of luminances, from 1 to 21, as WCAG 2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: ColorType) -> float:
    """Relative luminance from 0 to 1, as WCAG 2 defines it."""
    from matplotlib.colors import to_rgb

    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in to_rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
