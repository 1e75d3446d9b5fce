"""Frequencies of the labels of one question: a bar for each, including unused options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..common.arguments import require_column
from ..common.blank_text import is_blank
from ..common.plurals import counted as plural
from ..design import Codebook, text_of
from ..errors import ArgumentError
from .style import Canvas, Palette, name_of, require_columns, room, shorten_names, size_of_names, wrap_text

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_MOST = 30  # bars that stay legible
_WIDEST = 32  # characters of a label beside its bar; longer ones are wrapped
_LEGIBLE = 6  # points: names in two lines are not made smaller
_UNLABELLED = {
    "text": "free text has no fixed labels; code the answers into categories first",
    "file": "files have no fixed labels; code them into categories first",
    "number": "numbers are not labels; draw frame['number'].plot.hist(), or group them into classes first",
}


def labels(
    frame: pd.DataFrame, *, question: str | None = None, ax: Axes | None = None, note: str | None = None
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
        Where to draw; a new figure without it, 6 × 4 inches, taller from 10 labels on.
        Colours follow its background, light or dark.
    note : str, optional
        Shown below, such as that the people were simulated.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        A column is missing, the question is ambiguous or unknown, or its answers are not labels.

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
    if frame.empty and question is None and len(frame.attrs.get("questions", ())) != 1:
        return Canvas.on(ax, note).empty("There are no answers yet.")
    counted = _count(frame, question)
    canvas = Canvas.on(ax, note, 1.3 + 0.3 * len(counted.names))
    _bars(canvas.ax, counted, canvas.colours)
    _words(canvas.ax, counted, note, canvas.colours)
    return canvas.ax


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
    few = _few(counts)
    others = len(counts) - len(few), sum(counts.values()) - sum(few.values())
    return _Counted(name, few, int(answers), kind == "many", others, int(blank.sum()))


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


def _few(counts: dict[str, int]) -> dict[str, int]:
    """Labels in their order, without the rarest of more than 30."""
    if len(counts) <= _MOST:
        return counts
    kept = set(sorted(counts, key=lambda name: -counts[name])[: _MOST - 1])
    return {name: number for name, number in counts.items() if name in kept}


def _bars(ax: Axes, counted: _Counted, colours: Palette) -> None:
    """Bars with their counts and shares at the end, the first label on top."""
    names, numbers = counted.names, counted.numbers
    bars = ax.barh(range(len(names)), numbers, height=0.68, color=colours.series[0], zorder=2)
    if counted.others[0]:  # not a label: it must not look like the most common one
        bars[-1].set(color=colours.grid, hatch="///", edgecolor=colours.faint)
    shown = _beside(ax, names)
    size = size_of_names(ax, sum(name.count("\n") + 1 for name in shown), 9 if len(names) <= 12 else 7.5)
    for place, number in enumerate(numbers):
        words = f" {number:,} · {counted.share(number)}"
        ax.text(number, place, words, va="center", color=colours.ink, fontsize=size, zorder=3)
    ax.set_xlim(0, max([*numbers, 1]) * 1.22)  # room for the text beside the longest bar
    ax.set_ylim(max(len(names), 1) - 0.4, -0.6)
    ax.set_yticks(range(len(names)), shown)
    ax.tick_params(axis="both", colors=colours.ink, length=0, labelsize=size)
    ax.xaxis.set_major_locator(_whole())
    ax.grid(axis="x", color=colours.grid, linewidth=0.7)
    ax.set_axisbelow(True)
    for side, spine in ax.spines.items():
        spine.set_visible(side == "left")
        spine.set_color(colours.faint)


def _beside(ax: Axes, names: list[str]) -> list[str]:
    """Names in two lines if there is room for them and they stay distinct, else in one."""
    wide = room(ax, _WIDEST)
    lines = [wrap_text(name, wide, 2) for name in names]
    small = size_of_names(ax, sum(name.count("\n") + 1 for name in lines), _LEGIBLE) < _LEGIBLE
    return shorten_names(names, wide) if small or len(set(lines)) < len(set(names)) else lines


def _whole() -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=6, integer=True)


def _words(ax: Axes, counted: _Counted, note: str | None, colours: Palette) -> None:
    ink = colours.ink
    # Title and note are aligned with the bars: the longer the labels, the less room there is.
    taken = max((len(line) for name in _beside(ax, counted.names) for line in name.split("\n")), default=0)
    free = max(16, room(ax, 70) - taken)
    title = [wrap_text(_finding(counted), free, 3 if room(ax, 70) == 70 else 5), wrap_text(counted.question, free, 2)]
    ax.set_title("\n".join(filter(None, title)), loc="left", color=ink, fontsize=10, pad=8)
    axis = "answers that picked it, with the share of all answers" if counted.several else "answers, with their share"
    if counted.blank:
        axis += f"; {plural(counted.blank, 'blank label')} left out"
    below = "\n".join(wrap_text(words, max(20, room(ax, 84) - taken), 3) for words in (axis, note) if words)
    ax.set_xlabel(below, loc="left", color=ink, fontsize=8.5)


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
