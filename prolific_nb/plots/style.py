"""Shared by all plots: the canvas, colours for light and dark backgrounds, and text that is drawn as written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from textwrap import shorten, wrap
from typing import TYPE_CHECKING, Literal

from ..common.plurals import a_type
from ..errors import ArgumentError, ArgumentTypeError

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

# Okabe & Ito (2008), distinguishable with all common kinds of colour vision; per background those with enough contrast.
_ON_LIGHT = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00")
_ON_DARK = ("#56B4E9", "#E69F00", "#2BC49A", "#E59BC4", "#F0E442")

SIZE = (6.0, 4.0)  # inches
MARKERS = ("o", "s", "D", "^", "v")


@dataclass(frozen=True)
class Palette:
    """Colours that are legible on a background.

    Parameters
    ----------
    paper : color
        The background.
    ink, faint, grid : str
        For text, for secondary text, and for lines behind the data.
    series : tuple of str
        For the data; safe for colour-blind readers.
    """

    paper: ColorType
    ink: str
    faint: str
    grid: str
    series: tuple[str, ...]


def palette(ax: Axes) -> Palette:
    """Colours for the background of `ax`: its own face, or the figure's where that is transparent."""
    from matplotlib.colors import to_rgb, to_rgba

    own, behind = ax.get_facecolor(), ax.figure.get_facecolor()
    paper = own if to_rgba(own)[3] > 0.5 else behind
    red, green, blue = to_rgb(paper)
    if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.5:  # luminance, Rec. 709
        return Palette(paper, "#F2F2F2", "#B8B8B8", "#4A4A4A", _ON_DARK)
    return Palette(paper, "#1A1A1A", "#595959", "#D9D9D9", _ON_LIGHT)


def escape_mathtext(text: object) -> str:
    r"""Escape text from data, so that it is drawn as written and never as mathematics.

    Matplotlib decides when it draws, which may be long after the plot was made, so each dollar sign is escaped.

    Examples
    --------
    >>> print(escape_mathtext("$5 or $6?"))
    \$5 or \$6?
    """
    from matplotlib import rcParams  # imported late, so that importing the plots stays fast

    line = " ".join(str(text).split())
    return line.replace("$", r"\$") if rcParams["text.parse_math"] else line


def wrap_text(text: object, width: int, lines: int) -> str:
    r"""Escaped text on at most `lines` lines of about `width` characters; longer text ends in an ellipsis.

    Examples
    --------
    >>> print(wrap_text("How does the writer of this review feel about the product?", width=24, lines=2))
    How does the writer of
    this review feel about…
    >>> wrap_text("It wins 86 % of all", width=10, lines=2).split("\n")
    ['It wins', '86 % of…']
    >>> wrap_text("yes ×4, no ×1", width=10, lines=2).split("\n")
    ['yes ×4,', 'no ×1']
    """
    # A non-breaking space keeps a number and its unit on one line; escaping turns it into a plain one again.
    words = " ".join(str(text).split()).replace(" %", "\u00a0%").replace(" ×", "\u00a0×")
    broken = wrap(words, width)
    if len(broken) > lines:
        rest = shorten(" ".join(broken[lines - 1 :]), width, placeholder="…")
        broken = [*broken[: lines - 1], rest if rest != "…" else broken[lines - 1][: width - 1] + "…"]
    return "\n".join(escape_mathtext(line) for line in broken)


def shorten_names(names: Iterable[object], width: int) -> list[str]:
    """Escaped names on one line each, cut where they stay distinct: at the end, in the middle, at the start or both.

    Examples
    --------
    >>> shorten_names(["the first review", "the second review", "new"], width=10)
    ['the first…', 'the secon…', 'new']
    >>> shorten_names(["5f3c9a00b7d14e001", "5f3c9a00b7d14e002"], width=8)
    ['5f3c…001', '5f3c…002']
    >>> shorten_names(["subject number 1, in detail", "subject number 2, in detail"], width=8)
    ['…1, in …', '…2, in …']
    """
    return [escape_mathtext(each) for each in cut_names([" ".join(str(name).split()) for name in names], width)]


def cut_names(full: list[str], width: int) -> list[str]:
    """As `shorten_names`, without escaping."""
    cut = full
    for head in (width - 1, width // 2, 0):
        tail = width - 1 - head
        cut = [each if len(each) <= width else f"{each[:head]}…{each[len(each) - tail :]}" for each in full]
        if len(set(cut)) == len(set(full)):
            return cut
    long = zip(*(each for each in full if len(each) > width), strict=False)
    shared = sum(1 for _ in takewhile(lambda letters: len(set(letters)) == 1, long))
    cut = [each if len(each) <= width else f"…{each[shared : shared + width - 2]}…" for each in full]
    if len(set(cut)) == len(set(full)):
        return cut
    number = {name: place for place, name in enumerate(dict.fromkeys(full), 1)}
    return [each if len(each) <= width else f"{each[: width - 5]}… {number[each]}" for each in full]


def room(ax: Axes, letters: int) -> int:
    """How many of the letters that fit on Axes of the default width fit on these."""
    inches = ax.get_window_extent().width / ax.figure.dpi
    return max(12, int(letters * min(1.0, inches / (0.775 * SIZE[0]))))


def size_of_names(ax: Axes, lines: int, largest: float) -> float:
    """Size in points at which so many lines of names fit beside the Axes."""
    inches = ax.get_window_extent().height / ax.figure.dpi
    return min(largest, max(3.5, 72 * inches / max(lines, 1) / 1.15))


def whole_numbers(ax: Axes) -> None:
    """Whole numbers along the y axis, with thousands separators."""
    from matplotlib.ticker import MaxNLocator

    ax.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, steps=[1, 2, 2.5, 5, 10]))
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:,.0f}")


@dataclass(frozen=True)
class Canvas:
    """The Axes that a plot draws on, with the colours for its background and the note below it."""

    ax: Axes
    colours: Palette
    note: str | None

    @classmethod
    def on(cls, ax: Axes | None, note: str | None, height: float = SIZE[1]) -> Canvas:
        """On the Axes given, or on those of a new figure of this height in inches."""
        if ax is not None and not hasattr(ax, "get_facecolor"):
            raise ArgumentTypeError(f"ax={ax!r} is not matplotlib Axes. Omit it, or pass Axes of a figure of your own.")
        if ax is None:
            from matplotlib import pyplot as plt

            _, ax = plt.subplots(figsize=(SIZE[0], max(SIZE[1], height)), layout="constrained")
        colours = palette(ax)
        ax.tick_params(axis="both", which="both", colors=colours.ink, length=0, labelsize=8.5)
        for spine in ax.spines.values():
            spine.set_color(colours.faint)
        return cls(ax, colours, note)

    def empty(self, words: str) -> Axes:
        """State why there is nothing to draw."""
        ax, ink = self.ax, self.colours.ink
        ax.set_axis_off()
        ax.text(0, 0.5, wrap_text(words, room(ax, 66), 3), transform=ax.transAxes, color=ink, fontsize=10, va="center")
        if self.note:
            ax.text(0, 0.02, wrap_text(self.note, room(ax, 88), 2), transform=ax.transAxes, color=ink, fontsize=8.5)
        return ax

    def finish(self, finding: str, axis: str, *, y: str = "") -> Axes:
        """Title with the finding, labels of the axes, and the note below; call it after the tick labels are set."""
        ax, ink = self.ax, self.colours.ink
        # All are aligned with the data: the longer the names beside them, the less room there is.
        labels = ax.get_yticklabels()
        names = [line for label in labels for line in label.get_text().split("\n")]
        for label in labels:
            label.set_fontsize(size_of_names(ax, len(names), float(label.get_fontsize())))
        narrow = room(ax, 68) < 68
        taken = int((1.0 if narrow else 0.8) * max(map(len, names), default=0)) + (3 if narrow and y else 0)
        lines = 5 if narrow else 3  # rather more lines than a finding without its number
        below = "\n".join(wrap_text(each, max(16, room(ax, 86) - taken), lines) for each in (axis, self.note) if each)
        ax.set_title(_even(finding, max(16, room(ax, 68) - taken), lines), loc="left", color=ink, fontsize=10, pad=8)
        ax.set_xlabel(below, loc="left", color=ink, fontsize=8.5)
        ax.set_ylabel(y, color=ink, fontsize=8.5)
        return ax


def _even(text: str, width: int, most: int) -> str:
    """Text on up to `most` lines of similar length, so that no line has a single word."""
    lines = wrap_text(text, width, most)
    for narrower in range(width - 1, width // 2, -1):
        tried = wrap_text(text, narrower, most)
        if tried.count("\n") > lines.count("\n") or tried.split() != lines.split():
            break
        lines = tried
    return lines


def column_heading(ax: Axes, colours: Palette, words: str, rows: int) -> None:
    """Heading above the column beside rows 0, 1, … from the top, with room for it."""
    ax.set_ylim(rows - 0.4, -max(0.7, 0.1 + 0.075 * rows))
    ax.text(1.01, 0.995, words, transform=ax.transAxes, va="top", fontsize=8, color=colours.faint)


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


def name_of(value: object, width: int = 28, among: Iterable[object] = ()) -> str:
    """A name in quotes, shortened for a title, but not to what another one would be shortened to.

    Examples
    --------
    >>> name_of("the first of many reviews", 16)
    '“the first of…”'
    >>> name_of("the first of many reviews", 16, among=["the first of several"])
    '“the first of ma…”'
    """
    name, *others = (" ".join(str(each).split()) for each in (value, *among))
    short = shorten(name, width, placeholder="…") or "…"
    others = [each for each in others if each != name]
    if any(shorten(each, width, placeholder="…") == short for each in others):
        short = cut_names([name, *others], width)[0]
    return f"“{short}”"
