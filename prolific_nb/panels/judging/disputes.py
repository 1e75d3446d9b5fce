"""Disputes: the rows on which people disagree, each with what every person answered, the worst first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isnan
from statistics import stdev
from typing import Any

import pandas as pd

from ...design.codebook import Codebook, Question, text_of
from ...responses import COLUMNS

COMPARED = ("single", "scale", "many", "number")
"""Kinds of questions whose answers can differ without every answer being another one."""
_MOST_CELLS = 50  # different cells of a column by which rows can be chosen


@dataclass(frozen=True)
class Given:
    """What one person answered about one row.

    Parameters
    ----------
    participant : str
    values : tuple of str
        The options picked, or the one label, text or number.
    unit : str
        The unit of a number, or an empty string.
    seconds : float or None
        Time on the row; None if it is unknown.
    words : tuple of (str, str)
        Explanations: the question, empty for the explanation of this answer itself, and the text.
    """

    participant: str
    values: tuple[str, ...]
    unit: str = ""
    seconds: float | None = None
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Dispute:
    """One question about one row, to which people gave different answers.

    Parameters
    ----------
    row : str
        The key of the row.
    asked : Question
    answers : tuple of Given
        In the order in which they were given.

    Examples
    --------
    >>> asked = Question("How?", "single", "multiple_choice", ("good", "bad"), ("Good", "Bad"))
    >>> dispute = Dispute("r1", asked, (Given("a", ("bad",)), Given("b", ("good",))))
    >>> dispute.agreement, dispute.tied, dispute.labels
    (0.0, True, ('Good', 'Bad'))
    """

    row: str
    asked: Question
    answers: tuple[Given, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Row and question."""
        return self.row, self.asked.question

    @property
    def id(self) -> str:
        """The key as one string."""
        return "\n".join(self.key)

    @cached_property
    def distinct(self) -> tuple[tuple[str, ...], ...]:
        """The different answers: options in the order of the question, others in the order in which they were given."""
        found = dict.fromkeys(each.values for each in self.answers)
        offered = {text_of(value): place for place, value in enumerate(self.asked.options)}
        last = len(offered)
        return tuple(sorted(found, key=lambda values: [offered.get(each, last) for each in values]))

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The different answers as they are shown."""
        return tuple(shown(self.asked, values) for values in self.distinct)

    @cached_property
    def agreement(self) -> float:
        """The share of pairs of people who gave the same answer."""
        n, times = len(self.answers), Counter(each.values for each in self.answers).values()
        return sum(k * (k - 1) for k in times) / (n * (n - 1))

    @cached_property
    def tied(self) -> bool:
        """Whether no answer was given more often than each of the others."""
        times = sorted(Counter(each.values for each in self.answers).values(), reverse=True)
        return len(times) > 1 and times[0] == times[1]

    @cached_property
    def spread(self) -> float:
        """Standard deviation of the numbers, or of the places on the scale; nan for other questions.

        Rounded, so that rows that are equally far apart are tied.
        """
        places = [self._place(value) for each in self.answers for value in each.values]
        known = [each for each in places if not isnan(each)]
        return round(stdev(known), 9) if len(known) > 1 else float("nan")

    def _place(self, value: str) -> float:
        if self.asked.kind == "scale":
            return next((float(n) for n, each in enumerate(self.asked.options) if text_of(each) == value), float("nan"))
        try:
            return float(value) if self.asked.kind == "number" else float("nan")
        except ValueError:
            return float("nan")


@dataclass(frozen=True, eq=False)
class Disputes:
    """All disputes of a table of answers.

    Parameters
    ----------
    questions : tuple of Question
        Those that have any answers.
    all : tuple of Dispute
        In the order of the answers.
    cells : mapping of str to mapping of str to str
        By the key of a row, its cells by column, as far as the answers have them.
    without_row : int
        Answers whose row is unknown; they belong to no dispute.
    """

    questions: tuple[Question, ...] = ()
    all: tuple[Dispute, ...] = ()
    cells: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    without_row: int = 0

    def about(self, question: str) -> list[Dispute]:
        """The disputes about a question, or about all that can be compared, the worst first; ties keep their order.

        Scales and numbers are sorted by the spread of the answers, other questions by the share of pairs that agree.
        Of several questions, those with numbers come last. That is the order of `run.disagreements()`.
        """
        if question:
            found = [each for each in self.all if each.asked.question == question]
            spread = bool(found) and found[0].asked.kind in ("scale", "number")
            return sorted(found, key=lambda each: -_known(each.spread) if spread else each.agreement)
        compared = [each.question for each in self.questions if each.kind in COMPARED]
        found = [each for asked in compared for each in self.about(asked)]
        return sorted(found, key=lambda each: 1 if each.asked.kind == "number" else each.agreement)

    @cached_property
    def columns(self) -> dict[str, list[str]]:
        """Columns by which rows can be chosen, each with its cells: those that have few different ones."""
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for row in {each.row for each in self.all}:
            for name, cell in self.cells.get(row, {}).items():
                found[name][cell] += 1
        few = {name: cells for name, cells in found.items() if 1 < len(cells) <= _MOST_CELLS}
        return {name: sorted(cells) for name, cells in few.items() if max(cells.values()) > 1}


def _known(spread: float) -> float:
    return 0.0 if isnan(spread) else spread


def shown(asked: Question, values: Sequence[str]) -> str:
    """An answer as it is shown: the labels of options instead of their values.

    Examples
    --------
    >>> asked = Question("What?", "many", "multiple_choice", ("p", "q"), ("Price", "Quality"))
    >>> shown(asked, ("q", "p")), shown(asked, ())
    ('Quality + Price', 'nothing')
    """
    words = {text_of(value): label for value, label in zip(asked.options, asked.labels, strict=True)}
    return " + ".join(words.get(each, each) for each in values) or "nothing"


def disputes_of(frame: pd.DataFrame, codebook: Codebook) -> Disputes:
    """The disputes of a table of answers, as `run.responses()` returns it."""
    known = frame[frame["row"].notna()]
    asked = {each.question: each for each in codebook if each.kind != "file"}
    known = known[known["question"].isin(list(asked))]
    words = _texts(known, asked)
    found = []
    for (row, question), answers in _answers(known).items():
        if len({each.values for each in answers}) > 1:
            beside = (_with_words(each, words.get((row, each.participant), ()), question) for each in answers)
            found.append(Dispute(row, asked[question], tuple(beside)))
    given = set(known["question"].unique())
    questions = tuple(each for name, each in asked.items() if name in given)
    return Disputes(questions, tuple(found), _cells(known), int(frame["row"].isna().sum()))


def _lists(frame: pd.DataFrame, *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(frame[name].astype(object).where(frame[name].notna(), None).tolist() for name in names), strict=True)


def _answers(frame: pd.DataFrame) -> dict[tuple[str, str], list[Given]]:
    """By row and question, one answer for each response."""
    columns = ("row", "question", "response_id", "participant_id", "value", "number_unit", "seconds", "explanation")
    parts: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for line in _lists(frame, *columns):
        parts[line[2]].append(line)
    found: dict[tuple[str, str], list[Given]] = defaultdict(list)
    for lines in parts.values():
        row, question, _, participant, _, unit, seconds, _ = lines[0]
        values = tuple(str(line[4]) for line in lines if line[4] is not None)
        words = tuple(("", str(line[7])) for line in lines if line[7])
        found[row, question].append(Given(participant, values, unit or "", seconds, words))
    return found


def _texts(frame: pd.DataFrame, asked: Mapping[str, Question]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """By row and person, the answers in free text with their questions."""
    names = [name for name, each in asked.items() if each.kind == "text"]
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    part = frame[frame["question"].isin(names)]
    for row, participant, question, value in _lists(part, "row", "participant_id", "question", "value"):
        if value:
            found[row, participant].append((question, str(value)))
    return found


def _with_words(given: Given, texts: Sequence[tuple[str, str]], question: str) -> Given:
    others = tuple(each for each in texts if each[0] != question)
    return Given(given.participant, given.values, given.unit, given.seconds, (*given.words, *others))


def _cells(frame: pd.DataFrame) -> dict[str, dict[str, str]]:
    """The columns of the uploaded rows, by row."""
    own = [name for name in dict.fromkeys(frame.columns) if name not in (*COLUMNS, "study_id", "expected", "weight")]
    first = frame.drop_duplicates("row")
    texts = [["" if pd.isna(cell) else str(cell) for cell in first[name]] for name in own]
    rows = zip(*texts, strict=True) if own else [()] * len(first)
    return {str(row): dict(zip(own, cells, strict=True)) for row, cells in zip(first["row"], rows, strict=True)}
