"""Frequencies of the labels of one question: a bar for each, including unused options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from ..common.arguments import require_column
from ..common.blank_text import is_blank
from ..common.plurals import counted as plural
from ..design import Codebook, text_of
from ..errors import ArgumentError
from .layout.fit import Part
from .layout.names import name_of
from .layout.pen import Pen
from .layout.rows import Ends, RowNames, rows_that_fit
from .layout.ticks import numbers
from .style import Canvas, Look, apply_grid, require_columns

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.typing import ColorType

_MOST = 30  # bars that stay legible
_PITCH = 6.2  # points from bar to bar, at least
_UNLABELLED = {
    "text": "free text has no fixed labels; code the answers into categories first",
    "file": "files have no fixed labels; code them into categories first",
    "number": "numbers are not labels; draw frame['number'].plot.hist(), or group them into classes first",
}


def labels(
    frame: pd.DataFrame,
    *,
    question: str | None = None,
    ax: Axes | None = None,
    note: str | None = None,
    title: str | Literal[True] | None = True,
    palette: ColorType | Sequence[ColorType] | None = None,
) -> Axes:
    """Draw how often each label was given to one question.

    Shares are of all answers to the question. If several options may be picked, they add up to more than 100 %.

    Parameters
    ----------
    frame : DataFrame
        One row per pick, as `run.responses()` returns it: ``value``, and ``question`` if it contains several questions.
        With a codebook in ``attrs["questions"]`` the options are in their order, unused ones with 0.
    question : str, optional
        The question to draw; required if the frame contains several.
    ax : Axes, optional
        Where to draw; a new figure without it, 6 × 4 inches, taller if the data need it. Text is wrapped, made smaller
        and shortened until it fits the Axes. Colours follow the background, light or dark.
    note : str, optional
        Shown below, such as that the people were simulated.
    title : str, optional
        Shown above; by default, the finding. None leaves it out, as for a paper.
    palette : color or sequence of color, optional
        For the data, instead of colours that are safe for colour-blind readers.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        A column is missing, the question is ambiguous or unknown, its answers are not labels, or a colour has too
        little contrast with the background (less than 3:1).

    Examples
    --------
    >>> import pandas as pd
    >>> from matplotlib.figure import Figure
    >>> frame = pd.DataFrame({"question": "How?", "value": ["good", "good", "bad"]})
    >>> print(labels(frame, ax=Figure().add_subplot()).get_title(loc="left"))
    “good” is the most common answer: 67 % of 3
    How?
    """
    require_columns(frame, ("value",), "run.responses()")
    if "question" in frame.columns:
        require_columns(frame, ("question",), "run.responses()")
    require_column("question", question)
    look = Look(title, note, palette)
    if frame.empty and question is None and len(frame.attrs.get("questions", ())) != 1:
        return Canvas.on(ax, look).empty("There are no answers yet.")
    counted = _count(frame, question)
    canvas = Canvas.on(ax, look, 1.3 + 0.3 * min(_MOST, len(counted.counts)))
    shown = counted.at_most(rows_that_fit(canvas.ax, _PITCH, _MOST))
    names, texts = shown.names, [f"{number:,} · {shown.share(number)}" for number in shown.numbers]
    pen = canvas.pen([*names, counted.question])
    axis = "answers that picked it, with the share of all answers" if shown.several else "answers, with their share"
    if shown.blank:
        axis += f"; {plural(shown.blank, 'blank label')} left out"
    values = [f"{name}: {text}" for name, text in zip(names, texts, strict=True)]
    return canvas.finish("Bar chart of labels", _finding(counted), axis, _bars(canvas, shown, texts, pen), pen,
                         about=counted.question, values=values)  # fmt: skip


@dataclass(frozen=True)
class _Counted:
    """Number of picks by label, in the order in which they are drawn."""

    question: str
    counts: dict[str, int]
    answers: int
    several: bool
    others: tuple[int, int] = (0, 0)
    """Number of labels that are too rare to be drawn one by one, and of their picks."""
    blank: int = 0
    """Rows left out because the label is blank text."""

    @property
    def names(self) -> list[str]:
        """What stands beside the bars, from the top."""
        return [*self.counts, *([f"{self.others[0]} others together"] if self.others[0] else [])]

    @property
    def numbers(self) -> list[int]:
        """The lengths of the bars."""
        return [*self.counts.values(), *([self.others[1]] if self.others[0] else [])]

    def at_most(self, rows: int) -> _Counted:
        """The same with at most so many bars: the rarest labels are counted together."""
        if len(self.counts) <= rows:
            return self
        kept = set(sorted(self.counts, key=lambda name: -self.counts[name])[: rows - 1])
        few = {name: number for name, number in self.counts.items() if name in kept}
        others = len(self.counts) - len(few), sum(self.counts.values()) - sum(few.values())
        return replace(self, counts=few, others=others)

    def share(self, number: int) -> str:
        return f"{100 * number / self.answers:.0f} %" if self.answers else "0 %"


def _count(frame: pd.DataFrame, question: str | None) -> _Counted:
    name, asked = _which(frame, question)
    kind = asked.get("kind", "single")
    if kind in _UNLABELLED:
        raise ArgumentError(f"{name!r} cannot be drawn as labels: {_UNLABELLED[kind]}.")
    part = frame[frame["question"] == name] if "question" in frame.columns else frame
    blank = part["value"].astype(object).map(is_blank).to_numpy(dtype=bool)
    given = part[part["value"].notna().to_numpy(dtype=bool) & ~blank]
    # An answer with several picks is several rows.
    answers = given["response_id"].nunique() if "response_id" in given.columns else len(given)
    found: dict[Any, int] = given["value"].astype(object).map(_text).value_counts().to_dict()
    offered = list(zip(map(text_of, asked.get("options", ())), asked.get("labels", ()), strict=False))
    counts = {_shown(value, label): found.pop(value, 0) for value, label in offered}
    note = " (not offered)" if offered else ""
    counts |= {f"{value}{note}": number for value, number in found.items()}
    return _Counted(name, counts, int(answers), kind == "many", blank=int(blank.sum()))


def _which(frame: pd.DataFrame, question: str | None) -> tuple[str, Mapping[str, Any]]:
    """The question, and its record in the codebook."""
    records = Codebook.from_records(frame.attrs.get("questions", ())).to_records()
    book = {record["question"]: record for record in records}
    present = list(frame["question"].dropna().unique()) if "question" in frame.columns else []
    known = present if present or question in book else list(book)
    name = question if question is not None else (known[0] if len(known) == 1 else None)
    if name is None and known:
        raise ArgumentError(
            f"The frame contains {len(known)} questions: {'; '.join(map(repr, known))}. Pass question=…"
        )
    if name is not None and name not in book and name not in present:
        raise ArgumentError(f"There is no question {name!r}. Choose from {'; '.join(map(repr, [*present, *book]))}.")
    return name or "", book.get(name or "", {})


def _text(value: Any) -> str:
    """The codebook's string for a value, so that the number 1 of a frame matches the option 1."""
    plain_value = value.item() if hasattr(value, "item") else value
    return text_of(plain_value) if isinstance(plain_value, str | int | float) else str(plain_value)


def _shown(value: str, label: str) -> str:
    return value if label == value else f"{label} ({value})"


def _bars(canvas: Canvas, shown: _Counted, texts: list[str], pen: Pen) -> list[Part]:
    """Bars with their counts and shares at the end, the first label on top."""
    ax, colours = canvas.ax, canvas.colours
    places = range(len(shown.names))
    bars = ax.barh(places, shown.numbers, height=0.68, color=colours.series[0], zorder=2)
    if shown.others[0]:  # not a label: it must not look like the most common one
        bars[-1].set(color=colours.grid, hatch="///", edgecolor=colours.faint)
    ax.set_ylim(max(len(places), 1) - 0.4, -0.6)
    apply_grid(ax, colours, "x", keep=("left",))
    variants = [texts, [shown.share(number) for number in shown.numbers]]
    return [
        RowNames(ax, pen, places, shown.names),
        Ends(ax, pen, places, shown.numbers, variants, colours.ink),
        numbers(ax, pen, whole=True),
    ]


def _finding(counted: _Counted) -> str:
    """Which label leads, and how far."""
    if not counted.answers:
        return "There are no answers yet"
    most = max(counted.counts.values())
    leading = [name for name, number in counted.counts.items() if number == most]
    share = f"{counted.share(most)} of {counted.answers:,}"
    if len(leading) > 2:
        return f"{len(leading)} labels are equally common: {share} each"
    names = [name_of(name, 36, among=counted.counts) for name in leading]
    if len(names) == 2:
        return f"{names[0]} and {names[1]} are equally common: {share} each"
    return f"{names[0]} {'was picked most' if counted.several else 'is the most common answer'}: {share}"
