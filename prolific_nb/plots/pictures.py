"""Plots as files: SVG with text as text, PNG at a given width, and the alternative text of either."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from ..common.plurals import a_type
from ..errors import ArgumentError, ArgumentTypeError
from .layout.fit import Fit
from .style import growing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ROWS = 12  # rows of which the alternative text gives the values
# matplotlib's settings, fonts and glyphs are shared by all threads.
drawing = Lock()


def alt_text(ax: Axes | Figure) -> str:
    """Alternative text of a plot: what is drawn, the finding, the axes, and the values of up to 12 rows.

    Parameters
    ----------
    ax : Axes or Figure
        As returned by a function of `prolific_nb.plots`, or the figure with one or several of these.

    Returns
    -------
    str
        The same for any `title`.

    Raises
    ------
    ValueError
        No such plot is there.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from prolific_nb import plots
    >>> frame = pd.DataFrame({"question": "How?", "value": ["good", "good", "bad"]})
    >>> print(alt_text(plots.labels(frame, ax=Figure().add_subplot(), title=None)))
    Bar chart of labels. “good” is the most common answer: 67 % of 3. How? Horizontal axis: answers, with their share. \
good: 2 · 67 %; bad: 1 · 33 %.
    """
    return " ".join(map(_described, _fits(ax)))


def svg(ax: Axes | Figure) -> str:
    """The figure of a plot as SVG, with text that can be searched, selected, edited and read aloud.

    The alternative text is its title. Settings of matplotlib stay as they are; for a figure of your own, the same is
    ``with matplotlib.rc_context({"svg.fonttype": "none"}): figure.savefig("plot.svg")``.

    Parameters
    ----------
    ax : Axes or Figure
        As returned by a function of `prolific_nb.plots`, or the figure with one or several of these.

    Returns
    -------
    str
        The document; the same figure gives the same document.

    Raises
    ------
    ValueError
        No such plot is there.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> from prolific_nb import plots
    >>> document = svg(plots.labels(pd.DataFrame({"value": ["good", "bad"]}), ax=Figure().add_subplot()))
    >>> ">good</text>" in document
    True
    """
    words = alt_text(ax)
    with drawing:
        return _as_svg(ax.figure, words).decode()


def image(
    draw: Callable[[Axes], Any],
    width: float = 6.0,
    *,
    format: Literal["png", "svg"] = "png",
    dpi: float = 160,
    background: str = "white",
) -> bytes:
    r"""Draw one plot for a place of a given width, as high as its rows need, without pyplot.

    Parameters
    ----------
    draw : callable
        Called with Axes; for example ``lambda ax: plots.labels(answers, ax=ax)``.
    width : float
        In inches, from 1 to 20.
    format : {"png", "svg"}
        SVG has text as text, and its alternative text as title; in PNG it is the description.
    dpi : float
        Pixels per inch of a PNG.
    background : color
        Behind the plot; its colours follow it, light or dark.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    ValueError
        An argument is not one of these.

    Examples
    --------
    >>> import pandas as pd
    >>> from prolific_nb import plots
    >>> frame = pd.DataFrame({"value": ["good", "good", "bad"]})
    >>> image(lambda ax: plots.labels(frame, ax=ax), 3.3)[:4]
    b'\x89PNG'
    """
    if format not in ("png", "svg"):
        raise ArgumentError(f"format={format!r} is not available. Pass 'png' or 'svg'.")
    if isinstance(width, bool) or not isinstance(width, int | float) or not 1 <= width <= 20:
        raise ArgumentError(f"width={width!r} is not a number of inches from 1 to 20.")
    from matplotlib.figure import Figure

    with drawing:
        figure = Figure(figsize=(width, max(2.0, min(2.8, 0.75 * width))), layout="constrained", facecolor=background)
        growing.add(figure)
        ax = figure.add_subplot(facecolor=background)
        draw(ax)
        words = alt_text(figure)
        return _as_svg(figure, words) if format == "svg" else _as_png(figure, words, dpi)


def _as_svg(figure: Any, words: str) -> bytes:
    from matplotlib import rc_context

    target = BytesIO()
    root = figure.figure or figure
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "prolific_nb"}):
        root.savefig(target, format="svg", metadata={"Title": words, "Date": None}, facecolor=root.get_facecolor())
    return target.getvalue()


def _as_png(figure: Any, words: str, dpi: float) -> bytes:
    target = BytesIO()
    figure.savefig(target, format="png", dpi=dpi, metadata={"Description": words})
    return target.getvalue()


def _fits(ax: Any) -> list[Fit]:
    found = [ax] if hasattr(ax, "get_axes_locator") else getattr(ax, "axes", None)
    if not isinstance(found, list):
        raise ArgumentTypeError(f"{ax!r:.80} is {a_type(ax)}. Pass the Axes that a function of plots returned.")
    fits = [locator for each in found if isinstance(locator := each.get_axes_locator(), Fit)]
    if not fits:
        raise ArgumentError("These Axes contain no plot of prolific_nb.plots. Pass the Axes that one of them returned.")
    return fits


def _described(fit: Fit) -> str:
    words = fit.words
    axes = zip(("Horizontal axis: ", "", ""), words.below, strict=False)
    below = [f"{name}{text}" for name, text in axes]
    beside = [f"Vertical axis: {words.beside}"] if words.beside else []
    shown, more = list(words.values[:_ROWS]), len(words.values) - _ROWS
    values = ["; ".join([*shown, f"{more:,} more"] if more > 0 else shown)] if shown else []
    own = [title for title in words.title if title not in words.finding]
    sentences = [words.kind, *own, *words.finding, *below, *beside, *values]
    return " ".join(text if text.endswith((".", "?", "!", "…")) else f"{text}." for text in map(str.strip, sentences))
