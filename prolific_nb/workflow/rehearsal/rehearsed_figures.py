"""The figures of a rehearsal, and which of them depend on what the simulated people are assumed to be like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isnan, nan

import pandas as pd

ARRIVAL = "when people arrive"
LEAVING = "how many return or time out"
PACE = "how fast people work"
SKILL = "how often people give the intended answer"
CONTENT = "intended answers made up from the content of the rows"
KINDS = "which kinds of people take part"

COLUMNS = ("figure", "question", "value", "low", "high", "unit", "assumption", "depends_on")
_COUNTS = {"places": "place", "people": "person", "submissions": "submission", "tasks": "task"}
_TIMES = ("hours", "minutes")
_DIGITS = 6


@dataclass(frozen=True)
class Figure:
    """One figure.

    Parameters
    ----------
    name : str
    value : float
        nan if it is not known.
    unit : str
    depends_on : tuple of str
        The assumptions it depends on; empty where it follows from the plan and the server's arithmetic.
    question : str
        What was asked; "" if it is not about one question.
    low, high : float
        Of its 95 % interval; nan where it has none.
    """

    name: str
    value: float
    unit: str
    depends_on: tuple[str, ...] = ()
    question: str = ""
    low: float = nan
    high: float = nan

    @property
    def key(self) -> tuple[str, str]:
        """What it is about."""
        return self.name, self.question


@dataclass(frozen=True)
class Outcome:
    """What one carried out study showed.

    Parameters
    ----------
    figures : tuple of Figure
    currency : str
    caught : DataFrame
        As `Rehearsal.caught`.
    events : tuple of str
        What happened to the study, in sentences.
    """

    figures: tuple[Figure, ...]
    currency: str
    caught: pd.DataFrame
    events: tuple[str, ...] = ()

    @cached_property
    def known(self) -> dict[tuple[str, str], Figure]:
        """The figures by name and question."""
        return {each.key: each for each in self.figures}

    def get(self, name: str, question: str = "") -> Figure:
        """The figure of this name."""
        return self.known[name, question]

    def value(self, name: str, question: str = "") -> float:
        """The value of the figure of this name."""
        return self.get(name, question).value

    def named(self, name: str) -> list[Figure]:
        """All figures of this name, one for each question."""
        return [each for each in self.figures if each.name == name]


def table_of(figures: Sequence[Figure], **others: Outcome | None) -> pd.DataFrame:
    """One row per figure, with a column for its value in each of the other outcomes; see `Rehearsal.figures`."""
    rows = [
        (
            each.name,
            each.question,
            *map(rounded_off, (each.value, each.low, each.high)),
            each.unit,
            bool(each.depends_on),
            ", ".join(each.depends_on),
        )
        for each in figures
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"value": float, "low": float, "high": float})
    for column, outcome in others.items():
        known = {} if outcome is None else outcome.known
        values = [rounded_off(known[each.key].value) if each.key in known else nan for each in figures]
        table[column] = pd.Series(values, dtype=float)
    return table


def rounded_off(value: float) -> float:
    """Without the last bits, which may differ between versions of numpy."""
    return round(float(value), _DIGITS)


def marked(frame: pd.DataFrame, words: str) -> pd.DataFrame:
    """The frame, with a sentence that goes with everything from simulated people in ``attrs["rehearsal"]``."""
    frame.attrs["rehearsal"] = words
    return frame


def column_of(figure: Figure) -> str:
    """Its name in a table with a column for each figure."""
    return f"{figure.name}: {figure.question}" if figure.question else figure.name


def title(figure: Figure) -> str:
    """Its name in a sentence."""
    return f"{figure.name} on “{figure.question}”" if figure.question else figure.name


def in_words(figure: Figure) -> str:
    """The value with its unit, as sentences show it.

    Examples
    --------
    >>> in_words(Figure("cost", 81.73, "GBP")), in_words(Figure("right", 0.9417, "share"))
    ('81.73 GBP', '94 %')
    >>> in_words(Figure("time", 1.26, "hours")), in_words(Figure("time", nan, "hours"))
    ('1.3 hours', 'unknown')
    """
    if isnan(figure.value):
        return "unknown"
    if figure.unit in _COUNTS and figure.value == 1:
        return f"1 {_COUNTS[figure.unit]}"
    return f"{digits(figure.value, figure.unit)} {'%' if figure.unit == 'share' else figure.unit}"


def digits(value: float, unit: str) -> str:
    """A value with as many digits as are worth reading for its unit.

    Examples
    --------
    >>> digits(1234.0, "places"), digits(0.5, "places"), digits(0.123, "share"), digits(0.123, "GBP")
    ('1,234', '0.5', '12', '0.12')
    """
    if unit == "share":
        return f"{100 * value:.0f}"
    if unit in _COUNTS or unit in _TIMES:
        return f"{value:,.{0 if unit in _COUNTS and float(value).is_integer() else 1}f}"
    return f"{value:,.2f}"
