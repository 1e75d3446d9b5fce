"""How the numbers given to one question are distributed, or the lengths of its texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from ..design import Codebook
from ..errors import ArgumentError
from .layout.fit import Part
from .layout.pen import Pen
from .layout.ticks import numbers
from .style import Canvas, Look, apply_grid, require_columns

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

Floats = npt.NDArray[np.float64]
_KINDS = {"number": "Histogram of numbers", "text": "Histogram of the length of texts"}
_MOST = 20  # bars


def histogram(
    frame: pd.DataFrame,
    *,
    question: str | None = None,
    ax: Axes | None = None,
    note: str | None = None,
    title: str | Literal[True] | None = True,
    palette: ColorType | Sequence[ColorType] | None = None,
) -> Axes:
    """Draw the distribution of the numbers given to one question, or of the number of words of its texts.

    Parameters
    ----------
    frame : DataFrame
        As `run.responses()` returns it: ``number`` for numbers (of several units, the one used most is drawn),
        ``value`` for texts, and ``question`` if it contains several questions.
    question : str, optional
        The question to draw; required if the frame contains several.
    ax, note, title, palette
        As for `prolific_nb.plots.labels`.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        A column is missing, the question is ambiguous or unknown, or its answers are labels.

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> frame = pd.DataFrame({"question": "Why?", "value": ["Too loud", "Cheap and good"]})
    >>> print(histogram(frame, ax=Figure().add_subplot()).get_title(loc="left"))
    Half of the 2 texts have 2.5 words or fewer
    Why?
    """
    require_columns(frame, ("value",), "run.responses()")
    name, kind = _asked(frame, question)
    part = frame[frame["question"] == name] if "question" in frame.columns else frame
    texts = part["value"].dropna().astype(str)
    canvas = Canvas.on(ax, Look(title, note, palette))
    lengths = texts.map(lambda text: len(text.split())).to_numpy(float)
    values, unit = _numbers(part) if kind == "number" else (lengths, "")
    if not len(values):
        return canvas.empty("There are no answers yet." if not len(texts) else "No answer is a number.")
    pen = canvas.pen([name])
    parts = _bars(canvas, values, pen, whole=kind != "number")
    what = "words per answer" if kind == "text" else f"answer, {unit}" if unit else "answer"
    left = len(texts) - len(values)
    rest = f"; {left:,} in other units, or not numbers, left out" if left else ""
    return canvas.finish(_KINDS[kind], _finding(values, kind), f"{what}{rest}", parts, pen, about=name, y="answers")


def _asked(frame: pd.DataFrame, question: str | None) -> tuple[str, str]:
    """The question and the kind of its answers."""
    book = {each.question: each.kind for each in Codebook.from_records(frame.attrs.get("questions", ()))}
    present = list(frame["question"].dropna().unique()) if "question" in frame.columns else []
    known = list(dict.fromkeys([*present, *book]))
    name = known[0] if question is None and len(known) == 1 else question
    if name is None and known:
        raise ArgumentError(
            f"The frame contains {len(known)} questions: {'; '.join(map(repr, known))}. Pass question=…"
        )
    if name is not None and name not in known:
        raise ArgumentError(f"There is no question {name!r}. Choose from {'; '.join(map(repr, known))}.")
    kind = book.get(name or "", "number" if "number" in frame and frame["number"].notna().any() else "text")
    if kind not in ("number", "text"):
        raise ArgumentError(f"{name!r} has labels, not numbers or texts: pnb.plots.labels draws them.")
    return name or "", kind


def _numbers(part: pd.DataFrame) -> tuple[Floats, str]:
    """The numbers in the unit that is used most, and this unit; numbers in several units have no common axis."""
    given = part[part["number"].notna()]
    units = given["number_unit"].dropna() if "number_unit" in part.columns else given["number"][:0]
    if units.empty:
        return given["number"].to_numpy(float), ""
    unit = units.value_counts().index[0]
    return given["number"][(given["number_unit"] == unit).fillna(False)].to_numpy(float), str(unit)


def _bars(canvas: Canvas, values: Floats, pen: Pen, *, whole: bool) -> list[Part]:
    """A bar for each range of equal width; of whole numbers, each range has as many."""
    ax, colours = canvas.ax, canvas.colours
    low, high = float(values.min()), float(values.max())
    if whole:
        step = np.ceil((high - low + 1) / _MOST)
        edges = np.arange(low - 0.5, high + step, step)
    else:
        few = min(_MOST, max(5, int(np.sqrt(len(values)))), len(np.unique(values)))
        edges = np.histogram_bin_edges(values, bins=few)
    often, _, _ = ax.hist(values, bins=edges.tolist(), color=colours.series[0], edgecolor=colours.paper,
                          linewidth=0.5, zorder=2)  # fmt: skip
    ax.set_ylim(0, 1.08 * float(np.max(often)))
    apply_grid(ax, colours, "y")
    return [numbers(ax, pen), numbers(ax, pen, "y", whole=True)]


def _finding(values: Floats, kind: str) -> str:
    middle = f"{np.median(values):,.4g}"
    if kind == "text":
        return f"Half of the {len(values):,} texts have {middle} {'word' if middle == '1' else 'words'} or fewer"
    low, high = (f"{each:,.4g}" for each in (values.min(), values.max()))
    return f"The median of {len(values):,} answers is {middle}; they range from {low} to {high}"
